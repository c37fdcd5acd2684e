"""From the payloads of the documents to messages, and from anything at all to nothing worse than None."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.wecom import RawCallback
from bot.channels.workchat.routes import Way, Windows
from bot.channels.workchat.wire import may_be_encrypted, read_callback
from domain.speech import FileRef, Incoming

NOW_MS = 1_795_398_060_000


def app(**fields: Any) -> RawCallback:
    known = {"ToUserName": "ww1", "FromUserName": "zhangsan", "CreateTime": "1795398000", "MsgId": "77", "AgentID": "1"}
    return RawCallback("app", "ww1-1", "callback", "m:77", known | fields)


def aibot(**fields: Any) -> RawCallback:
    known: dict[str, Any] = {"msgid": "M1", "chattype": "single", "from": {"userid": "zhangsan"}}
    return RawCallback("aibot", "aib1", "websocket", "m:M1", known | fields, "REQ")


def in_group(text: str, **more: Any) -> RawCallback:
    return aibot(chattype="group", chatid="wrG", msgtype="text", text={"content": text}, **more)


def read(callback: RawCallback) -> Incoming:
    incoming = read_callback(callback, "信息 报送", NOW_MS)
    assert incoming is not None
    return incoming


def test_an_app_s_text_becomes_a_private_message() -> None:
    incoming = read(app(MsgType="text", Content="报送 标题"))
    assert incoming == Incoming(
        "wecom", "ww1-1", "m:77", "", "zhangsan", "", "app:m:77", 1_795_398_000_000, "报送 标题", True
    )


def test_an_app_s_file_is_fetched_by_its_media_id() -> None:
    incoming = read(app(MsgType="file", MediaId="MEDIA", FileName="情况.docx", FileSize="1024"))
    assert incoming.file == FileRef("情况.docx", 1024, "MEDIA")


@pytest.mark.parametrize(
    "text", ["@信息 报送 报送 标题", "@信息 报送  报送 标题", "@机器人 报送 标题", "@信息 报送\n报送 标题"]
)
def test_the_mention_is_no_part_of_what_is_said(text: str) -> None:
    incoming = read(in_group(text))
    assert (incoming.group, incoming.text, incoming.addressed) == ("wrG", "报送 标题", True)
    assert (incoming.message_id, incoming.at_ms) == ("aibot:m:M1", NOW_MS)


@pytest.mark.parametrize("words", ["", "报送", "/报送", " 信息报送 请收", "【信息报送】"])
def test_a_quoted_file_is_handed_in_with_these_words(words: str) -> None:
    quote = {"msgtype": "file", "file": {"url": "https://x.qq.com/f", "aeskey": "KEY"}}
    incoming = read(in_group(f"@机器人 {words}", quote=quote))
    assert incoming.file == FileRef("", 0, "", "KEY", "https://x.qq.com/f")
    assert incoming.text == ""


@pytest.mark.parametrize(
    "quote",
    [
        {"msgtype": "text", "text": {"content": "昨天的"}},
        {"msgtype": "file", "file": {}},
        {"msgtype": "file"},
        "file",
    ],
)
def test_any_other_quote_leaves_the_words_or_nothing(quote: Any) -> None:
    incoming = read_callback(in_group("@机器人 报送 标题", quote=quote), "", NOW_MS)
    assert incoming is None or (incoming.text, incoming.file) == ("报送 标题", None)


def test_the_words_between_pictures_and_those_of_a_recording_are_text() -> None:
    items = [{"msgtype": "text", "text": {"content": "报送 标题"}}, {"msgtype": "image", "image": {"url": "u"}}]
    mixed = read(aibot(msgtype="mixed", mixed={"msg_item": items}))
    assert (mixed.text, mixed.pictures) == ("报送 标题", (FileRef("", 0, "", "", "u"),))
    assert read(aibot(msgtype="voice", voice={"content": "我的得分"})).text == "我的得分"


def test_a_picture_alone_or_quoted_is_a_picture_and_one_without_an_address_counts() -> None:
    assert read(app(MsgType="image", MediaId="M")).pictures == (FileRef("", 0, "M"),)
    assert read(aibot(msgtype="image", image={"url": "u", "aeskey": "K"})).pictures == (FileRef("", 0, "", "K", "u"),)
    quote = {"msgtype": "image", "image": {"url": "u"}}
    assert len(read(in_group("@机器人 报送", quote=quote)).pictures) == 1
    assert read(in_group("@机器人 排名", quote=quote)).pictures == ()
    items = [{"msgtype": "text", "text": {"content": "报送 标题"}}, {"msgtype": "image", "image": None}]
    assert read(aibot(msgtype="mixed", mixed={"msg_item": items})).pictures == (FileRef("", 0, ""),)


@pytest.mark.parametrize(
    "callback",
    [
        app(MsgType="event", Event="enter_agent"),
        app(MsgType="image"),
        app(MsgType="text", FromUserName=""),
        app(MsgType="file"),
        aibot(msgtype="event", event={"eventtype": "feedback_event"}),
        aibot(msgtype="video", video={"url": "u"}),
        aibot(msgtype="text", chattype="group"),
        aibot(msgtype="mixed", mixed={"msg_item": ["x"]}),
        aibot(msgtype="file", file={"url": 7}),
    ],
)
def test_what_holds_no_message_for_us_is_left_alone(callback: RawCallback) -> None:
    assert read_callback(callback, "", NOW_MS) is None


JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
FIELDS = st.sampled_from(
    [
        "msgid",
        "msgtype",
        "chattype",
        "chatid",
        "from",
        "text",
        "mixed",
        "file",
        "quote",
        "MsgType",
        "Content",
        "MediaId",
    ]
)
KINDS = st.sampled_from(["text", "mixed", "file", "voice", "group"])


def test_a_quoted_push_is_known_by_the_number_in_it() -> None:
    """The service gives no id of what is quoted, only its text (document 100719)."""
    pushed = {"msgtype": "text", "text": {"content": "【约稿】约 2026-018《春耕》\n截止：11月27日"}}
    incoming = read(in_group("@机器人 收到", quote=pushed))
    assert (incoming.text, incoming.quote) == ("收到", "约 2026-018")
    for other in ({"msgtype": "text", "text": {"content": "明天开会"}}, {"msgtype": "text"}, {"text": 1}, "x"):
        assert read(in_group("@机器人 收到", quote=other)).quote == ""


@given(st.dictionaries(FIELDS, JUNK | KINDS, max_size=8), st.booleans())
def test_whatever_the_service_sends_reading_it_never_raises(fields: dict[str, Any], from_app: bool) -> None:
    incoming = read_callback(app(**fields) if from_app else aibot(**fields), "机器人", NOW_MS)
    if incoming is not None:
        assert incoming.account
        assert "\0" not in incoming.text


def test_only_long_ids_of_the_service_s_own_making_are_converted() -> None:
    assert may_be_encrypted("woAJ2GCAAAXtWyujaWJHDDGi0mACAAAA")
    assert not any(map(may_be_encrypted, ("zhangsan", "wolfgang", "13800000001")))


def test_a_receiver_s_window_opens_when_the_oldest_message_in_it_is_a_minute_old() -> None:
    windows = Windows()
    for second in range(20):
        assert windows.wait_ms(Way.WEBHOOK, "wrG", 1, second * 1000) == 0
        windows.note(Way.WEBHOOK, "wrG", second * 1000)
    assert windows.wait_ms(Way.WEBHOOK, "wrG", 1, 20_000) == 42_000
    assert windows.wait_ms(Way.WEBHOOK, "wrG", 3, 20_000) == 44_000
    assert windows.wait_ms(Way.WEBHOOK, "wrOther", 1, 20_000) == 0
    assert windows.wait_ms(Way.WEBHOOK, "wrG", 1, 62_000) == 0


def test_the_ai_bot_s_answers_and_pushes_to_a_chat_count_together() -> None:
    windows = Windows()
    for _ in range(30):
        windows.note(Way.REPLY, "wrG", 0)
    assert windows.wait_ms(Way.PUSH, "wrG", 1, 1_000) == 61_000
