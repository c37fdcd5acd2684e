"""The year's end: points as points of the annual target, who comes into question for awards, and what people decided.

The measure proposes with grounds; nobody is given or refused anything by it. What the head of the section decides is
recorded with who, when, and what had been computed.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from domain.awards import Candidate, Contender, Proposal, propose
from domain.errors import BadInput
from domain.measure import Measure, measure_on
from domain.period import Period
from domain.ranking import Tally
from domain.roster import Unit
from domain.scoring.result import Converted, convert
from services import board, tallies
from services.board import Row
from services.measures import in_force
from services.office import Office
from services.points.settling import record_of
from storage import award, ledger, roster, settlement, span
from storage.award import Decision
from storage.engine import Tx

OUTCOMES = {
    "proposed": "建议",
    "tied": "名次相同、名额不够，请研究",
    "next": "名额以外",
    "out": "不能参评",
    "absent": "不在名单",
}


@dataclass(frozen=True, slots=True)
class Standing:
    """A unit's place in the year and what that is as points of the annual target (None: the measure converts none)."""

    row: Row
    converted: Converted | None


@dataclass(frozen=True, slots=True)
class YearEnd:
    """A year as it stands on `upto`, its last day or today. `names` are those of persons among the candidates."""

    period: Period
    upto: date
    classes: Mapping[str, tuple[Standing, ...]]
    proposals: tuple[Proposal, ...]
    units: Mapping[int, Unit]
    names: Mapping[int, str]
    decisions: tuple[Decision, ...]

    @property
    def is_over(self) -> bool:
        return self.upto == self.period.last

    def name_of(self, proposal: Proposal, candidate: Candidate) -> str:
        """What people call a candidate."""
        if proposal.whom == "person":
            return self.names.get(candidate.id, "")
        return self.units[candidate.id].label


def year_period(year: int) -> Period:
    return Period(date(year, 1, 1), date(year, 12, 31), f"{year}年")


def year_meant(today: date) -> int:
    """The year people mean without naming one: until the middle of the year the one that is over."""
    return today.year - 1 if today.month <= 6 else today.year


def last_day(year: int, today: date) -> date:
    """The day a year is judged by: its last one, or today. Raises BadInput for a year that has not begun."""
    period = year_period(year)
    if period.first > today:
        raise BadInput(reason=f"{year}年还没有开始。")
    return min(period.last, today)


def year_end(tx: Tx, office: Office, year: int, today: date, only: Collection[str] = ()) -> YearEnd:
    """Conversion, candidates and decisions of a year, of all classes or of some. Raises BadInput for one that has not
    begun."""
    period, measures, upto = year_period(year), in_force(tx, office), last_day(year, today)
    measure = measure_on(upto, measures)
    names = [name for name in ledger.class_names(tx, year) if not only or name in only]
    boards = {name: board.class_board(tx, period, name, measures) for name in names}
    people = tallies.persons(tx, period, today)
    units = _units(tx, boards, period, measure)
    proposals = propose(
        measures, upto, units=units, persons=_persons(tx, people, upto),
        order=[unit.id for unit in roster.units(tx, upto)],
    )  # fmt: skip
    return YearEnd(
        period=period,
        upto=upto,
        classes={name: _standings(name, rows, measure) for name, rows in boards.items()},
        proposals=tuple(one for one in proposals if not only or one.unit_class in only),
        units={row.unit.id: row.unit for rows in boards.values() for row in rows},
        names={row.person_id: f"{row.unit} {row.name}" for row in reversed(people)},
        decisions=tuple(award.of_year(tx, year)),
    )


def _standings(name: str, rows: Sequence[Row], measure: Measure | None) -> tuple[Standing, ...]:
    ranked = [row.points for row in rows if row.rank is not None]
    rule = measure.convert if measure else None
    best = max(ranked, default=0)
    return tuple(
        Standing(row, convert(rule, row.points, unit_class=name, class_best=best) if rule and row.rank else None)
        for row in rows
    )


def _units(tx: Tx, boards: Mapping[str, Sequence[Row]], period: Period, measure: Measure | None) -> Iterable[Contender]:
    year = period.last.year
    levels: Mapping[int, Mapping[str, int]] = {}
    if measure and not {"adopted", "submitted"}.issuperset(measure.result.tiebreak):
        levels = span.at_levels(tx, period.first, period.last, span.NOW)
    for name, rows in boards.items():
        for row in rows:
            record = record_of(tx, row.unit.id, year, settlement.year_of(tx, row.unit.id, year))
            tally = Tally(row.unit.id, row.points, row.submitted, row.adopted, levels.get(row.unit.id, {}))
            events = tuple(event for event in record.events if event.day.year == year)
            yield Contender(tally, name, events, record)


def _persons(tx: Tx, people: Sequence[tallies.Row], day: date) -> Iterable[Contender]:
    """Authors stand in the class of the unit they write for; who writes for two stands where they have most points."""
    seen: set[int] = set()
    for row in people:
        unit_class = roster.class_of(tx, row.unit_id, day)
        if unit_class and row.person_id not in seen:
            seen.add(row.person_id)
            yield Contender(Tally(row.person_id, row.points, row.submitted, row.adopted), unit_class)


def subject_of(tx: Tx, one: Decision) -> str:
    """Who got an award: 云山县, or 云山县 张三."""
    unit = roster.unit(tx, one.unit_id, one.year)
    label = unit.label if unit else ""
    return f"{label} {one.person}".strip()


def grounds_of(candidate: Candidate) -> str:
    """Why somebody is disqualified, each ground with its article."""
    return "；".join(f"{one.words}（{one.article}）" if one.article else one.words for one in candidate.grounds)
