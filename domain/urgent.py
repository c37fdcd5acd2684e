"""Urgent reports (紧急信息): two timers, follow-ups, and when who is reminded. A clock, not a transport (facts: §5.1).

Limits are the office's own data. Nothing here waits for quiet hours, weekends or holidays, and nothing here knows what
happened: only that something did, of which grade, and what has been reported by when.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import Enum

from domain.moment import ZONE, from_ms
from domain.words import tidy_line

RECEIVED, HAPPENED = "接报", "事发"
"""From when a timer runs: when the unit learned of it, or when it happened."""

FIRST_FOLLOW_UP_AFTER = timedelta(hours=1)
"""A daily hour that comes sooner after the written limit than this asks for no follow-up yet."""

GRACE = timedelta(minutes=5)
"""A limit that was over when the clock began is called over so much later; a reminder so much late is late."""


class Kind(Enum):
    """What can be reported; the value is stored."""

    PHONE = "phone"
    FIRST = "first"
    FOLLOW = "follow"
    FINAL = "final"


class State(Enum):
    """Where a case stands; the value is stored, `label` is what people read."""

    OPEN = "open"
    CLOSED = "closed"
    VOID = "void"

    @property
    def label(self) -> str:
        return {"open": "未终报", "closed": "已终报", "void": "已作废"}[self.value]


@dataclass(frozen=True, slots=True)
class Grade:
    """A grade with its limits; `phone` None is a grade that asks for no call. `follows` asks for daily follow-ups."""

    name: str
    phone: timedelta | None
    written: timedelta
    follows: bool


_HENAN = (
    Grade("特别重大", timedelta(minutes=15), timedelta(minutes=35), True),
    Grade("重大", timedelta(minutes=15), timedelta(minutes=35), True),
    Grade("较大", None, timedelta(minutes=60), True),
    Grade("一般", None, timedelta(hours=6), False),
)


@dataclass(frozen=True, slots=True)
class UrgentRules:
    """What the office has decided. The defaults are those of one province (facts: §5.1, first row)."""

    grades: tuple[Grade, ...] = _HENAN
    start: str = RECEIVED
    follow_up_at: tuple[time, ...] = (time(8), time(17))
    warn: timedelta = timedelta(minutes=10)
    follow_up_warn: timedelta = timedelta(minutes=30)
    duty_phone: str = ""


@dataclass(frozen=True, slots=True)
class Urgent:
    """A case. Times are UTC ms, 0 is not yet or not said. `unit_id` 0 is a case the office opened for no unit.

    `answered_ms` is the daily hour the last follow-up was for; `next_ms` when the clock has to look at it again.
    """

    id: int
    number: str
    grade: str
    follows: bool
    unit_id: int
    opened_by: int
    opened_ms: int
    happened_ms: int
    start_ms: int
    phone_due_ms: int
    written_due_ms: int
    state: State = State.OPEN
    phone_ms: int = 0
    first_ms: int = 0
    follow_ups: int = 0
    answered_ms: int = 0
    closed_ms: int = 0
    next_ms: int = 0
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """One report: when it was made, the limit it was held against (0: none), who said so. Times are UTC ms."""

    kind: Kind
    sequence: int
    at_ms: int
    due_ms: int
    person_id: int


_GRADE = re.compile(
    r"(?P<name>\S{1,8})(?:\s+电话(?P<phone>\d{1,3}(?:分钟|小时)))?\s+书面(?P<written>\d{1,3}(?:分钟|小时))(?P<follows>\s+续报)?"
)
GRADE_FORM = "重大 电话15分钟 书面35分钟 续报"


def parse_grade(line: str) -> Grade:
    """A grade as the settings write it (`GRADE_FORM`; 电话 and 续报 may be left out). Raises ValueError."""
    match = _GRADE.fullmatch(" ".join(line.split()))
    if match is None:
        raise ValueError(f"lines like “{GRADE_FORM}” ({line!r} is none)")
    phone, written = match["phone"], _span(match["written"])
    grade = Grade(match["name"], _span(phone) if phone else None, written, match["follows"] is not None)
    if not written or (grade.phone is not None and not timedelta(0) < grade.phone <= written):
        raise ValueError(f"limits above 0, the call no later than the written report ({line!r})")
    return grade


def _span(words: str) -> timedelta:
    number = int(words.rstrip("分钟小时"))
    return timedelta(hours=number) if words.endswith("小时") else timedelta(minutes=number)


def take_grade(words: str, grades: Iterable[Grade]) -> tuple[Grade | None, str]:
    """The grade words begin with (the longest name wins), and the words behind it."""
    for grade in sorted(grades, key=lambda one: -len(one.name)):
        name = tidy_line(grade.name)  # Ⅰ is typed as I and tidied to it
        if words.startswith(name):
            rest = words[len(name) :]
            return grade, rest.removeprefix("级").removeprefix("事件").strip(" ，,、:")
    return None, words


def follow_up_hours(rules: UrgentRules, after: datetime) -> Iterator[datetime]:
    """The daily hours strictly after a moment, without end; none if the office keeps none."""
    local = after.astimezone(ZONE)
    for days in range(10_000 if rules.follow_up_at else 0):
        for hour in sorted(rules.follow_up_at):
            moment = datetime.combine(local.date() + timedelta(days=days), hour, tzinfo=ZONE)
            if moment > after:
                yield moment


def _hours_left(case: Urgent, rules: UrgentRules, upto: datetime) -> list[datetime]:
    """The hours that still ask for a follow-up, from the first unanswered one to the first after `upto`."""
    after = max(from_ms(case.written_due_ms) + FIRST_FOLLOW_UP_AFTER, from_ms(case.answered_ms))
    found = []
    for moment in follow_up_hours(rules, after):
        found.append(moment)
        if moment > upto:
            break
    return found


def hour_answered(case: Urgent, rules: UrgentRules, at: datetime) -> datetime | None:
    """The daily hour a follow-up at this moment is for: the last one missed, else the one to come.

    None if the grade asks for none.
    """
    if not case.follows:
        return None
    hours = _hours_left(case, rules, at)
    missed = [hour for hour in hours if hour <= at]
    return missed[-1] if missed else next(iter(hours), None)


@dataclass(frozen=True, slots=True)
class Step:
    """A reminder: before (`warns`) or at a limit. `moment` is when it is due, `limit` what it is about."""

    kind: Kind
    warns: bool
    limit: datetime
    moment: datetime


def steps(case: Urgent, rules: UrgentRules, now: datetime) -> list[Step]:
    """Every reminder the case asks for as it stands, up to the next follow-up after `now`, in order.

    A case that is closed asks for none, and so does a timer that was stopped.
    """
    if case.state is not State.OPEN:
        return []
    found: list[Step] = []
    if case.phone_due_ms and not case.phone_ms:
        found += _around(case, Kind.PHONE, from_ms(case.phone_due_ms), rules.warn)
    if not case.first_ms:
        found += _around(case, Kind.FIRST, from_ms(case.written_due_ms), rules.warn)
    if case.follows:
        for hour in _hours_left(case, rules, now):
            found += _around(case, Kind.FOLLOW, hour, rules.follow_up_warn)
    return sorted(found, key=lambda step: step.moment)


def _around(case: Urgent, kind: Kind, limit: datetime, before: timedelta) -> list[Step]:
    opened = from_ms(case.opened_ms)
    at_limit = Step(kind, False, limit, max(limit, opened + GRACE))
    if limit - before <= opened or not before:
        return [at_limit]  # whoever has just opened it was told the limit
    return [Step(kind, True, limit, limit - before), at_limit]


@dataclass(frozen=True, slots=True)
class Sorted:
    """What is due by now: to be sent, and to be noted as passed over."""

    send: tuple[Step, ...]
    skip: tuple[Step, ...]


def sort_due(due: Iterable[Step], now: datetime) -> Sorted:
    """Of what was missed, what is still worth saying: the last limit that passed of each kind, and a warning while
    its limit is ahead."""
    waiting = [step for step in due if step.moment <= now]
    last = {step.kind: step for step in waiting if not step.warns}
    send = [step for step in waiting if (step.limit > now if step.warns else last[step.kind] is step)]
    return Sorted(tuple(send), tuple(step for step in waiting if step not in send))


def is_late(step: Step, now: datetime) -> bool:
    """Whether a reminder goes out after its time (the bot was away) and has to say so."""
    return now - step.moment > GRACE


def minutes_late(limit: datetime, at: datetime) -> int:
    """Whole minutes after a limit, begun ones included; 0 is in time. Seconds of the very minute are in time."""
    over = at.replace(second=0, microsecond=0) - limit.replace(second=0, microsecond=0)
    return max(0, int(over.total_seconds() // 60))


def show_minutes(minutes: int) -> str:
    """`12分钟`, `1小时5分钟`, `2天3小时`."""
    days, rest = divmod(minutes, 24 * 60)
    hours, left = divmod(rest, 60)
    if days:
        return f"{days}天" + (f"{hours}小时" if hours else "")
    return (f"{hours}小时" if hours else "") + (f"{left}分钟" if left or not hours else "")


_DIGITS = "零一二三四五六七八九"


def sequence(number: int) -> str:
    """`续报一`, `续报十二`: how follow-ups are titled (facts: §5.1)."""
    tens, ones = divmod(number, 10)
    if number > 99:
        return f"续报{number}"
    ten = ("" if tens == 1 else _DIGITS[tens]) + "十" if tens else ""
    return f"续报{ten}{_DIGITS[ones] if ones or not tens else ''}"
