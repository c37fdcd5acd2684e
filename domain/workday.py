"""Working days, with the holidays and working weekends (调休) the State Council announces each November.

A year nobody has entered a table for is reckoned Monday to Friday and is not confirmed: whoever computes a
deadline in it should say so. Tables come with the program (`domain/data/`) or from the office.
"""

from __future__ import annotations

import tomllib
from calendar import monthrange
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

from domain.errors import BadInput

_DATA = Path(__file__).parent / "data"
_ONE_DAY = timedelta(days=1)
_KEYS = {"year", "source", "workdays", "holidays"}
_HOLIDAY_KEYS = {"name", "first", "last"}


@dataclass(frozen=True, eq=False)
class WorkCalendar:
    """Which days are worked: `exceptions` to Monday-Friday (True: worked) and the years they cover.

    `names` says which holiday a day belongs to, as far as its table told.
    """

    exceptions: Mapping[date, bool] = field(default_factory=dict)
    confirmed: frozenset[int] = frozenset()
    names: Mapping[date, str] = field(default_factory=dict)

    def is_workday(self, day: date) -> bool:
        """Whether the office works on `day`."""
        return self.exceptions.get(day, day.weekday() < 5)

    def is_confirmed(self, year: int) -> bool:
        """Whether a table was entered for `year`; without one its holidays are not known."""
        return year in self.confirmed

    def first_workday(self, year: int, month: int) -> date:
        """The first working day of a month. Raises ValueError if the month has none."""
        return self._one_of(_days_of_month(year, month))

    def last_workday(self, year: int, month: int) -> date:
        """The last working day of a month. Raises ValueError if the month has none."""
        return self._one_of(reversed(list(_days_of_month(year, month))))

    def next_workday(self, day: date) -> date:
        """The first working day strictly after `day`."""
        return self.add_workdays(day, 1)

    def add_workdays(self, day: date, n: int) -> date:
        """The `n`-th working day after `day` (before it, if `n` is negative); `day` itself for 0.

        A deadline of two working days given on a Friday, or on the Saturday after it, falls on Tuesday.
        """
        step = _ONE_DAY if n > 0 else -_ONE_DAY
        for _ in range(abs(n)):
            day += step
            while not self.is_workday(day):
                day += step
        return day

    def with_table(self, table: WorkCalendar) -> WorkCalendar:
        """This calendar and `table` together; for a day in both, `table` decides."""
        return WorkCalendar(
            {**self.exceptions, **table.exceptions},
            self.confirmed | table.confirmed,
            {**self.names, **table.names},
        )

    def _one_of(self, days: Iterator[date]) -> date:
        for day in days:
            if self.is_workday(day):
                return day
        raise ValueError("no working day in the month")


def load_builtin() -> WorkCalendar:
    """The tables that come with the program; at present 2026."""
    calendar = WorkCalendar()
    for path in sorted(_DATA.glob("calendar-*.toml")):
        calendar = calendar.with_table(parse_calendar_toml(path.read_text(encoding="utf-8")))
    return calendar


def parse_calendar_toml(text: str) -> WorkCalendar:
    """The calendar of one year, written like `domain/data/calendar-2026.toml`.

    Raises BadInput that says what is wrong: not TOML, an unknown key, a value that is no day, a day not in
    the year, a holiday that ends before it begins, a month without a working day.
    """
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise _wrong(f"不是有效的 TOML（{error}）") from error
    _only(table, _KEYS)
    year = table.get("year")
    if type(year) is not int or not 2000 <= year <= 9998:
        raise _wrong("year 应为年份，例如 year = 2027")
    names = dict(_holidays(table, year))
    exceptions = dict.fromkeys(names, False)
    exceptions |= dict.fromkeys((_day(day, year, "workdays") for day in _list(table, "workdays")), True)
    calendar = WorkCalendar(exceptions, frozenset({year}), names)
    for month in range(1, 13):
        if not any(map(calendar.is_workday, _days_of_month(year, month))):
            raise _wrong(f"{year}年{month}月没有一个工作日")
    return calendar


def _holidays(table: Mapping[str, object], year: int) -> Iterator[tuple[date, str]]:
    """Every day of every holiday with its name, '' if the table gives none."""
    for holiday in _list(table, "holidays"):
        if not isinstance(holiday, dict):
            raise _wrong("holidays 应写成 [[holidays]]，含 name、first、last")
        _only(holiday, _HOLIDAY_KEYS)
        first = _day(holiday.get("first"), year, "first")
        last = _day(holiday.get("last"), year, "last")
        if last < first:
            raise _wrong(f"假期 {first} 至 {last} 的起止写反了")
        name = holiday.get("name", "")
        if not isinstance(name, str):
            raise _wrong('name 应为假期的名称，例如 name = "元旦"')
        yield from ((day, name) for day in _days(first, last))


def _list(table: Mapping[str, object], key: str) -> list[object]:
    value = table.get(key, [])
    if not isinstance(value, list):
        raise _wrong(f"{key} 应为列表")
    return value


def _day(value: object, year: int, key: str) -> date:
    """A day of `year`, or of the weeks around it: a New Year holiday may begin in the December before."""
    if type(value) is not date:
        raise _wrong(f"{key} 应为日期，例如 {year}-01-01")
    if not date(year - 1, 12, 1) <= value <= date(year + 1, 1, 31):
        raise _wrong(f"{value} 不在{year}年")
    return value


def _only(table: Mapping[str, object], known: set[str]) -> None:
    unknown = sorted(set(table) - known)
    if unknown:
        raise _wrong(f"不认识的键 {unknown[0]}，可用：{'、'.join(sorted(known))}")


def _wrong(what: str) -> BadInput:
    return BadInput(reason=f"工作日表有误：{what}。")


def _days(first: date, last: date) -> Iterator[date]:
    return (first + timedelta(days=number) for number in range((last - first).days + 1))


def _days_of_month(year: int, month: int) -> Iterator[date]:
    return _days(date(year, month, 1), date(year, month, monthrange(year, month)[1]))
