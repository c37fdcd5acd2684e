"""The urgent clock: reminders at night and on holidays, each once, and late ones after an outage."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from domain.errors import BaosongError
from domain.roster import Person, Post, Role
from domain.urgent import Grade, Kind, UrgentRules
from domain.urgent_words import Moments
from scheduler.ticker import Ticker
from scheduler.urgency import urgency_chore
from scheduler.work import WorkList
from services import urgent
from storage.engine import Store
from tests.support.office import Waiting, moment, outgoing, sample_office
from tests.support.stage import HandClock

OFFICE = sample_office()
MAJOR, PLAIN = UrgentRules().grades[1], UrgentRules().grades[3]
ZHANG = Person(5, "张三", "", (Post(2, Role.REPORTER),))
WU = Person(2, "吴科员", "", (Post(1, Role.OFFICE),))
# Sunday in the middle of the National Day holiday, a quarter past two in the morning.
NIGHT = moment("10-04", "02:15")


class Watch:
    """The clock's work on a store, moved by hand."""

    def __init__(self, store: Store) -> None:
        self.store, self.clock = store, HandClock(NIGHT)
        self.ticker = self.start()
        self.seen = 0

    def start(self) -> Ticker:
        return Ticker(self.store, self.clock, WorkList(OFFICE, (), (urgency_chore(),)))

    async def open(self, grade: Grade = MAJOR, who: Person = ZHANG) -> None:
        await self.store.run(urgent.open_case, OFFICE, who, grade, None, Moments(), self.clock.now())

    async def note(self, kind: Kind) -> None:
        case = await self.store.read(urgent.find_case, ZHANG, "")
        await self.store.run(urgent.note, OFFICE, ZHANG, case, kind, None, self.clock.now())

    async def until(self, now: datetime) -> list[Waiting]:
        """Let the time come in one leap; returns what was queued meanwhile."""
        self.clock.moment = now
        await self.ticker.tick()
        await self.ticker.tick()
        queued = await self.store.read(outgoing)
        new, self.seen = queued[self.seen :], len(queued)
        return new

    async def minute_by_minute(self, until: datetime) -> list[Waiting]:
        found: list[Waiting] = []
        while self.clock.moment < until:
            found += await self.until(self.clock.moment + timedelta(minutes=1))
        return found


def heads(messages: list[Waiting], who: str = "张三") -> list[str]:
    """When one person was told, and the line that says what."""
    return [f"{each.at[6:]} {each.text.splitlines()[1].split('。')[0]}" for each in messages if each.to == who]


async def test_both_limits_are_called_over_at_night_on_a_holiday(store: Store) -> None:
    watch = Watch(store)
    await watch.open()
    messages = await watch.minute_by_minute(moment("10-04", "03:00"))
    assert heads(messages) == [
        "02:20 电话报告还有 10分钟到限（02:30），还没有登记",
        "02:30 电话报告02:30 到限，还没有登记",
        "02:40 书面首报还有 10分钟到限（02:50），还没有登记",
        "02:50 书面首报02:50 到限，还没有登记",
    ]
    assert {each.to for each in messages} == {"张三", "钱八", "李副", "周科长", "吴科员"}
    assert messages[0].text == (
        "【紧急】急 2026-001（重大）云山县 10-04 02:15 起算\n"
        "电话报告还有 10分钟到限（02:30），还没有登记。报了就发：/紧急 电话已报 急1"
    )


async def test_what_was_reported_is_not_called_over(store: Store) -> None:
    watch = Watch(store)
    await watch.open()
    await watch.minute_by_minute(moment("10-04", "02:22"))
    await watch.note(Kind.PHONE)
    await watch.note(Kind.FIRST)
    assert heads(await watch.minute_by_minute(moment("10-04", "07:29"))) == []
    assert heads(await watch.minute_by_minute(moment("10-04", "08:01"))) == [
        "07:30 续报一还有 30分钟到限（08:00），还没有登记",
        "08:00 续报一08:00 到限，还没有登记",
    ]
    await watch.note(Kind.FOLLOW)
    await watch.until(moment("10-04", "16:00"))
    await watch.note(Kind.FOLLOW)
    assert await watch.until(moment("10-05", "07:00")) == []
    await watch.note(Kind.FINAL)
    assert await watch.until(moment("10-09", "09:00")) == []


async def test_after_an_outage_the_last_limits_are_said_once_as_late(store: Store) -> None:
    watch = Watch(store)
    await watch.open()
    messages = await watch.until(moment("10-06", "12:00"))
    assert heads(messages) == [
        "12:00 电话报告10-04 02:30 到限，还没有登记，已超过 2天9小时",
        "12:00 书面首报10-04 02:50 到限，还没有登记，已超过 2天9小时",
        "12:00 续报一08:00 到限，还没有登记，已超过 4小时",
    ]
    assert all(each.text.startswith("【补发】【紧急】") for each in messages)
    assert await watch.until(moment("10-06", "12:01")) == []
    rows = await store.read(lambda tx: tx.all("SELECT state, COUNT(*) FROM urgent_reminder GROUP BY state ORDER BY 1"))
    assert rows == [("late", 3), ("skipped", 11)]


async def test_a_report_that_comes_before_the_first_tick_after_an_outage_hides_nothing_else(store: Store) -> None:
    watch = Watch(store)
    await watch.open()
    watch.clock.moment = moment("10-04", "06:00")
    await watch.note(Kind.FIRST)
    assert heads(await watch.until(moment("10-04", "06:00"))) == [
        "06:00 电话报告02:30 到限，还没有登记，已超过 3小时30分钟"
    ]


async def test_two_processes_say_it_once(store: Store) -> None:
    watch = Watch(store)
    await watch.open(PLAIN)
    other = watch.start()
    watch.clock.moment = moment("10-04", "08:15")
    await other.tick()
    await watch.ticker.tick()
    queued = await store.read(outgoing)
    assert [each.to for each in queued].count("张三") == 1


async def test_one_opened_for_no_unit_reminds_the_office(store: Store) -> None:
    watch = Watch(store)
    await watch.open(PLAIN, WU)
    assert {each.to for each in await watch.until(moment("10-04", "08:05"))} == {"周科长", "吴科员"}


async def test_one_that_is_struck_is_silent(store: Store) -> None:
    watch = Watch(store)
    await watch.open()
    case = await store.read(urgent.find_case, WU, "急 2026-001")
    await store.run(urgent.void, OFFICE, WU, case, "误操作", watch.clock.now())
    assert await watch.until(moment("10-05", "02:15")) == []
    with pytest.raises(BaosongError, match="没有找到未终报的紧急信息"):
        await watch.note(Kind.PHONE)
