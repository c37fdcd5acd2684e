"""Nudges from plan to delivery: who gets what, when it waits, and why it is dropped."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from domain.errors import BadInput, NotFound
from scheduler import texts
from services import nudges
from services.office import NudgePolicy, Office
from storage import audit, roster
from storage.engine import Store, Tx
from tests.support.office import Waiting, book, moment, outgoing, sample_office

OFFICE = sample_office()
TENTH = moment("11-13", "09:30")
"""The tenth working day of November 2026, a Friday."""


def lazy(tx: Tx) -> None:
    """Only 云山县 (2) has sent nothing; nobody is under a rate's floor."""
    for unit_id, submitted in ((3, 8), (4, 5), (5, 3)):
        book(tx, unit_id, "11-02", submitted=submitted, adopted=submitted)


def policy(**changes: int) -> Office:
    return replace(OFFICE, nudges=replace(NudgePolicy(), **changes))  # type: ignore[arg-type]  # names fields


def plan_and_approve(tx: Tx, office: Office, now: datetime) -> None:
    nudges.plan(tx, office, now)
    nudges.approve(tx, office, None, "person:1", now)


def deliver(tx: Tx, office: Office, now: datetime) -> nudges.Delivered:
    return nudges.deliver(tx, office, now, texts.nudge)


def day_of_work(tx: Tx, office: Office, now: datetime) -> None:
    plan_and_approve(tx, office, now)
    deliver(tx, office, now)


def rows(tx: Tx) -> list[tuple[str, str, str]]:
    """(person, state, note) of every nudge, oldest first."""
    return [
        (roster.name_of(tx, person), state, note)
        for person, state, note in tx.all("SELECT person_id, state, note FROM nudge ORDER BY id")
    ]


def told(messages: list[Waiting]) -> list[tuple[str, str]]:
    return [(message.to, message.at) for message in messages if message.kind == "nudge"]


async def play(store: Store, *steps: Callable[[Tx], object]) -> None:
    for step in (lazy, *steps):
        await store.run(step)


async def test_nothing_is_planned_before_its_day(store: Store) -> None:
    await play(store)
    assert await store.run(nudges.plan, OFFICE, TENTH - timedelta(days=1)) == []
    assert len(await store.run(nudges.plan, OFFICE, TENTH)) == 1
    assert await store.run(nudges.plan, OFFICE, TENTH) == []


async def test_the_office_sees_who_would_get_what_and_why(store: Store) -> None:
    await play(store, lambda tx: nudges.plan(tx, OFFICE, TENTH))
    seen = await store.run(nudges.overview, OFFICE, TENTH)
    (shown,) = seen.planned
    assert (shown.unit, shown.person) == ("云山县", "张三")
    assert shown.nudge.reason == "本月已过10个工作日，没有报送（任务8条）"


async def test_nothing_goes_out_before_it_is_approved(store: Store) -> None:
    await play(store, lambda tx: nudges.plan(tx, OFFICE, TENTH), lambda tx: deliver(tx, OFFICE, TENTH))
    assert await store.read(outgoing) == []


async def test_the_reporter_reads_the_figures_the_deadline_and_how_to_report(store: Store) -> None:
    await play(store, lambda tx: day_of_work(tx, OFFICE, TENTH))
    (message,) = await store.read(outgoing)
    assert message.to == "张三"
    assert message.text == (
        "张三您好，11月政务信息报送提示：云山县本月已过10个工作日，没有报送（任务8条）。"
        "请在11月30日（周一）前报送：发“/报送 标题”，正文写在下面；也可以直接发 Word 文件。"
        "已从其他渠道报送的，请告知信息科。"
    )


async def test_the_deputy_follows_on_the_next_day_and_the_leader_after_three_working_days(
    store: Store,
) -> None:
    days = [moment(day, "09:30") for day in ("11-13", "11-16", "11-17", "11-18", "11-19")]
    await play(store, *[lambda tx, now=now: day_of_work(tx, OFFICE, now) for now in days])
    messages = await store.read(outgoing)
    assert told(messages) == [("张三", "11-13 09:30"), ("钱八", "11-16 09:30"), ("李副", "11-18 09:30")]
    assert messages[-1].text == (
        "李副您好，11月政务信息报送提示：云山县本月已过13个工作日，没有报送（任务8条）"
        "（11月13日已提醒张三、11月16日已提醒钱八）。请您在方便时关心督促，11月30日（周一）前报送即可。"
    )


async def test_a_unit_that_sent_meanwhile_is_left_alone(store: Store) -> None:
    await play(
        store,
        lambda tx: plan_and_approve(tx, OFFICE, TENTH),
        lambda tx: book(tx, 2, "11-13", submitted=1, adopted=1),
        lambda tx: deliver(tx, OFFICE, TENTH),
    )
    assert await store.read(outgoing) == []
    assert await store.read(rows) == [("张三", "dropped", "情况已变化：本月已报送1条、采用1条")]


async def test_in_quiet_hours_it_waits_and_is_judged_again_then(store: Store) -> None:
    evening, monday = moment("11-13", "19:00"), moment("11-16", "08:30")
    await play(store, lambda tx: plan_and_approve(tx, OFFICE, evening))
    await store.run(deliver, OFFICE, evening)
    assert await store.read(outgoing) == []
    await store.run(deliver, OFFICE, monday - timedelta(minutes=1))
    assert await store.read(outgoing) == []
    await store.run(deliver, OFFICE, monday)
    assert told(await store.read(outgoing)) == [("张三", "11-16 08:30")]


async def test_after_downtime_a_due_nudge_still_keeps_quiet_hours(store: Store) -> None:
    night = moment("11-16", "22:00")
    await play(store, lambda tx: plan_and_approve(tx, OFFICE, TENTH))
    assert await store.run(deliver, OFFICE, night) == nudges.Delivered(0, 1, 0)
    await store.run(deliver, OFFICE, moment("11-17", "08:30"))
    assert told(await store.read(outgoing)) == [("张三", "11-17 08:30")]


