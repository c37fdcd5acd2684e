"""Which rule is about something that happened: of those that fit, the most special one.

A named journal goes before a level and that before any place; then a condition that is met before none, a named route
before any, a named form before any, and last a named class before all. `domain.measure.contest` refuses a file in which
two rules would be equally special for the same thing, so the order of the rules in the file says nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

from domain.measure.rules import (
    AdoptionRule,
    CommissionRule,
    DiscretionRule,
    EventRule,
    ExternalRule,
    Head,
    InstructionRule,
    MultiplierRule,
    Rule,
    SubmissionRule,
    UpwardRule,
    Where,
)

Special = tuple[int, bool, bool, bool, bool]
Choosable = (
    AdoptionRule | ExternalRule | UpwardRule | SubmissionRule | CommissionRule | InstructionRule | MultiplierRule
    | EventRule | DiscretionRule
)  # fmt: skip
Chosen = TypeVar("Chosen", bound=Choosable)
ANYWHERE = Where()


def where_of(rule: Rule) -> Where:
    """The selectors of a rule; of one that has none, those that fit anything."""
    if isinstance(rule, AdoptionRule | ExternalRule | UpwardRule | SubmissionRule | InstructionRule):
        return rule.where
    return ANYWHERE


def specialness(head: Head, where: Where, condition: str | None = None) -> Special:
    """The greater of two goes first."""
    place = 2 if where.journals else 1 if where.levels else 0
    return place, condition is not None, bool(where.routes), bool(where.forms), bool(head.classes)


def fits(
    rule: Choosable, unit_class: str, journal: str | None = None, level: str | None = None, form: str | None = None,
    route: str = "",
) -> bool:  # fmt: skip
    """Whether a rule is about an item of a class, taken by this journal of this level, in this form, by this route."""
    where = where_of(rule)
    return (
        (not where.journals or journal in where.journals)
        and (not where.levels or level in where.levels)
        and (not where.forms or form in where.forms)
        and (not where.routes or route in where.routes)
        and rule.head.covers(unit_class)
    )


def most_special(rules: Iterable[Chosen]) -> Chosen | None:
    """The most special of rules that all fit; of equals the first."""
    return max(rules, key=_special, default=None)


def _special(rule: Choosable) -> Special:
    return specialness(rule.head, where_of(rule), rule.only_if if isinstance(rule, EventRule) else None)
