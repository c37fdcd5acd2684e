"""Reminders of commissions by the clock: steps as they fall due, and each working day's digests."""

from __future__ import annotations

from datetime import date, datetime, time

from domain.moment import to_ms
from domain.workday import WorkCalendar
from scheduler import texts_reminding as texts
from scheduler.work import Chore, Job, Task, latest
from services import digests
from services.reminders import remind
from storage import reminder as reminders
from storage.engine import Tx


def reminding_chore() -> Chore:
    """Plans the ladders of what was issued or extended, and reminds of what is due."""
    return Chore("reminders", _waiting, _remind)


def _waiting(tx: Tx, now: datetime) -> bool:
    return reminders.is_any_due(tx, to_ms(now))


def _remind(tx: Tx, task: Task) -> str:
    done = remind(tx, task.office, task.now, texts.letter)
    return f"ladders {done.planned}, sent {done.sent}, put off {done.put_off}"


def digest_job() -> Job:
    """Plans the day's digests just after midnight; the chore sends each at its time."""
    return Job(
        name="digests",
        summary="每个工作日拟定各人的每日提醒",
        at=time(0, 5),
        period_on=_period_on,
        run=_plan,
        pick=latest,
        period_kind="day",
        repeatable=True,
    )


def _period_on(calendar: WorkCalendar, day: date) -> str | None:
    return day.isoformat() if calendar.is_workday(day) else None


def _plan(tx: Tx, task: Task) -> str:
    """A run that comes a day late plans nothing: its day is over."""
    if task.due.period != task.now.date().isoformat():
        return texts.DIGESTS_PLANNED.format(count=0)
    return texts.DIGESTS_PLANNED.format(count=digests.plan_day(tx, task.office, task.now))
