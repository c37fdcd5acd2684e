"""The office's own days stand before the tables that came with the program."""

from __future__ import annotations

from datetime import date

import pytest

from domain.errors import BadInput
from services.calendar import effective, import_table, set_day, show_year
from storage.engine import Store
from tests.support.office import moment, sample_office

OFFICE = sample_office()
NOW = moment("11-23", "09:41")
TABLE = """
year = 2027
workdays = [2027-02-20]
[[holidays]]
name = "元旦"
first = 2027-01-01
last = 2027-01-03
"""


async def test_a_day_set_by_the_office_overrides_the_table(store: Store) -> None:
    await store.run(set_day, OFFICE, date(2026, 10, 8), False, "自治州州庆", "cli", NOW)
    await store.run(set_day, OFFICE, date(2026, 10, 4), True, "", "cli", NOW)
    calendar = await store.read(effective, OFFICE)
    assert calendar.first_workday(2026, 10) == date(2026, 10, 4)
    assert not calendar.is_workday(date(2026, 10, 8))


async def test_one_day_does_not_confirm_a_year_but_a_table_does(store: Store) -> None:
    await store.run(set_day, OFFICE, date(2027, 1, 1), False, "table:2027", "cli", NOW)
    assert not (await store.read(effective, OFFICE)).is_confirmed(2027)
    assert await store.run(import_table, TABLE, "cli", NOW) == (2027, 4)
    calendar = await store.read(effective, OFFICE)
    assert calendar.is_confirmed(2027)
    assert calendar.first_workday(2027, 1) == date(2027, 1, 4)


async def test_a_table_read_again_replaces_what_it_said_before(store: Store) -> None:
    await store.run(import_table, TABLE, "cli", NOW)
    await store.run(import_table, TABLE.replace("workdays = [2027-02-20]", ""), "cli", NOW)
    assert not (await store.read(effective, OFFICE)).is_workday(date(2027, 2, 20))


async def test_a_table_without_a_holiday_is_refused(store: Store) -> None:
    with pytest.raises(BadInput, match="2027年没有写一个假日"):
        await store.run(import_table, "year = 2027", "cli", NOW)


async def test_a_month_is_not_left_without_a_working_day(store: Store) -> None:
    for number in range(1, 28):
        await store.run(set_day, OFFICE, date(2026, 2, number), False, "", "cli", NOW)
    with pytest.raises(BadInput, match="2026年2月会没有一个工作日"):
        await store.run(set_day, OFFICE, date(2026, 2, 28), False, "", "cli", NOW)


async def test_a_year_is_shown_with_what_differs_from_a_plain_week(store: Store) -> None:
    calendar = await store.read(effective, OFFICE)
    lines = show_year(calendar, 2026).splitlines()
    assert lines[0] == "2026年工作日（已录入放假安排）"
    assert lines[1] == "周末上班：1月4日、2月14日、2月28日、5月9日、9月20日、10月10日"
    assert lines[2].startswith("工作日放假：1月1日、1月2日、2月16日、")
    assert lines[3].endswith("2月 16 天，3月 22 天，4月 21 天，5月 19 天，6月 21 天，7月 23 天，8月 21 天，9月 22 天，"
                             "10月 18 天，11月 21 天，12月 23 天；全年 248 天")  # fmt: skip
    assert show_year(calendar, 2027).startswith("2027年工作日（没有录入放假安排，暂按周一至周五推算）")
