"""Nudges by the clock: planned each working day, sent as soon as they are approved and one may speak."""

from __future__ import annotations

from datetime import date, datetime, time

from domain.moment import to_ms
from domain.roster import DESK, HEAD
from domain.workday import WorkCalendar
from scheduler import texts
from scheduler.work import Chore, Job, Task, latest
from services.mail import next_allowed_ms, tell
from services.nudges import approve, deliver, plan
from storage import nudge as nudges
from storage import roster
from storage.engine import Tx


def nudging_job(at: time) -> Job:
    """Plans the day's nudges."""
    return Job(
        name="nudges",
        summary="每个工作日检查报送进度，拟定催报",
        at=at,
        period_on=_period_on,
        run=_plan,
        pick=latest,
        period_kind="day",
        repeatable=True,
    )


def delivery_chore() -> Chore:
    """Sends what was approved."""
    return Chore("nudge delivery", _waiting, _deliver)


def _period_on(calendar: WorkCalendar, day: date) -> str | None:
    return day.isoformat() if calendar.is_workday(day) else None


def _plan(tx: Tx, task: Task) -> str:
    planned = plan(tx, task.office, task.now)
    if not task.office.nudges.approval:
        approved = approve(tx, task.office, None, "clock", task.now)
        return texts.nudges_planned(len(planned), len(approved))
    if planned:
        _tell_office(tx, task, len(planned))
    return texts.nudges_planned(len(planned), 0)


def _tell_office(tx: Tx, task: Task, count: int) -> None:
    """The head is told that something waits; if there is no head to reach, the whole desk."""
    day, not_before_ms = task.now.date(), next_allowed_ms(task.office, task.now)
    for roles in (HEAD, DESK):
        told = [
            tell(
                tx, person.id, texts.NUDGES_WAIT.format(count=count), dedup=f"nudges:{day}", kind="nudges wait",
                now=task.now, not_before_ms=not_before_ms,
            )
            for person in roster.people(tx, roles, day)
        ]  # fmt: skip
        if any(told):
            return


def _waiting(tx: Tx, now: datetime) -> bool:
    return nudges.has_due(tx, to_ms(now))


def _deliver(tx: Tx, task: Task) -> str:
    done = deliver(tx, task.office, task.now, texts.nudge)
    return f"sent {done.sent}, put off {done.put_off}, dropped {done.dropped}"
