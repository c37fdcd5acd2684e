"""Ranks inside one class of units, adoption rates, and how both are written.

Units are compared within their class only (分类考评). Unless the measure says otherwise, equal points share a rank and
the next rank is skipped, 1, 2, 2, 4 (并列), so nobody's place depends on the order of a sort.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

Ties = Literal["skip", "order"]


@dataclass(frozen=True, slots=True)
class Tally:
    """What one unit did in a period: points in hundredths, items submitted, items adopted, and of these how many at
    which level (state, province, city, county)."""

    unit_id: int
    points: int
    submitted: int = 0
    adopted: int = 0
    at_level: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Standing:
    """The place of one unit in its class; `tied` when another unit has the same rank."""

    unit_id: int
    points: int
    rank: int
    tied: bool
    submitted: int
    adopted: int


def rank_class(
    rows: Iterable[Tally],
    unit_order: Sequence[int] = (),
    *,
    ties: Ties = "skip",
    tiebreak: Sequence[str] = ("adopted", "submitted"),
    tiebreak_ranks: bool = False,
) -> list[Standing]:
    """The standings of one class, one row for each unit, in the order they are shown.

    Shown first are more points, then more of each criterion in `tiebreak`, then the order of `unit_order` (a unit it
    does not name comes after, by id). The rank looks at points only, with `tiebreak_ranks` at the criteria too. Equal
    ones share a rank (`skip`), or every row has its own number (`order`). Units without points share the last rank;
    only a unit with less than nothing stands below them.
    """
    placed = place_rows(rows, unit_order, ties, tiebreak, tiebreak_ranks)
    return [Standing(row.unit_id, row.points, rank, tied, row.submitted, row.adopted) for row, rank, tied in placed]


def place_rows(
    rows: Iterable[Tally], unit_order: Sequence[int], ties: Ties, tiebreak: Sequence[str], tiebreak_ranks: bool
) -> list[tuple[Tally, int, bool]]:
    """What `rank_class` tells, as (row, rank, whether it is shared), for who makes other rows of it."""
    place, nowhere = {unit_id: at for at, unit_id in enumerate(unit_order)}, len(unit_order)
    tallies = list(rows)
    figures = [[-row.points for row in tallies], *([-n for n in _figures(tallies, one)] for one in tiebreak)]
    last = [place.get(row.unit_id, nowhere) for row in tallies], [row.unit_id for row in tallies]
    # Whole columns make the keys: a class of a thousand is placed in half the time keys made row by row would take.
    keyed = sorted(zip(*figures, *last, tallies, strict=True))
    compared = len(figures) if tiebreak_ranks else 1
    ranks = _ranks([key[:compared] for key in keyed], ties)
    return [(key[-1], rank, tied) for key, (rank, tied) in zip(keyed, ranks, strict=True)]


def _figures(rows: Sequence[Tally], criterion: str) -> list[int]:
    """What a criterion of a tie looks at, row by row."""
    if criterion == "adopted":
        return [row.adopted for row in rows]
    if criterion == "submitted":
        return [row.submitted for row in rows]
    return [row.at_level.get(criterion, 0) for row in rows]


def _ranks(worths: Sequence[Hashable], ties: Ties) -> list[tuple[int, bool]]:
    """Rank, and whether it is shared, of each row in the order shown."""
    if ties == "order":
        return [(at, False) for at, _ in enumerate(worths, 1)]
    first: dict[Hashable, int] = {}
    last: dict[Hashable, int] = {}
    for at, worth in enumerate(worths, 1):
        first.setdefault(worth, at)
        last[worth] = at
    return [(first[worth], first[worth] != last[worth]) for worth in worths]


def adoption_rate(submitted: int, adopted: int) -> int | None:
    """Adopted in hundredths of a percent of submitted, the rest cut off: 4 of 7 gives 5714.

    Cut, not rounded: a unit just under a floor is not lifted over it, and `format_rate` then rounds only
    once. None when nothing was submitted: 0/0 is no rate, and a late adoption in an empty month makes
    none either. A month with late adoptions can exceed 100 %. Raises ValueError for negative counts.
    """
    if submitted < 0 or adopted < 0:
        raise ValueError(f"counts below zero: {submitted}, {adopted}")
    if submitted == 0:
        return None
    return adopted * 10000 // submitted


def format_points(centi: int) -> str:
    """Hundredths as people write points: 4300 gives 43, 750 gives 7.5, -25 gives -0.25."""
    whole, rest = divmod(abs(centi), 100)
    decimals = f".{rest:02d}".rstrip("0") if rest else ""
    return f"{'-' if centi < 0 else ''}{whole}{decimals}"


def format_rate(rate: int | None) -> str:
    """A rate with one decimal, as bulletins print it: 5714 gives 57.1%; no rate gives a dash."""
    if rate is None:
        return "—"
    tenths = (rate + 5) // 10
    return f"{tenths // 10}.{tenths % 10}%"
