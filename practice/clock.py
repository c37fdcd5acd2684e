"""The city's clock: the machine's time, plus what the newcomer has moved it on.

The offset is a row, so that a restart does not turn time back under what was already written.
"""

from __future__ import annotations

import math
from datetime import UTC, datetime, time, timedelta
from typing import Literal

from domain.moment import ZONE
from domain.workday import WorkCalendar
from storage.engine import Tx

Leap = Literal["hour", "day", "workday", "month"]
LEAPS: tuple[Leap, ...] = ("hour", "day", "workday", "month")

OPENING = time(9)
"""The office opens, and what is due in the morning is due."""


class PracticeClock:
    """A clock that only moves forward."""

    def __init__(self, offset_ms: int = 0) -> None:
        self.offset_ms = offset_ms

    def now(self) -> datetime:
        return datetime.now(UTC).astimezone(ZONE) + timedelta(milliseconds=self.offset_ms)

    def offset_at(self, moment: datetime) -> int:
        """The offset in milliseconds with which it would be this moment now, but never less than the present one."""
        return self.offset_ms + max(0, math.ceil((moment - self.now()) / timedelta(milliseconds=1)))

    def forward(self, moment: datetime) -> None:
        """Move on to a moment; one that has passed changes nothing."""
        self.offset_ms = self.offset_at(moment)


def target(leap: Leap, now: datetime, calendar: WorkCalendar) -> datetime:
    """Where a leap lands: an hour or a day on, or 9:00 of the next working day, or of next month's first."""
    if leap == "hour":
        return now + timedelta(hours=1)
    if leap == "day":
        return now + timedelta(days=1)
    if leap == "workday":
        today = datetime.combine(now.date(), OPENING, ZONE)
        if now < today and calendar.is_workday(now.date()):
            return today
        return datetime.combine(calendar.next_workday(now.date()), OPENING, ZONE)
    year, month = (now.year + 1, 1) if now.month == 12 else (now.year, now.month + 1)
    return datetime.combine(calendar.first_workday(year, month), OPENING, ZONE)


def read_offset(tx: Tx) -> int:
    row = tx.one("SELECT value FROM counter WHERE name = 'practice clock'")
    return row[0] if row else 0


def next_outgoing(tx: Tx, now_ms: int) -> int | None:
    """When the next message that waits for its time may go out, UTC ms."""
    row = tx.one("SELECT MIN(not_before_ms) FROM outbox WHERE state = 0 AND not_before_ms > ?", now_ms)
    return row[0] if row else None


def is_quiet(tx: Tx, now_ms: int) -> bool:
    """Whether everything that may go out by now has gone out."""
    return tx.one("SELECT 1 FROM outbox WHERE state = 2 OR state = 0 AND not_before_ms <= ? LIMIT 1", now_ms) is None


def write_offset(tx: Tx, offset_ms: int) -> None:
    tx.run(
        "INSERT INTO counter (name, value) VALUES ('practice clock', ?)"
        " ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        offset_ms,
    )  # fmt: skip
