"""A clock that runs like the wall's, but can be put to another moment; the town and its bot share one."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from domain.moment import ZONE


def now_shifted(shift: timedelta) -> datetime:
    return (datetime.now(UTC) + shift).astimezone(ZONE)


class TownClock:
    """Runs on from the moment it was put to; `moment` None is the wall clock itself."""

    def __init__(self, moment: datetime | None = None) -> None:
        self.shift = timedelta()
        if moment is not None:
            self.put_to(moment)

    def now(self) -> datetime:
        return now_shifted(self.shift)

    def put_to(self, moment: datetime) -> None:
        self.shift = moment - datetime.now(UTC)
