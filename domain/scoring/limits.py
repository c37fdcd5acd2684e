"""Caps, floors and zeroing: what holds for the sum of a unit's points, whatever it is made of.

Limits are applied at the end of each month (of each week, if they are weekly), so that no board ever shows a year above
its cap. A limit is settled anew each time: what it takes or gives up to that day makes the sum of its span so far lie
between floor and cap, and the entry is the difference to what it took or gave before. A year's cap of 120 reached in
June and followed by a penalty gives back what it need not have taken; at the year's end the sum is exactly what a
single settlement would have made of it.

Order: limits of few categories before those of many and of all together, each time from short spans to long ones; a
later limit may touch what an earlier one left, an earlier one never sees a later one. A wider span only ever takes from
or gives to a month in the direction the month moved, so it does not break the month's own limit as long as zero lies
within both. What a limit of an earlier measure did stays done, unless the limit goes on under its code.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from domain.measure.law import measure_on
from domain.measure.model import LimitRule, Measure, Per, ZeroOutRule
from domain.ranking import format_points
from domain.scoring.fact import Entry
from domain.scoring.happenings import event_name
from domain.scoring.record import Record
from domain.scoring.settlement import points_in, rules_of, settlement
from domain.scoring.spans import Span, span_of, spans_of

_PER_WORDS: dict[Per, str] = {"week": "每周", "month": "每月", "quarter": "每季度", "half": "每半年", "year": "全年"}
_WIDTHS: tuple[Per, ...] = ("week", "month", "quarter", "half", "year")


def limits(record: Record, measures: Sequence[Measure], upto: date, given: Iterable[Entry]) -> list[Entry]:
    """What caps and floors take and give, at the end of every month (week) that is over on `upto`.

    `given` are the entries of the steps before.
    """
    steps, made = _steps(record, measures, upto), list[tuple[str, Entry]]()
    sums = _Sums([*record.entries, *given] if steps else [])
    for step in steps:
        rule, span = step.rule, span_of(step.at.last, step.rule.per)
        before = [(code, entry) for code, entry in made if span.first <= entry.day <= step.at.last]
        seen = [entry for code, entry in before if code not in step.unseen]
        own = sum(entry.points for code, entry in before if code == rule.head.code)
        raw = sums.of(span, step.at, rule.categories) + points_in(seen, rule.categories, span.first, span.last)
        change = _bounded(raw, rule) - raw - own
        if change:
            words = f"{_scope(span, step.at)}{_change_words(rule, raw, change)}"
            category = rule.categories[0] if len(rule.categories) == 1 else ""
            entry = settlement(record, rule.head, step.at.code, step.at.last, change, words, category)
            made.append((rule.head.code, entry))
    return [entry for _, entry in made]


def zero_outs(record: Record, measures: Sequence[Measure], upto: date, given: Iterable[Entry]) -> list[Entry]:
    """What sets a year to zero, from the month on in which there were enough events: then every month's end is at
    exactly zero (按零分处理), also for a year that stood below it. `given` are the entries of the steps before."""
    year, made = span_of(date(record.year, 1, 1), "year"), list[Entry]()
    cases = list(_zero_cases(record, measures, upto))
    sums = _Sums([*record.entries, *given] if cases else [])
    for month, rule, words in cases:
        total = sums.of(year, month, ()) + sum(entry.points for entry in made)
        if total:
            words += f"，累计{format_points(total)}分归零"
            made.append(settlement(record, rule.head, month.code, month.last, -total, words))
    return made


def _zero_cases(record: Record, measures: Sequence[Measure], upto: date) -> Iterator[tuple[Span, ZeroOutRule, str]]:
    """Every month at whose end a rule sets the year to zero, with the reason."""
    year = span_of(date(record.year, 1, 1), "year")
    for month in spans_of(record.year, "month"):
        measure = measure_on(month.last, measures) if month.last <= upto else None
        for _, rule in rules_of(record, [measure] if measure else []):
            if not isinstance(rule, ZeroOutRule) or rule.head.report_only:
                continue
            hits = [e for e in record.events if e.detail in rule.events and year.first <= e.day <= month.last]
            if len(hits) >= rule.at_least:
                names = "、".join(sorted({event_name(event.detail) for event in hits}))
                scope = _scope(year, month)
                yield month, rule, f"{scope}{names}{len(hits)}次，达到{rule.at_least}次，全年按零分处理"


@dataclass(frozen=True, slots=True)
class _Step:
    """A limit at the end of a month or week; `unseen` are the codes of limits that come after it, and its own."""

    rule: LimitRule
    at: Span
    unseen: frozenset[str]


def _steps(record: Record, measures: Sequence[Measure], upto: date) -> list[_Step]:
    steps = []
    for measure in measures:
        rules = [rule for _, rule in rules_of(record, [measure]) if isinstance(rule, LimitRule)]
        rules = sorted((rule for rule in rules if not rule.head.report_only), key=_order)
        for at, rule in enumerate(rules):
            unseen = frozenset(other.head.code for other in rules[at:])
            for span in spans_of(record.year, "week" if rule.per == "week" else "month"):
                if span.last <= upto and measure_on(span.last, measures) is measure:
                    steps.append(_Step(rule, span, unseen))
    return sorted(steps, key=lambda step: (step.at.last, _order(step.rule)))


def _order(rule: LimitRule) -> tuple[bool, int, int, str]:
    return not rule.categories, len(rule.categories), _WIDTHS.index(rule.per), rule.head.code


def _bounded(points: int, rule: LimitRule) -> int:
    if rule.floor is not None:
        points = max(points, rule.floor)
    return points if rule.cap is None else min(points, rule.cap)


class _Sums:
    """Points by month and by week, so that a year of entries is read once."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self._cells: dict[str, Counter[str]] = defaultdict(Counter)
        for entry in entries:
            self._cells[span_of(entry.day, "week").code][entry.category] += entry.points
            self._cells[span_of(entry.day, "month").code][entry.category] += entry.points

    def of(self, span: Span, at: Span, categories: Sequence[str]) -> int:
        """The points of a span up to the end of the month `at`; of a week, all of it."""
        if span.first == at.first:
            return self._cell(at.code, categories)
        months = range(span.first.month, at.last.month + 1)
        return sum(self._cell(span_of(date(at.last.year, m, 1), "month").code, categories) for m in months)

    def _cell(self, code: str, categories: Sequence[str]) -> int:
        cell = self._cells[code]
        return sum(cell[name] for name in categories) if categories else cell.total()


def _scope(span: Span, at: Span) -> str:
    """`11月`, `1-11月`, `全年`: from the span's first month to the month `at`."""
    if span.last == at.last:
        return span.label
    return at.label if span.first == at.first else f"{span.first.month}-{at.last.month}月"


def _change_words(rule: LimitRule, raw: int, change: int) -> str:
    """What the sum was, the bound it went over (both, when it is back within), and what that means for the points."""
    low, high = rule.floor is not None and raw < rule.floor, rule.cap is not None and raw > rule.cap
    bounds = [f"最高{format_points(rule.cap)}分"] if rule.cap is not None and not low else []
    bounds += [f"最低{format_points(rule.floor)}分"] if rule.floor is not None and not high else []
    taken, put = ("扣减" if high else "冲回此前补足的"), ("补足" if low else "退回此前扣减的")
    total = f"{'、'.join(rule.categories) or '总分'}合计{format_points(raw)}分"
    limit = f"{_PER_WORDS[rule.per]}{'、'.join(bounds)}"
    return f"{total}，{limit}，{taken if change < 0 else put}{format_points(abs(change))}分"
