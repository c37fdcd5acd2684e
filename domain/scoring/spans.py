"""The spans of time a measure speaks of: weeks, months, quarters, half-years, years.

A week runs from Monday to Sunday and belongs to the month, and so to the year, of its last day: what was asked of the
week is judged when it is over.
"""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from domain.measure.model import Per
from domain.period import Period

_MONTHS: dict[Per, int] = {"month": 1, "quarter": 3, "half": 6, "year": 12}
_QUARTERS = "一二三四"


@dataclass(frozen=True, slots=True)
class Span:
    """One span, both days included. `code` is a key that never changes (`2026-11`, `2026Q4`, `2026H1`, `2026`,
    `2026W47`), `label` its name within its year (`11月`, `四季度`, `全年`, `第47周`)."""

    first: date
    last: date
    code: str
    label: str


@lru_cache(maxsize=4096)
def span_of(day: date, per: Per) -> Span:
    """The week, month, quarter, half-year or year a day lies in."""
    if per == "week":
        return _week(day)
    length = _MONTHS[per]
    start = (day.month - 1) // length * length + 1
    end = start + length - 1
    first, last = date(day.year, start, 1), date(day.year, end, monthrange(day.year, end)[1])
    return Span(first, last, Period(first, last, "").code, _label(start, end))


@lru_cache(maxsize=64)
def spans_of(year: int, per: Per) -> tuple[Span, ...]:
    """All spans of a year in order: those whose last day lies in it."""
    spans = []
    span = span_of(date(year, 1, 1), per)
    while span.last.year == year:
        spans.append(span)
        span = span_of(span.last + timedelta(days=1), per)
    return tuple(spans)


def _week(day: date) -> Span:
    first = day - timedelta(days=day.weekday())
    year, number, _ = day.isocalendar()
    return Span(first, first + timedelta(days=6), f"{year}W{number:02}", f"第{number}周")


def _label(start: int, end: int) -> str:
    if start == end:
        return f"{start}月"
    if end - start == 2:
        return f"{_QUARTERS[start // 3]}季度"
    if end - start == 5:
        return "上半年" if start == 1 else "下半年"
    return "全年"
