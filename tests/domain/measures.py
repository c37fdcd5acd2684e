"""Measures, rules and records built in a line, for tests of what is done with them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from domain.measure.model import (
    Award,
    Combine,
    Convert,
    Exempt,
    Grant,
    Head,
    Joint,
    JournalEntry,
    Measure,
    Quota,
    ReportOnly,
    Result,
    Rule,
    Veto,
)
from domain.scoring.fact import Entry, Fact
from domain.scoring.record import Counted, Record

YEAR = 2026
UNIT = 7
TOWN = "乡镇"
ARTICLES = {number: f"第{number}条的内容。" for number in range(1, 20)}
JOURNALS = {
    "DAILY": JournalEntry("DAILY", "每日要情", "city"),
    "PROVINCE": JournalEntry("PROVINCE", "省专报", "province"),
}


def a_measure(
    *rules: Rule,
    quotas: Sequence[Quota] = (),
    name: str = "test",
    first: date = date(2026, 1, 1),
    last: date | None = None,
    classes: tuple[str, ...] = (TOWN,),
    result: Result | None = None,
    convert: Convert | None = None,
    vetoes: tuple[Veto, ...] = (),
    awards: tuple[Award, ...] = (),
    exempt: tuple[Exempt, ...] = (),
) -> Measure:
    return Measure(
        id=name,
        title="测试办法",
        number="",
        issuer="",
        effective_from=first,
        effective_to=last,
        classes=classes,
        articles=ARTICLES,
        journals=JOURNALS,
        ranks={},
        readings={},
        rules=rules,
        quotas={quota.id: quota for quota in quotas},
        combine=Combine(1),
        joint=Joint(1, "full_each"),
        rollups=(),
        report_only=ReportOnly(None, False, ()),
        result=result or Result(),
        convert=convert,
        vetoes=vetoes,
        awards=awards,
        exempt=exempt,
    )


def head(code: str, article: int = 6, category: str = "任务分", classes: tuple[str, ...] = ()) -> Head:
    return Head(code, article, category, classes)


def grant(points: int, by_class: Mapping[str, int] | None = None) -> Grant:
    return Grant(points, "class", by_class) if by_class else Grant(points)


def sent(*days: date, kind: str = "", form: str = "") -> tuple[Counted, ...]:
    return tuple(Counted(day, "submitted", kind, form) for day in days)


def used(
    *days: date, journal: str = "DAILY", level: str = "city", form: str = "单条", kind: str = ""
) -> tuple[Counted, ...]:
    return tuple(Counted(day, "adopted", kind, form, (journal,), (level,)) for day in days)


def earned(day: date, points: int, category: str = "采用分") -> Entry:
    return Entry(1, 1, UNIT, None, day, "adoption:DAILY", "第一条", "采用", points, category)


def happened(event: str, *days: date) -> tuple[Fact, ...]:
    return tuple(Fact(-at, "event", 0, day, (UNIT,), None, detail=event) for at, day in enumerate(days, 1))


def a_record(
    *items: Counted,
    entries: Sequence[Entry] = (),
    events: Sequence[Fact] = (),
    unit_class: str = TOWN,
    names: tuple[str, ...] = ("城关镇",),
    year: int = YEAR,
) -> Record:
    return Record(UNIT, year, unit_class, items, tuple(entries), tuple(events), names)
