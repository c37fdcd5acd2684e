"""Ten thousand random years: however facts come, are taken back and are late, and whatever was settled and frozen on
the way, the board is what the facts and the measure give, every figure is explained, and what was frozen stays.

`BAOSONG_HISTORIES=100000` plays more of them. A history that fails is told again by its number.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator

import pytest

from storage.migrate import migrate
from storage.sqlite import SQLiteTx
from tests.proof.checks import all_of_it
from tests.proof.story import offices, tell
from tests.support import city

IN_CI = 10_000
A_FEW = 60
HISTORIES = int(os.environ.get("BAOSONG_HISTORIES", str(IN_CI)))


@pytest.fixture(scope="module")
def raw() -> Iterator[sqlite3.Connection]:
    """The small city in memory; a history leaves no trace in it."""
    connection = sqlite3.connect(":memory:", isolation_level=None)
    tx = SQLiteTx(connection)
    migrate(tx, "sqlite")
    city.settle(tx)
    yield connection
    connection.close()


def play(raw: sqlite3.Connection, number: int) -> None:
    """Tell a history, check it, and forget it."""
    raw.execute("BEGIN")
    try:
        tx = SQLiteTx(raw)
        try:
            all_of_it(tx, tell(tx, number))
        except AssertionError as error:
            error.add_note(f"history {number}")
            raise
    finally:
        raw.execute("ROLLBACK")


def test_the_measures_of_many_cities_take_part() -> None:
    assert len(offices()) >= 10


def test_a_few_histories(raw: sqlite3.Connection) -> None:
    for number in range(A_FEW):
        play(raw, number)


@pytest.mark.slow
@pytest.mark.parametrize("first", range(A_FEW, HISTORIES, 1_000))
def test_histories(raw: sqlite3.Connection, first: int) -> None:
    for number in range(first, min(first + 1_000, HISTORIES)):
        play(raw, number)
