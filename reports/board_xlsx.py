"""The frozen board as a workbook: a sheet per class, what was adopted, what was adjusted, the months and their chart.

Formulas bear the values they give, for programs that do not calculate. The same snapshot is the same bytes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from xlsxwriter.utility import xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from domain.board_layout import Layout
from domain.board_table import Table, table_of
from domain.journal import LEVEL_NAMES
from domain.moment import ZONE, from_ms, to_ms
from domain.snapshot import AdoptedItem, Snapshot
from reports.board_formulas import Grid, prices
from reports.board_sheet import FIRST_HEADING, write_table
from reports.book import A4, LINE, Book, Cell, Column
from reports.layouts import STANDARD, layout_named
from reports.picture import fingerprint

ADOPTED, ADJUSTED, TREND, BY_MONTH, PRICES = "采用信息", "补计与调整", "走势", "各单位逐月", "分值"
SHEETS = (ADOPTED, ADJUSTED, TREND, BY_MONTH, PRICES)
"""Names that formulas and the chart go by: no class may take one."""

ADOPTED_COLUMNS = (
    Column("序号", 6, "number"),
    Column("信息编号", 14, "middle"),
    Column("标题", 48),
    Column("报送单位", 22),
    Column("采用日期", 12, "day"),
    Column("刊物", 18, "middle"),
    Column("级别", 9, "middle"),
    Column("期号", 12, "middle"),
    Column("形式", 9, "middle"),
    Column("领导批示", 12, "middle"),
    Column("约稿", 7, "middle"),
)
ADJUSTED_COLUMNS = (
    Column("序号", 6, "number"),
    Column("单位", 24),
    Column("得分", 9, "points"),
    Column("事由", 56),
    Column("依据", 12, "middle"),
    Column("日期", 12, "day"),
)
TREND_COLUMNS = (
    Column("月份", 12, "middle"),
    Column("报送", 10, "number"),
    Column("采用", 10, "number"),
    Column("采用率", 10, "rate"),
    Column("得分", 12, "points"),
)
PRICE_COLUMNS = (Column("类别", 24), Column("得分项", 22), Column("每条计分", 12, "points"))
PRICE_NOTE = (
    "本期这几项得分都等于条数乘每条计分。改动每条计分，各表的得分、合计和排名随之变化，可以试算；通报以冻结的数为准。"
)

_HEADER = 1


def board_xlsx(snapshot: Snapshot, layout: Layout | None = None) -> bytes:
    """The workbook (.xlsx). A layout that has no columns gives way to the standard one."""
    shown = layout if layout is not None and layout.columns else layout_named(STANDARD)
    book = Book(f"{snapshot.label}政务信息报送采用情况", snapshot.as_of_ms)
    tables = [(board.name, table_of(snapshot, board, shown)) for board in snapshot.classes if board.rows]
    known = _prices(tables)
    for name, table in tables:
        grid = Grid(table, snapshot.categories, FIRST_HEADING + table.depth, _cells(known, name))
        write_table(book, grid, f"{name}（类别）" if name in SHEETS else name, _remark(snapshot))
    _adopted(book, snapshot)
    _adjusted(book, snapshot)
    if snapshot.trend:
        _trend(book, snapshot)
        _by_month(book, snapshot, by_roster=shown.by_roster)
    if known:
        _priced(book, known)
    return book.finish()


def _remark(snapshot: Snapshot) -> str:
    measures = "；".join(snapshot.measures)
    said = [snapshot.office, f"截至 {from_ms(snapshot.as_of_ms):%Y-%m-%d %H:%M}", measures and f"依据：{measures}"]
    return "　".join(filter(None, [*said, f"校验码 {fingerprint(snapshot)}"]))


def _list(book: Book, name: str, columns: Sequence[Column], rows: Sequence[Sequence[Cell]], title: str) -> Worksheet:
    """A plain sheet with a filter."""
    sheet = book.sheet(name, columns, _HEADER)
    sheet.write_string(0, 0, title, book.title)
    behind = book.rows(sheet, columns, rows, _HEADER + 1)
    sheet.autofilter(_HEADER, 0, max(behind - 1, _HEADER + 1), len(columns) - 1)
    return sheet


def _adopted(book: Book, snapshot: Snapshot) -> None:
    names = {journal.code: journal.name for journal in snapshot.journals}
    rows = [
        _item(number, item, names.get(item.journal, item.journal)) for number, item in enumerate(snapshot.adopted, 1)
    ]
    _list(book, ADOPTED, ADOPTED_COLUMNS, rows, f"{snapshot.label}采用信息（{len(rows)} 条次）")


def _item(number: int, item: AdoptedItem, journal: str) -> list[Cell]:
    levels = [LEVEL_NAMES.get(level, level) for level in (item.level, *item.instructed)]
    return [
        number, item.number, item.title, "、".join(item.units), _ms(item.day), journal, levels[0], item.issue,
        item.form, "、".join(levels[1:]), "是" if item.commissioned else "",
    ]  # fmt: skip


def _adjusted(book: Book, snapshot: Snapshot) -> None:
    rows: list[list[Cell]] = [
        [number, one.unit, one.points, one.reason, one.article, _ms(one.day)]
        for number, one in enumerate(snapshot.adjustments, 1)
    ]
    sheet = _list(book, ADJUSTED, ADJUSTED_COLUMNS, rows, f"{snapshot.label}补计与调整")
    if not rows:
        sheet.write_string(_HEADER + 1, 0, "没有。")
        return
    total = sum(one.points for one in snapshot.adjustments) / 100
    at = _HEADER + 1 + len(rows)
    sheet.set_row(at, LINE + 4)
    for place in range(len(ADJUSTED_COLUMNS)):
        sheet.write_string(at, place, "合计" if place == 1 else "", book.sums["text"])
    sheet.write_formula(at, 2, f"=SUM(C{_HEADER + 2}:C{at})", book.sums["points"], total)


def _trend(book: Book, snapshot: Snapshot) -> None:
    sheet = book.sheet(TREND, TREND_COLUMNS, _HEADER)
    sheet.write_string(0, 0, f"{snapshot.label}：近{len(snapshot.trend)}个月报送采用走势（全部单位）", book.title)
    for row, month in enumerate(snapshot.trend, _HEADER + 1):
        sheet.set_row(row, LINE + 4)
        for place, value in ((0, month.label), (1, month.submitted), (2, month.adopted), (4, month.points)):
            book.write(sheet, row, place, TREND_COLUMNS[place].kind, value)
        rate = month.adopted / month.submitted if month.submitted else "—"
        sheet.write_formula(row, 3, f'=IF(B{row + 1}=0,"—",C{row + 1}/B{row + 1})', book.cells["rate"], rate)
    _chart(book, sheet, len(snapshot.trend))
    sheet.set_paper(A4)
    sheet.fit_to_pages(1, 1)  # the chart would print across two pages


def _chart(book: Book, sheet: Worksheet, months: int) -> None:
    """Columns for what was sent and used, a line for the points."""
    first, last = _HEADER + 1, _HEADER + months
    columns, line = book.chart("column"), book.chart("line")
    for chart, place, colour in ((columns, 1, "#9DBBD8"), (columns, 2, "#1F4E79"), (line, 4, "#C0504D")):
        series = {
            "name": [TREND, _HEADER, place],
            "categories": [TREND, first, 0, last, 0],
            "values": [TREND, first, place, last, place],
        }
        look = (
            {"line": {"color": colour, "width": 2}, "y2_axis": True} if chart is line else {"fill": {"color": colour}}
        )
        chart.add_series(series | look)
    columns.combine(line)
    columns.set_title({"name": "逐月报送、采用与得分", "name_font": {"size": 14}})
    columns.set_y_axis({"name": "条", "major_gridlines": {"visible": True, "line": {"color": "#D9D9D9"}}})
    line.set_y2_axis({"name": "分"})
    columns.set_legend({"position": "bottom"})
    columns.set_size({"width": 760, "height": 400})
    sheet.insert_chart(_HEADER, len(TREND_COLUMNS) + 1, columns)


def _by_month(book: Book, snapshot: Snapshot, *, by_roster: bool) -> None:
    """The points of every unit, month by month."""
    months = tuple(Column(month.label, 9, "points") for month in snapshot.trend)
    columns = (Column("类别", 18), Column("单位", 26), *months, Column("合计", 10, "points"))
    sheet = book.sheet(BY_MONTH, columns, _HEADER)
    sheet.write_string(0, 0, f"各单位近{len(months)}个月得分", book.title)
    units = [
        (board.name, row)
        for board in snapshot.classes
        for row in (sorted(board.rows, key=lambda row: row.unit_id) if by_roster else board.rows)
    ]
    for at, (name, row) in enumerate(units, _HEADER + 1):
        points = snapshot.trend_units.get(row.unit_id, (0,) * len(months))
        line: list[Cell] = [name, row.name, *points]
        book.rows(sheet, columns[:-1], [line], at)
        cells = f"{xl_rowcol_to_cell(at, 2)}:{xl_rowcol_to_cell(at, len(months) + 1)}"
        sheet.write_formula(at, len(months) + 2, f"=SUM({cells})", book.sums["points"], sum(points) / 100)
    sheet.autofilter(_HEADER, 0, max(_HEADER + len(units), _HEADER + 1), len(columns) - 1)


@dataclass(frozen=True, slots=True)
class _Price:
    """What one of a column of a class is worth (hundredths), and what it is called."""

    board: str
    place: int
    points: int
    said: str


def _prices(tables: Sequence[tuple[str, Table]]) -> list[_Price]:
    return [
        _Price(name, place, points, table.columns[place].heading[-1])
        for name, table in tables
        for place, points in prices(table).items()
    ]


def _cells(known: Sequence[_Price], board: str) -> dict[int, str]:
    """Where the prices of a class stand, by the column they are of."""
    rows = enumerate(known, _HEADER + 2)
    return {price.place: f"'{PRICES}'!$C${row}" for row, price in rows if price.board == board}


def _priced(book: Book, known: Sequence[_Price]) -> None:
    rows: list[list[Cell]] = [[price.board, price.said, price.points] for price in known]
    sheet = _list(book, PRICES, PRICE_COLUMNS, rows, "每条计分")
    sheet.write_string(_HEADER + 2 + len(rows), 0, PRICE_NOTE)


def _ms(day: date) -> int:
    """A day as the moment it begins, which the workbook shows as a real date."""
    return to_ms(datetime.combine(day, time(), ZONE))
