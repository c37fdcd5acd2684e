"""Our fake against implementations that are not ours: the official crypto and AI-bot packages for Node."""

from __future__ import annotations

import asyncio
import base64
import os
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from .wecom import HANGING, Seal, WeComService, World
from .wecom.official import NotThere, Sdk, buffer, crypto, frame, installed
from .wecom.world import made_up_key

pytestmark = pytest.mark.slow

GROUP = "wrReporters"
TEXTS = ["", "a", "报送", "关于防汛的情况" * 300, "<xml>]]></xml>", '{"msgtype":"text"}', "😀\n\t"]
TEXTS += ["x" * length for length in range(1, 34)]


@pytest.fixture(scope="module")
def packages() -> Path:
    try:
        return installed()
    except NotThere as reason:
        if os.environ.get("CI"):
            raise
        pytest.skip(str(reason))


@pytest.fixture
async def service() -> AsyncIterator[WeComService]:
    async with WeComService(World.small()) as service:
        yield service


@pytest.fixture
async def sdk(service: WeComService, packages: Path) -> AsyncIterator[Sdk]:
    bot = service.world.bot
    async with Sdk.running(packages, service.ws_url, bot.bot_id, bot.secret, heartbeat_ms=100) as sdk:
        await sdk.until("authenticated")
        yield sdk


def card(task_id: str, text: str) -> dict[str, Any]:
    buttons = [{"text": text, "style": 1, "key": text}]
    title = {"title": "待审"}
    return {
        "card_type": "button_interaction",
        "main_title": title,
        "button_list": buttons,
        "task_id": task_id,
    }


@pytest.mark.parametrize("receiver", ["ww5d1f3a9c7e2b4860", ""])
async def test_the_official_crypto_opens_what_we_seal(packages: Path, receiver: str) -> None:
    seal = Seal("token", made_up_key("official"), receiver)
    key = seal.encoding_aes_key
    tasks = [{"do": "decrypt", "key": key, "sealed": seal.close(text)} for text in TEXTS]
    assert await crypto(packages, tasks) == [{"message": text, "id": receiver} for text in TEXTS]


@pytest.mark.parametrize("receiver", ["ww5d1f3a9c7e2b4860", ""])
async def test_we_open_what_the_official_crypto_seals(packages: Path, receiver: str) -> None:
    seal = Seal("token", made_up_key("official"), receiver)
    key = seal.encoding_aes_key
    sealed = await crypto(packages, [{"do": "encrypt", "key": key, "message": text, "id": receiver} for text in TEXTS])
    assert [seal.open(one).decode() for one in sealed] == TEXTS
    signing = {"do": "sign", "token": "token", "timestamp": "1795412406", "nonce": "n"}
    signatures = await crypto(packages, [signing | {"sealed": one} for one in sealed])
    assert signatures == [seal.sign("1795412406", "n", one) for one in sealed]


async def test_the_official_sdk_answers_in_a_group_with_a_stream(service: WeComService, sdk: Sdk) -> None:
    spoken = await service.say("zhangsan", "报送 关于防汛的情况", GROUP)
    heard = await sdk.until("message")
    assert heard["frame"]["body"]["text"]["content"] == "@信息报送 报送 关于防汛的情况"
    first = await sdk.call("replyStream", frame(0), "stream_1", "正在登记", False)
    last = await sdk.call("replyStream", frame(0), "stream_1", "**已收到**", True)
    assert (first["result"]["errcode"], last["result"]["errcode"]) == (0, 0)
    assert (await service.answer_to(spoken)).text == "**已收到**"
    assert service.violations == []


async def test_the_official_sdk_fetches_and_opens_a_quoted_file(service: WeComService, sdk: Sdk) -> None:
    posted = await service.send_file("zhangsan", "关于防汛的情况.docx", "文件内容".encode(), GROUP)
    await service.quote_file("zhangsan", posted, "报送", GROUP)
    file = (await sdk.until("message"))["frame"]["body"]["quote"]["file"]
    got = (await sdk.call("downloadFile", file["url"], file["aeskey"]))["result"]
    assert got["filename"] == "关于防汛的情况.docx"
    assert base64.b64decode(got["buffer"]).decode() == "文件内容"


async def test_the_official_sdk_welcomes_and_updates_a_card(service: WeComService, sdk: Sdk) -> None:
    await service.enter("lisi")
    await sdk.until("event")
    words = {"msgtype": "text", "text": {"content": "您好"}}
    assert "result" in await sdk.call("replyWelcome", frame(0), words)
    await service.say("lisi", "待审")
    await sdk.until("message")
    assert (await sdk.call("replyWelcome", frame(1), words))["error"] == 846605
    assert "result" in await sdk.call("replyTemplateCard", frame(1), card("t-1", "采用"))
    await service.tap_card("lisi", "采用")
    tap = (await sdk.until("event", 2))["frame"]["body"]["event"]["template_card_event"]
    assert (tap["event_key"], tap["task_id"]) == ("采用", "t-1")
    assert "result" in await sdk.call("updateTemplateCard", frame(2), card("t-1", "已采用"))
    assert list(service.card_of("lisi").buttons_for("lisi")) == ["已采用"]


async def test_the_official_sdk_uploads_in_chunks_and_pushes(service: WeComService, sdk: Sdk) -> None:
    markdown = {"msgtype": "markdown", "markdown": {"content": "通报"}}
    assert (await sdk.call("sendMessage", GROUP, markdown))["error"] == 93006
    await service.say("zhangsan", "绑定本群", GROUP)
    data = os.urandom(1_300_000)
    up = await sdk.call("uploadMedia", buffer(data), {"type": "file", "filename": "月报 11.docx"}, seconds=20)
    assert sorted(service.uploads.order) == [0, 1, 2]
    assert "result" in await sdk.call("sendMessage", GROUP, markdown)
    assert "result" in await sdk.call("sendMediaMessage", GROUP, "file", up["result"]["media_id"])
    text, file = service.heard_in(GROUP)
    assert (text.text, file.file_name, file.data) == ("通报", "月报 11.docx", data)


async def test_the_official_sdk_pings_and_comes_back_after_a_close_or_silence(service: WeComService, sdk: Sdk) -> None:
    await service.hang_up(1001)
    await sdk.until("authenticated", 2)
    service.reset()
    await sdk.until("authenticated", 3)
    async with asyncio.timeout(5):
        while not any(call.errcode == 0 for call in service.calls_of("ping")):
            await asyncio.sleep(0.02)
    service.faults.next("ping", HANGING, times=4)
    await sdk.until("authenticated", 4)


async def test_the_official_sdk_stays_away_after_a_kick(service: WeComService, sdk: Sdk) -> None:
    await service.kick()
    event = await sdk.until("event")
    assert event["frame"]["body"]["event"]["eventtype"] == "disconnected_event"
    await asyncio.sleep(0.2)
    assert not service.is_subscribed()
    assert [one["event"] for one in sdk.events].count("authenticated") == 1


async def test_the_official_sdk_gives_up_on_a_wrong_secret(service: WeComService, packages: Path) -> None:
    async with Sdk.running(packages, service.ws_url, service.world.bot.bot_id, "wrong") as sdk:
        error = await sdk.until("error")
        assert "853000" in error["detail"]
        await sdk.until("error", 2)
    assert not service.is_subscribed()
