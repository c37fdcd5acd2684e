"""The ladder of reminders (提醒梯次) of a commission: which step goes to whom, when, and what becomes of a missed one.

A ladder is data. Its steps are counted from the due time and moved into speaking hours, unless the commission is
urgent (急). Every step ends as sent, merged into another message or skipped with its reason; none is sent twice.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from enum import Enum

from domain.commission import Stage, Standing
from domain.errors import BadInput
from domain.moment import to_ms
from domain.quiet import SpeakingHours
from domain.workday import WorkCalendar


class Whom(Enum):
    """Who is told, from the first rung to the last; the value is what settings say."""

    REPORTER = "信息员"
    DEPUTY = "信息员B角"
    LEADER = "分管领导"
    OFFICE = "信息科"


class Span(Enum):
    """What a step is counted in; the value is what settings say."""

    WORKDAYS = "个工作日"
    HOURS = "小时"


class Why(Enum):
    """Why a step was not sent on its own; the value is stored and read."""

    PASSED = "下达或延期时已过这一步，或者就在当天"
    SAME_DAY = "移进工作时间后，与同一天的另一步重复"
    EXTENDED = "已准延期，按新的时限提醒"
    CLOSED = "已销号"
    ANSWERED = "已报送"
    DECLINED = "已申请不报，等信息科决定"
    ASKED = "已申请延期，等信息科批复"
    LATE = "没有赶上，已过时限"
    SUPERSEDED = "没有赶上，由后一步代替"
    NO_HOURS = "时限前没有可以提醒的工作时间"
    CAPPED = "当天已提醒过，时限前没有别的工作日"
    NOBODY = "没有联系得上的人"
    LEFT = "本人已不在岗"
    TOGETHER = "并入同一条提醒"
    TODAY = "并入当天前一条提醒"
    DIGEST = "并入每日提醒"


MERGED = frozenset({Why.TOGETHER, Why.TODAY, Why.DIGEST})
"""Reasons of a step that did reach its person, in a message another step (or the digest) had caused."""

_CODES = {"d": Span.WORKDAYS, "h": Span.HOURS}
_CODE = re.compile(r"([+-]\d{1,3})([dh]) ([a-z]+)")
_WORDS = re.compile(r"(\d{1,3})\s*(个工作日|工作日|小时)\s*([前后])\s*(\S+)")
MOST = {Span.WORKDAYS: 60, Span.HOURS: 240}


@dataclass(frozen=True, slots=True)
class Step:
    """One rung: `amount` of `span` from the due time (negative: before it), to `whom`."""

    amount: int
    span: Span
    whom: Whom

    @property
    def code(self) -> str:
        """How it is stored, so that a step stays itself when the settings change: `-3d reporter`."""
        letter = next(letter for letter, span in _CODES.items() if span is self.span)
        return f"{self.amount:+d}{letter} {self.whom.name.lower()}"

    @property
    def words(self) -> str:
        """As settings write it: `3个工作日前 信息员`."""
        return f"{abs(self.amount)}{self.span.value}{'前' if self.is_before else '后'} {self.whom.value}"

    @property
    def is_before(self) -> bool:
        return self.amount < 0

    @property
    def height(self) -> tuple[bool, int]:
        """Which of two steps after the due time is the higher one; moments are no help once both were put off."""
        return self.span is Span.WORKDAYS, self.amount


Ladder = tuple[Step, ...]

DEFAULT: Ladder = (
    Step(-3, Span.WORKDAYS, Whom.REPORTER),
    Step(-1, Span.WORKDAYS, Whom.REPORTER),
    Step(-2, Span.HOURS, Whom.REPORTER),
    Step(+1, Span.HOURS, Whom.REPORTER),
    Step(+1, Span.WORKDAYS, Whom.LEADER),
    Step(+2, Span.WORKDAYS, Whom.OFFICE),
)


def step_of(code: str) -> Step:
    """The step of a stored code. Raises ValueError for what is none."""
    match = _CODE.fullmatch(code)
    if match is None:
        raise ValueError(f"{code!r} is no step of a ladder")
    return Step(int(match[1]), _CODES[match[2]], Whom[match[3].upper()])


def parse_ladder(lines: Sequence[str]) -> Ladder:
    """The ladder settings write, one step a line: `3个工作日前 信息员`. Raises BadInput naming the line."""
    ladder = tuple(map(_parse_step, lines))
    if len(set(ladder)) < len(ladder):
        raise BadInput(reason="同一步写了两次")
    return ladder


def _parse_step(line: str) -> Step:
    match = _WORDS.fullmatch(line.strip())
    whom = next((whom for whom in Whom if match and whom.value == match[4]), None)
    if match is None or whom is None:
        raise BadInput(
            reason=f"“{line}”不是一步提醒。写成：3个工作日前 信息员；可以写小时、工作日，前、后，"
            f"给{'、'.join(whom.value for whom in Whom)}"
        )
    span = Span.HOURS if match[2] == Span.HOURS.value else Span.WORKDAYS
    if not 1 <= int(match[1]) <= MOST[span]:
        raise BadInput(reason=f"“{line}”：{span.value.removeprefix('个')}数应在1至{MOST[span]}之间")
    return Step(int(match[1]) * (-1 if match[3] == "前" else 1), span, whom)


@dataclass(frozen=True, slots=True)
class Times:
    """When one may speak: the working days, the office's hours, and whether the commission is urgent (急)."""

    calendar: WorkCalendar
    hours: SpeakingHours
    urgent: bool = False

    def next_allowed(self, moment: datetime) -> datetime:
        return moment if self.urgent else self.hours.next_allowed(moment, self.calendar)

    def next_morning(self, moment: datetime) -> datetime:
        """The first speaking hour of a later day."""
        local = moment.astimezone(self.hours.zone)
        midnight = self._at(local.date() + timedelta(days=1), time())
        return self.hours.next_allowed(midnight, self.calendar)

    def morning_of(self, day: date) -> datetime:
        """Where the day's speaking hours begin, were it a working day."""
        return self._at(day, self.hours.windows[0][0])

    def window_before(self, moment: datetime) -> datetime:
        """The beginning of the last speaking window that begins before a moment."""
        day = moment.astimezone(self.hours.zone).date()
        while True:
            if not self.hours.workdays_only or self.calendar.is_workday(day):
                for begin, _ in reversed(self.hours.windows):
                    if self._at(day, begin) < moment:
                        return self._at(day, begin)
            day -= timedelta(days=1)

    def _at(self, day: date, clock: time) -> datetime:
        return datetime.combine(day, clock, tzinfo=self.hours.zone)


