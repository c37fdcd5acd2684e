"""One `[[rule]]` of a measure's file: a small reader for each kind of rule that looks at a span of time."""

from __future__ import annotations

from collections.abc import Callable

from domain.measure.read_rules import FACT_KINDS, MOST, RuleTable, only_classes
from domain.measure.rules import (
    BaseRule,
    ForfeitRule,
    Grant,
    Head,
    LimitRule,
    OverQuotaRule,
    Per,
    ProportionalRule,
    QuotaMetRule,
    QuotaMissedRule,
    Rule,
    ZeroOutRule,
)
from domain.ranking import format_points

PERS: tuple[Per, ...] = ("week", "month", "quarter", "half", "year")


def _of_quota(rule: RuleTable, lowest: int = 0) -> tuple[Head, str, Grant]:
    """A rule about a quota, with points by class or by unit."""
    quota = rule.table.choice("quota", rule.known.quotas)
    grant, only = rule.grant({"unit": ()}, lowest)
    return rule.head((quota,), classes=only_classes(grant, only)), quota, grant


def _quota_met(rule: RuleTable) -> Rule:
    return QuotaMetRule(*_of_quota(rule))


def _over_quota(rule: RuleTable) -> Rule:
    return OverQuotaRule(*_of_quota(rule))


def _proportional(rule: RuleTable) -> Rule:
    return ProportionalRule(*_of_quota(rule))


def _quota_missed(rule: RuleTable) -> Rule:
    head, quota, grant = _of_quota(rule, lowest=-MOST)
    for points in (grant.points, *grant.by.values()):
        if points > 0:
            raise rule.table.refuse("points", format_points(points), "小于 0 的数，如 -0.5（未完成是扣分）")
    return QuotaMissedRule(head, quota, grant, rule.table.flag("lump", default=False))


def _forfeit(rule: RuleTable) -> Rule:
    events, lose = rule.known.events(rule.table), rule.table.words("lose")
    if not lose:
        raise rule.table.refuse("lose", None, '至少一种分，如 ["任务分"]')
    per = rule.table.choice("per", PERS)
    return ForfeitRule(rule.head(events, lose, (per,)), events, lose, per)


def _base(rule: RuleTable) -> Rule:
    per = rule.table.choice("per", PERS)
    grant, only = rule.grant({"unit": ()})
    return BaseRule(rule.head((per,), classes=only_classes(grant, only)), grant, per)


def _limit(rule: RuleTable) -> Rule:
    table = rule.table
    categories, per = table.words("categories"), table.choice("per", PERS)
    floor = table.hundredths("floor", lowest=-MOST) if table.has("floor") else None
    cap = table.hundredths("cap", lowest=-MOST) if table.has("cap") else None
    if floor is None and cap is None:
        raise table.refuse("cap", None, "最高 cap、最低 floor，至少写一样")
    if floor is not None and cap is not None and floor >= cap:
        raise table.refuse("cap", format_points(cap), "大于 floor 的数")
    return LimitRule(rule.head(categories, (per,)), categories, per, floor, cap)


def _zero_out(rule: RuleTable) -> Rule:
    events = rule.known.events(rule.table)
    return ZeroOutRule(rule.head(events), events, rule.table.whole("at_least", lowest=1))


SPAN_KINDS: dict[str, Callable[[RuleTable], Rule]] = {
    "quota_met": _quota_met,
    "over_quota": _over_quota,
    "quota_missed": _quota_missed,
    "proportional": _proportional,
    "forfeit": _forfeit,
    "base": _base,
    "limit": _limit,
    "zero_out": _zero_out,
}

KINDS = FACT_KINDS | SPAN_KINDS
