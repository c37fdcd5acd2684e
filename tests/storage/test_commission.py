"""Commissions and what happened to their assignments: the same rows on either engine."""

from __future__ import annotations

import random

import pytest

from domain.commission import ALLOWED, Assignment, Commission, Event, Kind, Outcome, Source, Stage, State, standing
from domain.speech import Outgoing
from storage import commission as commissions
from storage import item as items
from storage import outbox, push, receipt
from storage.commission import NewAssignment, NewCommission
from storage.engine import Store, Tx
from storage.outbox import Sending
from storage.push import NewPush

NOON = 1_795_406_400_000
HOUR = 3_600_000
DUE = NOON + 48 * HOUR
UNITS = (2, 3, 4)


def issue(tx: Tx, topic: str = "春耕备耕", due_ms: int = DUE, units: tuple[int, ...] = UNITS) -> Commission:
    """An issued commission for some units of the small city."""
    targets = [NewAssignment(unit) for unit in units]
    drafted = commissions.draft(tx, NewCommission(topic, due_ms, Source.PROVINCE), targets, 2, NOON)
    commissions.issue(tx, drafted.id, commissions.next_number(tx, 2026), 2026, 2, 1, NOON + 1)
    issued = commissions.by_id(tx, drafted.id)
    assert issued is not None
    return issued


def item(tx: Tx, title: str = "春耕") -> int:
    new = items.NewItem(title, "正文", "动态", "单条", 5, (2,), "onebot", "", True, "", "", "")
    return items.add(tx, new, items.next_number(tx, 2026), NOON, title).id


async def test_numbers_run_without_gaps_and_find_their_commission(settled: Store) -> None:
    first, second = [await settled.run(issue, topic) for topic in ("春耕", "秋收")]
    assert [first.number, second.number] == ["约 2026-001", "约 2026-002"]
    assert (first.state, first.issued_by, first.approved_by, first.source) == (State.ISSUED, 2, 1, Source.PROVINCE)
    assert await settled.read(commissions.by_number, "约 2026-002") == second
    assert await settled.read(commissions.by_number, "约 2026-003") is None
    assert await settled.read(commissions.in_state, State.ISSUED, 5) == [second, first]
    assert await settled.read(commissions.issued_between, NOON, NOON + 2) == [first, second]
    assert await settled.read(commissions.issued_between, NOON + 2, NOON + 9) == []


async def test_a_draft_gets_other_targets_and_may_wait_or_be_dropped(settled: Store) -> None:
    def change(tx: Tx) -> Commission:
        drafted = commissions.draft(tx, NewCommission("春耕", DUE), [NewAssignment(2)], 2, NOON)
        commissions.unassign(tx, drafted.id)
        commissions.assign(tx, drafted, [NewAssignment(3), NewAssignment(4, part=1, leads=True, due_ms=DUE - HOUR)])
        commissions.wait_for_approval(tx, drafted.id)
        return drafted

    drafted = await settled.run(change)
    given = await settled.read(commissions.assignments, drafted.id)
    assert [(one.unit_id, one.place, one.part, one.leads, one.first_due_ms) for one in given] == [
        (3, 0, 0, False, DUE),
        (4, 1, 1, True, DUE - HOUR),
    ]
    assert [one.id for one in await settled.read(commissions.in_state, State.WAITING, 5)] == [drafted.id]
    assert await settled.read(commissions.open_of_units, [3]) == []
    await settled.run(commissions.drop, drafted.id)
    dropped = await settled.read(commissions.by_id, drafted.id)
    assert dropped is not None
    assert dropped.state is State.DROPPED


async def test_what_is_open_for_units_comes_nearest_first(settled: Store) -> None:
    later, sooner = await settled.run(issue, "秋收", DUE + HOUR), await settled.run(issue, "春耕", DUE, (2, 3))
    found = await settled.read(commissions.open_of_units, {2, 4})
    assert [(one.id, given.unit_id) for one, given in found] == [(sooner.id, 2), (later.id, 2), (later.id, 4)]
    assert [one.unit_id for one in await settled.read(commissions.assignments_of, later.id, {4, 2, 9})] == [2, 4]
    assert await settled.read(commissions.assignments_of, later.id, ()) == []
    assert await settled.read(commissions.open_of_units, ()) == []

    def close(tx: Tx) -> None:
        (given,) = commissions.assignments_of(tx, sooner.id, {2})
        commissions.record(tx, given, Event(Kind.CLOSED, NOON + 5, 1, outcome=Outcome.EXEMPT, note="另有安排"))

    await settled.run(close)
    assert [one.id for one, _ in await settled.read(commissions.open_of_units, {2})] == [later.id]
    counts = await settled.read(commissions.open_counts)
    assert counts == [(sooner, {Stage.ISSUED: 1, Stage.CLOSED: 1}), (later, {Stage.ISSUED: 3})]


