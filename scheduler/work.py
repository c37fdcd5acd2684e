"""What the clock can be given to do: jobs with due moments, and chores that wait in a table.

A job names the days it is due on and the period it then works for; `(job, period)` runs once. A chore has no
moment of its own: it is asked at every tick whether something waits.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Literal

from domain.moment import ZONE
from domain.workday import WorkCalendar
from services.office import Office
from storage.engine import Tx


@dataclass(frozen=True, slots=True)
class Plan:
    """What the settings say about the clock's work; a time of None switches the job off.

    Groups are written `onebot:200001`, people by their name in the roster. No group means every registered
    group with the purpose 报送.
    """

    scoreboard_at: time | None = time(9, 0)
    groups: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    nudges_at: time | None = time(9, 30)
    nightly_at: time = time(2, 30)
    check_at: time = time(9, 0)
    reminders: bool = True
    bulletin_at: time | None = time(9, 10)


@dataclass(frozen=True, slots=True)
class Due:
    """A moment at which a job is due, and the code of the period it then works for."""

    period: str
    moment: datetime


@dataclass(frozen=True, slots=True)
class Task:
    """One run: the office with the calendar in force, what is due, the present moment, what was found before."""

    office: Office
    due: Due
    now: datetime
    found: object = None


class LeftUndone(str):
    """What a run says that found nothing to work for. It counts as skipped: a person may make it good later."""


Run = Callable[[Tx, Task], str]
"""Does the work in one transaction and says in a line what it did."""


@dataclass(frozen=True)
class Job:
    """Recurring work. `period_on` gives the period for a day the job is due on, else None.

    `pick` chooses among missed moments which are still run; the others are recorded as skipped. `study` is
    a long look at the data, done on a reading connection before the run. `repeatable` says that a second
    run by hand does no harm.
    """

    name: str
    summary: str
    at: time
    period_on: Callable[[WorkCalendar, date], str | None]
    run: Run
    pick: Callable[[Sequence[Due], datetime], Sequence[Due]]
    period_kind: Literal["month", "day", "year"]
    repeatable: bool
    study: Callable[[Tx, Task], object] | None = None

    def due_between(self, calendar: WorkCalendar, after: datetime, until: datetime) -> Iterator[Due]:
        """The due moments in (after, until], in order."""
        for number in range((until.date() - after.date()).days + 1):
            day = after.date() + timedelta(days=number)
            moment = datetime.combine(day, self.at, tzinfo=ZONE)
            if after < moment <= until and (period := self.period_on(calendar, day)) is not None:
                yield Due(period, moment)


@dataclass(frozen=True)
class Chore:
    """Work that waits in a table: `waiting` looks, on a reading connection; `run` does it."""

    name: str
    waiting: Callable[[Tx, datetime], bool]
    run: Run


@dataclass(frozen=True)
class WorkList:
    """All the work of the clock for one office."""

    office: Office
    jobs: tuple[Job, ...]
    chores: tuple[Chore, ...] = ()


def latest(dues: Sequence[Due], now: datetime) -> Sequence[Due]:
    """After downtime only the last missed run makes sense."""
    return dues[-1:]


def every(dues: Sequence[Due], now: datetime) -> Sequence[Due]:
    """Each missed moment is looked at; where they share a period, the first is the one that runs."""
    return dues


MONTHS_BACK = 3


def recent_months(dues: Sequence[Due], now: datetime) -> Sequence[Due]:
    """Every missed month of the last three is made good, oldest first; what is older nobody waits for."""
    return [due for due in dues if _months(now.date()) - _months(due.moment.date()) < MONTHS_BACK]


def _months(day: date) -> int:
    return day.year * 12 + day.month
