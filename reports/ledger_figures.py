"""The sheet of figures in the ledger's workbook: rates by unit, source, theme and way, and who missed what.

Sums and ratios are formulas, so that whoever corrects a number sees what follows; each bears its value as well, for
programs that do not calculate.
"""

from __future__ import annotations

from collections.abc import Sequence

from xlsxwriter.format import Format
from xlsxwriter.utility import xl_col_to_name, xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from domain.assignment_ledger import Counts, Figures, Ledger, Missed, total
from domain.commission import Outcome
from reports.book import Book, Column

NUMBERS = ("约稿件数", "下达", "不计", "应报", "签收", "报送", "按时", "迟报", "采用", "超期未报", "未销号")
RATES = (("完成率", "报送", "应报"), ("按时率", "按时", "应报"), ("采用率", "采用", "报送"))
CLOSED = tuple(f"销号：{outcome.value}" for outcome in Outcome)
HEADINGS = ("", *NUMBERS, *(name for name, _, _ in RATES), *CLOSED)
COLUMNS = (Column("", 24), *(Column("", 9.5) for _ in HEADINGS[1:]))

NOTES = (
    "应报＝下达－不计（免除的，以及没有报送就并入其他任务的）；完成率＝报送÷应报，按时率＝按时÷应报，采用率＝采用÷报送。",
    "“—”表示没有可算的，不是零。按单位统计时，一件约稿发给几个单位就算几次，合计里的约稿件数不重复算。",
)
MISSED_HEADINGS = ("责任单位", "年度", "次数", "提示", "约稿编号")
MISSED_TITLE = "未按时完成（以“未完成”销号，或截止以后才报；按截止日期所在年度）"
GRAVE = "两次以上未按时完成"
NONE_MISSED = "没有。"

_FIRST = 1


def write_figures(book: Book, name: str, ledger: Ledger) -> None:
    """Add the sheet."""
    sheet = book.sheet(name, COLUMNS, 0)
    sheet.write_string(0, 0, f"{ledger.title} 完成情况", book.title)
    sheet.freeze_panes(1, 1)
    row = _FIRST
    for figures in ledger.figures:
        row = _table(book, sheet, row + 1, figures, _distinct(ledger))
    row = _missed(book, sheet, row + 1, ledger.missed)
    for number, note in enumerate(NOTES, row + 1):
        sheet.write_string(number, 0, note)


def _distinct(ledger: Ledger) -> int:
    return len({record.line.head.id for record in ledger.records})


def _table(book: Book, sheet: Worksheet, row: int, figures: Figures, commissions: int) -> int:
    """One table with its sums; returns the row behind it."""
    for place, heading in enumerate((figures.heading, *HEADINGS[1:])):
        sheet.write_string(row, place, heading, book.heading)
    first = row + 1
    for number, (word, counts) in enumerate(figures.rows, first):
        sheet.write_string(number, 0, word, book.cells["text"])
        _counts(book, sheet, number, counts)
    last = first + len(figures.rows)
    everything = total(counts for _, counts in figures.rows)
    sheet.write_string(last, 0, "合计", book.sums["text"])
    sheet.write_number(last, 1, commissions, book.sums["number"])
    for heading, value in list(_numbers(everything).items())[1:] + list(_reasons(everything).items()):
        place = HEADINGS.index(heading)
        letter = xl_col_to_name(place)
        formula = f"=SUM({letter}{first + 1}:{letter}{last})" if figures.rows else "=0"
        sheet.write_formula(last, place, formula, book.sums["number"], value)
    _rates(sheet, last, everything, book.sums["rate"])
    return last + 1


def _counts(book: Book, sheet: Worksheet, row: int, counts: Counts) -> None:
    cells = {heading: xl_rowcol_to_cell(row, place) for place, heading in enumerate(HEADINGS)}
    follows = {"应报": f"={cells['下达']}-{cells['不计']}", "迟报": f"={cells['报送']}-{cells['按时']}"}
    for heading, value in {**_numbers(counts), **_reasons(counts)}.items():
        place = HEADINGS.index(heading)
        if heading in follows:
            sheet.write_formula(row, place, follows[heading], book.cells["number"], value)
        else:
            sheet.write_number(row, place, value, book.cells["number"])
    _rates(sheet, row, counts, book.cells["rate"])


def _numbers(counts: Counts) -> dict[str, int]:
    values = (
        counts.commissions, counts.issued, counts.excused, counts.owed, counts.received, counts.delivered,
        counts.on_time, counts.delivered - counts.on_time, counts.adopted, counts.missing, counts.open,
    )  # fmt: skip
    return dict(zip(NUMBERS, values, strict=True))


def _reasons(counts: Counts) -> dict[str, int]:
    return {heading: counts.outcomes.get(outcome, 0) for heading, outcome in zip(CLOSED, Outcome, strict=True)}


def _rates(sheet: Worksheet, row: int, counts: Counts, form: Format) -> None:
    numbers = _numbers(counts)
    for name, above, below in RATES:
        top, bottom = (xl_rowcol_to_cell(row, HEADINGS.index(each)) for each in (above, below))
        value = numbers[above] / numbers[below] if numbers[below] else "—"
        sheet.write_formula(row, HEADINGS.index(name), f'=IF({bottom}=0,"—",{top}/{bottom})', form, value)


def _missed(book: Book, sheet: Worksheet, row: int, missed: Sequence[Missed]) -> int:
    """Who did not do what on time; returns the row behind the table."""
    sheet.write_string(row, 0, MISSED_TITLE)
    if not missed:
        sheet.write_string(row + 1, 0, NONE_MISSED)
        return row + 2
    _missed_row(sheet, row + 1, MISSED_HEADINGS, [book.heading] * len(MISSED_HEADINGS))
    forms = [book.cells["text"], book.cells["number"], book.cells["number"], book.alarm, book.cells["text"]]
    for number, one in enumerate(missed, row + 2):
        warning = GRAVE if one.is_grave else ""
        _missed_row(sheet, number, (one.unit, one.year, len(one.numbers), warning, "、".join(one.numbers)), forms)
    return row + 2 + len(missed)


def _missed_row(sheet: Worksheet, row: int, values: Sequence[str | int], forms: Sequence[Format]) -> None:
    """The last two take the room of several columns of figures."""
    for place, (value, form) in enumerate(zip(values[:3], forms, strict=False)):
        sheet.write(row, place, value, form)
    sheet.merge_range(row, 3, row, 5, values[3], forms[3])
    sheet.merge_range(row, 6, row, len(COLUMNS) - 1, values[4], forms[4])
