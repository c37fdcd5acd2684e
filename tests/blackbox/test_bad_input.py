"""Whatever somebody sends gets one clear answer or is left alone, and the next message is handled as ever."""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import pytest

from tests.documents.samples import archive, ole_container, word_file
from tests.peers.onebot import FileFault, OneBotPeer
from tests.peers.onebot.peer import FileOrder

from .roster import SUBMIT_GROUP, account
from .town import Town

pytestmark = [pytest.mark.blackbox, pytest.mark.asyncio(loop_scope="module")]

MEGABYTE = 1024 * 1024
_numbers = itertools.count(1)


def shown(text: str) -> str:
    return ascii(text)[:30]


async def next_message_is_handled(peer: OneBotPeer, name: str, group: int | None) -> None:
    number = next(_numbers)
    message = await peer.say(account(name), f"/报送 第{number}号情况\n正文第{number}号。", group)
    assert f"《第{number}号情况》" in (await peer.answer_to(message)).text


@dataclass(frozen=True, slots=True)
class BadFile:
    """A file with something wrong, and the words of the one answer it gets."""

    name: str
    data: bytes
    answer: str
    fault: FileFault | None = None
    announced_size: int | None = None


def good() -> bytes:
    return word_file("关于做好冬季供暖工作的情况", "全市供暖运行平稳。")


BAD_FILES = [
    BadFile("挂起.docx", good(), "没有取到", FileFault.HANG),
    BadFile("大小不符.docx", good(), "大小与公布的不一致", FileFault.OTHER_SIZE),
    BadFile("断了.docx", good(), "没有取到", FileFault.CUT_SHORT),
    BadFile("不见了.docx", good(), "没有取到", FileFault.MISSING),
    BadFile("炸弹.docx", archive({"word/document.xml": b"<x/>", "word/1.bin": bytes(31 * MEGABYTE)}), "没有收下"),
    BadFile("加密.docx", ole_container({"EncryptionInfo": b"x", "EncryptedPackage": b"x"}), "加了密码"),
    BadFile("坏的.docx", good()[:200], "没有收下"),
    BadFile("空的.docx", b"", "没有收下"),
    BadFile("空白页.docx", word_file(""), "没有文字"),
    BadFile("程序.docx", b"MZ\x90\x00" + bytes(2000), "没有收下"),
    BadFile("太大.docx", b"x", "太大", announced_size=21 * MEGABYTE),
]


@pytest.mark.parametrize("bad", BAD_FILES, ids=lambda bad: bad.name)
async def test_a_file_that_cannot_be_taken_in_is_answered_once(peer: OneBotPeer, bad: BadFile) -> None:
    orders: dict[FileOrder, str] = {"message-first": "张三", "notice-first": "王五"}
    for order, name in orders.items():
        before = peer.mark()
        await peer.drop_file(
            account(name), bad.name, bad.data, SUBMIT_GROUP, order,
            fault=bad.fault, announced_size=bad.announced_size,
        )  # fmt: skip
        await next_message_is_handled(peer, name, SUBMIT_GROUP)
        about_it = [heard for heard in peer.heard[before:] if bad.name in heard.text]
        assert len(about_it) == 1
        assert bad.answer in about_it[0].text
        assert (about_it[0].chat, about_it[0].target) == ("group", SUBMIT_GROUP)


@pytest.mark.parametrize("bad", BAD_FILES, ids=lambda bad: bad.name)
async def test_in_private_too(peer: OneBotPeer, bad: BadFile) -> None:
    before = peer.mark()
    await peer.drop_file(account("赵六"), bad.name, bad.data, fault=bad.fault, announced_size=bad.announced_size)
    await next_message_is_handled(peer, "赵六", None)
    [answer, _] = peer.heard[before:]
    assert bad.answer in answer.text
    assert (answer.chat, answer.target) == ("private", account("赵六"))


async def test_a_file_that_is_no_document_is_left_alone_in_a_group_and_explained_in_private(peer: OneBotPeer) -> None:
    before = peer.mark()
    await peer.drop_file(account("张三"), "合影.jpg", b"\xff\xd8\xff\xe0", SUBMIT_GROUP)
    await next_message_is_handled(peer, "张三", SUBMIT_GROUP)
    assert len(peer.heard) - before == 1
    await peer.drop_file(account("张三"), "合影.jpg", b"\xff\xd8\xff\xe0")
    assert "可以发 .docx" in (await peer.private_to(account("张三"), "合影.jpg", since=before)).text


NOTHING = (
    *("", " ", "\n\n\n", "\u3000", "\u200b", "\x00", "\u202e"),
    *("/", "／", "//", "/ /", "【", "收到", "👍👍👍", "[CQ:at,qq=all]"),
)

