"""Caps, floors and zeroing, month by month, and the laws that hold for any year."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from domain.measure.model import (
    BaseRule,
    ForfeitRule,
    LimitRule,
    Measure,
    Per,
    ProportionalRule,
    Quota,
    QuotaMetRule,
    QuotaMissedRule,
    ZeroOutRule,
)
from domain.scoring.fact import Entry, Fact
from domain.scoring.record import Counted, Record
from domain.scoring.settle import settle
from domain.scoring.spans import span_of, spans_of
from tests.domain.measures import TOWN, UNIT, a_measure, a_record, earned, grant, happened, head, sent

YEAR_END = date(2026, 12, 31)


def on(month: int, day: int = 10) -> date:
    return date(2026, month, day)


def limit(
    per: Per, floor: int | None = None, cap: int | None = None, *categories: str, code: str = "limit"
) -> LimitRule:
    return LimitRule(head(code, 8, "加减分"), categories, per, floor, cap)


def lines(record: Record, *measures: Measure, upto: date = YEAR_END) -> list[tuple[int, int, str]]:
    return [(entry.day.month, entry.points, entry.reason) for entry in settle(record, measures, upto)]


def standing(record: Record, settled: Sequence[Entry], upto: date, first: date = date(2026, 1, 1)) -> int:
    """The points somebody reads on a board from `first` to `upto`."""
    return sum(entry.points for entry in (*record.entries, *settled) if first <= entry.day <= upto)


def test_twelve_full_months_bring_the_120_points_of_the_year_and_no_more() -> None:
    quota = Quota("submit", 5, "submitted", "month", grant(1))
    rules = (
        QuotaMetRule(head("met", category="报送分"), "submit", grant(1000)),
        limit("month", None, 1000, "报送分", code="monthly"),
        limit("year", None, 12000, "报送分", code="yearly"),
    )
    record = a_record(*sent(*(on(month) for month in range(1, 13))))
    settled = settle(record, [a_measure(*rules, quotas=[quota])], YEAR_END)
    assert standing(record, settled, YEAR_END) == 12000
    assert len(settled) == 12


def test_what_a_month_brings_above_its_cap_is_taken_off_in_the_column_it_stands_in() -> None:
    record = a_record(entries=[earned(on(3), 900), earned(on(3, 20), 400), earned(on(4), 500, "批示分")])
    settled = settle(record, [a_measure(limit("month", None, 1000, "采用分"))], YEAR_END)
    assert [(entry.day, entry.code, entry.category, entry.points, entry.reason) for entry in settled] == [
        (on(3, 31), "limit@2026-03", "采用分", -300, "3月采用分合计13分，每月最高10分，扣减3分")
    ]


def test_a_years_cap_holds_at_every_months_end_and_gives_back_what_a_later_penalty_made_needless() -> None:
    record = a_record(entries=[earned(on(1), 13000), earned(on(2), -500), earned(on(3), -2000)])
    assert lines(record, a_measure(limit("year", None, 12000))) == [
        (1, -1000, "1月总分合计130分，全年最高120分，扣减10分"),
        (2, 500, "1-2月总分合计125分，全年最高120分，退回此前扣减的5分"),
        (3, 500, "1-3月总分合计105分，全年最高120分，退回此前扣减的5分"),
    ]


def test_a_floor_lifts_a_year_below_zero_and_takes_the_lift_back_when_points_come() -> None:
    record = a_record(entries=[earned(on(1), -2000), earned(on(2), 3000)])
    assert lines(record, a_measure(limit("year", 0))) == [
        (1, 2000, "1月总分合计-20分，全年最低0分，补足20分"),
        (2, -2000, "1-2月总分合计10分，全年最低0分，冲回此前补足的20分"),
    ]


def test_a_line_names_the_bound_that_was_passed() -> None:
    record = a_record(entries=[earned(on(1), 11500), earned(on(2), -12000), earned(on(3), 2000)])
    assert [reason for _, _, reason in lines(record, a_measure(limit("year", 0, 11000)))] == [
        "1月总分合计115分，全年最高110分，扣减5分",
        "1-2月总分合计-5分，全年最低0分，补足10分",
        "1-3月总分合计15分，全年最高110分、最低0分，冲回此前补足的5分",
    ]


def test_a_weekly_cap_counts_the_days_of_the_month_before() -> None:
    record = a_record(entries=[earned(date(2026, 6, 29), 300), earned(date(2026, 7, 2), 300)])
    settled = settle(record, [a_measure(limit("week", None, 400))], YEAR_END)
    assert [(entry.day, entry.code, entry.points) for entry in settled] == [(date(2026, 7, 5), "limit@2026W27", -200)]


def test_the_limit_of_all_points_comes_after_those_of_a_category() -> None:
    rules = (limit("year", None, 1000, code="all"), limit("year", None, 800, "采用分", code="some"))
    record = a_record(entries=[earned(on(1), 900), earned(on(1, 11), 300, "批示分")])
    assert [points for _, points, _ in lines(record, a_measure(*rules))] == [-100, -100]


def test_what_the_limit_of_an_earlier_measure_took_stays_taken_unless_it_goes_on_under_its_code() -> None:
    old = a_measure(limit("year", None, 12000, code="cap"), name="old")
    record = a_record(entries=[earned(on(6), 13000), earned(on(7), 3000)])
    another = a_measure(limit("year", None, 20000, code="another"), name="new", first=on(7, 1))
    assert [points for _, points, _ in lines(record, old, another)] == [-1000]
    the_same = a_measure(limit("year", None, 20000, code="cap"), name="new", first=on(7, 1))
    assert [points for _, points, _ in lines(record, old, the_same)] == [-1000, 1000]


ZERO = ZeroOutRule(head("zero", 11, "加减分"), ("commission.missed",), 2)


def test_the_second_missed_commission_sets_the_year_to_zero_and_keeps_it_there() -> None:
    record = a_record(
        entries=[earned(on(3), 3500), earned(on(9), 800)], events=happened("commission.missed", on(4), on(6))
    )
    assert lines(record, a_measure(ZERO)) == [
        (6, -3500, "1-6月约稿未报2次，达到2次，全年按零分处理，累计35分归零"),
        (9, -800, "1-9月约稿未报2次，达到2次，全年按零分处理，累计8分归零"),
    ]


def test_one_missed_commission_is_not_two() -> None:
    record = a_record(entries=[earned(on(3), 3500)], events=happened("commission.missed", on(4)))
    assert lines(record, a_measure(ZERO)) == []
    assert lines(a_record(events=happened("commission.late", on(4), on(5))), a_measure(ZERO)) == []


def test_no_floor_lifts_a_year_that_was_set_to_zero_and_no_penalty_leaves_it_below() -> None:
    record = a_record(entries=[earned(on(3), -500)], events=happened("commission.missed", on(4), on(6)))
    settled = settle(record, [a_measure(ZERO, limit("year", 1000))], YEAR_END)
    at_months_ends = [standing(record, settled, month.last) for month in spans_of(2026, "month")]
    assert at_months_ends == [1000] * 5 + [0] * 7


DAYS = st.integers(0, 364).map(lambda n: date(2026, 1, 1) + timedelta(days=n))
CATEGORIES = ("采用分", "报送分")
ENTRIES = st.lists(st.builds(earned, DAYS, st.integers(-3000, 3000), st.sampled_from(CATEGORIES)), max_size=25)
ITEMS = st.lists(st.builds(Counted, DAYS, st.sampled_from(("submitted", "adopted"))), max_size=40)
EVENTS = st.lists(
    st.builds(
        lambda day, event: Fact(-1, "event", 0, day, (UNIT,), None, detail=event),
        DAYS,
        st.sampled_from(("urgent.late", "commission.missed")),
    ),
    max_size=4,
)
RECORDS = st.builds(
    lambda items, entries, events: a_record(*items, entries=entries, events=events), ITEMS, ENTRIES, EVENTS
)
PERS = st.sampled_from(("week", "month", "quarter", "half", "year"))
LEAST = st.integers(0, 5)


def _a_busy_measure(per: Per, least: int, cap: int, floor: int) -> tuple[Measure, Measure]:
    """Every kind of rule at once, and another wording of it from the middle of the year."""
    quotas = [
        Quota("submit", 5, "submitted", per, grant(least)),
        Quota("rate", 5, "rate", per, grant(5000), nothing_sent="below"),
    ]
    rules = (
        BaseRule(head("base", category="报送分"), grant(500), per),
        QuotaMetRule(head("met", category="报送分"), "submit", grant(300)),
        QuotaMissedRule(head("missed"), "submit", grant(-50)),
        QuotaMissedRule(head("rate"), "rate", grant(-7)),
        ProportionalRule(head("share"), "submit", grant(1000)),
        ForfeitRule(head("forfeit"), ("urgent.late",), ("报送分", "采用分"), per),
    )
    limits = (
        limit("month", floor, cap, "采用分", code="month-some"),
        limit("year", floor, 3 * cap, "采用分", code="year-some"),
        limit("month", floor, 2 * cap, code="month-all"),
        limit("year", floor, 5 * cap, code="year-all"),
    )
    old = a_measure(*rules, *limits, quotas=quotas, name="old")
    return old, a_measure(*rules, *limits[2:], quotas=quotas, name="new", first=date(2026, 5, 12), classes=(TOWN,))


MEASURES = st.builds(_a_busy_measure, PERS, LEAST, st.integers(0, 2000), st.integers(-2000, 0))


@settings(max_examples=60, deadline=None)
@given(record=RECORDS, measures=MEASURES, data=st.data())
def test_the_order_of_what_happened_does_not_matter(
    record: Record, measures: tuple[Measure, Measure], data: st.DataObject
) -> None:
    shuffled = Record(
        record.unit_id,
        record.year,
        record.unit_class,
        tuple(data.draw(st.permutations(record.items))),
        tuple(data.draw(st.permutations(record.entries))),
        tuple(data.draw(st.permutations(record.events))),
        record.unit_names,
    )
    assert settle(shuffled, measures[::-1], YEAR_END) == settle(record, measures, YEAR_END)


@settings(max_examples=60, deadline=None)
@given(record=RECORDS, measures=MEASURES, upto=DAYS)
def test_settling_up_to_a_day_knows_nothing_of_later_and_is_kept_by_settling_once(
    record: Record, measures: tuple[Measure, Measure], upto: date
) -> None:
    known = Record(
        record.unit_id,
        record.year,
        record.unit_class,
        tuple(item for item in record.items if item.day <= upto),
        tuple(entry for entry in record.entries if entry.day <= upto),
        tuple(event for event in record.events if event.day <= upto),
        record.unit_names,
    )
    whole = settle(record, (*measures, a_measure(ZERO, name="zero", first=on(10))), YEAR_END)
    part = settle(known, (*measures, a_measure(ZERO, name="zero", first=on(10))), upto)
    assert part == [entry for entry in whole if entry.day <= upto]


@settings(max_examples=60, deadline=None)
@given(record=RECORDS, measures=MEASURES)
def test_at_no_months_end_does_a_sum_leave_its_limits(record: Record, measures: tuple[Measure, Measure]) -> None:
    settled = settle(record, measures, YEAR_END)
    for month in spans_of(2026, "month"):
        measure = measures[month.last >= measures[1].effective_from]
        for rule in measure.rules:
            if isinstance(rule, LimitRule) and not rule.categories:
                points = standing(record, settled, month.last, span_of(month.last, rule.per).first)
                assert rule.floor is not None
                assert rule.cap is not None
                assert rule.floor <= points <= rule.cap


@settings(max_examples=40, deadline=None)
@given(record=RECORDS, cap=st.integers(0, 2000), floor=st.integers(-2000, 0))
def test_a_column_stays_within_its_limits_too(record: Record, cap: int, floor: int) -> None:
    rules = (limit("month", floor, cap, "采用分", code="month"), limit("year", floor, 3 * cap, "采用分", code="year"))
    settled = settle(record, [a_measure(*rules)], YEAR_END)
    column = [entry for entry in (*record.entries, *settled) if entry.category == "采用分"]
    for month in spans_of(2026, "month"):
        by_year = sum(entry.points for entry in column if entry.day <= month.last)
        by_month = sum(entry.points for entry in column if month.first <= entry.day <= month.last)
        assert floor <= by_year <= 3 * cap
        assert floor <= by_month <= cap


@settings(max_examples=40, deadline=None)
@given(record=RECORDS, measures=MEASURES)
def test_a_year_with_two_missed_commissions_is_exactly_zero_from_then_on(
    record: Record, measures: tuple[Measure, Measure]
) -> None:
    zeroing = a_measure(*measures[0].rules, ZERO, quotas=list(measures[0].quotas.values()))
    settled = settle(record, [zeroing], YEAR_END)
    missed = sorted(event.day for event in record.events if event.detail == "commission.missed")
    for month in spans_of(2026, "month"):
        if len(missed) >= 2 and missed[1] <= month.last:
            assert standing(record, settled, month.last) == 0


@settings(max_examples=40, deadline=None)
@given(record=RECORDS, measures=MEASURES)
def test_no_two_settlements_have_one_code(record: Record, measures: tuple[Measure, Measure]) -> None:
    codes = [entry.code for entry in settle(record, measures, YEAR_END)]
    assert len(set(codes)) == len(codes)
