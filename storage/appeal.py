"""What units object to (申诉), and how it was decided. A decision is made once and stays."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from domain.cycle import Verdict
from storage.engine import Tx


@dataclass(frozen=True, slots=True)
class Appeal:
    """One objection. `period` is the period's code; `item_id` None: to the whole. What was done about it are the unit's
    entries in (`from_seq`, `upto_seq`], or the correction set `correction_id`. Times are UTC milliseconds."""

    id: int
    period: str
    unit_id: int
    item_id: int | None
    words: str
    person_id: int
    at_ms: int
    from_seq: int
    verdict: Verdict
    decided_by: int = 0
    decided_ms: int = 0
    reason: str = ""
    upto_seq: int = 0
    correction_id: int | None = None

    @property
    def is_open(self) -> bool:
        return self.verdict is Verdict.OPEN


_COLUMNS = (
    "id, period, unit_id, item_id, words, person_id, at_ms, from_seq, state, decided_by, decided_ms, reason, upto_seq,"
    " correction_id"
)


def add(
    tx: Tx, period: str, unit_id: int, item_id: int | None, words: str, person_id: int, at_ms: int, from_seq: int
) -> int:
    """Keep an objection; returns its number."""
    row = tx.one(
        "INSERT INTO appeal (period, unit_id, item_id, words, person_id, at_ms, from_seq, state)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?) RETURNING id",
        period, unit_id, item_id, words, person_id, at_ms, from_seq, Verdict.OPEN.value,
    )  # fmt: skip
    assert row is not None
    id: int = row[0]
    return id


def decide(
    tx: Tx, id: int, verdict: Verdict, by: int, at_ms: int, reason: str, upto_seq: int, correction_id: int | None = None
) -> None:
    """Decide an objection that is open."""
    tx.run(
        "UPDATE appeal SET state = ?, decided_by = ?, decided_ms = ?, reason = ?, upto_seq = ?, correction_id = ?"
        " WHERE id = ? AND state = 'open'",
        verdict.value, by, at_ms, reason, upto_seq, correction_id, id,
    )  # fmt: skip


def by_id(tx: Tx, id: int) -> Appeal | None:
    found = _where(tx, "id = ?", id)
    return found[0] if found else None


def open_ones(tx: Tx) -> list[Appeal]:
    """What nobody has decided yet, oldest first."""
    return _where(tx, "state = 'open' ORDER BY id")


def of_unit(tx: Tx, unit_id: int, limit: int) -> list[Appeal]:
    """A unit's objections, newest first."""
    return _where(tx, "unit_id = ? ORDER BY id DESC LIMIT ?", unit_id, limit)


def _where(tx: Tx, where: str, *values: int) -> list[Appeal]:
    rows = tx.all(f"SELECT {_COLUMNS} FROM appeal WHERE {where}", *values)
    return [_appeal(*row) for row in rows]


def _appeal(
    id: int, period: str, unit_id: int, item_id: int | None, words: str, person_id: int, at_ms: int, from_seq: int,
    verdict: str, *decided: Any,
) -> Appeal:  # fmt: skip
    return Appeal(id, period, unit_id, item_id, words, person_id, at_ms, from_seq, Verdict(verdict), *decided)


@dataclass(frozen=True, slots=True)
class Result:
    """Points that moved after an objection. Points in hundredths."""

    points: int
    reason: str
    article: str


def results(tx: Tx, one: Appeal, upto_seq: int, first: date, last: date) -> list[Result]:
    """The entries of the unit (of the item, if the objection is about one) about a span's days that were booked since
    the objection was raised, up to `upto_seq`."""
    of_item, values = (" AND item_id = ?", (one.item_id,)) if one.item_id is not None else ("", ())
    rows = tx.all(
        "SELECT points, reason, article FROM entry WHERE unit_id = ? AND seq > ? AND seq <= ?"
        f" AND CASE WHEN due_day <> '' THEN due_day ELSE day END BETWEEN ? AND ?{of_item} ORDER BY seq",
        one.unit_id, one.from_seq, upto_seq, first.isoformat(), last.isoformat(), *values,
    )  # fmt: skip
    return [Result(*row) for row in rows]


def registered_by(tx: Tx, item_id: int) -> set[int]:
    """Who registered what is known of an item apart from its submission (ids of persons)."""
    rows = tx.all("SELECT DISTINCT person_id FROM fact WHERE item_id = ? AND kind <> 'submission'", item_id)
    return {row[0] for row in rows}
