"""The bulletin's job: when it is due, that it happens once, what it leaves to people."""

from __future__ import annotations

from datetime import datetime

import pytest

from domain.cycle import State, Step
from domain.errors import WrongState
from domain.period import month_of
from domain.workday import load_builtin
from scheduler.bulletin import bulletin_job
from scheduler.jobs import build_jobs
from scheduler.ticker import Ticker
from scheduler.work import Plan
from services.bulletins import drafting
from storage import bulletin, cycle
from storage.engine import Store, Tx
from tests.support.office import Waiting, book, moment, outgoing, sample_office
from tests.support.stage import HandClock

PLAN = Plan(scoreboard_at=None, nudges_at=None, reminders=False)


def due_days(first: str, last: str) -> list[str]:
    job = bulletin_job(moment("01-01", "09:10").time())
    found = job.due_between(load_builtin(), moment(first, "00:00"), moment(last, "23:59"))
    return [f"{due.moment:%m-%d %H:%M} {due.period}" for due in found]


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        ("10-01", "10-31", ["10-08 09:10 2026-09"]),
        ("01-01", "01-31", ["01-04 09:10 2025-12"]),
        ("08-01", "09-30", ["08-03 09:10 2026-07", "09-01 09:10 2026-08"]),
    ],
)
def test_it_is_due_on_the_first_working_day_of_the_month(first: str, last: str, expected: list[str]) -> None:
    assert due_days(first, last) == expected


def fill_october(tx: Tx) -> None:
    book(tx, 2, "10-12", points=4300, submitted=8, adopted=4)


async def run_until(store: Store, start: datetime, end: datetime, plan: Plan = PLAN) -> list[Waiting]:
    """The clock stands at `start`, then at `end`; returns what is told of bulletins."""
    clock = HandClock(start)
    ticker = Ticker(store, clock, build_jobs(plan, sample_office()))
    await ticker.tick()
    clock.moment = end
    await ticker.tick()
    return [message for message in await store.read(outgoing) if message.kind == "bulletin"]


async def test_it_takes_the_month_as_far_as_the_units_and_stops_there(store: Store) -> None:
    await store.run(fill_october)
    await run_until(store, moment("10-31"), moment("11-02", "09:10"))
    assert await store.read(cycle.state_of, "2026-10") is State.SHOWN
    steps = await store.read(cycle.steps, "2026-10")
    assert [(one.step, one.person_id) for one in steps] == [(Step.CUT_OFF, 0), (Step.COMPUTE, 0), (Step.SHOW, 0)]
    filed = await store.read(bulletin.find, "2026-10")
    assert filed is not None
    assert not filed.is_signed


async def test_steps_somebody_took_before_stay(store: Store) -> None:
    await store.run(fill_october)

    def prepared(tx: Tx) -> None:
        drafting.prepare(tx, sample_office(), month_of(moment("10-01").date()), moment("11-01"))

    await store.run(prepared)
    before = await store.read(cycle.steps, "2026-10")
    await run_until(store, moment("10-31"), moment("11-02", "09:10"))
    assert await store.read(cycle.steps, "2026-10") == before


async def test_it_goes_out_once_over_ticks_and_restarts(store: Store) -> None:
    for _ in range(2):
        told = await run_until(store, moment("10-31"), moment("11-02", "09:10"))
    assert len([message for message in told if message.text]) == 2  # the head and the clerk


async def test_after_downtime_the_months_that_were_missed_are_drafted(store: Store) -> None:
    await run_until(store, moment("08-15"), moment("11-04", "10:00"))
    states = {period: await store.read(cycle.state_of, f"2026-{period}") for period in ("07", "08", "09", "10")}
    assert states == {"07": State.OPEN, "08": State.SHOWN, "09": State.SHOWN, "10": State.SHOWN}


async def test_what_was_signed_by_hand_is_not_drafted_again(store: Store) -> None:
    def signed(tx: Tx) -> None:
        id = bulletin.draft(tx, "2026-10", "h", "{}", b"", b"x", 1)
        bulletin.sign(tx, id, bulletin.Signature("", 2026, 0, "h", "{}", b"", 1), 2)

    await store.run(signed)
    assert await run_until(store, moment("10-31"), moment("11-02", "09:10")) == []


async def test_without_anybody_assessed_it_says_so_and_may_be_made_good(store: Store) -> None:
    await store.run(lambda tx: tx.run("DELETE FROM unit_class"))
    assert await run_until(store, moment("10-31"), moment("11-02", "09:10")) == []
    clock = HandClock(moment("11-02", "10:00"))
    ticker = Ticker(store, clock, build_jobs(PLAN, sample_office()))
    assert "没有参加考评的单位" in await ticker.run_by_hand("bulletin", "2026-10")


async def test_it_cannot_be_run_twice_by_hand(store: Store) -> None:
    ticker = Ticker(store, HandClock(moment("11-02", "10:00")), build_jobs(PLAN, sample_office()))
    said = await ticker.run_by_hand("bulletin", "2026-10")
    assert said == "bulletin 2026-10：2026年10月通报草稿已拟（核对中），已私聊信息科2人"
    with pytest.raises(WrongState, match="不能再执行一次"):
        await ticker.run_by_hand("bulletin", "2026-10", again=True)


async def test_switched_off_the_clock_leaves_the_months_alone(store: Store) -> None:
    plan = Plan(scoreboard_at=None, nudges_at=None, reminders=False, bulletin_at=None)
    assert await run_until(store, moment("10-31"), moment("11-02", "09:10"), plan) == []
    assert await store.read(cycle.state_of, "2026-10") is State.OPEN
