"""On the first of January every unit goes on in the class of last year, until the office imports other ones."""

from __future__ import annotations

from datetime import date, time

from domain.roster import HEAD
from domain.workday import WorkCalendar
from scheduler import texts
from scheduler.work import Job, Task, latest
from services.classes import carry_over
from services.mail import next_allowed_ms, tell
from storage import roster
from storage.engine import Tx


def new_year_job() -> Job:
    return Job(
        name="new-year",
        summary="1月1日沿用去年的考评类别，提醒信息科长核对",
        at=time(),
        period_on=_period_on,
        run=_run,
        pick=latest,
        period_kind="year",
        repeatable=True,
    )


def _period_on(calendar: WorkCalendar, day: date) -> str | None:
    return str(day.year) if (day.month, day.day) == (1, 1) else None


def _run(tx: Tx, task: Task) -> str:
    carried = carry_over(tx, task.office, task.now)
    if not carried:
        return texts.CLASSES_HERE
    year = task.now.year
    for person in roster.people(tx, HEAD, task.now.date()):
        tell(
            tx, person.id, texts.CLASSES_CARRIED.format(year=year, count=carried), dedup=f"classes:{year}",
            kind="calendar", now=task.now, not_before_ms=next_allowed_ms(task.office, task.now),
        )  # fmt: skip
    return texts.classes_carried(year, carried)
