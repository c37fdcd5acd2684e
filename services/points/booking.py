"""Making the ledger equal to what the rules say: by one comparison, never by changing what is booked.

What is about a frozen month is booked in the first open one, on a line of its own that says so (补计4月); what had been
booked in a frozen month is reversed there likewise (更正4月).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from domain.moment import to_ms
from domain.scoring import Entry
from services.office import class_lookup
from storage import ledger
from storage.engine import Tx
from storage.ledger import Booked

Key = tuple[int, date]
"""(unit, day): where points, submissions and adoptions are counted."""

LATE = "补计"
CORRECTED = "更正"


@dataclass(frozen=True, slots=True)
class Moved:
    """What changed: points (hundredths) by unit and the day they are booked on, and the days that was about."""

    points: dict[Key, int] = field(default_factory=dict)
    about: set[Key] = field(default_factory=set)

    def add(self, booked: Entry, due: date, points: int) -> None:
        key = (booked.unit_id, booked.day)
        self.points[key] = self.points.get(key, 0) + points
        self.about.add((booked.unit_id, due))


def reconcile(tx: Tx, wanted: Sequence[Entry], standing: Sequence[Booked], now: datetime) -> Moved:
    """Reverse what is booked and not due any more, append what is due and not booked. Totals are not moved."""
    moved = Moved()
    frozen, now_ms = ledger.frozen_through(tx), to_ms(now)
    due = {worth(entry) for entry in wanted} if standing else set()
    kept = {worth(one.due) for one in standing}
    for one in standing:
        if worth(one.due) not in due:
            entry, about = _reversal(one, frozen, now.date())
            ledger.append_entry(tx, entry, now_ms, about=about, reverses=one.seq)
            moved.add(entry, one.due.day, -entry.points)
    for entry in wanted:
        if not kept or worth(entry) not in kept:
            booked, about = _placed(entry, frozen, now.date(), LATE)
            ledger.append_entry(tx, booked, now_ms, about=about)
            moved.add(booked, entry.day, booked.points)
    return moved


def worth(entry: Entry) -> tuple[object, ...]:
    """An entry apart from whose work it was: when an item is handed over, what is booked stays with its author."""
    return (
        entry.fact_id, entry.item_id, entry.unit_id, entry.day, entry.code, entry.article, entry.reason, entry.points,
        entry.category, entry.pending,
    )  # fmt: skip


def _reversal(one: Booked, frozen: date | None, today: date) -> tuple[Entry, date | None]:
    """A reversal stands beside what it reverses, unless that month is frozen."""
    if frozen is None or one.entry.day > frozen:
        return one.entry, one.about
    return _placed(one.due, frozen, today, CORRECTED)


def _placed(entry: Entry, frozen: date | None, today: date, words: str) -> tuple[Entry, date | None]:
    """The entry on the day it can be booked on, and its own day if that is another one."""
    if frozen is None or entry.day > frozen:
        return entry, None
    day = max(today, frozen + timedelta(days=1))
    year = f"{entry.day.year}年" if entry.day.year != day.year else ""
    reason = f"{words}{year}{entry.day.month}月{ledger.LATE_MARK}{entry.reason}"
    return replace(entry, day=day, reason=reason), entry.day


def move_totals(
    tx: Tx, points: Mapping[Key, int], submitted: Mapping[Key, int] = {}, adopted: Mapping[Key, int] = {}
) -> None:
    """Move the totals of every unit and day concerned, always in one order."""
    class_of = class_lookup(tx)
    for unit_id, day in sorted({*points, *submitted, *adopted}):
        key = (unit_id, day)
        ledger.add_to_totals(
            tx, unit_id, class_of(unit_id, day), day,
            points=points.get(key, 0), submitted=submitted.get(key, 0), adopted=adopted.get(key, 0),
        )  # fmt: skip
