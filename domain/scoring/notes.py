"""What a leader's note is worth (批示): points by rank, or the points of the item's adoptions over again."""

from __future__ import annotations

from domain.measure.choose import rules_of, specialness
from domain.measure.model import Measure
from domain.measure.rules import InstructionRule, MultiplierRule, Where
from domain.ranking import format_points
from domain.scoring.case import Case, Line, Offer, Once
from domain.scoring.rounding import divide
from domain.scoring.story import Story

DEPUTY = "deputy"
_AGAIN = "同级领导再次批示，不重复计分"


def note_lines(case: Case, measure: Measure, story: Story) -> list[Line]:
    """The lines of a leader's note; a measure may have points for it, a multiplier, or both."""
    rank, only = case.fact.rank, measure.report_only
    if only.article is not None and only.instruction:
        return case.register(f"instruction:{rank}", only.article)
    lines = []
    for unit in case.units:
        found = [*_fixed(case, measure, story, unit), *_multiplied(case, measure, story, unit)]
        lines += found or [case.gap(unit)]
    return lines


def _fixed(case: Case, measure: Measure, story: Story, unit: int) -> list[Line]:
    unit_class = case.unit_class(unit)
    rules = [
        rule
        for rule in rules_of(measure, InstructionRule)
        if case.fact.rank in rule.ranks and rule.head.covers(unit_class) and _is_about(rule.where, case, story)
    ]
    if not rules:
        return []
    # The item may be in several journals that notes are paid for: then the better one counts.
    rule = max(rules, key=lambda one: (specialness(one.head, one.where), case.worth(one.grant, unit_class)))
    points, reason = case.worth(rule.grant, unit_class), case.happening()
    if case.fact.detail == DEPUTY and rule.deputy != 10000:
        points = divide(points * rule.deputy, 10000)
        reason = f"{reason}（非主要领导，按{format_points(rule.deputy)}%计）"
    once = _once(case, unit, rule.head.article, "instruction") if rule.same_rank_once else None
    return [case.credit(Offer(rule.head, points, reason), unit, once=once)]


def _is_about(where: Where, case: Case, story: Story) -> bool:
    """Whether the item is where the rule pays for notes: in the journal the note names, else in any that took it."""
    if not where.journals and not where.levels:
        return True
    fact = case.fact
    places = [(fact.journal, fact.level)] if fact.journal else story.places(fact.day)
    return any(journal in where.journals or level in where.levels for journal, level in places)


def _multiplied(case: Case, measure: Measure, story: Story, unit: int) -> list[Line]:
    """Each note multiplies what adoptions have brought the unit by its day; the unit's part is already shared."""
    unit_class = case.unit_class(unit)
    rules = [
        rule
        for rule in rules_of(measure, MultiplierRule)
        if case.fact.rank in rule.ranks and rule.head.covers(unit_class)
    ]
    if not rules:
        return []
    rule = max(rules, key=lambda one: specialness(one.head, Where()))
    earned, pending = story.earned(unit, case.fact.day)
    more = rule.times if rule.mode == "add_n_times" else rule.times - 100
    how = f"加{format_points(rule.times)}倍" if rule.mode == "add_n_times" else f"按{format_points(rule.times)}倍计"
    reason = f"{case.happening()}，采用得分{format_points(earned)}分{how}"
    offer = Offer(rule.head, divide(earned * more, 100), reason, each=True, pending=pending)
    once = _once(case, unit, rule.head.article, "multiplier") if rule.same_rank_once else None
    return [case.credit(offer, unit, once=once)]


def _once(case: Case, unit: int, article: int, what: str) -> Once:
    return case.once(unit, article, _AGAIN, what, case.fact.rank)
