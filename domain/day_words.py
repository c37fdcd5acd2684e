"""Days for people: `11月27日(周五)`, `10月10日(周六，调休上班)`, and what lay between when days were counted."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import groupby

from domain.workday import WorkCalendar

WEEKDAYS = ("周一", "周二", "周三", "周四", "周五", "周六", "周日")


def day_label(day: date, calendar: WorkCalendar) -> str:
    """`11月27日(周五)`; a day that is not what its weekday promises says so: `10月1日(周四，国庆节放假)`."""
    return f"{day.month}月{day.day}日({'，'.join(filter(None, (WEEKDAYS[day.weekday()], _oddity(day, calendar))))})"


def moment_label(moment: datetime, now: datetime, calendar: WorkCalendar) -> str:
    """`11月27日(周五) 17:30`, with the year if it is not the present one. Both moments are in the office's zone."""
    year = "" if moment.year == now.year else f"{moment.year}年"
    return f"{year}{day_label(moment.date(), calendar)} {moment:%H:%M}"


def counted(after: date, last: date, calendar: WorkCalendar) -> tuple[str, ...]:
    """What was skipped and what was worked against its weekday when days were counted after `after` up to `last`."""
    grouped = groupby(_days_after(after, last), key=lambda day: _counting(day, calendar))
    stretches = [(kind, list(days)) for kind, days in grouped]
    told = [_told(kind, days) for kind, days in stretches if kind not in ("", _WEEKEND)]
    return (*told, _WEEKEND) if any(kind == _WEEKEND for kind, _ in stretches) else tuple(told)


def workdays_between(after: date, last: date, calendar: WorkCalendar) -> int:
    """How many working days come after `after`, up to and with `last`."""
    return sum(map(calendar.is_workday, _days_after(after, last)))


_WEEKEND = "周末不计"
_WORKED = "调休上班"


def _days_after(after: date, last: date) -> Iterator[date]:
    return (after + timedelta(days=number + 1) for number in range((last - after).days))


def _oddity(day: date, calendar: WorkCalendar) -> str:
    if calendar.is_workday(day):
        return _WORKED if day.weekday() >= 5 else ""
    if day in calendar.names or day.weekday() < 5:
        return f"{calendar.names.get(day, '')}放假"
    return ""


def _counting(day: date, calendar: WorkCalendar) -> str:
    plain_weekend = not calendar.is_workday(day) and not _oddity(day, calendar)
    return _WEEKEND if plain_weekend else _oddity(day, calendar)


def _told(kind: str, days: list[date]) -> str:
    first, last = days[0], days[-1]
    if kind == _WORKED:
        return "、".join(f"{day.month}月{day.day}日({WEEKDAYS[day.weekday()]})" for day in days) + "调休上班，计入"
    month = "" if first.month == last.month else f"{last.month}月"
    span = f"{first.month}月{first.day}日" + (f"至{month}{last.day}日" if last > first else "")
    return f"{span}{kind}，不计"
