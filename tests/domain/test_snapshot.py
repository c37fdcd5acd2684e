"""A frozen board as bytes: the same content is the same bytes, and the bytes are the whole board."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.snapshot import (
    Adjustment,
    AdoptedItem,
    ClassBoard,
    Figures,
    JournalName,
    Month,
    Snapshot,
    UnitRow,
    from_bytes,
    hash_of,
    to_bytes,
)

words = st.text(max_size=6)
days = st.dates(date(2025, 1, 1), date(2026, 12, 31))
figures = st.dictionaries(words, st.integers(-(10**9), 10**9), max_size=4)
rows = st.builds(
    UnitRow, st.integers(1, 99), words, words, st.none() | st.integers(1, 9), st.booleans(), figures, figures, words
)
adopted = st.builds(
    AdoptedItem, words, words, st.lists(words, max_size=2).map(tuple), days, words, words, words, words,
    st.lists(words, max_size=2).map(tuple), st.booleans(),
)  # fmt: skip
snapshots = st.builds(
    Snapshot,
    code=words,
    label=words,
    first=days,
    last=days,
    as_of_ms=st.integers(0, 2**45),
    office=words,
    measures=st.lists(words, max_size=2).map(tuple),
    journals=st.lists(st.builds(JournalName, words, words, words), max_size=2).map(tuple),
    categories=st.lists(words, max_size=2).map(tuple),
    classes=st.lists(st.builds(ClassBoard, words, st.lists(rows, max_size=3).map(tuple)), max_size=2).map(tuple),
    whole=st.dictionaries(words, figures, max_size=3),
    adopted=st.lists(adopted, max_size=2).map(tuple),
    adjustments=st.lists(st.builds(Adjustment, words, st.integers(), words, words, days), max_size=2).map(tuple),
    trend=st.lists(st.builds(Month, words, st.integers(), st.integers(), st.integers()), max_size=2).map(tuple),
    trend_units=st.dictionaries(st.integers(1, 99), st.lists(st.integers(), max_size=3).map(tuple), max_size=3),
)


def turned(given: Figures) -> Figures:
    """The same figures, filled in the other order."""
    return dict(reversed(list(given.items())))


@settings(max_examples=60)
@given(snapshots)
def test_a_board_read_from_its_bytes_is_the_same_board(snapshot: Snapshot) -> None:
    assert from_bytes(to_bytes(snapshot)) == snapshot


@settings(max_examples=60)
@given(snapshots)
def test_the_order_in_which_figures_were_filled_in_does_not_show_in_the_bytes(snapshot: Snapshot) -> None:
    other = replace(
        snapshot,
        whole={key: turned(figures) for key, figures in reversed(list(snapshot.whole.items()))},
        trend_units=dict(reversed(list(snapshot.trend_units.items()))),
        classes=tuple(
            replace(
                board, rows=tuple(replace(row, period=turned(row.period), year=turned(row.year)) for row in board.rows)
            )
            for board in snapshot.classes
        ),
    )
    assert to_bytes(other) == to_bytes(snapshot)
    assert hash_of(to_bytes(other)) == hash_of(to_bytes(snapshot))


@settings(max_examples=30)
@given(snapshots, snapshots)
def test_two_boards_that_differ_have_different_hashes(one: Snapshot, other: Snapshot) -> None:
    assert (hash_of(to_bytes(one)) == hash_of(to_bytes(other))) == (one == other)


def test_a_board_of_a_program_that_does_not_exist_yet_is_refused() -> None:
    with pytest.raises(ValueError, match="unknown format"):
        from_bytes(b'{"format":2}')
