"""Awards as people decided them, with what the measure had computed; taken back by a second row."""

from __future__ import annotations

from dataclasses import dataclass

from storage.engine import Row, Tx


@dataclass(frozen=True, slots=True)
class NewDecision:
    """An award to record. `person_id` is None for a unit; `outcome` and `grounds` are what was computed."""

    year: int
    award: str
    class_name: str
    unit_id: int
    person_id: int | None
    outcome: str
    grounds: str
    reason: str
    decided_by: int


@dataclass(frozen=True, slots=True)
class Decision:
    """An award as it was decided; `revoked_by` is '' while it stands. Times are UTC ms."""

    id: int
    year: int
    award: str
    class_name: str
    unit_id: int
    person_id: int | None
    person: str
    outcome: str
    grounds: str
    reason: str
    by: str
    at_ms: int
    revoked_by: str
    revoked_because: str
    revoked_ms: int

    @property
    def stands(self) -> bool:
        return not self.revoked_by


def decide(tx: Tx, new: NewDecision, now_ms: int) -> int:
    """Record an award; returns its id."""
    return _insert(tx, new, None, now_ms)


def revoke(tx: Tx, one: Decision, reason: str, by: int, now_ms: int) -> None:
    """Take an award back. The database refuses to do it twice."""
    second = NewDecision(one.year, one.award, one.class_name, one.unit_id, one.person_id, "", "", reason, by)
    _insert(tx, second, one.id, now_ms)


def _insert(tx: Tx, new: NewDecision, revokes: int | None, now_ms: int) -> int:
    row = tx.one(
        "INSERT INTO award_decision (year, award, class, unit_id, person_id, outcome, grounds, reason, revokes,"
        " decided_by, at_ms) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id",
        new.year, new.award, new.class_name, new.unit_id, new.person_id, new.outcome, new.grounds, new.reason, revokes,
        new.decided_by, now_ms,
    )  # fmt: skip
    assert row is not None
    found: int = row[0]
    return found


def of_year(tx: Tx, year: int) -> list[Decision]:
    """Every decision of a year, those taken back included, in the order they were made."""
    rows = tx.all(
        "SELECT d.id, d.year, d.award, d.class, d.unit_id, d.person_id, COALESCE(w.name, ''), d.outcome, d.grounds,"
        " d.reason, p.name, d.at_ms, COALESCE(q.name, ''), COALESCE(r.reason, ''), COALESCE(r.at_ms, 0)"
        " FROM award_decision d JOIN person p ON p.id = d.decided_by LEFT JOIN person w ON w.id = d.person_id"
        " LEFT JOIN award_decision r ON r.revokes = d.id LEFT JOIN person q ON q.id = r.decided_by"
        " WHERE d.year = ? AND d.revokes IS NULL ORDER BY d.id",
        year,
    )
    return [_decision(row) for row in rows]


def _decision(row: Row) -> Decision:
    return Decision(*row)
