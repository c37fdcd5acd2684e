"""How far somebody is with a quota on a day: what should be done, what is done, what is missing."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.measure.model import Exempt, Grant, Measure, Quota
from domain.progress import Progress, progress
from domain.scoring.record import Record
from domain.workday import load_builtin
from tests.domain.measures import TOWN, a_measure, a_record, earned, grant, sent, used

CALENDAR = load_builtin()
YEARLY = Quota("year", 5, "submitted", "year", grant(120))
FLOOR = Quota("rate", 6, "rate", "year", grant(7500))


def on(record: Record, day: date, *quotas: Quota, measure: Measure | None = None) -> list[Progress]:
    return progress(record, [measure or a_measure(quotas=quotas)], day, CALENDAR)


def days(count: int, first: date = date(2026, 1, 5)) -> list[date]:
    return [first + timedelta(days=n % 200) for n in range(count)]


def test_a_section_reads_what_it_should_have_done_by_now_and_what_it_has() -> None:
    (state,) = on(a_record(*sent(*days(90))), date(2026, 10, 31), YEARLY)
    assert state.words == f"全年报送：任务120条，应完成{state.due}条，已完成90条，差{state.due - 90}条"
    assert 96 <= state.due <= 101
    assert state.article == "第五条"


def test_a_holiday_makes_nobody_fall_behind() -> None:
    before = on(a_record(), date(2026, 9, 30), YEARLY)[0]
    after = on(a_record(), date(2026, 10, 7), YEARLY)[0]
    assert (before.due, before.span.label) == (after.due, "全年")


def test_at_the_end_of_the_span_all_of_it_is_due() -> None:
    monthly = Quota("month", 5, "submitted", "month", grant(5))
    (state,) = on(a_record(*sent(date(2026, 11, 3))), date(2026, 11, 30), monthly)
    assert state.words == "11月报送：任务5条，应完成5条，已完成1条，差4条"
    assert state.behind


def test_who_is_ahead_misses_nothing() -> None:
    quarterly = Quota("quarter", 5, "adopted", "quarter", grant(6))
    (state,) = on(a_record(*used(*days(4, date(2026, 10, 8)))), date(2026, 11, 13), quarterly)
    assert not state.behind
    assert state.words.endswith("已完成4条")
    assert state.words.startswith("四季度采用：任务6条，应完成2条")


def test_what_happens_later_is_not_known_yet() -> None:
    (state,) = on(a_record(*sent(date(2026, 11, 20))), date(2026, 11, 19), YEARLY)
    assert state.done == 0


def test_the_adoption_floor_holds_at_any_time_and_says_how_many_more_would_do() -> None:
    record = a_record(*sent(*days(44)), *used(*days(30)))
    (state,) = on(record, date(2026, 10, 31), FLOOR)
    assert state.words == "全年采用率：要求不低于75.0%，现为68.2%（报送44条、采用30条），再采用3条可达到"
    (reached,) = on(a_record(*sent(*days(44)), *used(*days(33))), date(2026, 10, 31), FLOOR)
    assert not reached.behind


def test_a_rate_of_nothing_is_told_only_where_the_measure_judges_it() -> None:
    assert on(a_record(), date(2026, 10, 31), FLOOR) == []
    judged = Quota("rate", 6, "rate", "year", grant(7500), nothing_sent="below")
    (state,) = on(a_record(), date(2026, 10, 31), judged)
    assert state.words == "全年采用率：要求不低于75.0%，还没有报送"


def test_points_are_told_in_points() -> None:
    quota = Quota("points", 5, "points", "month", grant(1000), categories=("采用分",), encouraged=True)
    (state,) = on(a_record(entries=[earned(date(2026, 11, 3), 250)]), date(2026, 11, 30), quota)
    assert state.words == "11月采用分得分：鼓励10分，应完成10分，已完成2.5分，差7.5分"


@pytest.mark.parametrize("quota", [Quota("q", 5, "submitted", "year", Grant(-1, "class", {"部门": 9})), FLOOR])
def test_who_is_asked_nothing_or_is_exempt_has_no_progress(quota: Quota) -> None:
    clause = Exempt(12, ("城关镇",), date(2026, 1, 1), None)
    assert on(a_record(), date(2026, 10, 31), quota) == []
    exempt = a_measure(quotas=[YEARLY], exempt=(clause,))
    assert on(a_record(), date(2026, 10, 31), measure=exempt) == []


def test_without_a_measure_nothing_is_asked() -> None:
    assert progress(a_record(unit_class=TOWN), [], date(2026, 10, 31), CALENDAR) == []


@given(asked=st.integers(0, 500), offset=st.integers(0, 363))
def test_what_is_due_never_shrinks_and_ends_with_what_is_asked(asked: int, offset: int) -> None:
    quota = Quota("year", 5, "submitted", "year", grant(asked))
    day = date(2026, 1, 1) + timedelta(days=offset)
    today, tomorrow, last = (on(a_record(), one, quota)[0].due for one in (day, day + timedelta(1), date(2026, 12, 31)))
    assert 0 <= today <= tomorrow <= last == asked
