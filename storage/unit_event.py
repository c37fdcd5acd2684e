"""Lists of what happened to units, with what it was worth and who registered or took it back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from storage.engine import Row, Tx


@dataclass(frozen=True, slots=True)
class Listed:
    """A unit fact as lists show it. `points` (hundredths) are those of the unit itself that stand; `revoked_by` is ''
    while the fact stands. `at_ms` is UTC ms."""

    id: int
    event: str
    unit_id: int
    day: date
    reason: str
    points: int
    by: str
    at_ms: int
    revoked_by: str
    revoked_because: str


_POINTS = (
    "COALESCE((SELECT CAST(SUM(e.points) AS BIGINT) FROM entry e WHERE e.fact_id = -f.id AND e.fact_id < 0"
    " AND e.unit_id = f.unit_id), 0)"
)
_LISTED = (
    f"SELECT f.id, f.event, f.unit_id, f.day, f.reason, {_POINTS}, COALESCE(p.name, ''), f.at_ms,"
    " COALESCE(q.name, ''), COALESCE(r.reason, '') FROM unit_fact f LEFT JOIN person p ON p.id = f.person_id"
    " LEFT JOIN unit_fact r ON r.revokes = f.id LEFT JOIN person q ON q.id = r.person_id WHERE f.revokes IS NULL"
)


def listed(tx: Tx, first: date, last: date, unit_id: int | None = None) -> list[Listed]:
    """What happened from day to day to all units, or to one, newest first; what was taken back is there too."""
    of_unit, values = (" AND f.unit_id = ?", (unit_id,)) if unit_id is not None else ("", ())
    rows = tx.all(
        f"{_LISTED} AND f.day BETWEEN ? AND ?{of_unit} ORDER BY f.day DESC, f.id DESC",
        first.isoformat(), last.isoformat(), *values,
    )  # fmt: skip
    return [_row(row) for row in rows]


def by_id(tx: Tx, id: int) -> Listed | None:
    """One of them, also one that was taken back."""
    row = tx.one(f"{_LISTED} AND f.id = ?", id)
    return _row(row) if row else None


def _row(row: Row) -> Listed:
    return Listed(row[0], row[1], row[2], date.fromisoformat(row[3]), *row[4:])
