"""What a cell of a board follows from: sums, rates, ranks, points that are so many each, and their total.

A formula is written only where it gives exactly the frozen figure, so the workbook never says another thing than the
bulletin; where it would not (a rank by further criteria, points shared or limited), the cell has the plain figure.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from xlsxwriter.utility import xl_rowcol_to_cell

from domain.board_layout import Column, Figure, Span, Term
from domain.board_table import ZEROS, Cell, Table

PRICED: Mapping[str, str] = {
    "points.category.报送分": "submitted",
    "points.category.约稿分": "commissioned",
    "points.category.批示分": "instruction.level.city",
}
"""Points that may be so many for each of a count. Those of a journal or a level belong to its own count."""

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


@dataclass(frozen=True, slots=True)
class Grid:
    """A table on a sheet, its first row of figures in row `first` (from 0); `prices` are the cells that say what one
    of a column is worth, by the column."""

    table: Table
    categories: Sequence[str]
    first: int
    prices: Mapping[int, str] = field(default_factory=dict)

    def formula(self, number: int, place: int) -> Formula | None:
        """The formula of a cell, None where there is none."""
        column, row = self.table.columns[place], self.table.rows[number]
        if column.kind == "rate":
            return self._rate(column, row, number)
        text = self._rank(number, place) if column.kind == "rank" else self._total(column, row, number)
        text = text or self._priced(column, row[place], number, place)
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
        above, below = place_of(self.table, column.figure), place_of(self.table, column.second)
        if above is None or below is None:
            return None
        top, bottom, none = self._cell(number, above), self._cell(number, below), ZEROS[column.zero]
        used, sent = row[above].value or 0, row[below].value or 0
        return Formula(f'=IF({bottom}=0,"{none}",{top}/{bottom})', used / sent if sent else none)

    def _rank(self, number: int, place: int) -> str | None:
        """By the points of the period or the year, whichever gives the frozen ranks; among those who are ranked."""
        ranked = [at for at, row in enumerate(self.table.rows) if row[place].value is not None]
        if number not in ranked or ranked != list(range(len(ranked))):
            return None
        for main in self._mains():
            points = [self.table.rows[at][main].value or 0 for at in ranked]
            if [1 + sum(other > mine for other in points) for mine in points] == [
                self.table.rows[at][place].value for at in ranked
            ]:
                first, last = self._cell(0, main, fixed=True), self._cell(len(ranked) - 1, main, fixed=True)
                return f"=RANK({self._cell(number, main)},{first}:{last})"
        return None

    @property
    def main(self) -> int | None:
        """The column of the points that count."""
        return next(iter(self._mains()), None)

    def _mains(self) -> list[int]:
        spans: tuple[Span, ...] = ("period", "year")
        places = (place_of(self.table, _single("points", span)) for span in spans)
        return [place for place in places if place is not None]

    def _total(self, column: Column, row: Sequence[Cell], number: int) -> str | None:
        """All points are those of the categories together."""
        if column.figure is None or column.figure not in (_single("points", "period"), _single("points", "year")):
            return None
        span = column.figure.terms[0].span
        places = [place_of(self.table, _single(f"points.category.{name}", span)) for name in self.categories]
        found = [place for place in places if place is not None]
        values = [row[place].value or 0 for place in found]
        total = row[self.table.columns.index(column)].value
        if not found or len(found) < len(places) or sum(values) != total:
            return None
        if found == list(range(found[0], found[-1] + 1)):
            return f"=SUM({self._cell(number, found[0])}:{self._cell(number, found[-1])})"
        return "=" + "+".join(self._cell(number, place) for place in found)

    def _priced(self, column: Column, cell: Cell, number: int, place: int) -> str | None:
        """So many at so much each."""
        count = count_of(self.table, column)
        if place not in self.prices or count is None or cell.value is None:
            return None
        return f"={self._cell(number, count)}*{self.prices[place]}"


def prices(table: Table) -> dict[int, int]:
    """What one of a column of points is worth (hundredths), where one price explains every row and at least two
    different counts bear it out; by column."""
    found = {}
    for place, column in enumerate(table.columns):
        count = count_of(table, column)
        if count is not None and (price := _price([(row[count].value, row[place].value) for row in table.rows])):
            found[place] = price
    return found


def count_of(table: Table, points: Column) -> int | None:
    """The column of what these points are given for."""
    if points.kind != "points" or points.figure is None or len(points.figure.terms) != 1:
        return None
    term = points.figure.terms[0]
    parts = term.key.split(".")
    key = f"adopted.{'.'.join(parts[1:])}" if parts[1:2] and parts[1] in _ALIKE else PRICED.get(term.key)
    return place_of(table, _single(key, term.span)) if key else None


def _price(pairs: Sequence[tuple[int | None, int | None]]) -> int | None:
    known = [(count or 0, points or 0) for count, points in pairs]
    counts = {count for count, _ in known if count}
    if len(counts) < _ENOUGH:
        return None
    count, points = next(pair for pair in known if pair[0])
    price = points // count
    return price if price and all(points == count * price for count, points in known) else None


def place_of(table: Table, figure: Figure | None) -> int | None:
    """The column that shows this figure alone."""
    figures = [column.figure if column.second is None else None for column in table.columns]
    return figures.index(figure) if figure is not None and figure in figures else None


def _single(key: str, span: Span) -> Figure:
    return Figure((Term(key, span),))
