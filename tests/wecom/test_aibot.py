"""An AI bot over both transports, on both drivers."""

from __future__ import annotations

import asyncio
import base64
import hashlib
from typing import Any

import pytest
from starlette.responses import Response

from bot.channels.wecom import (
    ActionFailed,
    ApiNotAvailable,
    Button,
    MediaError,
    Message,
    MessageSegment,
    NetworkError,
    RawCallback,
    State,
    Target,
    TemplateCardEvent,
    button_card,
    card_update,
    done_card,
    text_answer,
)
from tests.wecom.desk import LINE_BOT, URL_BOT, Desk, desk
from tests.wecom.fake import BOT_ID, FILE_KEY, FakeService, error, message, until

CARD = button_card("待审：防汛", [Button("采用", "adopt:42")], "item-42-r3")


async def _up(it: Desk) -> None:
    await until(lambda: BOT_ID in it.adapter.bots)


async def test_a_question_in_a_group_is_answered_with_one_frame(service: FakeService, driver: str) -> None:
    async def answer(bot: Any, event: Any) -> None:
        await bot.send(event, f"已收到：{event.get_plaintext()}")

    async with desk(service, LINE_BOT, driver=driver, then=answer) as it:
        await _up(it)
        await service.say("@信息 报送 报送 防汛", group="wrG1")
        await until(lambda: bool(service.commands("aibot_respond_msg")))
        await until(lambda: not it.adapter._tasks)
    (frame,) = service.commands("aibot_respond_msg")
    assert frame["headers"] == {"req_id": "REQ"}
    assert frame["body"]["stream"]["content"] == "已收到：报送 防汛"
    assert frame["body"]["stream"]["finish"] is True


async def test_the_second_answer_to_a_message_is_a_push(service: FakeService) -> None:
    async def answer(bot: Any, event: Any) -> None:
        await bot.send(event, "一")
        await bot.send(event, "二")

    async with desk(service, LINE_BOT, then=answer) as it:
        await _up(it)
        await service.say("报送", group="wrG1")
        await until(lambda: bool(service.commands("aibot_send_msg")))
    (push,) = service.commands("aibot_send_msg")
    assert push["body"] == {"chatid": "wrG1", "chat_type": 2, "msgtype": "markdown", "markdown": {"content": "二"}}


async def test_an_answer_that_comes_too_late_is_pushed_instead(service: FakeService) -> None:
    service.script("aibot_respond_msg", error(846608))

    async def answer(bot: Any, event: Any) -> None:
        await bot.send(event, "迟到的回答")

    async with desk(service, LINE_BOT, then=answer) as it:
        await _up(it)
        await service.say("报送")
        await until(lambda: bool(service.commands("aibot_send_msg")))
    (push,) = service.commands("aibot_send_msg")
    assert (push["body"]["chatid"], push["body"]["chat_type"]) == ("zhangsan", 1)


async def test_a_tap_keeps_and_answers_over_the_line(service: FakeService, driver: str) -> None:
    kept: list[RawCallback] = []

    async def keep(callback: RawCallback) -> dict[str, Any]:
        kept.append(callback)
        return text_answer("编号 20260001")

    async with desk(service, LINE_BOT, driver=driver, tap=keep, build_events=False) as it:
        await _up(it)
        await service.say("报送", msgid="CAIQ", req_id="R7")
        await until(lambda: bool(service.commands("aibot_respond_msg")))
    assert (kept[0].transport, kept[0].key, kept[0].req_id) == ("websocket", "m:CAIQ", "R7")
    assert not it.events


async def test_entering_and_tapping_have_their_own_kind_of_answer(service: FakeService) -> None:
    async def answer(bot: Any, event: Any) -> None:
        if isinstance(event, TemplateCardEvent):
            await bot.update_card(event, done_card(CARD, "已采用"), ["zhangsan"])
        else:
            await bot.send(event, "您好")

    tapped = {"event_key": "adopt:42", "task_id": "item-42-r3", "card_type": "button_interaction"}
    async with desk(service, LINE_BOT, then=answer) as it:
        await _up(it)
        for number, inner in enumerate(
            ({"eventtype": "enter_chat"}, {"eventtype": "template_card_event", "template_card_event": tapped})
        ):
            body = message("", msgid=f"e{number}") | {"msgtype": "event", "event": inner}
            await service.push("aibot_event_callback", body, f"R{number}")
        await until(lambda: bool(service.commands("aibot_respond_update_msg")))
        await until(lambda: bool(service.commands("aibot_respond_welcome_msg")))
    (welcome,) = service.commands("aibot_respond_welcome_msg")
    (update,) = service.commands("aibot_respond_update_msg")
    assert welcome["body"] == {"msgtype": "text", "text": {"content": "您好"}}
    assert update["body"]["userids"] == ["zhangsan"]
    assert update["body"]["template_card"]["task_id"] == "item-42-r3"
    assert update["body"]["template_card"]["button_list"] == [{"text": "已采用", "style": 4, "key": "done"}]


