"""The monthly bulletin: drafted on the first working day for the month before, then waiting for a person's word.

The clock takes the month through cut-off, points and 核对 in its own name; freezing and signing are a person's.
"""

from __future__ import annotations

from datetime import date, datetime, time

from domain.cycle import State, Step
from domain.moment import to_ms
from domain.period import Period, month_of, previous_month
from domain.workday import WorkCalendar
from scheduler import texts_bulletin as texts
from scheduler.work import Chore, Job, LeftUndone, Task, recent_months
from services.board import boards
from services.bulletins import drafting
from services.bulletins.texts import READY, READY_BUT
from services.cycles import steps
from services.cycles.snapshot import period_of
from services.measures import in_force
from storage import bulletin as store
from storage import cycle as cycles
from storage.bulletin import Filed
from storage.engine import Tx


def bulletin_job(at: time) -> Job:
    """The job; `at` is the time of the first working day."""
    return Job(
        name="bulletin",
        summary="每月拟上月通报，送信息科签发",
        at=at,
        period_on=_period_on,
        run=_draft,
        pick=recent_months,
        period_kind="month",
        repeatable=False,
    )


def _period_on(calendar: WorkCalendar, day: date) -> str | None:
    first = next((number for number in range(1, day.day + 1) if calendar.is_workday(day.replace(day=number))), None)
    return previous_month(day).code if first == day.day else None


def _draft(tx: Tx, task: Task) -> str:
    year, month = map(int, task.due.period.split("-"))
    period = month_of(date(year, month, 1))
    if not any(boards(tx, period, in_force(tx, task.office)).values()):
        return LeftUndone(texts.NOBODY_ASSESSED)
    filed = store.find(tx, period.code)
    if filed is not None and filed.is_signed:
        return LeftUndone(texts.SIGNED_BEFORE.format(label=period.label))
    standing = drafting.prepare(tx, task.office, period, task.now)
    found = drafting.draft(tx, task.office, period, task.now)
    told = drafting.tell_office(tx, task.office, period, found, standing, task.now)
    return texts.drafted(period.label, standing.state.label, told)


def ready_chore() -> Chore:
    """Tells the office, once, when the units' time to check a draft's figures is over."""
    return Chore(name="bulletin ready", waiting=_is_waiting, run=_tell_ready)


def _is_waiting(tx: Tx, now: datetime) -> bool:
    return any(_is_ready(tx, filed, now) for filed in store.drafts(tx))


def _is_ready(tx: Tx, filed: Filed, now: datetime) -> bool:
    if cycles.state_of(tx, filed.period) is not State.SHOWN:
        return False
    shown = cycles.last_step(tx, filed.period, Step.SHOW)
    return shown is not None and 0 < shown.until_ms < to_ms(now)


def _tell_ready(tx: Tx, task: Task) -> str:
    due = [filed for filed in store.drafts(tx) if _is_ready(tx, filed, task.now)]
    for filed in due:
        period = period_of(filed.period)
        drafting.tell_desk(tx, task.office, period, _said(tx, task, period), task.now)
        store.told_ready(tx, filed.id, to_ms(task.now))
    return ""


def _said(tx: Tx, task: Task, period: Period) -> str:
    standing = steps.look(tx, period)
    left = steps.obstacles(tx, task.office, standing, task.now)
    return READY_BUT.format(label=period.label, left=left) if left else READY.format(label=period.label)
