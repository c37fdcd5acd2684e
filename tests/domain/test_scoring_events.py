"""What events of a unit bring and cost: fixed points, conditions, values somebody decides."""

from __future__ import annotations

from datetime import date

import pytest

from domain.scoring import Entry, Fact, score_event
from tests.domain.items import BUREAU, COUNTY, MARCH, POINT, a_measure, adoption, class_of

RULES = """
[[rule]]
kind = "event"
article = 9
events = ["urgent.late", "urgent.missed"]
points = -20
[[rule]]
kind = "event"
article = 9
events = ["urgent.late"]
only_if = "criticised"
points = -100
[[rule]]
kind = "event"
article = 9
events = ["培训"]
by_class = { "县区" = 2, "部门" = 1 }
[[rule]]
kind = "discretion"
article = 9
events = ["取材较多"]
lowest = -5
highest = 10
[[rule]]
kind = "commission"
outcome = "done"
article = 6
points = 2
[[rule]]
kind = "zero_out"
article = 4
events = ["commission.missed"]
at_least = 2
[[veto]]
article = 5
events = ["urgent.concealed"]
[[rollup]]
article = 10
classes = ["直报点"]
categories = ["加减分"]
"""
MEASURE = a_measure(RULES)


def happened(
    number: int, detail: str, unit: int = COUNTY, *, day: date = MARCH, points: int | None = None, about: str = ""
) -> Fact:
    return Fact(number, "event", 0, day, (unit,), None, points=points, detail=detail, issue=about)


def scored(fact: Fact, *others: Fact) -> list[Entry]:
    return score_event(fact, [fact, *others], [MEASURE], class_of, parent_of)


def parent_of(unit_id: int, day: date) -> int | None:
    return COUNTY if unit_id == POINT else None


@pytest.mark.parametrize(
    ("detail", "unit", "points", "code", "article"),
    [
        ("urgent.late", COUNTY, -2000, "event:urgent.late+urgent.missed", "第九条"),
        ("urgent.missed", COUNTY, -2000, "event:urgent.late+urgent.missed", "第九条"),
        ("培训", COUNTY, 200, "event:培训:县区+部门", "第九条"),
        ("培训", BUREAU, 100, "event:培训:县区+部门", "第九条"),
        ("培训", POINT, 0, "unlisted", ""),
        ("commission.done", BUREAU, 200, "commission:done", "第六条"),
        ("commission.missed", BUREAU, 0, "noted", "第四条"),
        ("urgent.concealed", BUREAU, 0, "noted", "第五条"),
        ("quality.error", BUREAU, 0, "unlisted", ""),
    ],
)
def test_an_event_brings_or_costs_what_its_rule_says(
    detail: str, unit: int, points: int, code: str, article: str
) -> None:
    entry, *_ = scored(happened(-1, detail, unit))
    assert (entry.points, entry.code, entry.article) == (points, code, article)
    assert (entry.item_id, entry.fact_id, entry.unit_id) == (0, -1, unit)


def test_an_event_says_what_it_was_about() -> None:
    assert scored(happened(-1, "urgent.missed", about="3·2燃气事故"))[0].reason == "紧急信息漏报（3·2燃气事故）"
    assert scored(happened(-1, "commission.missed"))[0].reason == "约稿未报，已登记，期末按第四条处理"


def test_a_condition_is_met_only_on_the_same_matter() -> None:
    late = happened(-1, "urgent.late", about="3·2燃气事故")
    assert scored(late, happened(-2, "criticised", about="别的事"))[0].points == -2000
    (entry,) = scored(late, happened(-2, "criticised", about="3·2燃气事故"))
    assert (entry.points, entry.reason) == (-10000, "紧急信息迟报（3·2燃气事故），且被上级通报批评")


def test_a_value_somebody_decides_stays_in_its_range() -> None:
    assert scored(happened(-1, "取材较多", points=350))[0].points == 350
    (entry,) = scored(happened(-1, "取材较多", points=5000))
    assert (entry.points, entry.reason) == (1000, "取材较多，决定计50分，超出范围，按10分计")
    (entry,) = scored(happened(-1, "取材较多"))
    assert (entry.points, entry.pending) == (0, True)


def test_an_event_of_a_direct_point_counts_for_its_county_where_the_measure_says_so() -> None:
    entries = scored(happened(-1, "urgent.late", POINT))
    assert [(entry.unit_id, entry.points) for entry in entries] == [(POINT, -2000), (COUNTY, -2000)]


def test_an_event_before_any_measure_is_shown() -> None:
    (entry,) = scored(happened(-1, "培训", day=date(2025, 1, 1)))
    assert (entry.code, entry.points) == ("no_measure", 0)


@pytest.mark.parametrize("fact", [adoption(1, "DAILY"), Fact(-1, "event", 0, MARCH, (COUNTY, BUREAU), None)])
def test_what_is_not_about_one_unit_is_refused(fact: Fact) -> None:
    with pytest.raises(ValueError, match="one unit"):
        score_event(fact, [], [MEASURE], class_of)
