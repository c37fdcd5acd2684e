"""Reminders as rows, on both engines."""

from __future__ import annotations

from datetime import date

from domain.commission import Event, Kind, Outcome
from domain.ladder import Why
from domain.moment import to_ms
from domain.roster import Role
from domain.speech import Outgoing
from storage import commission as commissions
from storage import outbox
from storage import reminder as reminders
from storage.commission import NewAssignment, NewCommission
from storage.engine import Store, Tx
from storage.outbox import Sending
from tests.support.asking import happened, issued
from tests.support.office import moment

NOW, DUE, LATER = moment("11-23"), moment("11-27", "17:00"), moment("12-02", "17:00")
NOW_MS, DUE_MS = to_ms(NOW), to_ms(DUE)
DAY = date(2026, 11, 23)
ZHANG, LI, QIAN = 5, 6, 10
HOUR = 3_600_000
RUNGS = (("-1d reporter", NOW_MS - HOUR, Why.PASSED), ("-2h reporter", NOW_MS + HOUR, None))


def asked(tx: Tx) -> int:
    """One commission of 云山县; returns the assignment."""
    commission = issued(tx, "冬修水利", [2], DUE, NOW)
    return commissions.assignments(tx, commission.id)[0].id


def begun(tx: Tx) -> int:
    assignment_id = asked(tx)
    reminders.begin(tx, assignment_id, DUE_MS, RUNGS, NOW_MS)
    return assignment_id


def states(tx: Tx, assignment_id: int) -> list[tuple[str, int, str, str]]:
    return [(r.step, r.person_id, r.state, r.reason) for r in reminders.of_assignment(tx, assignment_id)]


async def test_an_issued_assignment_waits_for_its_ladder_once_and_again_after_an_extension(settled: Store) -> None:
    assignment_id = await settled.run(asked)
    assert await settled.read(reminders.unplanned, 10) == [(assignment_id, True)]
    assert await settled.read(reminders.is_any_due, 0)
    await settled.run(reminders.begin, assignment_id, DUE_MS, RUNGS, NOW_MS)
    assert await settled.read(reminders.unplanned, 10) == []
    assert not await settled.read(reminders.is_any_due, NOW_MS)
    assert await settled.read(reminders.is_any_due, NOW_MS + HOUR)

    def extend(tx: Tx) -> None:
        commission = commissions.by_number(tx, "约 2026-001")
        assert commission is not None
        happened(tx, commission, 2, Kind.EXTENSION_GRANTED, NOW, due_ms=to_ms(LATER))

    await settled.run(extend)
    assert await settled.read(reminders.unplanned, 10) == [(assignment_id, True)]
    assert await settled.read(reminders.since_ms, assignment_id, to_ms(LATER)) == NOW_MS
    assert await settled.read(reminders.since_ms, assignment_id, DUE_MS) == 0


async def test_a_draft_waits_and_what_was_dropped_or_closed_needs_no_ladder(settled: Store) -> None:
    def prepare(tx: Tx) -> int:
        new = NewCommission("草稿", DUE_MS)
        commissions.draft(tx, new, [NewAssignment(2)], 1, NOW_MS)
        dropped = commissions.draft(tx, new, [NewAssignment(3)], 1, NOW_MS)
        commissions.drop(tx, dropped.id)
        closed = issued(tx, "已销号", [4], DUE, NOW)
        one = commissions.assignments(tx, closed.id)[0]
        commissions.record(tx, one, Event(Kind.CLOSED, NOW_MS, 1, outcome=Outcome.EXEMPT))
        return commissions.assignments(tx, dropped.id)[0].id

    dropped_id = await settled.run(prepare)
    assert await settled.read(reminders.unplanned, 10) == [(dropped_id, False)]
    await settled.run(reminders.mark_planned, dropped_id, DUE_MS)
    assert not await settled.read(reminders.is_any_due, NOW_MS)


async def test_beginning_a_ladder_twice_repeats_nothing_and_another_due_time_gives_the_first_up(
    settled: Store,
) -> None:
    assignment_id = await settled.run(begun)
    await settled.run(reminders.begin, assignment_id, DUE_MS, RUNGS, NOW_MS)
    assert await settled.read(states, assignment_id) == [
        ("-1d reporter", 0, "skipped", Why.PASSED.value), ("-2h reporter", 0, "planned", ""),
    ]  # fmt: skip
    await settled.run(reminders.begin, assignment_id, to_ms(LATER), (("+1h office", NOW_MS + 2 * HOUR, None),), NOW_MS)
    assert (await settled.read(states, assignment_id))[1:] == [
        ("-2h reporter", 0, "skipped", Why.EXTENDED.value), ("+1h office", 0, "planned", ""),
    ]  # fmt: skip


async def test_a_step_is_addressed_put_off_carried_or_skipped(settled: Store) -> None:
    assignment_id = await settled.run(begun)
    (due,) = await settled.read(reminders.due, NOW_MS + HOUR)
    first, second = await settled.run(reminders.address, due, [ZHANG, QIAN])
    assert (first.person_id, second.person_id) == (ZHANG, QIAN)
    await settled.run(reminders.put_off, second.id, NOW_MS + 2 * HOUR)
    assert await settled.read(reminders.due, NOW_MS + HOUR) == [first]
    message_id = await settled.run(reminders.new_message, ZHANG, NOW_MS, free=False)
    await settled.run(reminders.carried, first.id, message_id, None, NOW_MS)
    await settled.run(reminders.carried, second.id, message_id, Why.TODAY, NOW_MS)
    assert (await settled.read(states, assignment_id))[1:] == [
        ("-2h reporter", ZHANG, "sent", ""), ("-2h reporter", QIAN, "merged", Why.TODAY.value),
    ]  # fmt: skip
    await settled.run(reminders.skip, second.id, Why.LEFT, NOW_MS)
    assert set(await settled.read(reminders.counts)) == {
        ("sent", "", 1), ("skipped", Why.PASSED.value, 1), ("skipped", Why.LEFT.value, 1),
    }  # fmt: skip


