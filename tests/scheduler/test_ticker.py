"""What is due runs once: over restarts, downtime, jumps of the clock and faults of its own."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import date, datetime, time

import pytest

from domain.errors import NotFound, WrongState
from domain.workday import WorkCalendar
from scheduler.ticker import Ticker
from scheduler.work import Chore, Due, Job, Task, WorkList, every, latest
from storage import job as runs
from storage.engine import Store, Tx
from tests.support.office import Waiting, moment, outgoing, sample_office
from tests.support.stage import HandClock


def daily(name: str, ran: list[str], **changes: object) -> Job:
    """A job due at 10:00 every day that writes down its period."""

    def run(tx: Tx, task: Task) -> str:
        ran.append(f"{name} {task.due.period}")
        return "做了"

    def period_on(calendar: WorkCalendar, day: date) -> str:
        return day.isoformat()

    job = Job(name, "试验", time(10), period_on, run, every, "day", repeatable=True)
    return replace(job, **changes)  # type: ignore[arg-type]  # the changes name fields of Job


def ticker(store: Store, clock: HandClock, *jobs: Job) -> Ticker:
    return Ticker(store, clock, WorkList(sample_office(), jobs))


class Flaky:
    """Work that raises as long as it is broken; what it wrote before raising must be gone."""

    def __init__(self) -> None:
        self.broken = True

    def __call__(self, tx: Tx, task: Task) -> str:
        tx.run("INSERT INTO counter (name, value) VALUES ('half done', 1)")
        if self.broken:
            raise RuntimeError("broken")
        return "终于做了"


async def test_the_first_start_does_not_make_up_for_the_past(store: Store) -> None:
    ran: list[str] = []
    clock = HandClock(moment("11-23", "12:00"))
    clockwork = ticker(store, clock, daily("a", ran))
    await clockwork.tick()
    assert ran == []
    clock.forward(days=1)
    await clockwork.tick()
    await clockwork.tick()
    assert ran == ["a 2026-11-24"]


async def test_a_restart_neither_repeats_nor_forgets(store: Store) -> None:
    ran: list[str] = []
    clock = HandClock(moment("11-23", "09:59"))
    await ticker(store, clock, daily("a", ran)).tick()
    clock.forward(minutes=1)
    await ticker(store, clock, daily("a", ran)).tick()
    await ticker(store, clock, daily("a", ran)).tick()
    assert ran == ["a 2026-11-23"]


async def test_two_processes_at_the_same_moment_run_it_once(store: Store) -> None:
    ran: list[str] = []
    clock = HandClock(moment("11-23", "09:00"))
    one, other = (ticker(store, clock, daily("a", ran)) for _ in range(2))
    await one.tick()
    clock.forward(hours=2)
    await asyncio.gather(one.tick(), other.tick())
    assert ran == ["a 2026-11-23"]


async def test_after_a_jump_everything_in_between_happens_in_order(store: Store) -> None:
    ran: list[str] = []
    clock = HandClock(moment("11-23", "09:00"))
    clockwork = ticker(store, clock, daily("late", ran, at=time(15)), daily("early", ran))
    await clockwork.tick()
    clock.forward(days=1, hours=3)
    await clockwork.tick()
    assert ran == ["early 2026-11-23", "late 2026-11-23", "early 2026-11-24"]


async def test_where_only_the_last_run_counts_the_others_are_recorded_as_skipped(store: Store) -> None:
    ran: list[str] = []
    clock = HandClock(moment("11-23", "09:00"))
    clockwork = ticker(store, clock, daily("a", ran, pick=latest))
    await clockwork.tick()
    clock.forward(days=2, hours=2)
    await clockwork.tick()
    assert ran == ["a 2026-11-25"]
    skipped = await store.read(runs.find, "a", "2026-11-24")
    assert skipped is not None
    assert skipped.state == runs.SKIPPED
    assert skipped.info == "11-24 10:00 应执行时程序没有运行，已过时，不再补做"


async def test_a_travelling_clock_stops_wherever_something_is_due(store: Store) -> None:
    seen: list[str] = []

    def run(tx: Tx, task: Task) -> str:
        seen.append(f"{task.due.period} {task.now:%m-%d %H:%M}")
        return "做了"

    clock = HandClock(moment("11-23", "09:00"))

    def move(to: datetime) -> None:
        clock.moment = to

    clockwork = ticker(store, clock, daily("a", [], run=run, pick=latest))
    await clockwork.travel(moment("11-25", "09:30"), move)
    assert seen == ["2026-11-23 11-23 10:00", "2026-11-24 11-24 10:00"]
    assert clock.now() == moment("11-25", "09:30")


async def test_a_job_that_raises_leaves_nothing_behind_and_does_not_stop_the_others(store: Store) -> None:
    ran: list[str] = []
    clock = HandClock(moment("11-23", "09:00"))
    clockwork = ticker(store, clock, daily("broken", ran, run=Flaky()), daily("sound", ran))
    await clockwork.tick()
    clock.forward(hours=1)
    await clockwork.tick()
    assert ran == ["sound 2026-11-23"]
    failed = await store.read(runs.find, "broken", "2026-11-23")
    assert failed is not None
    assert failed.state == runs.FAILED
    assert "RuntimeError" in failed.info
    assert await store.read(lambda tx: tx.one("SELECT * FROM counter WHERE name = 'half done'")) is None


async def test_it_is_tried_again_later_and_then_counts_as_done(store: Store) -> None:
    clock = HandClock(moment("11-23", "09:00"))
    work = Flaky()
    clockwork = ticker(store, clock, daily("a", [], run=work))
    await clockwork.tick()
    clock.forward(hours=1)
    states: list[tuple[str, int]] = []
    for minutes in (0, 0.5, 0.5, 4, 1):
        clock.forward(minutes=minutes)
        work.broken = len(states) < 4
        await clockwork.tick()
        run = await store.read(runs.find, "a", "2026-11-23")
        assert run is not None
        states.append((run.state, run.attempts))
    assert states == [("failed", 1), ("failed", 1), ("failed", 2), ("failed", 2), ("done", 3)]


async def test_after_three_more_tries_the_administrator_is_told_once(store: Store) -> None:
    clock = HandClock(moment("11-23", "09:00"))
    clockwork = ticker(store, clock, daily("a", [], run=Flaky()))
    await clockwork.tick()
    clock.forward(hours=1)
    for _ in range(90):
        await clockwork.tick()
        clock.forward(minutes=1)
    run = await store.read(runs.find, "a", "2026-11-23")
    assert run is not None
    assert (run.attempts, run.again_ms) == (4, 0)
    told: list[Waiting] = await store.read(outgoing)
    assert [message.to for message in told] == ["管理员"]
    assert told[0].text.startswith("【报警】定时任务“试验”（2026-11-23）试了4次都没有办成，编号 ")


async def test_by_hand_it_says_when_it_ran_before_and_needs_again(store: Store) -> None:
    ran: list[str] = []
    clock = HandClock(moment("11-23", "09:00"))
    clockwork = ticker(store, clock, daily("a", ran))
    assert await clockwork.run_by_hand("a", "") == "a 2026-11-23：做了"
    with pytest.raises(WrongState, match=r"已于 11-23 09:00 执行：做了.*--again"):
        await clockwork.run_by_hand("a", "")
    assert await clockwork.run_by_hand("a", "", again=True) == "a 2026-11-23：做了（此前 11-23 09:00：做了）"
    clock.forward(hours=2)
    await clockwork.tick()
    assert len(ran) == 2


async def test_again_is_refused_where_it_would_do_harm(store: Store) -> None:
    clock = HandClock(moment("11-23", "09:00"))
    clockwork = ticker(store, clock, daily("a", [], repeatable=False))
    await clockwork.run_by_hand("a", "今天")
    with pytest.raises(WrongState, match="同一期间只发一次"):
        await clockwork.run_by_hand("a", "", again=True)


async def test_an_unknown_job_is_answered_with_those_there_are(store: Store) -> None:
    clockwork = ticker(store, HandClock(), daily("a", []), daily("b", []))
    with pytest.raises(NotFound, match="名为“c”的任务。可用：a、b"):
        await clockwork.run_by_hand("c", "")


async def test_a_chore_that_raises_rests_a_minute_and_the_clock_goes_on(store: Store) -> None:
    ran: list[str] = []
    tried: list[str] = []

    def waiting(tx: Tx, now: datetime) -> bool:
        tried.append(f"{now:%H:%M:%S}")
        return True

    clock = HandClock(moment("11-23", "10:00"))
    work = WorkList(sample_office(), (daily("a", ran, at=time(10, 0, 30)),), (Chore("broken", waiting, Flaky()),))
    clockwork = Ticker(store, clock, work)
    for _ in range(5):
        await clockwork.tick()
        clock.forward(seconds=20)
    assert tried == ["10:00:00", "10:01:00"]
    assert ran == ["a 2026-11-23"]


async def test_a_job_switched_off_and_on_again_starts_from_then(store: Store) -> None:
    ran: list[str] = []
    clock = HandClock(moment("11-23", "09:00"))
    await ticker(store, clock, daily("a", ran)).tick()
    clock.forward(days=1)
    await ticker(store, clock).tick()
    clock.forward(days=1)
    clockwork = ticker(store, clock, daily("a", ran))
    await clockwork.tick()
    assert ran == []
    clock.forward(hours=1)
    await clockwork.tick()
    assert ran == ["a 2026-11-25"]


async def test_the_next_times_are_known(store: Store) -> None:
    clock = HandClock(moment("11-23", "11:00"))
    assert await ticker(store, clock, daily("a", [])).next_times() == {"a": moment("11-24", "10:00")}


async def test_the_clockwork_ticks_by_itself_until_it_is_closed(store: Store) -> None:
    ran: list[str] = []
    clock = HandClock(moment("11-23", "09:00"))
    clockwork = ticker(store, clock, daily("a", ran))
    await clockwork.tick()
    clockwork.start()
    clock.forward(hours=1)
    for _ in range(400):
        if ran:
            break
        await asyncio.sleep(0.01)
    await clockwork.close()
    assert ran == ["a 2026-11-23"]


def test_a_day_is_due_at_its_moment_and_not_before() -> None:
    job = daily("a", [])
    found = list(job.due_between(WorkCalendar(), moment("11-23", "10:00"), moment("11-24", "10:00")))
    assert found == [Due("2026-11-24", moment("11-24", "10:00"))]
