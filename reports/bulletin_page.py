"""The page of a bulletin after GB/T 9704-2012, for Word and PDF alike, and how a table is fitted into it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from domain.board_table import Cell, Table
from domain.bulletin import balanced, em

MARGINS = (37, 35, 28, 26)
"""Top, bottom, left, right in millimetres: a type area of 156 × 225, 22 lines of 28 characters of size three."""

NARROW, WIDE = 156.0, 225.0
"""The breadth of the type area in millimetres, upright and with the page turned."""

_SIZES = ((12.0, NARROW), (10.5, NARROW), (12.0, WIDE), (10.5, WIDE), (9.0, WIDE), (7.5, WIDE))
_MM = 25.4 / 72
_AIR = 1.0
"""Characters of a column that stay empty, at both edges together."""

_BREAKS = re.compile(r"(?=（[^（）]*(?:（[^（）]*）)?[^（）]*）$)|(?<=\d[月年])|(?<=季度)|(?<=半年)")

_UNIT_LEAST, _UNIT_MOST = 6.0, 12.0
_UNBROKEN = 4.0
"""A heading of so many characters stands in one line, a longer one in up to three."""

_HEADING_LINES = 3


@dataclass(frozen=True, slots=True)
class Fit:
    """How a table is printed: its type in points, its columns in millimetres, whether the page is turned."""

    size: float
    widths: tuple[float, ...]
    turned: bool


def fit(table: Table) -> Fit:
    """The greatest type in which the table fits, upright before turned. One that never fits is squeezed."""
    least = [_least(table, place) for place in range(len(table.columns))]
    for size, room in _SIZES:
        if sum(least) * size * _MM <= room:
            break
    widths = _spread(least, [_most(table, place) for place in range(len(least))], room / (size * _MM))
    return Fit(size, tuple(round(width * size * _MM, 2) for width in widths), room == WIDE)


def title_lines(title: str) -> tuple[str, ...]:
    """The title of an annex in lines, broken before what is in brackets or behind the period."""
    return balanced([piece for piece in _BREAKS.split(title) if piece])


def _least(table: Table, place: int) -> float:
    """Characters a column needs: its cells in one line (names in several), its heading in as few as it may."""
    cells = max(map(em, _texts(table, place)), default=0.0)
    if table.columns[place].kind in ("unit", "short", "note"):
        cells = min(max(cells, _UNIT_LEAST), _UNIT_MOST)
    heading = em(table.columns[place].heading[-1])
    return max(cells, heading if heading <= _UNBROKEN else max(_UNBROKEN, heading / _HEADING_LINES)) + _AIR


def _most(table: Table, place: int) -> float:
    """Characters with which nothing in a column would have to be broken."""
    return max([*map(em, _texts(table, place)), em(table.columns[place].heading[-1])]) + _AIR


def _texts(table: Table, place: int) -> list[str]:
    rows: Sequence[Sequence[Cell]] = (*table.rows, table.sums) if table.sums else table.rows
    return [row[place].text for row in rows]


def _spread(least: Sequence[float], most: Sequence[float], room: float) -> list[float]:
    """Widths that fill the room: first what each needs, then what each would like, the rest in equal parts."""
    short = sum(least)
    if short > room:
        return [width * room / short for width in least]
    wishes = [max(0.0, wish - need) for wish, need in zip(most, least, strict=True)]
    given = min(1.0, (room - short) / sum(wishes)) if sum(wishes) else 0.0
    widths = [need + wish * given for need, wish in zip(least, wishes, strict=True)]
    rest = (room - sum(widths)) / len(widths)
    return [width + rest for width in widths]