async def test_what_is_planned_for_units_later_today_can_be_looked_up(settled: Store) -> None:
    await settled.run(begun)
    found = await settled.read(reminders.ahead, [2, 3], NOW_MS, NOW_MS + 2 * HOUR)
    assert [(unit_id, row.step) for unit_id, row in found] == [(2, "-2h reporter")]
    assert await settled.read(reminders.ahead, [3], NOW_MS, NOW_MS + 2 * HOUR) == []
    assert await settled.read(reminders.ahead, [2], NOW_MS + HOUR, NOW_MS + 2 * HOUR) == []
    assert await settled.read(reminders.ahead, [], NOW_MS, NOW_MS + 2 * HOUR) == []


async def test_only_messages_that_count_use_up_a_day(settled: Store) -> None:
    await settled.run(reminders.new_message, ZHANG, NOW_MS, free=False)
    await settled.run(reminders.new_message, ZHANG, NOW_MS, free=True)
    await settled.run(reminders.new_message, LI, NOW_MS, free=False)
    assert await settled.read(reminders.told_since, ZHANG, NOW_MS) == 1
    assert await settled.read(reminders.told_since, ZHANG, NOW_MS + 1) == 0


async def test_who_was_reached_is_what_the_outbox_knows(settled: Store) -> None:
    def send(tx: Tx) -> tuple[int, int]:
        assignment_id = begun(tx)
        (due,) = reminders.due(tx, NOW_MS + HOUR)
        (row,) = reminders.address(tx, due, [ZHANG])
        message_id = reminders.new_message(tx, ZHANG, NOW_MS, free=False)
        reminders.carried(tx, row.id, message_id, None, NOW_MS)
        dedup = f"{reminders.dedup(message_id)}:{ZHANG}"
        message = Outgoing("提醒")
        outbox.put(tx, "onebot", "p:20001", message, dedup=dedup, kind="reminder", now_ms=NOW_MS)
        parcel = outbox.take(tx, "onebot", "p:20001", NOW_MS)
        assert parcel is not None
        return assignment_id, parcel.id

    assignment_id, parcel_id = await settled.run(send)
    assert await settled.read(reminders.reached, assignment_id, DUE_MS) == []
    await settled.run(outbox.settle, parcel_id, Sending.SENT, NOW_MS + 5)
    assert await settled.read(reminders.reached, assignment_id, DUE_MS) == [("-2h reporter", "张三", NOW_MS + 5)]


async def test_recipients_have_a_post_today_and_a_private_chat(settled: Store) -> None:
    roles = frozenset({Role.REPORTER, Role.DEPUTY_REPORTER, Role.LEADER})
    found = await settled.read(reminders.recipients, [2], roles, DAY)
    assert [(one.role, one.person_id) for one in found] == [
        (Role.REPORTER, ZHANG), (Role.LEADER, LI), (Role.DEPUTY_REPORTER, QIAN),
    ]  # fmt: skip
    await settled.run(lambda tx: tx.run("UPDATE account SET account = 'group/20001' WHERE account = '20001'"))
    await settled.run(lambda tx: tx.run("UPDATE post SET valid_to = '2026-11-22' WHERE person_id = ?", LI))
    found = await settled.read(reminders.recipients, [2], roles, DAY)
    assert [one.person_id for one in found] == [QIAN]
    assert not await settled.read(reminders.is_reachable, ZHANG)
    assert await settled.read(reminders.is_reachable, QIAN)
    assert await settled.read(reminders.recipients, [], roles, DAY) == []


async def test_a_digest_is_chosen_planned_moved_and_settled_once_a_day(settled: Store) -> None:
    await settled.run(begun)
    assert await settled.read(reminders.digest_choice, ZHANG) is None
    await settled.run(reminders.choose_digest, ZHANG, 510)
    await settled.run(reminders.choose_digest, ZHANG, 600)
    assert await settled.read(reminders.digest_choice, ZHANG) == 600
    assert await settled.read(reminders.digest_readers, DAY) == [
        (ZHANG, Role.REPORTER, 600), (QIAN, Role.DEPUTY_REPORTER, None),
    ]  # fmt: skip
    assert await settled.run(reminders.plan_digest, ZHANG, DAY, NOW_MS)
    assert await settled.run(reminders.plan_digest, ZHANG, DAY, NOW_MS + HOUR)
    assert await settled.read(reminders.digest_ms, ZHANG, DAY) == NOW_MS + HOUR
    assert await settled.read(reminders.due_digests, NOW_MS) == []
    assert await settled.read(reminders.is_any_due, NOW_MS + HOUR)
    (digest,) = await settled.read(reminders.due_digests, NOW_MS + HOUR)
    assert (digest.person_id, digest.day) == (ZHANG, DAY)
    message_id = await settled.run(reminders.new_message, ZHANG, NOW_MS, free=False)
    await settled.run(reminders.settle_digest, ZHANG, DAY, "", message_id, NOW_MS)
    assert not await settled.run(reminders.plan_digest, ZHANG, DAY, NOW_MS)
    assert await settled.read(reminders.digest_ms, ZHANG, DAY) == 0
