"""The pieces of a due time as people type it: a day (下周一, 28日, 三个工作日内) or a span (2小时内).

Each piece is taken from the front of the line; what it stands for is decided with today's date and the calendar.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from domain.day_words import counted
from domain.errors import BadInput
from domain.numerals import in_digits
from domain.words import tidy_line
from domain.workday import WorkCalendar

DUE_EXAMPLES = "可以写：周五下班前、11月28日17:00、28日、今天下班前、明天上午、三个工作日内、2小时内、月底。"

_ONE_DAY = timedelta(days=1)
_HALF_A_YEAR = timedelta(days=183)

_DASH = re.compile("[-\u2010-\u2015\u2212]+")
_WEEKDAY = re.compile("(?:周|星期|礼拜)(?: ?([一二三四五六日天])|([1-7]))")
_WEEKDAY_DIGITS = dict(zip("一二三四五六日天", "12345677", strict=True))
_NEEDLESS_BLANK = re.compile("(?<![0-9]) | (?![0-9])")
_BEFORE = re.compile("(?:请|务必|最迟|最晚|限|于|在|须|截至|截止|时限|到|至|:)*")
_BEHIND = re.compile("(?:之前|以前|之内|以内|前|内|截止|为止|止|上报|报送|报|交)*[,;。.]?")


@dataclass(frozen=True, slots=True)
class Days:
    """What a way of naming a day can mean, nearest first: the first one that is not over is meant.

    `why` explains the reading, `later` says so if it was not the first; `instead` is what to write once it is over.
    """

    days: tuple[date, ...]
    why: tuple[str, ...] = ()
    later: str = ""
    instead: str = ""
    weekday: int | None = None
    """The weekday written beside the date, which must agree with it; 0 is Monday."""


def spell_due(words: str) -> str:
    """`words` in the one spelling the forms below are written for; what only frames a due time is taken off."""
    line = _WEEKDAY.sub(lambda m: f"周{m[2] or _WEEKDAY_DIGITS[m[1]]} ", _DASH.sub("-", tidy_line(words)))
    line = in_digits(line.replace("两", "2"))
    line = _NEEDLESS_BLANK.sub("", line).strip("。.,;!?、“”\"' ")
    return line[_found(_BEFORE, line) :]


def is_end(rest: str) -> bool:
    """Whether nothing but 前, 内, 截止 is left of the line."""
    return _BEHIND.fullmatch(rest) is not None


def _found(pattern: re.Pattern[str], line: str) -> int:
    match = pattern.match(line)
    return match.end() if match else 0


def take_span(line: str) -> tuple[timedelta, str] | None:
    """A span that is counted from this very moment, if the whole line is one: 2小时内, 半天内, 30分钟内."""
    match = _SPAN.fullmatch(line)
    if match is None:
        return None
    if match["half_day"]:
        return timedelta(hours=4), "半天按4小时"
    if match["minutes"]:
        return timedelta(minutes=int(match["minutes"])), ""
    half = timedelta(minutes=30) if match["half"] or match["and_half"] or match["half_hour"] else timedelta()
    return timedelta(hours=int(match["hours"] or 0)) + half, ""


_SPAN = re.compile(
    r"(?:(?P<half_day>半[天日])|(?P<minutes>[0-9]{1,3})分钟"
    r"|(?:(?P<hours>[0-9]{1,3})(?P<half>\.5)?(?:个(?P<and_half>半)?)?|(?P<half_hour>半)个?)(?:小时|钟头))"
    r"(?:之内|以内|内|之后|以后|后)?"
)


def take_day(line: str, today: date, calendar: WorkCalendar) -> tuple[Days, str] | None:
    """The day the line begins with and the rest of the line; None if it begins with none.

    Raises BadInput for a date that does not exist.
    """
    ahead = _LEADING_WEEKDAY.match(line)
    rest = line[ahead.end() :] if ahead else line
    for form, read in _FORMS:
        match = form.match(rest)
        if match is None:
            continue
        days, rest = read(match, today, calendar), rest[match.end() :]
        beside = _BESIDE.match(rest)
        weekday = (beside and beside[1]) or (ahead and ahead[1])
        rest = rest[beside.end() :] if beside else rest
        if weekday:
            days = Days(days.days, days.why, days.later, days.instead, int(weekday) - 1)
        return days, rest[_found(_BEHIND, rest) :].lstrip(" T")
    return None


_LEADING_WEEKDAY = re.compile(r"(?:本|这个?|下个?)?周([1-7])[ (]*(?=[0-9]{1,4}(?:[-./月年][0-9]|[日号]))")
_BESIDE = re.compile(r" ?\(?(?:本|这个?|下个?)?周([1-7])\)?|\)")


def _relative(match: re.Match[str], today: date, _: WorkCalendar) -> Days:
    ahead = _DAYS_AHEAD[match[1]]
    return Days((today + ahead * _ONE_DAY,), instead="明天" if ahead == 0 else "")


_DAYS_AHEAD = {"前": -2, "昨": -1, "今": 0, "当": 0, "本": 0, "明": 1, "次": 1, "后": 2, "大后": 3}


def _workdays(match: re.Match[str], today: date, calendar: WorkCalendar) -> Days:
    day = calendar.add_workdays(today, int(match[1]))
    return Days((day,), ("从次日起数", *counted(today, day, calendar)))


def _calendar_days(match: re.Match[str], today: date, _: WorkCalendar) -> Days:
    count = int(match["days"] or match["dated"] or 0) + 7 * int(match["weeks"] or 0)
    return Days((today + count * _ONE_DAY,), ("按自然日从次日起数",))


def _on_weekday(match: re.Match[str], today: date, _: WorkCalendar) -> Days:
    this = today + (int(match[2]) - 1 - today.weekday()) * _ONE_DAY
    week = timedelta(days=7)
    name = f"周{'一二三四五六日'[int(match[2]) - 1]}"
    if match[1]:
        return Days((this + _WEEKS_AHEAD[match[1]] * week,), instead=f"下{name}")
    return Days((this, this + week), later=f"本{name}已过，按下{name}")


_WEEKS_AHEAD = {"上": -1, "本": 0, "这": 0, "下": 1, "下下": 2}


def _in_week(match: re.Match[str], today: date, calendar: WorkCalendar) -> Days:
    monday = today + (7 * _WEEKS_AHEAD[match[1]] - today.weekday()) * _ONE_DAY
    day = calendar.add_workdays(monday + 7 * _ONE_DAY, -1)
    return Days((day,), ("按该周最后一个工作日",), instead="下周内")


def _month_end(match: re.Match[str], today: date, calendar: WorkCalendar) -> Days:
    said = match.groupdict()
    year, month = today.year, today.month
    if said.get("month"):
        first = _existing(year, int(said["month"]), 1)
        year, month = year + (today - first > _HALF_A_YEAR), first.month
    elif (said["rel"] or "").startswith("下"):
        year, month = _next_month(today)
    return Days((calendar.last_workday(year, month),), ("按当月最后一个工作日",), instead="下月底")


def _year_end(match: re.Match[str], today: date, calendar: WorkCalendar) -> Days:
    return Days((calendar.last_workday(today.year + (match[1] == "明"), 12),), ("按当年最后一个工作日",))


def _date(match: re.Match[str], today: date, _: WorkCalendar) -> Days:
    month, day = int(match["month"]), int(match["day"])
    if match["year"]:
        return Days((_existing(int(match["year"]), month, day),))
    if match["short"]:
        return Days((_existing(2000 + int(match["short"]), month, day),))
    if match["said"]:
        return Days((_existing(today.year + (match["said"] == "明"), month, day),))
    found = _existing(today.year, month, day)
    if today - found <= _HALF_A_YEAR:
        return Days((found,))
    return Days((_existing(today.year + 1, month, day),))


def _day_of_month(match: re.Match[str], today: date, _: WorkCalendar) -> Days:
    day, (next_year, next_month) = int(match["day"]), _next_month(today)
    if (match["rel"] or "").startswith("下"):
        return Days((_existing(next_year, next_month, day),))
    found = _existing(today.year, today.month, day)
    if match["rel"]:
        return Days((found,), instead=f"{next_month}月{day}日")
    ahead = (date(next_year, next_month, day),) if day <= monthrange(next_year, next_month)[1] else ()
    return Days((found, *ahead), later=f"本月{day}日已过，按下月")


def _next_month(today: date) -> tuple[int, int]:
    return today.year + today.month // 12, today.month % 12 + 1


def _existing(year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError as error:
        raise BadInput(reason=f"没有{year}年{month}月{day}日这一天，请检查。{DUE_EXAMPLES}") from error


_REL = "(?P<rel>本|这个?|当|下个?)月"
_INSIDE = "(?=之?内|以内)"
_FORMS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str], date, WorkCalendar], Days]], ...] = (
    (re.compile("(大后|[前昨今当本明次后])(?:[天日]|(?=[早晚上中下]))"), _relative),
    (re.compile("([0-9]{1,3})个?工作日(?:之后|以后|后)?"), _workdays),
    (
        re.compile(
            "(?:(?P<days>[0-9]{1,3})(?:个?自然日|天)|(?P<dated>[0-9]{1,3})日(?=(?:之|以)?[内后])"
            "|(?P<weeks>[0-9]{1,2})个?(?:周|星期|礼拜))(?:之后|以后|后)?"
        ),
        _calendar_days,
    ),
    (re.compile("(?:(上|本|这|下下?)个?)?周([1-7]) ?"), _on_weekday),
    (re.compile("(本|这|下)个?(?:周|星期|礼拜)(?!末)"), _in_week),
    (re.compile(f"(?:{_REL}|(?P<month>[0-9]{{1,2}})月份?|月)(?:底|末)"), _month_end),
    (re.compile(f"{_REL}{_INSIDE}"), _month_end),
    (re.compile(f"([今本当明])?年(?:底|末|{_INSIDE})"), _year_end),
    (re.compile("(?P<year>[0-9]{4})(?P<month>[0-9]{2})(?P<day>[0-9]{2})(?![0-9])"), _date),
    (
        re.compile(
            "(?:(?P<year>[0-9]{4})[-./年]|(?P<short>[0-9]{2})年|(?P<said>[今明])年)?"
            "(?P<month>[0-9]{1,2})[-./月](?P<day>[0-9]{1,2})[日号]?"
        ),
        _date,
    ),
    (re.compile(f"(?:{_REL})?(?P<day>[0-9]{{1,2}})[日号]"), _day_of_month),
)
