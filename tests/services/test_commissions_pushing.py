"""Pushing a commission: to whom, what when a platform refuses, and that many units cost no more questions than one."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from domain.commission import Commission
from domain.errors import BadInput
from domain.moment import to_ms
from domain.roster import Person
from services.commissions import pushing, viewing
from services.commissions.brief import Brief
from services.commissions.drafting import draft
from services.commissions.issuing import issue
from services.office import CommissionPolicy, Office
from storage import outbox, push, roster
from storage.engine import Row, Store, Tx, Value
from storage.outbox import Sending
from storage.sqlite import SQLiteStore
from tests.support import city
from tests.support.office import moment, outgoing, sample_office

OFFICE = replace(sample_office(), commissions=CommissionPolicy(stop_after=2))
NOW = moment("11-23", "09:41")
CLERK, ZHANG, QIAN = 2, 5, 10


def clerk(tx: Tx, now: datetime = NOW) -> Person:
    found = roster.person(tx, CLERK, now.date())
    assert found is not None
    return found


def issued(tx: Tx, units: str = "全部县区", now: datetime = NOW, *, office: Office = OFFICE) -> Commission:
    brief = Brief(topic="全市夏粮收购情况", due="周五下班前", units=units)
    drafted = draft(tx, office, brief, clerk(tx), now)
    return issue(tx, office, drafted.commission.id, clerk(tx), now).commission


def ended(tx: Tx, target: str, state: Sending, platform: str = "onebot") -> None:
    """What a platform made of the message to a chat."""
    parcel = outbox.take(tx, platform, target, to_ms(NOW))
    assert parcel is not None, target
    outbox.settle(tx, parcel.id, state, to_ms(NOW), error="" if state is Sending.SENT else "拒收")


def account(tx: Tx, person_id: int, platform: str, number: str) -> None:
    tx.run(
        "INSERT INTO account (platform, account, person_id, valid_from_ms, bound_by) VALUES (?, ?, ?, 0, 'import')",
        platform, number, person_id,
    )  # fmt: skip


def without_account(tx: Tx, person_id: int) -> None:
    tx.run("UPDATE account SET valid_to_ms = 1 WHERE person_id = ?", person_id)


async def targets(store: Store, one: Commission) -> list[str]:
    return [each.target for each in await store.read(push.of_commission, one.id)]


async def test_the_deputy_is_told_if_the_reporter_has_no_account(store: Store) -> None:
    await store.run(without_account, ZHANG)
    assert await targets(store, await store.run(issued, "云山县")) == ["g:200001", "p:20006"]


async def test_a_group_for_some_units_is_told_of_these_alone(store: Store) -> None:
    def county_group(tx: Tx) -> None:
        tx.run("INSERT INTO group_unit (group_id, unit_id) SELECT id, 2 FROM chat_group WHERE group_no = '200001'")

    await store.run(county_group)
    one = await store.run(issued)
    texts = {message.to: message.text for message in await store.read(outgoing)}
    assert "单位：云山县\n" in texts["200001"]
    assert await targets(store, await store.run(issued, "文旅局")) == ["p:20005"]
    (group, *_) = await store.read(push.of_commission, one.id)
    assert len(group.assignment_ids) == 1


async def test_somebody_who_reports_for_two_units_gets_one_message_that_names_them(store: Store) -> None:
    def second_post(tx: Tx) -> None:
        tx.run("UPDATE post SET person_id = ? WHERE unit_id = 3 AND role = '信息员'", ZHANG)

    await store.run(second_post)
    one = await store.run(issued)
    assert await targets(store, one) == ["g:200001", "p:20001"]
    texts = {message.to: message.text for message in await store.read(outgoing)}
    assert "单位：云山县、清河区" in texts["张三"]


async def test_a_refused_push_is_tried_at_the_persons_other_account_then_never_again(store: Store) -> None:
    await store.run(account, ZHANG, "wecom", "zhangsan")
    one = await store.run(issued, "云山县")
    await store.run(ended, "p:20001", Sending.REFUSED)
    assert await store.read(pushing.detours_wait, NOW)
    assert await store.run(pushing.detour, OFFICE, NOW) == 1
    assert not await store.read(pushing.detours_wait, NOW)
    *_, last = await store.read(push.of_commission, one.id)
    assert (last.platform, last.target, last.person_id) == ("wecom", "p:zhangsan", ZHANG)
    await store.run(ended, "p:zhangsan", Sending.REFUSED, "wecom")
    assert await store.run(pushing.detour, OFFICE, NOW) == 0


async def test_without_another_account_the_deputy_is_told_and_after_them_nobody(store: Store) -> None:
    one = await store.run(issued, "云山县")
    await store.run(ended, "p:20001", Sending.DEAD)
    assert await store.run(pushing.detour, OFFICE, NOW) == 1
    assert (await targets(store, one))[-1] == "p:20006"
    two = await store.run(issued, "清河区")
    await store.run(ended, "p:20003", Sending.REFUSED)
    assert await store.run(pushing.detour, OFFICE, NOW) == 0
    assert not await store.read(pushing.detours_wait, NOW)
    assert await targets(store, two) == ["g:200001", "p:20003"]


async def test_a_platform_that_keeps_refusing_is_stopped_and_the_chief_reads_whom_it_did_not_reach(
    store: Store,
) -> None:
    one = await store.run(issued, "全部县区、发改委、文旅局")
    for target in ("g:200001", "p:20001", "p:20003"):
        assert not await store.read(pushing.refused_waves, OFFICE, NOW)
        await store.run(ended, target, Sending.REFUSED)
    assert await store.run(pushing.stop_refused, OFFICE, NOW) == 1
    assert await store.run(pushing.stop_refused, OFFICE, NOW) == 0
    (held,) = [message for message in await store.read(outgoing) if message.kind == "push held"]
    assert held.to == "周科长"
    assert held.text == (
        "约 2026-001 在QQ上连续 3 次没有送达，剩下 2 处已暂停推送。\n没有送到：全市政务信息群、张三、王五\n"
        "通道恢复后发“/约稿 续推 约1”继续；发“/约稿 约1”看详情。"
    )
    seen = await store.read(viewing.progress, one, NOW)
    assert (seen.reached, seen.units, seen.held, seen.states["已暂停"]) == (0, 4, True, 2)
    assert seen.not_reached[-1] == ("市文旅局", "平台拒收、已暂停")


async def test_what_was_held_back_goes_on_when_somebody_says_so(store: Store) -> None:
    one = await store.run(issued, "全部县区、发改委、文旅局")
    for target in ("g:200001", "p:20001", "p:20003"):
        await store.run(ended, target, Sending.UNKNOWN)
    await store.run(pushing.stop_refused, OFFICE, NOW)
    clerk_now = await store.read(clerk)
    assert await store.run(pushing.go_on, OFFICE, one, clerk_now, NOW) == 2
    assert not await store.read(pushing.refused_waves, OFFICE, NOW)
    with pytest.raises(BadInput, match="没有暂停的推送"):
        await store.run(pushing.go_on, OFFICE, one, clerk_now, NOW)
    await store.run(ended, "p:20004", Sending.SENT)
    assert (await store.read(viewing.progress, one, NOW)).reached == 1


async def test_people_with_another_platform_are_told_there_when_one_is_stopped_and_not_twice(store: Store) -> None:
    def on_work(tx: Tx) -> None:
        tx.run(
            "INSERT INTO account (platform, account, person_id, valid_from_ms, bound_by)"
            " VALUES ('wecom', 'zhaoliu', 8, 0, 'import')"
        )

    await store.run(on_work)
    one = await store.run(issued, "全部县区、发改委、文旅局")
    for target in ("g:200001", "p:20001", "p:20003"):
        await store.run(ended, target, Sending.REFUSED)
    assert await store.run(pushing.stop_refused, OFFICE, NOW) == 1
    (told,) = [message for message in await store.read(outgoing) if message.kind == "push held"]
    assert "剩下 1 处已暂停推送（另有 1 人已改走其他平台）" in told.text
    seen = await store.read(viewing.progress, one, NOW)
    assert (seen.states["已暂停"], seen.states["改走其他平台"], seen.states["待发"]) == (1, 1, 1)
    await store.run(ended, "p:zhaoliu", Sending.SENT, "wecom")
    assert await store.run(pushing.go_on, OFFICE, one, await store.read(clerk), NOW) == 1
    seen = await store.read(viewing.progress, one, NOW)
    assert (seen.reached, seen.states["待发"]) == (1, 1)
    assert "市发改委" not in dict(seen.not_reached)


async def test_what_is_stuck_until_the_evening_waits_for_the_morning_unless_it_is_urgent(store: Store) -> None:
    await store.run(issued, "云山县")
    evening = moment("11-23", "18:00")
    assert not await store.read(pushing.put_off_wait, OFFICE, NOW)
    assert await store.read(pushing.put_off_wait, OFFICE, evening)
    assert await store.run(pushing.put_off, OFFICE, evening) == 2
    assert not await store.read(pushing.put_off_wait, OFFICE, evening)
    assert {message.at for message in await store.read(outgoing)} == {"11-24 08:30"}

    def urgent(tx: Tx) -> None:
        brief = Brief(topic="汛情", due="明天", units="清河区", urgent="是")
        issue(tx, OFFICE, draft(tx, OFFICE, brief, clerk(tx), evening).commission.id, clerk(tx), evening)

    await store.run(urgent)
    assert not await store.read(pushing.put_off_wait, OFFICE, evening)


class Counting:
    """A transaction that counts the questions asked."""

    def __init__(self, tx: Tx) -> None:
        self._tx, self.asked = tx, 0

    def all(self, sql: str, *values: Value) -> list[Row]:
        self.asked += 1
        return self._tx.all(sql, *values)

    def one(self, sql: str, *values: Value) -> Row | None:
        self.asked += 1
        return self._tx.one(sql, *values)

    def run(self, sql: str, *values: Value) -> int:
        self.asked += 1
        return self._tx.run(sql, *values)

    def many(self, sql: str, rows: Sequence[Sequence[Value]]) -> None:
        self.asked += 1
        self._tx.many(sql, rows)

    def savepoint(self) -> AbstractContextManager[None]:
        return self._tx.savepoint()

    def touch(self, *topic: Any) -> None:
        self._tx.touch(*topic)

    @property
    def memo(self) -> dict[Any, Any]:
        return self._tx.memo


FIRST = {"unit": 100, "person": 1_000, "account": 50_000, "group": 300}


def province(tx: Tx, units: int, groups: int) -> None:
    """Townships, each with a reporter who has an account, spread over groups of their own."""
    since = "'2026-01-01'"
    tx.many(
        f"INSERT INTO unit (id, name, kind, place, valid_from) VALUES (?, ?, '乡镇', 99, {since})",
        [(FIRST["unit"] + n, f"第{n}乡") for n in range(units)],
    )
    tx.many(
        f"INSERT INTO person (id, name, phone, valid_from) VALUES (?, ?, '', {since})",
        [(FIRST["person"] + n, f"信息员{n}") for n in range(units)],
    )
    tx.many(
        f"INSERT INTO post (person_id, unit_id, role, valid_from) VALUES (?, ?, '信息员', {since})",
        [(FIRST["person"] + n, FIRST["unit"] + n) for n in range(units)],
    )
    for n in range(units):
        account(tx, FIRST["person"] + n, "onebot", str(FIRST["account"] + n))
    tx.many(
        "INSERT INTO chat_group (id, platform, group_no, name, purpose, valid_from)"
        f" VALUES (?, 'onebot', ?, '乡镇群', '通知', {since})",
        [(FIRST["group"] + n, f"3{n}") for n in range(groups)],
    )
    tx.many(
        "INSERT INTO group_unit (group_id, unit_id) VALUES (?, ?)",
        [(FIRST["group"] + n % groups, FIRST["unit"] + n) for n in range(units)],
    )


async def questions(store: Store, units: int, groups: int) -> int:
    """How many questions it takes to draft, number and queue a commission to so many units."""

    def count(tx: Tx) -> int:
        province(tx, units, groups)
        counting = Counting(tx)
        one = issued(counting, "全部乡镇")
        assert len(push.of_commission(tx, one.id)) == units + groups + 1
        return counting.asked

    return await store.run(count)


async def test_three_hundred_units_cost_no_more_questions_than_three(store: Store, tmp_path: Path) -> None:
    other = SQLiteStore(tmp_path / "other.db")
    await other.open()
    await other.run(city.settle)
    assert await questions(other, 300, 20) == await questions(store, 3, 2)
    await other.close()
