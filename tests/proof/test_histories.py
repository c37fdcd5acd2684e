"""Ten thousand random years: however facts come, are taken back and are late, and whatever was settled and frozen on
the way, the board is what the facts and the measure give, every figure is explained, and what was frozen stays.

`BAOSONG_HISTORIES=100000` plays more of them. A history that fails is told again by its number.
"""

from __future__ import annotations

import os

import pytest

from storage.engine import Tx
from tests.proof.checks import all_of_it
from tests.proof.story import offices, tell
from tests.support.fresh import in_a_city

IN_CI = 10_000
A_FEW = 60
HISTORIES = int(os.environ.get("BAOSONG_HISTORIES", str(IN_CI)))


def play(number: int) -> None:
    """Tell a history, check it, and forget it."""

    def story(tx: Tx) -> None:
        all_of_it(tx, tell(tx, number))

    try:
        in_a_city(story)
    except AssertionError as error:
        error.add_note(f"history {number}")
        raise


def test_the_measures_of_many_cities_take_part() -> None:
    assert len(offices()) >= 10


def test_a_few_histories() -> None:
    for number in range(A_FEW):
        play(number)


@pytest.mark.slow
@pytest.mark.parametrize("first", range(A_FEW, HISTORIES, 1_000))
def test_histories(first: int) -> None:
    for number in range(first, min(first + 1_000, HISTORIES)):
        play(number)
