"""The boards: who stands where in its class in a period, ranked as the measure of its last day says.

A month, a quarter and a year are stored as totals, so their best are one index range; any other span of months (1-2月,
上半年) is the sum of its months, and of months that lie only in part in a span of free dates the days are counted. A
unit of the class without any row did nothing: it counts as zero. Units that were put into another class in the year
stand in the class they have now.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from domain.measure import Measure, measure_on
from domain.measure.model import Result
from domain.moment import to_ms
from domain.period import Period, month_of
from domain.ranking import Tally
from domain.roster import Unit
from domain.scoring.record import is_exempt
from domain.scoring.result import Ranked, rank
from storage import ledger, roster, settlement, span
from storage.engine import Tx
from storage.ledger import Totals

_STORED = re.compile(r"\d{4}(-\d{2}|Q[1-4])?")
_DAY = timedelta(days=1)
_COUNTED = frozenset({"adopted", "submitted"})
"""The criteria of a tie that stand on every board."""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a board: equal points share a rank (1, 2, 2, 4) and are `tied`, unless the measure has it otherwise.
    `rank` is None for a unit that is not assessed; `note` says so (免考评), or that it is below the line (未达标).
    Points in hundredths."""

    rank: int | None
    unit: Unit
    points: int
    submitted: int
    adopted: int
    tied: bool
    note: str = ""


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


@dataclass(frozen=True, slots=True)
class Boards:
    """The boards of all classes as they stood at a moment, classes in the office's order."""

    period: Period
    as_of: datetime
    classes: Mapping[str, list[Row]]


def class_board(
    tx: Tx,
    period: Period,
    class_name: str,
    measures: Sequence[Measure] = (),
    *,
    limit: int | None = None,
    until_ms: int = span.NOW,
) -> list[Row]:
    """The standings of a class, best first, at most `limit` of them, by what was recorded until a moment (UTC ms)."""
    measure = measure_on(period.last, measures)
    plain = measure is None or (measure.result == Result() and not measure.exempt)
    if limit is not None and plain and until_ms == span.NOW and _STORED.fullmatch(period.code):
        best = ledger.top(tx, period.code, class_name, limit + 1)
        if len(best) > limit and best[-1].points > 0:
            tallies = [Tally(one.unit_id, one.points, one.submitted, one.adopted) for one in best]
            return _rows(tx, period, rank(Result(), tallies, unit_class=class_name), {})[:limit]
    members = {unit.id: unit for unit in ledger.units_in_class(tx, class_name, period.first, period.last)}
    ranked = _ranked(tx, period, class_name, measure, list(members), until_ms)
    return _rows(tx, period, ranked, members)[:limit]


def boards(
    tx: Tx, period: Period, measures: Sequence[Measure] = (), *, until_ms: int = span.NOW
) -> dict[str, list[Row]]:
    """The standings of every class of the period's year, classes in the office's order."""
    names = ledger.class_names(tx, period.last.year)
    return {name: class_board(tx, period, name, measures, until_ms=until_ms) for name in names}


def boards_as_of(tx: Tx, period: Period, measures: Sequence[Measure], moment: datetime) -> Boards:
    """The boards as they stood at a moment of the past: by what was recorded until then, in the classes of today."""
    return Boards(period, moment, boards(tx, period, measures, until_ms=to_ms(moment)))


def own_place(tx: Tx, period: Period, unit_id: int, measures: Sequence[Measure] = ()) -> Place:
    """A unit's totals in a period, its rank and the size of its class."""
    own = unit_totals(tx, period, unit_id)
    members = ledger.unit_ids_in_class(tx, own.class_name, period.first, period.last)
    measure = measure_on(period.last, measures)
    ranked = [
        row
        for row in _ranked(tx, period, own.class_name, measure, sorted(members), span.NOW)
        if own.class_name and row.rank is not None
    ]
    row = next((row for row in ranked if row.unit_id == unit_id), None)
    if row is None or row.rank is None:
        return Place("", own.points, own.submitted, own.adopted, 0, 0, False)
    return Place(
        own.class_name,
        own.points,
        own.submitted,
        own.adopted,
        row.rank,
        len(ranked),
        row.tied,
        _above(ranked, row.rank),
    )


