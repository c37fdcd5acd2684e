"""Who comes into question for the awards of a year, and on what grounds others do not (评先评优).

This proposes; people decide, and what they decide is recorded elsewhere. So nobody is left out of the list: who is
disqualified stands in it with every ground and the article it comes from, and takes no place.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Literal

from domain.measure.law import article_name, measure_on
from domain.measure.model import Award, Measure
from domain.ranking import Standing, Tally, format_points, rank_class
from domain.scoring.fact import Fact
from domain.scoring.happenings import event_name
from domain.scoring.quotas import judged
from domain.scoring.record import Record, is_exempt
from domain.scoring.result import fail_line

Outcome = Literal["proposed", "tied", "next", "out"]
"""Within the places; sharing a rank with more than the places left; eligible but no place left; disqualified."""


@dataclass(frozen=True, slots=True)
class Contender:
    """A unit or a person in the class it is compared in; `tally.unit_id` is its id. `events` are those that concern it.

    `record` is the unit's year, by which quotas, the fail line and exemptions are judged; a person has none.
    """

    tally: Tally
    unit_class: str
    events: tuple[Fact, ...] = ()
    record: Record | None = None


@dataclass(frozen=True, slots=True)
class Ground:
    """Why somebody is disqualified: the article that says so, and the facts in words."""

    kind: Literal["quota", "veto", "fail_line", "no_points", "exempt"]
    article: str
    words: str


@dataclass(frozen=True, slots=True)
class Candidate:
    """One contender for one award; `rank` is the place in the class on points, whoever is disqualified."""

    id: int
    rank: int
    tied: bool
    points: int
    outcome: Outcome
    grounds: tuple[Ground, ...] = ()


@dataclass(frozen=True, slots=True)
class Proposal:
    """All contenders of a class for one award, in rank order."""

    award: str
    article: str
    whom: Literal["unit", "person"]
    unit_class: str
    places: int
    candidates: tuple[Candidate, ...]


def propose(
    measures: Sequence[Measure],
    upto: date,
    *,
    units: Iterable[Contender] = (),
    persons: Iterable[Contender] = (),
    order: Sequence[int] = (),
) -> list[Proposal]:
    """The candidates of every award and class of the measure in force on `upto` (the year's last day, or earlier for a
    look ahead, which the line of the year is not held against). `order` decides among full equals in what is shown,
    as on the boards."""
    measure = measure_on(upto, measures)
    if measure is None:
        return []
    pools = {"unit": list(units), "person": list(persons)}
    return [
        _proposal(award, unit_class, pools[award.whom], measures, measure, upto, order)
        for award in measure.awards
        for unit_class in award.classes or measure.classes
    ]


def _proposal(
    award: Award,
    unit_class: str,
    pool: Sequence[Contender],
    measures: Sequence[Measure],
    measure: Measure,
    upto: date,
    order: Sequence[int],
) -> Proposal:
    those = {one.tally.unit_id: one for one in pool if one.unit_class == unit_class}
    result = measure.result
    by_points = partial(rank_class, unit_order=order, tiebreak=result.tiebreak, tiebreak_ranks=result.tiebreak_ranks)
    grounds = {unit_id: tuple(_grounds(one, award, measures, measure, upto)) for unit_id, one in those.items()}
    # Equals share a rank here also where the boards number every row: a place is not given away by the roster's order.
    outcomes = _outcomes(by_points(one.tally for one in those.values() if not grounds[one.tally.unit_id]), award.places)
    candidates = tuple(
        Candidate(row.unit_id, row.rank, row.tied, row.points, outcomes.get(row.unit_id, "out"), grounds[row.unit_id])
        for row in by_points((one.tally for one in those.values()), ties=result.ties)
    )
    return Proposal(award.name, article_name(award.article), award.whom, unit_class, award.places, candidates)


def _outcomes(eligible: Sequence[Standing], places: int) -> Mapping[int, Outcome]:
    """Those of one rank get the places together or, when too few are left, none of them before people decided."""
    alike = Counter(row.rank for row in eligible)
    outcomes: dict[int, Outcome] = {}
    for row in eligible:
        if row.rank - 1 + alike[row.rank] <= places:
            outcomes[row.unit_id] = "proposed"
        else:
            outcomes[row.unit_id] = "tied" if row.rank <= places else "next"
    return outcomes


def _grounds(
    one: Contender, award: Award, measures: Sequence[Measure], measure: Measure, upto: date
) -> Iterator[Ground]:
    record, points = one.record, one.tally.points
    if record is not None:
        clause = is_exempt(measure, record.unit_names, upto)
        if clause is not None:
            yield Ground("exempt", article_name(clause.article), "免考评，不参加评比")
        yield from _unmet(record, award, measures, upto)
        line = fail_line(measure.result, one.unit_class) if upto >= date(record.year, 12, 31) else None
        if line is not None and points < line:
            words = f"全年{format_points(points)}分，低于达标线{format_points(line)}分"
            yield Ground("fail_line", _article(measure.result.article), words)
    yield from _vetoes(one, measures, upto)
    if points <= 0:
        yield Ground("no_points", "", "没有得分")


def _unmet(record: Record, award: Award, measures: Sequence[Measure], upto: date) -> Iterator[Ground]:
    """One ground for each quota the award needs, with every span in which it was missed."""
    missed: dict[tuple[str, int], list[str]] = {}
    for _, found in judged(record, measures, upto):
        quota = found.quota
        if not found.met and (quota.for_awards or quota.id in award.quotas):
            missed.setdefault((quota.id, quota.article), []).append(found.words)
    for (_, article), words in missed.items():
        yield Ground("quota", article_name(article), f"任务没有完成：{'；'.join(words)}")


def _vetoes(one: Contender, measures: Sequence[Measure], upto: date) -> Iterator[Ground]:
    for event in sorted(one.events, key=lambda event: (event.day, event.id)):
        measure = measure_on(event.day, measures) if event.day <= upto else None
        for veto in measure.vetoes if measure else ():
            if event.detail in veto.events:
                day = f"{event.day.month}月{event.day.day}日"
                yield Ground("veto", article_name(veto.article), f"{day}{event_name(event.detail)}，一票否决")


def _article(number: int | None) -> str:
    return article_name(number) if number else ""
