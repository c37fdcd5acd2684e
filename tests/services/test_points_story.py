"""Any story of facts, settled and frozen months gives in sum what counting everything anew gives, and its boards of the
past are those that were seen then."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain.period import parse_period
from domain.scoring import score_item
from domain.scoring.settle import settle
from services import points
from services.board import Row, boards, boards_as_of
from services.office import class_lookup
from services.points.settling import record_of
from services.points.units import worth_of
from storage import item as items
from storage import ledger, recount, replay, settlement, unit_fact
from storage.engine import Store, Tx
from storage.ledger import NewFact
from storage.unit_fact import NewUnitFact
from tests.services.test_points import OFFICE
from tests.support.facts import CLERK, an_item
from tests.support.office import moment

COUNTIES = (2, 3)
NEW_YEAR = moment("01-02")
LAST = date(2026, 12, 31)
SPANS = ("3月", "一季度", "今年", "1-2月", "1月20日至4月5日")


@dataclass(frozen=True)
class Deed:
    """`after` days behind the one before, about a day `late` days earlier."""

    kind: str
    which: int
    after: int
    late: int


deeds = st.lists(
    st.builds(
        Deed,
        st.sampled_from(["send", "adopt", "adopt", "revoke", "miss", "unmiss", "compute", "freeze"]),
        st.integers(0, 9),
        st.integers(0, 15),
        st.integers(0, 70),
    ),
    min_size=3,
    max_size=22,
)


def wipe(tx: Tx) -> None:
    """Every example begins with nothing."""
    for table in ("entry", "score_period", "score_cycle", "fact", "unit_fact", "item_version", "item_unit", "item"):
        tx.run(f"DELETE FROM {table}")
    ledger.forget_cycle(tx)


def tell(tx: Tx, story: list[Deed]) -> date | None:
    """Let it happen; returns the last day that was settled."""
    now = NEW_YEAR
    for deed in story:
        now += timedelta(days=deed.after)
        _act(tx, deed, now, max(date(2026, 1, 1), now.date() - timedelta(days=deed.late)))
    return ledger.computed_through(tx)


def _act(tx: Tx, deed: Deed, now: datetime, day: date) -> None:
    there = [row[0] for row in tx.all("SELECT id FROM item ORDER BY id")]
    item = items.by_id(tx, there[deed.which % len(there)]) if there else None
    if deed.kind == "send" or item is None:
        new = an_item(tx, COUNTIES if deed.which % 3 == 0 else (COUNTIES[deed.which % 2],))
        points.record_first(tx, OFFICE, new, NewFact("submission", new.id, day, 5), now)
    elif deed.kind == "adopt":
        fact = NewFact("adoption", item.id, day, CLERK, journal="MRYQ", level="city", issue=f"{now}")
        points.record(tx, OFFICE, item, fact, now)
    elif deed.kind == "revoke":
        adopted = [fact for fact in points.facts_of(tx, item) if fact.kind == "adoption"]
        if adopted:
            points.revoke(tx, OFFICE, item, adopted[0], CLERK, "登记有误", now)
    elif deed.kind == "miss":
        points.record_unit_fact(
            tx, OFFICE, NewUnitFact("commission.missed", COUNTIES[deed.which % 2], day, CLERK, reason="约稿"), now
        )  # fmt: skip
    elif deed.kind == "unmiss":
        for one in unit_fact.live(tx, COUNTIES[deed.which % 2])[:1]:
            points.revoke_unit_fact(tx, OFFICE, one.id, CLERK, "重开", now)
    else:
        _close(tx, now, "computed" if deed.kind == "compute" else "frozen")


def _close(tx: Tx, now: datetime, state: str) -> None:
    """The month before is settled, and perhaps frozen, once."""
    last = now.date().replace(day=1) - timedelta(days=1)
    computed = ledger.computed_through(tx)
    if last.year < 2026 or (computed and last <= computed):
        return
    points.settle_month(tx, OFFICE, last, now)
    tx.run(
        "INSERT INTO score_cycle (period, state, first_day, last_day, changed_ms) VALUES (?, ?, ?, ?, 0)",
        f"{last:%Y-%m}", state, last.replace(day=1).isoformat(), last.isoformat(),
    )  # fmt: skip
    ledger.forget_cycle(tx)


def anew(tx: Tx, settled: date | None) -> dict[int, int]:
    """What the year is worth by the facts alone."""
    class_of = class_lookup(tx)
    entries = [entry for facts in replay.items(tx, date(2026, 1, 1), date(2026, 12, 31)) for entry in
               score_item(facts, OFFICE.measures, class_of)]  # fmt: skip
    for unit_id in settlement.units(tx, 2026):
        entries += worth_of(tx, OFFICE.measures, unit_fact.live(tx, unit_id))
    for unit_id in settlement.units(tx, 2026) if settled else ():
        own = settlement.Year(tuple(one for one in entries if one.unit_id == unit_id and one.fact_id), ())
        entries += settle(record_of(tx, unit_id, 2026, own), OFFICE.measures, settled or date.min)
    sums = dict.fromkeys(settlement.units(tx, 2026), 0)
    for entry in entries:
        sums[entry.unit_id] += entry.points
    return sums


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(story=deeds)
async def test_whatever_was_settled_frozen_and_corrected_the_sums_are_those_of_the_facts(
    store: Store, story: list[Deed]
) -> None:
    def told(tx: Tx) -> None:
        wipe(tx)
        settled = tell(tx, story)
        booked = {unit_id: ledger.sums_of(tx, unit_id, ["2026"])[0] for unit_id in settlement.units(tx, 2026)}
        assert booked == anew(tx, settled)
        assert recount.differences(tx, 2026) == []

    await store.run(told)


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(story=deeds)
async def test_the_board_as_of_a_past_moment_is_the_board_that_was_seen_then(store: Store, story: list[Deed]) -> None:
    def told(tx: Tx) -> None:
        wipe(tx)
        now, seen = NEW_YEAR, {}
        for deed in story:
            now += timedelta(days=deed.after)
            _act(tx, deed, now, max(date(2026, 1, 1), now.date() - timedelta(days=deed.late)))
            seen[now] = {said: figures(boards(tx, parse_period(said, LAST))) for said in SPANS}
        for moment_then, then in seen.items():
            for said, expected in then.items():
                as_of = boards_as_of(tx, parse_period(said, LAST), (), moment_then)
                assert figures(as_of.classes) == expected

    await store.run(told)


def figures(found: Mapping[str, list[Row]]) -> dict[int, tuple[int, int, int]]:
    return {row.unit.id: (row.points, row.submitted, row.adopted) for rows in found.values() for row in rows}
