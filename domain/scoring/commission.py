"""The bonus for an item somebody commissioned (约稿), once the item is used."""

from __future__ import annotations

from collections.abc import Sequence

from domain.measure.choose import most_special, rules_of
from domain.measure.rules import CommissionRule
from domain.scoring.case import Case, Line, Offer


def bonus_lines(case: Case, lines: Sequence[Line], rewarded: set[int]) -> list[Line]:
    """The bonus of an adoption with these lines, for each unit it is scored for that has none yet; `rewarded` takes
    note of them."""
    new = [line.entry.unit_id for line in lines if line.pool == "adoption" and line.entry.unit_id not in rewarded]
    rewarded.update(new)
    return [line for unit in new for line in _bonus(case, unit)]


def _bonus(case: Case, unit: int) -> list[Line]:
    assert case.measure is not None, "an adoption is scored by a measure"
    unit_class = case.unit_class(unit)
    rules = [rule for rule in rules_of(case.measure, CommissionRule) if rule.outcome == "adopted"]
    rule = most_special([rule for rule in rules if rule.head.covers(unit_class)])
    if rule is None:
        return []
    return [case.credit(Offer(rule.head, case.worth(rule.grant, unit_class), "约稿信息被采用"), unit)]
