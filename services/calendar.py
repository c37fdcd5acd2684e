"""The working days as they are in force: the office's own days before the tables that came with the program."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import replace
from datetime import date, datetime
from itertools import groupby

from domain.errors import BadInput
from domain.moment import to_ms
from domain.workday import WorkCalendar, parse_calendar_toml
from services.office import Office
from storage import audit
from storage import calendar as calendars
from storage.engine import Tx

# Days of an imported year carry this and the year in their source; that is how the year counts as confirmed.
TABLE = "table:"
BY_HAND = "手工"


def effective(tx: Tx, office: Office) -> WorkCalendar:
    """The calendar every job reckons with."""
    days = calendars.days(tx)
    if not days:
        return office.calendar
    years = {int(day.source[len(TABLE) :][:4]) for day in days if day.source.startswith(TABLE)}
    return office.calendar.with_table(WorkCalendar({day.day: day.workday for day in days}, frozenset(years)))


def with_calendar(tx: Tx, office: Office) -> Office:
    """The office with the calendar in force."""
    return replace(office, calendar=effective(tx, office))


def set_day(tx: Tx, office: Office, day: date, workday: bool, source: str, actor: str, now: datetime) -> None:
    """Enter one day. Raises BadInput if its month would be left without a working day."""
    calendar = effective(tx, office)
    others = (day.replace(day=number) for number in range(1, monthrange(day.year, day.month)[1] + 1))
    if not workday and not any(calendar.is_workday(other) for other in others if other != day):
        raise BadInput(reason=f"{day.year}年{day.month}月会没有一个工作日，没有改。")
    source = source.removeprefix(TABLE) or BY_HAND
    calendars.put(tx, day, workday, source)
    audit.write(tx, to_ms(now), actor, "calendar", day.isoformat(), f"{'work' if workday else 'off'}, {source}")


def import_table(tx: Tx, text: str, actor: str, now: datetime) -> tuple[int, int]:
    """Enter the announced table of a year in place of an earlier one; returns (year, days entered).

    Raises BadInput that says what is wrong with the file, also if it names no day off at all.
    """
    table = parse_calendar_toml(text)
    (year,) = table.confirmed
    if all(table.exceptions.values()):
        raise BadInput(reason=f"工作日表有误：{year}年没有写一个假日。")
    source = f"{TABLE}{year}"
    calendars.forget(tx, source)
    for day, workday in sorted(table.exceptions.items()):
        calendars.put(tx, day, workday, source)
    audit.write(tx, to_ms(now), actor, "calendar", str(year), f"table of {len(table.exceptions)} days")
    return year, len(table.exceptions)


def show_year(calendar: WorkCalendar, year: int) -> str:
    """A year for people: what differs from Monday to Friday, and how many days are worked each month."""
    days = [date.fromordinal(n) for n in range(date(year, 1, 1).toordinal(), date(year, 12, 31).toordinal() + 1)]
    worked = [day for day in days if day.weekday() >= 5 and calendar.is_workday(day)]
    off = [day for day in days if day.weekday() < 5 and not calendar.is_workday(day)]
    months = [
        f"{month}月 {sum(calendar.is_workday(day) for day in group)} 天"
        for month, group in groupby(days, key=lambda day: day.month)
    ]
    state = "已录入放假安排" if calendar.is_confirmed(year) else "没有录入放假安排，暂按周一至周五推算"
    return "\n".join(
        (
            f"{year}年工作日（{state}）",
            f"周末上班：{_listed(worked)}",
            f"工作日放假：{_listed(off)}",
            f"各月工作日：{'，'.join(months)}；全年 {sum(map(calendar.is_workday, days))} 天",
        )
    )


def _listed(days: list[date]) -> str:
    return "、".join(f"{day.month}月{day.day}日" for day in days) or "无"
