"""Facts of an item and what follows from them."""

from __future__ import annotations

from datetime import datetime

from domain.item import Item
from domain.moment import to_ms
from domain.scoring import Fact, score_item
from services.measures import in_force
from services.office import Office, class_lookup, parent_lookup
from services.points.booking import Key, Moved, move_totals, reconcile
from services.points.settling import settle_again
from storage import ledger
from storage.engine import Tx
from storage.ledger import Booked


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
    """Make entries and totals of an item equal to what its live facts are worth, and with them what is settled."""
    standing = ledger.standing(tx, item.id) if before else []
    moved = _reconcile(tx, office, after, standing, now)
    submitted = _difference(submissions(after), submissions(before))
    adopted = _difference(adoptions(after), adoptions(before))
    move_totals(tx, moved.points, submitted, adopted)
    settle_again(tx, office, {*moved.about, *submitted, *adopted}, now)


def rebook_item(tx: Tx, office: Office, item: Item, now: datetime) -> set[Key]:
    """Bring the points of an item whose facts are the same in line with the measures; settlements are left to the
    caller. Returns the days it is about."""
    moved = _reconcile(tx, office, facts_of(tx, item), ledger.standing(tx, item.id), now)
    move_totals(tx, moved.points)
    return moved.about


def _reconcile(tx: Tx, office: Office, facts: list[Fact], standing: list[Booked], now: datetime) -> Moved:
    wanted = score_item(facts, in_force(tx, office), class_lookup(tx), parent_lookup(tx))
    return reconcile(tx, wanted, standing, now)


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


def _difference(after: set[Key], before: set[Key]) -> dict[Key, int]:
    return dict.fromkeys(after - before, 1) | dict.fromkeys(before - after, -1)
