"""The workbook of the year's end: places and target points, candidates with grounds, decisions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from reports.book import Column
from reports.listing import Sheet
from services.awarding import Decision
from services.yearend import OUTCOMES, YearEnd, grounds_of

YEAR = (
    Column("类别", 18, "middle"),
    Column("名次", 7, "number"),
    Column("单位", 24),
    Column("全年得分", 11, "points"),
    Column("报送", 8, "number"),
    Column("采用", 8, "number"),
    Column("折算分", 11, "points"),
    Column("折算过程", 44),
    Column("备注", 12, "middle"),
)
CANDIDATES = (
    Column("奖项", 18, "middle"),
    Column("类别", 18, "middle"),
    Column("名额", 7, "number"),
    Column("名次", 7, "number"),
    Column("单位或姓名", 24),
    Column("得分", 11, "points"),
    Column("计算结果", 20, "middle"),
    Column("理由和条款", 60),
)
DECISIONS = (
    Column("年度", 8, "number"),
    Column("奖项", 18, "middle"),
    Column("类别", 18, "middle"),
    Column("单位或姓名", 24),
    Column("计算结果", 20, "middle"),
    Column("计算理由", 40),
    Column("决定理由", 40),
    Column("决定人", 10, "middle"),
    Column("决定时间", 17, "time"),
    Column("取消人", 10, "middle"),
    Column("取消时间", 17, "time"),
    Column("取消原因", 30),
)


def yearend_sheets(seen: YearEnd, subjects: Mapping[int, str]) -> list[Sheet]:
    """Three sheets: every unit, every candidate, every decision."""
    return [_year(seen), _candidates(seen), decisions_sheet(seen.decisions, subjects)]


def _year(seen: YearEnd) -> Sheet:
    rows = tuple(
        (
            name, one.row.rank, one.row.unit.name, one.row.points, one.row.submitted, one.row.adopted,
            one.converted.points if one.converted else None, one.converted.formula if one.converted else "",
            one.row.note,
        )
        for name, standings in seen.classes.items()
        for one in standings
    )  # fmt: skip
    return Sheet("全年", YEAR, rows)


def _candidates(seen: YearEnd) -> Sheet:
    rows = tuple(
        (
            proposal.award, proposal.unit_class, proposal.places, one.rank, seen.name_of(proposal, one), one.points,
            OUTCOMES[one.outcome], grounds_of(one),
        )
        for proposal in seen.proposals
        for one in proposal.candidates
    )  # fmt: skip
    return Sheet("评先建议", CANDIDATES, rows)


def decisions_sheet(found: Sequence[Decision], subjects: Mapping[int, str]) -> Sheet:
    """Every decision of a year, those taken back included."""
    rows = tuple(
        (
            one.year, one.award, one.class_name, subjects[one.id], OUTCOMES.get(one.outcome, ""), one.grounds,
            one.reason, one.by, one.at_ms, one.revoked_by, one.revoked_ms, one.revoked_because,
        )
        for one in found
    )  # fmt: skip
    return Sheet("评先结果", DECISIONS, rows)
