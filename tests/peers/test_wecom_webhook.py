"""The group webhook: one key, one group, real mentions, twenty a minute."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import AsyncIterator
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from .wecom import Clock, WeComService, World
from .wecom.plain_bot import PlainCaller

MORNING = datetime(2026, 11, 23, 9, 41, tzinfo=ZoneInfo("Asia/Shanghai"))
PNG = b"\x89PNG\r\n\x1a\n" + b"picture"
GROUP = "wrReporters"


@pytest.fixture
async def service() -> AsyncIterator[WeComService]:
    async with WeComService(World.small(), clock=Clock(MORNING)) as service:
        yield service


@pytest.fixture
async def bot(service: WeComService) -> AsyncIterator[PlainCaller]:
    async with PlainCaller.of(service) as caller:
        yield caller


async def send(service: WeComService, bot: PlainCaller, msgtype: str, **body: Any) -> int:
    key = service.world.webhook.key
    return int((await bot.post("webhook/send", {"msgtype": msgtype, msgtype: body}, key=key))["errcode"])


def picture(data: bytes) -> dict[str, str]:
    return {"base64": base64.b64encode(data).decode(), "md5": hashlib.md5(data).hexdigest()}


async def test_a_webhook_really_mentions_by_id_by_number_and_in_markdown(
    service: WeComService, bot: PlainCaller
) -> None:
    assert await send(service, bot, "text", content="请补报", mentioned_list=["lisi", "@all"]) == 0
    assert await send(service, bot, "text", content="请补报", mentioned_mobile_list=["13800000003"]) == 0
    assert await send(service, bot, "markdown", content="<@zhangsan> 请补报") == 0
    assert await send(service, bot, "markdown_v2", content="<@zhangsan> | 单位 | 分 |") == 0
    assert [heard.mentions for heard in service.heard_in(GROUP)] == [
        ("lisi", "@all"),
        ("wangwu",),
        ("zhangsan",),
        (),
    ]
    assert all(heard.via == "webhook" for heard in service.heard_by("zhangsan"))


async def test_the_twenty_first_message_in_a_minute_is_refused(service: WeComService, bot: PlainCaller) -> None:
    codes = [await send(service, bot, "text", content=f"第{number}条") for number in range(21)]
    assert codes == [0] * 20 + [45009]
    service.clock.advance(60)
    assert await send(service, bot, "text", content="一分钟后") == 0


@pytest.mark.parametrize(
    ("msgtype", "body", "code"),
    [
        ("text", {"content": "报" * 683}, 40058),
        ("markdown", {"content": "x" * 4097}, 40058),
        ("text", {"content": ""}, 44004),
        ("image", picture(PNG) | {"md5": "0" * 32}, 301019),
        ("image", picture(b"\x89PNG\r\n\x1a\n" + bytes(2 * 2**20)), 40009),
        ("image", picture(b"no picture"), 40123),
        ("news", {"articles": [{"title": "无链接"}]}, 40058),
        ("textcard", {"title": "x"}, 40008),
        ("template_card", {"card_type": "button_interaction"}, 42031),
        ("template_card", {"card_type": "text_notice"}, 42045),
        ("file", {"media_id": "gone"}, 40007),
    ],
)
async def test_what_a_webhook_cannot_send_is_refused_with_its_code(
    service: WeComService, bot: PlainCaller, msgtype: str, body: dict[str, Any], code: int
) -> None:
    assert await send(service, bot, msgtype, **body) == code
    assert service.heard == []


async def test_a_picture_a_table_and_a_notice_are_seen(service: WeComService, bot: PlainCaller) -> None:
    assert await send(service, bot, "image", **picture(PNG)) == 0
    assert await send(service, bot, "news", articles=[{"title": "通报", "url": "https://example.org"}]) == 0
    action = {"type": 1, "url": "https://example.org"}
    notice = {"card_type": "text_notice", "main_title": {"title": "本期"}, "card_action": action}
    assert await send(service, bot, "template_card", **notice) == 0
    image, news, card = service.heard_in(GROUP)
    assert (image.data, news.text, card.text) == (PNG, "通报", "本期")


async def test_a_file_of_one_webhook_is_no_file_of_another(service: WeComService, bot: PlainCaller) -> None:
    other = service.world.add_webhook("wrOffice")
    up = await bot.upload("webhook/upload_media", "通报.xlsx", b"table!", key=other.key, type="file")
    assert await send(service, bot, "file", media_id=up["media_id"]) == 40007
    body = {"msgtype": "file", "file": {"media_id": up["media_id"]}}
    assert (await bot.post("webhook/send", body, key=other.key))["errcode"] == 0
    assert service.heard_in("wrOffice")[0].file_name == "通报.xlsx"


async def test_an_upload_is_looked_at_before_its_key(service: WeComService, bot: PlainCaller) -> None:
    assert (await bot.upload("webhook/upload_media", "x", b"", key="bad", type="file"))["errcode"] == 44001
    assert (await bot.upload("webhook/upload_media", "x", b"123456", key="bad", type="file"))["errcode"] == 93000
    assert (await bot.post("webhook/send", {"msgtype": "text"}, key="bad"))["errcode"] == 93000
