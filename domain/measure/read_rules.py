"""One `[[rule]]` of a measure's file: a small reader for each kind of rule that looks at one fact."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, replace

from domain.journal import LEVELS
from domain.measure.known import Known, Words, read_grant
from domain.measure.rules import (
    AdoptionRule,
    Axis,
    CommissionRule,
    DiscretionRule,
    EventRule,
    ExternalRule,
    Grant,
    Head,
    InstructionRule,
    MultiplierRule,
    Rule,
    SubmissionRule,
    UpwardRule,
    Where,
)
from domain.ranking import format_points
from domain.tables import Table

CATEGORIES = {
    "submission": "报送分",
    "acceptable": "报送分",
    "adoption": "采用分",
    "external": "采用分",
    "upward": "上报分",
    "instruction": "批示分",
    "multiplier": "批示分",
    "commission": "约稿分",
    "event": "加减分",
    "discretion": "加减分",
}
"""The category of a rule that names none; what looks at a span of time is 任务分."""
TASKS = "任务分"

MOST = 100_000
_HUNDRED_PERCENT = 100


@dataclass(frozen=True, slots=True)
class RuleTable:
    """The table of one rule, what the file knows, and the classes the rule is about."""

    table: Table
    known: Known
    kind: str
    classes: tuple[str, ...]

    def head(self, *selectors: Collection[str], classes: tuple[str, ...] = ()) -> Head:
        """The head; without an `id` the code is made of the kind and what the rule selects (`adoption:MRYQ:简讯`)."""
        table = self.table
        only = classes or self.classes
        if set(only) == set(self.known.classes):
            only = ()
        parts = [self.kind, *("+".join(words) for words in (*selectors, only) if words)]
        code = table.text("id") if table.has("id") else ":".join(parts)
        if "@" in code:
            raise table.refuse("id", code, "不含 @ 的编号")
        category = table.text("category") if table.has("category") else CATEGORIES.get(self.kind, TASKS)
        return Head(code, self.known.article(table), category, only, table.flag("report_only", default=False))

    def grant(self, more: Words, lowest: int = 0) -> tuple[Grant, Axis | None]:
        return read_grant(self.table, {"class": self.classes or self.known.classes, **more}, lowest)

    def ranks(self) -> tuple[str, ...]:
        return self.table.choices("ranks", self.known.ranks)


def only_classes(grant: Grant, only: Axis | None) -> tuple[str, ...]:
    """The classes that have points, if the rule has points for some classes only."""
    return tuple(grant.by) if only == "class" else ()


def _granting(rule: RuleTable, where: Where, *axes: Axis) -> tuple[Where, Grant, Head]:
    """Points by class, form or level. What has points for some forms or levels only is about those."""
    words: dict[Axis, Iterable[str]] = {"form": where.forms, "level": where.levels or LEVELS}
    grant, only = rule.grant({axis: words[axis] for axis in axes})
    if only == "form":
        for form in grant.by:
            rule.known.form(rule.table, "by_form", form, where.journals)
        where = replace(where, forms=tuple(grant.by))
    if only == "level" and not where.journals:
        where = replace(where, levels=tuple(grant.by))
    places = where.journals or where.levels
    return where, grant, rule.head(places, where.forms, where.routes, classes=only_classes(grant, only))


def _adoption(rule: RuleTable) -> Rule:
    table = rule.table
    where, grant, head = _granting(
        rule, rule.known.where(table, "journals", "levels", "forms", "routes"), "form", "level"
    )
    each = table.flag("each", default=False)
    on_top_of = table.choice("on_top_of", rule.known.journals) if table.has("on_top_of") else None
    if on_top_of in where.journals:
        raise table.refuse("on_top_of", on_top_of, "另一种刊物")
    return AdoptionRule(head, where, grant, each, on_top_of)


def _external(rule: RuleTable) -> Rule:
    where = rule.known.where(rule.table, "journals", "levels", "forms", "routes")
    factor = rule.table.hundredths("factor") if rule.table.has("factor") else 100
    return ExternalRule(rule.head(where.journals or where.levels, where.forms, where.routes), where, factor)


def _upward(rule: RuleTable) -> Rule:
    where, grant, head = _granting(rule, rule.known.where(rule.table, "levels", "forms"), "form", "level")
    return UpwardRule(head, where, grant)


def _submission(rule: RuleTable) -> Rule:
    where, grant, head = _granting(rule, rule.known.where(rule.table, "forms"), "form")
    return SubmissionRule(head, where, grant, acceptable_unused=rule.kind == "acceptable")


def _commission(rule: RuleTable) -> Rule:
    outcome = rule.table.choice("outcome", ("adopted", "done"))
    grant, only = rule.grant({})
    head = rule.head(() if outcome == "adopted" else (outcome,), classes=only_classes(grant, only))
    return CommissionRule(head, grant, "adopted" if outcome == "adopted" else "done")


def _instruction(rule: RuleTable) -> Rule:
    table, ranks = rule.table, rule.ranks()
    where = rule.known.where(table, "journals", "levels")
    grant, only = rule.grant({"rank": ranks or rule.known.ranks})
    ranks = ranks or (tuple(grant.by) if only == "rank" else ())
    if not ranks:
        raise table.refuse("ranks", None, f"至少一级领导：{'、'.join(rule.known.ranks)}")
    deputy = table.whole("deputy_percent") if table.has("deputy_percent") else _HUNDRED_PERCENT
    once = table.flag("same_rank_once", default=False)
    head = rule.head(ranks, where.journals or where.levels, classes=only_classes(grant, only))
    return InstructionRule(head, ranks, where, grant, deputy * 100, once)


def _multiplier(rule: RuleTable) -> Rule:
    table, ranks = rule.table, rule.ranks()
    if not ranks:
        raise table.refuse("ranks", None, f"至少一级领导：{'、'.join(rule.known.ranks)}")
    mode = table.choice("mode", ("add_n_times", "times_n"))
    times = table.hundredths("times", lowest=1 if mode == "times_n" else 0, highest=1000)
    once = table.flag("same_rank_once", default=True)
    return MultiplierRule(rule.head(ranks), ranks, times, "times_n" if mode == "times_n" else "add_n_times", once)


def _event(rule: RuleTable) -> Rule:
    table, events = rule.table, rule.known.events(rule.table)
    only_if = rule.known.event(table, "only_if", table.text("only_if")) if table.has("only_if") else None
    if only_if in events:
        raise table.refuse("only_if", only_if, "events 以外的事项")
    grant, only = rule.grant({}, lowest=-MOST)
    head = rule.head(events, (only_if,) if only_if else (), classes=only_classes(grant, only))
    return EventRule(head, events, grant, only_if)


def _discretion(rule: RuleTable) -> Rule:
    table, events = rule.table, rule.known.events(rule.table)
    lowest, highest = table.hundredths("lowest", lowest=-MOST), table.hundredths("highest", lowest=-MOST)
    if lowest >= highest:
        raise table.refuse("highest", format_points(highest), "大于 lowest 的数")
    return DiscretionRule(rule.head(events), events, lowest, highest)


FACT_KINDS: dict[str, Callable[[RuleTable], Rule]] = {
    "adoption": _adoption,
    "external": _external,
    "upward": _upward,
    "submission": _submission,
    "acceptable": _submission,
    "commission": _commission,
    "instruction": _instruction,
    "multiplier": _multiplier,
    "event": _event,
    "discretion": _discretion,
}
