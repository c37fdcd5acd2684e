"""What is wrong with a measure as a whole, looking at its file alone: rules that can never fire or come twice.

This is part of reading a file. What does not fit the office is found by `domain/measure/fit.py`.
"""

from __future__ import annotations

from collections.abc import Iterable

from domain.measure.contest import check_contests
from domain.measure.rules import (
    AdoptionRule,
    CommissionRule,
    ExternalRule,
    ForfeitRule,
    LimitRule,
    MultiplierRule,
    OverQuotaRule,
    ProportionalRule,
    QuotaMetRule,
    QuotaMissedRule,
)
from domain.measure.written import RuleAt, Written


def check_rules(written: Written) -> None:
    """Raises MeasureFault for the first rule that can never fire or says what another says."""
    check_contests(written)
    _check_codes(written)
    _check_categories(written)
    for at in written.rules:
        _check_fires(written, at)


def _check_codes(written: Written) -> None:
    owners: dict[str, str] = {}
    for at in written.rules:
        code = at.rule.head.code
        if owners.setdefault(code, at.path) != at.path:
            line = written.lines.get(owners[code], 1)
            raise written.fault(
                at.path, code, f"和第{line}行的规则不同的编号", '删去重复的一条，或者加一行 id = "另一个编号"'
            )


def _check_categories(written: Written) -> None:
    """A limit, a quota or a roll-up of a category nothing is booked in would do nothing."""
    measure = written.measure
    there = {at.rule.head.category: None for at in written.rules}
    named: list[tuple[str, Iterable[str]]] = []
    for at in written.rules:
        if isinstance(at.rule, LimitRule):
            named.append((f"{at.path}.categories", at.rule.categories))
        elif isinstance(at.rule, ForfeitRule):
            named.append((f"{at.path}.lose", at.rule.categories))
    quotas = zip(written.places["quota"], measure.quotas.values(), strict=True)
    named += [(f"{path}.categories", quota.categories) for path, quota in quotas]
    rollups = zip(written.places["rollup"], measure.rollups, strict=True)
    named += [(f"{path}.categories", rollup.categories) for path, rollup in rollups]
    for path, categories in named:
        for category in categories:
            if category not in there:
                allowed = f"规则里有的分类：{'、'.join(there)}"
                raise written.fault(path, category, allowed, "改分类名，或者给规则写 category")


def _check_fires(written: Written, at: RuleAt) -> None:
    """A rule that hangs on something the file does not have never fires."""
    rule, rules = at.rule, written.measure.rules
    adopting = [one for one in rules if isinstance(one, AdoptionRule | ExternalRule)]
    if isinstance(rule, MultiplierRule) or (isinstance(rule, CommissionRule) and rule.outcome == "adopted"):
        if not adopting:
            raise written.fault(at.path, rule.head.code, "有采用分可依据的规则", '先写 kind = "adoption" 的规则')
    elif isinstance(rule, AdoptionRule) and rule.on_top_of is not None:
        journal = written.measure.journals[rule.on_top_of]
        if not any(
            not one.where.journals or journal.code in one.where.journals
            for one in adopting
            if isinstance(one, AdoptionRule) and (not one.where.levels or journal.level in one.where.levels)
        ):
            raise written.fault(
                f"{at.path}.on_top_of", journal.code, "有采用分的刊物", f"先给《{journal.name}》写一条采用规则"
            )
    elif isinstance(rule, QuotaMetRule | OverQuotaRule | QuotaMissedRule | ProportionalRule):
        quota = written.measure.quotas[rule.quota]
        asked = quota.classes or written.measure.classes
        if not any(rule.head.covers(unit_class) for unit_class in asked):
            raise written.fault(
                at.path, rule.head.code, f"和任务 {quota.id} 有共同类别的规则", "改 classes，或者改任务的 classes"
            )
