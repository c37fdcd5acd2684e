"""What a unit's year is worth beyond its items and events: quotas, base, forfeits, limits, zeroing (结算).

`settle` is the whole interface: a record in, all settlement entries of the year up to a day out, always the same for
the same record. They are made in this order, because each step must see what the steps before it gave:

1. quotas and bases: what is earned or lost for a span as a whole, none of them looking at another;
2. forfeits: they take what the span earned, so its quota points and base must be there;
3. limits (`limits.py`): a cap or floor holds for what is left after that;
4. zeroing: last, so that no floor lifts a year that was set to zero.

Every entry depends on nothing later than its own day, so settling month by month gives what settling once gives.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from domain.measure.law import measure_on
from domain.measure.model import (
    BaseRule,
    ForfeitRule,
    Measure,
    OverQuotaRule,
    Per,
    ProportionalRule,
    QuotaMetRule,
    QuotaMissedRule,
)
from domain.ranking import format_points
from domain.scoring.fact import Entry, Fact
from domain.scoring.happenings import event_name
from domain.scoring.limits import limits, zero_outs
from domain.scoring.quotas import Counts, Judged, judge
from domain.scoring.record import Counted, Record
from domain.scoring.rounding import divide
from domain.scoring.settlement import points_in, rules_of, settlement
from domain.scoring.spans import Span, spans_of

__all__ = ["Counted", "Record", "settle"]

_QuotaRule = QuotaMetRule | OverQuotaRule | QuotaMissedRule | ProportionalRule


def settle(record: Record, measures: Sequence[Measure], upto: date) -> list[Entry]:
    """All settlement entries of the record's year for spans that are over on `upto`, in the order of their days.

    A span is judged under the measure in force on its last day, and its entry is booked on that day; a base is granted
    under the measure in force when the span begins, and booked then. A unit outside all classes is not assessed. The
    code of an entry is that of its rule and the span (`quota_missed:submit@2026-11`), unique in the year: limits and
    zeroing, which run along, carry the month they were applied in.
    """
    if not record.unit_class:
        return []
    given = [*_quota_entries(record, measures, upto), *_base_entries(record, measures, upto)]
    given += _forfeits(record, measures, upto, given)
    given += limits(record, measures, upto, given)
    given += zero_outs(record, measures, upto, given)
    return sorted(given, key=lambda entry: entry.day)


def _quota_entries(record: Record, measures: Sequence[Measure], upto: date) -> Iterator[Entry]:
    counted: dict[tuple[int, str], Counts] = {}
    for measure, rule in rules_of(record, measures):
        if not isinstance(rule, _QuotaRule):
            continue
        quota, key = measure.quotas[rule.quota], (id(measure), rule.quota)
        if key not in counted:
            counted[key] = Counts(record, quota)
        for span in _over(record, measures, measure, quota.per, upto):
            found = judge(measure, quota, record, span, counted[key])
            if found is not None:
                yield from _quota_entry(record, rule, found)


def _quota_entry(record: Record, rule: _QuotaRule, found: Judged) -> Iterator[Entry]:
    each, span = record.grant(rule.grant), found.span
    match rule:
        case ProportionalRule():
            points, words = _in_proportion(each, found)
        case QuotaMetRule() if found.met:
            points, words = each, f"，完成任务，计{format_points(each)}分"
        case OverQuotaRule() if found.over:
            points, words = found.over * each, f"，超{_each(found, found.over, each)}"
        case QuotaMissedRule(lump=True) if not found.met and not found.quota.encouraged:
            points, words = each, f"，{_change(each)}"
        case QuotaMissedRule(lump=False) if found.missing and not found.quota.encouraged:
            points, words = found.missing * each, f"，差{_each(found, found.missing, each)}"
        case _:
            return
    yield settlement(record, rule.head, span.code, span.last, points, found.words + words)


def _in_proportion(base: int, found: Judged) -> tuple[int, str]:
    """base × done ÷ asked, never below zero or above the base, rounded to a hundredth with halves up (四舍五入)."""
    if found.met or not found.asked:
        return base, f"，完成任务，计基准分{format_points(base)}分"
    points = divide(base * max(0, found.top), found.asked * found.bottom)
    return points, f"，按完成比例计基准分{format_points(base)}分中的{format_points(points)}分"


def _each(found: Judged, number: int, each: int) -> str:
    return f"{number}{found.measure_word}，每{found.measure_word}{_change(each)}"


def _change(points: int) -> str:
    return f"扣{format_points(-points)}分" if points < 0 else f"加{format_points(points)}分"


def _base_entries(record: Record, measures: Sequence[Measure], upto: date) -> Iterator[Entry]:
    for measure, rule in rules_of(record, measures):
        if not isinstance(rule, BaseRule):
            continue
        for span in spans_of(record.year, rule.per):
            day = _begins(span, rule.per, measures)
            if day is None or day > upto or measure_on(day, measures) is not measure:
                continue
            points = record.grant(rule.grant)
            words = f"{span.label}基础分{format_points(points)}分"
            yield settlement(record, rule.head, span.code, day, points, words)


def _begins(span: Span, per: Per, measures: Sequence[Measure]) -> date | None:
    """The first day of a span, or that of the first measure to come into force in it. A week begins no earlier than
    the month it belongs to, so that its points are in that month."""
    first = max(span.first, span.last.replace(day=1)) if per == "week" else span.first
    starts = sorted(one.effective_from for one in measures if first < one.effective_from <= span.last)
    return next((day for day in (first, *starts) if measure_on(day, measures)), None)


def _forfeits(record: Record, measures: Sequence[Measure], upto: date, given: Sequence[Entry]) -> list[Entry]:
    """What a span earned in some categories is lost, by category; what it cost there stays.

    Of two forfeits of the same points the one whose span ends first takes them, of those the one of the shorter span.
    """
    cases = [
        (span.last, -span.first.toordinal(), rule.head.code, rule, span)
        for measure, rule in rules_of(record, measures)
        if isinstance(rule, ForfeitRule)
        for span in _over(record, measures, measure, rule.per, upto)
    ]
    standing, taken = [*record.entries, *given], list[Entry]()
    for _, _, _, rule, span in sorted(cases, key=lambda case: case[:3]):
        caught = [event for event in record.events if event.detail in rule.events and _within(span, event.day)]
        if caught:
            taken += _forfeit(record, rule, span, caught, [*standing, *taken])
    return taken


def _forfeit(
    record: Record, rule: ForfeitRule, span: Span, caught: Sequence[Fact], standing: Sequence[Entry]
) -> Iterator[Entry]:
    names = "、".join(sorted({event_name(event.detail) for event in caught}))
    for category in rule.categories:
        earned = points_in(standing, (category,), span.first, span.last)
        if earned > 0:
            code = span.code if len(rule.categories) == 1 else f"{span.code}/{category}"
            words = f"{span.label}{names}{len(caught)}次，取消{span.label}{category}{format_points(earned)}分"
            yield settlement(record, rule.head, code, span.last, -earned, words, category)


def _over(record: Record, measures: Sequence[Measure], measure: Measure, per: Per, upto: date) -> Iterator[Span]:
    """The spans of the year that are over on `upto` and judged under `measure`."""
    for span in spans_of(record.year, per):
        if span.last <= upto and measure_on(span.last, measures) is measure:
            yield span


def _within(span: Span, day: date) -> bool:
    return span.first <= day <= span.last
