"""A group's webhook."""

from __future__ import annotations

import base64
import hashlib

import pytest

from bot.channels.wecom import (
    ActionFailed,
    ApiNotAvailable,
    Button,
    CardError,
    Kind,
    MediaError,
    Message,
    MessageSegment,
    WebhookInfo,
    button_card,
    notice_card,
)
from bot.channels.wecom.limits import WEBHOOK, Rate
from tests.wecom.desk import HOOK, desk
from tests.wecom.fake import KEY, FakeService


async def test_people_are_really_mentioned(service: FakeService, driver: str) -> None:
    async with desk(service, HOOK, driver=driver) as it:
        await it.hook.post(Message([MessageSegment.at("zhangsan"), MessageSegment.text(" 请于今日报送")]))
    (call,) = service.of("webhook/send")
    assert call.query == {"key": KEY}
    assert call.body == {
        "msgtype": "text",
        "text": {"content": "@zhangsan 请于今日报送", "mentioned_list": ["zhangsan"]},
    }


async def test_every_kind_goes_out(service: FakeService) -> None:
    picture = b"\x89PNG picture"
    message = Message(
        [
            MessageSegment.markdown("**急**"),
            MessageSegment.markdown("| 表 |", v2=True),
            MessageSegment.image(picture),
            MessageSegment.news([{"title": "题", "url": "https://u"}]),
            MessageSegment.file(b"0123456789", name="月报.docx"),
            MessageSegment.template_card(notice_card("通报", "https://u", emphasis=("100", "件"))),
        ]
    )
    async with desk(service, HOOK) as it:
        assert await it.hook.post(message) == 6
    bodies = [call.body for call in service.of("webhook/send")]
    assert [body["msgtype"] for body in bodies] == [
        "markdown",
        "markdown_v2",
        "image",
        "news",
        "file",
        "template_card",
    ]
    assert bodies[2]["image"] == {
        "base64": base64.b64encode(picture).decode(),
        "md5": hashlib.md5(picture).hexdigest(),
    }
    (upload,) = service.of("webhook/upload_media")
    assert upload.query == {"key": KEY, "type": "file"}


async def test_what_it_cannot_do_is_refused_before_anything_is_sent(service: FakeService) -> None:
    tappable = MessageSegment.template_card(button_card("题", [Button("好", "k")], "t"))
    async with desk(service, HOOK) as it:
        with pytest.raises(CardError):
            await it.hook.post(tappable)
        with pytest.raises(ApiNotAvailable):
            await it.hook.post(Message("先") + MessageSegment.video(media_id="M"))
        with pytest.raises(MediaError):
            await it.hook.post(MessageSegment.image(b"0" * 3_000_000))
        with pytest.raises(ApiNotAvailable):
            await it.hook.call_api("message/send")
    assert not service.calls


async def test_the_twenty_first_of_a_minute_is_refused_and_the_limit_is_data(service: FakeService) -> None:
    assert (Rate(20, 60),) == WEBHOOK
    async with desk(service, HOOK) as it:
        for number in range(20):
            await it.hook.post(f"{number}")
        with pytest.raises(ActionFailed) as failed:
            await it.hook.post("21")
    assert failed.value.kind is Kind.RATE


async def test_a_webhook_comes_and_goes_while_running(service: FakeService) -> None:
    async with desk(service) as it:
        info = WebhookInfo.model_validate({"key": f"{service.base}/webhook/send?key={KEY}", "alias": "g2"})
        hook = it.adapter.attach_webhook(info)
        assert "hook-g2" in it.adapter.bots
        await hook.post("通知")
        it.adapter.attach_webhook(info)
        it.adapter.detach_webhook("g2")
        assert not it.adapter.bots
    assert len(service.calls) == 1


async def test_a_wrong_key_is_a_broken_binding(service: FakeService) -> None:
    async with desk(service, WebhookInfo.model_validate({"key": "gone", "alias": "office"})) as it:
        with pytest.raises(ActionFailed) as failed:
            await it.hook.post("通知")
    assert failed.value.kind is Kind.WEBHOOK
