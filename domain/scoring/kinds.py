"""What each kind of fact is worth by itself: one small function per kind, from a case to its lines."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from domain.measure.choose import most_special, rules_of
from domain.measure.model import Measure
from domain.measure.rules import AdoptionRule, ExternalRule, SubmissionRule, UpwardRule
from domain.ranking import format_points
from domain.scoring.case import NO_MEASURE, Case, Line, Offer
from domain.scoring.events import event_lines
from domain.scoring.notes import note_lines
from domain.scoring.rounding import divide
from domain.scoring.story import Story


def lines_of(case: Case, story: Story) -> list[Line]:
    """The lines of a fact. Raises ValueError for a kind there is not."""
    kind = _KINDS.get(case.fact.kind)
    if kind is None:
        raise ValueError(f"unknown kind of fact: {case.fact.kind}")
    if case.measure is None:
        return case.gaps("no_measure", NO_MEASURE)
    return kind(case, case.measure, story)


def _submission(case: Case, measure: Measure, story: Story) -> list[Line]:
    """Points for sending; a measure without them says nothing. An item handed in twice is paid for once."""
    rules = [rule for rule in rules_of(measure, SubmissionRule) if not rule.acceptable_unused]
    return _sent(case, rules, "本条信息已计报送分，不重复计分")


def _acceptable(case: Case, measure: Measure, story: Story) -> list[Line]:
    """Points for what was fit but not used; once a journal takes it they are gone."""
    rules = [rule for rule in rules_of(measure, SubmissionRule) if rule.acceptable_unused]
    lines = _sent(case, rules, "本条信息已计达标分，不重复计分")
    if not story.is_used(case):
        return lines
    return [line.without_points(0, "已被采用，不再计达标分") for line in lines]


def _sent(case: Case, rules: list[SubmissionRule], again: str) -> list[Line]:
    form, lines = case.fact.form, []
    for unit in case.units if rules else ():
        unit_class = case.unit_class(unit)
        fitting = [rule for rule in rules if rule.head.covers(unit_class) and rule.where.takes(None, None, form)]
        rule = most_special(fitting)
        if rule is not None:
            once = case.once(unit, rule.head.article, again, case.fact.kind)
            offer = Offer(rule.head, case.worth(rule.grant, unit_class), case.happening())
            lines.append(case.credit(offer, unit, once=once))
    return lines


def _upward(case: Case, measure: Measure, story: Story) -> list[Line]:
    """Points for being chosen and sent up; once for each level it is sent to."""
    fact, lines = case.fact, []
    for unit in case.units:
        unit_class = case.unit_class(unit)
        rule = most_special(
            [
                rule
                for rule in rules_of(measure, UpwardRule)
                if rule.head.covers(unit_class) and rule.where.takes(None, fact.level, fact.form)
            ]
        )
        if rule is None:
            lines.append(case.gap(unit))
            continue
        once = case.once(unit, rule.head.article, "本条信息已计上报分，不重复计分", "upward", fact.level)
        offer = Offer(rule.head, case.worth(rule.grant, unit_class), case.happening())
        lines.append(case.credit(offer, unit, "upward", once))
    return lines


def adoption_lines(case: Case, story: Story) -> list[Line]:
    """Points for being used by a journal: the measure's own, or those the superior gives."""
    fact, measure = case.fact, case.measure
    if measure is None:
        return case.gaps("no_measure", NO_MEASURE)
    only = measure.report_only
    if only.article is not None and fact.level in only.levels:
        return case.register(f"adoption:{fact.level}", only.article)
    lines = []
    for unit in case.units:
        rule = adoption_rule(case, measure, unit)
        if rule is None:
            lines.append(case.gap(unit))
        elif isinstance(rule, ExternalRule):
            lines.append(case.credit(_external(case, rule), unit, "adoption"))
        else:
            lines.append(case.credit(_own(case, measure, story, rule, unit), unit, "adoption"))
    return lines


def adoption_rule(case: Case, measure: Measure, unit: int) -> AdoptionRule | ExternalRule | None:
    """The rule an adoption is scored by, for a unit of its class."""
    fact, unit_class = case.fact, case.unit_class(unit)
    rules: list[AdoptionRule | ExternalRule] = [*rules_of(measure, AdoptionRule), *rules_of(measure, ExternalRule)]
    found = [
        rule
        for rule in rules
        if rule.where.takes(fact.journal, fact.level, fact.form, fact.route) and rule.head.covers(unit_class)
    ]
    return most_special(found)


def _external(case: Case, rule: ExternalRule) -> Offer:
    given = case.fact.points
    if given is None:
        return Offer(rule.head, 0, f"{case.happening()}，上级计分尚未登记，待定", pending=True)
    times = "" if rule.factor == 100 else f"，按{format_points(rule.factor)}倍计"
    reason = f"{case.happening()}，上级计{format_points(given)}分{times}"
    return Offer(rule.head, divide(given * rule.factor, 100), reason)


def _own(case: Case, measure: Measure, story: Story, rule: AdoptionRule, unit: int) -> Offer:
    points, reason = case.worth(rule.grant, case.unit_class(unit)), case.happening()
    below = _below(case, measure, story, rule, unit)
    if below:
        assert rule.on_top_of is not None, "points below come from the journal it is on top of"
        name = measure.journals[rule.on_top_of].name
        reason = f"{reason}，在《{name}》{format_points(below)}分之上再加{format_points(points)}分"
    return Offer(rule.head, points + below, reason, each=rule.each)


def _below(case: Case, measure: Measure, story: Story, rule: AdoptionRule, unit: int) -> int:
    """The points of the journal a rule comes on top of (再加); none if the item was used there anyway, or an earlier
    adoption has brought them."""
    journal = measure.journals.get(rule.on_top_of or "")
    if journal is None or any(other.fact.journal == journal.code for other in story.adoptions):
        return 0
    for other in story.adoptions:
        if other.fact.id == case.fact.id:
            break
        earlier = adoption_rule(other, other.measure, unit) if other.measure is not None else None
        if isinstance(earlier, AdoptionRule) and earlier.on_top_of == journal.code:
            return 0
    unit_class, fact = case.unit_class(unit), case.fact
    rules = [rule for rule in rules_of(measure, AdoptionRule) if rule.head.covers(unit_class)]
    base = most_special(
        [rule for rule in rules if rule.where.takes(journal.code, journal.level, fact.form, fact.route)]
    )
    return 0 if base is None or base.head.report_only else case.worth(base.grant, unit_class)


def _adoption(case: Case, measure: Measure, story: Story) -> list[Line]:
    return story.adopted[case.fact.id]


def _instruction(case: Case, measure: Measure, story: Story) -> list[Line]:
    return note_lines(case, measure, story)


def _event(case: Case, measure: Measure, story: Story) -> list[Line]:
    others = [other.fact for other in story.cases if other.fact.kind == "event"]
    return event_lines(case, measure, others)


_KINDS: Mapping[str, Callable[[Case, Measure, Story], list[Line]]] = {
    "submission": _submission,
    "acceptable": _acceptable,
    "upward": _upward,
    "adoption": _adoption,
    "instruction": _instruction,
    "event": _event,
}
