"""The life of a period: which step leads where, who takes it, and what stands in its way."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from domain.cycle import (
    NEXT,
    RULES,
    State,
    Step,
    appeals_until,
    check,
    check_order,
    check_whole,
    objections_until,
)
from domain.errors import BadInput, NotAllowed, WrongState
from domain.moment import ZONE
from domain.period import Period, month_of, parse_period
from domain.roster import Person, Post, Role
from domain.workday import load_builtin

NOVEMBER = month_of(date(2026, 11, 1))
DECEMBER_1 = date(2026, 12, 1)


def somebody(role: Role) -> Person:
    return Person(1, "某人", "", (Post(1, role),))


CHIEF, CLERK = somebody(Role.OFFICE_HEAD), somebody(Role.OFFICE)


def test_the_steps_lead_from_open_to_published_in_one_line() -> None:
    state, taken = State.OPEN, []
    while (step := NEXT.get(state)) is not None:
        state = check(step, state, NOVEMBER, CHIEF, DECEMBER_1)
        taken.append(step.value)
    assert taken == ["截止", "计分", "核对", "冻结", "签发", "通报"]
    assert state is State.PUBLISHED


@pytest.mark.parametrize("state", [State.CUT_OFF, State.COMPUTED, State.SHOWN])
def test_a_period_is_computed_again_until_it_is_frozen(state: State) -> None:
    assert check(Step.COMPUTE, state, NOVEMBER, CLERK, DECEMBER_1) is State.COMPUTED


@pytest.mark.parametrize("state", [State.FROZEN, State.SIGNED, State.PUBLISHED])
@pytest.mark.parametrize("step", [Step.CUT_OFF, Step.COMPUTE, Step.SHOW, Step.FREEZE])
def test_nothing_leads_back_from_a_frozen_period(state: State, step: Step) -> None:
    assert state.is_closed
    with pytest.raises(WrongState):
        check(step, state, NOVEMBER, CHIEF, DECEMBER_1)


def test_only_the_chief_freezes_and_signs() -> None:
    for_the_chief = {step for step, rule in RULES.items() if Role.OFFICE not in rule.who}
    assert for_the_chief == {Step.FREEZE, Step.SIGN}
    with pytest.raises(NotAllowed, match="/考评 冻结"):
        check(Step.FREEZE, State.SHOWN, NOVEMBER, CLERK, DECEMBER_1)


def test_a_reporter_takes_no_step_at_all() -> None:
    for step, rule in RULES.items():
        with pytest.raises(NotAllowed):
            check(step, rule.before[0], NOVEMBER, somebody(Role.REPORTER), DECEMBER_1)


def test_a_step_out_of_turn_says_which_one_is_next() -> None:
    with pytest.raises(WrongState, match="2026年11月考评现在是“登记中”，不能冻结。下一步是“截止”。"):
        check(Step.FREEZE, State.OPEN, NOVEMBER, CHIEF, DECEMBER_1)


def test_a_month_is_cut_off_when_it_is_over_and_not_before() -> None:
    with pytest.raises(BadInput, match="2026年11月还没有过完，12-01 起可以截止。"):
        check(Step.CUT_OFF, State.OPEN, NOVEMBER, CLERK, date(2026, 11, 30))
    assert check(Step.CUT_OFF, State.OPEN, NOVEMBER, CLERK, DECEMBER_1) is State.CUT_OFF


@pytest.mark.parametrize("words", ["11月", "1-2月", "四季度", "上半年", "2026年"])
def test_whole_months_of_a_year_are_settled(words: str) -> None:
    check_whole(parse_period(words, date(2026, 11, 23)))


def test_a_span_of_single_days_is_not_settled() -> None:
    with pytest.raises(BadInput, match="考评按整月办理"):
        check_whole(Period(date(2026, 7, 1), date(2026, 10, 9), "7月1日至10月9日"))


def test_a_period_is_not_frozen_over_the_head_of_an_earlier_one() -> None:
    october = month_of(date(2026, 10, 1))
    with pytest.raises(BadInput, match="请先冻结2026年10月，再冻结2026年11月"):
        check_order(NOVEMBER, [(october, State.SHOWN)])
    check_order(NOVEMBER, [(october, State.PUBLISHED), (NOVEMBER, State.SHOWN)])
    check_order(october, [(NOVEMBER, State.SHOWN)])


def test_a_quarter_is_not_frozen_over_the_head_of_its_last_month() -> None:
    december, quarter = month_of(date(2026, 12, 1)), parse_period("四季度", date(2026, 12, 31))
    with pytest.raises(BadInput, match="请先冻结2026年12月，再冻结2026年四季度"):
        check_order(quarter, [(december, State.COMPUTED)])
    check_order(december, [(quarter, State.COMPUTED)])


def test_the_units_have_until_the_end_of_the_second_working_day() -> None:
    shown_on_a_thursday = datetime(2026, 12, 3, 15, 0, tzinfo=ZONE)
    assert objections_until(shown_on_a_thursday, load_builtin()) == datetime(2026, 12, 7, 17, 30, tzinfo=ZONE)


def test_after_freezing_a_unit_may_appeal_for_a_working_week() -> None:
    assert appeals_until(date(2026, 12, 8), load_builtin()) == date(2026, 12, 15)
