"""Booking: facts in, entries and totals out, always by the same comparison.

After a fact was appended or taken back, the entries the measure gives for all live facts of the item are compared
with those booked: what is no longer due is reversed, what is newly due is appended. The totals move with them.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

from domain.item import Item
from domain.moment import to_ms
from domain.scoring import Entry, Fact, score_item
from services.office import Office, class_lookup
from storage import ledger
from storage.engine import Tx

Key = tuple[int, date]
"""(unit, day): where points, submissions and adoptions are counted."""


def record(tx: Tx, office: Office, item: Item, fact: ledger.NewFact, now: datetime) -> int:
    """Append a fact and book what follows from it; returns the fact's id."""
    before = facts_of(tx, item)
    fact_id = ledger.append_fact(tx, fact, to_ms(now))
    rebook(tx, office, item, before, facts_of(tx, item), now)
    return fact_id


def record_first(tx: Tx, office: Office, item: Item, fact: ledger.NewFact, now: datetime) -> int:
    """`record` for an item that has no fact yet: its submission."""
    fact_id = ledger.append_fact(tx, fact, to_ms(now))
    only = Fact(fact_id, fact.kind, item.id, fact.day, item.units, item.author_id, commissioned=fact.commissioned)
    rebook(tx, office, item, [], [only], now)
    return fact_id


def revoke(tx: Tx, office: Office, item: Item, fact: Fact, person_id: int, reason: str, now: datetime) -> None:
    """Take a fact back by a second one, and its points with it."""
    second = ledger.NewFact("revocation", item.id, now.date(), person_id, revokes=fact.id, reason=reason)
    record(tx, office, item, second, now)


def facts_of(tx: Tx, item: Item) -> list[Fact]:
    """The live facts of an item, oldest first."""
    return ledger.live_facts(tx, item.id, item.units, item.author_id)


def rebook(tx: Tx, office: Office, item: Item, before: list[Fact], after: list[Fact], now: datetime) -> None:
    """Make entries and totals of an item equal to what its live facts are worth."""
    class_of = class_lookup(tx)
    now_ms = to_ms(now)
    booked = ledger.booked(tx, item.id) if before else []
    wanted = score_item(after, office.measures, class_of)
    due = {_worth(entry) for entry in wanted} if booked else set()
    standing = {_worth(entry) for _, entry in booked}
    points: dict[Key, int] = {}
    for seq, entry in booked:
        if _worth(entry) not in due:
            ledger.append_entry(tx, entry, now_ms, reverses=seq)
            _add(points, (entry.unit_id, entry.day), -entry.points)
    for entry in wanted:
        if not standing or _worth(entry) not in standing:
            ledger.append_entry(tx, entry, now_ms)
            _add(points, (entry.unit_id, entry.day), entry.points)
    submitted = _difference(submissions(after), submissions(before))
    adopted = _difference(adoptions(after), adoptions(before))
    for unit_id, day in sorted({*points, *submitted, *adopted}):
        key = (unit_id, day)
        ledger.add_to_totals(
            tx, unit_id, class_of(unit_id, day), day,
            points=points.get(key, 0), submitted=submitted.get(key, 0), adopted=adopted.get(key, 0),
        )  # fmt: skip


def _worth(entry: Entry) -> Entry:
    """An entry apart from whose work it was: when an item is handed over, what is booked stays with its author."""
    return replace(entry, author_id=None)


def submissions(facts: list[Fact]) -> set[Key]:
    """An item counts once as submitted, for each of its units, on the day it came in."""
    return {(unit, fact.day) for fact in facts if fact.kind == "submission" for unit in fact.units}


def adoptions(facts: list[Fact]) -> set[Key]:
    """An item counts once as adopted, however many journals took it: on the day of the first issue."""
    taken = [fact for fact in facts if fact.kind == "adoption"]
    if not taken:
        return set()
    first = min(taken, key=lambda fact: (fact.day, fact.id))
    return {(unit, first.day) for unit in first.units}


def _add(sums: dict[Key, int], key: Key, points: int) -> None:
    sums[key] = sums.get(key, 0) + points


def _difference(after: set[Key], before: set[Key]) -> dict[Key, int]:
    return dict.fromkeys(after - before, 1) | dict.fromkeys(before - after, -1)
