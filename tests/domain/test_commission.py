"""Where an assignment stands follows from what happened to it, and from nothing else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.commission import (
    ALLOWED,
    Assignment,
    Event,
    Kind,
    Outcome,
    Stage,
    Standing,
    check,
    standing,
    standing_answers,
)
from domain.errors import WrongState

DUE = 1_000


def stands(*events: Event) -> Standing:
    return standing(DUE, events)


def happened(kind: Kind, at_ms: int = 10, item_id: int | None = None, due_ms: int = 0) -> Event:
    return Event(kind, at_ms, 1, item_id, due_ms, Outcome.SENT if kind is Kind.CLOSED else None)


def assignment(now: Standing) -> Assignment:
    return Assignment(1, 1, 2, 0, 0, False, "", "", DUE, now)


def test_whoever_answers_has_received_it() -> None:
    now = stands(happened(Kind.ANSWERED, 20, 7))
    assert now == Standing(Stage.ANSWERED, DUE, received_ms=20, answered_ms=20)


def test_a_second_receipt_and_a_further_item_change_nothing() -> None:
    first = (happened(Kind.RECEIVED, 10), happened(Kind.ANSWERED, 20, 7))
    assert stands(*first, happened(Kind.RECEIVED, 30), happened(Kind.ANSWERED, 40, 8)) == stands(*first)


def test_an_answer_taken_back_leaves_the_receipt() -> None:
    now = stands(happened(Kind.ANSWERED, 20, 7), happened(Kind.UNLINKED, 30, 7))
    assert now == Standing(Stage.RECEIVED, DUE, received_ms=20)


def test_of_two_answers_one_taken_back_leaves_the_other_with_its_time() -> None:
    answers = (happened(Kind.ANSWERED, 20, 7), happened(Kind.ANSWERED, 40, 8))
    now = stands(*answers, happened(Kind.UNLINKED, 50, 7))
    assert (now.stage, now.answered_ms) == (Stage.ANSWERED, 40)
    assert standing_answers([*answers, happened(Kind.UNLINKED, 50, 7)]) == {8: 40}


def test_more_time_is_asked_for_granted_and_the_due_time_moves() -> None:
    asked = stands(happened(Kind.EXTENSION_ASKED, 10, due_ms=2_000))
    assert (asked.stage, asked.due_ms, asked.asked_due_ms) == (Stage.RECEIVED, DUE, 2_000)
    granted = stands(happened(Kind.EXTENSION_ASKED, due_ms=2_000), happened(Kind.EXTENSION_GRANTED, due_ms=1_500))
    assert (granted.due_ms, granted.asked_due_ms) == (1_500, 0)
    refused = stands(happened(Kind.EXTENSION_ASKED, due_ms=2_000), happened(Kind.EXTENSION_REFUSED))
    assert (refused.due_ms, refused.asked_due_ms) == (DUE, 0)


def test_who_declines_and_asks_for_more_time_after_all_means_to_answer() -> None:
    now = stands(happened(Kind.DECLINED), happened(Kind.EXTENSION_ASKED, due_ms=2_000))
    assert now.stage is Stage.RECEIVED


def test_a_refused_decline_is_an_open_task_again() -> None:
    assert stands(happened(Kind.DECLINED), happened(Kind.DECLINE_REFUSED)).stage is Stage.RECEIVED


def test_a_reopened_one_stands_where_the_facts_say_and_may_get_another_due_time() -> None:
    closed = happened(Kind.CLOSED, 50)
    assert stands(closed, happened(Kind.REOPENED)).stage is Stage.ISSUED
    assert stands(happened(Kind.RECEIVED), closed, happened(Kind.REOPENED)).stage is Stage.RECEIVED
    again = stands(happened(Kind.ANSWERED, 20, 7), closed, happened(Kind.REOPENED, due_ms=3_000))
    assert again == Standing(Stage.ANSWERED, 3_000, received_ms=20, answered_ms=20)


@pytest.mark.parametrize(
    ("events", "now_ms", "overdue"),
    [
        ((), DUE, False),
        ((), DUE + 1, True),
        ((happened(Kind.ANSWERED, DUE, 7),), DUE + 99, False),
        ((happened(Kind.ANSWERED, DUE + 1, 7),), DUE + 99, True),
        ((happened(Kind.CLOSED, DUE - 1),), DUE + 99, False),
        ((happened(Kind.CLOSED, DUE + 1),), DUE + 99, True),
    ],
)
def test_overdue_is_a_comparison_with_the_clock(events: tuple[Event, ...], now_ms: int, overdue: bool) -> None:
    assert assignment(stands(*events)).is_overdue(now_ms) is overdue


def test_what_may_not_happen_is_refused_with_the_stage_and_a_way_out() -> None:
    closed = assignment(stands(happened(Kind.CLOSED)))
    with pytest.raises(WrongState, match="云山县现在是“已销号”，不能报送。销号原因：已报未采用。要改请信息科先重开。"):
        check(closed, Kind.ANSWERED, "云山县")
    with pytest.raises(WrongState, match="没有待批的延期申请"):
        check(assignment(stands()), Kind.EXTENSION_GRANTED, "云山县")


EVENTS = st.builds(
    Event,
    kind=st.sampled_from(Kind),
    at_ms=st.integers(1, 2_000),
    person_id=st.just(1),
    item_id=st.sampled_from([None, 7, 8]),
    due_ms=st.sampled_from([0, 1_500, 2_500]),
    outcome=st.sampled_from(Outcome),
)


@given(st.lists(EVENTS, max_size=30))
def test_whatever_happens_the_figures_agree_with_each_other(events: list[Event]) -> None:
    history: list[Event] = []
    for event in events:
        if stands(*history).stage in ALLOWED[event.kind]:
            history.append(event)
        now = stands(*history)
        answers = standing_answers(history)
        assert now.answered_ms == min(answers.values(), default=0)
        assert (now.stage is Stage.CLOSED) == bool(now.closed_ms) == (now.outcome is not None)
        assert not now.answered_ms or now.received_ms
        assert now.stage in (Stage.ANSWERED, Stage.CLOSED) or not now.answered_ms
