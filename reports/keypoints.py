"""The coverage of a key-point list as a workbook: units by rows, points by columns, items in the cells."""

from __future__ import annotations

from collections.abc import Sequence

from domain.keypoint import Coverage, PointList
from domain.moment import show_time
from reports.book import Book, Cell, Column

_HEADER = 1


def write_coverage(one: PointList, units: Sequence[tuple[int, str]], coverage: Coverage, as_of_ms: int) -> bytes:
    """The workbook (.xlsx) of these units (id, name); what nobody has touched is empty. Same in, same bytes out."""
    title = f"{one.span.label}报送要点覆盖情况"
    columns = [
        Column("序号", 6, "number"),
        Column("单位", 22),
        *(Column(f"{point.place}. {point.text}", 14, "number") for point in one.points),
        Column("涉及要点", 10, "number"),
        Column("信息条次", 10, "number"),
    ]
    book = Book(title, as_of_ms)
    sheet = book.sheet("覆盖情况", columns, _HEADER)
    sheet.write_string(0, 0, f"{title}（截至 {show_time(as_of_ms)}）", book.title)
    rows = [_row(number, unit, one, coverage) for number, unit in enumerate(units, 1)]
    behind = book.rows(sheet, columns, rows, _HEADER + 1)
    sheet.autofilter(_HEADER, 0, max(behind - 1, _HEADER + 1), len(columns) - 1)
    for at, (label, sums) in enumerate(_sums(one, coverage).items()):
        sheet.write_blank(behind + at, 0, None, book.sums["text"])
        sheet.write_string(behind + at, 1, label, book.sums["text"])
        for place, value in enumerate(sums, 2):
            sheet.write_number(behind + at, place, value, book.sums["number"])
    return book.finish()


def _row(number: int, unit: tuple[int, str], one: PointList, coverage: Coverage) -> list[Cell]:
    counts = [coverage.counts[unit[0], point.id] for point in one.points]
    return [number, unit[1], *(count or None for count in counts), len(coverage.points[unit[0]]), sum(counts)]


def _sums(one: PointList, coverage: Coverage) -> dict[str, list[int]]:
    """How many units have touched each point, and with how many items; a joint item is one."""
    return {
        "单位数": [len(coverage.units[point.id]) for point in one.points],
        "信息条数": [coverage.items[point.id] for point in one.points],
    }
