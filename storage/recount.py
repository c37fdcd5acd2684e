"""The totals of a year counted anew from entries and facts, to be held against those that are kept."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date

from storage.engine import Tx
from storage.ledger import period_codes

Key = tuple[str, int]
"""(period code, unit)"""

_LIVE = "NOT EXISTS (SELECT 1 FROM fact r WHERE r.revokes = f.id)"


@dataclass(frozen=True, slots=True)
class Difference:
    """A kept total that a recount does not confirm. `what` is points, submitted, adopted or class."""

    period: str
    unit_id: int
    what: str
    stored: int | str
    recounted: int | str


def differences(tx: Tx, year: int) -> list[Difference]:
    """Every total of the year's months, quarters and of the year itself that is not what it should be."""
    kept = _kept(tx, year)
    counted = (
        ("points", _spread(year, _points(tx, year)), 1),
        ("submitted", _spread(year, _submitted(tx, year)), 2),
        ("adopted", _spread(year, _adopted(tx, year)), 3),
    )
    found = []
    for what, sums, column in counted:
        for period, unit in sorted({*sums, *kept}):
            stored = kept[period, unit][column] if (period, unit) in kept else 0
            if stored != sums[period, unit]:
                found.append(Difference(period, unit, what, stored, sums[period, unit]))
    classes: dict[int, str] = dict(tx.all("SELECT unit_id, class FROM unit_class WHERE year = ?", year))
    for (period, unit), row in sorted(kept.items()):
        if row[0] != classes.get(unit, ""):
            found.append(Difference(period, unit, "class", row[0], classes.get(unit, "")))
    return found


def _kept(tx: Tx, year: int) -> dict[Key, tuple[str, int, int, int]]:
    rows = tx.all(
        "SELECT period, unit_id, class, points, submitted, adopted FROM score_period"
        " WHERE period >= ? AND period < ?",
        str(year), str(year + 1),
    )  # fmt: skip
    return {(row[0], row[1]): (row[2], row[3], row[4], row[5]) for row in rows}


def _points(tx: Tx, year: int) -> list[tuple[int, int, int]]:
    rows = tx.all(
        "SELECT ym, unit_id, SUM(points) FROM entry WHERE ym BETWEEN ? AND ? GROUP BY ym, unit_id",
        year * 100 + 1, year * 100 + 12,
    )  # fmt: skip
    return [(ym % 100, unit, int(points)) for ym, unit, points in rows]


def _submitted(tx: Tx, year: int) -> list[tuple[int, int, int]]:
    rows = tx.all(
        "SELECT substr(f.day, 6, 2), u.unit_id, COUNT(*) FROM fact f JOIN item_unit u ON u.item_id = f.item_id"
        f" WHERE f.kind = 'submission' AND f.day BETWEEN ? AND ? AND {_LIVE} GROUP BY 1, 2",
        f"{year}-01-01", f"{year}-12-31",
    )  # fmt: skip
    return [(int(month), unit, count) for month, unit, count in rows]


def _adopted(tx: Tx, year: int) -> list[tuple[int, int, int]]:
    """An item counts once, on the day of its first issue."""
    rows = tx.all(
        "SELECT substr(a.day, 6, 2), u.unit_id, COUNT(*) FROM"
        f" (SELECT f.item_id AS item_id, MIN(f.day) AS day FROM fact f WHERE f.kind = 'adoption' AND {_LIVE}"
        " GROUP BY f.item_id) a JOIN item_unit u ON u.item_id = a.item_id"
        " WHERE a.day BETWEEN ? AND ? GROUP BY 1, 2",
        f"{year}-01-01", f"{year}-12-31",
    )  # fmt: skip
    return [(int(month), unit, count) for month, unit, count in rows]


def _spread(year: int, months: list[tuple[int, int, int]]) -> Counter[Key]:
    """The same figures summed under the codes of month, quarter and year."""
    sums: Counter[Key] = Counter()
    for month, unit, number in months:
        for code in period_codes(date(year, month, 1)):
            sums[code, unit] += number
    return sums
