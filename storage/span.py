"""What every unit did from day to day, counted from entries and facts as they stood at a moment.

Whole months are kept as totals (storage.ledger); this is for what is not: free dates, and boards as of the past.
"""

from __future__ import annotations

from datetime import date

from storage.engine import Tx

NOW = (1 << 62) - 1
"""A moment that lies behind everything recorded, UTC ms."""

_KNOWN = "f.at_ms <= ? AND NOT EXISTS (SELECT 1 FROM fact r WHERE r.revokes = f.id AND r.at_ms <= ?)"

Sums = dict[int, tuple[int, int, int]]
"""unit → (points in hundredths, items submitted, items adopted)"""


def sums(tx: Tx, first: date, last: date, until_ms: int = NOW) -> Sums:
    """The sums of every unit over some days, by what was recorded until a moment (UTC ms)."""
    points, submitted, adopted = _counts(tx, first, last, until_ms)
    return {
        unit_id: (int(points.get(unit_id, 0)), submitted.get(unit_id, 0), adopted.get(unit_id, 0))
        for unit_id in {*points, *submitted, *adopted}
    }


def _counts(tx: Tx, first: date, last: date, until_ms: int) -> tuple[dict[int, int], dict[int, int], dict[int, int]]:
    """By unit: points, items submitted, items adopted."""
    days = first.isoformat(), last.isoformat()
    points = tx.all(
        "SELECT unit_id, SUM(points) FROM entry WHERE ym BETWEEN ? AND ? AND day BETWEEN ? AND ? AND recorded_ms <= ?"
        " GROUP BY unit_id",
        first.year * 100 + first.month, last.year * 100 + last.month, *days, until_ms,
    )  # fmt: skip
    submitted = tx.all(
        "SELECT u.unit_id, COUNT(*) FROM fact f JOIN item_unit u ON u.item_id = f.item_id"
        f" WHERE f.kind = 'submission' AND f.day BETWEEN ? AND ? AND {_KNOWN} GROUP BY u.unit_id",
        *days, until_ms, until_ms,
    )  # fmt: skip
    adopted = tx.all(
        "SELECT u.unit_id, COUNT(*) FROM (SELECT f.item_id AS item_id, MIN(f.day) AS day FROM fact f"
        " WHERE f.item_id IN (SELECT item_id FROM fact WHERE kind = 'adoption' AND day BETWEEN ? AND ?)"
        f" AND f.kind = 'adoption' AND {_KNOWN} GROUP BY f.item_id) a JOIN item_unit u ON u.item_id = a.item_id"
        " WHERE a.day BETWEEN ? AND ? GROUP BY u.unit_id",
        *days, until_ms, until_ms, *days,
    )  # fmt: skip
    return dict(points), dict(submitted), dict(adopted)


def at_levels(tx: Tx, first: date, last: date, until_ms: int = NOW) -> dict[int, dict[str, int]]:
    """How many adoptions a unit had at each level: what ties are decided by. An item counts in every journal."""
    rows = tx.all(
        "SELECT u.unit_id, f.level, COUNT(*) FROM fact f JOIN item_unit u ON u.item_id = f.item_id"
        f" WHERE f.kind = 'adoption' AND f.day BETWEEN ? AND ? AND {_KNOWN} GROUP BY u.unit_id, f.level",
        first.isoformat(), last.isoformat(), until_ms, until_ms,
    )  # fmt: skip
    found: dict[int, dict[str, int]] = {}
    for unit_id, level, number in rows:
        found.setdefault(unit_id, {})[level] = number
    return found


def units_of_class(tx: Tx, class_name: str, year: int) -> set[int]:
    """The units that stand in a class in a year, also those that are closed."""
    rows = tx.all("SELECT unit_id FROM unit_class WHERE year = ? AND class = ?", year, class_name)
    return {unit_id for (unit_id,) in rows}
