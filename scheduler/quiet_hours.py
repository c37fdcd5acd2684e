"""What nobody waits for stays quiet in quiet hours, also when it was meant for the day and could not go out then."""

from __future__ import annotations

from datetime import datetime

from domain.moment import to_ms
from scheduler.work import Chore, Task
from services.calendar import with_calendar
from services.mail import next_allowed_ms
from services.office import Office
from storage import outbox
from storage.engine import Tx

UNASKED = ("scoreboard", "nudge", "nudges wait", "reminder", "points", "calendar", "alarm")
"""The kinds of messages that no question and no step of the desk has caused."""


def quiet_chore(office: Office) -> Chore:
    """Puts off what is due while the bot may not speak: a channel that comes back at night must not send it then."""

    def waiting(tx: Tx, now: datetime) -> bool:
        if not outbox.is_any_due(tx, UNASKED, to_ms(now)):
            return False
        return next_allowed_ms(with_calendar(tx, office), now) > to_ms(now)

    return Chore("quiet hours", waiting, _put_off)


def _put_off(tx: Tx, task: Task) -> str:
    later = next_allowed_ms(task.office, task.now)
    return f"put off {outbox.put_off(tx, UNASKED, to_ms(task.now), later)}"
