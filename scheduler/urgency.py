"""Urgent reports by the clock: every reminder when it is due, at night and on holidays too."""

from __future__ import annotations

from datetime import datetime

from domain.moment import to_ms
from scheduler import texts_urgency
from scheduler.work import Chore, Task
from services.urgent import remind
from storage import urgent
from storage.engine import Tx


def urgency_chore() -> Chore:
    """Says what is due of the open cases."""
    return Chore("urgent clock", _waiting, _remind)


def _waiting(tx: Tx, now: datetime) -> bool:
    return urgent.is_due(tx, to_ms(now))


def _remind(tx: Tx, task: Task) -> str:
    return f"told {remind(tx, task.office, texts_urgency.reminder, task.now)}"
