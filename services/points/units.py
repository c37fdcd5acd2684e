"""Facts about units: booked like those of items, by the rules on events; an adjustment books what a person decided."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from domain.errors import NotFound
from domain.measure import Measure
from domain.moment import to_ms
from domain.scoring import Entry, score_event
from services.measures import in_force
from services.office import Office, class_lookup, parent_lookup
from services.points.booking import Key, move_totals, reconcile
from services.points.settling import settle_again
from storage import unit_fact
from storage.engine import Tx
from storage.unit_fact import NewUnitFact, UnitFact

ADJUSTMENT = "adjustment"
"""The event of points a person decided: it needs no rule, and names its article itself."""


def record_unit_fact(tx: Tx, office: Office, fact: NewUnitFact, now: datetime) -> int:
    """Append a fact about a unit and book what follows from it; returns the fact's id."""
    fact_id = unit_fact.append(tx, fact, to_ms(now))
    settle_again(tx, office, {(fact.unit_id, fact.day)} | rebook_unit(tx, office, fact.unit_id, now), now)
    return fact_id


def revoke_unit_fact(tx: Tx, office: Office, fact_id: int, person_id: int, reason: str, now: datetime) -> None:
    """Take a fact about a unit back, and its points with it. Raises NotFound if there is none, or none any more."""
    found = unit_fact.by_id(tx, fact_id)
    if found is None:
        raise NotFound(what=f"登记 {fact_id}", hint="它可能已经撤销了。")
    unit_fact.append_revocation(tx, found, person_id, reason, to_ms(now))
    settle_again(tx, office, {(found.unit_id, found.day)} | rebook_unit(tx, office, found.unit_id, now), now)


def rebook_unit(tx: Tx, office: Office, unit_id: int, now: datetime) -> set[Key]:
    """Make the entries and totals of a unit's facts equal to what they are worth; returns what days that is about."""
    wanted = worth_of(tx, in_force(tx, office), unit_fact.live(tx, unit_id))
    moved = reconcile(tx, wanted, unit_fact.standing(tx, unit_id), now)
    move_totals(tx, moved.points)
    return moved.about


def worth_of(tx: Tx, measures: Sequence[Measure], live: Sequence[UnitFact]) -> list[Entry]:
    """The entries of all live facts of one unit."""
    class_of, parent_of = class_lookup(tx), parent_lookup(tx)
    events = [one.fact for one in live]
    wanted: list[Entry] = []
    for one, event in zip(live, events, strict=True):
        if one.event == ADJUSTMENT:
            wanted.append(_adjustment(one))
        else:
            wanted += score_event(event, events, measures, class_of, parent_of)
    return wanted


def _adjustment(one: UnitFact) -> Entry:
    reason = f"人工调整：{one.reason}"
    return Entry(-one.id, 0, one.unit_id, None, one.day, ADJUSTMENT, one.article, reason, one.points or 0, "加减分")
