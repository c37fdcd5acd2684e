"""How points are read at the end: exempt units, the line, and points of the annual target."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.measure.model import Convert, Grant, Result
from domain.ranking import Tally, rank_class
from domain.scoring.result import Converted, convert, rank

TOWN = "乡镇"


def test_an_exempt_unit_is_shown_last_without_a_rank_and_takes_none_away() -> None:
    rows = [Tally(1, 100), Tally(2, 900), Tally(3, 500), Tally(4, 0)]
    board = rank(Result(), rows, unit_class=TOWN, unit_order=[4, 3, 2, 1], exempt={2, 4})
    assert [(row.unit_id, row.rank, row.note) for row in board] == [
        (3, 1, ""),
        (1, 2, ""),
        (4, None, "免考评"),
        (2, None, "免考评"),
    ]


def test_who_stays_below_the_line_in_a_year_keeps_the_rank_and_gets_a_note() -> None:
    result = Result(fail_line=Grant(6000, "class", {"部门": 4000}))
    rows = [Tally(1, 6000), Tally(2, 5999)]
    board = rank(result, rows, unit_class=TOWN, whole_year=True)
    assert [(row.unit_id, row.rank, row.note) for row in board] == [(1, 1, ""), (2, 2, "未达标")]
    assert {row.note for row in rank(result, rows, unit_class="部门", whole_year=True)} == {""}


def test_a_months_board_is_not_held_against_the_line_of_the_year() -> None:
    board = rank(Result(fail_line=Grant(6000)), [Tally(1, 100)], unit_class=TOWN)
    assert board[0].note == ""


def test_the_measure_decides_how_ties_are_numbered() -> None:
    rows = [Tally(1, 500, 0, 1), Tally(2, 500, 0, 2)]
    assert [row.rank for row in rank(Result(ties="order"), rows, unit_class=TOWN)] == [1, 2]
    shared = rank(Result(), rows, unit_class=TOWN)
    assert [(row.unit_id, row.rank, row.tied) for row in shared] == [(2, 1, True), (1, 1, True)]
    by_adopted = rank(Result(tiebreak=("adopted",), tiebreak_ranks=True), rows, unit_class=TOWN)
    assert [(row.unit_id, row.rank, row.tied) for row in by_adopted] == [(2, 1, False), (1, 2, False)]


TALLIES = st.lists(
    st.builds(Tally, st.integers(1, 99), st.integers(-500, 500), st.integers(0, 3), st.integers(0, 3)),
    unique_by=lambda row: row.unit_id,
    max_size=20,
)


@given(rows=TALLIES, exempt=st.sets(st.integers(1, 99), max_size=10))
def test_the_others_are_ranked_as_if_the_exempt_were_not_there(rows: list[Tally], exempt: set[int]) -> None:
    board = rank(Result(), rows, unit_class=TOWN, exempt=exempt)
    ranked = [(row.unit_id, row.rank) for row in board if row.rank is not None]
    others = [row for row in rows if row.unit_id not in exempt]
    assert ranked == [(row.unit_id, row.rank) for row in rank_class(others)]
    assert len(board) == len(rows)


BY_TARGET = Convert(13, "target", 1000, Grant(-1, "class", {TOWN: 15000}))


@pytest.mark.parametrize(
    ("points", "converted"),
    [
        (13200, Converted(880, "132分÷目标150分×10分=8.8分")),
        (10000, Converted(667, "100分÷目标150分×10分=6.67分")),
        (18000, Converted(1000, "180分÷目标150分×10分=12分，按满分10分计")),
        (-1500, Converted(-100, "-15分÷目标150分×10分=-1分")),
    ],
)
def test_points_become_points_of_the_annual_target(points: int, converted: Converted) -> None:
    assert convert(BY_TARGET, points, unit_class=TOWN, class_best=18000) == converted


def test_a_class_without_a_target_is_not_converted() -> None:
    assert convert(BY_TARGET, 13200, unit_class="部门", class_best=18000) is None


def test_the_best_of_a_class_has_all_the_points_and_the_others_their_share() -> None:
    rule = Convert(13, "class_best", 1000)
    assert convert(rule, 18000, unit_class=TOWN, class_best=18000) == Converted(1000, "180分÷本类最高分180分×10分=10分")
    shared = convert(rule, 13200, unit_class=TOWN, class_best=18000)
    assert shared == Converted(733, "132分÷本类最高分180分×10分=7.33分")
    assert convert(rule, 0, unit_class=TOWN, class_best=0) is None


def test_a_fixed_weight_is_a_percentage_and_need_not_be_capped() -> None:
    rule = Convert(13, "weight", 1000, weight=10, capped=False)
    assert convert(rule, 13205, unit_class=TOWN, class_best=0) == Converted(1321, "132.05分×10%=13.21分")


@given(points=st.integers(-100000, 100000), target=st.integers(1, 100000), full=st.integers(1, 10000))
def test_a_conversion_is_the_exact_quotient_rounded_once(points: int, target: int, full: int) -> None:
    rule = Convert(13, "target", full, Grant(target), capped=False)
    converted = convert(rule, points, unit_class=TOWN, class_best=0)
    assert converted is not None
    assert abs(2 * (converted.points * target - full * points)) <= target
