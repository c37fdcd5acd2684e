"""The city's clock only moves forward, and lands where the buttons say."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from domain.moment import ZONE, to_ms
from domain.speech import Outgoing
from domain.workday import load_builtin
from practice.chats import Chats
from practice.clock import Leap, PracticeClock, read_offset, target
from practice.timeline import Timeline
from storage import outbox
from storage.engine import Tx
from storage.sqlite import SQLiteStore

CALENDAR = load_builtin()


def at(day: str) -> datetime:
    return datetime.fromisoformat(day).replace(tzinfo=ZONE)


@pytest.mark.parametrize(
    ("leap", "now", "lands"),
    [
        ("hour", "2026-11-23T09:41", "2026-11-23T10:41"),
        ("day", "2026-11-30T09:41", "2026-12-01T09:41"),
        ("workday", "2026-11-23T09:41", "2026-11-24T09:00"),
        ("workday", "2026-11-23T07:00", "2026-11-23T09:00"),
        ("workday", "2026-09-30T17:00", "2026-10-08T09:00"),
        ("month", "2026-11-23T09:41", "2026-12-01T09:00"),
        ("month", "2026-09-23T09:41", "2026-10-08T09:00"),
        ("month", "2026-12-23T09:41", "2027-01-01T09:00"),
    ],
)
def test_a_leap_lands_where_its_button_says(leap: Leap, now: str, lands: str) -> None:
    assert target(leap, at(now), CALENDAR) == at(lands)


def test_the_clock_never_turns_back() -> None:
    clock = PracticeClock()
    clock.forward(clock.now() - timedelta(days=1))
    assert clock.offset_ms == 0
    clock.forward(clock.now() + timedelta(days=1))
    assert abs(clock.offset_ms - 86_400_000) < 1000


class Diary:
    """A ticker that is due every midnight and writes down where the clock stood."""

    def __init__(self, clock: PracticeClock) -> None:
        self._clock = clock
        self.days: list[datetime] = []

    async def next_times(self) -> dict[str, datetime]:
        tomorrow = self._clock.now().date() + timedelta(days=1)
        return {"midnight": datetime.combine(tomorrow, datetime.min.time(), ZONE)}

    async def travel(self, until: datetime, set_clock: Callable[[datetime], None]) -> None:
        set_clock(until)
        self.days.append(until)


async def test_a_leap_stops_where_something_is_due_or_waits_to_be_said_and_survives_a_restart(tmp_path: Path) -> None:
    store = SQLiteStore(tmp_path / "practice.db")
    await store.open()
    clock = PracticeClock()
    began = clock.now()
    clock.forward(datetime.combine(began.date() + timedelta(days=1), at("2026-01-01T12:00").time(), ZONE))
    noon = clock.now()
    tonight = noon + timedelta(hours=6)
    await store.run(_queue, to_ms(tonight))
    diary = Diary(clock)
    timeline = Timeline(clock, store, diary, CALENDAR, Chats(1))
    await _leap_while_somebody_sends(timeline, store)
    assert [round((day - noon).total_seconds() / 3600) for day in diary.days] == [6, 12, 24]
    assert abs(await store.read(read_offset) - clock.offset_ms) < 2000
    await store.close()


def _queue(tx: Tx, not_before_ms: int) -> None:
    outbox.put(
        tx, "onebot", "g:1", Outgoing("到时再说"), dedup="later", kind="test", now_ms=0, not_before_ms=not_before_ms
    )


async def _leap_while_somebody_sends(timeline: Timeline, store: SQLiteStore) -> None:
    """The clock waits until what is due has gone out; here a statement stands in for the courier."""

    def send(tx: Tx) -> None:
        tx.run("UPDATE outbox SET state = 3 WHERE not_before_ms <= ?", timeline.now_ms())

    task = asyncio.create_task(timeline.leap("day"))
    while not task.done():
        await store.run(send)
        await asyncio.sleep(0.01)
    await task
