"""Periods and days as people say them: 上月, 三季度, 1-2月, 2026.10, 十一月份, 7月1日至10月9日; 11月23日, 昨天.

A period without a year is the latest one of that name that has begun: in January, 12月 is last year's.
A period that has not begun is refused, because nothing can have been counted in it yet.
"""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

from domain.errors import BadInput, BadPeriod
from domain.numerals import in_digits
from domain.words import shorten, tidy_line

PERIOD_EXAMPLES = "可以写：本月、上月、10月、2026-10、三季度、上半年、1-2月、今年、去年、7月1日至10月9日。"
DAY_EXAMPLES = "可以写：2026-11-23、11-23、11月23日、23日、今天、昨天、前天。"
EARLIEST_YEAR = 2000

# First and last month of the spans that have a name of their own, with that name and the end of their code.
_NAMED = {
    (1, 12): ("", ""),
    (1, 6): ("上半年", "H1"),
    (7, 12): ("下半年", "H2"),
    (1, 3): ("一季度", "Q1"),
    (4, 6): ("二季度", "Q2"),
    (7, 9): ("三季度", "Q3"),
    (10, 12): ("四季度", "Q4"),
}


@dataclass(frozen=True, slots=True)
class Period:
    """A span of days, both ends included; `label` is its name for people (`2026年三季度`)."""

    first: date
    last: date
    label: str

    @property
    def code(self) -> str:
        """A key that never changes: `2026-11`, `2026Q3`, `2026H1`, `2026`, `2026-01..02`.

        A span that is not made of whole months of one year is named by its two days.
        """
        whole = self.first.day == 1 and self.last == _month_end(self.last.year, self.last.month)
        if not whole or self.first.year != self.last.year:
            return f"{self.first}..{self.last}"
        return _code(self.first.year, self.first.month, self.last.month)

    @property
    def months(self) -> tuple[tuple[int, int], ...]:
        """Every (year, month) the period touches, in order."""
        start, end = _index(self.first), _index(self.last)
        return tuple((index // 12, index % 12 + 1) for index in range(start, end + 1))


def month_of(day: date) -> Period:
    """The calendar month `day` lies in."""
    return _whole_months(day.year, day.month, day.month)


def previous_month(day: date) -> Period:
    """The calendar month before the one `day` lies in."""
    return _months_from(_index(day) - 1, 1)


def parse_period(text: str, today: date) -> Period:
    """The period somebody means by `text`, said on `today`.

    Raises BadPeriod when the words are no period, or name months or years that do not exist or a period that
    has not begun; the error says which, and shows forms that are understood.
    """
    line, days = _period_line(text), _days_said(text)
    if days is not None:
        period = _span_of_days(*days, today)
    elif line in _MONTHS_BACK:
        period = _months_from(_index(today) - _MONTHS_BACK[line], 1)
    elif line in _QUARTERS_BACK:
        period = _months_from(_index(today) // 3 * 3 - 3 * _QUARTERS_BACK[line], 3)
    else:
        period = _named_period(line, text, today)
    if period.first > today:
        raise BadPeriod(reason=f"{period.label}还没有开始（今天是{_spoken(today)}）。{PERIOD_EXAMPLES}")
    return period


def is_period_word(text: str) -> bool:
    """Whether `text` has the shape of a period; 2026-13 has, and parse_period says what is wrong with it."""
    line = _period_line(text)
    known = line in _MONTHS_BACK or line in _QUARTERS_BACK or _days_said(text) is not None
    return known or _take_apart(line) is not None


def parse_day(text: str, today: date) -> date:
    """The day somebody means by `text`, said on `today`.

    Month and day without a year are this year's, or last year's if this year's is more than half a year ahead
    (12-28, said in January). The result may lie in the future: whether that makes sense is for the caller.
    Raises BadInput when the words are no day, or name one that does not exist.
    """
    line = _DASH.sub("-", _squeeze(text))
    if line in _DAYS_BACK:
        return today - timedelta(days=_DAYS_BACK[line])
    match = next(filter(None, (form.fullmatch(line) for form in _DAY_FORMS)), None)
    if match is None:
        raise BadInput(reason=f"看不懂日期“{shorten(tidy_line(text), 20)}”。{DAY_EXAMPLES}")
    part = {name: int(number) for name, number in match.groupdict().items() if number}
    year, month, day = part.get("year", today.year), part.get("month", today.month), part["day"]
    found = _existing(year, month, day)
    if "year" in part or found - today <= _HALF_A_YEAR:
        return found
    return _existing(year - 1, month, day)


_MONTHS_BACK = dict.fromkeys(("本月", "这个月", "这月", "当月", "本月份"), 0)
_MONTHS_BACK |= dict.fromkeys(("上月", "上个月", "上月份", "上一个月"), 1)
_QUARTERS_BACK = dict.fromkeys(("本季度", "这个季度", "这季度", "本季", "当季"), 0)
_QUARTERS_BACK |= dict.fromkeys(("上季度", "上个季度", "上一季度", "上季"), 1)
_YEARS_BACK = {"今年": 0, "本年": 0, "当年": 0, "去年": 1, "上年": 1, "前年": 2}
_DAYS_BACK = {"今天": 0, "今日": 0, "昨天": 1, "昨日": 1, "前天": 2, "前日": 2}
_HALF_A_YEAR = timedelta(days=183)

_DASH = re.compile("[-\u2010-\u2015\u2212]+")
_RANGE_DASH = re.compile("[-\u2010-\u2015\u2212~\u301c至到]+")

_YEAR = re.compile(r"(?P<year>[0-9]{4})(?:年度?)?|(?P<short>[0-9]{2})年度?|(?P<said>今年|本年|当年|去年|上年|前年)度?")
_QUARTER = re.compile(r"[-.]?(?:第?([0-9])季度?|Q([0-9]))")
_HALF = re.compile(r"[-.]?(上半年|下半年|H1|H2)")
_MONTHS = re.compile(r"[-./]?([0-9]{1,2})(?:月份?)?-([0-9]{1,2})月份?|[-./]?([0-9]{1,2})月份?")
# These are months only behind a year; alone they might be anything.
_MONTHS_OF_YEAR = re.compile(r"[-./]([0-9]{1,2})\.\.([0-9]{1,2})|[-./]([0-9]{1,2})|([0-9]{2})")
_HALVES = {"上半年": (1, 6), "H1": (1, 6), "下半年": (7, 12), "H2": (7, 12)}

# A plain hyphen stands between two days only where the days are written with 月 and 日.
_BETWEEN_DAYS = re.compile("[\u2010-\u2015\u2212~\u301c至到]+|(?<=[日号])-+")
_DAY_IN_SPAN = re.compile(r"(?:(?:(?P<year>[0-9]{4})[-./年])?(?P<month>[0-9]{1,2})[-./月])?(?P<day>[0-9]{1,2})[日号]?")
_DAY_FORMS = (
    re.compile(r"(?:(?P<year>[0-9]{4})[-./年])?(?P<month>[0-9]{1,2})[-./月](?P<day>[0-9]{1,2})[日号]?"),
    re.compile(r"(?P<day>[0-9]{1,2})[日号]"),
    re.compile(r"(?P<year>[0-9]{4})(?P<month>[0-9]{2})(?P<day>[0-9]{2})"),
)


def _squeeze(text: str) -> str:
    """`text` without blanks, in ASCII digits and capitals, with Chinese numerals as digits."""
    return in_digits(tidy_line(text).replace(" ", "").upper())


def _period_line(text: str) -> str:
    return _RANGE_DASH.sub("-", _squeeze(text))


def _days_said(text: str) -> tuple[re.Match[str], re.Match[str]] | None:
    """The first and the last day as said; None if `text` is not two days with a word or dashes between them."""
    first, between, last = _squeeze(text).partition("..")
    if not between:
        parts = _BETWEEN_DAYS.split(_squeeze(text))
        if len(parts) != 2:
            return None
        first, last = parts
    forms = [_DAY_IN_SPAN.fullmatch(_DASH.sub("-", part)) for part in (first, last)]
    return (forms[0], forms[1]) if forms[0] and forms[1] and forms[0]["month"] else None


def _span_of_days(first_said: re.Match[str], last_said: re.Match[str], today: date) -> Period:
    """From day to day. Without a year the latest span that has begun; the last day follows the first one."""
    try:
        first = _day_of(first_said, today.year, 0)
        if not first_said["year"] and first > today:
            first = _day_of(first_said, today.year - 1, 0)
        last = _day_of(last_said, first.year, first.month)
        if not last_said["year"] and last_said["month"] and last < first:
            last = _day_of(last_said, first.year + 1, first.month)
    except BadInput as error:
        raise BadPeriod(reason=str(error).replace(DAY_EXAMPLES, PERIOD_EXAMPLES)) from None
    if last < first:
        raise BadPeriod(reason=f"{_spoken(first)}在{_spoken(last)}之后，起止日期写反了。{PERIOD_EXAMPLES}")
    whole = first.day == 1 and last == _month_end(last.year, last.month) and first.year == last.year
    return _whole_months(first.year, first.month, last.month) if whole else Period(first, last, _span(first, last))


def _day_of(said: re.Match[str], year: int, month: int) -> date:
    return _existing(int(said["year"] or year), int(said["month"] or month), int(said["day"]))


def _span(first: date, last: date) -> str:
    """`2026年7月1日至10月9日`."""
    until = f"{last.month}月{last.day}日" if first.year == last.year else _spoken(last)
    return f"{_spoken(first)}至{until}"


def _take_apart(line: str) -> tuple[re.Match[str] | None, tuple[int, int]] | None:
    """The year as said (if any), first and last month, none of them checked; None if `line` is no period."""
    year = _YEAR.match(line)
    rest = line[year.end() :] if year else line
    if year and not rest:
        return year, (1, 12)
    months = _months_said(rest, behind_year=year is not None)
    return (year, months) if months else None


def _months_said(rest: str, *, behind_year: bool) -> tuple[int, int] | None:
    if quarter := _QUARTER.fullmatch(rest):
        number = int(quarter[1] or quarter[2])
        return number * 3 - 2, number * 3
    if half := _HALF.fullmatch(rest):
        return _HALVES[half[1]]
    match = _MONTHS.fullmatch(rest) or (_MONTHS_OF_YEAR.fullmatch(rest) if behind_year else None)
    if match is None:
        return None
    numbers = [int(number) for number in match.groups() if number]
    return numbers[0], numbers[-1]


def _named_period(line: str, text: str, today: date) -> Period:
    said = _take_apart(line)
    if said is None:
        what = f"看不懂期间“{shorten(tidy_line(text), 20)}”。" if line else "没有写期间。"
        raise BadPeriod(reason=what + PERIOD_EXAMPLES)
    year_said, (first, last) = said
    if not (1 <= first <= 12 and 1 <= last <= 12):
        what = "一年只有四个季度" if _is_quarter(line) else f"没有{last if 1 <= first <= 12 else first}月"
        raise BadPeriod(reason=f"{what}，请检查。{PERIOD_EXAMPLES}")
    if first > last:
        what = f"{first}月在{last}月之后，起止月份写反了；跨年的请分年查询。"
        raise BadPeriod(reason=what + PERIOD_EXAMPLES)
    year = _year(year_said, today) if year_said else _latest_year(first, today)
    if year < EARLIEST_YEAR:
        raise BadPeriod(reason=f"{year}年太早了，只能查询{EARLIEST_YEAR}年以后的期间。{PERIOD_EXAMPLES}")
    return _whole_months(year, first, last)


def _is_quarter(line: str) -> bool:
    return "季" in line or "Q" in line


def _year(said: re.Match[str], today: date) -> int:
    if said["said"]:
        return today.year - _YEARS_BACK[said["said"]]
    return int(said["year"] or "20" + said["short"])


def _latest_year(month: int, today: date) -> int:
    """The year of the latest such month that has begun by `today`."""
    return today.year if month <= today.month else today.year - 1


def _existing(year: int, month: int, day: int) -> date:
    if year < EARLIEST_YEAR:
        raise BadInput(reason=f"{year}年太早了，只能写{EARLIEST_YEAR}年以后的日期。{DAY_EXAMPLES}")
    if not 1 <= month <= 12:
        raise BadInput(reason=f"没有{month}月，请检查。{DAY_EXAMPLES}")
    if not 1 <= day <= monthrange(year, month)[1]:
        raise BadInput(reason=f"{year}年{month}月没有{day}日，请检查。{DAY_EXAMPLES}")
    return date(year, month, day)


def _index(day: date) -> int:
    """Months since year 0, so that months can be counted across years."""
    return day.year * 12 + day.month - 1


def _months_from(index: int, count: int) -> Period:
    year, month = index // 12, index % 12 + 1
    return _whole_months(year, month, month + count - 1)


def _whole_months(year: int, first: int, last: int) -> Period:
    return Period(date(year, first, 1), _month_end(year, last), _label(year, first, last))


def _month_end(year: int, month: int) -> date:
    return date(year, month, monthrange(year, month)[1])


def _label(year: int, first: int, last: int) -> str:
    if (first, last) in _NAMED:
        return f"{year}年{_NAMED[first, last][0]}"
    return f"{year}年{first}月" if first == last else f"{year}年{first}-{last}月"


def _code(year: int, first: int, last: int) -> str:
    if (first, last) in _NAMED:
        return f"{year}{_NAMED[first, last][1]}"
    return f"{year}-{first:02}" if first == last else f"{year}-{first:02}..{last:02}"


def _spoken(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
