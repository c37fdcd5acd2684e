"""Next year's holidays: asked for from November on, once."""

from __future__ import annotations

from datetime import datetime

from scheduler.jobs import build_jobs
from scheduler.ticker import Ticker
from scheduler.work import Plan
from services.calendar import import_table
from storage.engine import Store
from tests.services.test_calendar import TABLE
from tests.support.office import Waiting, moment, outgoing, sample_office
from tests.support.stage import HandClock


async def warnings(store: Store, *moments: datetime) -> list[Waiting]:
    clock = HandClock(moments[0])
    ticker = Ticker(store, clock, build_jobs(Plan(None, nudges_at=None), sample_office()))
    for now in moments:
        clock.moment = now
        await ticker.tick()
    return [message for message in await store.read(outgoing) if message.kind == "calendar"]


async def test_the_head_is_told_once_in_private(store: Store) -> None:
    found = await warnings(
        store, moment("10-30"), moment("11-02", "09:00"), moment("11-03", "09:00"), moment("12-31", "09:00")
    )
    assert [(message.to, message.at) for message in found] == [("周科长", "11-02 09:00")]
    assert found[0].text.startswith("还没有录入2027年的放假安排")


async def test_installed_late_in_november_it_still_asks(store: Store) -> None:
    assert len(await warnings(store, moment("11-23", "09:41"), moment("11-24", "12:00"))) == 1


async def test_not_before_november_and_not_if_the_table_is_here(store: Store) -> None:
    assert await warnings(store, moment("10-01"), moment("10-31")) == []
    await store.run(import_table, TABLE, "cli", moment("10-31"))
    assert await warnings(store, moment("11-02", "09:01"), moment("11-30")) == []
