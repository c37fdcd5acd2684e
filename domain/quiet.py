"""When the bot may speak of its own accord.

Local rules of 2019 keep work messages out of the time off work and forbid treating a group as a medium that
never sleeps; so what is not urgent waits for the next window. An answer to somebody who asks does not wait.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from itertools import pairwise

from domain.moment import ZONE
from domain.workday import WorkCalendar


@dataclass(frozen=True)
class SpeakingHours:
    """Windows of the day (begin included, end not) in the office's `zone`, on working days or on all days.

    Raises ValueError if there is no window, or windows are empty, out of order or overlapping.
    """

    windows: tuple[tuple[time, time], ...] = ((time(8, 30), time(11, 45)), (time(14, 30), time(17, 30)))
    workdays_only: bool = True
    zone: tzinfo = ZONE

    def __post_init__(self) -> None:
        if not self.windows or any(begin >= end for begin, end in self.windows):
            raise ValueError("speaking hours need windows that end after they begin")
        if any(later[0] < earlier[1] for earlier, later in pairwise(self.windows)):
            raise ValueError("windows of speaking hours must be in order and apart")

    def next_allowed(self, moment: datetime, calendar: WorkCalendar) -> datetime:
        """`moment` itself if the bot may speak then, otherwise the begin of the next window.

        Raises ValueError on a naive `moment`.
        """
        if moment.utcoffset() is None:
            raise ValueError("a moment needs its zone")
        local = moment.astimezone(self.zone)
        if not self.workdays_only or calendar.is_workday(local.date()):
            for begin, end in self.windows:
                if local.time() < end:
                    return moment if local.time() >= begin else self._at(local.date(), begin)
        return self._at(self._day_after(local.date(), calendar), self.windows[0][0])

    def _day_after(self, day: date, calendar: WorkCalendar) -> date:
        return calendar.next_workday(day) if self.workdays_only else day + timedelta(days=1)

    def _at(self, day: date, begin: time) -> datetime:
        return datetime.combine(day, begin, tzinfo=self.zone)
