"""The columns of the workbooks about points."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from domain.journal import LEVEL_NAMES, Journal
from domain.progress import Progress
from domain.scoring.happenings import event_name
from reports.book import Cell, Column
from reports.listing import Sheet
from services.progress import UnitProgress
from services.tallies import Row
from services.unit_events import Listed
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
    Column("备注", 30),
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
        in_words(line, journals), entry.article, entry.points, line.by, line.recorded_ms, _remark(line),
    )  # fmt: skip


def _remark(line: Line) -> str:
    """What sets a line apart: it waits, is about another month, or takes another line back."""
    said = ["等上级分值"] if line.entry.pending and not line.reverses else []
    said += [f"原属{line.about:%Y-%m-%d}"] if line.about else []
    said += [f"冲销流水号{line.reverses}"] if line.reverses else []
    return "，".join([*said, line.note] if line.note else said)


EVENTS = (
    Column("编号", 8, "number"),
    Column("日期", 12, "middle"),
    Column("单位", 18),
    Column("事项", 18, "middle"),
    Column("说明", 40),
    Column("分值", 9, "points"),
    Column("登记人", 10, "middle"),
    Column("登记时间", 17, "time"),
    Column("撤销人", 10, "middle"),
    Column("撤销原因", 30),
)


def events_sheet(found: Sequence[Listed], names: Mapping[int, str]) -> Sheet:
    """Events of units, newest first; what was taken back counts nothing any more."""
    rows = tuple(
        (
            one.id, one.day.isoformat(), names[one.unit_id], event_name(one.event), one.reason, one.points, one.by,
            one.at_ms, one.revoked_by, one.revoked_because,
        )
        for one in found
    )  # fmt: skip
    return Sheet("加减分事项", EVENTS, rows, ("分值",))


_DONE = (Column("得分", 10, "points"), Column("报送", 8, "number"), Column("采用", 8, "number"))
PERSONS = (Column("序号", 6, "number"), Column("单位", 22), Column("科室", 18), Column("姓名", 12, "middle"), *_DONE)
SECTIONS = (*PERSONS[:3], *_DONE)


def tally_sheet(rows: Sequence[Row], *, sections: bool) -> Sheet:
    """Persons, or sections, best first."""
    summed = tuple(column.heading for column in _DONE)
    if sections:
        lines = tuple((at, r.unit, r.section, r.points, r.submitted, r.adopted) for at, r in enumerate(rows, 1))
        return Sheet("科室", SECTIONS, lines, summed)
    people = tuple((at, r.unit, r.section, r.name, r.points, r.submitted, r.adopted) for at, r in enumerate(rows, 1))
    return Sheet("个人", PERSONS, people, summed)


PROGRESS = (
    Column("序号", 6, "number"),
    Column("单位", 22),
    Column("类别", 18, "middle"),
    Column("任务", 60),
    Column("要求", 10, "number"),
    Column("应完成", 10, "number"),
    Column("已完成", 10, "number"),
    Column("差", 8, "number"),
    Column("条款", 10, "middle"),
    Column("是否落后", 10, "middle"),
)


def progress_sheet(found: Sequence[UnitProgress]) -> Sheet:
    """Every quota of every unit."""
    lines = [(one.unit, quota) for one in found for quota in one.quotas]
    rows = tuple(
        (
            at, unit.name, unit.class_name, quota.words, *_figures(quota), quota.article,
            "是" if quota.behind and not quota.encouraged else "",
        )
        for at, (unit, quota) in enumerate(lines, 1)
    )  # fmt: skip
    return Sheet("任务进度", PROGRESS, rows)


def _figures(quota: Progress) -> tuple[Cell, Cell, Cell, Cell]:
    """Counts as numbers; points and rates, which are hundredths, stand in the words."""
    if quota.what in ("points", "rate"):
        return None, None, None, None
    return quota.asked, quota.due, quota.done, quota.more
