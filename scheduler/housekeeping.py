"""Every night: forget what is no longer needed, and prove that the figures and the audit chain still hold.

A difference is an alarm, never a silent repair: it means that somebody or something changed what must not change.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time, timedelta

from domain.moment import to_ms
from domain.workday import WorkCalendar
from scheduler import texts
from scheduler.alarm import alarm
from scheduler.work import Job, Task, latest
from storage import audit, card, dialogue, inbox, recount
from storage.engine import Tx

INBOX_DAYS = 30
FORM_DAYS = 3
CARD_DAYS = 60


@dataclass(frozen=True, slots=True)
class Checks:
    """What the long look found: differing totals, and the first audit line that does not follow (None: all do)."""

    differences: list[recount.Difference]
    audit_break: int | None


def housekeeping_job(at: time) -> Job:
    return Job(
        name="housekeeping",
        summary="每夜清理过期记录，核对得分合计与审计链",
        at=at,
        period_on=_period_on,
        run=_run,
        pick=latest,
        period_kind="day",
        repeatable=True,
        study=_look,
    )


def _period_on(calendar: WorkCalendar, day: date) -> str:
    return day.isoformat()


def _look(tx: Tx, task: Task) -> Checks:
    return Checks(recount.differences(tx, task.now.year), audit.first_break(tx))


def _run(tx: Tx, task: Task) -> str:
    checks = task.found
    assert isinstance(checks, Checks)
    messages = inbox.forget_before(tx, to_ms(task.now - timedelta(days=INBOX_DAYS)))
    forms = dialogue.forget_before(tx, to_ms(task.now - timedelta(days=FORM_DAYS)))
    card.forget_before(tx, to_ms(task.now - timedelta(days=CARD_DAYS)))
    faults = texts.check_faults(checks.differences, checks.audit_break)
    if faults:
        alarm(tx, task.office, faults, dedup=f"housekeeping:{task.due.period}", now=task.now)
    return texts.housekeeping_done(messages, forms, len(checks.differences), checks.audit_break)
