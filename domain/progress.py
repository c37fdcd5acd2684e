"""How far a unit or a section is with what is asked of it, on a day within the span (应完成, 已完成).

What should be done by a day is the share of the span's working days that have come, of what is asked, parts of one
left out. Working days and not calendar days: nobody writes items over the National Day holiday, and a unit is not told
on its first morning back that it fell behind in it. A rate is not shared out: it has to hold at any time.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from domain.measure.law import article_name, measure_on
from domain.measure.model import Measure
from domain.ranking import adoption_rate, format_points, format_rate
from domain.scoring.quotas import Counts, Judged, judge
from domain.scoring.record import Record
from domain.scoring.spans import Span, span_of
from domain.workday import WorkCalendar


@dataclass(frozen=True, slots=True)
class Progress:
    """One quota in the span that runs on the day asked for: items, or hundredths of points, or of percents for a rate.

    `due` is what should be done by now, `done` what is; `more` is what is missing to that, for a rate the number of
    items already sent that would still have to be used. `encouraged`: nothing follows from missing it.
    """

    quota_id: str
    article: str
    what: str
    subject: str
    span: Span
    asked: int
    due: int
    done: int
    more: int
    submitted: int = 0
    adopted: int = 0
    encouraged: bool = False

    @property
    def behind(self) -> bool:
        return self.more > 0

    @property
    def words(self) -> str:
        """`全年报送：任务120条，应完成98条，已完成90条，差8条`."""
        if self.what == "rate":
            return self._rate_words()
        unit = "分" if self.what == "points" else "条"
        asked, due, done, more = (self._written(n) for n in (self.asked, self.due, self.done, self.more))
        subject = f"{self.subject}分" if self.what == "points" else self.subject
        gap = f"，差{more}{unit}" if self.behind else ""
        kind = "鼓励" if self.encouraged else "任务"
        return f"{self.span.label}{subject}：{kind}{asked}{unit}，应完成{due}{unit}，已完成{done}{unit}{gap}"

    def _rate_words(self) -> str:
        head = f"{self.span.label}{self.subject}：要求不低于{format_rate(self.asked)}"
        if not self.submitted:
            return f"{head}，还没有报送"
        gap = f"，再采用{self.more}条可达到" if self.behind else ""
        return f"{head}，现为{format_rate(self.done)}（报送{self.submitted}条、采用{self.adopted}条）{gap}"

    def _written(self, number: int) -> str:
        return format_points(number) if self.what == "points" else str(number)


def progress(record: Record, measures: Sequence[Measure], day: date, calendar: WorkCalendar) -> list[Progress]:
    """Every quota of the unit's class under the measure in force on `day`, in the order of the measure's file.

    Only what happened up to `day` counts. Nothing is asked of an exempt unit; a rate of nothing is not judged, unless
    the measure does.
    """
    measure = measure_on(day, measures)
    if measure is None:
        return []
    known = replace(
        record,
        items=tuple(item for item in record.items if item.day <= day),
        entries=tuple(entry for entry in record.entries if entry.day <= day),
    )
    found = []
    for quota in measure.quotas.values():
        span = span_of(day, quota.per)
        state = judge(measure, quota, known, span, Counts(known, quota))
        if state is not None:
            found.append(_rate_so_far(state) if quota.what == "rate" else _so_far(state, day, calendar))
    return found


def _so_far(state: Judged, day: date, calendar: WorkCalendar) -> Progress:
    due, done = _due(state.asked, state.span, day, calendar), state.top
    return _progress(state, due, done, max(0, due - done))


def _rate_so_far(state: Judged) -> Progress:
    rate = adoption_rate(state.submitted, state.adopted) or 0
    needed = -(-state.asked * state.submitted // 10000)
    return _progress(state, state.asked, rate, max(0, needed - state.adopted))


def _progress(state: Judged, due: int, done: int, more: int) -> Progress:
    quota = state.quota
    return Progress(
        quota_id=quota.id,
        article=article_name(quota.article),
        what=quota.what,
        subject=state.subject,
        span=state.span,
        asked=state.asked,
        due=due,
        done=done,
        more=more,
        submitted=state.submitted,
        adopted=state.adopted,
        encouraged=quota.encouraged,
    )


def _due(asked: int, span: Span, day: date, calendar: WorkCalendar) -> int:
    """What should be done by the end of `day`; at the span's end it is all, also in a span without working days."""
    if day >= span.last:
        return asked
    whole = _workdays(calendar, span.first, span.last)
    return asked * _workdays(calendar, span.first, day) // whole if whole else 0


def _workdays(calendar: WorkCalendar, first: date, last: date) -> int:
    return sum(calendar.is_workday(first + timedelta(days=n)) for n in range((last - first).days + 1))
