"""Whatever people type is answered once, in words, and never with a fault number."""

from __future__ import annotations

import logging

import pytest

from tests.plugins.item_stories import send
from tests.support.stage import Stage

DESK = ("/查看", "/待办", "/退回", "/不采用", "/采用", "/撤销采用", "/合并", "/批示")
REPORTING = ("/撤回", "/我的信息", "/报送 2026-0001", "/报送 新稿")

WORDS = (
    "",
    "1",
    "9999",
    "2026-0002",
    "0",
    "-1",
    "1.5",
    "2026-9999999",
    "２０２６－０００２",
    "١٢٣",
    "一百三十七",
    "abc 原因",
    "1 " + "长" * 600,
    "1 没有的刊物 128",
    "1 每日要情 2-30",
    "1 每日要情 128 13-45",
    "1 每日要情 128 2027-12-31",
    "1 每日要情 99999999999999999999",
    "1 市级 2月30日",
    "1 1 1",
    "1 2 标题" + "长" * 200,
    "2026-13",
    "五季度",
    "明年",
    "火星局",
    "'; DROP TABLE item; --",
    "1 %s {0} {name} \\u0000",
    "👨‍👩‍👧‍👦🎉 1",
    "1 🎉",
    "\u202e1 因原\u202c",
    "\u200b\u200f\ufeff",
    "1\x00\x07\x1b[31m 原因",
    "1\n\n\n",
    "\ud800 1",
    "1 " + "很" * 90_000,
)


@pytest.mark.parametrize("command", DESK + REPORTING)
async def test_bad_input_is_answered_once_and_in_words(
    stage: Stage, command: str, caplog: pytest.LogCaptureFixture
) -> None:
    await send(stage, "张三", "春耕备耕进展顺利")
    await send(stage, "王五", "清河招商引资开门红")
    who = "张三" if command in REPORTING else "吴科员"
    for words in WORDS:
        with caplog.at_level(logging.WARNING, "baosong"):
            caplog.clear()
            heard = [one for one in await stage.say(who, f"{command} {words}") if one.to == who]
        assert len(heard) == 1, (command, words[:40], heard)
        assert heard[0].text.strip(), (command, words[:40])
        assert "没有办成，编号" not in heard[0].text, (command, words[:40], heard[0].text)
        assert len(heard[0].text) < 3_000, (command, words[:40])
        assert not caplog.records, (command, words[:40], caplog.text)


@pytest.mark.parametrize("who", ["张三", "吴科员", "周科长"])
async def test_a_message_of_a_megabyte_is_refused_once(stage: Stage, who: str) -> None:
    heard = await stage.say(who, "/报送 春耕\n" + "春" * 1_000_000)
    assert [one.to for one in heard] == [who]
    assert "太长了" in heard[0].text


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        ("/采用 2026-0001 没有的 128", "现有刊物：每日要情、"),
        ("/采用 1 每日要情 128 2-30", "2026年2月没有30日"),
        ("/采用 1 每日要情 128 12-31", "还没有到"),
        ("/采用 1", "没有写刊物"),
        ("/采用 每日要情 128", "“每日要情”不是信息编号"),
        ("/退回 1", "没有写原因"),
        ("/不采用 1 ", "没有写原因"),
        ("/退回", "没有写信息编号"),
        ("/合并 1", "合并至少要两条信息"),
        ("/合并 1 1 标题", "合并至少要两条信息"),
        ("/合并 1 2", "没有写综合稿的标题"),
        ("/合并 1 99 标题", "没有找到编号为 2026-0099 的信息"),
        ("/合并 全市综合", "“全市综合”不是信息编号"),
        ("/批示 1 市级", "不能登记批示"),
        ("/撤销采用 1", "不能撤销采用"),
        ("/待办 火星局", "没有找到单位“火星局”"),
        ("/退回 1数据不准", "已收 → 退回修改\n原因：数据不准"),
        ("/退回 1号，数据不准", "已收 → 退回修改\n原因：数据不准"),
    ],
)
async def test_the_answer_says_what_is_wrong(stage: Stage, words: str, answer: str) -> None:
    await send(stage, "张三", "春耕备耕进展顺利")
    await send(stage, "王五", "清河招商引资开门红")
    heard = await stage.say("吴科员", words)
    assert answer in next(one.text for one in heard if one.to == "吴科员")
