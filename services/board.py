"""The boards: who stands where in its class in a period, ranked as the measure of its last day says.

A month, a quarter and a year are stored as totals, so their best are one index range; any other span of months (1-2月,
上半年) is the sum of its months, and of months that lie only in part in a span of free dates the days are counted. A
unit of the class without any row did nothing: it counts as zero. Units that were put into another class in the year
stand in the class they have now.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import cached_property

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
    """What a unit has in a period and where that puts it; `rank` and `size` are 0, `class_name` is '' for a unit that
    was not assessed in it. `above` is the next better (rank, points), None for the first."""

    class_name: str
    points: int
    submitted: int
    adopted: int
    rank: int
    size: int
    tied: bool
    above: tuple[int, int] | None = None

    @property
    def without_rank(self) -> Place:
        """The same where nobody is told where a unit stands."""
        return replace(self, rank=0, above=None)


@dataclass(frozen=True, slots=True)
class Boards:
    """The boards of all classes as they stood at a moment, classes in the office's order."""

    period: Period
    as_of: datetime
    classes: Mapping[str, list[Row]]


def class_board(
    tx: Tx, period: Period, class_name: str, measures: Sequence[Measure] = (), *, limit: int | None = None
) -> list[Row]:
    """The standings of a class, best first, at most `limit` of them."""
    measure = measure_on(period.last, measures)
    plain = measure is None or (measure.result == Result() and not measure.exempt)
    if limit is not None and plain and _STORED.fullmatch(period.code):
        best = ledger.top(tx, period.code, class_name, limit + 1)
        if len(best) > limit and best[-1].points > 0:
            tallies = [Tally(one.unit_id, one.points, one.submitted, one.adopted) for one in best]
            return _rows(tx, period, rank(Result(), tallies, unit_class=class_name), {})[:limit]
    return _class_rows(_Figures(tx, period), class_name, measure)[:limit]


def boards(
    tx: Tx, period: Period, measures: Sequence[Measure] = (), *, until_ms: int = span.NOW
) -> dict[str, list[Row]]:
    """The standings of every class of the period's year, classes in the office's order, by what was recorded until a
    moment (UTC ms)."""
    figures, measure = _Figures(tx, period, until_ms), measure_on(period.last, measures)
    return {name: _class_rows(figures, name, measure) for name in ledger.class_names(tx, period.last.year)}


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
        for row in _ranked(_Figures(tx, period), own.class_name, measure, sorted(members))
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


class _Figures:
    """What the units have in a period, by what was recorded until a moment; what has to be counted is counted once for
    all classes."""

    def __init__(self, tx: Tx, period: Period, until_ms: int = span.NOW) -> None:
        self.tx, self.period, self.until_ms = tx, period, until_ms
        self.codes, self._edges = _parts(period) if until_ms == span.NOW else ([], [(period.first, period.last)])

    @cached_property
    def _counted(self) -> list[span.Sums]:
        return [span.sums(self.tx, first, last, self.until_ms) for first, last in self._edges]

    @cached_property
    def at_levels(self) -> Mapping[int, Mapping[str, int]]:
        """How many adoptions each unit has at each level."""
        return span.at_levels(self.tx, self.period.first, self.period.last, self.until_ms)

    def of_class(self, name: str) -> span.Sums:
        """Those of the units of a class that did anything."""
        booked = ledger.totals_in_class(self.tx, self.codes, name) if self.codes else []
        found = {one.unit_id: (one.points, one.submitted, one.adopted) for one in booked}
        members = span.units_of_class(self.tx, name, self.period.last.year) if self._edges else set()
        for sums in self._counted:
            for unit_id in members & sums.keys():
                old, more = found.get(unit_id, (0, 0, 0)), sums[unit_id]
                found[unit_id] = (old[0] + more[0], old[1] + more[1], old[2] + more[2])
        return found


def _class_rows(figures: _Figures, name: str, measure: Measure | None) -> list[Row]:
    tx, period = figures.tx, figures.period
    members = {unit.id: unit for unit in ledger.units_in_class(tx, name, period.first, period.last)}
    return _rows(tx, period, _ranked(figures, name, measure, list(members)), members)


def _ranked(figures: _Figures, class_name: str, measure: Measure | None, members: Sequence[int]) -> list[Ranked]:
    """Every unit of a class in its place; `members` in the office's order are there though they did nothing."""
    result, period = measure.result if measure else Result(), figures.period
    sums = dict.fromkeys(members, (0, 0, 0)) | figures.of_class(class_name)
    levels = {} if _COUNTED.issuperset(result.tiebreak) else figures.at_levels
    return rank(
        result,
        [Tally(unit_id, *own, levels.get(unit_id, {})) for unit_id, own in sums.items()],
        unit_class=class_name,
        unit_order=members,
        exempt=_exempt(figures.tx, measure, sums, period.last),
        whole_year=period.code == str(period.last.year),
    )


def _exempt(tx: Tx, measure: Measure | None, units: Mapping[int, object], day: date) -> set[int]:
    if measure is None or not measure.exempt:
        return set()
    return {unit_id for unit_id in units if is_exempt(measure, settlement.names(tx, unit_id), day)}


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
