"""From the settings to what the clock is to do, in plain values."""

from __future__ import annotations

from datetime import time

from bot.settings import Settings
from scheduler.work import Plan


def build_plan(settings: Settings) -> Plan:
    """The clock's plan; a job that is not enabled has no time."""
    board, nudges, bulletin = settings.scoreboard, settings.nudges, settings.bulletin
    return Plan(
        scoreboard_at=time.fromisoformat(board.at) if board.enabled and _ranks_may_be_read(settings) else None,
        groups=tuple(board.groups),
        people=tuple(board.people),
        nudges_at=time.fromisoformat(nudges.at) if nudges.enabled else None,
        reminders=settings.reminders.enabled,
        bulletin_at=time.fromisoformat(bulletin.at) if bulletin.enabled else None,
    )


def _ranks_may_be_read(settings: Settings) -> bool:
    """The quick look ranks all units before the groups, which an office may have ruled out for its bulletins."""
    bulletin = settings.bulletin
    return not bulletin.enabled or (bulletin.audience == "group" and not bulletin.hide_ranks)
