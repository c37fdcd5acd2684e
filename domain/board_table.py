"""A class's board as a table, by a layout: heading cells with their spans, rows of cells, sums, units named apart.

The bulletin's annexes, the picture for the chat and the workbook draw this one table, so they cannot disagree. Every
cell has its text as it is printed; figures also have their value, for formulas.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import groupby

from domain.board_layout import Column, Figure, Joined, Kind, Layout, Term, Zero
from domain.journal import LEVEL_NAMES, LEVELS
from domain.ranking import adoption_rate, format_points, format_rate
from domain.snapshot import ClassBoard, Snapshot, UnitRow

DASH = "—"
ZEROS: dict[Zero, str] = {"0": "0", "blank": "", "dash": DASH}
"""How a nought is printed."""


@dataclass(frozen=True, slots=True)
class HeadCell:
    """A heading and the room it takes: from line `line` and column `place` on, `lines` down, `places` across."""

    text: str
    line: int
    place: int
    lines: int
    places: int


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell. `value`: a count, points in hundredths, a rate in hundredths of a percent, a rank; None for words, pairs
    and what has no value. `lines`: 2 and more, it stands over so many rows; 0, it is covered by the one above."""

    kind: Kind
    text: str
    value: int | None = None
    lines: int = 1


@dataclass(frozen=True, slots=True)
class Table:
    """`columns` have plain headings (their last word is what is above the figures); `head` are the same headings as
    cells. `sums` is empty if the layout has no line of sums. `apart` are the units that have no figure at all, under
    the heading `apart_title`; `clause` is the whole board in one clause, for a layout that has no columns."""

    title: str
    columns: tuple[Column, ...]
    head: tuple[HeadCell, ...]
    rows: tuple[tuple[Cell, ...], ...]
    sums: tuple[Cell, ...] = ()
    apart_title: str = ""
    apart: tuple[str, ...] = ()
    clause: str = ""

    @property
    def depth(self) -> int:
        """How many lines the headings take."""
        return max((cell.line + cell.lines for cell in self.head), default=0)


def table_of(snapshot: Snapshot, board: ClassBoard, layout: Layout) -> Table:
    """The table of one class."""
    words = _words(snapshot, board)
    title = layout.title.format_map(words)
    if layout.joined is not None:
        return Table(title, (), (), (), clause=clause_of(board.rows, layout.joined))
    columns = tuple(_expanded(layout.columns, snapshot, words))
    shown, apart = _parted(_ordered(board.rows, layout), columns, layout.apart)
    rows = [tuple(_cell(column, row, number, board) for column in columns) for number, row in enumerate(shown, 1)]
    return Table(
        title,
        columns,
        head_of([column.heading for column in columns]),
        tuple(_merged(rows)),
        _sums(columns, shown, layout.sums) if layout.sums and shown else (),
        layout.apart if apart else "",
        tuple(row.name for row in apart),
    )


def tables_of(snapshot: Snapshot, layout: Layout) -> tuple[Table, ...]:
    """One table per class that has units."""
    return tuple(table_of(snapshot, board, layout) for board in snapshot.classes if board.rows)


def clause_of(rows: Iterable[UnitRow], joined: Joined) -> str:
    """Units and their figure in one clause, the greatest first, equal ones together; those with 0 are not named."""
    count = joined.figure.of
    named = sorted((row for row in rows if count(row) > 0), key=count, reverse=True)
    groups = ((value, [row.short for row in equal]) for value, equal in groupby(named, key=count))
    return "，".join(
        f"{'、'.join(names)}{'各' if len(names) > 1 else ''}{_number(joined.figure, value)}{joined.measure_word}"
        for value, names in groups
    )


def head_of(headings: Sequence[tuple[str, ...]]) -> tuple[HeadCell, ...]:
    """Heading cells: neighbours with the same words above share a cell, a column's own heading reaches to the rows."""
    depth = max(map(len, headings), default=0)
    return tuple(cell for line in range(depth) for cell in _head_line(headings, line, depth))


def _head_line(headings: Sequence[tuple[str, ...]], line: int, depth: int) -> Iterable[HeadCell]:
    place = 0
    while place < len(headings):
        path, end = headings[place][: line + 1], place + 1
        if len(headings[place]) == line + 1:
            yield HeadCell(path[line], line, place, depth - line, 1)
        elif len(headings[place]) > line:
            while end < len(headings) and headings[end][: line + 1] == path and len(headings[end]) > line + 1:
                end += 1
            yield HeadCell(path[line], line, place, 1, end - place)
        place = end


def _words(snapshot: Snapshot, board: ClassBoard) -> dict[str, str]:
    """What titles and headings may name in braces."""
    first, last = snapshot.first, snapshot.last
    return {
        "office": snapshot.office,
        "label": snapshot.label,
        "class": board.name,
        "year": str(last.year),
        "months": months_of(first, last),
        "days": f"{first.month}月{first.day}日至{last.month}月{last.day}日",
    }


