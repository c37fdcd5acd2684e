"""The city's endpoint speaks NapCat's dialect: the bot's own wire understands every frame of it."""

from __future__ import annotations

from datetime import datetime

import pytest

from bot.channels.onebot.wire import read_frame
from domain.moment import ZONE, to_ms
from practice import frames
from practice.calls import Calls
from practice.chats import KEPT, Chats
from practice.city import BOT_ACCOUNT
from practice.world import Resident, Room, World

NOW = datetime(2026, 11, 23, 9, 41, tzinfo=ZONE)
ZHANG = Resident(10006, "张三", "信息员", "云山县", "县区", "unit")
GROUP = Room(200001, "全市政务信息报送群", "报送", (10006,))
SELF = str(BOT_ACCOUNT)


class StillClock:
    def now(self) -> datetime:
        return NOW


@pytest.fixture
def chats() -> Chats:
    return Chats(first_id=7)


@pytest.fixture
def calls(chats: Chats) -> Calls:
    return Calls(World({10006: ZHANG}, {200001: GROUP}), chats, StillClock(), "http://127.0.0.1:8080")


def test_what_somebody_types_arrives_word_for_word_with_the_mention_taken_out(chats: Chats) -> None:
    said = chats.add("g:200001", 10006, "@报送助手 我的得分", to_ms(NOW))
    incoming = read_frame(frames.message(said, ZHANG, GROUP, frames.segments_of(said.text)), SELF)
    assert incoming is not None
    assert (incoming.group, incoming.account, incoming.text, incoming.addressed) == (
        "200001",
        "10006",
        "我的得分",
        True,
    )
    assert incoming.message_id == "7"
    assert incoming.at_ms == to_ms(NOW)


def test_a_private_word_has_no_group(chats: Chats) -> None:
    said = chats.add("p:10006", 10006, "/帮助", to_ms(NOW))
    incoming = read_frame(frames.message(said, ZHANG, None, frames.segments_of(said.text)), SELF)
    assert incoming is not None
    assert incoming.private
    assert incoming.text == "/帮助"


def test_a_group_file_is_announced_twice_with_different_ids(chats: Chats, calls: Calls) -> None:
    key = calls.keep("材料.docx", b"12345")
    said = chats.add("g:200001", 10006, "", to_ms(NOW), file=key, file_name="材料.docx", file_size=5)
    message = read_frame(frames.message(said, ZHANG, GROUP, frames.file_segment(said)), SELF)
    notice = read_frame(frames.group_upload(said, GROUP), SELF)
    assert message is not None
    assert message.file is not None
    assert notice is not None
    assert notice.file is not None
    assert (message.file.name, message.file.size) == (notice.file.name, notice.file.size) == ("材料.docx", 5)
    assert message.file.file_id != notice.file.file_id
    for file in (message.file, notice.file):
        answer = calls.answer({"action": "get_group_file_url", "params": {"file_id": file.file_id}, "echo": "1"})
        assert answer["data"]["url"] == f"http://127.0.0.1:8080/practice/files/{key}"


def test_the_bots_words_are_seen_in_the_chat_they_were_sent_to(chats: Chats, calls: Calls) -> None:
    message = [{"type": "reply", "data": {"id": "7"}}, {"type": "text", "data": {"text": "收到"}}]
    answer = calls.answer({"action": "send_group_msg", "params": {"group_id": 200001, "message": message}, "echo": "x"})
    assert (answer["status"], answer["retcode"], answer["echo"]) == ("ok", 0, "x")
    (said,) = chats.of("g:200001")
    assert (said.sender, said.text, said.quote, said.message_id) == (
        BOT_ACCOUNT,
        "收到",
        7,
        answer["data"]["message_id"],
    )
    history = calls.answer({"action": "get_group_msg_history", "params": {"group_id": "200001"}, "echo": "y"})
    assert [entry["message"][0]["data"]["text"] for entry in history["data"]["messages"]] == ["收到"]


@pytest.mark.parametrize(
    ("action", "params", "retcode"),
    [
        ("fly_away", {}, 1404),
        ("send_group_msg", {"group_id": 999, "message": "x"}, 1200),
        ("send_private_msg", {"user_id": 999, "message": "x"}, 1200),
        ("send_group_msg", {"group_id": "abc", "message": "x"}, 1400),
        ("send_group_msg", {"group_id": 200001, "message": []}, 1400),
        ("send_private_msg", {}, 1400),
        ("get_file", {"file_id": "/nothing"}, 1200),
    ],
)
def test_a_call_that_cannot_be_carried_out_gets_napcats_retcode(
    calls: Calls, action: str, params: dict[str, object], retcode: int
) -> None:
    answer = calls.answer({"action": action, "params": params, "echo": 3})
    assert (answer["retcode"], answer["status"], answer["echo"]) == (retcode, "failed", 3)


def test_a_chat_keeps_its_newest_messages_and_a_page_that_sleeps_is_told_to_load_anew(chats: Chats) -> None:
    with chats.followed() as news:
        for number in range(1_200):
            chats.add("g:200001", 10006, str(number), 0)
        assert len(chats.of("g:200001")) == KEPT
        assert chats.of("g:200001")[-1].text == "1199"
        pieces = [news.get_nowait() for _ in range(news.qsize())]
    assert pieces[-1] is None