@dataclass(frozen=True, slots=True)
class Planned:
    """A step with its moment; `why` tells that it is skipped from the beginning."""

    step: Step
    moment: datetime
    why: Why | None = None


def plan(due: datetime, since: datetime, ladder: Ladder, times: Times) -> list[Planned]:
    """The moments of a ladder, first to last. `since` is when this due time began to hold (issued, extended).

    Steps in working days before the due time come first thing on their day; steps after it keep its time of day, so
    that a whole working day has passed. One that speaking hours move onto a day with another is not said again.
    """
    rungs = [Planned(step, moment_of(step, due, times)) for step in ladder]
    said: set[tuple[Whom, date]] = set()
    found: list[Planned] = []
    for rung in sorted(rungs, key=lambda rung: rung.moment):
        why = Why.PASSED if _is_over(rung.step, rung.moment, since) else None
        day = rung.step.whom, rung.moment.astimezone(times.hours.zone).date()
        if rung.step.is_before and why is None:
            is_moved = rung.moment != _wanted(rung.step, due.astimezone(times.hours.zone), times)
            why = Why.SAME_DAY if is_moved and day in said else None
            said.add(day)
        found.append(replace(rung, why=why))
    return found


def _is_over(step: Step, moment: datetime, since: datetime) -> bool:
    """Whoever was asked this morning needs no reminder this morning; one a few hours before the due time is welcome."""
    same_day = moment.astimezone(since.tzinfo).date() == since.date()
    return moment <= since or (step.is_before and step.span is Span.WORKDAYS and same_day)


