"""What every step of settling needs: the rules that cover a unit, the shape of an entry, and sums of entries."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date

from domain.measure.law import article_name
from domain.measure.model import Head, Measure, Rule
from domain.scoring.fact import Entry
from domain.scoring.record import Record


def rules_of(record: Record, measures: Sequence[Measure]) -> Iterator[tuple[Measure, Rule]]:
    """The rules of all measures that cover the unit's class, in an order that only the rules decide."""
    for measure in sorted(measures, key=lambda one: (one.effective_from, one.id)):
        for rule in sorted(measure.rules, key=lambda one: one.head.code):
            if rule.head.covers(record.unit_class):
                yield measure, rule


def settlement(
    record: Record, head: Head, span_code: str, day: date, points: int, reason: str, category: str = ""
) -> Entry:
    """One settlement entry; of a rule that is only reported it is worth nothing."""
    if head.report_only:
        points, reason = 0, f"{reason}，只登记不计分"
    code, article = f"{head.code}@{span_code}", article_name(head.article)
    return Entry(0, 0, record.unit_id, None, day, code, article, reason, points, category or head.category)


def points_in(entries: Iterable[Entry], categories: Collection[str], first: date, last: date) -> int:
    """The points booked from `first` to `last` in these categories, in all of them when none is named."""
    return sum(
        entry.points
        for entry in entries
        if first <= entry.day <= last and (not categories or entry.category in categories)
    )