async def test_a_tap_on_a_card_is_answered_with_what_the_host_returns(service: FakeService) -> None:
    inner = {"eventtype": "template_card_event", "template_card_event": {"task_id": "item-42-r3"}}
    body = message("") | {"msgtype": "event", "event": inner}
    change = card_update(done_card(CARD, "已采用"), "item-42-r3")
    async with desk(service, LINE_BOT, tap=lambda _: change, build_events=False) as it:
        await _up(it)
        await service.push("aibot_event_callback", body, "R1")
        await until(lambda: bool(service.commands("aibot_respond_update_msg")))
    async with desk(service, URL_BOT, tap=lambda _: change, build_events=False) as it:
        assert await it.json(body) == change


async def test_reminders_cards_and_files_are_pushed(service: FakeService, driver: str) -> None:
    data = bytes(range(256)) * 5000
    async with desk(service, LINE_BOT, driver=driver) as it:
        await _up(it)
        await it.aibot.push(Target.chat("wrG1"), Message("# 待办") + MessageSegment.template_card(CARD))
        await it.aibot.push(Target.user("10086"), MessageSegment.file(data, name="日报 11-23.docx"))
    pushes = [frame["body"] for frame in service.commands("aibot_send_msg")]
    assert [(push["chatid"], push["chat_type"], push["msgtype"]) for push in pushes] == [
        ("wrG1", 2, "markdown"),
        ("wrG1", 2, "template_card"),
        ("10086", 1, "file"),
    ]
    assert pushes[2]["file"] == {"media_id": "WSMEDIA"}
    (begun,) = service.commands("aibot_upload_media_init")
    assert begun["body"] == {
        "type": "file",
        "filename": "日报 11-23.docx",
        "total_size": len(data),
        "total_chunks": 3,
        "md5": hashlib.md5(data).hexdigest(),
    }
    assert b"".join(service.chunks[index] for index in range(3)) == data


async def test_a_piece_whose_answer_is_lost_is_sent_again(service: FakeService) -> None:
    settings = {"wecom_ack_seconds": 0.1}
    async with desk(service, LINE_BOT, settings=settings) as it:
        await _up(it)
        service.lost.add("aibot_upload_media_chunk")
        asyncio.get_running_loop().call_later(0.15, service.lost.clear)
        assert await it.aibot.upload("file", "a.txt", b"0123456789") == "WSMEDIA"
        service.script("aibot_upload_media_chunk", *[error(301019)] * 3)
        with pytest.raises(ActionFailed):
            await it.aibot.upload("file", "a.txt", b"0123456789" * 600_000)
        with pytest.raises(MediaError):
            await it.aibot.upload("voice", "a.amr", b"0" * 3_000_000)
    assert len(service.commands("aibot_upload_media_chunk")) >= 3


async def test_a_push_nobody_may_get_says_why(service: FakeService) -> None:
    async with desk(service, LINE_BOT) as it:
        await _up(it)
        service.script("aibot_send_msg", error(93006))
        with pytest.raises(ActionFailed) as failed:
            await it.aibot.push(Target.chat("wrG9"), "提醒")
        with pytest.raises(ApiNotAvailable):
            await it.aibot.push(Target.party("2"), "提醒")
        with pytest.raises(ApiNotAvailable):
            await it.aibot.push(Target.chat("wrG9"), MessageSegment.textcard("题", "文", "https://u"))
    assert "nobody there has spoken" in failed.value.advice


async def test_the_line_comes_back_after_a_close_and_stays_away_after_a_kick(service: FakeService, driver: str) -> None:
    async with desk(service, LINE_BOT, driver=driver) as it:
        await _up(it)
        await service.sockets[0].close(1001)
        await until(lambda: len(service.commands("aibot_subscribe")) == 2 and bool(service.sockets))
        await _up(it)
        await service.push("aibot_event_callback", {"msgtype": "event", "event": {"eventtype": "disconnected_event"}})
        await service.sockets[0].close(1000)
        connection = it.aibot.connection
        assert connection is not None
        await until(lambda: connection.state is State.TAKEN_OVER)
        assert BOT_ID not in it.adapter.bots
        it.adapter.connect(BOT_ID)
        await _up(it)
    assert len(service.commands("aibot_subscribe")) == 3


