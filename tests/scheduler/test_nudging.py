"""Nudges by the clock: with the office's approval, or by themselves."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from domain.moment import show_time
from scheduler.jobs import build_jobs
from scheduler.ticker import Ticker
from scheduler.work import Plan
from services import nudges
from services.office import NudgePolicy, Office
from storage.engine import Store, Tx
from tests.support.office import Waiting, book, moment, outgoing, sample_office
from tests.support.stage import HandClock

ASKING = sample_office()
BY_ITSELF = replace(ASKING, nudges=NudgePolicy(approval=False))
PLAN = Plan(scoreboard_at=None)


def lazy(tx: Tx) -> None:
    """Only 云山县 (2) has sent nothing."""
    for unit_id, submitted in ((3, 8), (4, 5), (5, 3)):
        book(tx, unit_id, "11-02", submitted=submitted, adopted=submitted)


class Days:
    """The clock's work on a store, moved from moment to moment."""

    def __init__(self, store: Store, office: Office) -> None:
        self.store, self.clock = store, HandClock(moment("11-12", "12:00"))
        self.ticker = Ticker(store, self.clock, build_jobs(PLAN, office))

    async def until(self, now: datetime) -> list[Waiting]:
        """Let the time come; returns the nudges and notes about them so far."""
        await self.ticker.tick()
        self.clock.moment = now
        await self.ticker.tick()
        return [message for message in await self.store.read(outgoing) if message.kind.startswith("nudge")]


async def test_the_head_is_told_that_something_waits_and_nothing_else_goes(store: Store) -> None:
    await store.run(lazy)
    (message,) = await Days(store, ASKING).until(moment("11-13", "09:30"))
    assert (message.to, message.kind) == ("周科长", "nudges wait")
    assert message.text == "今天有1条催报等您审批，发“/催报”查看，批准后才会发出。"


async def test_without_a_head_the_desk_is_told(store: Store) -> None:
    await store.run(lazy)
    await store.run(lambda tx: tx.run("UPDATE account SET valid_to_ms = 1 WHERE account = '10001'"))
    (message,) = await Days(store, ASKING).until(moment("11-13", "09:30"))
    assert message.to == "吴科员"


async def test_with_nothing_to_plan_nobody_is_bothered(store: Store) -> None:
    await store.run(lazy)
    await store.run(lambda tx: book(tx, 2, "11-10", submitted=8, adopted=8))
    assert await Days(store, ASKING).until(moment("11-13", "09:30")) == []


async def test_what_is_approved_goes_at_the_next_tick(store: Store) -> None:
    await store.run(lazy)
    days = Days(store, ASKING)
    await days.until(moment("11-13", "09:30"))
    await store.run(nudges.approve, ASKING, None, "person:1", moment("11-13", "10:00"))
    messages = await days.until(moment("11-13", "10:00"))
    assert [(message.to, message.at) for message in messages[1:]] == [("张三", "11-13 10:00")]


async def test_without_approval_they_go_by_themselves_at_the_hour(store: Store) -> None:
    await store.run(lazy)
    days = Days(store, BY_ITSELF)
    assert await days.until(moment("11-13", "09:29")) == []
    messages = await days.until(moment("11-13", "09:30"))
    assert [(message.to, message.kind) for message in messages] == [("张三", "nudge")]
    assert await days.until(moment("11-13", "17:00")) == messages


async def test_they_do_not_go_on_a_day_off(store: Store) -> None:
    await store.run(lazy)
    days = Days(store, BY_ITSELF)
    await days.until(moment("11-12", "20:00"))
    assert await days.until(moment("11-14", "09:40")) == []
    assert len(await days.until(moment("11-16", "09:30"))) == 1


async def test_a_week_of_downtime_makes_one_nudge_not_five(store: Store) -> None:
    await store.run(lazy)
    messages = await Days(store, BY_ITSELF).until(moment("11-20", "15:00"))
    assert [(message.to, message.at) for message in messages] == [("张三", "11-20 15:00")]


async def test_a_travelling_clock_sees_the_whole_escalation(store: Store) -> None:
    await store.run(lazy)
    days = Days(store, BY_ITSELF)

    def move(to: datetime) -> None:
        days.clock.moment = to

    await days.ticker.travel(moment("11-20", "12:00"), move)
    settled = "SELECT p.name, n.settled_ms FROM nudge n JOIN person p ON p.id = n.person_id WHERE n.state = 'sent'"
    rows = await store.read(lambda tx: tx.all(f"{settled} ORDER BY n.id"))
    assert [(name, show_time(at_ms)) for name, at_ms in rows] == [
        ("张三", "11-13 09:30"), ("钱八", "11-16 09:30"), ("李副", "11-18 09:30"),
    ]  # fmt: skip
