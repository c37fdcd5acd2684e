"""From the first of November: is next year's table of holidays here? If not, the head is told, once."""

from __future__ import annotations

from datetime import date, time

from domain.roster import HEAD
from domain.workday import WorkCalendar
from scheduler import texts
from scheduler.work import Job, Task, every
from services.mail import next_allowed_ms, tell
from storage import roster
from storage.engine import Tx

NOVEMBER = 11


def calendar_job(at: time) -> Job:
    return Job(
        name="calendar-check",
        summary="11月起检查下一年的放假安排是否已录入",
        at=at,
        period_on=_period_on,
        run=_run,
        pick=every,
        period_kind="year",
        repeatable=True,
    )


def _period_on(calendar: WorkCalendar, day: date) -> str | None:
    """Every working day of November and December asks for the next year; the first one that runs is the only."""
    due = day.month >= NOVEMBER and calendar.is_workday(day)
    return str(day.year + 1) if due else None


def _run(tx: Tx, task: Task) -> str:
    year = int(task.due.period)
    if task.office.calendar.is_confirmed(year):
        return texts.CALENDAR_HERE.format(year=year)
    told = [
        tell(
            tx, person.id, texts.CALENDAR_MISSING.format(year=year), dedup=f"calendar:{year}", kind="calendar",
            now=task.now, not_before_ms=next_allowed_ms(task.office, task.now),
        )
        for person in roster.people(tx, HEAD, task.now.date())
    ]  # fmt: skip
    return texts.calendar_warned(year, sum(told))
