"""The city's endpoint speaks NapCat's dialect: the bot's own wire understands every frame of it."""

from __future__ import annotations

import base64
from datetime import datetime

import pytest

from bot.channels.onebot.wire import read_frame, write_segments
from domain.moment import ZONE, to_ms
from domain.speech import Mention
from practice import frames
from practice.cabinet import KeptFile
from practice.calls import Calls
from practice.chats import KEPT, Chats, Enclosed
from practice.city import BOT_ACCOUNT
from practice.world import Resident, Room, World
from tests.practice.test_cabinet import PNG

NOW = datetime(2026, 11, 23, 9, 41, tzinfo=ZONE)
ZHANG = Resident(10006, "张三", "信息员", "云山县", "县区", "unit")
GROUP = Room(200001, "全市政务信息报送群", "报送", (10006,))
SELF = str(BOT_ACCOUNT)


def picture(source: str) -> dict[str, object]:
    return {"type": "image", "data": {"file": source}}


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
    sent = Enclosed(calls.files.keep_new("材料.docx", b"12345"), "材料.docx", 5)
    said = chats.add("g:200001", 10006, "", to_ms(NOW), file=sent)
    message = read_frame(frames.message(said, ZHANG, GROUP, frames.file_segment(sent)), SELF)
    notice = read_frame(frames.group_upload(said, sent, GROUP), SELF)
    assert message is not None
    assert message.file is not None
    assert notice is not None
    assert notice.file is not None
    assert (message.file.name, message.file.size) == (notice.file.name, notice.file.size) == ("材料.docx", 5)
    assert message.file.file_id != notice.file.file_id
    for file in (message.file, notice.file):
        answer = calls.answer({"action": "get_group_file_url", "params": {"file_id": file.file_id}, "echo": "1"})
        assert answer["data"]["url"] == f"http://127.0.0.1:8080/practice/files/{sent.key}"


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


def test_a_picture_shows_itself_and_has_its_size(chats: Chats, calls: Calls) -> None:
    message = [picture(f"base64://{base64.b64encode(PNG).decode()}")]
    answer = calls.answer({"action": "send_group_msg", "params": {"group_id": 200001, "message": message}, "echo": "x"})
    assert answer["retcode"] == 0
    (said,) = chats.of("g:200001")
    assert said.text == ""
    assert said.file is not None
    assert (said.file.width, said.file.height, said.file.size) == (640, 1200, len(PNG))
    assert calls.files.get(said.file.key) == KeptFile("图片.png", PNG)


@pytest.mark.parametrize(
    ("action", "params", "chat"),
    [
        ("upload_group_file", {"group_id": 200001}, "g:200001"),
        ("upload_private_file", {"user_id": 10006}, "p:10006"),
    ],
)
def test_a_file_of_the_bot_is_a_file_in_the_chat(
    chats: Chats, calls: Calls, action: str, params: dict[str, object], chat: str
) -> None:
    sent = {**params, "name": "交办单.docx", "file": f"base64://{base64.b64encode(b'12345').decode()}"}
    answer = calls.answer({"action": action, "params": sent, "echo": "x"})
    (said,) = chats.of(chat)
    assert said.sender == BOT_ACCOUNT
    assert said.file is not None
    assert (said.file.name, said.file.size, said.file.width) == ("交办单.docx", 5, 0)
    assert answer["data"]["file_id"] == f"/{said.file.key}"


def test_whoever_is_called_is_called_by_name(chats: Chats, calls: Calls) -> None:
    message = write_segments("请回复“收到”", "", [Mention("10006", "张三"), Mention("", "李四")])
    calls.answer({"action": "send_group_msg", "params": {"group_id": 200001, "message": message}, "echo": "x"})
    assert [said.text for said in chats.of("g:200001")] == ["@张三 @李四 \n请回复“收到”"]


@pytest.mark.parametrize(
    ("action", "params", "retcode"),
    [
        ("fly_away", {}, 1404),
        ("send_group_msg", {"group_id": 999, "message": "x"}, 1200),
        ("send_private_msg", {"user_id": 999, "message": "x"}, 1200),
        ("send_group_msg", {"group_id": "abc", "message": "x"}, 1400),
        ("send_group_msg", {"group_id": 200001, "message": []}, 1400),
        ("send_private_msg", {}, 1400),
        ("send_group_msg", {"group_id": 200001, "message": [picture("base64://PHN2Zy8+")]}, 1400),
        ("send_group_msg", {"group_id": 200001, "message": [picture("file:///etc/hostname")]}, 1400),
        ("upload_group_file", {"group_id": 200001, "name": "a.txt", "file": "/etc/hostname"}, 1400),
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
