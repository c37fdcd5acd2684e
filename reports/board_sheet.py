"""One class's board as a sheet: headings of several lines, figures with formulas, sums, bars behind the points."""

from __future__ import annotations

from collections.abc import Sequence

from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from domain.board_layout import Zero
from domain.board_table import Cell, Table
from reports.board_formulas import Formula, Grid, plain
from reports.book import A3, A4, LINE, Book, Column, height_of, lines_of

FIRST_HEADING = 2
"""Above the headings stand the title and what the board is as of."""

_WIDE = 14
"""Columns that still print well on A4."""

_NAMES = ("unit", "short", "class", "note")
_FIGURE, _NAME_AT_LEAST, _NAME_AT_MOST = 9.0, 12.0, 36.0
_CODES = {"count": "0", "points": "General", "rank": "0", "number": "0"}


def write_table(book: Book, grid: Grid, name: str, remark: str) -> Worksheet:
    """Add the sheet of a class."""
    table = grid.table
    columns = [Column("", _width(table, place)) for place in range(len(table.columns))]
    sheet = book.sheet(name, columns, grid.first - 1, A3 if len(columns) > _WIDE else A4)
    sheet.write_string(0, 0, table.title, book.title)
    _across(book, sheet, 1, remark, columns)
    _head(book, sheet, table, columns)
    forms = _Forms(book)
    for number, row in enumerate(table.rows):
        sheet.set_row(grid.first + number, height_of([cell.text for cell in row], columns))
        for place, cell in enumerate(row):
            _write(sheet, (grid.first + number, place), cell, grid.formula(number, place), forms.of(table, place, cell))
    _sums(sheet, grid, forms)
    behind = grid.first + len(table.rows) + bool(table.sums)
    if table.apart:
        _across(book, sheet, behind, f"{table.apart_title}：{'、'.join(table.apart)}", columns)
    _finish(sheet, grid)
    return sheet


class _Forms:
    """The formats of a sheet's cells: one for each kind of figure and habit of noughts."""

    def __init__(self, book: Book) -> None:
        self._book = book
        self._made: dict[tuple[str, Zero, bool], Format] = {}

    def of(self, table: Table, place: int, cell: Cell, *, is_sum: bool = False) -> Format:
        key = (cell.kind, table.columns[place].zero, is_sum)
        if key not in self._made:
            said: dict[str, object] = {"num_format": _number_format(cell.kind, key[1])}
            said |= {"text_wrap": True} if cell.kind in _NAMES else {"align": "center"}
            said |= {"bold": True, "bg_color": "#F2F2F2"} if is_sum else {}
            self._made[key] = self._book.form(said)
        return self._made[key]


def _number_format(kind: str, zero: Zero) -> str:
    """The number stays a number when a nought is not shown."""
    if kind == "rate":
        return "0.0%"
    code = _CODES.get(kind, "General")
    ends = {"0": "", "blank": f";-{code};", "dash": f';-{code};"—"'}
    return code + ends[zero]


def _write(sheet: Worksheet, at: tuple[int, int], cell: Cell, formula: Formula | None, form: Format) -> None:
    value = plain(cell)
    if formula is not None:
        sheet.write_formula(*at, formula.text, form, formula.value)
    elif not isinstance(value, str):
        sheet.write_number(*at, value, form)
    elif value:
        sheet.write_string(*at, value, form)
    else:
        sheet.write_blank(*at, None, form)


def _head(book: Book, sheet: Worksheet, table: Table, columns: Sequence[Column]) -> None:
    for cell in table.head:
        top, left = FIRST_HEADING + cell.line, cell.place
        if cell.lines == cell.places == 1:
            sheet.write_string(top, left, cell.text, book.heading)
        else:
            bottom, right = top + cell.lines - 1, left + cell.places - 1
            sheet.merge_range(top, left, bottom, right, cell.text, book.heading)
    for line in range(table.depth):
        texts = [(cell.text, columns[cell.place].width) for cell in table.head if cell.line == line and cell.lines == 1]
        needed = max((lines_of(text, width) for text, width in texts if width), default=1)
        sheet.set_row(FIRST_HEADING + line, LINE * max(needed, 1) + 6)


def _sums(sheet: Worksheet, grid: Grid, forms: _Forms) -> None:
    table, at = grid.table, grid.first + len(grid.table.rows)
    if table.sums:
        sheet.set_row(at, LINE + 4)
    for place, cell in enumerate(table.sums):
        _write(sheet, (at, place), cell, grid.sum(place), forms.of(table, place, cell, is_sum=True))


def _finish(sheet: Worksheet, grid: Grid) -> None:
    """What stays in sight, what can be filtered, and the bar behind the points."""
    table = grid.table
    last = max(grid.first, grid.first + len(table.rows) - 1)
    name = next((place for place, column in enumerate(table.columns) if column.kind in ("unit", "short")), 0)
    sheet.freeze_panes(grid.first, name + 1)
    sheet.autofilter(grid.first - 1, 0, last, len(table.columns) - 1)
    if (main := grid.main) is not None:
        bar = {"type": "data_bar", "bar_color": "#9DBBD8", "bar_solid": True, "min_type": "num", "min_value": 0}
        sheet.conditional_format(grid.first, main, last, main, bar)


def _across(book: Book, sheet: Worksheet, row: int, text: str, columns: Sequence[Column]) -> None:
    """A text over the whole width; Excel does not find the height of merged cells by itself."""
    if len(columns) > 1:
        sheet.merge_range(row, 0, row, len(columns) - 1, text, book.remark)
    else:
        sheet.write_string(row, 0, text, book.remark)
    sheet.set_row(row, LINE * lines_of(text, sum(column.width for column in columns)) + 4)


def _width(table: Table, place: int) -> float:
    """In letters; a Chinese character takes two."""
    column = table.columns[place]
    if column.kind in _NAMES:
        longest = max((2 * len(row[place].text) + 3 for row in table.rows), default=0)
        return min(max(float(longest), _NAME_AT_LEAST), _NAME_AT_MOST)
    return _FIGURE if len(column.heading[-1]) < 4 else _FIGURE + 1.5
