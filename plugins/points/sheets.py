"""The columns of the workbooks about points."""

from __future__ import annotations

from collections.abc import Sequence

from domain.journal import LEVEL_NAMES, Journal
from reports.book import Cell, Column
from reports.listing import Sheet
from services.why import Account, Line, category_of, in_words

WHY = (
    Column("序号", 6, "number"),
    Column("流水号", 9, "number"),
    Column("日期", 12, "middle"),
    Column("类别", 10, "middle"),
    Column("信息编号", 12, "middle"),
    Column("标题", 32),
    Column("刊物", 16, "middle"),
    Column("级别", 9, "middle"),
    Column("期号", 9, "middle"),
    Column("形式", 9, "middle"),
    Column("事由", 40),
    Column("条款", 10, "middle"),
    Column("分值", 9, "points"),
    Column("登记人", 10, "middle"),
    Column("登记时间", 17, "time"),
)


def why_sheet(found: Account, journals: Sequence[Journal]) -> Sheet:
    """Every line of an account; the sum below is the number on the board."""
    names = {journal.code: journal.name for journal in journals}
    rows = tuple(_why_row(at, line, names, journals) for at, line in enumerate(found.lines, 1))
    return Sheet(f"{found.unit.label} {found.period.label}", WHY, rows, ("分值",))


def _why_row(at: int, line: Line, names: dict[str, str], journals: Sequence[Journal]) -> tuple[Cell, ...]:
    entry = line.entry
    return (
        at, line.seq, entry.day.isoformat(), category_of(line), line.number, line.title,
        names.get(line.journal, line.journal), LEVEL_NAMES.get(line.level, ""), line.issue, line.form,
        in_words(line, journals), entry.article, entry.points, line.by, line.recorded_ms,
    )  # fmt: skip
