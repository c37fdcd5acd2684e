"""The run: a virtual clock, outages, people at work, the bot's ticks, and a postman."""

from __future__ import annotations

import tempfile
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, time, timedelta
from pathlib import Path
from random import Random

from benchmarks.simulate.checks import Promise, Verdicts, check
from benchmarks.simulate.people import People
from benchmarks.simulate.town import settle
from bot.office import build_office
from bot.settings import Settings
from domain.commission import Stage
from domain.moment import ZONE, to_ms
from scheduler.quiet_hours import quiet_chore
from scheduler.reminding import digest_job, reminding_chore
from scheduler.ticker import Ticker
from scheduler.work import WorkList
from storage import commission as commissions
from storage import outbox
from storage.engine import Store, Tx
from storage.outbox import Sending
from storage.sqlite import SQLiteStore

SETTLED = timedelta(days=40)
"""How long the clock goes on after the last commission, so that every ladder comes to its end."""

LONGEST_OUTAGE_MINUTES = 7 * 24 * 60


@dataclass(frozen=True, slots=True)
class Size:
    """How much is played. `cap` is how many reminders a person may get a day."""

    units: int = 100
    commissions: int = 300
    days: int = 365
    outages: int = 60
    seed: int = 2026
    cap: int = 1


@dataclass(slots=True)
class Played:
    """What was played, and what the checks found."""

    size: Size
    ticks: int
    outages: list[timedelta]
    dark: list[timedelta]
    acts: dict[str, int]
    refused: int
    found: Verdicts


@dataclass(slots=True)
class VirtualClock:
    """The time is what the run says it is."""

    moment: datetime

    def now(self) -> datetime:
        return self.moment


@dataclass(slots=True)
class _Spans:
    """Times during which something is down: begin → end, in order."""

    spans: list[tuple[datetime, datetime]] = field(default_factory=list)

    def end_of(self, moment: datetime) -> datetime | None:
        """The end of the span a moment lies in."""
        return next((end for begin, end in self.spans if begin <= moment < end), None)

    @property
    def lengths(self) -> list[timedelta]:
        return [end - begin for begin, end in self.spans]


def spans(random: Random, begin: datetime, days: int, number: int) -> _Spans:
    """Outages of one minute to seven days, as many short ones as long ones, one after the other."""
    moments = sorted(begin + timedelta(minutes=random.uniform(0, days * 1440)) for _ in range(number))
    found: list[tuple[datetime, datetime]] = []
    for moment in moments:
        start = max(moment, found[-1][1] + timedelta(hours=1)) if found else moment
        minutes = LONGEST_OUTAGE_MINUTES ** random.random()
        found.append((start, start + timedelta(minutes=minutes)))
    return _Spans(found)


class Year:
    """One run over one database file."""

    def __init__(self, size: Size, say: Callable[[str], None]) -> None:
        self._size, self._say = size, say
        self._random = Random(size.seed)
        office = build_office(Settings())
        self._office = replace(office, reminders=replace(office.reminders, per_person_per_day=size.cap))
        self._begin = datetime(2026, 1, 4, 8, tzinfo=ZONE)
        self._clock = VirtualClock(self._begin)
        self._outages = spans(self._random, self._begin, size.days, size.outages)
        self._dark = spans(self._random, self._begin, size.days, size.outages // 3)
        self._promises: set[Promise] = set()
        self._ticks = 0

    async def play(self, path: Path) -> Played:
        """Play it all and check it."""
        async with _opened(path) as store:
            town = await store.run(settle, self._size.units, self._random)
        people = People(town, self._office, self._random)
        for _ in range(self._size.commissions):
            people.issue_at(self._working_moment())
        end = self._begin + timedelta(days=self._size.days) + SETTLED
        while self._clock.moment < end:
            async with _opened(path) as store:
                await self._until_outage(store, people, end)
        async with _opened(path) as store:
            found = await store.read(check, self._office, self._promises)
        return Played(
            self._size, self._ticks, self._outages.lengths, self._dark.lengths, people.acts, people.refused, found
        )

    async def _until_outage(self, store: Store, people: People, end: datetime) -> None:
        """The bot runs until the next outage, which takes it and the people's plans with it."""
        work = WorkList(self._office, (digest_job(),), (reminding_chore(), quiet_chore(self._office)))
        ticker = Ticker(store, self._clock, work)
        late = self._random.random() < 0.5
        month = self._clock.moment.month
        while self._clock.moment < end:
            if late:
                await ticker.tick()  # the clock may look before anybody has said what they meant to say
                self._clock.moment += timedelta(seconds=1)
                late = False
            await self._people_act(store, people)
            await ticker.tick()
            self._ticks += 1
            if self._dark.end_of(self._clock.moment) is None:
                await store.run(deliver, to_ms(self._clock.moment))
            self._clock.moment += self._step()
            if self._clock.moment.month != month:
                month = self._clock.moment.month
                self._say(f"{self._clock.moment:%Y-%m}")
            back = self._outages.end_of(self._clock.moment)
            if back is not None:
                self._clock.moment = back
                return

    async def _people_act(self, store: Store, people: People) -> None:
        """What people do, and which due times hold after it: each was promised a ladder."""
        people.touched.clear()
        await people.act_until(store, self._clock.moment)
        for commission_id in people.touched:
            for one in await store.read(commissions.assignments, commission_id):
                if one.now.stage is not Stage.CLOSED:
                    self._promises.add(Promise(one.id, one.now.due_ms))

    def _step(self) -> timedelta:
        """The clock looks often by day and seldom by night; never at round times."""
        by_day = 7 <= self._clock.moment.hour < 18
        return timedelta(seconds=self._random.randrange(40, 900 if by_day else 3000))

    def _working_moment(self) -> datetime:
        """When the office issues something: on working days, mostly in hours, sometimes at night."""
        while True:
            day = (self._begin + timedelta(days=self._random.randrange(self._size.days))).date()
            if self._office.calendar.is_workday(day):
                hour = self._random.choice([8, 9, 10, 11, 14, 15, 16, 17, 21])
                return datetime.combine(day, time(hour, self._random.randrange(60)), tzinfo=ZONE)


@asynccontextmanager
async def _opened(path: Path) -> AsyncIterator[Store]:
    store = SQLiteStore(path)
    await store.open()
    try:
        yield store
    finally:
        await store.close()


def deliver(tx: Tx, now_ms: int) -> None:
    """The postman: whatever may go out goes, as the courier would have it."""
    outbox.drop_expired(tx, now_ms)
    for platform, target in outbox.due_targets(tx, now_ms):
        while (parcel := outbox.take(tx, platform, target, now_ms)) is not None:
            outbox.settle(tx, parcel.id, Sending.SENT, now_ms, platform_id=str(parcel.id))


async def play(size: Size, say: Callable[[str], None]) -> Played:
    """Play one run in a temporary file."""
    with tempfile.TemporaryDirectory(prefix="baosong-simulate-") as folder:
        return await Year(size, say).play(Path(folder) / "year.db")
