"""The year turns: units keep their class until the office imports other ones, and the head is told to look."""

from __future__ import annotations

from datetime import datetime

from domain.moment import ZONE
from scheduler.jobs import build_jobs
from scheduler.ticker import Ticker
from scheduler.work import Plan
from storage import roster, roster_write
from storage.engine import Store
from tests.support.office import outgoing, sample_office
from tests.support.stage import HandClock

EVE = datetime(2026, 12, 31, 23, 59, 50, tzinfo=ZONE)
MORNING = datetime(2027, 1, 1, 0, 0, 1, tzinfo=ZONE)


async def turned(store: Store) -> list[tuple[str, str]]:
    clock = HandClock(EVE)
    ticker = Ticker(store, clock, build_jobs(Plan(None, nudges_at=None), sample_office()))
    await ticker.tick()
    clock.moment = MORNING
    await ticker.tick()
    await ticker.tick()
    return [(m.to, m.text) for m in await store.read(outgoing) if "考评类别" in m.text]


async def test_every_unit_goes_on_in_its_class_and_the_head_is_told_once(store: Store) -> None:
    before = {unit.id: unit.class_name for unit in await store.read(roster.units, EVE.date())}
    told = await turned(store)
    after = {unit.id: unit.class_name for unit in await store.read(roster.units, MORNING.date())}
    assert after == before
    assert any(after.values())
    assert [to for to, _ in told] == ["周科长"]
    assert "2027年" in told[0][1]


async def test_a_class_the_office_has_entered_for_the_new_year_stands(store: Store) -> None:
    first = next(u for u in await store.read(roster.units, EVE.date()) if u.class_name)
    await store.run(roster_write.set_class, first.id, 2027, "一般部门")
    await turned(store)
    assert await store.read(roster.class_of, first.id, MORNING.date()) == "一般部门"
