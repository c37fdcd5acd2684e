"""The ladder of reminders: whom it reaches when, and what becomes of a step that was missed."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.commission import Stage, Standing
from domain.errors import BadInput
from domain.ladder import (
    DEFAULT,
    Planned,
    Span,
    Step,
    Times,
    Verdict,
    Waiting,
    Whom,
    Why,
    is_near,
    judge,
    moment_of,
    obstacle,
    parse_ladder,
    plan,
    step_of,
    when_capped,
)
from domain.moment import ZONE, to_ms
from domain.quiet import SpeakingHours
from domain.workday import load_builtin

CALENDAR = load_builtin()
TIMES = Times(CALENDAR, SpeakingHours())
URGENT = replace(TIMES, urgent=True)
THREE_DAYS, ONE_DAY, TWO_HOURS, ONE_HOUR_LATE, LEADER, OFFICE = DEFAULT
LONG_AGO = datetime(2025, 1, 1, tzinfo=ZONE)


def at(written: str) -> datetime:
    """`at("11-27 17:00")` in 2026, or with another year in front."""
    return datetime.fromisoformat(written if written[4] == "-" else f"2026-{written}").replace(tzinfo=ZONE)


def shown(rungs: list[Planned]) -> list[str]:
    return [f"{rung.moment:%m-%d %H:%M} {rung.step.code}" for rung in rungs]


def test_an_ordinary_friday_evening() -> None:
    assert shown(plan(at("11-27 17:00"), LONG_AGO, DEFAULT, TIMES)) == [
        "11-24 08:30 -3d reporter",
        "11-26 08:30 -1d reporter",
        "11-27 15:00 -2h reporter",
        "11-30 08:30 +1h reporter",
        "11-30 17:00 +1d leader",
        "12-01 17:00 +2d office",
    ]


@pytest.mark.parametrize(
    ("due", "three", "one", "hours", "late", "leader", "office"),
    [
        # working weekends: 01-04, 02-14, 02-28, 05-09, 09-20, 10-10
        ("01-04 17:00", "12-29 08:30", "12-31 08:30", "01-04 15:00", "01-05 08:30", "01-05 17:00", "01-06 17:00"),
        ("02-14 12:00", "02-11 08:30", "02-13 08:30", "02-14 10:00", "02-14 14:30", "02-24 14:30", "02-25 14:30"),
        ("02-28 11:00", "02-25 08:30", "02-27 08:30", "02-28 09:00", "02-28 14:30", "03-02 11:00", "03-03 11:00"),
        ("05-09 16:00", "05-06 08:30", "05-08 08:30", "05-09 14:30", "05-09 17:00", "05-11 16:00", "05-12 16:00"),
        ("09-20 10:00", "09-16 08:30", "09-18 08:30", "09-20 08:30", "09-20 11:00", "09-21 10:00", "09-22 10:00"),
        ("10-10 17:30", "09-30 08:30", "10-09 08:30", "10-10 15:30", "10-12 08:30", "10-13 08:30", "10-14 08:30"),
        # holidays: a due time on one is odd, but it has a ladder
        ("01-01 10:00", "12-29 08:30", "12-31 08:30", "12-31 14:30", "01-04 08:30", "01-04 10:00", "01-05 10:00"),
        ("02-18 10:00", "02-12 08:30", "02-14 08:30", "02-14 14:30", "02-24 08:30", "02-24 10:00", "02-25 10:00"),
        ("04-05 10:00", "04-01 08:30", "04-03 08:30", "04-03 14:30", "04-07 08:30", "04-07 10:00", "04-08 10:00"),
        ("05-03 10:00", "04-28 08:30", "04-30 08:30", "04-30 14:30", "05-06 08:30", "05-06 10:00", "05-07 10:00"),
        ("06-20 10:00", "06-16 08:30", "06-18 08:30", "06-18 14:30", "06-22 08:30", "06-22 10:00", "06-23 10:00"),
        ("09-26 10:00", "09-22 08:30", "09-24 08:30", "09-24 14:30", "09-28 08:30", "09-28 10:00", "09-29 10:00"),
        ("10-04 10:00", "09-28 08:30", "09-30 08:30", "09-30 14:30", "10-08 08:30", "10-08 10:00", "10-09 10:00"),
        # the first day after a holiday, month and year borders
        ("02-24 09:00", "02-12 08:30", "02-14 08:30", "02-24 08:30", "02-24 10:00", "02-25 09:00", "02-26 09:00"),
        ("10-08 08:30", "09-28 08:30", "09-30 08:30", "09-30 14:30", "10-08 09:30", "10-09 08:30", "10-10 08:30"),
        ("03-31 17:00", "03-26 08:30", "03-30 08:30", "03-31 15:00", "04-01 08:30", "04-01 17:00", "04-02 17:00"),
        ("12-31 17:00", "12-28 08:30", "12-30 08:30", "12-31 15:00", "01-01 08:30", "01-01 17:00", "01-04 17:00"),
        # due in the night, and at the end of the day
        ("11-27 00:00", "11-24 08:30", "11-26 08:30", "11-26 14:30", "11-27 08:30", "11-30 08:30", "12-01 08:30"),
        ("11-27 23:59", "11-24 08:30", "11-26 08:30", "11-27 14:30", "11-30 08:30", "12-01 08:30", "12-02 08:30"),
        ("11-27 13:00", "11-24 08:30", "11-26 08:30", "11-27 11:00", "11-27 14:30", "11-30 14:30", "12-01 14:30"),
        ("11-27 14:00", "11-24 08:30", "11-26 08:30", "11-27 08:30", "11-27 15:00", "11-30 14:30", "12-01 14:30"),
    ],
)  # fmt: skip
def test_every_working_weekend_holiday_and_border_of_the_year(
    due: str, three: str, one: str, hours: str, late: str, leader: str, office: str
) -> None:
    found = {step.code: f"{moment_of(step, at(due), TIMES):%m-%d %H:%M}" for step in DEFAULT}
    assert list(found.values()) == [three, one, hours, late, leader, office]


def test_what_is_urgent_keeps_its_hours() -> None:
    assert f"{moment_of(TWO_HOURS, at('11-28 07:00'), URGENT):%m-%d %H:%M}" == "11-28 05:00"
    assert f"{moment_of(ONE_HOUR_LATE, at('11-28 22:30'), URGENT):%m-%d %H:%M}" == "11-28 23:30"


def test_a_due_time_in_another_zone_means_the_same_moment() -> None:
    due = at("11-27 17:00")
    assert plan(due.astimezone(UTC), LONG_AGO, DEFAULT, TIMES) == plan(due, LONG_AGO, DEFAULT, TIMES)


@pytest.mark.parametrize("since", ["11-26 07:00", "11-26 08:30", "11-26 09:00", "11-27 14:59"])
def test_steps_before_it_was_issued_or_on_the_same_day_are_skipped_with_the_reason(since: str) -> None:
    rungs = plan(at("11-27 17:00"), at(since), DEFAULT, TIMES)
    assert [rung.why for rung in rungs] == [Why.PASSED, Why.PASSED, None, None, None, None]


def test_a_step_that_moves_onto_the_day_of_another_is_not_said_again() -> None:
    rungs = plan(at("11-28 20:00"), LONG_AGO, DEFAULT, TIMES)
    assert [(rung.moment, rung.why) for rung in rungs][1:3] == [
        (at("11-27 08:30"), None), (at("11-27 14:30"), Why.SAME_DAY),
    ]  # fmt: skip


def test_a_step_in_the_minute_of_issue_is_over() -> None:
    rungs = plan(at("11-27 17:00"), at("11-27 15:00"), DEFAULT, TIMES)
    assert [rung.why for rung in rungs][:4] == [Why.PASSED, Why.PASSED, Why.PASSED, None]


def test_a_ladder_is_written_in_settings_as_people_say_it() -> None:
    assert parse_ladder([step.words for step in DEFAULT]) == DEFAULT
    assert parse_ladder(["2工作日前 信息员B角", " 4 小时后 分管领导 "]) == (
        Step(-2, Span.WORKDAYS, Whom.DEPUTY), Step(4, Span.HOURS, Whom.LEADER),
    )  # fmt: skip
    assert [step_of(step.code) for step in DEFAULT] == list(DEFAULT)


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (["明天 信息员"], "“明天 信息员”不是一步提醒"),
        (["3个工作日前 县长"], "不是一步提醒"),
        (["0小时前 信息员"], "小时数应在1至240之间"),
        (["61个工作日前 信息员"], "工作日数应在1至60之间"),
        (["2小时前 信息员", "2 小时前 信息员"], "同一步写了两次"),
    ],
)
def test_a_mistyped_step_is_named(lines: list[str], said: str) -> None:
    with pytest.raises(BadInput, match=said):
        parse_ladder(lines)


def test_a_code_that_is_none_is_a_fault() -> None:
    with pytest.raises(ValueError, match="no step"):
        step_of("tomorrow")


DUE_MS = to_ms(at("11-27 17:00"))
OPEN = Standing(Stage.ISSUED, DUE_MS)


@pytest.mark.parametrize(
    ("now", "step", "why"),
    [
        (OPEN, TWO_HOURS, None),
        (replace(OPEN, stage=Stage.RECEIVED), TWO_HOURS, None),
        (replace(OPEN, stage=Stage.ANSWERED), TWO_HOURS, Why.ANSWERED),
        (replace(OPEN, stage=Stage.DECLINED), LEADER, Why.DECLINED),
        (replace(OPEN, stage=Stage.CLOSED), OFFICE, Why.CLOSED),
        (replace(OPEN, due_ms=DUE_MS + 1), TWO_HOURS, Why.EXTENDED),
        (replace(OPEN, asked_due_ms=DUE_MS + 1), LEADER, Why.ASKED),
        (replace(OPEN, asked_due_ms=DUE_MS + 1), OFFICE, None),
    ],
)
def test_only_what_is_still_awaited_is_called_to_mind(now: Standing, step: Step, why: Why | None) -> None:
    assert obstacle(now, DUE_MS, step) is why


def ladder_of(due: datetime, *, person_id: int = 0) -> list[Waiting]:
    rungs = plan(due, LONG_AGO, DEFAULT, TIMES)
    return [Waiting(number, rung.step, rung.moment, person_id) for number, rung in enumerate(rungs, start=1)]


def verdicts(due: str, now: str, times: Times = TIMES) -> dict[str, str]:
    """What becomes of every step that is due by now, had none been looked at before."""
    waiting = [one for one in ladder_of(at(due)) if one.moment <= at(now)]
    found = judge(waiting, at(due), at(now), times)
    return {
        one.step.code: verdict.why.name if verdict.why else f"{verdict.until:%m-%d %H:%M}" if verdict.until else "goes"
        for one, verdict in zip(waiting, found, strict=True)
    }


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        ("11-24 08:30", {"-3d reporter": "goes"}),
        ("11-26 09:10", {"-3d reporter": "SUPERSEDED", "-1d reporter": "goes"}),
        ("11-26 20:00", {"-3d reporter": "SUPERSEDED", "-1d reporter": "11-27 08:30"}),
        ("11-27 17:00", {"-3d reporter": "LATE", "-1d reporter": "LATE", "-2h reporter": "LATE"}),
        (
            "11-30 09:00",
            {"-3d reporter": "LATE", "-1d reporter": "LATE", "-2h reporter": "LATE", "+1h reporter": "goes"},
        ),
        (
            "12-04 09:00",
            {
                "-3d reporter": "LATE", "-1d reporter": "LATE", "-2h reporter": "LATE", "+1h reporter": "goes",
                "+1d leader": "12-07 08:30", "+2d office": "12-07 08:30",
            },
        ),
        (
            "12-05 22:00",
            {
                "-3d reporter": "LATE", "-1d reporter": "LATE", "-2h reporter": "LATE", "+1h reporter": "12-07 08:30",
                "+1d leader": "12-08 08:30", "+2d office": "12-08 08:30",
            },
        ),
    ],
)  # fmt: skip
def test_after_an_outage_each_step_has_its_end(now: str, expected: dict[str, str]) -> None:
    assert verdicts("11-27 17:00", now) == expected


def test_rungs_that_were_put_off_to_the_same_morning_are_still_climbed_one_by_one() -> None:
    morning = at("12-07 08:30")
    put_off = [replace(one, moment=morning) for one in ladder_of(at("11-27 17:00")) if not one.step.is_before]
    found = judge(put_off, at("11-27 17:00"), morning, TIMES)
    assert [verdict.until for verdict in found] == [None, at("12-08 08:30"), at("12-08 08:30")]
    found = judge(put_off[1:], at("11-27 17:00"), at("12-08 08:30"), TIMES)
    assert [verdict.until for verdict in found] == [None, at("12-09 08:30")]


def test_what_is_urgent_goes_to_everybody_at_once_after_an_outage() -> None:
    found = verdicts("11-27 17:00", "12-05 22:00", URGENT)
    assert [code for code, end in found.items() if end == "goes"] == ["+1h reporter", "+1d leader", "+2d office"]


def test_a_step_with_no_speaking_hour_left_before_the_due_time_says_so() -> None:
    assert verdicts("11-27 08:00", "11-26 19:00")["-2h reporter"] == "NO_HOURS"


def test_two_people_on_one_rung_do_not_supersede_each_other() -> None:
    waiting = [Waiting(1, ONE_DAY, at("11-26 08:30"), 7), Waiting(2, ONE_DAY, at("11-26 08:30"), 8)]
    assert judge(waiting, at("11-27 17:00"), at("11-26 08:30"), TIMES) == [Verdict(1), Verdict(2)]


@pytest.mark.parametrize(
    ("step", "now", "expected"),
    [
        (ONE_DAY, "11-26 08:30", Verdict(1, until=at("11-27 08:30"))),
        (TWO_HOURS, "11-27 15:00", Verdict(1, Why.CAPPED)),
        (ONE_HOUR_LATE, "11-27 18:00", Verdict(1, until=at("11-30 08:30"))),
    ],
)
def test_whoever_was_told_enough_today_is_told_tomorrow_if_that_is_in_time(
    step: Step, now: str, expected: Verdict
) -> None:
    assert when_capped(Waiting(1, step, at(now)), at("11-27 17:00"), at(now), TIMES) == expected


@pytest.mark.parametrize(
    ("due", "near"),
    [("11-23 09:40", False), ("11-23 10:00", True), ("11-26 23:59", True), ("11-27 00:00", False)],
)
def test_near_is_what_falls_due_within_the_working_days(due: str, near: bool) -> None:
    assert is_near(to_ms(at(due)), at("11-23 09:41"), CALENDAR, 3) is near


MINUTES = st.integers(0, 400 * 24 * 60)
STEPS = st.builds(
    Step,
    st.integers(-10, 10).filter(bool),
    st.sampled_from(Span),
    st.sampled_from(Whom),
)
LADDERS = st.lists(STEPS, min_size=1, max_size=8, unique=True).map(tuple)
START = datetime(2026, 1, 1, tzinfo=ZONE)


def is_speaking_time(moment: datetime) -> bool:
    return TIMES.hours.next_allowed(moment, CALENDAR) == moment


@given(MINUTES, LADDERS)
def test_no_ladder_is_outside_hours_and_no_step_before_the_due_time_comes_after_it(
    minutes: int, ladder: tuple[Step, ...]
) -> None:
    due = START + timedelta(minutes=minutes)
    for rung in plan(due, LONG_AGO, ladder, TIMES):
        assert is_speaking_time(rung.moment)
        assert (rung.moment < due) == rung.step.is_before


@given(MINUTES, LADDERS, st.lists(st.integers(1, 10 * 24 * 60), min_size=1, max_size=40), st.booleans())
def test_with_any_outages_every_step_ends_once_in_hours_and_nobody_hears_a_step_twice(
    minutes: int, ladder: tuple[Step, ...], gaps: list[int], urgent: bool
) -> None:
    """The bot looks at random moments, up to ten days apart; then it is up for good."""
    times = replace(TIMES, urgent=urgent)
    due = START + timedelta(minutes=minutes)
    planned = plan(due, LONG_AGO, ladder, times)
    waiting = {number: Waiting(number, rung.step, rung.moment) for number, rung in enumerate(planned)}
    ended: set[int] = set()
    now = planned[0].moment - timedelta(minutes=1)
    for gap in (*gaps, *([0] * 100)):
        up_for_good = gap == 0 and waiting
        now = max(now, min(one.moment for one in waiting.values())) if up_for_good else now + timedelta(minutes=gap)
        gone: list[Whom] = []
        for verdict in judge([one for one in waiting.values() if one.moment <= now], due, now, times):
            assert verdict.id not in ended
            if verdict.until is not None:
                assert verdict.until > now
                waiting[verdict.id] = replace(waiting[verdict.id], moment=verdict.until)
                continue
            step = waiting.pop(verdict.id).step
            ended.add(verdict.id)
            if verdict.goes:
                assert urgent or is_speaking_time(now)
                assert now < due or not step.is_before
                gone.append(step.whom)
        assert len(set(gone)) == len(gone)
    assert ended == set(range(len(planned)))


def test_the_window_before_a_moment_is_found_across_a_holiday() -> None:
    assert TIMES.window_before(at("10-08 08:30")) == at("09-30 14:30")
    assert TIMES.window_before(at("10-08 08:31")) == at("10-08 08:30")
    every_day = Times(CALENDAR, SpeakingHours(((time(9), time(21)),), workdays_only=False))
    assert every_day.window_before(at("10-04 08:00")) == at("10-03 09:00")


def test_the_morning_of_a_day_is_where_its_hours_begin() -> None:
    assert TIMES.morning_of(date(2026, 11, 27)) == at("11-27 08:30")
