"""What could not go out in the day, because the channel was down, does not go out at night."""

from __future__ import annotations

from datetime import datetime

from domain.moment import to_ms
from domain.speech import Outgoing
from scheduler.jobs import build_jobs
from scheduler.ticker import Ticker
from scheduler.work import Plan
from services.nudges import approve, deliver, plan
from storage import outbox
from storage.engine import Store, Tx
from tests.support import city
from tests.support.office import moment, outgoing, sample_office
from tests.support.stage import HandClock

GROUP = f"g:{city.SUBMIT_GROUP}"


async def waits_until(store: Store, kind: str, queued: datetime, now: datetime) -> str:
    """A message was queued and the channel is down since; when it may go out, seen from now."""

    def put(tx: Tx) -> None:
        outbox.put(tx, "onebot", GROUP, Outgoing("话"), dedup=kind, kind=kind, now_ms=to_ms(queued))

    await store.run(put)
    await Ticker(store, HandClock(now), build_jobs(Plan(None, nudges_at=None), sample_office())).tick()
    (message,) = await store.read(outgoing)
    return message.at


async def test_a_scoreboard_that_missed_its_day_waits_for_the_next_morning(store: Store) -> None:
    assert await waits_until(store, "scoreboard", moment("11-02"), moment("11-02", "22:00")) == "11-03 08:30"


async def test_in_speaking_hours_it_goes_as_soon_as_it_can(store: Store) -> None:
    assert await waits_until(store, "scoreboard", moment("11-02"), moment("11-02", "15:00")) == "11-02 09:00"


async def test_an_answer_goes_at_any_hour(store: Store) -> None:
    assert await waits_until(store, "answer", moment("11-02"), moment("11-02", "22:00")) == "11-02 09:00"


async def test_a_day_off_of_the_office_counts(store: Store) -> None:
    off = "INSERT INTO calendar_day (day, workday, source) VALUES ('2026-11-03', 0, '通知')"
    await store.run(lambda tx: tx.run(off))
    assert await waits_until(store, "scoreboard", moment("11-02"), moment("11-03", "09:00")) == "11-04 08:30"


async def test_a_nudge_that_is_stuck_until_the_month_is_over_is_dropped_with_the_reason(store: Store) -> None:
    office, now = sample_office(), moment("11-30", "15:00")

    def nudge(tx: Tx) -> None:
        plan(tx, office, now)
        approve(tx, office, None, "clock", now)
        assert deliver(tx, office, now, lambda notice: "请报送").sent

    await store.run(nudge)
    assert await store.run(outbox.drop_expired, to_ms(moment("11-30", "23:59"))) == 0
    assert await store.run(outbox.drop_expired, to_ms(moment("12-01", "00:00"))) > 0
    reasons = await store.read(lambda tx: tx.all("SELECT DISTINCT error FROM outbox WHERE kind = 'nudge'"))
    assert reasons == [("过了时限，不再发送",)]
