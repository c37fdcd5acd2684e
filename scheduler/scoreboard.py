"""The monthly scoreboard: on the first working day, for the month before, once.

What was published is kept row by row with a hash, so that it can be shown later that nothing was changed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from datetime import date, time

from domain.moment import to_ms
from domain.period import Period, month_of, previous_month
from domain.roster import Role
from domain.workday import WorkCalendar
from scheduler import texts
from scheduler.work import Job, LeftUndone, Plan, Run, Task, recent_months
from services.board import Row, boards
from services.mail import next_allowed_ms, tell, tell_group
from services.measures import in_force
from storage import ledger, roster
from storage.engine import Tx
from storage.ledger import Totals

PURPOSE = "报送"


def scoreboard_job(plan: Plan, at: time) -> Job:
    """The job; `at` is the time of the first working day."""
    return Job(
        name="scoreboard",
        summary="每月通报报送采用情况",
        at=at,
        period_on=_period_on,
        run=_send(plan),
        pick=recent_months,
        period_kind="month",
        repeatable=False,
    )


def _period_on(calendar: WorkCalendar, day: date) -> str | None:
    first = next((number for number in range(1, day.day + 1) if calendar.is_workday(day.replace(day=number))), None)
    return previous_month(day).code if first == day.day else None


def _send(plan: Plan) -> Run:
    def send(tx: Tx, task: Task) -> str:
        year, month = map(int, task.due.period.split("-"))
        period = month_of(date(year, month, 1))
        standings = {name: rows for name, rows in boards(tx, period, in_force(tx, task.office)).items() if rows}
        if not standings:
            return LeftUndone(texts.NOBODY_ASSESSED)
        if not (list(_groups(tx, plan, task.now.date())) or plan.people):
            return LeftUndone(texts.NOBODY_TO_TELL)
        keep(tx, period, standings, task)
        parts = texts.scoreboard(period, standings, to_ms(task.now))
        if task.office.bulletins.enabled:
            parts[-1] += f"\n{texts.BULLETIN_COUNTS}"
        reached, missed = _tell_everybody(tx, plan, task, parts)
        return texts.scoreboard_done(reached, missed, len(parts))

    return send


def keep(tx: Tx, period: Period, standings: Mapping[str, list[Row]], task: Task) -> int:
    """Store the board as it goes out, a unit that is not ranked with 0; returns its id."""
    rows = {
        name: [(row.rank or 0, Totals(row.unit.id, name, row.points, row.submitted, row.adopted)) for row in ranked]
        for name, ranked in standings.items()
    }
    as_of_ms = to_ms(task.now)
    return ledger.publish(tx, period.code, "monthly", as_of_ms, board_hash(period.code, as_of_ms, rows), rows)


def board_hash(period: str, as_of_ms: int, rows: Mapping[str, list[tuple[int, Totals]]]) -> str:
    """SHA-256 over every figure of a board, in the order shown."""
    digest = hashlib.sha256(f"{period} {as_of_ms}\n".encode())
    for class_name, ranked in rows.items():
        for rank, own in ranked:
            line = f"{class_name} {rank} {own.unit_id} {own.points} {own.submitted} {own.adopted}\n"
            digest.update(line.encode())
    return digest.hexdigest()


def _tell_everybody(tx: Tx, plan: Plan, task: Task, parts: list[str]) -> tuple[int, list[str]]:
    """Queue all parts for every group and person; returns (how many of them, who could not be reached)."""
    groups = list(_groups(tx, plan, task.now.date()))
    people, missed = _people(tx, plan, task.now.date())
    not_before_ms = next_allowed_ms(task.office, task.now)
    reached = len(groups)
    for number, text in enumerate(parts, start=1):
        dedup = f"scoreboard:{task.due.period}:{number}"
        for platform, group_no in groups:
            tell_group(
                tx, platform, group_no, text, dedup=f"{dedup}:{platform}", kind="scoreboard", now=task.now,
                not_before_ms=not_before_ms,
            )  # fmt: skip
        for name, person_id in people:
            queued = tell(
                tx, person_id, text, dedup=dedup, kind="scoreboard", now=task.now, not_before_ms=not_before_ms
            )
            if number == 1:
                reached += queued
                missed += [] if queued else [name]
    return reached, missed


def _groups(tx: Tx, plan: Plan, day: date) -> Iterator[tuple[str, str]]:
    for written in plan.groups:
        platform, _, group_no = written.partition(":")
        yield platform, group_no
    if not plan.groups:
        yield from ((g.platform, g.group_no) for g in roster.groups(tx, day) if g.purpose == PURPOSE)


def _people(tx: Tx, plan: Plan, day: date) -> tuple[list[tuple[str, int]], list[str]]:
    """(name, id) of the people the settings name, and the names the roster does not know."""
    if not plan.people:
        return [], []
    known = [(p.name, p.id) for p in roster.people(tx, frozenset(Role), day) if p.name in plan.people]
    return known, [name for name in plan.people if name not in dict(known)]
