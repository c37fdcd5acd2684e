"""The boards: who stands where in its class in a period.

A month, a quarter and a year are stored as totals, so their best are one index range; any other span of
months (1-2月, 上半年) is the sum of its months. A unit of the class without any row did nothing: it counts as
zero. Units that were put into another class in the year stand in the class they have now.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from domain.period import Period
from domain.ranking import Tally, rank_class
from domain.roster import Unit
from storage import ledger, roster
from storage.engine import Tx
from storage.ledger import Totals

_STORED = re.compile(r"\d{4}(-\d{2}|Q[1-4])?")


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a board: equal points share a rank (1, 2, 2, 4) and are `tied`. Points in hundredths."""

    rank: int
    unit: Unit
    points: int
    submitted: int
    adopted: int
    tied: bool


@dataclass(frozen=True, slots=True)
class Place:
    """What a unit has in a period and where that puts it; `rank` and `size` are 0 for a unit that was not
    assessed in it. `above` is the next better (rank, points), None for the first."""

    class_name: str
    points: int
    submitted: int
    adopted: int
    rank: int
    size: int
    tied: bool
    above: tuple[int, int] | None = None


def class_board(tx: Tx, period: Period, class_name: str, *, limit: int | None) -> list[Row]:
    """The standings of a class, best first, at most `limit` of them."""
    if limit is not None and _STORED.fullmatch(period.code):
        best = ledger.top(tx, period.code, class_name, limit + 1)
        if len(best) > limit and best[-1].points > 0:
            return _rows(tx, period, best, [])[:limit]
    members = ledger.units_in_class(tx, class_name, period.first, period.last)
    booked = ledger.totals_in_class(tx, _codes(period), class_name)
    return _rows(tx, period, booked, members)[:limit]


def boards(tx: Tx, period: Period) -> dict[str, list[Row]]:
    """The standings of every class of the period's year, classes in the office's order."""
    names = ledger.class_names(tx, period.last.year)
    return {name: class_board(tx, period, name, limit=None) for name in names}


def own_place(tx: Tx, period: Period, unit_id: int) -> Place:
    """A unit's totals in a period, its rank and the size of its class."""
    own = unit_totals(tx, period, unit_id)
    booked = ledger.totals_in_class(tx, _codes(period), own.class_name)
    members = ledger.unit_ids_in_class(tx, own.class_name, period.first, period.last)
    points = dict.fromkeys(members, 0) | {totals.unit_id: totals.points for totals in booked}
    if not own.class_name or unit_id not in points:
        return Place("", own.points, own.submitted, own.adopted, 0, 0, False)
    rank = 1 + sum(other > own.points for other in points.values())
    tied = sum(other == own.points for other in points.values()) > 1
    return Place(
        own.class_name, own.points, own.submitted, own.adopted, rank, len(points), tied, _above(points.values(), own)
    )


def _above(points: Iterable[int], own: Totals) -> tuple[int, int] | None:
    """Of equal units above, the first has their rank: the next better are (2, 2), not (3, 2)."""
    better = [other for other in points if other > own.points]
    if not better:
        return None
    nearest = min(better)
    return 1 + sum(other > nearest for other in better), nearest


def unit_totals(tx: Tx, period: Period, unit_id: int) -> Totals:
    """What one unit has in a period; all zero if it did nothing. Its class is that of the period's year."""
    class_name = roster.class_of(tx, unit_id, period.last)
    return Totals(unit_id, class_name, *ledger.sums_of(tx, unit_id, _codes(period)))


def _codes(period: Period) -> list[str]:
    if _STORED.fullmatch(period.code):
        return [period.code]
    return [f"{year}-{month:02d}" for year, month in period.months]


def _rows(tx: Tx, period: Period, booked: list[Totals], members: list[Unit]) -> list[Row]:
    known = {unit.id: unit for unit in members}
    tallies = {unit.id: Tally(unit.id, 0) for unit in members}
    tallies |= {t.unit_id: Tally(t.unit_id, t.points, t.submitted, t.adopted) for t in booked}
    rows = []
    for place in rank_class(tallies.values(), list(known)):
        unit = known.get(place.unit_id) or roster.unit(tx, place.unit_id, period.last.year)
        assert unit is not None, "totals name units of the roster"
        rows.append(Row(place.rank, unit, place.points, place.submitted, place.adopted, place.tied))
    return rows
