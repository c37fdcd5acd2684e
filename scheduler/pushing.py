"""Pushes of commissions while they go out: tried elsewhere when refused, stopped when a platform takes nothing more."""

from __future__ import annotations

from datetime import datetime

from scheduler.work import Chore, Task
from services.commissions import pushing
from services.office import Office
from storage.engine import Tx


def pushing_chores(office: Office) -> tuple[Chore, ...]:
    """What looks after pushes; stopping comes before anything new is queued on a platform that refuses."""

    def refused(tx: Tx, now: datetime) -> bool:
        return bool(pushing.refused_waves(tx, office, now))

    def too_late(tx: Tx, now: datetime) -> bool:
        return pushing.put_off_wait(tx, office, now)

    return (
        Chore("pushes refused", refused, _stop),
        Chore("pushes failed", pushing.detours_wait, _detour),
        Chore("pushes in quiet hours", too_late, _put_off),
    )


def _stop(tx: Tx, task: Task) -> str:
    return f"stopped {pushing.stop_refused(tx, task.office, task.now)}"


def _detour(tx: Tx, task: Task) -> str:
    return f"tried elsewhere {pushing.detour(tx, task.office, task.now)}"


def _put_off(tx: Tx, task: Task) -> str:
    return f"put off {pushing.put_off(tx, task.office, task.now)}"
