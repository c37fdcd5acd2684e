"""A plain list as a workbook: one sheet of lines with a filter above and the sums below."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

from domain.moment import from_ms
from reports.book import A3, Book, Cell, Column

_HEADER = 1


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: `summed` names the headings whose columns get a sum."""

    name: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    summed: tuple[str, ...] = ()


def write_listing(title: str, as_of_ms: int, sheets: Sequence[Sheet]) -> bytes:
    """The workbook (.xlsx), points as hundredths in, as decimals out. Same in, same bytes out."""
    book = Book(title, as_of_ms)
    for one in sheets:
        sheet = book.sheet(one.name, one.columns, _HEADER, A3)
        sheet.write_string(0, 0, f"{title}（截至 {from_ms(as_of_ms):%Y-%m-%d %H:%M}）", book.title)
        behind = book.rows(sheet, one.columns, one.rows, _HEADER + 1)
        sheet.autofilter(_HEADER, 0, max(behind - 1, _HEADER + 1), len(one.columns) - 1)
        if one.summed and one.rows:
            _sums(book, sheet, one, max(behind, _HEADER + 1))
    return book.finish()


def _sums(book: Book, sheet: Worksheet, one: Sheet, at: int) -> None:
    """Formulas, so that whoever filters or corrects sees what follows; each bears its value as well."""
    for place, column in enumerate(one.columns):
        if column.heading not in one.summed:
            sheet.write_string(at, place, "合计" if place == 0 else "", book.sums["text"])
            continue
        letter = xl_col_to_name(place)
        values = [value for row in one.rows if isinstance(value := row[place], int)]
        total = sum(values) / 100 if column.kind == "points" else sum(values)
        formula = f"=SUM({letter}{_HEADER + 2}:{letter}{at})"
        sheet.write_formula(at, place, formula, book.sums.get(column.kind, book.sums["number"]), total)