async def test_what_waits_for_the_offices_word(settled: Store) -> None:
    issued = await settled.run(issue)

    def ask(tx: Tx) -> None:
        more, declined, _ = commissions.assignments(tx, issued.id)
        commissions.record(tx, more, Event(Kind.EXTENSION_ASKED, NOON, 5, due_ms=DUE + HOUR, note="数据未出"))
        commissions.record(tx, declined, Event(Kind.DECLINED, NOON, 6, note="无此业务"))

    await settled.run(ask)
    waiting = await settled.read(commissions.requests)
    assert [(given.unit_id, given.now.stage, given.now.asked_due_ms) for _, given in waiting] == [
        (2, Stage.RECEIVED, DUE + HOUR),
        (3, Stage.DECLINED, 0),
    ]


async def test_an_answer_taken_back_is_none_and_may_be_given_again(settled: Store) -> None:
    issued = await settled.run(issue)

    def happen(tx: Tx, item_id: int, kind: Kind) -> list[int]:
        (given,) = commissions.assignments_of(tx, issued.id, {2})
        commissions.record(tx, given, Event(kind, NOON, 5, item_id))
        return [one.id for one in commissions.assignments_of_item(tx, item_id)]

    item_id = await settled.run(item)
    (given,) = await settled.run(happen, item_id, Kind.ANSWERED)
    assert await settled.run(happen, item_id, Kind.UNLINKED) == []
    assert await settled.run(happen, item_id, Kind.ANSWERED) == [given]
    events = await settled.read(commissions.events, given)
    assert [event.kind for event in events] == [Kind.ANSWERED, Kind.UNLINKED, Kind.ANSWERED]


@pytest.mark.parametrize("seed", range(5))
async def test_the_columns_are_what_a_recomputation_gives(settled: Store, seed: int) -> None:
    chance = random.Random(seed)
    issued = await settled.run(issue)
    item_ids = [await settled.run(item, f"第{n}篇") for n in range(2)]

    def live(tx: Tx) -> None:
        for given in commissions.assignments(tx, issued.id):
            now: Assignment = given
            for at in range(25):
                kind = chance.choice([kind for kind, stages in ALLOWED.items() if now.now.stage in stages])
                event = Event(
                    kind, NOON + at, 5, chance.choice([None, *item_ids]), DUE + at * HOUR,
                    Outcome.SENT if kind is Kind.CLOSED else None, "记",
                )  # fmt: skip
                now = commissions.record(tx, now, event)
            assert commissions.assignment(tx, now.id) == now
            assert standing(now.first_due_ms, commissions.events(tx, now.id)) == now.now

    await settled.run(live)


def post(tx: Tx, issued: Commission, *pushes: NewPush) -> None:
    push.add(tx, issued.id, 1, pushes, NOON)


def deliver(tx: Tx) -> None:
    for platform, target in outbox.due_targets(tx, NOON):
        while parcel := outbox.take(tx, platform, target, NOON):
            outbox.settle(tx, parcel.id, Sending.SENT, NOON, platform_id=str(parcel.id))


def receive(tx: Tx, issued: Commission, unit_id: int) -> None:
    (given,) = commissions.assignments_of(tx, issued.id, {unit_id})
    commissions.record(tx, given, Event(Kind.RECEIVED, NOON, 5))


async def test_a_receipt_is_waited_for_in_the_chats_that_were_pushed_to(settled: Store) -> None:
    issued = await settled.run(issue)
    first, second, third = await settled.read(commissions.assignments, issued.id)
    message = Outgoing("请报送")
    await settled.run(
        post, issued, NewPush("onebot", "g:1", message), NewPush("onebot", "p:20001", message, 5, (first.id,)),
        NewPush("wecom", "g:2", message, 0, (second.id, third.id)),
    )  # fmt: skip
    assert await settled.read(receipt.chats) == {("onebot", "g:1"), ("onebot", "p:20001"), ("wecom", "g:2")}
    assert await settled.read(receipt.awaited, "onebot", "g:1", {2, 3}) == []  # nothing was sent yet
    await settled.run(deliver)
    found = await settled.read(receipt.awaited, "onebot", "g:1", {2, 3})
    assert found == [(issued.id, first.id, NOON), (issued.id, second.id, NOON)]
    assert await settled.read(receipt.awaited, "onebot", "p:20001", {2, 3}) == [(issued.id, first.id, NOON)]
    assert await settled.read(receipt.awaited, "wecom", "g:2", {2}) == []
    assert await settled.read(receipt.awaited, "wecom", "g:2", ()) == []

    await settled.run(receive, issued, 2)
    assert await settled.read(receipt.chats) == {("onebot", "g:1"), ("wecom", "g:2")}
    assert await settled.read(receipt.awaited, "onebot", "p:20001", {2}) == []
    for unit_id in (3, 4):
        await settled.run(receive, issued, unit_id)
    assert await settled.read(receipt.chats) == frozenset()
