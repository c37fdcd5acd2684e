"""When a unit lags, and whom that reaches next."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from domain import nudge
from domain.measure import Measure, parse_measure
from domain.nudge import LEADER, REPORTER, Contact, Matter, Progress, Rules, Told, cases, next_contact, reason
from domain.workday import load_builtin

CALENDAR = load_builtin()
RULES = Rules(silent_by_workday=10, quota_by_workday=15, rate_from=5, leader_after_workdays=3, per_matter=3)
COUNTY = "县（市、区）"
A = Contact(1, "张三", REPORTER, True)
B = Contact(2, "钱八", REPORTER, True)
CHIEF = Contact(3, "李副", LEADER, True)
EVERYBODY = (A, B, CHIEF)


@pytest.fixture(scope="module")
def measure() -> Measure:
    data = Path(nudge.__file__).parent / "data" / "measure-sample.toml"
    return parse_measure(data.read_text("utf-8"))


@pytest.mark.parametrize(
    ("submitted", "adopted", "workday", "expected"),
    [
        (0, 0, 9, []),
        (0, 0, 10, [Matter.SILENT]),
        (0, 0, 20, [Matter.SILENT]),
        (1, 1, 14, []),
        (1, 1, 15, [Matter.QUOTA]),
        (8, 4, 15, []),
        (4, 0, 14, []),
        (5, 0, 3, [Matter.RATE]),
        (5, 1, 3, []),
        (6, 1, 15, [Matter.QUOTA, Matter.RATE]),
        (10, 2, 20, []),
        (10, 1, 20, [Matter.RATE]),
    ],
)
def test_a_county_with_a_quota_of_eight_and_a_floor_of_a_fifth(
    measure: Measure, submitted: int, adopted: int, workday: int, expected: list[Matter]
) -> None:
    found = cases(Progress(COUNTY, submitted, adopted, workday), measure, RULES)
    assert [case.matter for case in found] == expected


def test_nought_switches_a_matter_off(measure: Measure) -> None:
    off = Rules(0, 0, 0, 3, 3)
    assert cases(Progress(COUNTY, 0, 0, 20), measure, off) == []
    assert cases(Progress(COUNTY, 6, 0, 20), measure, off) == []
    quota_only = Rules(0, 15, 0, 3, 3)
    assert [case.matter for case in cases(Progress(COUNTY, 0, 0, 20), measure, quota_only)] == [Matter.QUOTA]


def test_without_a_measure_only_silence_is_a_matter() -> None:
    assert [case.matter for case in cases(Progress(COUNTY, 0, 0, 20), None, RULES)] == [Matter.SILENT]
    assert cases(Progress(COUNTY, 6, 0, 20), None, RULES) == []


@pytest.mark.parametrize(
    ("submitted", "adopted", "said"),
    [
        (0, 0, "本月已过15个工作日，没有报送（任务8条）"),
        (3, 1, "本月已过15个工作日，报送3条，任务8条"),
        (9, 1, "本月报送9条、采用1条，采用率11.1%，下限20.0%"),
    ],
)
def test_the_reason_gives_the_figures(measure: Measure, submitted: int, adopted: int, said: str) -> None:
    assert reason(cases(Progress(COUNTY, submitted, adopted, 15), measure, RULES)[0]) == said


def day(number: int) -> date:
    return date(2026, 11, number)


def told(contact: Contact, on: int, *, sent: bool = True) -> Told:
    return Told(contact.person_id, contact.stage, day(on), sent)


@pytest.mark.parametrize(
    ("before", "today", "expected"),
    [
        ([], 16, A),
        ([told(A, 16)], 16, None),
        ([told(A, 16)], 17, B),
        ([told(A, 16, sent=False)], 16, B),
        ([told(A, 16), told(B, 17)], 18, None),
        ([told(A, 16), told(B, 17)], 19, CHIEF),
        ([told(A, 16), told(B, 17), told(CHIEF, 19)], 20, None),
        ([told(A, 13), told(B, 16)], 17, None),
        ([told(A, 13), told(B, 16)], 18, CHIEF),
    ],
)
def test_first_a_then_b_then_the_leader_after_three_working_days(
    before: list[Told], today: int, expected: Contact | None
) -> None:
    assert next_contact(EVERYBODY, before, day(today), CALENDAR, RULES) == expected


def test_no_more_go_out_about_one_matter_than_the_cap() -> None:
    two = Rules(10, 15, 5, 3, per_matter=2)
    assert next_contact(EVERYBODY, [told(A, 16), told(B, 17)], day(24), CALENDAR, two) is None


def test_a_leader_is_not_told_before_any_reporter_was_to_be() -> None:
    assert next_contact([CHIEF], [], day(24), CALENDAR, RULES) is None


def test_working_days_are_counted_with_holidays_and_working_weekends() -> None:
    assert nudge.workdays_so_far(CALENDAR, date(2026, 10, 8)) == 1
    assert nudge.workdays_so_far(CALENDAR, date(2026, 10, 10)) == 3
    assert nudge.workdays_so_far(CALENDAR, date(2026, 2, 28)) == 16