def months_of(first: date, last: date) -> str:
    """`1-3月`, `11月`; a span that is not made of whole months is named by its days."""
    if first.day != 1 or (last + timedelta(days=1)).day != 1:
        return f"{first.month}月{first.day}日至{last.month}月{last.day}日"
    return f"{first.month}-{last.month}月" if first.month != last.month else f"{last.month}月"


def _expanded(columns: Iterable[Column], snapshot: Snapshot, words: dict[str, str]) -> Iterable[Column]:
    """The columns with their headings spelled out, repeated ones one by one; months to come stay empty."""
    for column in columns:
        for key, name in _repeats(column, snapshot):
            said = {**words, column.each: name} if column.each else words
            is_ahead = column.each == "month" and int(key) > snapshot.last.month
            yield replace(
                column,
                zero="blank" if is_ahead else column.zero,
                heading=tuple(word.format_map(said) for word in column.heading),
                figure=_filled(column.figure, column.each, key),
                second=_filled(column.second, column.each, key),
            )


def _repeats(column: Column, snapshot: Snapshot) -> Iterable[tuple[str, str]]:
    """The key and the name of each column this one stands for."""
    if column.each == "month":
        return [(str(month), str(month)) for month in range(1, 13)]
    if column.each == "category":
        return [(category, category) for category in snapshot.categories]
    if column.each == "level":
        used = {journal.level for journal in snapshot.journals}
        return [(level, LEVEL_NAMES[level]) for level in LEVELS if level in used]
    if column.each == "journal":
        names = {journal.code: journal.name for journal in snapshot.journals}
        if column.names[0] in LEVELS:
            return [(one.code, one.name) for one in snapshot.journals if one.level == column.names[0]]
        return [(code, names.get(code, code)) for code in column.names]
    return [("", "")]


def _filled(figure: Figure | None, each: str, key: str) -> Figure | None:
    if figure is None or not each:
        return figure
    return Figure(tuple(Term(term.key.format_map({each: key}), term.span) for term in figure.terms))


def _ordered(rows: Sequence[UnitRow], layout: Layout) -> Sequence[UnitRow]:
    """By the layout's figures, the greatest first; what is equal in all of them stays as on the board."""
    if layout.by_roster:
        rows = sorted(rows, key=lambda row: row.unit_id)
    return sorted(rows, key=lambda row: tuple(-figure.of(row) for figure in layout.order))


def _parted(rows: Sequence[UnitRow], columns: Sequence[Column], apart: str) -> tuple[list[UnitRow], list[UnitRow]]:
    """Who stands in the table, and who is named beside it: only who would have nothing but noughts, so sums agree."""
    figures = [figure for column in columns for figure in (column.figure, column.second) if figure is not None]
    if not apart:
        return list(rows), []
    with_any = {row.unit_id for row in rows if any(figure.of(row) for figure in figures)}
    return (
        [row for row in rows if row.unit_id in with_any],
        [row for row in rows if row.unit_id not in with_any],
    )


def _cell(column: Column, row: UnitRow, number: int, board: ClassBoard) -> Cell:
    kind = column.kind
    if column.figure is not None:
        return _figure_cell(column, column.figure, [row])
    if kind == "rank":
        return Cell(kind, str(row.rank) if row.rank is not None else row.note or DASH, row.rank)
    if kind == "number":
        return Cell(kind, str(number), number)
    words = {"unit": row.name, "short": row.short, "class": board.name, "note": row.note}
    return Cell(kind, words[kind])


def _figure_cell(column: Column, figure: Figure, rows: Sequence[UnitRow]) -> Cell:
    """The figure of one row, or of several together."""
    value, second = sum(map(figure.of, rows)), column.second
    if second is None:
        return Cell(column.kind, _number(figure, value) if value else ZEROS[column.zero], value)
    beside = sum(map(second.of, rows))
    if column.kind == "rate":
        rate = adoption_rate(beside, value)
        return Cell("rate", ZEROS[column.zero] if rate is None else format_rate(rate), rate)
    both = f"{_number(figure, value)}/{_number(second, beside)}"
    return Cell("pair", both if value or beside else _pair_zero(column.zero))


def _pair_zero(zero: Zero) -> str:
    return "0/0" if zero == "0" else ZEROS[zero]


def _number(figure: Figure, value: int) -> str:
    return format_points(value) if figure.is_points else str(value)


def _merged(rows: list[tuple[Cell, ...]]) -> Iterable[tuple[Cell, ...]]:
    """The class is said once, over all rows."""
    for number, row in enumerate(rows):
        lines = 0 if number else len(rows)
        yield tuple(replace(cell, lines=lines) if cell.kind == "class" else cell for cell in row)


def _sums(columns: Sequence[Column], rows: Sequence[UnitRow], word: str) -> tuple[Cell, ...]:
    """The line of sums: its word under the unit, else in the first column; a rate is the rate of the sums."""
    kinds = [column.kind for column in columns]
    at = next((place for place, kind in enumerate(kinds) if kind in ("unit", "short")), 0)
    return tuple(_sum(column, rows, word if place == at else "") for place, column in enumerate(columns))


def _sum(column: Column, rows: Sequence[UnitRow], word: str) -> Cell:
    return Cell(column.kind, word) if column.figure is None else _figure_cell(column, column.figure, rows)
