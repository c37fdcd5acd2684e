"""When something is due, as people say it: 周五下班前, 11月28日17:00, 三个工作日内 (facts: domain §5.3).

Every reading says how it came about, because whoever issues a commission confirms it by that line. Days are counted
by the announced calendar only: a year nobody has entered is refused, since its holidays are not known.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from domain.day_words import day_label, moment_label, workdays_between
from domain.due_clock import DAY_BEGIN, Clock, take_clock
from domain.due_words import DUE_EXAMPLES, Days, is_end, spell_due, take_day, take_span
from domain.errors import BadInput
from domain.moment import ZONE
from domain.words import shorten, tidy_line
from domain.workday import WorkCalendar

DAY_END = time(17, 30)

_SHORT_NOTICE = timedelta(hours=2)
_ONE_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Due:
    """A due time in the office's zone; `reading` says how the words were read, `notes` what is odd about it."""

    moment: datetime
    reading: str
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Found:
    """What the words came to, why, and what to write if it is over."""

    moment: datetime
    why: tuple[str, ...] = ()
    instead: str = ""


def read_due(words: str, now: datetime, calendar: WorkCalendar, *, day_end: time = DAY_END) -> Due:
    """The due time somebody means by `words`, said at `now`; a day without a clock ends at `day_end`.

    Raises BadInput if the words are no due time, name a day or a clock that does not exist, lie in the past, or reach
    into a year the calendar has no confirmed table for.
    """
    now, said, line = now.astimezone(ZONE), shorten(tidy_line(words), 30), spell_due(words)
    span = take_span(line)
    if span:
        found = _Found(_whole_minute(now) + span[0], (span[1],))
    else:
        days, clock = _taken_apart(line, said, now.date(), calendar, day_end)
        found = _soonest(days, clock, now, calendar)
    moment, label = found.moment, moment_label(found.moment, now, calendar)
    if moment <= now:
        hint = f"如果是指下一个，请写“{found.instead}”。" if found.instead else "请写一个还没到的时间。"
        raise BadInput(reason=f"“{said}”是{label}，已经过了（现在是{moment_label(now, now, calendar)}）。{hint}")
    # Midnight belongs to the day before, also at the end of a year.
    _must_be_known(now.year, (moment - _ONE_MINUTE).year, calendar)
    explained = "；".join(filter(None, found.why))
    reading = f"{said} → {label}" + (f"（{explained}）" if explained else "")
    return Due(moment, reading, tuple(_notes(moment, now, calendar, day_end)))


def earlier_due(
    upper: datetime, now: datetime, calendar: WorkCalendar, workdays: int = 1, *, day_end: time = DAY_END
) -> datetime:
    """The due time of a commission derived from one that is due at `upper`: so many working days earlier, at the end
    of the day; half of the time that is left if that would be over already.

    Raises BadInput if `upper` itself is over, or lies in a year the calendar has no confirmed table for.
    """
    upper, now = upper.astimezone(ZONE), now.astimezone(ZONE)
    if upper <= now:
        raise BadInput(reason=f"上级约稿的时限{moment_label(upper, now, calendar)}已经过了，请自己写明时限。")
    _must_be_known(now.year, upper.year, calendar)
    earlier = datetime.combine(calendar.add_workdays(upper.date(), -workdays), day_end, tzinfo=ZONE)
    if now < earlier < upper:
        return earlier
    half = now + (upper - now) / 2
    return _whole_minute(half) if _whole_minute(half) > now else half


def explain(moment: datetime, now: datetime, calendar: WorkCalendar) -> str:
    """A due time and how far it is: `11月27日(周五) 17:30，还有3个工作日`, `…，已超过2小时`.

    Working days are counted from the day after; within a day, and where the calendar is not known, it is hours or days.
    """
    moment, now = moment.astimezone(ZONE), now.astimezone(ZONE)
    distance = _distance(min(moment, now), max(moment, now), calendar)
    return f"{moment_label(moment, now, calendar)}，{'还有' if moment >= now else '已超过'}{distance}"


def _taken_apart(line: str, said: str, today: date, calendar: WorkCalendar, day_end: time) -> tuple[Days, Clock]:
    taken = take_day(line, today, calendar)
    days, rest = taken or (Days((today,), instead=f"明天{said}"), line)
    clock = take_clock(rest, day_end) if taken or not is_end(line) else None
    if clock is None:
        what = f"看不懂时限“{said}”。" if said else "没有写时限。"
        hint = "“周末”请写明周五、周六还是周日。" if "周末" in line else ""
        raise BadInput(reason=what + hint + DUE_EXAMPLES)
    return days, clock


def _soonest(days: Days, clock: Clock, now: datetime, calendar: WorkCalendar) -> _Found:
    """The first of the days whose moment is not over, or the last of them."""
    moment = now
    for place, day in enumerate(days.days):
        _must_be_known(now.year, day.year, calendar)
        moment = datetime.combine(day, time(), tzinfo=ZONE) + clock.minutes * _ONE_MINUTE
        if moment > now:
            _must_agree(day, days.weekday, calendar)
            midnight = f"即{day_label(day, calendar)}24:00" if moment.date() != day else ""
            return _Found(moment, (*days.why, days.later if place else "", clock.why, midnight))
    return _Found(moment, instead=days.instead)


def _must_agree(day: date, weekday: int | None, calendar: WorkCalendar) -> None:
    if weekday is not None and day.weekday() != weekday:
        said = f"周{'一二三四五六日'[weekday]}"
        raise BadInput(reason=f"{day_label(day, calendar)}不是{said}，请核对后只写一个。")


def _must_be_known(first_year: int, last_year: int, calendar: WorkCalendar) -> None:
    for year in range(first_year, last_year + 1):
        if not calendar.is_confirmed(year):
            raise BadInput(
                reason=f"{year}年的放假安排还没有录入，算不准那时的工作日。请改一个不到{year}年的时限，"
                "或请系统管理员先录入：baosong calendar import 文件.toml（一般每年11月公布）。"
            )


def _notes(moment: datetime, now: datetime, calendar: WorkCalendar, day_end: time) -> Iterator[str]:
    day = (moment - _ONE_MINUTE).date()
    label = day_label(day, calendar)
    if not calendar.is_workday(day):
        before = calendar.add_workdays(day, -1)
        yield f"时限{label}不是工作日，之前最后一个工作日是{day_label(before, calendar)}"
    elif day.weekday() >= 5:
        yield f"时限{label}，是工作日"
    if calendar.is_workday(day) and not DAY_BEGIN <= moment.time() <= day_end:
        yield f"{moment:%H:%M}不在上班时间"
    if moment - _whole_minute(now) < _SHORT_NOTICE:
        yield f"离现在只有{_hours(moment - now)}"


def _whole_minute(moment: datetime) -> datetime:
    return moment.replace(second=0, microsecond=0)


def _distance(first: datetime, last: datetime, calendar: WorkCalendar) -> str:
    if first.date() == last.date():
        return _hours(last - first)
    if all(map(calendar.is_confirmed, range(first.year, last.year + 1))):
        count = workdays_between(first.date(), last.date(), calendar)
        if count:
            return f"{count}个工作日"
    return f"{(last.date() - first.date()).days}天"


def _hours(span: timedelta) -> str:
    hours, minutes = divmod(span // _ONE_MINUTE, 60)
    told = (f"{hours}小时" if hours else "") + (f"{minutes}分钟" if minutes else "")
    return told or "不到1分钟"
