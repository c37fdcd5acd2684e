"""Which rule is about something that happened: of those that fit, the most special one.

A named journal goes before a level and that before any place; then a condition that is met before none, a named route
before any, a named form before any, and last a named class before all. `domain.measure.contest` refuses a file in which
two rules would be equally special for the same thing, so the order of the rules in the file says nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import TypeVar, cast

from domain.measure.model import Measure
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


def rules_of(measure: Measure, kind: type[Chosen]) -> Sequence[Chosen]:
    """The rules of one kind, in the order of the file."""
    return cast(Sequence[Chosen], _by_kind(measure).get(kind, ()))


@lru_cache(maxsize=64)
def _by_kind(measure: Measure) -> Mapping[type, Sequence[Rule]]:
    """Scoring looks for rules with every message that comes in: what is sorted once need not be searched again."""
    kinds: dict[type, list[Rule]] = {}
    for rule in measure.rules:
        kinds.setdefault(type(rule), []).append(rule)
    return kinds


def most_special(rules: Sequence[Chosen]) -> Chosen | None:
    """The most special of rules that all fit; of equals the first."""
    if len(rules) < 2:
        return rules[0] if rules else None
    return max(rules, key=_special)


def _special(rule: Choosable) -> Special:
    return specialness(rule.head, where_of(rule), rule.only_if if isinstance(rule, EventRule) else None)
