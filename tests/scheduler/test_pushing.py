"""The clock looks after pushes: what is refused goes another way, a platform that refuses all is left alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from domain.moment import to_ms
from scheduler.jobs import build_jobs
from scheduler.ticker import Ticker
from scheduler.work import Plan
from services.commissions.brief import Brief
from services.commissions.drafting import draft
from services.commissions.issuing import issue
from services.office import CommissionPolicy
from storage import outbox, push, roster
from storage.engine import Store, Tx
from storage.outbox import Sending
from tests.support.office import moment, sample_office
from tests.support.stage import HandClock

OFFICE = replace(sample_office(), commissions=CommissionPolicy(stop_after=1))
NOW = moment("11-23", "09:41")


def issued(tx: Tx) -> int:
    clerk = roster.person(tx, 2, NOW.date())
    assert clerk is not None
    brief = Brief(topic="夏粮收购", due="周五下班前", units="云山县、清河区")
    commission = draft(tx, OFFICE, brief, clerk, NOW).commission
    issue(tx, OFFICE, commission.id, clerk, NOW)
    return commission.id


def refused(tx: Tx, *targets: str) -> None:
    for target in targets:
        parcel = outbox.take(tx, "onebot", target, to_ms(NOW))
        assert parcel is not None
        outbox.settle(tx, parcel.id, Sending.REFUSED, to_ms(NOW))


async def after_a_tick(store: Store, commission_id: int, now: datetime = NOW) -> dict[str, str]:
    """Target → state, once the clock has looked."""
    await Ticker(store, HandClock(now), build_jobs(Plan(None, nudges_at=None, reminders=False), OFFICE)).tick()
    pushes = await store.read(push.of_commission, commission_id)
    return {one.target: "HELD" if one.held else one.state.name for one in pushes}


async def test_one_refusal_is_tried_at_the_other_reporter(store: Store) -> None:
    id = await store.run(issued)
    await store.run(refused, "p:20001")
    assert await after_a_tick(store, id) == {
        "g:200001": "PENDING", "p:20001": "REFUSED", "p:20003": "PENDING", "p:20006": "PENDING",
    }  # fmt: skip


async def test_refusals_in_a_row_hold_back_the_rest(store: Store) -> None:
    id = await store.run(issued)
    await store.run(refused, "g:200001", "p:20001")
    assert (await after_a_tick(store, id))["p:20003"] == "HELD"


async def test_what_is_late_waits_for_the_morning(store: Store) -> None:
    id = await store.run(issued)
    evening = moment("11-23", "20:00")
    assert set((await after_a_tick(store, id, evening)).values()) == {"PENDING"}
    assert await store.read(outbox.due_targets, to_ms(evening)) == []