def moment_of(step: Step, due: datetime, times: Times) -> datetime:
    """When a step goes out.

    Outside speaking hours it goes at the next ones; if that were not before the due time any more, at the
    beginning of the last speaking window before.
    """
    wanted = _wanted(step, due.astimezone(times.hours.zone), times)
    later = times.next_allowed(wanted)
    if step.is_before and later >= due:
        return times.window_before(wanted)
    return later


def _wanted(step: Step, due: datetime, times: Times) -> datetime:
    if step.span is Span.HOURS:
        return due + timedelta(hours=step.amount)
    day = times.calendar.add_workdays(due.date(), step.amount)
    return times.morning_of(day) if step.is_before else datetime.combine(day, due.timetz())


def obstacle(now: Standing, due_ms: int, step: Step) -> Why | None:
    """Why nobody is to be reminded of an assignment as it stands; None if it is still awaited.

    Whoever asked for more time is left alone until the office has answered; the office itself is not.
    """
    if now.stage is Stage.CLOSED:
        return Why.CLOSED
    if now.stage is Stage.ANSWERED:
        return Why.ANSWERED
    if now.stage is Stage.DECLINED:
        return Why.DECLINED
    if now.due_ms != due_ms:
        return Why.EXTENDED
    return Why.ASKED if now.asked_due_ms and step.whom is not Whom.OFFICE else None


@dataclass(frozen=True, slots=True)
class Waiting:
    """A step of one ladder whose moment has come; `person_id` 0 if it is not addressed yet."""

    id: int
    step: Step
    moment: datetime
    person_id: int = 0


@dataclass(frozen=True, slots=True)
class Verdict:
    """What becomes of a step: it is skipped (`why`), waits (`until`), or goes out now (neither)."""

    id: int
    why: Why | None = None
    until: datetime | None = None

    @property
    def goes(self) -> bool:
        return self.why is None and self.until is None


def judge(waiting: Sequence[Waiting], due: datetime, now: datetime, times: Times) -> list[Verdict]:
    """What becomes of the steps of one ladder that are due by now; usually one, after an outage several.

    Of several to the same person the last stands for all. After the due time a ladder is climbed rung by rung: a
    leader does not hear in the same minute as the reporter what the reporter should have heard days ago.
    """
    last: dict[tuple[Whom, int], Waiting] = {}
    for one in sorted(waiting, key=lambda one: one.moment):
        last[one.step.whom, one.person_id] = one
    standing = {one.id for one in last.values()}
    lowest = min((one.step.height for one in last.values() if not one.step.is_before), default=None)
    return [
        _judge(one, due, now, times, lowest)
        if one.id in standing
        else Verdict(one.id, Why.LATE if one.step.is_before and now >= due else Why.SUPERSEDED)
        for one in waiting
    ]


def _judge(one: Waiting, due: datetime, now: datetime, times: Times, lowest: tuple[bool, int] | None) -> Verdict:
    if one.step.is_before and now >= due:
        return Verdict(one.id, Why.LATE)
    allowed = times.next_allowed(now)
    is_higher = lowest is not None and one.step.height > lowest and not one.step.is_before
    if is_higher and not times.urgent:
        return Verdict(one.id, until=times.next_morning(allowed))
    if allowed > now:
        too_late = one.step.is_before and allowed >= due
        return Verdict(one.id, Why.NO_HOURS) if too_late else Verdict(one.id, until=allowed)
    return Verdict(one.id)


def when_capped(one: Waiting, due: datetime, now: datetime, times: Times) -> Verdict:
    """What becomes of a step whose person was told as often as allowed today: the next day, if that is in time."""
    tomorrow = times.next_morning(now)
    if one.step.is_before and tomorrow >= due:
        return Verdict(one.id, Why.CAPPED)
    return Verdict(one.id, until=tomorrow)


def is_near(due_ms: int, now: datetime, calendar: WorkCalendar, workdays: int) -> bool:
    """Whether something falls due from now until so many working days ahead."""
    last = calendar.add_workdays(now.date(), workdays)
    return to_ms(now) <= due_ms < to_ms(datetime.combine(last + timedelta(days=1), time(), tzinfo=now.tzinfo))