async def test_a_quoted_file_is_fetched_and_opened(service: FakeService, driver: str) -> None:
    service.files["q"] = ("防汛 情况.docx", b"the contents")
    service.script("file", Response(status_code=503), Response(status_code=503))
    aeskey = base64.b64encode(FILE_KEY).decode()
    quote = {"msgtype": "file", "file": {"url": f"http://127.0.0.1:{service.port}/file/q", "aeskey": aeskey}}
    async with desk(service, LINE_BOT, driver=driver) as it:
        await _up(it)
        await service.say("@信息 报送 报送", group="wrG1", quote=quote)
        await until(lambda: bool(it.events))
        event: Any = it.events[0]
        media = await it.aibot.download(event.reply.message[0])
        assert (media.name, media.data) == ("防汛 情况.docx", b"the contents")
        service.script("file", *[Response(status_code=503)] * 3)
        with pytest.raises(NetworkError):
            await it.aibot.download(event.reply.message[0])
        service.script("file", Response("gone", status_code=404))
        with pytest.raises(MediaError, match="five minutes"):
            await it.aibot.download(event.reply.message[0])


async def test_a_plugin_answers_a_url_callback_in_its_response(service: FakeService, driver: str) -> None:
    async def answer(bot: Any, event: Any) -> None:
        await bot.send(event, "已收到")
        await bot.send(event, "还有")
        with pytest.raises(ApiNotAvailable):
            await bot.send(event, "第三")

    asked = message("报送", response_url=f"{service.base}/aibot/response?response_code=RC")
    async with desk(service, URL_BOT, driver=driver, then=answer) as it:
        reply = await it.json(asked)
        again = await it.json(asked)
        await until(lambda: not it.adapter._tasks)
    assert reply is not None
    assert reply["stream"]["content"] == "已收到"
    assert again is None
    (later,) = service.of("aibot/response")
    assert later.query == {"response_code": "RC"}
    assert later.body == {"msgtype": "markdown", "markdown": {"content": "还有"}}


async def test_a_url_callback_nobody_answers_is_answered_empty_at_once(service: FakeService) -> None:
    async with desk(service, URL_BOT, settings={"wecom_passive_seconds": 60}) as it:
        assert await asyncio.wait_for(it.json(message("闲聊")), 2) is None


async def test_a_slow_answer_by_url_goes_to_the_response_address(service: FakeService) -> None:
    asked = message("报送", response_url=f"{service.base}/aibot/response?response_code=RC")

    async def slow(bot: Any, event: Any) -> None:
        await until(lambda: not event.passive.open)
        await bot.send(event, "查好了")

    async with desk(service, URL_BOT, then=slow, settings={"wecom_passive_seconds": 0.01}) as it:
        assert await it.json(asked) is None
        await until(lambda: bool(service.of("aibot/response")))


async def test_a_stream_by_url_goes_on_when_the_service_asks(service: FakeService) -> None:
    ids: list[str] = []

    async def answer(bot: Any, event: Any) -> None:
        ids.append(await bot.stream(event, "正在查", finish=False))

    async with desk(service, URL_BOT, then=answer) as it:
        first = await it.json(message("查询"))
        poll = {"msgtype": "stream", "stream": {"id": ids[0]}}
        waiting = await it.json(poll)
        await it.aibot.stream(it.events[0], "共 3 条", finish=True, stream=ids[0])
        done = await it.json(poll)
        unknown = await it.json({"msgtype": "stream", "stream": {"id": "old"}})
        with pytest.raises(ApiNotAvailable):
            await it.aibot.stream(it.events[0], "又", finish=True, stream=ids[0])
    frames = [reply["stream"] for reply in (first, waiting, done) if reply]
    assert [(frame["content"], frame["finish"]) for frame in frames] == [
        ("正在查", False),
        ("正在查", False),
        ("共 3 条", True),
    ]
    assert {frame["id"] for frame in frames} == set(ids)
    assert unknown is None


async def test_pictures_fit_into_a_url_answer_and_files_do_not(service: FakeService) -> None:
    async def answer(bot: Any, event: Any) -> None:
        with pytest.raises(ApiNotAvailable, match="file"):
            await bot.send(event, MessageSegment.file(b"0123456789", name="a.docx"))
        await bot.send(event, MessageSegment.image(b"\x89PNG-and-more"))

    async with desk(service, URL_BOT, then=answer) as it:
        reply = await it.json(message("图"))
        with pytest.raises(ApiNotAvailable):
            await it.aibot.push(Target.user("zhangsan"), "提醒")
    assert reply is not None
    (item,) = reply["stream"]["msg_item"]
    assert item["image"]["md5"] == hashlib.md5(b"\x89PNG-and-more").hexdigest()
