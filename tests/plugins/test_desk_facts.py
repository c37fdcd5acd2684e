"""What the desk registers beside adoptions: sent up, the superior's points, chiefs' instructions, fit but unused."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.plugins.item_stories import send, told, totals
from tests.plugins.measure_stories import with_measure
from tests.support.stage import GROUP, OFFICE, Stage

TITLE = "春耕备耕进展顺利"


@pytest.fixture
async def full(tmp_path: Path) -> AsyncIterator[Stage]:
    async with with_measure(tmp_path) as stage:
        yield stage


async def test_an_item_sent_up_earns_its_points_before_the_superior_decides(full: Stage) -> None:
    await send(full, "张三", TITLE)
    heard = await full.say("吴科员", "/上报 1 省 11-20", OFFICE)
    assert told(heard, OFFICE) == (
        "2026-0001《春耕备耕进展顺利》：已登记报省单条（11-20）\n云山县 +1 分（第三条）\n已私聊告知：云山县 张三。"
    )
    assert told(heard, "张三") == (
        "您报送的 2026-0001《春耕备耕进展顺利》已报省单条（11-20）。\n云山县 +1 分（第三条）\n上级是否采用，另行告知。"
    )
    assert await totals(full, 2) == (150, 1, 0)
    assert "已收" in told(await full.say("张三", "/查看 1"), "张三")


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        ("/报省 1", "已登记报省单条（11-23）\n云山县 +1 分（第三条）"),
        ("/sendup 1 省政府办公厅 调研", "已登记报省调研（11-23）"),
        ("/报国办 1", "已登记报国办单条（11-23）\n云山县 0 分 "),
        ("/上报 1", "没有写报到哪里（市、省、国办）"),
        ("/上报 1 省 12-31", "还没有到"),
        ("/上报 7 省", "没有找到编号为 2026-0007 的信息"),
    ],
)
async def test_where_an_item_is_sent_may_be_in_the_commands_own_name(full: Stage, words: str, answer: str) -> None:
    await send(full, "张三", TITLE)
    assert answer in told(await full.say("吴科员", words), "吴科员")


async def test_sending_up_is_registered_once_and_can_be_taken_back(full: Stage) -> None:
    await send(full, "张三", TITLE)
    await full.say("吴科员", "/上报 1 省")
    assert "没有重复登记" in told(await full.say("周科长", "/报省 1"), "周科长")
    heard = await full.say("吴科员", "/撤销采用 1 上报 没有报成")
    assert told(heard, "吴科员").startswith(
        "2026-0001《春耕备耕进展顺利》：已收\n撤销报省单条（11-23）登记\n云山县 -1 分（第三条）"
    )
    assert "原因：没有报成" in told(heard, "张三")
    assert await totals(full, 2) == (50, 1, 0)


async def test_the_superiors_points_may_come_with_the_adoption(full: Stage) -> None:
    await send(full, "张三", TITLE)
    heard = await full.say("吴科员", "/采用 1 省要情 9 转报 得8分 11-20")
    assert "《省政府每日要情》第9期单条（11-20，转报，上级8分）\n云山县 +16 分（第二条）" in told(heard, "吴科员")
    assert await totals(full, 2) == (1650, 1, 1)


async def test_points_the_superior_tells_later_are_waited_for_and_then_booked_on_the_day_of_the_issue(
    full: Stage,
) -> None:
    await send(full, "张三", TITLE)
    await full.say("吴科员", "/采用 1 省要情 9 直报 10-20")
    assert await totals(full, 2, "2026-10") == (0, 0, 1)
    waiting = told(await full.say("吴科员", "/外部分"), "吴科员")
    assert waiting.startswith(
        "等上级分值1件，早的在前：\n10-20 2026-0001《春耕备耕进展顺利》《省政府每日要情》第9期单条采用"
    )
    assert "等上级分值1笔，暂计0分。" in told(await full.say("张三", "/得分明细 10月"), "张三")

    heard = await full.say("周科长", "/外部分 1 7.5分", OFFICE)
    assert told(heard, OFFICE) == (
        "2026-0001《春耕备耕进展顺利》：《省政府每日要情》第9期单条（10-20，直报，上级7.5分）采用\n"
        "云山县 +7.5 分（第二条）\n已私聊告知：云山县 张三。"
    )
    assert "+7.5 分（第二条）" in told(heard, "张三")
    assert await totals(full, 2, "2026-10") == (750, 0, 1)
    assert told(await full.say("吴科员", "/外部分"), "吴科员") == "没有等上级分值的采用。"
    assert "等上级分值" not in told(await full.say("张三", "/得分明细 10月"), "张三")


async def test_who_wants_to_supply_points_is_told_how_and_for_which_journal(full: Stage) -> None:
    await send(full, "张三", TITLE)
    assert "不能" in told(await full.say("吴科员", "/外部分 1 8分"), "吴科员")
    await full.say("吴科员", "/采用 1 省要情 9 直报")
    await full.say("吴科员", "/采用 1 省信息 3 直报")
    assert "没有写上级给的分值" in told(await full.say("吴科员", "/外部分 1 省要情"), "吴科员")
    assert "请写明是哪个刊物" in told(await full.say("吴科员", "/外部分 1 8"), "吴科员")
    assert "还有1件等上级分值" in told(await full.say("吴科员", "/外部分 1 省要情 8"), "吴科员")
    assert "同样的上级分值" in told(await full.say("吴科员", "/外部分 1 省要情 8分"), "吴科员")
    await full.say("周科长", "/外部分 1 省信息 4分")
    assert "由信息科长办理" in told(await full.say("吴科员", "/外部分 1 省信息 5分"), "吴科员")


async def test_a_leader_who_is_not_the_chief_earns_half(full: Stage) -> None:
    await send(full, "张三", TITLE)
    await full.say("吴科员", "/采用 1 每日要情 128")
    heard = await full.say("吴科员", "/批示 1 副市长 11-22", OFFICE)
    assert "已登记市级领导（非主要领导）批示（11-22）\n云山县 +5 分（第四条）" in told(heard, OFFICE)
    assert "获市级领导（非主要领导）批示（11-22）" in told(heard, "张三")
    heard = await full.say("吴科员", "/批示 1 市级主要领导 11-22", OFFICE)
    assert "已登记市级领导批示（11-22）\n云山县 +10 分（第四条）" in told(heard, OFFICE)
    assert "没有重复登记" in told(await full.say("吴科员", "/批示 1 市级 分管领导 11-22"), "吴科员")


async def test_a_rank_the_measure_names_itself_is_understood(full: Stage) -> None:
    await send(full, "张三", TITLE)
    await full.say("吴科员", "/采用 1 每日要情 128")
    heard = await full.say("吴科员", "/批示 1 市政府办公室负责人")
    assert "已登记市政府办公室负责人批示（11-23）\n云山县 +5 分（第四条）" in told(heard, "吴科员")
    assert "市政府办公室负责人批示，11-23" in told(await full.say("吴科员", "/查看 1"), "吴科员")


async def test_what_was_fit_but_not_used_counts_where_the_measure_says_so(full: Stage) -> None:
    await send(full, "张三", TITLE)
    await full.say("吴科员", "/不采用 1 上期已有")
    heard = await full.say("吴科员", "/可用未用 1")
    assert "已登记符合要求未用\n云山县 +0.2 分（第一条）" in told(heard, "吴科员")
    assert "没有重复登记" in told(await full.say("吴科员", "/可用未用 1"), "吴科员")
    assert await totals(full, 2) == (70, 1, 0)
    await full.say("吴科员", "/撤销采用 1 可用未用")
    assert await totals(full, 2) == (50, 1, 0)


async def test_where_the_measure_knows_nothing_of_unused_items_that_is_said(stage: Stage) -> None:
    await send(stage, "张三", TITLE)
    assert "没有“符合要求但未采用”的计分规定" in told(await stage.say("吴科员", "/可用未用 1"), "吴科员")


async def test_every_new_fact_is_told_by_the_item_itself(full: Stage) -> None:
    await send(full, "张三", TITLE)
    for words in ("/上报 1 省", "/采用 1 省要情 9 直报", "/外部分 1 8分"):
        await full.say("吴科员", words)
    text = told(await full.say("张三", "/查看 1"), "张三")
    assert "报省单条（11-23）（吴科员" in text
    assert "原因：补登上级分值" in text
    assert "《省政府每日要情》第9期单条采用，11-23，直报（吴科员 11-23 09:41 登记），已撤销" in text
    assert "《省政府每日要情》第9期单条采用，11-23，直报，上级8分（吴科员 11-23 09:41 登记）" in text


@pytest.mark.parametrize("words", ["/上报 1 省", "/外部分", "/可用未用 1", "/批示 1 市"])
async def test_the_desks_facts_are_for_the_desk_and_in_private(full: Stage, words: str) -> None:
    await send(full, "张三", TITLE)
    assert "权限" in told(await full.say("张三", words), "张三")
    heard = await full.say("吴科员", words, GROUP)
    assert told([one for one in heard if one.to == GROUP], GROUP) == "已私聊发给您。"