async def test_a_new_month_drops_what_was_about_the_old_one(store: Store) -> None:
    await play(
        store,
        lambda tx: plan_and_approve(tx, OFFICE, moment("11-30", "19:00")),
        lambda tx: deliver(tx, OFFICE, moment("12-01", "08:30")),
    )
    assert await store.read(rows) == [("张三", "dropped", "当月已结束")]


async def test_somebody_without_an_account_is_recorded_and_the_next_one_is_planned(store: Store) -> None:
    await play(
        store,
        lambda tx: tx.run("UPDATE account SET valid_to_ms = 1 WHERE account = '20001'"),
        lambda tx: nudges.plan(tx, OFFICE, TENTH),
    )
    assert await store.read(rows) == [("张三", "dropped", "没有绑定账号，联系不上"), ("钱八", "planned", "")]


async def test_a_unit_without_reporters_is_a_hole_the_office_sees_once(store: Store) -> None:
    await play(
        store,
        lambda tx: tx.run("DELETE FROM post WHERE unit_id = 2"),
        lambda tx: nudges.plan(tx, OFFICE, TENTH),
        lambda tx: nudges.plan(tx, OFFICE, TENTH + timedelta(days=3)),
    )
    seen = await store.run(nudges.overview, OFFICE, TENTH)
    assert [(shown.unit, shown.person, shown.nudge.note) for shown in seen.dropped] == [
        ("云山县", "", "单位没有登记信息员")
    ]


async def test_an_account_that_is_lost_before_the_hour_drops_the_nudge(store: Store) -> None:
    await play(
        store,
        lambda tx: plan_and_approve(tx, OFFICE, TENTH),
        lambda tx: tx.run("UPDATE account SET valid_to_ms = 1 WHERE account = '20001'"),
        lambda tx: deliver(tx, OFFICE, TENTH),
    )
    assert await store.read(rows) == [("张三", "dropped", "没有绑定账号，联系不上")]


async def test_who_left_the_post_before_the_hour_gets_nothing(store: Store) -> None:
    await play(
        store,
        lambda tx: plan_and_approve(tx, OFFICE, TENTH),
        lambda tx: tx.run("UPDATE post SET valid_to = '2026-11-12' WHERE person_id = 5"),
        lambda tx: deliver(tx, OFFICE, TENTH),
    )
    assert await store.read(rows) == [("张三", "dropped", "本人已不在岗")]


async def test_one_person_gets_one_nudge_a_day_and_the_other_on_the_next_working_day(store: Store) -> None:
    def poor(tx: Tx) -> None:
        book(tx, 2, "11-02", submitted=6)

    late = moment("11-20", "09:30")
    await play(store, poor, lambda tx: day_of_work(tx, OFFICE, late))
    assert told(await store.read(outgoing)) == [("张三", "11-20 09:30")]
    await store.run(deliver, OFFICE, late + timedelta(hours=2))
    assert len(await store.read(outgoing)) == 1
    await store.run(deliver, OFFICE, moment("11-23", "08:30"))
    messages = await store.read(outgoing)
    assert told(messages)[1:] == [("张三", "11-23 08:30")]
    assert "本月报送6条、采用0条，采用率0.0%，下限20.0%" in messages[1].text


async def test_the_cap_of_a_matter_holds(store: Store) -> None:
    once = policy(per_matter=1)
    days = [moment(day, "09:30") for day in ("11-13", "11-16", "11-17", "11-18", "11-19")]
    await play(store, *[lambda tx, now=now: day_of_work(tx, once, now) for now in days])
    assert told(await store.read(outgoing)) == [("张三", "11-13 09:30")]


async def test_what_the_office_takes_back_rests_for_the_month(store: Store) -> None:
    await play(store, lambda tx: nudges.plan(tx, OFFICE, TENTH))
    head = await store.read(roster.person, 1, TENTH.date())
    assert head is not None
    with pytest.raises(BadInput, match="请写明不催的原因"):
        await store.run(nudges.stop, 1, "", head, TENTH)
    await store.run(nudges.stop, 1, "已电话说明", head, TENTH)
    for days in range(1, 15):
        await store.run(nudges.plan, OFFICE, TENTH + timedelta(days=days))
    assert await store.read(rows) == [("张三", "stopped", "已电话说明")]


async def test_numbers_that_do_not_wait_are_not_approved(store: Store) -> None:
    await play(store, lambda tx: nudges.plan(tx, OFFICE, TENTH))
    with pytest.raises(NotFound, match="待批的催报 99"):
        await store.run(nudges.approve, OFFICE, [1, 99], "person:1", TENTH)
    assert [state for _, state, _ in await store.read(rows)] == ["planned"]


async def test_the_office_and_units_without_a_class_are_never_nudged(store: Store) -> None:
    def more(tx: Tx) -> None:
        tx.run("INSERT INTO unit_class (unit_id, year, class) VALUES (1, 2026, '一般部门')")
        tx.run("DELETE FROM unit_class WHERE unit_id = 2")

    await play(store, more, lambda tx: nudges.plan(tx, OFFICE, TENTH))
    assert await store.read(rows) == []


async def test_every_step_stands_in_the_audit(store: Store) -> None:
    await play(store, lambda tx: day_of_work(tx, OFFICE, TENTH))
    lines = await store.read(audit.latest, "nudge:1", 9)
    assert [(line.actor, line.action) for line in reversed(lines)] == [
        ("clock", "nudge plan"), ("person:1", "nudge approve"), ("clock", "nudge sent"),
    ]  # fmt: skip
