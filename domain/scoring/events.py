"""What an event is worth: penalties, organisation, activities, and what a person decides within a range."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from domain.measure.choose import most_special
from domain.measure.law import article_name
from domain.measure.model import Measure
from domain.measure.rules import CommissionRule, DiscretionRule, EventRule, ForfeitRule, ZeroOutRule
from domain.ranking import format_points
from domain.scoring.case import Case, Line, Offer
from domain.scoring.fact import Fact
from domain.scoring.happenings import event_name

DONE = "commission.done"


def event_lines(case: Case, measure: Measure, others: Sequence[Fact]) -> list[Line]:
    """The lines of an event; `others` are the facts a condition may be met by."""
    lines = []
    for unit in case.units:
        rule = most_special(list(_rules(case, measure, others, unit)))
        if rule is not None:
            lines.append(case.credit(_offer(case, rule, unit), unit))
        else:
            lines.append(_noted(case, measure, unit))
    return lines


def _rules(
    case: Case, measure: Measure, others: Sequence[Fact], unit: int
) -> Iterator[EventRule | DiscretionRule | CommissionRule]:
    event, unit_class = case.fact.detail, case.unit_class(unit)
    for rule in measure.rules:
        match rule:
            case EventRule():
                is_meant = event in rule.events and _is_met(case.fact, rule.only_if, others, unit)
            case DiscretionRule():
                is_meant = event in rule.events
            case CommissionRule():
                is_meant = rule.outcome == "done" and event == DONE
            case _:
                continue
        if is_meant and rule.head.covers(unit_class):
            yield rule


def _is_met(fact: Fact, condition: str | None, others: Sequence[Fact], unit: int) -> bool:
    """Whether the unit has the other event too, on the same matter: the same item, and the same words for it."""
    return condition is None or any(
        other.detail == condition and unit in other.units and (other.item_id, other.issue) == (fact.item_id, fact.issue)
        for other in others
    )


def _offer(case: Case, rule: EventRule | DiscretionRule | CommissionRule, unit: int) -> Offer:
    reason = case.happening()
    if isinstance(rule, DiscretionRule):
        return _decided(case, rule)
    if isinstance(rule, EventRule) and rule.only_if is not None:
        reason = f"{reason}，且{event_name(rule.only_if)}"
    return Offer(rule.head, case.worth(rule.grant, case.unit_class(unit)), reason)


def _decided(case: Case, rule: DiscretionRule) -> Offer:
    """What a person gave, never outside the range of the article."""
    given, reason = case.fact.points, case.happening()
    if given is None:
        return Offer(rule.head, 0, f"{reason}，分值尚未决定，待定", pending=True)
    points = min(max(given, rule.lowest), rule.highest)
    if points != given:
        reason = f"{reason}，决定计{format_points(given)}分，超出范围，按{format_points(points)}分计"
    return Offer(rule.head, points, reason)


def _noted(case: Case, measure: Measure, unit: int) -> Line:
    """No points of its own; if something follows from it at the end of a span, the article is named."""
    event = case.fact.detail
    for article in _followed_up(measure, event):
        reason = f"{case.happening()}，已登记，期末按{article_name(article)}处理"
        return Line(case.entry(unit, "noted", reason, article=article))
    return case.gap(unit)


def _followed_up(measure: Measure, event: str) -> Iterator[int]:
    for rule in measure.rules:
        if isinstance(rule, ForfeitRule | ZeroOutRule) and event in rule.events:
            yield rule.head.article
    for veto in measure.vetoes:
        if event in veto.events:
            yield veto.article
