"""What a cell of a board follows from: sums, rates, ranks, points that are so many each, and their total.

A formula is written only where it gives exactly the frozen figure, so the workbook never says another thing than the
bulletin; where it would not (a rank by further criteria, points shared or limited), the cell has the plain figure.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from xlsxwriter.utility import xl_rowcol_to_cell

from domain.board_layout import Column, Figure, Span, Term
from domain.board_table import ZEROS, Cell, Table

PRICED: Mapping[str, str] = {
    "points.category.报送分": "submitted",
    "points.category.约稿分": "commissioned",
    "points.category.批示分": "instruction.level.city",
}
"""Points that may be so many for each of a count. Those of a journal or a level belong to its own count."""

_SPANS: tuple[Span, ...] = ("period", "year")
_ALIKE = ("journal", "level")
_ENOUGH = 2


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula and the value it gives."""

    text: str
    value: float | str


def plain(cell: Cell) -> float | str:
    """What a cell holds for a program that calculates: points and rates as decimals."""
    if cell.value is None:
        return cell.text
    return {"points": cell.value / 100, "rate": cell.value / 10_000}.get(cell.kind, cell.value)


class Grid:
    """A table on a sheet: its first row of figures stands in row `first` (from 0)."""

    def __init__(self, table: Table, categories: Sequence[str], first: int, prices: Mapping[int, str]) -> None:
        """`prices` are the cells that say what one of a column is worth, by the column."""
        self.table, self.first = table, first
        self._prices = prices
        self._places = places_of(table)
        self._totals = {
            place: parts
            for span in _SPANS
            if (place := self._places.get(_single("points", span))) is not None
            and (parts := self._parts(categories, span))
        }
        self._ranked = {place: self._ranked_by(place) for place, one in enumerate(table.columns) if one.kind == "rank"}

    @property
    def main(self) -> int | None:
        """The column of the points that count: the period's, else the year's."""
        places = (self._places.get(_single("points", span)) for span in _SPANS)
        return next((place for place in places if place is not None), None)

    def formula(self, number: int, place: int) -> Formula | None:
        """The formula of a cell, None where there is none."""
        column, row = self.table.columns[place], self.table.rows[number]
        if column.kind == "rate":
            return self._rate(column, row, number)
        text = self._rank(number, place) or self._total(row, number, place) or self._priced(number, place)
        return Formula(text, plain(row[place])) if text else None

    def sum(self, place: int) -> Formula | None:
        """The formula below a column."""
        column, rows = self.table.columns[place], len(self.table.rows)
        if column.kind == "rate":
            return self._rate(column, self.table.sums, rows)
        if column.kind not in ("count", "points"):
            return None
        return Formula(f"=SUM({self._cell(0, place)}:{self._cell(rows - 1, place)})", plain(self.table.sums[place]))

    def _cell(self, number: int, place: int, *, fixed: bool = False) -> str:
        return str(xl_rowcol_to_cell(self.first + number, place, row_abs=fixed, col_abs=fixed))

    def _rate(self, column: Column, row: Sequence[Cell], number: int) -> Formula | None:
        """The quotient itself: the table's own rate is cut to a hundredth of a percent."""
        above, below = (self._places.get(figure) for figure in (column.figure, column.second) if figure is not None)
        if above is None or below is None:
            return None
        top, bottom, none = self._cell(number, above), self._cell(number, below), ZEROS[column.zero]
        used, sent = row[above].value or 0, row[below].value or 0
        return Formula(f'=IF({bottom}=0,"{none}",{top}/{bottom})', used / sent if sent else none)

    def _ranked_by(self, place: int) -> tuple[int, int] | None:
        """The column of points that gives the frozen ranks and how many rows from the first on are ranked; None when
        no column does (further criteria decided)."""
        ranks = [row[place].value for row in self.table.rows]
        ranked = [rank for rank in ranks if rank is not None]
        if ranks[: len(ranked)] != ranked:
            return None
        for span in _SPANS:
            main = self._places.get(_single("points", span))
            if main is None:
                continue
            points = [-(row[main].value or 0) for row in self.table.rows[: len(ranked)]]
            ascending = sorted(points)
            if [bisect_left(ascending, mine) + 1 for mine in points] == ranked:
                return main, len(ranked)
        return None

    def _rank(self, number: int, place: int) -> str | None:
        ranked = self._ranked.get(place)
        if ranked is None or number >= ranked[1]:
            return None
        main, count = ranked
        first, last = self._cell(0, main, fixed=True), self._cell(count - 1, main, fixed=True)
        return f"=RANK({self._cell(number, main)},{first}:{last})"

    def _parts(self, categories: Sequence[str], span: Span) -> list[int]:
        """The columns of all categories of points; empty when one is missing."""
        places = [self._places.get(_single(f"points.category.{name}", span)) for name in categories]
        found = [place for place in places if place is not None]
        return found if len(found) == len(places) else []

    def _total(self, row: Sequence[Cell], number: int, place: int) -> str | None:
        """All points are those of the categories together."""
        parts = self._totals.get(place, [])
        if not parts or sum(row[part].value or 0 for part in parts) != row[place].value:
            return None
        if parts == list(range(parts[0], parts[-1] + 1)):
            return f"=SUM({self._cell(number, parts[0])}:{self._cell(number, parts[-1])})"
        return "=" + "+".join(self._cell(number, part) for part in parts)

    def _priced(self, number: int, place: int) -> str | None:
        """So many at so much each."""
        if place not in self._prices:
            return None
        count = _count_of(self.table.columns[place], self._places)
        return f"={self._cell(number, count)}*{self._prices[place]}" if count is not None else None


def prices(table: Table) -> dict[int, int]:
    """What one of a column of points is worth (hundredths), where one price explains every row and at least two
    different counts bear it out; by column."""
    found, places = {}, places_of(table)
    for place, column in enumerate(table.columns):
        count = _count_of(column, places)
        if count is not None and (price := _price([(row[count].value, row[place].value) for row in table.rows])):
            found[place] = price
    return found


def places_of(table: Table) -> dict[Figure, int]:
    """Where each figure is shown alone."""
    shown = [(column.figure, place) for place, column in enumerate(table.columns) if column.second is None]
    return {figure: place for figure, place in reversed(shown) if figure is not None}


def _count_of(points: Column, places: Mapping[Figure, int]) -> int | None:
    """The column of what these points are given for."""
    if points.kind != "points" or points.figure is None or len(points.figure.terms) != 1:
        return None
    term = points.figure.terms[0]
    parts = term.key.split(".")
    key = f"adopted.{'.'.join(parts[1:])}" if parts[1:2] and parts[1] in _ALIKE else PRICED.get(term.key)
    return places.get(_single(key, term.span)) if key else None


def _price(pairs: Sequence[tuple[int | None, int | None]]) -> int | None:
    known = [(count or 0, points or 0) for count, points in pairs]
    counts = {count for count, _ in known if count}
    if len(counts) < _ENOUGH:
        return None
    count, points = next(pair for pair in known if pair[0])
    price = points // count
    return price if price and all(points == count * price for count, points in known) else None


def _single(key: str, span: Span) -> Figure:
    return Figure((Term(key, span),))
