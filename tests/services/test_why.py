"""An account of points: whatever happened, its lines sum up to what the boards show."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.measure import parse_measure
from domain.period import Period
from services import points, why
from services.board import class_board
from services.office import Office
from services.why import EVERYTHING, Narrowed, read_narrowed
from storage import ledger
from storage.engine import Tx
from storage.unit_fact import NewUnitFact
from tests.plugins.measure_stories import MEASURE
from tests.services.test_score import NOW, OFFICE, PERIODS, TODAY, Piece, happen, period, pieces
from tests.support.fresh import in_a_city

CLASSES = ("县（市、区）", "重点部门", "一般部门")

SPANS = """
[[rule]]
kind = "quota_missed"
article = 7
quota = "每月报送"
points = -0.5

[[rule]]
kind = "limit"
article = 7
categories = ["采用分"]
per = "month"
cap = 6

[[rule]]
kind = "base"
article = 7
per = "year"
points = 20
"""
FULL = replace(OFFICE, measures=(parse_measure(MEASURE + SPANS),))
"""An office whose measure knows of everything: external points, events, settlements."""


@dataclass(frozen=True)
class Event:
    """Something that happened to a unit, taken back again or not."""

    unit: int
    day: date
    name: str
    revoked: bool


@dataclass(frozen=True)
class Closed:
    """A month that is computed, or frozen, before what comes after it in the story."""

    month: int
    state: str


events = st.builds(
    Event, st.sampled_from([2, 3, 4, 5]), st.dates(date(2026, 9, 28), TODAY),
    st.sampled_from(["urgent.late", "urgent.concealed", "培训"]), st.booleans(),
)  # fmt: skip
closings = st.builds(Closed, st.sampled_from([9, 10]), st.sampled_from(["computed", "frozen"]))


def close(tx: Tx, one: Closed) -> None:
    """As the period's own commands would: settled, then computed or frozen."""
    month = period(f"{one.month}月")
    points.settle_month(tx, FULL, month.last, NOW)
    tx.run(
        "INSERT INTO score_cycle (period, state, first_day, last_day, changed_ms) VALUES (?, ?, ?, ?, 0)"
        " ON CONFLICT (period) DO UPDATE SET state = excluded.state",
        month.code, one.state, month.first.isoformat(), month.last.isoformat(),
    )  # fmt: skip
    ledger.forget_cycle(tx)


def befall(tx: Tx, one: Event) -> None:
    fact = NewUnitFact(one.name, one.unit, one.day, 1)
    fact_id = points.record_unit_fact(tx, FULL, fact, NOW)
    if one.revoked:
        points.revoke_unit_fact(tx, FULL, fact_id, 1, "", NOW)


@settings(max_examples=30)
@given(history=st.lists(pieces | events | closings, max_size=8))
def test_with_events_settlements_and_frozen_months_the_lines_are_still_the_number(
    history: list[Piece | Event | Closed],
) -> None:
    def story(tx: Tx) -> None:
        for one in history:
            if isinstance(one, Piece):
                happen(tx, FULL, one)
            elif isinstance(one, Event):
                befall(tx, one)
            else:
                close(tx, one)
        for words in PERIODS:
            _agree(tx, FULL, period(words))

    in_a_city(story)


@given(history=st.lists(pieces, max_size=8))
def test_after_any_history_groups_lines_and_boards_agree(history: list[Piece]) -> None:
    def story(tx: Tx) -> None:
        for piece in history:
            happen(tx, OFFICE, piece)
        for words in PERIODS:
            _agree(tx, OFFICE, period(words))

    in_a_city(story)


def _agree(tx: Tx, office: Office, span: Period) -> None:
    """Every number on every board is the sum of its lines, whole, by category and by journal."""
    for name in CLASSES:
        for row in class_board(tx, span, name, office.measures):
            account = why.account(tx, office, row.unit.id, span)
            assert account.points == account.place.points == row.points
            items = why.counted(tx, row.unit.id, span)
            assert (row.submitted, row.adopted) == (
                sum(not one.adopted for one in items), sum(one.adopted for one in items)
            )  # fmt: skip
            assert sum(group.points for group in account.groups) == row.points
            for group in account.groups[:2]:
                narrowed = why.account(tx, office, row.unit.id, span, Narrowed(category=group.category))
                assert narrowed.lines == group.lines
            used = {line.journal for line in account.lines if line.journal}
            journals = [Narrowed(journal=one) for one in office.journals if one.code in used]
            by_journal = sum(why.account(tx, office, row.unit.id, span, one).points for one in journals)
            assert by_journal == sum(line.entry.points for line in account.lines if line.journal)


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
