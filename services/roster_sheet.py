"""Tables as offices keep them: a workbook or a folder of CSV in, named records with their cells out; and back.

Knows nothing of the roster but the names of its sheets and columns.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

import xlsxwriter
from python_calamine import CalamineError, CalamineWorkbook, PasswordError

from domain.errors import BadInput
from domain.words import tidy

UNITS, PEOPLE, ACCOUNTS, GROUPS = "单位", "人员", "账号", "工作群"

COLUMNS: Mapping[str, tuple[str, ...]] = {
    UNITS: ("名称", "简称", "类型", "类别", "上级", "直报点"),
    PEOPLE: ("姓名", "单位", "角色", "手机", "科室"),
    ACCOUNTS: ("姓名", "单位", "平台", "账号"),
    GROUPS: ("平台", "群号", "名称", "用途", "负责人", "单位"),
}
REQUIRED: Mapping[str, frozenset[str]] = {
    UNITS: frozenset({"名称", "类型"}),
    PEOPLE: frozenset({"姓名", "单位", "角色"}),
    ACCOUNTS: frozenset({"姓名", "平台", "账号"}),
    GROUPS: frozenset({"平台", "群号", "用途"}),
}
"""A column that is not required may be missing: what is stored then stays as it is."""

TITLE_ROWS = 10
"""A heading above the table may take that many rows."""

_REMARK = re.compile(r"[\s*]|[(（].*[)）]$")

Cell = int | float | str | bool | time | date | datetime | timedelta


@dataclass(frozen=True, slots=True)
class Fault:
    """Something wrong, with its place: `人员!C5`."""

    place: str
    text: str

    def __str__(self) -> str:
        return f"{self.place}：{self.text}"


@dataclass(frozen=True, slots=True)
class Record:
    """One row of a sheet; `values` has the columns the sheet has, tidied, '' where the cell is empty."""

    sheet: str
    row: int
    values: Mapping[str, str]
    places: Mapping[str, str]

    def __getitem__(self, column: str) -> str:
        return self.values.get(column, "")

    def has(self, column: str) -> bool:
        """Whether the sheet has this column at all."""
        return column in self.values

    def fault(self, column: str, text: str) -> Fault:
        return Fault(f"{self.sheet}!{self.places.get(column, f'A{self.row}')}", text)


@dataclass(frozen=True, slots=True)
class Sheets:
    """What a file holds: the sheets it has, and what is wrong with their headers."""

    records: Mapping[str, tuple[Record, ...]]
    faults: tuple[Fault, ...] = ()

    def of(self, sheet: str) -> tuple[Record, ...]:
        return self.records.get(sheet, ())


@dataclass(frozen=True, slots=True)
class Table:
    """A sheet to write: numbers stay numbers, text is never taken for a formula."""

    name: str
    header: Sequence[str]
    rows: Sequence[Sequence[str | int | float]]


def read_sheets(parts: Mapping[str, bytes]) -> Sheets:
    """Read one workbook, or several CSV files named after their sheets. Raises BadInput if nothing can be read."""
    tables: dict[str, list[list[str]]] = {}
    for name, data in parts.items():
        tables |= _csv(name, data) if name.lower().endswith(".csv") else _workbook(name, data)
    known = {name: rows for name, rows in tables.items() if name in COLUMNS}
    if not known:
        raise BadInput(reason=f"没有找到可用的工作表。工作表（或 CSV 文件）应叫：{'、'.join(COLUMNS)}。")
    records: dict[str, tuple[Record, ...]] = {}
    faults: list[Fault] = []
    for name, rows in known.items():
        records[name] = tuple(_records(name, rows, faults))
    return Sheets(records, tuple(faults))


def _workbook(name: str, data: bytes) -> dict[str, list[list[str]]]:
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        return {
            sheet.strip(): [
                [spell(cell) for cell in row] for row in book.get_sheet_by_name(sheet).to_python(skip_empty_area=False)
            ]
            for sheet in book.sheet_names
        }
    except PasswordError:
        raise BadInput(reason=f"{name} 加了密码，读不了。请去掉密码后再导入。") from None
    except CalamineError as error:
        raise BadInput(reason=f"{name} 读不了（{error}）。请另存为 .xlsx 后再导入。") from None


def _csv(name: str, data: bytes) -> dict[str, list[list[str]]]:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = data.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        raise BadInput(reason=f"{name} 的编码认不出来。请另存为 UTF-8 的 CSV。")
    sheet = name.replace("\\", "/").rsplit("/", 1)[-1][: -len(".csv")]
    try:
        return {sheet: [[spell(cell) for cell in row] for row in csv.reader(io.StringIO(text, newline=""))]}
    except csv.Error as error:
        raise BadInput(reason=f"{name} 不是完整的 CSV（{error}）。") from None


def spell(cell: Cell) -> str:
    """A cell as text in one spelling: 13800138000.0 is a number somebody typed, not a measurement."""
    if isinstance(cell, bool):
        return "是" if cell else "否"
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    return " ".join(tidy(str(cell)).split())


def _records(sheet: str, rows: list[list[str]], faults: list[Fault]) -> Iterable[Record]:
    header, columns = _header(sheet, rows)
    missing = [column for column in COLUMNS[sheet] if column in REQUIRED[sheet] - columns.keys()]
    if missing:
        faults.append(Fault(f"{sheet}!A{header + 1}", f"缺少列“{'”“'.join(missing)}”"))
        return
    for number, row in enumerate(rows[header + 1 :], start=header + 2):
        values = {column: row[index] if index < len(row) else "" for column, index in columns.items()}
        if any(values.values()):
            yield Record(sheet, number, values, {c: f"{letters(i)}{number}" for c, i in columns.items()})


def _header(sheet: str, rows: list[list[str]]) -> tuple[int, dict[str, int]]:
    """The row that names most of the columns (a title may stand above it), and where each column is."""
    best: tuple[int, dict[str, int]] = (0, {})
    for number, row in enumerate(rows[:TITLE_ROWS]):
        names = [_REMARK.sub("", cell) for cell in row]
        found = {column: names.index(column) for column in COLUMNS[sheet] if column in names}
        if len(found) > len(best[1]):
            best = number, found
    return best


def letters(index: int) -> str:
    """The letters of a column: 0 is A, 26 is AA."""
    name = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        name = chr(ord("A") + rest) + name
    return name


def write_workbook(tables: Iterable[Table]) -> bytes:
    """An .xlsx with a frozen header and columns wide enough to read."""
    target = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(target, options)
    bold = book.add_format({"bold": True})
    for table in tables:
        sheet = book.add_worksheet(table.name)
        sheet.freeze_panes(1, 0)
        for column, name in enumerate(table.header):
            sheet.write_string(0, column, name, bold)
            cells = [name, *(str(row[column]) for row in table.rows)]
            sheet.set_column(column, column, min(60, max(map(_width, cells)) + 2))
        for number, row in enumerate(table.rows, start=1):
            for column, value in enumerate(row):
                write = sheet.write_string if isinstance(value, str) else sheet.write_number
                write(number, column, value)
    book.close()
    return target.getvalue()


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)
