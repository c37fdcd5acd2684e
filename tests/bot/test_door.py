"""The door: what is meant for us, what is chatter, what is stopped before anything of it is kept."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.commands import Command, Vocabulary
from bot.directory import Directory
from bot.door import TEXT_LIMIT, Door, Verdict, make_door
from domain.roster import Group
from domain.secrecy import load_screen
from domain.speech import FileRef, Incoming

SUBMIT, OFFICE, NOTICE = "200001", "200002", "200003"


@pytest.fixture
def door() -> Door:
    directory = Directory()
    purposes = {SUBMIT: "报送", OFFICE: "办公", NOTICE: "通知"}
    directory.groups = {
        ("onebot", number): Group(place, "onebot", number, purpose, purpose, None)
        for place, (number, purpose) in enumerate(purposes.items())
    }
    directory.accounts = frozenset({("onebot", "20001")})
    vocabulary = Vocabulary()
    vocabulary.add_heading("【信息报送】", Command("submit", (), None, "", "", "", "", lambda _: None))
    return make_door(directory, load_screen(None), vocabulary)


def said(text: str, group: str = "", *, account: str = "20001", at_bot: bool = False, file: str = "") -> Incoming:
    return Incoming(
        "onebot", "3001", "k", group, account, "", "1", 0, text, at_bot, file=FileRef(file, 1, "f") if file else None
    )


@pytest.mark.parametrize("text", ["今天开会吗？", "收到", "", "  ", "【通知】明天开会", "报送 春耕", "[图片]"])
def test_chatter_in_a_group_ends_at_the_door(door: Door, text: str) -> None:
    assert door(said(text, SUBMIT)).verdict is Verdict.CHATTER


@pytest.mark.parametrize(
    "text", ["/报送 春耕", "／报送 春耕", "  /我的得分", "【信息报送】春耕\n正文", "\n【信息报送】春耕"]
)
def test_commands_and_headings_in_a_group_are_meant(door: Door, text: str) -> None:
    assert door(said(text, SUBMIT)).verdict is Verdict.TEXT


def test_whatever_mentions_the_bot_is_meant(door: Door) -> None:
    assert door(said("你好", SUBMIT, at_bot=True)).verdict is Verdict.TEXT


@pytest.mark.parametrize("text", ["收到", "好的，谢谢！", "已收到。", "嗯嗯", "OK", "1", "  "])
def test_a_private_acknowledgement_needs_no_answer(door: Door, text: str) -> None:
    assert door(said(text)).verdict is Verdict.CHATTER


def test_everything_else_said_in_private_is_meant(door: Door) -> None:
    assert door(said("怎么报送？")).verdict is Verdict.TEXT


def test_a_group_nobody_registered_is_not_heard_but_who_is_known_and_mentions_the_bot_learns_why(door: Door) -> None:
    assert door(said("/报送 春耕", "999", at_bot=True)).verdict is Verdict.TO_REGISTER
    assert door(said("", "999", at_bot=True, file="一.docx")).verdict is Verdict.TO_REGISTER
    assert door(said("谢谢", "999", at_bot=True)).verdict is Verdict.UNREGISTERED
    assert door(said("/报送 春耕", "999", at_bot=True, account="99999")).verdict is Verdict.UNREGISTERED
    assert door(said("/报送 春耕", "999")).verdict is Verdict.UNREGISTERED


def test_in_a_notice_group_nobody_is_heard_and_whoever_means_the_bot_is_told(door: Door) -> None:
    assert door(said("/报送 春耕", NOTICE, at_bot=True)).verdict is Verdict.NOT_HERE
    assert door(said("收到", NOTICE)).verdict is Verdict.CHATTER


@pytest.mark.parametrize("text", ["/报送 机密★5年\n正文", "/报送 名单\n身份证 11010519491231002X"])
def test_secrets_are_stopped_with_their_rule(door: Door, text: str) -> None:
    judged = door(said(text, SUBMIT))
    assert judged.verdict is Verdict.SECRET
    assert judged.hit is not None
    assert judged.hit.rule


def test_secrets_among_chatter_are_none_of_our_business(door: Door) -> None:
    assert door(said("机密★5年 的文件收到了吗", SUBMIT)).verdict is Verdict.CHATTER


def test_a_text_beyond_the_limit_is_not_even_looked_at(door: Door) -> None:
    assert door(said("/报送 " + "机密★" * TEXT_LIMIT, SUBMIT)).verdict is Verdict.TOO_LONG


@pytest.mark.parametrize(
    ("name", "group", "verdict"),
    [
        ("材料.docx", SUBMIT, Verdict.FILE),
        ("材料.WPS", SUBMIT, Verdict.FILE),
        ("照片.jpg", SUBMIT, Verdict.CHATTER),
        ("材料.docx", OFFICE, Verdict.CHATTER),
        ("材料.docx", NOTICE, Verdict.CHATTER),
        ("照片.jpg", "", Verdict.FILE),
        ("机密★材料.docx", SUBMIT, Verdict.SECRET),
    ],
)
def test_documents_are_taken_where_items_are_sent(door: Door, name: str, group: str, verdict: Verdict) -> None:
    assert door(said("", group, file=name)).verdict is verdict


def test_a_stranger_s_file_is_not_fetched(door: Door) -> None:
    assert door(said("", SUBMIT, account="66666", file="材料.docx")).verdict is Verdict.TEXT


@pytest.fixture
def waiting() -> Door:
    """A door that knows of pushes nobody has received: in a group, in a group for notices, with somebody in private."""
    directory = Directory()
    purposes = {SUBMIT: "报送", NOTICE: "通知", OFFICE: "办公"}
    directory.groups = {
        ("onebot", number): Group(place, "onebot", number, purpose, purpose, None)
        for place, (number, purpose) in enumerate(purposes.items())
    }
    directory.accounts = frozenset({("onebot", "20001"), ("onebot", "20002")})
    directory.receipts = frozenset({("onebot", f"g:{SUBMIT}"), ("onebot", f"g:{NOTICE}"), ("onebot", "p:20001")})
    return make_door(directory, load_screen(None), Vocabulary())


@pytest.mark.parametrize("group", [SUBMIT, NOTICE, ""])
@pytest.mark.parametrize("text", ["收到", "云山县收到，谢谢", "1", "👌", "好的"])
def test_where_a_receipt_is_waited_for_it_comes_in(waiting: Door, text: str, group: str) -> None:
    assert waiting(said(text, group)).verdict is Verdict.TEXT


def test_where_none_is_waited_for_it_is_chatter(waiting: Door) -> None:
    assert waiting(said("收到", OFFICE)).verdict is Verdict.CHATTER
    assert waiting(said("好的", account="20002")).verdict is Verdict.CHATTER
    assert waiting(said("收到", SUBMIT, account="66666")).verdict is Verdict.CHATTER


def test_in_private_a_clear_receipt_comes_in_as_long_as_one_is_waited_for_anywhere(waiting: Door) -> None:
    assert waiting(said("收到", account="20002")).verdict is Verdict.TEXT
    assert waiting(said("收到", account="66666")).verdict is Verdict.CHATTER


@pytest.mark.parametrize("text", ["还没收到", "收到了吗？", "今天开会吗", "谢谢", "收到请回复"])
def test_other_words_stay_chatter_where_a_receipt_is_waited_for(waiting: Door, text: str) -> None:
    assert waiting(said(text, SUBMIT)).verdict is Verdict.CHATTER


def test_a_receipt_with_a_number_needs_no_push_in_private(waiting: Door) -> None:
    assert waiting(said("收到约18", account="20002")).verdict is Verdict.TEXT


def test_politeness_in_a_group_for_notices_is_not_answered(waiting: Door) -> None:
    assert waiting(said("谢谢", NOTICE, at_bot=True)).verdict is Verdict.CHATTER


@pytest.mark.parametrize("text", ["#约18 云山县春耕进展\n正文", "＃约18\n标题\n正文"])
def test_an_item_that_opens_with_a_commissions_mark_is_meant(door: Door, text: str) -> None:
    assert door(said(text, SUBMIT)).verdict is Verdict.TEXT


@pytest.mark.parametrize("text", ["#约定春天#", "#", "约18 春耕"])
def test_other_tags_are_chatter(door: Door, text: str) -> None:
    assert door(said(text, SUBMIT)).verdict is Verdict.CHATTER


def test_pictures_of_somebody_known_are_fetched_and_those_of_strangers_are_not(door: Door) -> None:
    pictures = (FileRef("", 0, "M"),)
    assert door(replace(said(""), pictures=pictures)).verdict is Verdict.PICTURES
    assert door(replace(said("报送 春耕", SUBMIT, at_bot=True), pictures=pictures)).verdict is Verdict.PICTURES
    assert door(replace(said("", account="99999"), pictures=pictures)).verdict is Verdict.TEXT
    assert door(replace(said("机密★五年 方案"), pictures=pictures)).verdict is Verdict.SECRET
