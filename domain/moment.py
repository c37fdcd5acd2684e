"""Moments: aware datetimes in the office's zone on one side, UTC milliseconds in the tables on the other."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone
from typing import Protocol

ZONE = timezone(timedelta(hours=8), "CST")
"""China keeps one zone and, since 1991, no summer time: the office's zone is a fixed offset and not a setting."""


class Clock(Protocol):
    """Whoever needs the time is given one of these; nobody asks the machine."""

    def now(self) -> datetime:
        """The present moment, aware, in the office's zone."""


def to_ms(moment: datetime) -> int:
    """UTC milliseconds of an aware moment; a naive one is a fault of ours."""
    if moment.tzinfo is None:
        raise ValueError("a moment needs a zone")
    return round(moment.timestamp() * 1000)


def from_ms(ms: int) -> datetime:
    """The moment of UTC milliseconds, in the office's zone."""
    return datetime.fromtimestamp(ms / 1000, ZONE)


def day_of(ms: int) -> date:
    """The office's calendar day of UTC milliseconds."""
    return from_ms(ms).date()


def show_time(ms: int) -> str:
    """`11-23 09:41`, as receipts print it."""
    return from_ms(ms).strftime("%m-%d %H:%M")
