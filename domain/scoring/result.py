"""How a year's or a month's points are read: places in a class, who is left out or below the line, target points."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from domain.measure.model import Convert, Grant, Result
from domain.ranking import Tally, format_points, place_rows
from domain.scoring.rounding import divide

EXEMPT = "免考评"
BELOW = "未达标"


@dataclass(frozen=True, slots=True)
class Ranked:
    """One row of a class's board. `rank` is None for a unit that is exempt; `note` says so, or that the unit is below
    the line (未达标), which takes no rank away. Points in hundredths."""

    unit_id: int
    points: int
    rank: int | None
    tied: bool
    submitted: int
    adopted: int
    note: str = ""


def rank(
    result: Result,
    rows: Iterable[Tally],
    *,
    unit_class: str,
    unit_order: Sequence[int] = (),
    exempt: Collection[int] = (),
    whole_year: bool = False,
) -> list[Ranked]:
    """The board of one class in the order shown; exempt units come last, in the order of `unit_order`, unranked.

    The fail line is one of the year's points: a board of a shorter span is not held against it.
    """
    tallies = list(rows)
    assessed = (row for row in tallies if row.unit_id not in exempt)
    placed = place_rows(assessed, unit_order, result.ties, result.tiebreak, result.tiebreak_ranks)
    line = fail_line(result, unit_class) if whole_year else None
    board = [
        Ranked(row.unit_id, row.points, at, tied, row.submitted, row.adopted, _note(row.points, line))
        for row, at, tied in placed
    ]
    place = {unit_id: at for at, unit_id in enumerate(unit_order)}
    left_out = [row for row in tallies if row.unit_id in exempt]
    left_out.sort(key=lambda row: (place.get(row.unit_id, len(place)), row.unit_id))
    board += [Ranked(row.unit_id, row.points, None, False, row.submitted, row.adopted, EXEMPT) for row in left_out]
    return board


def fail_line(result: Result, unit_class: str) -> int | None:
    """The points a year of this class must reach to be up to standard; None when the measure draws no line."""
    return _for_class(result.fail_line, unit_class)


@dataclass(frozen=True, slots=True)
class Converted:
    """Points of the annual target in hundredths, and how they came about, for people to check by hand."""

    points: int
    formula: str


def convert(rule: Convert, points: int, *, unit_class: str, class_best: int) -> Converted | None:
    """A year's points as points of the annual target (折算), rounded once to a hundredth, halves away from zero.

    `target`: full × points ÷ target of the class; `class_best`: full × points ÷ the best of the class; `weight`: a
    percentage of the points. Capped ones never exceed `full`; points below zero stay below. None when the class has no
    target, or its best has no points: there is nothing to divide by.
    """
    if rule.mode == "weight":
        whole, formula = divide(points * rule.weight, 100), f"{format_points(points)}分×{rule.weight}%"
    else:
        target = rule.mode == "target"
        bottom = _for_class(rule.target, unit_class) if target else class_best
        if bottom is None or bottom <= 0:
            return None
        name = "目标" if target else "本类最高分"
        whole = divide(rule.full * points, bottom)
        formula = f"{format_points(points)}分÷{name}{format_points(bottom)}分×{format_points(rule.full)}分"
    formula += f"={format_points(whole)}分"
    if rule.capped and whole > rule.full:
        return Converted(rule.full, f"{formula}，按满分{format_points(rule.full)}分计")
    return Converted(whole, formula)


def _note(points: int, line: int | None) -> str:
    return BELOW if line is not None and points < line else ""


def _for_class(grant: Grant | None, unit_class: str) -> int | None:
    """The value for a class; below zero, for a class not named, is no value."""
    value = grant.of(unit_class) if grant is not None else -1
    return value if value >= 0 else None
