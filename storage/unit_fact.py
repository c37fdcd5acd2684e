"""Facts about a unit apart from its items: missed commissions, late reports, training, a person's adjustment.

They are appended like the facts of items; one is taken back by a second one. Towards the rules a unit fact has item 0
and an id below zero, so that its entries stand in the same ledger.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from domain.scoring import Fact
from storage.engine import Row, Tx
from storage.ledger import ENTRY, Booked, booked_of

REVOCATION = "revocation"


@dataclass(frozen=True, slots=True)
class NewUnitFact:
    """A fact about a unit to append. `points` (hundredths) are a value somebody gave; `matter` is what it is about
    (`约 2026-012`), as people read it; `article` is named by an adjustment alone."""

    event: str
    unit_id: int
    day: date
    person_id: int
    points: int | None = None
    article: str = ""
    reason: str = ""
    matter: str = ""


@dataclass(frozen=True, slots=True)
class UnitFact:
    """A unit fact as it is kept; `id` is the row's own, above zero. `at_ms` is UTC ms."""

    id: int
    event: str
    unit_id: int
    day: date
    points: int | None
    article: str
    reason: str
    matter: str
    person_id: int
    at_ms: int

    @property
    def fact(self) -> Fact:
        """The fact as the rules see it."""
        return Fact(
            -self.id, "event", 0, self.day, (self.unit_id,), None, issue=self.matter, points=self.points,
            detail=self.event,
        )  # fmt: skip


def append(tx: Tx, fact: NewUnitFact, now_ms: int) -> int:
    """Append a fact; returns its id."""
    return _insert(tx, fact, None, now_ms)


def append_revocation(tx: Tx, revoked: UnitFact, person_id: int, reason: str, now_ms: int) -> None:
    """Take a fact back. The database refuses to do it twice."""
    second = NewUnitFact(REVOCATION, revoked.unit_id, revoked.day, person_id, reason=reason, matter=revoked.matter)
    _insert(tx, second, revoked.id, now_ms)


def _insert(tx: Tx, fact: NewUnitFact, revokes: int | None, now_ms: int) -> int:
    row = tx.one(
        "INSERT INTO unit_fact (event, unit_id, day, points, article, reason, matter, revokes, at_ms, person_id)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id",
        fact.event, fact.unit_id, fact.day.isoformat(), fact.points, fact.article, fact.reason, fact.matter, revokes,
        now_ms, fact.person_id,
    )  # fmt: skip
    assert row is not None
    found: int = row[0]
    return found


_COLUMNS = "id, event, unit_id, day, points, article, reason, matter, person_id, at_ms"
_LIVE = "f.revokes IS NULL AND NOT EXISTS (SELECT 1 FROM unit_fact r WHERE r.revokes = f.id)"


def live(tx: Tx, unit_id: int) -> list[UnitFact]:
    """The facts of a unit that were not taken back, oldest first."""
    return _facts(tx.all(f"SELECT {_COLUMNS} FROM unit_fact f WHERE unit_id = ? AND {_LIVE} ORDER BY id", unit_id))


def about(tx: Tx, matter: str) -> list[UnitFact]:
    """The facts about a matter that were not taken back, oldest first."""
    return _facts(
        tx.all(
            f"SELECT {_COLUMNS} FROM unit_fact f WHERE matter = ? AND matter <> '' AND {_LIVE} ORDER BY id", matter
        )
    )  # fmt: skip


def by_id(tx: Tx, id: int) -> UnitFact | None:
    """A fact that was not taken back."""
    found = _facts(tx.all(f"SELECT {_COLUMNS} FROM unit_fact f WHERE id = ? AND {_LIVE}", id))
    return found[0] if found else None


def units_since(tx: Tx, first: date) -> list[int]:
    """The units that have a fact on or after a day."""
    rows = tx.all("SELECT DISTINCT unit_id FROM unit_fact WHERE day >= ? ORDER BY unit_id", first.isoformat())
    return [unit_id for (unit_id,) in rows]


def standing(tx: Tx, unit_id: int) -> list[Booked]:
    """The entries of all facts of a unit (some may be another unit's: a roll-up) that are not reversed."""
    rows = tx.all(
        f"SELECT seq, due_day, {ENTRY} FROM entry e WHERE e.fact_id < 0 AND e.reverses IS NULL"
        " AND e.fact_id IN (SELECT -id FROM unit_fact WHERE unit_id = ?)"
        " AND NOT EXISTS (SELECT 1 FROM entry r WHERE r.fact_id < 0 AND r.fact_id = e.fact_id AND r.reverses = e.seq)"
        " ORDER BY seq",
        unit_id,
    )  # fmt: skip
    return [booked_of(row) for row in rows]


def _facts(rows: list[Row]) -> list[UnitFact]:
    return [UnitFact(row[0], row[1], row[2], date.fromisoformat(row[3]), *row[4:]) for row in rows]
