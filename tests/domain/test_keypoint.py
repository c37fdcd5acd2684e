"""Key points: the period of a list, its lines, which list a number means, who has touched what."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import BadInput, BadPeriod
from domain.keypoint import Point, PointList, Standing, Touch, bar, cover, in_use, read_points, read_span, standing
from domain.period import Period

MONDAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("words", "first", "last"),
    [
        ("12月", "2026-12-01", "2026-12-31"),
        ("11月", "2026-11-01", "2026-11-30"),
        ("本月", "2026-11-01", "2026-11-30"),
        ("下月", "2026-12-01", "2026-12-31"),
        ("1月", "2027-01-01", "2027-01-31"),
        ("一季度", "2027-01-01", "2027-03-31"),
        ("四季度", "2026-10-01", "2026-12-31"),
        ("下季度", "2027-01-01", "2027-03-31"),
        ("上半年", "2027-01-01", "2027-06-30"),
        ("今年", "2026-01-01", "2026-12-31"),
        ("明年", "2027-01-01", "2027-12-31"),
        ("2027年", "2027-01-01", "2027-12-31"),
        ("2027年2月", "2027-02-01", "2027-02-28"),
        ("到12月10日", "2026-11-23", "2026-12-10"),
        ("至1月10日", "2026-11-23", "2027-01-10"),
    ],
)
def test_a_period_to_come_is_read_as_people_say_it(words: str, first: str, last: str) -> None:
    span = read_span(words, MONDAY)
    assert (span.first.isoformat(), span.last.isoformat()) == (first, last)


@pytest.mark.parametrize("words", ["10月", "上月", "三季度", "2025年", "到11月20日2026", "到2026-11-20"])
def test_a_period_that_is_over_is_refused(words: str) -> None:
    with pytest.raises(BadInput):
        read_span(words, MONDAY)


@pytest.mark.parametrize("words", ["", "尽快", "13月", "到明天以后"])
def test_what_is_no_period_is_answered_with_examples(words: str) -> None:
    with pytest.raises(BadInput) as refused:
        read_span(words, MONDAY)
    assert "12月" in str(refused.value)


@given(st.dates(date(2026, 1, 1), date(2030, 12, 31)), st.integers(1, 12))
def test_a_month_without_a_year_is_the_one_that_is_or_comes_within_half_a_year(today: date, month: int) -> None:
    try:
        span = read_span(f"{month}月", today)
    except BadPeriod:
        ahead = (month - today.month) % 12
        assert ahead >= 5
    else:
        assert span.last >= today
        assert span.first <= today + timedelta(days=183)


def test_points_are_read_a_line_each_without_their_numbers() -> None:
    body = "1. 民生保障\n二、森林防火\n\n（3）工资支付\n要点4：“开门红”\n- 2026年重点项目\n5G基站建设"
    assert read_points(body) == ("民生保障", "森林防火", "工资支付", "“开门红”", "2026年重点项目", "5G基站建设")


@pytest.mark.parametrize(
    ("body", "said"),
    [("", "没有看到要点"), ("1.\n2.", "没有看到要点"), ("防火\n2、防火", "“防火”写了两遍"), ("长" * 121, "121 个字"),
     ("\n".join(f"第{n}件事" for n in range(41)), "41 条")],
)  # fmt: skip
def test_what_is_no_list_is_refused_with_the_reason(body: str, said: str) -> None:
    with pytest.raises(BadInput) as refused:
        read_points(body)
    assert said in str(refused.value)


def a_list(id: int, first: str, last: str, *, issued: int = 1, replaced: int = 0) -> PointList:
    return PointList(id, Period(date.fromisoformat(first), date.fromisoformat(last), ""), issued, replaced, ())


@pytest.mark.parametrize(
    ("day", "replaced", "stands"),
    [
        ("2026-11-30", 0, Standing.UPCOMING),
        ("2026-12-01", 0, Standing.IN_FORCE),
        ("2026-12-31", 0, Standing.IN_FORCE),
        ("2027-01-01", 0, Standing.EXPIRED),
        ("2026-12-05", 9, Standing.REPLACED),
    ],
)
def test_where_a_list_stands_is_computed(day: str, replaced: int, stands: Standing) -> None:
    assert standing(a_list(1, "2026-12-01", "2026-12-31", replaced=replaced), date.fromisoformat(day)) is stands


def test_a_bare_number_means_the_shortest_period_in_force_and_else_the_next_to_come() -> None:
    year, november = a_list(1, "2026-01-01", "2026-12-31"), a_list(2, "2026-11-01", "2026-11-30")
    december, old = a_list(3, "2026-12-01", "2026-12-31"), a_list(4, "2026-11-01", "2026-11-30", replaced=5)
    lists = [year, november, december, old]
    assert [one.id for one in in_use(lists, MONDAY)] == [2, 1, 3]
    assert [one.id for one in in_use([december], MONDAY)] == [3]
    assert [one.id for one in in_use(lists, date(2026, 12, 1))] == [3, 1]
    assert in_use(lists, date(2027, 1, 1)) == []


POINTS = (Point(11, 1, "防火"), Point(12, 2, "工资"), Point(13, 3, "开门红"))


def test_coverage_counts_units_once_and_items_once() -> None:
    touches = [Touch(11, 2, 100), Touch(11, 2, 101), Touch(11, 3, 101), Touch(12, 9, 102), Touch(99, 2, 103)]
    found = cover(POINTS, [2, 3, 4], touches)
    assert found.units == {11: {2, 3}, 12: set(), 13: set()}
    assert found.items == {11: 2, 12: 1, 13: 0}
    assert found.points == {2: {11}, 3: {11}, 4: set()}
    assert found.counts == {(2, 11): 2, (3, 11): 1}


@pytest.mark.parametrize(
    ("done", "total", "drawn"),
    [(0, 5, "▁▁▁▁▁"), (1, 100, "▇▁▁▁▁"), (3, 5, "▇▇▇▁▁"), (99, 100, "▇▇▇▇▁"), (5, 5, "▇▇▇▇▇"), (0, 0, "▁▁▁▁▁")],
)
def test_a_bar_never_shows_something_as_nothing_nor_almost_as_all(done: int, total: int, drawn: str) -> None:
    assert bar(done, total) == drawn


@given(st.integers(1, 500), st.integers(0, 500))
def test_a_bar_is_always_as_wide(total: int, done: int) -> None:
    drawn = bar(done, total)
    assert len(drawn) == 5
    assert (drawn == "▁▁▁▁▁") == (done == 0)
    assert (drawn == "▇▇▇▇▇") == (done >= total)
