"""Working days of 2026 as announced, of years nobody has announced, and of an office's own table."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import BadInput
from domain.workday import WorkCalendar, load_builtin, parse_calendar_toml

CALENDAR = load_builtin()
DAYS = st.dates(date(2025, 1, 1), date(2028, 12, 31))


def test_the_spring_festival_is_free_and_the_saturday_before_it_is_worked() -> None:
    assert CALENDAR.is_workday(date(2026, 2, 14))
    assert not any(CALENDAR.is_workday(date(2026, 2, day)) for day in range(15, 24))
    assert CALENDAR.is_workday(date(2026, 2, 24))
    assert CALENDAR.is_workday(date(2026, 2, 28))


def test_2026_has_as_many_working_days_as_were_announced() -> None:
    days = [date(2026, 1, 1) + timedelta(days=number) for number in range(365)]

    # 261 days from Monday to Friday, 19 of them free, and six weekend days worked.
    assert sum(map(CALENDAR.is_workday, days)) == 248


@pytest.mark.parametrize(
    ("month", "first"),
    [(1, date(2026, 1, 4)), (5, date(2026, 5, 6)), (10, date(2026, 10, 8)), (11, date(2026, 11, 2))],
)
def test_the_scoreboard_goes_out_on_the_first_working_day(month: int, first: date) -> None:
    assert CALENDAR.first_workday(2026, month) == first


def test_the_last_working_day_of_a_month() -> None:
    assert CALENDAR.last_workday(2026, 2) == date(2026, 2, 28)
    assert CALENDAR.last_workday(2026, 5) == date(2026, 5, 29)


def test_two_working_days_from_the_eve_of_the_holiday_reach_beyond_it() -> None:
    assert CALENDAR.add_workdays(date(2026, 9, 30), 2) == date(2026, 10, 9)
    assert CALENDAR.add_workdays(date(2026, 10, 9), -2) == date(2026, 9, 30)
    assert CALENDAR.add_workdays(date(2026, 10, 3), 0) == date(2026, 10, 3)
    assert CALENDAR.next_workday(date(2026, 10, 9)) == date(2026, 10, 10)


def test_a_year_without_a_table_is_reckoned_monday_to_friday_and_says_so() -> None:
    assert CALENDAR.is_confirmed(2026)
    assert not CALENDAR.is_confirmed(2027)
    assert CALENDAR.first_workday(2027, 1) == date(2027, 1, 1)


def test_an_office_adds_the_next_year_by_its_own_table() -> None:
    table = parse_calendar_toml(
        'year = 2027\nsource = "通知"\nworkdays = [2027-01-02]\n'
        '[[holidays]]\nname = "元旦"\nfirst = 2026-12-31\nlast = 2027-01-01\n'
    )
    calendar = CALENDAR.with_table(table)

    assert calendar.is_confirmed(2026)
    assert calendar.is_confirmed(2027)
    assert not calendar.is_workday(date(2026, 12, 31))
    assert calendar.first_workday(2027, 1) == date(2027, 1, 2)


def test_an_office_may_set_a_day_of_the_announced_year_right() -> None:
    festival = parse_calendar_toml("year = 2026\n[[holidays]]\nfirst = 2026-04-20\nlast = 2026-04-21\n")

    assert not CALENDAR.with_table(festival).is_workday(date(2026, 4, 20))
    assert not CALENDAR.with_table(festival).is_workday(date(2026, 5, 1))


def test_a_holiday_keeps_its_name_when_an_office_enters_another_year() -> None:
    table = parse_calendar_toml('year = 2027\n[[holidays]]\nname = "元旦"\nfirst = 2027-01-01\nlast = 2027-01-01\n')
    calendar = CALENDAR.with_table(table)

    assert calendar.names[date(2026, 10, 1)] == "国庆节"
    assert calendar.names[date(2027, 1, 1)] == "元旦"
    assert date(2026, 10, 10) not in calendar.names


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("year = ", "不是有效的 TOML"),
        ("", "year 应为年份"),
        ("year = true", "year 应为年份"),
        ("year = 2027\nholiday = []", "不认识的键 holiday"),
        ("year = 2027\nworkdays = 3", "workdays 应为列表"),
        ('year = 2027\nworkdays = ["2027-01-02"]', "workdays 应为日期"),
        ("year = 2027\nworkdays = [2027-01-02T09:00:00]", "workdays 应为日期"),
        ("year = 2027\nworkdays = [2026-10-10]", "2026-10-10 不在2027年"),
        ("year = 2027\nholidays = [1]", "holidays 应写成"),
        ("year = 2027\n[[holidays]]\nfirst = 2027-01-01", "last 应为日期"),
        ("year = 2027\n[[holidays]]\nfirst = 2027-01-03\nlast = 2027-01-01", "起止写反了"),
        ("year = 2027\n[[holidays]]\nname = 1\nfirst = 2027-01-01\nlast = 2027-01-01", "name 应为假期的名称"),
        ("year = 2027\n[[holidays]]\nfirst = 2027-05-01\nlast = 2027-05-31", "2027年5月没有一个工作日"),
    ],
)
def test_a_faulty_table_is_refused_with_its_fault(text: str, told: str) -> None:
    with pytest.raises(BadInput) as caught:
        parse_calendar_toml(text)

    assert "工作日表有误" in str(caught.value)
    assert told in str(caught.value)


def test_a_month_without_a_working_day_is_a_fault_of_whoever_built_the_calendar() -> None:
    calendar = WorkCalendar({date(2026, 5, day): False for day in range(1, 32)})

    with pytest.raises(ValueError, match="no working day"):
        calendar.first_workday(2026, 5)


@given(DAYS)
def test_no_working_day_of_a_month_comes_before_the_first_or_after_the_last(day: date) -> None:
    first = CALENDAR.first_workday(day.year, day.month)
    last = CALENDAR.last_workday(day.year, day.month)

    assert CALENDAR.is_workday(first)
    assert CALENDAR.is_workday(last)
    assert not CALENDAR.is_workday(day) or first <= day <= last


@given(DAYS, st.integers(0, 60))
def test_as_many_working_days_lie_between_as_were_added(day: date, n: int) -> None:
    due = CALENDAR.add_workdays(day, n)
    between = [day + timedelta(days=number + 1) for number in range((due - day).days)]

    assert sum(map(CALENDAR.is_workday, between)) == n
    assert n == 0 or CALENDAR.is_workday(due)


@given(st.text(max_size=60))
def test_no_table_raises_more_than_bad_input(text: str) -> None:
    with pytest.raises(BadInput):
        parse_calendar_toml(text)
