"""The ledger of commissions as the office keeps it: all lines, the figures, one sheet per commission."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from xlsxwriter.worksheet import Worksheet

from domain.assignment_ledger import HIDDEN, Head, Ledger, Record
from domain.moment import from_ms
from domain.words import shorten
from reports.book import A3, LINE, Book, Cell, Column, lines_of
from reports.ledger_figures import write_figures

ALL, FIGURES = "总台账", "完成率"

ALL_COLUMNS = (
    Column("序号", 5, "number"),
    Column("约稿编号", 13, "middle"),
    Column("来源", 8, "middle"),
    Column("类别", 8, "middle"),
    Column("主题/内容", 30),
    Column("要求", 32),
    Column("责任单位", 14, "middle"),
    Column("责任人", 9, "middle"),
    Column("下达时间", 17, "time"),
    Column("截止时间", 17, "time"),
    Column("签收时间", 17, "time"),
    Column("报送时间", 17, "time"),
    Column("信息编号", 12, "middle"),
    Column("状态", 10, "middle"),
    Column("是否超期", 9, "middle"),
    Column("采用情况", 20),
    Column("销号时间", 17, "time"),
    Column("销号原因", 18),
    Column("经办人", 9, "middle"),
)
"""The office's own columns, in its own order (facts: domain §1.2, no. 28)."""

ONE_COLUMNS = (
    Column("序号", 5, "number"),
    Column("责任单位", 16, "middle"),
    Column("角度", 22),
    *ALL_COLUMNS[7:8],
    *ALL_COLUMNS[9:],
)

REQUIREMENT_SHOWN = 48
"""On every line of a commission again, a long requirement would make the ledger as thick as the papers; in full it
stands on the commission's own sheet."""

_HEADER, _ONE_HEADER = 1, 3


def write_ledger(ledger: Ledger) -> bytes:
    """The workbook (.xlsx). The same ledger gives the same bytes."""
    book = Book(ledger.title, ledger.as_of_ms)
    _write_all(book, ledger)
    write_figures(book, FIGURES, ledger)
    for _, records in groupby(ledger.records, key=lambda record: record.line.head.id):
        _write_one(book, ledger, list(records))
    return book.finish()


def _write_all(book: Book, ledger: Ledger) -> None:
    sheet = book.sheet(ALL, ALL_COLUMNS, _HEADER, A3)
    sheet.write_string(0, 0, f"{ledger.title}（截至 {_moment(ledger.as_of_ms)}）", book.title)
    rows = [_all_row(number, record, ledger.as_of_ms) for number, record in enumerate(ledger.records, 1)]
    _fill(book, sheet, ALL_COLUMNS, rows, _HEADER + 1)


def _fill(book: Book, sheet: Worksheet, columns: Sequence[Column], rows: list[list[Cell]], first: int) -> None:
    """Rows with a filter above them; what is overdue stands out, also after somebody corrects it by hand."""
    behind = book.rows(sheet, columns, rows, first)
    last = max(behind - 1, first)
    sheet.autofilter(first - 1, 0, last, len(columns) - 1)
    flag = [column.heading for column in columns].index("是否超期")
    sheet.conditional_format(
        first, flag, last, flag, {"type": "cell", "criteria": "==", "value": '"是"', "format": book.warning}
    )


def _all_row(number: int, record: Record, now_ms: int) -> list[Cell]:
    head = record.line.head
    content = f"{head.topic}（{record.angle}）" if record.angle else head.topic
    return [
        number, head.number, head.source.value, head.class_name, content, shorten(head.requirement, REQUIREMENT_SHOWN),
        record.unit, record.person, head.issued_ms, *_progress(record, now_ms),
    ]  # fmt: skip


def _one_row(number: int, record: Record, now_ms: int) -> list[Cell]:
    return [number, record.unit, record.angle, record.person, *_progress(record, now_ms)]


def _progress(record: Record, now_ms: int) -> list[Cell]:
    """From 截止时间 to 经办人: whoever closed it, until then whoever issued it."""
    line = record.line
    return [
        line.due_ms, line.received_ms, line.answered_ms, "\n".join(record.numbers), line.stage.label,
        "是" if line.is_overdue(now_ms) else "否", _adoption(record), line.closed_ms, _reason(record),
        record.closer or line.head.issuer,
    ]  # fmt: skip


def _adoption(record: Record) -> str:
    if record.adoption:
        return record.adoption
    return "已采用" if record.line.is_adopted else ""


def _reason(record: Record) -> str:
    outcome = record.line.outcome
    if outcome is None:
        return ""
    return f"{outcome.value}：{record.note}" if record.note else outcome.value


def _write_one(book: Book, ledger: Ledger, records: list[Record]) -> None:
    """One commission, fit to be laid on the table: what was asked on top, the units below."""
    head = records[0].line.head
    sheet = book.sheet(_sheet_name(head, from_ms(ledger.as_of_ms).year), ONE_COLUMNS, _ONE_HEADER)
    sheet.write_string(0, 0, f"{head.number} {head.topic}", book.title)
    said = [head.source.value, head.class_name, head.way.value, f"{_moment(head.issued_ms)} 下达"]
    said += [f"{_moment(head.due_ms)} 截止", f"共 {len(records)} 个单位"]
    _remark(book, sheet, 1, "　".join(filter(None, said)))
    _remark(book, sheet, 2, f"要求：{head.requirement}" if head.requirement else "")
    rows = [_one_row(number, record, ledger.as_of_ms) for number, record in enumerate(records, 1)]
    _fill(book, sheet, ONE_COLUMNS, rows, _ONE_HEADER + 1)


def _remark(book: Book, sheet: Worksheet, row: int, text: str) -> None:
    """A text over the whole width; Excel does not find the height of merged cells by itself."""
    room = sum(column.width for column in ONE_COLUMNS)
    sheet.merge_range(row, 0, row, len(ONE_COLUMNS) - 1, text, book.remark)
    sheet.set_row(row, LINE * lines_of(text, room))


def _sheet_name(head: Head, year: int) -> str:
    """`约18 主题…`, with the year if it is not this one."""
    return f"{head.spoken(year)} {'不在群内' if head.topic == HIDDEN else head.topic}"


def _moment(ms: int) -> str:
    return from_ms(ms).strftime("%Y-%m-%d %H:%M")
