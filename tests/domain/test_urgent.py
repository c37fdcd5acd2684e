"""The clock of urgent reports: limits, follow-up hours, which reminders are due, and what is late."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.moment import ZONE, to_ms
from domain.urgent import (
    GRACE,
    Grade,
    Kind,
    State,
    Step,
    Urgent,
    UrgentRules,
    hour_answered,
    is_late,
    minutes_late,
    parse_grade,
    sequence,
    show_minutes,
    sort_due,
    steps,
    take_grade,
)

RULES = UrgentRules()
MAJOR, LARGE, PLAIN = RULES.grades[1], RULES.grades[2], RULES.grades[3]


def at(clock: str, day: str = "2026-11-23") -> datetime:
    return datetime.fromisoformat(f"{day}T{clock}").replace(tzinfo=ZONE)


def case(grade: Grade = MAJOR, start: datetime | None = None, opened: datetime | None = None) -> Urgent:
    start = start or at("10:20")
    return Urgent(
        1, "急 2026-001", grade.name, grade.follows, 2, 5, to_ms(opened or start), 0, to_ms(start),
        to_ms(start + grade.phone) if grade.phone else 0, to_ms(start + grade.written),
    )  # fmt: skip


def shown(found: list[Step]) -> list[str]:
    return [f"{step.kind.value}{' soon' if step.warns else ''} {step.moment:%d %H:%M}" for step in found]


def test_a_major_case_is_called_over_before_and_at_each_limit_and_daily() -> None:
    assert shown(steps(case(), RULES, at("10:20"))) == [
        "phone soon 23 10:25", "phone 23 10:35", "first soon 23 10:45", "first 23 10:55",
        "follow soon 23 16:30", "follow 23 17:00",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("grade", "expected"),
    [
        (LARGE, ["first soon 23 11:10", "first 23 11:20", "follow soon 23 16:30", "follow 23 17:00"]),
        (PLAIN, ["first soon 23 16:10", "first 23 16:20"]),
    ],
)
def test_a_grade_without_a_call_or_without_follow_ups_asks_for_none(grade: Grade, expected: list[str]) -> None:
    assert shown(steps(case(grade), RULES, at("10:20"))) == expected


def test_what_was_reported_is_not_asked_for_again() -> None:
    one = replace(case(), phone_ms=to_ms(at("10:30")), first_ms=to_ms(at("10:50")))
    assert shown(steps(one, RULES, at("11:00"))) == ["follow soon 23 16:30", "follow 23 17:00"]
    assert steps(replace(one, state=State.CLOSED), RULES, at("11:00")) == []
    assert steps(replace(one, state=State.VOID), RULES, at("11:00")) == []


def test_it_goes_on_through_the_night_and_over_a_holiday() -> None:
    one = replace(case(start=at("23:50", "2026-09-30")), phone_ms=1, first_ms=1)
    assert shown(steps(one, RULES, at("17:30", "2026-10-01"))) == [
        "follow soon 01 07:30", "follow 01 08:00", "follow soon 01 16:30", "follow 01 17:00",
        "follow soon 02 07:30", "follow 02 08:00",
    ]  # fmt: skip


def test_an_hour_right_behind_the_written_limit_asks_for_nothing_yet() -> None:
    assert shown(steps(replace(case(start=at("15:30")), phone_ms=1, first_ms=1), RULES, at("16:10"))) == [
        "follow soon 24 07:30", "follow 24 08:00",
    ]  # fmt: skip


def test_a_limit_that_was_over_when_the_clock_began_is_called_over_once_soon() -> None:
    one = case(start=at("09:00"), opened=at("10:00"))
    assert shown(steps(one, RULES, at("10:00")))[:2] == ["phone 23 10:05", "first 23 10:05"]


def test_a_warning_whose_moment_had_passed_when_it_was_opened_is_left_out() -> None:
    assert shown(steps(case(start=at("10:12"), opened=at("10:20")), RULES, at("10:20")))[:2] == [
        "phone 23 10:27", "first soon 23 10:37",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("said", "answered"),
    [("12:00", "23 17:00"), ("16:59", "23 17:00"), ("17:00", "23 17:00"), ("17:20", "23 17:00"), ("23:00", "23 17:00")],
)
def test_a_follow_up_is_for_the_hour_missed_and_else_for_the_next(said: str, answered: str) -> None:
    hour = hour_answered(case(), RULES, at(said))
    assert hour is not None
    assert f"{hour:%d %H:%M}" == answered


def test_after_one_hour_is_answered_the_next_is_meant() -> None:
    one = replace(case(), answered_ms=to_ms(at("17:00")))
    assert hour_answered(one, RULES, at("17:30")) == at("08:00", "2026-11-24")
    assert hour_answered(one, RULES, at("18:00", "2026-11-24")) == at("17:00", "2026-11-24")
    assert hour_answered(case(PLAIN), RULES, at("17:30")) is None


def test_of_what_an_outage_swallowed_the_last_limits_are_still_said() -> None:
    found = sort_due(steps(case(), RULES, at("09:00", "2026-11-25")), at("16:40", "2026-11-25"))
    assert shown(list(found.send)) == [
        "phone 23 10:35", "first 23 10:55", "follow 25 08:00", "follow soon 25 16:30",
    ]  # fmt: skip
    assert len(found.skip) == 2 + 2 * 3 + 1
    assert all(is_late(step, at("16:40", "2026-11-25")) for step in found.send)


def test_a_warning_is_said_while_its_limit_is_ahead() -> None:
    found = sort_due(steps(case(), RULES, at("16:35")), at("16:35"))
    assert shown(list(found.send)) == ["phone 23 10:35", "first 23 10:55", "follow soon 23 16:30"]


@given(
    st.integers(0, 60 * 24 * 5),
    st.lists(st.integers(1, 60 * 24), min_size=1, max_size=20),
    st.sampled_from(RULES.grades),
)
def test_however_often_and_late_one_looks_no_reminder_is_said_twice_or_lost(
    begin: int, pauses: list[int], grade: Grade
) -> None:
    opened = at("00:00") + timedelta(minutes=begin)
    one, now, done, said = case(grade, opened), opened, set[tuple[Kind, bool, datetime]](), list[Step]()
    for pause in pauses:
        now += timedelta(minutes=pause)
        fresh = [step for step in steps(one, RULES, now) if (step.kind, step.warns, step.limit) not in done]
        found = sort_due(fresh, now)
        done |= {(step.kind, step.warns, step.limit) for step in (*found.send, *found.skip)}
        said += found.send
        assert all(step.moment <= now for step in found.send)
    keys = [(step.kind, step.warns, step.limit) for step in said]
    assert len(keys) == len(set(keys))
    missed = [step for step in steps(one, RULES, now) if step.moment <= now and not step.warns]
    assert {step.kind for step in missed} == {step.kind for step in said if not step.warns}


@pytest.mark.parametrize(
    ("said", "late"), [("10:34", 0), ("10:35", 0), ("10:36", 1), ("11:40", 65)]
)  # fmt: skip
def test_seconds_are_not_held_against_anybody(said: str, late: int) -> None:
    assert minutes_late(at("10:35"), at(said) + timedelta(seconds=59)) == late
    assert is_late(Step(Kind.PHONE, False, at("10:35"), at("10:35")), at(said)) == (late > GRACE.seconds // 60)


@pytest.mark.parametrize(
    ("minutes", "words"),
    [(0, "0分钟"), (12, "12分钟"), (60, "1小时"), (65, "1小时5分钟"), (1440, "1天"), (1510, "1天1小时")],
)
def test_spans_read_as_people_say_them(minutes: int, words: str) -> None:
    assert show_minutes(minutes) == words


@pytest.mark.parametrize(
    ("number", "title"),
    [(1, "一"), (9, "九"), (10, "十"), (11, "十一"), (20, "二十"), (35, "三十五"), (100, "100")],
)
def test_follow_ups_are_numbered_in_chinese(number: int, title: str) -> None:
    assert sequence(number) == f"续报{title}"


def test_a_grade_of_the_settings_is_read() -> None:
    assert parse_grade("重大 电话15分钟 书面35分钟 续报") == MAJOR
    assert parse_grade("一般  书面6小时") == PLAIN
    assert parse_grade("Ⅰ级 电话1小时 书面2小时") == Grade("Ⅰ级", timedelta(hours=1), timedelta(hours=2), False)


@pytest.mark.parametrize(
    "line",
    [
        "",
        "重大",
        "重大 电话15分钟",
        "重大 书面0分钟",
        "重大 电话40分钟 书面35分钟",
        "重大 电话0分钟 书面5分钟",
        "重大 书面35",
    ],
)
def test_a_line_that_is_no_grade_is_refused(line: str) -> None:
    with pytest.raises(ValueError, match="limits above 0" if "0分钟" in line or "40" in line else "is none"):
        parse_grade(line)


@pytest.mark.parametrize(
    ("words", "name", "rest"),
    [
        ("重大", "重大", ""),
        ("特别重大 云山县", "特别重大", "云山县"),
        ("重大级，事发10:20", "重大", "事发10:20"),
        ("较大事件", "较大", ""),
    ],
)
def test_the_longest_grade_is_meant(words: str, name: str, rest: str) -> None:
    grade, behind = take_grade(words, RULES.grades)
    assert grade is not None
    assert (grade.name, behind) == (name, rest)


def test_without_a_grade_the_words_stay() -> None:
    assert take_grade("云山县 重大", RULES.grades) == (None, "云山县 重大")


def test_an_office_without_follow_up_hours_asks_for_none() -> None:
    rules = UrgentRules(follow_up_at=())
    assert hour_answered(case(), rules, at("17:00")) is None
    assert shown(steps(replace(case(), phone_ms=1, first_ms=1), rules, at("17:00"))) == []
    assert UrgentRules().follow_up_at == (time(8), time(17))
