"""What the end of a commission or an urgent case means for the unit's points, as people bring it about."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path

import pytest

from bot.settings import Settings
from services import points
from storage import ledger, unit_fact
from storage.engine import Tx
from tests.plugins.commission_stories import issue
from tests.plugins.item_stories import send
from tests.services.test_points import TEXT
from tests.support.office import moment
from tests.support.stage import Stage, staged

YUNSHAN = 2
LATE = """
[[rule]]
kind = "event"
article = 8
events = ["commission.late", "urgent.late"]
points = -2
[[rule]]
kind = "commission"
article = 5
outcome = "done"
points = 1
"""


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Stage]:
    """The city under a measure that takes 5 points for a missed commission, and the whole year for two."""
    file = tmp_path / "measure.toml"
    file.write_text(TEXT + LATE, "utf-8")
    settings = Settings.model_validate({"office": {"measures": [str(file)]}})
    async with staged(tmp_path, settings=settings) as set_up:
        yield set_up


async def events(stage: Stage) -> list[tuple[str, str, str]]:
    """(event, day, reason) of what is known about 云山县."""
    found = await stage.store.read(unit_fact.live, YUNSHAN)
    return [(one.event, f"{one.day:%m-%d}", one.reason) for one in found]


async def year(stage: Stage) -> int:
    """云山县's points of the year."""
    return (await stage.store.read(ledger.sums_of, YUNSHAN, ["2026"]))[0]


async def test_two_commissions_not_answered_set_the_year_to_zero_until_one_is_opened_again(stage: Stage) -> None:
    for _ in range(2):
        await issue(stage)
    await send(stage, "张三", "云山县冬麦长势良好")
    stage.clock.moment = moment("11-30")
    for number in (1, 2):
        await stage.say("周科长", f"/销号 约{number} 云山县 未完成 逾期未报")
    assert await events(stage) == [
        ("commission.missed", "11-27", "约 2026-001 未完成"),
        ("commission.missed", "11-27", "约 2026-002 未完成"),
    ]
    assert await year(stage) == 100 - 2 * 500

    def compute(tx: Tx) -> None:
        points.settle_month(tx, stage.office, date(2026, 11, 30), stage.clock.now())
        tx.run(
            "INSERT INTO score_cycle (period, state, first_day, last_day, changed_ms)"
            " VALUES ('2026-11', 'computed', '2026-11-01', '2026-11-30', 0)"
        )

    stage.clock.moment = moment("12-01")
    await stage.store.run(compute)
    assert await year(stage) == 0
    await stage.say("周科长", "/重开 约1 云山县 省里要求补报")
    assert await events(stage) == [("commission.missed", "11-27", "约 2026-002 未完成")]
    assert await year(stage) == 100 - 500 - 11 * 200


async def test_whoever_answered_late_is_told_so_by_the_measure_and_whoever_answered_in_time_is_not(
    stage: Stage,
) -> None:
    await issue(stage)
    await issue(stage)
    await send(stage, "张三", "#约1 云山县冬麦长势良好")
    stage.clock.moment = moment("11-28", "10:00")
    await send(stage, "张三", "#约2 云山县冬季农业生产进度")
    assert await events(stage) == []
    for number in (1, 2):
        await stage.say("吴科员", f"/销号 约{number} 云山县 已报未采用")
    assert await events(stage) == [
        ("commission.done", "11-23", "约 2026-001 已报送"),
        ("commission.done", "11-28", "约 2026-002 已报送"),
        ("commission.late", "11-27", "约 2026-002 逾期报送"),
    ]
    assert await year(stage) == 2 * 100 + 2 * 100 - 200


async def test_an_exempted_share_means_nothing(stage: Stage) -> None:
    await issue(stage)
    await stage.say("周科长", "/销号 约1 云山县 免除 本县无此项工作")
    assert await events(stage) == []


async def test_feedback_that_was_asked_for_and_did_not_come_is_missed_feedback(stage: Stage) -> None:
    await issue(stage)
    await stage.store.run(lambda tx: tx.run("UPDATE commission SET class = '反馈'"))
    stage.clock.moment = moment("11-30")
    await stage.say("周科长", "/销号 约1 云山县 未完成 逾期未报")
    assert await events(stage) == [("feedback.missed", "11-27", "约 2026-001 未完成")]


async def test_an_urgent_report_that_came_late_costs_points_when_the_case_ends(stage: Stage) -> None:
    await stage.say("张三", "/紧急 重大")
    stage.clock.forward(minutes=10)
    await stage.say("张三", "/紧急 电话已报 急1")
    stage.clock.forward(minutes=40)
    await stage.say("张三", "/紧急 首报 急1")
    assert await events(stage) == []
    stage.clock.forward(hours=2)
    await stage.say("张三", "/紧急 终报 急1")
    assert await events(stage) == [("urgent.late", "11-23", "急 2026-001 书面首报超时")]
    assert await year(stage) == -200


async def test_an_urgent_report_in_time_costs_nothing(stage: Stage) -> None:
    await stage.say("张三", "/紧急 重大")
    stage.clock.forward(minutes=10)
    for said in ("电话已报", "首报", "终报"):
        await stage.say("张三", f"/紧急 {said} 急1")
    assert await events(stage) == []
