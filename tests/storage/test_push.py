"""Pushes: one row per chat, what became of it, and what waits, is held back or goes another way."""

from __future__ import annotations

from datetime import date

from domain.commission import Commission
from domain.speech import Outgoing
from storage import commission, outbox, push, reach
from storage.commission import NewAssignment, NewCommission
from storage.engine import Store, Tx
from storage.outbox import Sending
from storage.push import NewPush
from tests.support import city

DAY = date(2026, 11, 23)
NOON = 1_795_406_400_000
HOUR = 3_600_000
REPORTER = list(city.PEOPLE).index("张三") + 1


def drafted(tx: Tx, *units: int) -> Commission:
    return commission.draft(tx, NewCommission("全市夏粮收购情况", NOON + HOUR), [*map(NewAssignment, units)], 1, NOON)


def to_group(number: str) -> NewPush:
    return NewPush("onebot", f"g:{number}", Outgoing(f"给群 {number}"))


def to_person(account: str, *assignments: int, platform: str = "onebot") -> NewPush:
    return NewPush(platform, f"p:{account}", Outgoing(f"给 {account}"), REPORTER, assignments)


def sent(tx: Tx, target: str, state: Sending, platform_id: str = "") -> None:
    parcel = outbox.take(tx, "onebot", target, NOON + HOUR)
    assert parcel is not None
    outbox.settle(tx, parcel.id, state, NOON + HOUR, platform_id=platform_id, error="" if platform_id else "拒收")


async def test_a_push_is_told_with_what_became_of_its_message(settled: Store) -> None:
    def scene(tx: Tx) -> list[push.Pushed]:
        one = drafted(tx, 2, 3)
        first, second = commission.assignments(tx, one.id)
        push.add(tx, one.id, 1, [to_group("200001"), to_person("20001", first.id)], NOON)
        push.add(tx, one.id, 1, [to_person("20001", first.id, second.id)], NOON)
        sent(tx, "g:200001", Sending.SENT, "m-7")
        return push.of_commission(tx, one.id)

    group, person = await settled.run(scene)
    assert (group.target, group.state, group.person_id, group.assignment_ids) == ("g:200001", Sending.SENT, 0, ())
    assert (person.target, person.state, person.person_id) == ("p:20001", Sending.PENDING, REPORTER)
    assert group.is_for(person.assignment_ids[0])
    assert len(person.assignment_ids) == 2
    assert await settled.read(push.find_by_message, "onebot", "m-7") == group
    assert await settled.read(push.find_by_message, "onebot", "m-8") is None
    assert await settled.read(push.find_by_message, "wecom", "m-7") is None
    assert await settled.read(push.last_wave, group.commission_id) == 1


async def test_nothing_goes_out_before_its_time(settled: Store) -> None:
    one = await settled.run(drafted, 2)
    await settled.run(push.add, one.id, 1, [to_group("200001")], NOON, NOON + HOUR)
    assert await settled.read(outbox.due_kind, "onebot", "g:200001", NOON) is None
    assert await settled.read(outbox.due_kind, "onebot", "g:200001", NOON + HOUR) == push.KIND


async def test_a_push_to_a_person_that_failed_is_tried_elsewhere_once(settled: Store) -> None:
    def scene(tx: Tx) -> int:
        one = drafted(tx, 2)
        mine = commission.assignments(tx, one.id)[0].id
        push.add(tx, one.id, 1, [to_group("200001"), to_person("20001", mine), to_person("20006", mine)], NOON)
        sent(tx, "g:200001", Sending.REFUSED)
        sent(tx, "p:20001", Sending.REFUSED)
        sent(tx, "p:20006", Sending.UNKNOWN)
        return one.id

    commission_id = await settled.run(scene)
    (failed,) = await settled.read(push.to_detour, NOON)
    assert (failed.target, len(failed.assignment_ids)) == ("p:20001", 1)
    assert await settled.read(push.to_detour, NOON + 1) == []
    instead = NewPush("wecom", "p:zhangsan", Outgoing("给张三"), REPORTER, failed.assignment_ids, failed.id)
    await settled.run(push.add, commission_id, 1, [instead], NOON)
    assert await settled.read(push.to_detour, NOON) == []


async def test_a_platform_that_keeps_refusing_is_held_back_until_somebody_says_go_on(settled: Store) -> None:
    def scene(tx: Tx) -> int:
        one = drafted(tx, 2)
        push.add(tx, one.id, 1, [to_group(str(number)) for number in range(6)], NOON)
        for number, state in enumerate((Sending.SENT, Sending.REFUSED, Sending.UNKNOWN)):
            sent(tx, f"g:{number}", state, "m-1" if state is Sending.SENT else "")
        return one.id

    id = await settled.run(scene)
    assert await settled.read(push.waves_with_pending, NOON) == [(id, 1, "onebot")]
    assert await settled.read(push.failed_in_a_row, id, 1, "onebot", 2)
    assert not await settled.read(push.failed_in_a_row, id, 1, "onebot", 3)
    assert await settled.run(push.hold, id, 1, "onebot") == 3
    assert [one.held for one in await settled.read(push.of_commission, id)] == [False] * 3 + [True] * 3
    assert await settled.read(push.waves_with_pending, NOON) == []
    assert await settled.run(push.let_go_on, id, NOON) == 3
    assert await settled.run(push.let_go_on, id, NOON) == 0
    assert await settled.read(push.waves_with_pending, NOON) == [(id, 2, "onebot")]
    assert not await settled.read(push.failed_in_a_row, id, 2, "onebot", 2)
    assert {one.state for one in await settled.read(push.of_commission, id) if one.wave == 2} == {Sending.PENDING}


async def test_groups_and_reporters_of_a_commission_are_read_at_once(settled: Store) -> None:
    def scene(tx: Tx) -> int:
        tx.run(
            "INSERT INTO chat_group (platform, group_no, name, purpose, valid_from)"
            " VALUES ('wecom', 'wr1', '云山县信息群', '通知', '2026-01-01')"
        )
        tx.run("INSERT INTO group_unit (group_id, unit_id) SELECT id, 2 FROM chat_group WHERE group_no = 'wr1'")
        tx.run(
            "INSERT INTO account (platform, account, person_id, valid_from_ms, bound_by)"
            " VALUES ('wecom', 'zhangsan', ?, 0, 'import')",
            REPORTER,
        )
        return drafted(tx, 2, 4).id

    commission_id = await settled.run(scene)
    everywhere, county = await settled.read(reach.groups, DAY)
    assert (everywhere.name, everywhere.unit_ids) == ("全市政务信息群", frozenset())
    assert (county.target, county.unit_ids) == ("g:wr1", frozenset({2}))
    people = await settled.read(reach.reporters, commission_id, DAY)
    assert {unit: [one.name for one in found] for unit, found in people.items()} == {2: ["张三", "钱八"], 4: ["赵六"]}
    assert people[2][0].accounts == (("onebot", "20001"), ("wecom", "zhangsan"))
    assert await settled.read(reach.reporters, commission_id, date(2025, 1, 1)) == {}
