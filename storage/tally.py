"""What persons did in a span of days: points and counts by author, and the sections they work in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from storage.engine import Tx


@dataclass(frozen=True, slots=True)
class Tally:
    """What one author did for the unit the items were signed for. Points in hundredths."""

    person_id: int
    unit_id: int
    points: int = 0
    submitted: int = 0
    adopted: int = 0


_OF_UNIT = " AND i.unit_id = ?"


def points(tx: Tx, first: date, last: date, unit_id: int | None = None) -> dict[tuple[int, int], int]:
    """(author, unit) → points booked from day to day for the unit the items were signed for, reversals included. What a
    joint item brings the other units is theirs."""
    of_unit, values = (_OF_UNIT, (unit_id,)) if unit_id is not None else ("", ())
    rows = tx.all(
        "SELECT e.author_id, e.unit_id, CAST(SUM(e.points) AS BIGINT) FROM entry e"
        " JOIN item i ON i.id = e.item_id AND i.unit_id = e.unit_id"
        f" WHERE e.ym BETWEEN ? AND ? AND e.day BETWEEN ? AND ? AND e.author_id IS NOT NULL{of_unit}"
        " GROUP BY e.author_id, e.unit_id",
        _month(first), _month(last), first.isoformat(), last.isoformat(), *values,
    )  # fmt: skip
    return {(person, unit): total for person, unit, total in rows}


def counts(tx: Tx, first: date, last: date, unit_id: int | None = None) -> dict[tuple[int, int], tuple[int, int]]:
    """(author, unit) → (submitted, adopted) items: by day of submission, by day of the first adoption that stands."""
    of_unit, values = (_OF_UNIT, (unit_id,)) if unit_id is not None else ("", ())
    span = (first.isoformat(), last.isoformat())
    rows = tx.all(
        "SELECT author_id, unit_id, COUNT(CASE WHEN submitted BETWEEN ? AND ? THEN 1 END),"
        " COUNT(CASE WHEN adopted BETWEEN ? AND ? THEN 1 END)"
        " FROM (SELECT i.author_id, i.unit_id, MIN(CASE WHEN f.kind = 'submission' THEN f.day END) AS submitted,"
        " MIN(CASE WHEN f.kind = 'adoption' THEN f.day END) AS adopted FROM item i JOIN fact f ON f.item_id = i.id"
        " WHERE i.id IN (SELECT item_id FROM fact WHERE day BETWEEN ? AND ? AND kind IN ('submission', 'adoption'))"
        f" AND NOT EXISTS (SELECT 1 FROM fact r WHERE r.revokes = f.id){of_unit}"
        " GROUP BY i.id, i.author_id, i.unit_id) AS own GROUP BY author_id, unit_id",
        *span, *span, *span, *values,
    )  # fmt: skip
    return {(person, unit): (submitted, adopted) for person, unit, submitted, adopted in rows}


def tallies(tx: Tx, first: date, last: date, unit_id: int | None = None) -> list[Tally]:
    """Everybody who sent something, had something adopted or got points, in no order."""
    earned, counted = points(tx, first, last, unit_id), counts(tx, first, last, unit_id)
    found = []
    for key in earned.keys() | counted.keys():
        tally = Tally(*key, earned.get(key, 0), *counted.get(key, (0, 0)))
        if tally.points or tally.submitted or tally.adopted:
            found.append(tally)
    return found


def sections(tx: Tx, day: date) -> dict[tuple[int, int], str]:
    """(person, unit) → the section they work in on a day."""
    iso = day.isoformat()
    rows = tx.all(
        "SELECT o.person_id, o.unit_id, s.name FROM post o JOIN section s ON s.id = o.section_id"
        " WHERE o.valid_from <= ? AND (o.valid_to = '' OR o.valid_to >= ?) ORDER BY o.id",
        iso, iso,
    )  # fmt: skip
    return {(person, unit): name for person, unit, name in rows}


def names(tx: Tx) -> dict[int, str]:
    """Every person's name, also of those who left."""
    return dict(tx.all("SELECT id, name FROM person"))


def _month(day: date) -> int:
    return day.year * 100 + day.month
