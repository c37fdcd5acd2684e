"""The wall clock, read in one place."""

from __future__ import annotations

from datetime import datetime

from domain.moment import ZONE


class WallClock:
    """The machine's time in the office's zone."""

    def now(self) -> datetime:
        return datetime.now(ZONE)
