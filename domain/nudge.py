"""When a unit lags, and whom it reaches next (催报).

Three matters, judged on the month so far: nothing sent, fewer sent than the quota of the class, an adoption rate
under the floor. Nudges go one at a time: the reporter, then the deputy, then the leader.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum

from domain.measure import Measure
from domain.ranking import adoption_rate, format_rate
from domain.workday import WorkCalendar


class Matter(Enum):
    """What a nudge is about; the value is stored."""

    SILENT = "silent"
    QUOTA = "quota"
    RATE = "rate"


REPORTER, LEADER = 1, 2
"""Stages: the unit's reporters in private, then its leader."""


@dataclass(frozen=True, slots=True)
class Rules:
    """From which working day of the month a matter counts; `rate_from` is the number of submissions from which a
    rate says anything. 0 switches a matter off."""

    silent_by_workday: int
    quota_by_workday: int
    rate_from: int
    leader_after_workdays: int
    per_matter: int


@dataclass(frozen=True, slots=True)
class Progress:
    """A unit's month so far. `workday` counts the month's working days up to today."""

    class_name: str
    submitted: int
    adopted: int
    workday: int


@dataclass(frozen=True, slots=True)
class Case:
    """A matter that holds for a unit, with its figures: quota in items, floor in hundredths of a percent."""

    matter: Matter
    submitted: int
    adopted: int
    workday: int
    quota: int | None
    floor: int | None


@dataclass(frozen=True, slots=True)
class Contact:
    """Somebody a unit can be reached through; `stage` says as what."""

    person_id: int
    name: str
    stage: int
    reachable: bool


@dataclass(frozen=True, slots=True)
class Told:
    """An earlier nudge of the same matter: to whom, when, and whether it went out."""

    person_id: int
    stage: int
    day: date
    sent: bool


def cases(progress: Progress, measure: Measure | None, rules: Rules) -> list[Case]:
    """Every matter that holds. A unit that sent nothing is told that alone, not the quota as well."""
    quota = measure.quota_for(progress.class_name) if measure and progress.class_name else None
    submit_min = quota.submit_min if quota else None
    floor = quota.adoption_rate_floor if quota else None
    found: list[Matter] = []
    if _reached(rules.silent_by_workday, progress.workday) and progress.submitted == 0:
        found.append(Matter.SILENT)
    elif _reached(rules.quota_by_workday, progress.workday) and progress.submitted < (submit_min or 0):
        found.append(Matter.QUOTA)
    enough = rules.rate_from and progress.submitted >= rules.rate_from
    rate = adoption_rate(progress.submitted, progress.adopted)
    if enough and floor is not None and rate is not None and rate < floor:
        found.append(Matter.RATE)
    return [Case(matter, progress.submitted, progress.adopted, progress.workday, submit_min, floor) for matter in found]


def _reached(by_workday: int, workday: int) -> bool:
    return by_workday > 0 and workday >= by_workday


def reason(case: Case) -> str:
    """Why, in the figures: for the office's list and for the record."""
    if case.matter is Matter.SILENT:
        task = f"（任务{case.quota}条）" if case.quota else ""
        return f"本月已过{case.workday}个工作日，没有报送{task}"
    if case.matter is Matter.QUOTA:
        return f"本月已过{case.workday}个工作日，报送{case.submitted}条，任务{case.quota}条"
    rate = format_rate(adoption_rate(case.submitted, case.adopted))
    return f"本月报送{case.submitted}条、采用{case.adopted}条，采用率{rate}，下限{format_rate(case.floor)}"


def next_contact(
    contacts: Sequence[Contact], told: Sequence[Told], today: date, calendar: WorkCalendar, rules: Rules
) -> Contact | None:
    """Whom this matter goes to today, if to anybody.

    One person a day: reporters in their order, each once; the leader when so many working days have passed since
    the first of them was to be told. No more than `per_matter` go out.
    """
    if sum(nudge.sent for nudge in told) >= rules.per_matter:
        return None
    if any(nudge.sent and nudge.day >= today for nudge in told):
        return None
    reporter = _first_untold(contacts, told, REPORTER)
    if reporter is not None:
        return reporter
    begun = min((nudge.day for nudge in told if nudge.stage == REPORTER), default=None)
    if begun is None or calendar.add_workdays(begun, rules.leader_after_workdays) > today:
        return None
    return _first_untold(contacts, told, LEADER)


def _first_untold(contacts: Iterable[Contact], told: Sequence[Told], stage: int) -> Contact | None:
    known = {nudge.person_id for nudge in told if nudge.stage == stage}
    return next((c for c in contacts if c.stage == stage and c.person_id not in known), None)


def workdays_so_far(calendar: WorkCalendar, day: date) -> int:
    """How many working days of its month have come, `day` included."""
    return sum(calendar.is_workday(day.replace(day=number)) for number in range(1, day.day + 1))
