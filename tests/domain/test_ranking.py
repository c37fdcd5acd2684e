"""Places in a class, rates, and how figures are written."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.ranking import Tally, adoption_rate, format_points, format_rate, rank_class


def test_equal_points_share_a_rank_and_the_next_rank_is_skipped() -> None:
    board = rank_class([Tally(1, 500), Tally(2, 900), Tally(3, 500), Tally(4, 100)])
    assert [(row.unit_id, row.rank, row.tied) for row in board] == [
        (2, 1, False),
        (1, 2, True),
        (3, 2, True),
        (4, 4, False),
    ]


def test_units_without_points_share_the_last_rank() -> None:
    board = rank_class([Tally(1, 0), Tally(2, 0), Tally(3, 50, 1)])
    assert [(row.unit_id, row.rank) for row in board] == [(3, 1), (1, 2), (2, 2)]


def test_a_unit_with_less_than_nothing_stands_below_the_zeros() -> None:
    assert [row.unit_id for row in rank_class([Tally(1, -25), Tally(2, 0)])] == [2, 1]


def test_among_equals_the_one_with_more_adopted_then_more_submitted_is_shown_first() -> None:
    board = rank_class([Tally(1, 500, 9, 1), Tally(2, 500, 3, 2), Tally(3, 500, 10, 1)])
    assert [row.unit_id for row in board] == [2, 3, 1]
    assert {row.rank for row in board} == {1}


def test_full_equals_are_shown_in_the_order_of_the_roster() -> None:
    board = rank_class([Tally(1, 0), Tally(2, 0), Tally(3, 0), Tally(4, 0)], unit_order=[3, 1, 4])
    assert [row.unit_id for row in board] == [3, 1, 4, 2]


def test_where_every_row_has_its_own_number_equal_units_are_told_apart_by_their_order() -> None:
    board = rank_class([Tally(1, 500), Tally(2, 500, 4, 1), Tally(3, 900)], [3, 1, 2], ties="order")
    assert [(row.unit_id, row.rank, row.tied) for row in board] == [(3, 1, False), (2, 2, False), (1, 3, False)]


def test_the_measure_names_what_is_looked_at_among_equals() -> None:
    rows = [Tally(1, 500, adopted=9), Tally(2, 500, adopted=1, at_level={"state": 1}), Tally(3, 500, adopted=2)]
    assert [row.unit_id for row in rank_class(rows, tiebreak=("state", "adopted"))] == [2, 1, 3]
    assert [row.unit_id for row in rank_class(rows, tiebreak=())] == [1, 2, 3]


def test_criteria_can_decide_the_rank_itself_and_only_full_equals_share_one() -> None:
    rows = [Tally(1, 500, 9, 2), Tally(2, 500, 9, 3), Tally(3, 500, 9, 2), Tally(4, 100)]
    board = rank_class(rows, tiebreak=("adopted",), tiebreak_ranks=True)
    assert [(row.unit_id, row.rank, row.tied) for row in board] == [
        (2, 1, False),
        (1, 2, True),
        (3, 2, True),
        (4, 4, False),
    ]


def test_a_class_without_units_has_no_board() -> None:
    assert rank_class([]) == []


TALLIES = st.lists(
    st.builds(Tally, st.integers(1, 999), st.integers(-500, 500), st.integers(0, 9), st.integers(0, 9)),
    unique_by=lambda row: row.unit_id,
    max_size=40,
)


@given(rows=TALLIES)
def test_a_rank_is_one_more_than_the_number_of_units_with_more_points(rows: list[Tally]) -> None:
    for row in rank_class(rows):
        assert row.rank == 1 + sum(other.points > row.points for other in rows)
        assert row.tied == (sum(other.points == row.points for other in rows) > 1)


@given(rows=TALLIES, data=st.data())
def test_a_board_does_not_depend_on_the_order_the_units_come_in(rows: list[Tally], data: st.DataObject) -> None:
    assert rank_class(data.draw(st.permutations(rows))) == rank_class(rows)


def test_a_rate_is_adopted_over_submitted() -> None:
    assert adoption_rate(7, 4) == 5714
    assert adoption_rate(4, 5) == 12500
    assert adoption_rate(3, 0) == 0


def test_nothing_submitted_has_no_rate_not_zero() -> None:
    assert adoption_rate(0, 0) is None
    assert adoption_rate(0, 1) is None
    assert format_rate(None) == "—"


def test_counts_below_zero_are_refused() -> None:
    with pytest.raises(ValueError, match="below zero"):
        adoption_rate(-1, 0)


@pytest.mark.parametrize(
    ("centi", "written"),
    [(4300, "43"), (750, "7.5"), (-25, "-0.25"), (0, "0"), (5, "0.05"), (-100, "-1"), (1010, "10.1")],
)
def test_points_are_written_as_people_write_them(centi: int, written: str) -> None:
    assert format_points(centi) == written


@pytest.mark.parametrize(
    ("submitted", "adopted", "written"),
    [(7, 4, "57.1%"), (1, 1, "100.0%"), (8, 3, "37.5%"), (3, 2, "66.7%"), (2000, 1, "0.1%")],
)
def test_rates_are_written_with_one_decimal(submitted: int, adopted: int, written: str) -> None:
    assert format_rate(adoption_rate(submitted, adopted)) == written


@given(submitted=st.integers(1, 3000), adopted=st.integers(0, 3000))
def test_a_printed_rate_is_the_exact_rate_rounded_once(submitted: int, adopted: int) -> None:
    tenths = (adopted * 2000 + submitted) // (2 * submitted)
    assert format_rate(adoption_rate(submitted, adopted)) == f"{tenths // 10}.{tenths % 10}%"
