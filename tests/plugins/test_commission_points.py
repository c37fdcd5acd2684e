"""From /约稿 to /得分明细: what units do with a commission is what the measure counts, and taking it back takes the
points back."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.settings import Settings
from tests.plugins.asking_stories import lines, only
from tests.support.office import moment
from tests.support.stage import Stage, staged

MEASURE = """
id = "commissions"
title = "约稿考核办法"
effective_from = 2026-01-01
classes = ["县（市、区）", "重点部门", "一般部门"]

[articles]
1 = "报送的每条1分；市级刊物采用的每条3分。"
2 = "完成约稿的加2分，约稿被采用的另加5分。"
3 = "约稿未报的每次扣5分，逾期的每次扣2分；一年两次以上的，当年按零分处理。"

[[journal]]
code = "MRYQ"
name = "每日要情"
level = "city"

[[rule]]
kind = "submission"
article = 1
points = 1

[[rule]]
kind = "adoption"
article = 1
levels = ["city"]
points = 3

[[rule]]
kind = "commission"
article = 2
outcome = "done"
points = 2

[[rule]]
kind = "commission"
article = 2
outcome = "adopted"
points = 5

[[rule]]
kind = "event"
article = 3
events = ["commission.missed"]
points = -5

[[rule]]
kind = "event"
article = 3
events = ["commission.late"]
points = -2

[[rule]]
kind = "zero_out"
article = 3
events = ["commission.missed", "commission.late"]
at_least = 2
"""
BODY = "截至11月22日，全县完成八成以上，同比增加三个百分点，资金当日结清，群众满意。"
HEAD, CLERK = "周科长", "吴科员"


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Stage]:
    """Two commissions to 云山县 and 清河区, due on Friday. 云山县 answers one in time, which is adopted, and one a day
    late; 清河区 answers none. On Saturday the office closes all."""
    file = tmp_path / "measure.toml"
    file.write_text(MEASURE, "utf-8")
    settings = Settings.model_validate({"office": {"measures": [str(file)]}})
    async with staged(tmp_path, settings=settings) as set_up:
        await the_week(set_up)
        yield set_up


async def the_week(stage: Stage) -> None:
    for topic in ("全市夏粮收购情况", "冬季旅游开局情况"):
        await stage.say(CLERK, f"/约稿 {topic}\n要求：写清进度\n时间：周五下班前\n单位：云山县、清河区")
        assert "已下达" in only(await stage.say(CLERK, "确认"), CLERK)
    await stage.say("张三", f"#约1 云山县夏粮收购情况\n{BODY}")
    await stage.say(CLERK, "/采用 1 每日要情 128")
    stage.clock.moment = moment("11-28", "10:00")
    await stage.say("张三", f"#约2 云山县冬季旅游开局情况\n{BODY}")
    await stage.say(CLERK, "/销号 约1 全部")
    await stage.say(CLERK, "/销号 约2 全部 已报未采用")
    for number in (1, 2):
        await stage.say(HEAD, f"/销号 约{number} 清河区 未完成 逾期未报")


async def november_is_settled(stage: Stage) -> None:
    stage.clock.moment = moment("12-01")
    for step in ("截止", "计分"):
        await stage.say(CLERK, f"/考评 {step} 11月")


async def detail(stage: Stage, who: str, period: str = "今年") -> list[str]:
    """What somebody reads of the own unit's points, without the time of asking."""
    return lines(only(await stage.say(who, f"/得分明细 {period} 全部"), who))[:-1]


async def test_whoever_answers_reads_done_adopted_and_late_with_commission_and_article(stage: Stage) -> None:
    assert await detail(stage, "张三", "11月") == [
        "云山县 2026年11月全部：12分",
        "11-28 约稿完成（约 2026-002） +2分（第二条，吴科员）",
        "11-28 2026-0002《云山县冬季旅游开局情况》报送信息 +1分（第一条，张三）",
        "11-27 约稿逾期（约 2026-002） -2分（第三条，吴科员）",
        "11-23 约稿完成（约 2026-001） +2分（第二条，吴科员）",
        "11-23 2026-0001《云山县夏粮收购情况》约稿信息被采用 +5分（第二条，吴科员）",
        "11-23 2026-0001《云山县夏粮收购情况》《每日要情》第128期单条采用 +3分（第一条，吴科员）",
        "11-23 2026-0001《云山县夏粮收购情况》报送信息 +1分（第一条，张三）",
    ]


async def test_two_missed_set_the_year_to_zero_and_once_late_does_not(stage: Stage) -> None:
    assert "得分-10分" in only(await stage.say("王五", "/得分明细 11月"), "王五")
    await november_is_settled(stage)
    assert await detail(stage, "王五") == [
        "清河区 2026年全部：0分",
        "11-30 1-11月约稿未报2次，达到2次，全年按零分处理，累计-10分归零 +10分（第三条）",
        "11-27 约稿未报（约 2026-002） -5分（第三条，周科长）",
        "11-27 约稿未报（约 2026-001） -5分（第三条，周科长）",
    ]
    assert (await detail(stage, "张三"))[0] == "云山县 2026年全部：12分"


async def test_opening_a_share_again_takes_its_points_and_the_zero_back_for_that_unit_alone(stage: Stage) -> None:
    await november_is_settled(stage)
    await stage.say(HEAD, "/重开 约2 清河区 省里要求补报")
    assert await detail(stage, "王五") == [
        "清河区 2026年全部：-5分",
        "11-30 扣回：1-11月约稿未报2次，达到2次，全年按零分处理，累计-10分归零 -10分（第三条）",
        "11-30 1-11月约稿未报2次，达到2次，全年按零分处理，累计-10分归零 +10分（第三条）",
        "11-27 扣回：约稿未报（约 2026-002） +5分（第三条，周科长）",
        "11-27 约稿未报（约 2026-002） -5分（第三条，周科长）",
        "11-27 约稿未报（约 2026-001） -5分（第三条，周科长）",
    ]
    assert (await detail(stage, "张三"))[0] == "云山县 2026年全部：12分"


async def test_whoever_is_exempted_after_all_has_missed_nothing(stage: Stage) -> None:
    await november_is_settled(stage)
    for number in (1, 2):
        await stage.say(HEAD, f"/重开 约{number} 清河区 情况特殊")
        closed = await stage.say(HEAD, f"/销号 约{number} 清河区 免除 本区受灾")
        assert "按“免除”销号" in only(closed, "王五")
    shown = await detail(stage, "王五")
    assert shown[0] == "清河区 2026年全部：0分"
    assert [line for line in shown if "归零" in line and "扣回" not in line] == [shown[2]]
    assert sum("扣回：约稿未报" in line for line in shown) == 2
    assert "清河区，0分" in only(await stage.say(CLERK, "/排名 今年"), CLERK)


async def test_missed_again_after_it_was_opened_counts_again(stage: Stage) -> None:
    await november_is_settled(stage)
    await stage.say(HEAD, "/重开 约2 清河区 到12月3日 省里要求补报")
    stage.clock.moment = moment("12-07")
    await stage.say(HEAD, "/销号 约2 清河区 未完成 仍未报")
    shown = await detail(stage, "王五", "12月")
    assert shown == ["清河区 2026年12月全部：-5分", "12-03 约稿未报（约 2026-002） -5分（第三条，周科长）"]
    assert (await detail(stage, "王五"))[0] == "清河区 2026年全部：-10分"
