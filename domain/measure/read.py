"""Strict reading of a measure's file (TOML): from the text to `Measure`, or to the one place that is wrong.

`domain/data/measure-sample.toml` shows the format, docs/measures.md explains it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from domain.journal import LEVELS
from domain.measure.check import check_rules
from domain.measure.fault import MeasureFault
from domain.measure.known import Known
from domain.measure.lines import line_in, line_of, lines_of
from domain.measure.model import JournalEntry, Measure
from domain.measure.ranks import RANK_NAMES
from domain.measure.read_rules import RuleTable
from domain.measure.read_spans import KINDS
from domain.measure.read_tables import (
    read_awards,
    read_combine,
    read_convert,
    read_exempt,
    read_joint,
    read_quotas,
    read_report_only,
    read_result,
    read_rollups,
    read_vetoes,
)
from domain.measure.readings import Readings
from domain.measure.written import RuleAt, Written
from domain.tables import Table, read_toml

_ARTICLE_NUMBERS = frozenset(str(number) for number in range(1, 100))


def parse_measure(text: str) -> Measure:
    """The measure a text is about.

    Raises MeasureFault for the first thing that is wrong: its line and key path, what was found and what is allowed.
    """
    return read_measure(text).measure


def read_measure(text: str) -> Written:
    """The measure together with where everything in it is written, for the checks against the office's own data.

    Raises MeasureFault like `parse_measure`.
    """
    try:
        top, lines = read_toml(text, MeasureFault), lines_of(text)
    except MeasureFault as fault:
        raise fault.at(line_in(str(fault.found)) or 1) from fault.__cause__
    try:
        written = _measure(top, lines)
        check_rules(written)
    except MeasureFault as fault:
        raise fault.at(line_of(lines, fault.path)) from None
    return written


def _measure(top: Table, lines: Mapping[str, int]) -> Written:
    first, last = _effective(top)
    known = _known(top)
    rules = known.readings.all_of(top, "rule", lambda table: _rule(table, known))
    measure = Measure(
        id=top.text("id"),
        title=top.text("title"),
        number=top.text("number") if top.has("number") else "",
        issuer=top.text("issuer") if top.has("issuer") else "",
        effective_from=first,
        effective_to=last,
        classes=known.classes,
        articles=known.articles,
        journals=known.journals,
        ranks=known.ranks,
        readings=known.readings.chosen,
        rules=tuple(each.rule for each in rules),
        quotas=known.quotas,
        combine=read_combine(top, known),
        joint=read_joint(top, known),
        rollups=read_rollups(top, known),
        report_only=read_report_only(top, known),
        result=read_result(top, known),
        convert=read_convert(top, known),
        vetoes=read_vetoes(top, known),
        awards=read_awards(top, known),
        exempt=read_exempt(top, known, first),
    )
    top.close()
    known.readings.check()
    return Written(measure, rules, known.readings.places, lines)


def _known(top: Table) -> Known:
    classes = top.words("classes")
    if not classes:
        raise top.refuse("classes", None, '至少一个考评类别，如 ["县（市、区）", "部门"]')
    articles = _articles(top.table("articles"))
    if not articles:
        raise top.refuse("articles", None, '[articles] 里至少一条条文，如 1 = "为了……"')
    journals = _journals(top.tables("journal"))
    own = top.table("ranks")
    ranks = RANK_NAMES | {rank: own.text(rank) for rank in own.names()}
    known = Known(_readings(top), articles, classes, journals, ranks)
    return replace(known, quotas=read_quotas(top, known))


def _effective(top: Table) -> tuple[date, date | None]:
    first = top.day("effective_from")
    last = top.day("effective_to") if top.has("effective_to") else None
    if last is not None and last < first:
        raise top.refuse("effective_to", last, f"不早于 {first} 的日期")
    return first, last


def _articles(table: Table) -> dict[int, str]:
    texts: dict[int, str] = {}
    for key in table.names():
        if key not in _ARTICLE_NUMBERS:
            raise table.refuse(key, key, "条号 1 至 99")
        texts[int(key)] = table.text(key)
    return texts


def _journals(tables: Sequence[Table]) -> dict[str, JournalEntry]:
    found: dict[str, JournalEntry] = {}
    for table in tables:
        entry = JournalEntry(
            table.text("code"), table.text("name"), table.choice("level", LEVELS), table.words("forms")
        )
        if entry.code in found:
            raise table.refuse("code", entry.code, "前面的刊物没有用过的代码")
        found[entry.code] = entry
        table.close()
    return found


def _readings(top: Table) -> Readings:
    table = top.table("readings")
    return Readings({word: table.text(word) for word in table.names()})


def _rule(table: Table, known: Known) -> RuleAt:
    kind = table.choice("kind", KINDS)
    classes = table.choices("classes", known.classes)
    return RuleAt(KINDS[kind](RuleTable(table, known, kind, classes)), table.path)
