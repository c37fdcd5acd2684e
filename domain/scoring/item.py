"""From what happened to an item, or to a unit, to the entries of the units (计分流水)."""

from __future__ import annotations

from collections.abc import Sequence

from domain.measure.model import Measure
from domain.scoring.case import NO_MEASURE, ClassOf, case_of
from domain.scoring.combine import combined
from domain.scoring.commission import bonus_lines
from domain.scoring.events import event_lines
from domain.scoring.fact import Entry, Fact
from domain.scoring.kinds import adoption_lines, lines_of
from domain.scoring.rollup import ParentOf, no_parent, rolled_up
from domain.scoring.story import Story


def score_item(
    facts: Sequence[Fact], measures: Sequence[Measure], class_of: ClassOf, parent_of: ParentOf = no_parent
) -> list[Entry]:
    """All entries of one item, by day, fact and unit; the order of the facts does not matter.

    `class_of` gives the class of a unit on a day, `parent_of` the unit above it, for measures that roll points up.
    Raises ValueError for facts of several items, for a fact that comes twice, and for an unknown kind.
    """
    ordered = sorted(facts, key=lambda fact: (fact.day, fact.id))
    if len({fact.item_id for fact in ordered}) > 1 or len({fact.id for fact in ordered}) < len(ordered):
        raise ValueError("the facts of one item, each once, are needed")
    cases = [case_of(fact, measures, class_of) for fact in ordered]
    story = Story(cases, [case for case in cases if case.fact.kind == "adoption"])
    for case in story.adoptions:
        story.adopted[case.fact.id] = adoption_lines(case, story)
    commissioned = any(fact.commissioned for fact in ordered)
    rewarded: set[int] = set()
    lines = []
    for case in story.cases:
        own = lines_of(case, story)
        lines += own
        if commissioned:
            lines += bonus_lines(case, own, rewarded)
    return [entry for line in combined(lines) for entry in rolled_up(line, class_of, parent_of)]


def score_event(
    fact: Fact,
    others: Sequence[Fact],
    measures: Sequence[Measure],
    class_of: ClassOf,
    parent_of: ParentOf = no_parent,
) -> list[Entry]:
    """The entries of one unit fact; `others` are all live unit facts of that unit, for rules with a condition.

    Two of them are about the same matter if their `issue` is the same. Raises ValueError for any other fact.
    """
    if fact.kind != "event" or fact.item_id != 0 or len(fact.units) != 1:
        raise ValueError(f"not a fact about one unit: {fact.kind} {fact.id}")
    case = case_of(fact, measures, class_of)
    lines = event_lines(case, case.measure, others) if case.measure else case.gaps("no_measure", NO_MEASURE)
    return [entry for line in lines for entry in rolled_up(line, class_of, parent_of)]
