"""What every workbook of ours has in common: its formats, its cells, names of sheets that Excel takes."""

from __future__ import annotations

import io
import math
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import xlsxwriter
from xlsxwriter.chart import Chart
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from domain.moment import from_ms

A3, A4 = 8, 9
LONGEST_NAME = 31

_FORBIDDEN = re.compile(r"[\[\]:*?/\\\x00-\x1f]")

_MOMENTS = ("time", "day")

Cell = str | int | None
"""None and '' leave a cell empty, with its border."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its heading ('' for none), its width in characters, how its cells are written: text, middle, number,
    points (hundredths in, decimals out), rate, or time and day (UTC ms; 0 is not yet)."""

    heading: str
    width: float
    kind: str = "text"


class Book:
    """A workbook in memory. The same calls give the same bytes; `as_of_ms` (UTC) is the date it bears."""

    def __init__(self, title: str, as_of_ms: int) -> None:
        self._target = io.BytesIO()
        options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "remove_timezone": True}
        self._book = xlsxwriter.Workbook(self._target, options)
        self._book.set_properties({"title": title, "created": from_ms(as_of_ms)})
        self._names: set[str] = set()
        self.title = self.form({"bold": True, "size": 16, "border": 0, "align": "left"})
        self.remark = self.form({"border": 0, "align": "left", "text_wrap": True, "font_color": "#555555"})
        self.heading = self.form({"bold": True, "bg_color": "#DCE6F1", "align": "center", "text_wrap": True})
        self.alarm = self.form({"align": "center", "bold": True, "font_color": "#C00000"})
        self.warning = self._book.add_format({"font_color": "#C00000", "bold": True})
        self.cells = {
            "text": self.form({"text_wrap": True}),
            "middle": self.form({"align": "center", "text_wrap": True}),
            "number": self.form({"align": "center", "num_format": "0"}),
            "points": self.form({"align": "center", "num_format": "General"}),
            "time": self.form({"align": "center", "num_format": "yyyy-mm-dd hh:mm"}),
            "day": self.form({"align": "center", "num_format": "yyyy-mm-dd"}),
            "rate": self.form({"align": "center", "num_format": "0.0%"}),
        }
        self.sums = {
            kind: self.form({"align": "center", "bold": True, "bg_color": "#F2F2F2", "num_format": form})
            for kind, form in (("text", "General"), ("number", "0"), ("points", "General"), ("rate", "0.0%"))
        }

    def form(self, said: dict[str, object]) -> Format:
        """A format of the house with what is said besides."""
        common: dict[str, object] = {"font_name": "宋体", "size": 11, "valign": "vcenter", "border": 1}
        return self._book.add_format({**common, **said})

    def sheet(self, name: str, columns: Sequence[Column], header_row: int, paper: int = A4) -> Worksheet:
        """A sheet with its columns; everything down to the header row stays in sight and heads every printed page."""
        sheet = self._book.add_worksheet(free_name(name, self._names))
        for at, column in enumerate(columns):
            sheet.set_column(at, at, column.width)
            if column.heading:
                sheet.write_string(header_row, at, column.heading, self.heading)
        sheet.set_row(header_row, height_of([column.heading for column in columns], columns))
        sheet.set_row(0, 28)
        sheet.freeze_panes(header_row + 1, 2)  # the number and what the line is about
        sheet.repeat_rows(0, header_row)
        sheet.set_landscape()
        sheet.set_paper(paper)
        sheet.fit_to_pages(1, 0)
        sheet.set_margins(left=0.4, right=0.4, top=0.6, bottom=0.6)
        sheet.set_footer("&C第 &P 页，共 &N 页")
        return sheet

    def rows(self, sheet: Worksheet, columns: Sequence[Column], rows: Iterable[Sequence[Cell]], first: int) -> int:
        """Write rows from row `first` on; returns the row behind the last."""
        at = first
        for at, row in enumerate(rows, first + 1):
            sheet.set_row(at - 1, height_of(row, columns))
            for place, (column, value) in enumerate(zip(columns, row, strict=True)):
                self.write(sheet, at - 1, place, column.kind, value)
        return at

    def write(self, sheet: Worksheet, row: int, place: int, kind: str, value: Cell) -> None:
        """One cell: text is never taken for a formula, a moment is a real date."""
        form = self.cells[kind]
        if value is None or value == "" or (kind in _MOMENTS and not value):
            sheet.write_blank(row, place, None, form)
        elif isinstance(value, str):
            sheet.write_string(row, place, value, form)
        elif kind in _MOMENTS:
            sheet.write_datetime(row, place, from_ms(value).replace(second=0, microsecond=0), form)
        else:
            sheet.write_number(row, place, value / 100 if kind == "points" else value, form)

    def chart(self, kind: str) -> Chart:
        """A chart to be put on a sheet: `column` or `line`."""
        return self._book.add_chart({"type": kind})

    def finish(self) -> bytes:
        """The .xlsx."""
        self._book.close()
        return self._target.getvalue()


LINE = 16.0
"""The height of a line in points."""


def height_of(row: Sequence[Cell], columns: Sequence[Column]) -> float:
    """How high a row must be for its longest cell, in points: not every program finds that by itself."""
    texts = ((value, column.width) for value, column in zip(row, columns, strict=True) if isinstance(value, str))
    return LINE * max((lines_of(text, width) for text, width in texts), default=1) + 4


def lines_of(text: str, width: float) -> int:
    """In how many lines a text stands in a column of this width (in letters; a Chinese character takes two)."""
    return sum(max(1, math.ceil(_width(line) / (width - 1))) for line in text.split("\n"))


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)


def free_name(wanted: str, taken: set[str]) -> str:
    """A name of a sheet as Excel takes it: without its forbidden characters, short enough, not there yet; it is
    added to `taken`."""
    clean = " ".join(_FORBIDDEN.sub(" ", wanted).split()).strip("'") or "表"
    name, number = _cut(clean, LONGEST_NAME), 1
    while name.casefold() in taken:
        number += 1
        ending = f"({number})"
        name = _cut(clean, LONGEST_NAME - len(ending)) + ending
    taken.add(name.casefold())
    return name


def _cut(text: str, length: int) -> str:
    """At most so many UTF-16 units, as Excel counts; never half a character."""
    while len(text.encode("utf-16-le")) > 2 * length:
        text = text[:-1]
    return text.rstrip(" '")
