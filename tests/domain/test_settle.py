"""What a unit's quotas, base and forfeits are worth, span by span."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import pytest

from domain.measure.model import (
    BaseRule,
    Exempt,
    ForfeitRule,
    Grant,
    Head,
    OverQuotaRule,
    Per,
    ProportionalRule,
    Quota,
    QuotaMetRule,
    QuotaMissedRule,
    Rule,
    Where,
)
from domain.scoring.fact import Entry
from domain.scoring.record import Record
from domain.scoring.settle import settle
from tests.domain.measures import a_measure, a_record, earned, grant, happened, head, sent, used

NOV_30 = date(2026, 11, 30)
YEAR_END = date(2026, 12, 31)
FIVE_A_MONTH = Quota("submit", 5, "submitted", "month", grant(5))


def november(*days: int) -> tuple[date, ...]:
    return tuple(date(2026, 11, day) for day in days)


def settled(record: Record, rule: Rule, quota: Quota = FIVE_A_MONTH, upto: date = NOV_30) -> list[Entry]:
    """The entries of November (or of a longer span that ends with it)."""
    entries = settle(record, [a_measure(rule, quotas=[quota], first=date(2026, 11, 1))], upto)
    return [entry for entry in entries if entry.day.month == 11]


def told(entries: Sequence[Entry]) -> list[tuple[str, int]]:
    return [(entry.reason, entry.points) for entry in entries]


def missed(points: int = -50, *, lump: bool = False, quota: str = "submit") -> QuotaMissedRule:
    return QuotaMissedRule(head("missed"), quota, grant(points), lump)


def test_each_missing_item_costs_what_the_article_says_and_the_line_says_why() -> None:
    entries = settled(a_record(*sent(*november(3, 9, 20))), missed())
    assert told(entries) == [("11月报送3条，任务5条，差2条，每条扣0.5分", -100)]
    assert entries[0] == Entry(0, 0, 7, None, NOV_30, "missed@2026-11", "第六条", entries[0].reason, -100, "任务分")


def test_a_lump_costs_the_same_however_many_are_missing() -> None:
    assert told(settled(a_record(), missed(-200, lump=True))) == [("11月报送0条，任务5条，扣2分", -200)]


def test_a_quota_that_is_met_costs_nothing() -> None:
    assert settled(a_record(*sent(*november(1, 2, 3, 4, 30))), missed()) == []


def test_a_month_that_is_not_over_is_not_judged() -> None:
    assert settled(a_record(), missed(), upto=date(2026, 11, 29)) == []


def test_nothing_follows_from_missing_what_is_only_encouraged() -> None:
    encouraged = Quota("submit", 5, "submitted", "month", grant(5), encouraged=True)
    assert settled(a_record(), missed(), encouraged) == []
    assert settled(a_record(), missed(lump=True), encouraged) == []


def test_fifteen_a_year_bring_fifty_points_and_fourteen_bring_none() -> None:
    quota = Quota("submit", 5, "submitted", "year", grant(15))
    rule = QuotaMetRule(head("threshold"), "submit", grant(5000))
    days = [date(2026, 1, 5) + timedelta(days=20 * n) for n in range(15)]
    year = [a_measure(rule, quotas=[quota])]
    assert told(settle(a_record(*sent(*days)), year, YEAR_END)) == [("全年报送15条，任务15条，完成任务，计50分", 5000)]
    assert settle(a_record(*sent(*days[:14])), year, YEAR_END) == []


def test_each_item_above_the_quota_brings_its_points() -> None:
    rule = OverQuotaRule(head("over"), "submit", grant(100))
    entries = settled(a_record(*sent(*november(1, 2, 3, 4, 5, 6, 7, 8))), rule)
    assert told(entries) == [("11月报送8条，任务5条，超3条，每条加1分", 300)]


def test_a_class_without_a_number_in_the_table_is_asked_nothing() -> None:
    quota = Quota("submit", 5, "submitted", "month", Grant(-1, "class", {"部门": 5}))
    assert settled(a_record(), missed(), quota) == []


def test_a_quota_of_other_classes_and_a_rule_of_other_classes_leave_a_unit_alone() -> None:
    of_others = Quota("submit", 5, "submitted", "month", grant(5), classes=("部门",))
    assert settled(a_record(), missed(), of_others) == []
    rule = QuotaMissedRule(head("missed", classes=("部门",)), "submit", grant(-50))
    assert settled(a_record(), rule) == []


def test_a_quota_by_unit_is_found_by_the_units_name() -> None:
    quota = Quota(
        "points", 5, "points", "year", Grant(-1, "unit", {"城关镇": 600, "平桥镇": 400}), categories=("采用分",)
    )
    rule = QuotaMissedRule(head("missed"), "points", grant(-100))
    record = a_record(entries=[earned(date(2026, 5, 1), 450), earned(date(2026, 5, 2), 900, "批示分")])
    entries = settle(record, [a_measure(rule, quotas=[quota])], YEAR_END)
    assert told(entries) == [("全年采用分得4.5分，任务6分，差1分，每分扣1分", -100)]


def test_only_what_the_quota_names_is_counted() -> None:
    chosen = Quota("submit", 5, "adopted", "month", grant(2), Where(journals=("DAILY",), forms=("简讯",)))
    record = a_record(
        *used(*november(1), form="简讯"), *used(*november(2)), *used(*november(3), journal="PROVINCE", form="简讯")
    )
    assert told(settled(record, missed(), chosen)) == [
        ("11月《每日要情》采用简讯1条，任务2条，差1条，每条扣0.5分", -50)
    ]


def test_a_quota_by_kind_counts_items_of_that_kind_alone() -> None:
    long_pieces = Quota("submit", 5, "submitted", "quarter", grant(1), kinds=("长篇信息",))
    record = a_record(*sent(*november(1), kind="动态类"))
    entries = settle(record, [a_measure(missed(), quotas=[long_pieces])], YEAR_END)
    assert entries[-1].reason == "四季度报送长篇信息0条，任务1条，差1条，每条扣0.5分"
    assert [entry.code for entry in entries] == [f"missed@2026Q{n}" for n in (1, 2, 3, 4)]


RATE = Quota("rate", 5, "rate", "month", grant(3000))


def test_a_rate_below_the_floor_costs_a_lump_with_its_figures() -> None:
    record = a_record(*sent(*november(1, 2, 3, 4, 5, 6, 7)), *used(*november(8, 9)))
    words = "11月采用率28.6%（报送7条、采用2条），要求不低于30.0%，扣2分"
    assert told(settled(record, missed(-200, lump=True, quota="rate"), RATE)) == [(words, -200)]


def test_a_rate_costs_by_the_whole_percentage_point_where_it_says_so() -> None:
    record = a_record(*sent(*november(1, 2, 3, 4, 5, 6, 7)), *used(*november(8)))
    entries = settled(record, missed(-10, quota="rate"), RATE)
    assert entries[0].points == -150
    assert entries[0].reason.endswith("差15个百分点，每个百分点扣0.1分")


def test_who_sent_nothing_has_no_rate_and_the_measure_says_how_that_is_judged() -> None:
    below = Quota("rate", 5, "rate", "month", grant(3000), nothing_sent="below")
    rule = missed(-200, lump=True, quota="rate")
    assert settled(a_record(), rule, RATE) == []
    assert told(settled(a_record(), rule, below)) == [("11月没有报送，采用率按低于30.0%处理，扣2分", -200)]


@pytest.mark.parametrize(
    ("done", "points", "ending"),
    [
        (0, 0, "按完成比例计基准分100分中的0分"),
        (2, 6667, "按完成比例计基准分100分中的66.67分"),
        (3, 10000, "完成任务，计基准分100分"),
        (4, 10000, "完成任务，计基准分100分"),
    ],
)
def test_a_proportional_base_is_rounded_to_the_hundredth_and_never_above_the_base(
    done: int, points: int, ending: str
) -> None:
    quota = Quota("submit", 5, "submitted", "month", grant(3))
    entries = settled(
        a_record(*sent(*november(*range(1, done + 1)))), ProportionalRule(head("base"), "submit", grant(10000)), quota
    )
    assert entries[0].points == points
    assert entries[0].reason == f"11月报送{done}条，任务3条，{ending}"


def test_points_below_zero_are_no_part_of_a_proportional_base() -> None:
    quota = Quota("points", 5, "points", "month", grant(400))
    rule = ProportionalRule(head("share"), "points", grant(10000))
    record = a_record(entries=[earned(november(3)[0], -200)])
    assert [entry.points for entry in settled(record, rule, quota)] == [0]
    nothing_asked = Quota("points", 5, "points", "month", grant(0))
    assert [entry.points for entry in settled(record, rule, nothing_asked)] == [10000]


def test_a_base_is_there_from_the_first_day_of_its_span() -> None:
    measures = [a_measure(BaseRule(head("base", category="基础分"), grant(10000), "year"))]
    entries = settle(a_record(), measures, date(2026, 1, 1))
    assert [(entry.day, entry.code, entry.points, entry.reason) for entry in entries] == [
        (date(2026, 1, 1), "base@2026", 10000, "全年基础分100分")
    ]
    assert settle(a_record(), measures, YEAR_END) == entries


def test_a_base_begins_with_the_measure_when_that_begins_within_the_year() -> None:
    measures = [a_measure(BaseRule(head("base"), grant(10000), "year"), first=date(2026, 3, 1))]
    assert settle(a_record(), measures, date(2026, 2, 28)) == []
    assert [entry.day for entry in settle(a_record(), measures, YEAR_END)] == [date(2026, 3, 1)]


def test_a_measure_that_changes_in_the_year_does_not_grant_the_years_base_twice() -> None:
    old = a_measure(BaseRule(head("base"), grant(10000), "year"), name="old")
    new = a_measure(BaseRule(head("base"), grant(8000), "year"), name="new", first=date(2026, 7, 1))
    assert [entry.points for entry in settle(a_record(), [new, old], YEAR_END)] == [10000]


def test_each_month_is_judged_under_the_measure_of_its_last_day() -> None:
    old = a_measure(missed(-50), quotas=[FIVE_A_MONTH], name="old")
    new = a_measure(missed(-100), quotas=[FIVE_A_MONTH], name="new", first=date(2026, 6, 15))
    entries = settle(a_record(), [old, new], date(2026, 7, 31))
    assert [entry.points for entry in entries] == [-250] * 5 + [-500] * 2


def test_a_week_belongs_to_the_month_of_its_last_day() -> None:
    weekly = Quota("submit", 5, "submitted", "week", grant(1))
    measures = [a_measure(missed(), quotas=[weekly])]
    codes = {entry.day: entry.code for entry in settle(a_record(), measures, YEAR_END)}
    assert codes[date(2026, 1, 4)] == "missed@2026W01"
    assert codes[date(2026, 11, 1)] == "missed@2026W44"
    assert max(codes) == date(2026, 12, 27)
    in_the_week_before = a_record(*sent(date(2025, 12, 30)))
    assert date(2026, 1, 4) not in {entry.day for entry in settle(in_the_week_before, measures, YEAR_END)}


@pytest.mark.parametrize(("per", "number"), [("week", 52), ("month", 12), ("quarter", 4), ("half", 2), ("year", 1)])
def test_every_span_has_a_code_of_its_own(per: Per, number: int) -> None:
    quota = Quota("submit", 5, "submitted", per, grant(1))
    codes = [entry.code for entry in settle(a_record(), [a_measure(missed(), quotas=[quota])], YEAR_END)]
    assert len(set(codes)) == len(codes) == number


def test_with_a_late_report_the_months_base_is_lost_and_what_was_lost_there_before_stays_lost() -> None:
    rules = (
        BaseRule(head("base", category="基础分"), grant(1000), "month"),
        ForfeitRule(head("forfeit", article=9), ("urgent.late",), ("基础分",), "month"),
    )
    entries = settle(a_record(events=happened("urgent.late", *november(12, 20))), [a_measure(*rules)], NOV_30)
    lost = [entry for entry in entries if entry.code.startswith("forfeit")]
    assert told(lost) == [("11月紧急信息迟报2次，取消11月基础分10分", -1000)]
    assert (lost[0].category, lost[0].article, lost[0].code) == ("基础分", "第九条", "forfeit@2026-11")
    penalty = earned(november(13)[0], -1500, "基础分")
    record = a_record(entries=[penalty], events=happened("urgent.late", *november(12)))
    assert not [entry for entry in settle(record, [a_measure(*rules)], NOV_30) if entry.code.startswith("forfeit")]


def test_a_forfeit_takes_each_category_by_a_line_of_its_own() -> None:
    rule = ForfeitRule(head("forfeit"), ("培训",), ("采用分", "批示分"), "month")
    entries = [earned(november(1)[0], 300), earned(november(2)[0], 500, "批示分")]
    record = a_record(entries=entries, events=happened("培训", *november(9)))
    assert [(entry.code, entry.category, entry.points) for entry in settled(record, rule)] == [
        ("forfeit@2026-11/采用分", "采用分", -300),
        ("forfeit@2026-11/批示分", "批示分", -500),
    ]


def test_of_two_forfeits_of_the_same_points_only_one_takes_them() -> None:
    by_month = ForfeitRule(head("m"), ("urgent.late",), ("采用分",), "month")
    by_year = ForfeitRule(head("y"), ("urgent.late",), ("采用分",), "year")
    record = a_record(entries=[earned(november(1)[0], 300)], events=happened("urgent.late", *november(9)))
    entries = settle(record, [a_measure(by_year, by_month)], YEAR_END)
    assert [(entry.code, entry.points) for entry in entries] == [("m@2026-11", -300)]


def test_a_unit_exempt_in_a_month_is_not_judged_by_its_quota() -> None:
    clause = Exempt(12, ("城关镇",), date(2026, 1, 1), date(2026, 11, 30))
    measure = a_measure(missed(), quotas=[FIVE_A_MONTH], exempt=(clause,))
    assert [entry.day for entry in settle(a_record(), [measure], YEAR_END)] == [YEAR_END]


def test_a_unit_outside_all_classes_is_not_assessed() -> None:
    measure = a_measure(missed(), quotas=[FIVE_A_MONTH])
    assert settle(a_record(unit_class=""), [measure], YEAR_END) == []


def test_what_is_only_reported_is_shown_with_nothing() -> None:
    rule = QuotaMissedRule(Head("missed", 6, "任务分", report_only=True), "submit", grant(-50))
    assert told(settled(a_record(), rule)) == [("11月报送0条，任务5条，差5条，每条扣0.5分，只登记不计分", 0)]


def test_without_a_measure_nothing_is_settled() -> None:
    assert settle(a_record(), [], YEAR_END) == []
