"""Entries with everything people ask about them: the item, the journal and issue, who registered it and when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from domain.scoring import Entry
from storage.engine import Row, Tx


@dataclass(frozen=True, slots=True)
class Line:
    """One line of an account of points. `number` is '' without an item, `by` is '' when nobody registered it: then the
    machine booked it. `recorded_ms` is UTC ms; a line that `reverses` another has its points with the other sign."""

    seq: int
    entry: Entry
    number: str
    title: str
    journal: str
    level: str
    form: str
    issue: str
    by: str
    recorded_ms: int
    reverses: bool


_COLUMNS = (
    "e.seq, e.fact_id, e.item_id, e.unit_id, e.author_id, e.day, e.code, e.article, e.reason, e.points, i.number,"
    " i.title, f.journal, f.level, f.form, f.issue, p.name, e.recorded_ms, e.reverses"
)
# A reversal that follows from a revocation was caused by whoever revoked; any other one by the rules alone.
_FROM = (
    " FROM entry e LEFT JOIN item i ON i.id = e.item_id LEFT JOIN fact f ON f.id = e.fact_id"
    " LEFT JOIN fact r ON e.reverses IS NOT NULL AND r.revokes = f.id"
    " LEFT JOIN person p ON p.id = CASE WHEN e.reverses IS NULL THEN f.person_id ELSE r.person_id END"
)


def lines(tx: Tx, unit_id: int, first: date, last: date) -> list[Line]:
    """What was booked for a unit from day to day, oldest first; an entry and its reversal both stand."""
    rows = tx.all(
        f"SELECT {_COLUMNS}{_FROM} WHERE e.unit_id = ? AND e.ym BETWEEN ? AND ? AND e.day BETWEEN ? AND ?"
        " ORDER BY e.day, e.seq",
        unit_id, _month(first), _month(last), first.isoformat(), last.isoformat(),
    )  # fmt: skip
    return [_line(row) for row in rows]


def _month(day: date) -> int:
    return day.year * 100 + day.month


def _line(row: Row) -> Line:
    seq, fact_id, item_id, unit_id, author_id, day, code, article, reason, points = row[:10]
    number, title, journal, level, form, issue, by, recorded_ms, reverses = row[10:]
    entry = Entry(fact_id, item_id, unit_id, author_id, date.fromisoformat(day), code, article, reason, points)
    return Line(
        seq, entry, number or "", title or "", journal or "", level or "", form or "", issue or "", by or "",
        recorded_ms, reverses is not None,
    )  # fmt: skip
