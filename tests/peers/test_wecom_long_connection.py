"""The AI bot on its long connection: who holds it, what it hears, which replies and pushes are taken."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import AsyncIterator
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import pytest

from .wecom import Clock, WeComService, World, open_media
from .wecom.plain_bot import PlainSocket

MORNING = datetime(2026, 11, 23, 9, 41, tzinfo=ZoneInfo("Asia/Shanghai"))
PNG = b"\x89PNG\r\n\x1a\n" + b"picture"
GROUP = "wrReporters"


@pytest.fixture
async def service() -> AsyncIterator[WeComService]:
    async with WeComService(World.small(), clock=Clock(MORNING)) as service:
        yield service
        assert service.violations == []


@pytest.fixture
async def bot(service: WeComService) -> AsyncIterator[PlainSocket]:
    async with PlainSocket.of(service, service.world.bot) as socket:
        yield socket


def markdown(target: str, text: str, chat_type: int = 0) -> dict[str, Any]:
    return {"chatid": target, "chat_type": chat_type, "msgtype": "markdown", "markdown": {"content": text}}


def card(task_id: str, *keys: str) -> dict[str, Any]:
    buttons = [{"text": key, "style": 1, "key": key} for key in keys]
    title = {"title": "待审"}
    return {
        "card_type": "button_interaction",
        "main_title": title,
        "button_list": buttons,
        "task_id": task_id,
    }


async def fetch(url: str) -> httpx.Response:
    async with httpx.AsyncClient(trust_env=False, verify=False) as http:
        return await http.get(url)


async def test_only_what_mentions_the_bot_reaches_it_from_a_group(service: WeComService, bot: PlainSocket) -> None:
    unheard = await service.say("zhangsan", "大家好", GROUP, at_bot=False)
    spoken = await service.say("zhangsan", "报送 关于防汛的情况", GROUP)
    body = (await bot.next())["body"]
    assert not unheard.reached
    assert body["text"] == {"content": "@信息报送 报送 关于防汛的情况"}
    assert (body["chattype"], body["chatid"], body["from"]) == ("group", GROUP, {"userid": "zhangsan"})
    assert body["msgid"] == spoken.message_id
    assert bot.callbacks.empty()


async def test_an_answer_is_seen_by_the_whole_group(service: WeComService, bot: PlainSocket) -> None:
    spoken = await service.say("zhangsan", "报送", GROUP)
    ack = await bot.stream(await bot.next(), "s1", "**已收到** 编号 20260001 <@lisi>")
    heard = await service.answer_to(spoken)
    assert (ack["errcode"], heard.text) == (0, "**已收到** 编号 20260001 <@lisi>")
    assert (heard.via, heard.chat, heard.mentions) == ("aibot", ("group", GROUP), ())
    assert service.heard_by("wangwu") == [heard]


async def test_a_stream_grows_in_its_bubble_for_six_minutes(service: WeComService, bot: PlainSocket) -> None:
    await service.say("lisi", "查询")
    asked = await bot.next()
    assert (await bot.stream(asked, "s1", "正在查", finish=False))["errcode"] == 0
    assert not service.heard[0].finished
    assert (await bot.stream(asked, "s1", "正在查：3 件", finish=False))["errcode"] == 0
    assert [heard.text for heard in service.heard] == ["正在查：3 件"]
    service.clock.advance(6 * 60 + 1)
    assert (await bot.stream(asked, "s1", "晚了"))["errcode"] == 846608


async def test_a_stream_is_at_most_20480_bytes_and_ends_once(service: WeComService, bot: PlainSocket) -> None:
    await service.say("lisi", "查询")
    asked = await bot.next()
    assert (await bot.stream(asked, "s1", "报" * 6827))["errcode"] == 40058
    assert (await bot.stream(asked, "s1", "报" * 6826))["errcode"] == 0
    assert (await bot.stream(asked, "s1", "再来"))["errcode"] == 846608


async def test_a_fourth_question_is_not_heard_while_three_answers_are_unfinished(
    service: WeComService, bot: PlainSocket
) -> None:
    for number in range(3):
        await service.say("lisi", f"第{number}问")
        asked = await bot.next()
        await bot.stream(asked, f"s{number}", "稍等", finish=False)
    assert not (await service.say("lisi", "第四问")).reached
    await bot.stream(asked, "s2", "好了")
    assert (await service.say("lisi", "第五问")).reached


async def test_each_kind_of_turn_takes_one_kind_of_reply(service: WeComService, bot: PlainSocket) -> None:
    await service.say("lisi", "你好")
    asked = await bot.next()
    words = {"msgtype": "text", "text": {"content": "您好"}}
    assert (await bot.reply(asked, words, "aibot_respond_welcome_msg"))["errcode"] == 846605
    await service.enter("lisi")
    entered = await bot.next()
    assert entered["cmd"] == "aibot_event_callback"
    assert (await bot.stream(entered, "s1", "x"))["errcode"] == 846605
    assert (await bot.reply(entered, words, "aibot_respond_welcome_msg"))["errcode"] == 0
    assert (await bot.call("aibot_respond_msg", words, "invented"))["errcode"] == 846605
    assert [heard.text for heard in service.heard_by("lisi")] == ["您好"]
    await service.enter("lisi")
    late = await bot.next()
    service.clock.advance(6)
    assert (await bot.reply(late, words, "aibot_respond_welcome_msg"))["errcode"] == 846605


async def test_a_file_reaches_the_bot_in_private_or_by_being_quoted(service: WeComService, bot: PlainSocket) -> None:
    posted = await service.send_file("zhangsan", "防汛 情况.docx", b"content", GROUP)
    assert not posted.reached
    await service.quote_file("lisi", posted, "报送", GROUP)
    body = (await bot.next())["body"]
    assert (body["from"]["userid"], body["quote"]["msgtype"]) == ("lisi", "file")
    file = body["quote"]["file"]
    answer = await fetch(file["url"])
    assert open_media(base64.b64decode(file["aeskey"]), answer.content) == b"content"
    assert "filename*=UTF-8''%E9%98%B2%E6%B1%9B%20%E6%83%85%E5%86%B5.docx" in answer.headers["content-disposition"]
    await service.send_file("lisi", "月报.docx", b"private")
    assert (await bot.next())["body"]["msgtype"] == "file"
    service.clock.advance(301)
    assert (await fetch(file["url"])).status_code == 403
    assert len(service.downloads) == 2


async def test_words_and_pictures_come_in_one_message(service: WeComService, bot: PlainSocket) -> None:
    await service.send_mixed("zhangsan", "报送 现场图", [PNG, PNG], GROUP)
    text, *pictures = (await bot.next())["body"]["mixed"]["msg_item"]
    assert text["text"]["content"] == "@信息报送 报送 现场图"
    for picture in pictures:
        key = base64.b64decode(picture["image"]["aeskey"])
        assert open_media(key, (await fetch(picture["image"]["url"])).content) == PNG
    await service.send_voice("lisi", "报送今日情况")
    assert (await bot.next())["body"]["voice"] == {"content": "报送今日情况"}


async def test_a_push_goes_only_where_somebody_has_spoken(service: WeComService, bot: PlainSocket) -> None:
    assert (await bot.call("aibot_send_msg", markdown(GROUP, "通报")))["errcode"] == 93006
    await service.say("zhangsan", "绑定本群", GROUP)
    assert (await bot.call("aibot_send_msg", markdown(GROUP, "通报", 2)))["errcode"] == 0
    assert (await bot.call("aibot_send_msg", markdown("zhangsan", "私聊", 1)))["errcode"] == 93006
    assert (await bot.call("aibot_send_msg", markdown("wrOther", "无此群", 2)))["errcode"] == 93006
    assert [heard.text for heard in service.heard_in(GROUP)] == ["通报"]


async def test_thirty_messages_a_minute_in_one_conversation(service: WeComService, bot: PlainSocket) -> None:
    await service.say("lisi", "一")
    await service.say("zhangsan", "二")
    codes = [(await bot.call("aibot_send_msg", markdown("lisi", str(n))))["errcode"] for n in range(31)]
    assert codes == [0] * 30 + [45009]
    assert (await bot.call("aibot_send_msg", markdown("zhangsan", "别人")))["errcode"] == 0
    service.clock.advance(60)
    assert (await bot.call("aibot_send_msg", markdown("lisi", "一分钟后")))["errcode"] == 0


async def test_a_card_in_a_group_is_tapped_and_changes_for_all_or_some(service: WeComService, bot: PlainSocket) -> None:
    await service.say("zhangsan", "待审", GROUP)
    asked = await bot.next()
    await bot.reply(asked, {"msgtype": "template_card", "template_card": card("t-1", "采用", "退回")})
    await service.tap_card("wangwu", "采用")
    tap = await bot.next()
    event = tap["body"]["event"]["template_card_event"]
    assert (event["event_key"], event["task_id"], tap["body"]["from"]["userid"]) == ("采用", "t-1", "wangwu")
    for_one = {"response_type": "update_template_card", "userids": ["wangwu"]}
    change = for_one | {"template_card": card("t-1", "已采用")}
    assert (await bot.reply(tap, change, "aibot_respond_update_msg"))["errcode"] == 0
    shown = service.card_of("lisi")
    assert (list(shown.buttons_for("wangwu")), list(shown.buttons_for("lisi"))) == (
        ["已采用"],
        ["采用", "退回"],
    )
    change = {"response_type": "update_template_card", "template_card": card("t-1", "已采用")}
    assert (await bot.reply(tap, change, "aibot_respond_update_msg"))["errcode"] == 0
    assert list(shown.buttons_for("lisi")) == ["已采用"]
    with pytest.raises(AssertionError, match="sees no button"):
        await service.tap_card("lisi", "采用")
    await service.tap_card("lisi", "采用", stale=True)
    late = await bot.next()
    wrong = change | {"template_card": card("t-2", "x")}
    assert (await bot.reply(late, wrong, "aibot_respond_update_msg"))["errcode"] == 42016
    service.clock.advance(6)
    assert (await bot.reply(late, change, "aibot_respond_update_msg"))["errcode"] == 846605


async def test_a_file_goes_up_in_chunks_of_any_order(service: WeComService, bot: PlainSocket) -> None:
    await service.say("lisi", "要月报")
    data = bytes(range(256)) * 5200
    chunks = [data[start : start + 524288] for start in range(0, len(data), 524288)]
    init = {"type": "file", "filename": "月报 11.docx", "total_size": len(data), "total_chunks": len(chunks)}
    md5 = hashlib.md5(data).hexdigest()
    opened = await bot.call("aibot_upload_media_init", init | {"md5": md5})
    upload = {"upload_id": opened["body"]["upload_id"]}
    assert (await bot.call("aibot_upload_media_finish", upload))["errcode"] == 40058
    for index in (2, 0, 1, 1):
        piece = {"chunk_index": index, "base64_data": base64.b64encode(chunks[index]).decode()}
        assert (await bot.call("aibot_upload_media_chunk", upload | piece))["errcode"] == 0
    beyond = upload | {"chunk_index": 3, "base64_data": "eA=="}
    assert (await bot.call("aibot_upload_media_chunk", beyond))["errcode"] == 40058
    done = (await bot.call("aibot_upload_media_finish", upload))["body"]
    assert isinstance(done["created_at"], int)
    push = {"chatid": "lisi", "chat_type": 1, "msgtype": "file", "file": {"media_id": done["media_id"]}}
    assert (await bot.call("aibot_send_msg", push))["errcode"] == 0
    assert (service.heard[-1].file_name, service.heard[-1].data) == ("月报 11.docx", data)
    assert service.uploads.order == [2, 0, 1, 1]


async def test_a_broken_upload_is_refused(service: WeComService, bot: PlainSocket) -> None:
    init: dict[str, Any] = {"type": "file", "filename": "x", "total_size": 10, "total_chunks": 1}
    init["md5"] = "0" * 32
    faults: list[tuple[dict[str, Any], int]] = [
        ({"type": "x"}, 40004),
        ({"total_size": 2**25}, 45001),
        ({"total_chunks": 101}, 40058),
    ]
    for change, code in faults:
        assert (await bot.call("aibot_upload_media_init", init | change))["errcode"] == code
    opened = await bot.call("aibot_upload_media_init", init)
    upload = {"upload_id": opened["body"]["upload_id"]}
    piece = {"chunk_index": 0, "base64_data": base64.b64encode(b"0123456789").decode()}
    await bot.call("aibot_upload_media_chunk", upload | piece)
    assert (await bot.call("aibot_upload_media_finish", upload))["errcode"] == 301019
    service.clock.advance(31 * 60)
    assert (await bot.call("aibot_upload_media_chunk", upload | piece))["errcode"] == 40058


async def test_a_second_subscriber_throws_the_first_one_out(service: WeComService, bot: PlainSocket) -> None:
    async with PlainSocket.of(service, service.world.bot) as second:
        assert (await bot.next())["body"]["event"] == {"eventtype": "disconnected_event"}
        await bot.closed()
        await service.say("lisi", "谁听得到")
        assert (await second.next())["body"]["text"]["content"] == "谁听得到"
    await service.vacant()
    assert not (await service.say("lisi", "没有人听")).reached


async def test_wrong_credentials_and_unsubscribed_frames_are_refused(service: WeComService) -> None:
    bot = service.world.bot
    async with PlainSocket.of(service) as socket:
        assert (await socket.subscribe(bot, secret="wrong"))["errcode"] == 853000
        assert (await socket.call("aibot_send_msg", markdown(GROUP, "x")))["errcode"] == 853000
        assert not service.is_subscribed()
        assert (await socket.call("ping"))["errcode"] == 0
        bot.callback_url = "http://127.0.0.1:9/"
        assert (await socket.subscribe(bot))["errcode"] == 853000


async def test_a_bot_of_no_super_admin_sees_encrypted_ids(service: WeComService, bot: PlainSocket) -> None:
    service.world.bot.encrypts_userids = True
    await service.say("lisi", "我是谁")
    userid = (await bot.next())["body"]["from"]["userid"]
    assert userid == service.world.members["lisi"].open_userid
    assert (await bot.call("aibot_send_msg", markdown(userid, "您好", 1)))["errcode"] == 0
    assert service.heard_by("lisi")[0].text == "您好"


async def test_feedback_and_unknown_events_take_no_reply(service: WeComService, bot: PlainSocket) -> None:
    await service.give_feedback("lisi", "FB", 2, "不准")
    event = await bot.next()
    assert event["body"]["event"]["feedback_event"]["type"] == 2
    assert (await bot.stream(event, "s", "谢谢"))["errcode"] == 846605
    await service.bot_event("lisi", {"eventtype": "auth_change_event"})
    assert (await bot.next())["body"]["event"]["eventtype"] == "auth_change_event"


async def test_a_reused_stream_id_overwrites_the_older_answer(service: WeComService) -> None:
    async with PlainSocket.of(service, service.world.bot) as bot:
        for text in ("一", "二"):
            await service.say("lisi", text)
            await bot.stream(await bot.next(), "same", f"答{text}")
    assert [heard.text for heard in service.heard] == ["答二"]
    assert len(service.violations) == 1
    service.violations.clear()