def _above(ranked: Sequence[Ranked], place: int) -> tuple[int, int] | None:
    """Of equal units above, the first has their rank: the next better are (2, 2), not (3, 2)."""
    better = [(row.rank, row.points) for row in ranked if row.rank is not None and row.rank < place]
    return max(better, default=None)


def unit_totals(tx: Tx, period: Period, unit_id: int) -> Totals:
    """What one unit has in a period; all zero if it did nothing. Its class is that of the period's year."""
    class_name = roster.class_of(tx, unit_id, period.last)
    codes, edges = _parts(period)
    points, submitted, adopted = ledger.sums_of(tx, unit_id, codes)
    for first, last in edges:
        more = span.sums(tx, first, last).get(unit_id, (0, 0, 0))
        points, submitted, adopted = points + more[0], submitted + more[1], adopted + more[2]
    return Totals(unit_id, class_name, points, submitted, adopted)


def _ranked(
    tx: Tx, period: Period, class_name: str, measure: Measure | None, members: Sequence[int], until_ms: int
) -> list[Ranked]:
    """Every unit of a class in its place; `members` in the office's order are there though they did nothing."""
    result = measure.result if measure else Result()
    sums = dict.fromkeys(members, (0, 0, 0)) | _sums(tx, period, class_name, until_ms)
    levels: Mapping[int, Mapping[str, int]] = {}
    if not _COUNTED.issuperset(result.tiebreak):
        levels = span.at_levels(tx, period.first, period.last, until_ms)
    return rank(
        result,
        [Tally(unit_id, *own, levels.get(unit_id, {})) for unit_id, own in sums.items()],
        unit_class=class_name,
        unit_order=members,
        exempt=_exempt(tx, measure, sums, period.last),
        whole_year=period.code == str(period.last.year),
    )


def _exempt(tx: Tx, measure: Measure | None, units: Mapping[int, object], day: date) -> set[int]:
    if measure is None or not measure.exempt:
        return set()
    return {unit_id for unit_id in units if is_exempt(measure, settlement.names(tx, unit_id), day)}


def _sums(tx: Tx, period: Period, class_name: str, until_ms: int) -> span.Sums:
    """What the units of a class did that did anything."""
    members = span.units_of_class(tx, class_name, period.last.year)
    if until_ms != span.NOW:
        return _of(members, span.sums(tx, period.first, period.last, until_ms))
    codes, edges = _parts(period)
    booked = ledger.totals_in_class(tx, codes, class_name) if codes else []
    found = {one.unit_id: (one.points, one.submitted, one.adopted) for one in booked}
    for first, last in edges:
        for unit_id, more in _of(members, span.sums(tx, first, last)).items():
            old = found.get(unit_id, (0, 0, 0))
            found[unit_id] = (old[0] + more[0], old[1] + more[1], old[2] + more[2])
    return found


def _of(members: set[int], sums: span.Sums) -> span.Sums:
    return {unit_id: own for unit_id, own in sums.items() if unit_id in members}


def _parts(period: Period) -> tuple[list[str], list[tuple[date, date]]]:
    """The codes of the stored totals a period is made of, and the spans of days beside them."""
    if _STORED.fullmatch(period.code):
        return [period.code], []
    codes: list[str] = []
    edges: list[tuple[date, date]] = []
    for year, month in period.months:
        whole = month_of(date(year, month, 1))
        first, last = max(whole.first, period.first), min(whole.last, period.last)
        if (first, last) == (whole.first, whole.last):
            codes.append(whole.code)
        elif edges and edges[-1][1] + _DAY == first:
            edges[-1] = (edges[-1][0], last)
        else:
            edges.append((first, last))
    return codes, edges


def _rows(tx: Tx, period: Period, ranked: Sequence[Ranked], known: Mapping[int, Unit]) -> list[Row]:
    rows = []
    for place in ranked:
        unit = known.get(place.unit_id) or roster.unit(tx, place.unit_id, period.last.year)
        assert unit is not None, "totals name units of the roster"
        rows.append(Row(place.rank, unit, place.points, place.submitted, place.adopted, place.tied, place.note))
    return rows
