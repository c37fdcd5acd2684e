"""An account of points: whatever happened, its lines sum up to what the boards show."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.period import Period
from services import why
from services.board import class_board
from services.why import EVERYTHING, Narrowed, read_narrowed
from storage.engine import Tx
from tests.services.test_score import OFFICE, PERIODS, Piece, happen, in_a_city, period, pieces

CLASSES = ("县（市、区）", "重点部门", "一般部门")


@given(history=st.lists(pieces, max_size=8))
def test_after_any_history_groups_lines_and_boards_agree(history: list[Piece]) -> None:
    def story(tx: Tx) -> None:
        for piece in history:
            happen(tx, OFFICE, piece)
        for words in PERIODS:
            _agree(tx, period(words))

    in_a_city(story)


def _agree(tx: Tx, span: Period) -> None:
    for name in CLASSES:
        for row in class_board(tx, span, name, limit=None):
            account = why.account(tx, row.unit.id, span)
            assert account.points == account.place.points == row.points
            assert sum(group.points for group in account.groups) == row.points
            for group in account.groups:
                assert why.account(tx, row.unit.id, span, Narrowed(category=group.category)).points == group.points
            used = [why.account(tx, row.unit.id, span, Narrowed(journal=one)).points for one in OFFICE.journals]
            assert sum(used) == sum(line.entry.points for line in account.lines if line.journal)


@pytest.mark.parametrize(
    ("words", "label", "rest"),
    [
        ("", "", ""),
        ("云山县", "", "云山县"),
        ("云山县 采用分", "采用分", "云山县"),
        ("采用", "采用分", ""),
        ("省要情 云山县", "《省政府每日要情》", "云山县"),
        ("《每日要情》", "《每日要情》", ""),
    ],
)
def test_a_category_or_a_journal_is_told_from_a_unit(words: str, label: str, rest: str) -> None:
    narrowed, others = read_narrowed(words, OFFICE)
    assert (narrowed.label, others) == (label, rest)
    assert (narrowed is EVERYTHING) == (not label)
