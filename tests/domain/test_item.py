"""The life of an item: what is allowed in which state, and what people are told if it is not."""

from __future__ import annotations

from dataclasses import replace

import pytest

from domain.errors import WrongState
from domain.item import ALLOWED, COMMAND_OF, SPOKEN, Item, State, Step, check_step, possible

ITEM = Item(
    id=1, number="2026-0137", title="春耕", kind="动态", form="单条", state=State.RECEIVED, author_id=1, unit_id=2,
    units=(2,), platform="onebot", chat="", commissioned=False, writer="", signer="", phone="", submitted_ms=0,
    updated_ms=0, version=1, reviewed_ms=0, merged_into=None, note="",
)  # fmt: skip


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("step", Step)
def test_a_step_is_allowed_or_answered_with_the_state_the_item_is_in(step: Step, state: State) -> None:
    item = replace(ITEM, state=state)
    if state in ALLOWED[step]:
        check_step(item, step)
    else:
        with pytest.raises(
            WrongState, match=f"2026-0137《春耕》现在是“{state.label}”，不能{SPOKEN.get(step, step.value)}"
        ):
            check_step(item, step)


def test_what_was_looked_at_cannot_be_withdrawn() -> None:
    with pytest.raises(WrongState, match=r"信息科已开始审核.*请直接联系信息科"):
        check_step(replace(ITEM, reviewed_ms=1), Step.WITHDRAW)


def test_a_rejected_item_may_be_adopted_later() -> None:
    check_step(replace(ITEM, state=State.REJECTED), Step.ADOPT)


def test_a_reporter_is_not_told_commands_of_the_office() -> None:
    with pytest.raises(WrongState) as caught:
        check_step(replace(ITEM, state=State.ADOPTED), Step.REVISE)
    assert "/报送 新稿" in str(caught.value)
    assert "/采用" not in str(caught.value)


@pytest.mark.parametrize("state", State)
def test_every_command_that_is_offered_would_be_accepted(state: State) -> None:
    item = replace(ITEM, state=state)
    for step, command in COMMAND_OF.items():
        if command.format(number=item.number) in possible(item):
            check_step(item, step)


@pytest.mark.parametrize("state", [State.WITHDRAWN, State.MERGED])
def test_where_nothing_can_be_done_that_is_said(state: State) -> None:
    assert possible(replace(ITEM, state=state)) == "这条信息已经办结，不能再改。"
