"""A trial run of a draft measure (试算): what a period would have been under it, beside what it is. Changes nothing.

Both sides are counted the same way, from the facts alone, each on its own day: what differs is the draft's doing, not
that something was booked late. The draft is taken to be in force on every day, whatever dates it names.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from domain.measure import Measure, measure_on
from domain.measure.model import Result
from domain.period import EARLIEST_YEAR, Period
from domain.ranking import Tally
from domain.roster import Unit
from domain.scoring import Entry, score_item
from domain.scoring.record import Record, is_exempt
from domain.scoring.result import Ranked, rank
from domain.scoring.settle import settle
from services.board import class_board
from services.measures import in_force
from services.office import Office, class_lookup, parent_lookup
from services.points.units import worth_of
from storage import ledger, replay, settlement, unit_fact
from storage.engine import Tx


@dataclass(frozen=True, slots=True)
class Change:
    """One unit under the measure in force and under the draft. Points in hundredths; a rank of None is not ranked."""

    unit: Unit
    points: int
    rank: int | None
    trial_points: int
    trial_rank: int | None

    @property
    def gained(self) -> int:
        """Points more (less, below zero) under the draft."""
        return self.trial_points - self.points

    @property
    def climbed(self) -> int:
        """Places up (down, below zero) under the draft; 0 if it is not ranked in one of the two."""
        return self.rank - self.trial_rank if self.rank and self.trial_rank else 0


@dataclass(frozen=True, slots=True)
class Trial:
    """What a draft would have changed in a period, by class, in the order of the draft."""

    title: str
    period: Period
    as_of: datetime
    classes: Mapping[str, tuple[Change, ...]]


def try_out(tx: Tx, office: Office, draft: Measure, period: Period, now: datetime) -> Trial:
    """Count a period twice. What has not happened yet is not counted: a period that still runs ends today."""
    always = replace(draft, effective_from=date(EARLIEST_YEAR, 1, 1), effective_to=None)
    current = in_force(tx, office)
    upto = min(period.last, now.date())
    before, after = _points(tx, (current, (always,)), period, upto)
    classes = {
        name: _compare(tx, period, name, (before, measure_on(upto, current)), (after, always))
        for name in ledger.class_names(tx, period.last.year)
    }
    return Trial(draft.title, period, now, classes)


Points = dict[int, int]
"""unit → points (hundredths)"""


def _points(tx: Tx, sides: Sequence[Sequence[Measure]], period: Period, upto: date) -> tuple[Points, Points]:
    """What every unit has in the period under either side's measures."""
    class_of, parent_of = class_lookup(tx), parent_lookup(tx)
    entries: tuple[list[Entry], ...] = tuple([] for _ in sides)
    new_year = date(period.first.year, 1, 1)
    for facts in replay.items(tx, new_year, upto):
        for own, measures in zip(entries, sides, strict=True):
            own += score_item(facts, measures, class_of, parent_of)
    for unit_id in unit_fact.units_since(tx, new_year):
        live = [one for one in unit_fact.live(tx, unit_id) if one.day <= upto]
        for own, measures in zip(entries, sides, strict=True):
            own += worth_of(tx, measures, live)
    both = [_with_settlements(tx, own, measures, period, upto) for own, measures in zip(entries, sides, strict=True)]
    before, after = (_in_period(own, period) for own in both)
    return before, after


def _with_settlements(
    tx: Tx, entries: Sequence[Entry], measures: Sequence[Measure], period: Period, upto: date
) -> list[Entry]:
    by_unit: dict[tuple[int, int], list[Entry]] = defaultdict(list)
    for entry in entries:
        by_unit[entry.unit_id, entry.day.year].append(entry)
    settled = list(entries)
    for year in range(period.first.year, period.last.year + 1):
        for unit_id in settlement.units(tx, year):
            record = _record(tx, unit_id, year, by_unit[unit_id, year], upto)
            settled += settle(record, measures, min(date(year, 12, 31), upto))
    return settled


def _record(tx: Tx, unit_id: int, year: int, entries: Iterable[Entry], upto: date) -> Record:
    events = (one.fact for one in unit_fact.live(tx, unit_id) if one.day.year == year and one.day <= upto)
    items = (one for one in settlement.counted(tx, unit_id, year) if one.day <= upto)
    unit_class = class_lookup(tx)(unit_id, date(year, 12, 31))
    return Record(
        unit_id, year, unit_class, tuple(items), tuple(entries), tuple(events), settlement.names(tx, unit_id)
    )  # fmt: skip


def _in_period(entries: Iterable[Entry], period: Period) -> Points:
    sums: Points = defaultdict(int)
    for entry in entries:
        if period.first <= entry.day <= period.last:
            sums[entry.unit_id] += entry.points
    return sums


def _compare(
    tx: Tx, period: Period, name: str, now: tuple[Points, Measure | None], then: tuple[Points, Measure | None]
) -> tuple[Change, ...]:
    """The units of a class in the order of the draft. Counts are the same on both sides: those of the board."""
    rows = class_board(tx, period, name)
    units = {row.unit.id: row.unit for row in rows}
    tallies = [Tally(row.unit.id, 0, row.submitted, row.adopted) for row in rows]
    before, after = (_ranked(tx, period, name, tallies, *side) for side in (now, then))
    places = {row.unit_id: row for row in before}
    return tuple(
        Change(units[row.unit_id], places[row.unit_id].points, places[row.unit_id].rank, row.points, row.rank)
        for row in after
    )


def _ranked(
    tx: Tx, period: Period, name: str, tallies: Sequence[Tally], points: Points, measure: Measure | None
) -> list[Ranked]:
    exempt = {
        one.unit_id
        for one in tallies
        if measure and measure.exempt and is_exempt(measure, settlement.names(tx, one.unit_id), period.last)
    }
    return rank(
        measure.result if measure else Result(),
        [replace(one, points=points.get(one.unit_id, 0)) for one in tallies],
        unit_class=name,
        unit_order=[one.unit_id for one in tallies],
        exempt=exempt,
        whole_year=period.code == str(period.last.year),
    )
