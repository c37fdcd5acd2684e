"""From the settings to what the clock is to do, in plain values."""

from __future__ import annotations

from datetime import time

from bot.settings import Settings
from scheduler.work import Plan


def build_plan(settings: Settings) -> Plan:
    """The clock's plan; a job that is not enabled has no time."""
    board, nudges = settings.scoreboard, settings.nudges
    return Plan(
        scoreboard_at=time.fromisoformat(board.at) if board.enabled else None,
        groups=tuple(board.groups),
        people=tuple(board.people),
        nudges_at=time.fromisoformat(nudges.at) if nudges.enabled else None,
        reminders=settings.reminders.enabled,
    )
