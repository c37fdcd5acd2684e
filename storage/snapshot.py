"""Frozen boards as bytes, and the figures a board is made of, each by one statement over all units.

Every count and every sum is taken from facts and entries that stand; `domain.snapshot` names the keys.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from storage.engine import Row, Tx

Counts = defaultdict[int, Counter[str]]
"""unit → figures"""

# Few facts are taken back: their list is made once, where a look for each fact would cost more than all the rest.
_LIVE = "f.id NOT IN (SELECT revokes FROM fact WHERE revokes IS NOT NULL)"
_FACTS = "FROM fact f JOIN item_unit u ON u.item_id = f.item_id"


@dataclass(frozen=True, slots=True)
class Kept:
    """A stored board: its bytes, their hash, when it was frozen (UTC) and the last entry in it."""

    period: str
    as_of_ms: int
    upto_seq: int
    hash: str
    content: bytes


def keep(tx: Tx, kept: Kept) -> None:
    """Store a board. A second one of the same period is a fault of ours: the database refuses it."""
    tx.run(
        "INSERT INTO snapshot (period, as_of_ms, upto_seq, hash, content) VALUES (?, ?, ?, ?, ?)",
        kept.period, kept.as_of_ms, kept.upto_seq, kept.hash, kept.content,
    )  # fmt: skip


def find(tx: Tx, period: str) -> Kept | None:
    row = tx.one("SELECT period, as_of_ms, upto_seq, hash, content FROM snapshot WHERE period = ?", period)
    return Kept(row[0], row[1], row[2], row[3], bytes(row[4])) if row else None


def figures(tx: Tx, first: date, last: date) -> Counts:
    """What every unit did in whole months: counts by the day of the fact, points by the day they are booked on.

    Items sent and used and the points in all are the totals that are kept, as every board has them.
    """
    found: Counts = defaultdict(Counter)
    days = (first.isoformat(), last.isoformat())
    for (_, unit), kept in months(tx, month_codes(first, last)).items():
        _count(found[unit], {"submitted": kept.submitted, "adopted": kept.adopted, "points": kept.points})
    _add_adoptions(tx, found, days)
    _add_commissioned(tx, found, days)
    _add_others(tx, found, days)
    _add_points(tx, found, first, last)
    return found


def month_codes(first: date, last: date) -> list[str]:
    """`2026-10`, `2026-11`: the months of a span."""
    indexes = range(first.year * 12 + first.month - 1, last.year * 12 + last.month)
    return [f"{index // 12}-{index % 12 + 1:02d}" for index in indexes]


def _first_adoptions(which: str) -> str:
    """The items among `which` (a query) that were used, each with the day of its first issue."""
    return (
        "(SELECT f.item_id AS item_id, MIN(f.day) AS day FROM fact f"
        f" WHERE f.kind = 'adoption' AND {_LIVE} AND f.item_id IN ({which}) GROUP BY f.item_id)"
    )


def _add_commissioned(tx: Tx, found: Counts, days: tuple[str, str]) -> None:
    """Items used for the first time that answer a commission."""
    ordered = "SELECT c.item_id FROM fact c WHERE c.kind = 'adoption' AND c.day BETWEEN ? AND ? AND c.commissioned = 1"
    rows = tx.all(
        f"SELECT u.unit_id, COUNT(*) FROM {_first_adoptions(ordered)} a JOIN item_unit u ON u.item_id = a.item_id"
        " WHERE a.day BETWEEN ? AND ? GROUP BY u.unit_id",
        *days, *days,
    )  # fmt: skip
    for unit, count in rows:
        found[unit]["commissioned"] += count


def _add_adoptions(tx: Tx, found: Counts, days: tuple[str, str]) -> None:
    rows = tx.all(
        f"SELECT u.unit_id, f.journal, f.level, f.form, COUNT(*) {_FACTS}"
        f" WHERE f.kind = 'adoption' AND f.day BETWEEN ? AND ? AND {_LIVE}"
        " GROUP BY u.unit_id, f.journal, f.level, f.form",
        *days,
    )
    for unit, journal, level, form, count in rows:
        keys = (f"journal.{journal}", f"level.{level}", f"form.{form}", f"journal.{journal}.form.{form}")
        _count(found[unit], {f"adopted.{key}": count for key in keys})


def _add_others(tx: Tx, found: Counts, days: tuple[str, str]) -> None:
    rows = tx.all(
        f"SELECT u.unit_id, f.kind, CASE WHEN f.kind = 'upward' THEN f.level ELSE f.leader_rank END, COUNT(*) {_FACTS}"
        f" WHERE f.kind IN ('instruction', 'upward') AND f.day BETWEEN ? AND ? AND {_LIVE} GROUP BY 1, 2, 3",
        *days,
    )
    for unit, kind, level, count in rows:
        found[unit][f"{kind}.level.{level}"] += count
    missed = tx.all(
        "SELECT f.unit_id, COUNT(*) FROM unit_fact f WHERE f.event = 'commission.missed' AND f.day BETWEEN ? AND ?"
        " AND NOT EXISTS (SELECT 1 FROM unit_fact r WHERE r.revokes = f.id) GROUP BY f.unit_id",
        *days,
    )
    for unit, count in missed:
        found[unit]["commission.missed"] += count


def _add_points(tx: Tx, found: Counts, first: date, last: date) -> None:
    rows = tx.all(
        "SELECT e.unit_id, e.category, COALESCE(f.kind, ''), COALESCE(f.level, ''), COALESCE(f.journal, ''),"
        " COALESCE(f.leader_rank, ''), CAST(SUM(e.points) AS BIGINT)"
        " FROM entry e LEFT JOIN fact f ON f.id = e.fact_id WHERE e.ym BETWEEN ? AND ? AND e.day BETWEEN ? AND ?"
        " GROUP BY 1, 2, 3, 4, 5, 6",
        first.year * 100 + first.month, last.year * 100 + last.month, first.isoformat(), last.isoformat(),
    )  # fmt: skip
    for unit, category, kind, level, journal, rank, points in rows:
        told = {f"points.category.{category}": points}
        if kind == "instruction":
            told[f"points.instruction.{rank}"] = points
        elif level:
            told[f"points.level.{level}"] = points
        if journal:
            told[f"points.journal.{journal}"] = points
        _count(found[unit], told)


def _count(figures: Counter[str], more: dict[str, int]) -> None:
    """Add what is not nothing: a key that is absent is 0."""
    for key, number in more.items():
        if number:
            figures[key] += number


def items_counted(tx: Tx, first: date, last: date) -> tuple[int, int]:
    """How many items came in, how many were used for the first time: a joint item once."""
    days = (first.isoformat(), last.isoformat())
    submitted = tx.one(
        f"SELECT COUNT(*) FROM fact f WHERE f.kind = 'submission' AND f.day BETWEEN ? AND ? AND {_LIVE}", *days
    )
    used = "SELECT c.item_id FROM fact c WHERE c.kind = 'adoption' AND c.day BETWEEN ? AND ?"
    adopted = tx.one(f"SELECT COUNT(*) FROM {_first_adoptions(used)} a WHERE a.day BETWEEN ? AND ?", *days, *days)
    return (submitted[0] if submitted else 0, adopted[0] if adopted else 0)


@dataclass(frozen=True, slots=True)
class Monthly:
    """What a unit has in a month. Points in hundredths."""

    points: int
    submitted: int
    adopted: int


def months(tx: Tx, codes: Iterable[str]) -> dict[tuple[str, int], Monthly]:
    """(month's code, unit) → what is kept for it."""
    wanted = list(codes)
    rows = tx.all(
        "SELECT period, unit_id, points, submitted, adopted FROM score_period"
        f" WHERE period IN ({', '.join('?' * len(wanted))})",
        *wanted,
    )
    return {(period, unit): Monthly(*rest) for period, unit, *rest in rows}


@dataclass(frozen=True, slots=True)
class Adoption:
    """An adoption that stands, with its item and the item's units."""

    item_id: int
    number: str
    title: str
    day: date
    journal: str
    level: str
    form: str
    issue: str
    commissioned: bool
    units: tuple[int, ...]
    instructed: tuple[str, ...]


def adoptions(tx: Tx, first: date, last: date) -> list[Adoption]:
    """The adoptions of a span, by day; with the ranks of leaders who had written a note on the item by its end."""
    days = (first.isoformat(), last.isoformat())
    rows = tx.all(
        "SELECT i.id, i.number, i.title, f.day, f.journal, f.level, f.form, f.issue, f.commissioned"
        f" FROM fact f JOIN item i ON i.id = f.item_id WHERE f.kind = 'adoption' AND f.day BETWEEN ? AND ? AND {_LIVE}"
        " ORDER BY f.day, f.id",
        *days,
    )
    used = "SELECT a.item_id FROM fact a WHERE a.kind = 'adoption' AND a.day BETWEEN ? AND ?"
    units = _listed(tx.all(f"SELECT item_id, unit_id FROM item_unit WHERE item_id IN ({used}) ORDER BY place", *days))
    instructed = _listed(
        tx.all(
            f"SELECT f.item_id, f.leader_rank FROM fact f WHERE f.kind = 'instruction' AND f.day <= ? AND {_LIVE}"
            f" AND f.item_id IN ({used}) ORDER BY f.day, f.id",
            days[1], *days,
        )
    )  # fmt: skip
    return [
        Adoption(
            id, number, title, date.fromisoformat(day), journal, level, form, issue, bool(commissioned),
            tuple(units[id]), tuple(instructed[id]),
        )
        for id, number, title, day, journal, level, form, issue, commissioned in rows
    ]  # fmt: skip


def _listed(rows: Iterable[Row]) -> defaultdict[int, list[Any]]:
    found: defaultdict[int, list[Any]] = defaultdict(list)
    for item_id, value in rows:
        found[item_id].append(value)
    return found


@dataclass(frozen=True, slots=True)
class Adjusted:
    """An entry booked for an earlier day, or given by a person. Points in hundredths."""

    unit_id: int
    points: int
    reason: str
    article: str
    day: date


def adjusted(tx: Tx, first: date, last: date) -> list[Adjusted]:
    """What a span has from an earlier one or by somebody's decision, by day."""
    rows = tx.all(
        "SELECT e.unit_id, e.points, e.reason, e.article, e.day FROM entry e"
        " LEFT JOIN unit_fact x ON x.id = -e.fact_id"
        " WHERE e.ym BETWEEN ? AND ? AND e.day BETWEEN ? AND ? AND (e.due_day <> '' OR x.points IS NOT NULL)"
        " ORDER BY e.day, e.seq",
        first.year * 100 + first.month, last.year * 100 + last.month, first.isoformat(), last.isoformat(),
    )  # fmt: skip
    return [
        Adjusted(unit, points, reason, article, date.fromisoformat(day)) for unit, points, reason, article, day in rows
    ]
