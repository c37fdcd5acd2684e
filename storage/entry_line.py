"""Entries with everything people ask about them: the item, the journal and issue, who registered it and when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from domain.scoring import Entry
from storage.engine import Row, Tx
from storage.ledger import ENTRY, entry_of


@dataclass(frozen=True, slots=True)
class Line:
    """One line of an account of points. `number` is '' without an item, `by` is '' when nobody registered it: then the
    machine booked it. `about` is the day it is about where that month was frozen already, `recorded_ms` is UTC ms; a
    line that `reverses` another (its seq) has its points with the other sign."""

    seq: int
    entry: Entry
    number: str
    title: str
    journal: str
    level: str
    form: str
    issue: str
    by: str
    note: str
    about: date | None
    recorded_ms: int
    reverses: int | None


@dataclass(frozen=True, slots=True)
class Counted:
    """An item as a board counts it: sent on `day`, or (`adopted`) used for the first time on it, in which journal."""

    adopted: bool
    day: date
    number: str
    title: str
    journal: str
    issue: str
    by: str


_COLUMNS = (
    "e.seq, COALESCE(i.number, ''), COALESCE(i.title, ''), COALESCE(f.journal, ''), COALESCE(f.level, ''),"
    " COALESCE(f.form, ''), COALESCE(f.issue, ''), COALESCE(p.name, ''), COALESCE(r.reason, y.reason, x.reason, ''),"
    f" e.due_day, e.recorded_ms, e.reverses, {', '.join(f'e.{name}' for name in ENTRY.split(', '))}"
)
# A reversal that follows from a revocation was caused by whoever revoked; any other one by the rules alone.
_FROM = (
    " FROM entry e LEFT JOIN item i ON i.id = e.item_id LEFT JOIN fact f ON f.id = e.fact_id"
    " LEFT JOIN unit_fact x ON x.id = -e.fact_id"
    " LEFT JOIN fact r ON e.reverses IS NOT NULL AND r.revokes = f.id"
    " LEFT JOIN unit_fact y ON e.reverses IS NOT NULL AND y.revokes = x.id"
    " LEFT JOIN person p ON p.id = CASE WHEN e.reverses IS NULL THEN COALESCE(f.person_id, x.person_id)"
    " ELSE COALESCE(r.person_id, y.person_id) END"
)
_STANDS = (
    "e.reverses IS NULL AND NOT EXISTS"
    " (SELECT 1 FROM entry b WHERE b.item_id = e.item_id AND b.fact_id = e.fact_id AND b.reverses = e.seq)"
)


def lines(tx: Tx, unit_id: int, first: date, last: date) -> list[Line]:
    """What was booked for a unit from day to day, oldest first; an entry and its reversal both stand."""
    rows = tx.all(
        f"SELECT {_COLUMNS}{_FROM} WHERE e.unit_id = ? AND e.ym BETWEEN ? AND ? AND e.day BETWEEN ? AND ?"
        " ORDER BY e.day, e.seq",
        unit_id, _month(first), _month(last), first.isoformat(), last.isoformat(),
    )  # fmt: skip
    return [_line(row) for row in rows]


def pending(tx: Tx) -> list[Line]:
    """Every line that waits for points the superior gives, oldest first."""
    rows = tx.all(f"SELECT {_COLUMNS}{_FROM} WHERE e.pending = 1 AND {_STANDS} ORDER BY e.day, e.seq")
    return [_line(row) for row in rows]


_COUNTED = (
    "SELECT f.kind, f.day, i.number, i.title, f.journal, f.issue, p.name, f.item_id FROM item_unit u"
    " JOIN fact f ON f.item_id = u.item_id JOIN item i ON i.id = f.item_id JOIN person p ON p.id = f.person_id"
    " WHERE u.unit_id = ? AND f.kind IN ('submission', 'adoption') AND f.day <= ?"
    " AND NOT EXISTS (SELECT 1 FROM fact r WHERE r.revokes = f.id) ORDER BY f.day, f.id"
)


def counted(tx: Tx, unit_id: int, first: date, last: date) -> list[Counted]:
    """The items behind a unit's counts from day to day, oldest first: sent in it, and used in it for the first time."""
    found: list[Counted] = []
    used: set[int] = set()
    for kind, day, number, title, journal, issue, by, item_id in tx.all(_COUNTED, unit_id, last.isoformat()):
        adopted = kind == "adoption"
        if day >= first.isoformat() and not (adopted and item_id in used):
            found.append(Counted(adopted, date.fromisoformat(day), number, title, journal, issue, by))
        if adopted:
            used.add(item_id)
    return found


def _month(day: date) -> int:
    return day.year * 100 + day.month


def _line(row: Row) -> Line:
    seq, number, title, journal, level, form, issue, by, note, due_day, recorded_ms, reverses = row[:12]
    about = date.fromisoformat(due_day) if due_day else None
    return Line(
        seq, entry_of(row[12:]), number, title, journal, level, form, issue, by, note, about, recorded_ms,
        reverses,
    )  # fmt: skip