NONSENSE = (
    *("/", "//", "///报送", "/\x00", "/不认识的命令", "/rm -rf /", "/{reference}", "今天天气怎么样", "/取消"),
    *("/报送", "/报送\x00", "/报送 \u202e", "/报送 " + "题" * 500, "/报送 9999 题\n文", "/报送 {title}\n{}{0}%s%n"),
    "/报送 ' OR 1=1 --\n'); DROP TABLE item; --",
    *("/排名 2026-13", "/排名 2099年", "/排名 2026-02-30", "/我的得分 -1", "/采用 1 每日要情 1 2月30日"),
    *("/撤回", "/撤回 999999", "/撤回 99999999999999999999", "/查看 ０", "/帮助 /帮助", "/绑定", "/绑定 😀"),
)


@pytest.mark.parametrize("chat", [SUBMIT_GROUP, None], ids=["group", "private"])
async def test_a_text_of_a_megabyte_is_answered_in_one_line(town: Town, peer: OneBotPeer, chat: int | None) -> None:
    message = await peer.say(account("张三"), "/报送 长\n" + "长文" * (MEGABYTE // 6), chat)
    assert "太长" in (await peer.answer_to(message)).text
    await next_message_is_handled(peer, "张三", chat)
    assert town.evidence().one("SELECT MAX(LENGTH(body)) FROM item_version") < 1_000


@pytest.mark.parametrize("text", NOTHING, ids=shown)
async def test_nothing_said_in_a_group_is_answered_with_nothing(peer: OneBotPeer, text: str) -> None:
    before = peer.mark()
    await peer.say(account("张三"), text, SUBMIT_GROUP)
    await next_message_is_handled(peer, "张三", SUBMIT_GROUP)
    assert len(peer.heard) - before == 1


@pytest.mark.parametrize("text", NONSENSE, ids=shown)
async def test_nonsense_in_private_gets_one_answer_and_no_fault(town: Town, peer: OneBotPeer, text: str) -> None:
    before = peer.mark()
    message = await peer.say(account("钱八"), text)
    answer = await peer.answer_to(message)
    assert answer.text
    assert "没有办成，编号" not in answer.text
    await peer.answer_to(await peer.say(account("钱八"), "取消"))
    assert len(peer.heard) - before == 2


async def test_emoji_controls_and_right_to_left_writing_make_an_item_like_any_other(
    town: Town, peer: OneBotPeer
) -> None:
    title, body = "冬日\u202e暖阳\x07🎉مرحبا", "第一段👨\u200d👩\u200d👧\x00\n\n第二段 😀 שלום"
    message = await peer.say(account("孙七"), f"/报送 {title}\n{body}", SUBMIT_GROUP)
    assert "《冬日暖阳🎉مرحبا》" in (await peer.answer_to(message)).text
    stored = town.evidence().one("SELECT body FROM item_version WHERE title LIKE '冬日%'")
    assert "第一段" in stored
    assert "שלום" in stored
    assert not {"\x00", "\x07", "\u202e"} & set(stored)


async def test_a_quoted_message_that_is_gone_changes_nothing(peer: OneBotPeer) -> None:
    gone = await peer.say(account("张三"), "要报的见这条", SUBMIT_GROUP)
    await peer.recall(gone)
    message = await peer.say(account("张三"), "/报送 供水保障有力\n全县供水正常。", SUBMIT_GROUP, quote=gone)
    assert "《供水保障有力》" in (await peer.answer_to(message)).text


async def test_a_receipt_for_a_message_that_was_taken_back_still_arrives(peer: OneBotPeer) -> None:
    message = await peer.say(account("张三"), "/报送 第99号通报\n全县第99号。", SUBMIT_GROUP)
    await peer.recall(message)
    await peer.group_hears(SUBMIT_GROUP, "《第99号通报》")


async def test_nobody_can_touch_what_is_not_theirs(town: Town, peer: OneBotPeer) -> None:
    message = await peer.say(account("王五"), "/报送 清河区第88号\n清河区正文。")
    number = (await peer.answer_to(message)).text.split()[1][:9]
    for text in (f"/撤回 {number}", f"/查看 {number}", f"/报送 {number} 改了\n改了的正文。", f"/退回 {number} 不要"):
        answer = await peer.answer_to(await peer.say(account("张三"), text))
        assert "没有" in answer.text
        assert "清河区" not in answer.text
    assert town.evidence().rows("SELECT state, version FROM item WHERE number = ?", number) == [("received", 1)]


async def test_after_all_this_the_log_names_no_fault_and_the_laws_hold(town: Town, peer: OneBotPeer) -> None:
    await next_message_is_handled(peer, "张三", SUBMIT_GROUP)
    town.evidence().check_laws()
    for word in ("Traceback", "fault ", " ERROR "):
        assert word not in town.bot.log_text()
