"""Issuing: once, with a number without gaps; on WeChat Work the chief approves by a tap."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from domain.commission import State, Way
from domain.errors import BadInput, WrongState
from domain.roster import Person
from services.commissions.brief import Brief
from services.commissions.drafting import draft, is_alike, missing
from services.commissions.issuing import give_up, issue, send_back
from services.office import CommissionPolicy
from storage import audit, card, outbox, roster
from storage import commission as commissions
from storage.engine import Store, Tx
from tests.support.office import moment, sample_office

OFFICE = sample_office()
STRICT = replace(OFFICE, commissions=CommissionPolicy(approval=True))
NOW = moment("11-23", "09:41")
CHIEF, CLERK = 1, 2


def person(tx: Tx, person_id: int) -> Person:
    found = roster.person(tx, person_id, NOW.date())
    assert found is not None
    return found


def drafted(tx: Tx, topic: str = "夏粮收购", due: str = "周五下班前") -> int:
    brief = Brief(topic=topic, due=due, units="云山县")
    return draft(tx, OFFICE, brief, person(tx, CLERK), NOW).commission.id


async def test_numbers_have_no_gaps_whatever_is_given_up_between(store: Store) -> None:
    def scene(tx: Tx) -> list[str]:
        first, second, third = drafted(tx), drafted(tx), drafted(tx)
        numbers = [issue(tx, OFFICE, first, person(tx, CLERK), NOW).commission.number]
        give_up(tx, second, person(tx, CLERK), NOW)
        return [*numbers, issue(tx, OFFICE, third, person(tx, CLERK), NOW).commission.number]

    assert await store.run(scene) == ["约 2026-001", "约 2026-002"]


async def test_what_is_issued_twice_is_issued_once(store: Store) -> None:
    def scene(tx: Tx) -> int:
        id = drafted(tx)
        first, second = [issue(tx, OFFICE, id, person(tx, CLERK), NOW) for _ in range(2)]
        assert (first.again, second.again) == (False, True)
        assert second.commission == first.commission
        return id

    id = await store.run(scene)
    assert len(await store.read(audit.latest, f"commission:{id}", 9)) == 1
    assert (await store.read(outbox.counts))[outbox.Sending.PENDING] == 2


async def test_what_is_issued_can_neither_be_given_up_nor_sent_back(store: Store) -> None:
    def issued(tx: Tx) -> int:
        id = drafted(tx)
        issue(tx, OFFICE, id, person(tx, CLERK), NOW)
        return id

    id = await store.run(issued)
    chief = await store.read(person, CHIEF)
    with pytest.raises(WrongState, match="不能放弃"):
        await store.run(give_up, id, chief, NOW)
    with pytest.raises(WrongState, match="不能退回"):
        await store.run(send_back, id, "不合适", chief, NOW)


async def test_a_due_time_that_passed_since_is_refused_and_leaves_the_draft(store: Store) -> None:
    id = await store.run(drafted, "夏粮收购", "今天11点")
    clerk = await store.read(person, CLERK)
    with pytest.raises(BadInput, match="截止时间已经过了"):
        await store.run(issue, OFFICE, id, clerk, moment("11-23", "11:00"))
    found = await store.read(commissions.by_id, id)
    assert found is not None
    assert (found.state, found.number, found.way) == (State.DRAFT, "", Way.CHAT)


async def test_a_chief_on_wecom_has_a_card_that_shows_the_verdict(store: Store) -> None:
    def scene(tx: Tx) -> int:
        tx.run("UPDATE account SET valid_to_ms = 1 WHERE person_id = ?", CHIEF)
        tx.run(
            "INSERT INTO account (platform, account, person_id, valid_from_ms, bound_by)"
            " VALUES ('wecom', 'zhou', ?, 0, 'import')",
            CHIEF,
        )
        id = drafted(tx)
        issue(tx, STRICT, id, person(tx, CLERK), NOW)
        return id

    id = await store.run(scene)
    ((payload,),) = await store.read(lambda tx: tx.all("SELECT payload FROM outbox WHERE target = 'p:zhou'"))
    shown = json.loads(payload)["card"]
    assert shown["buttons"][0]["says"] == f"/批准约稿 {id}"
    chief = await store.read(person, CHIEF)
    assert (await store.run(issue, STRICT, id, chief, NOW)).commission.number == "约 2026-001"
    copy = await store.read(card.find, shown["key"])
    assert copy is not None
    assert (copy.verdict, copy.settled_by) == ("已批准下达", CHIEF)


@pytest.mark.parametrize(
    ("brief", "fields"),
    [
        (Brief(), ["topic", "due", "units"]),
        (Brief(off_chat="是", due="周五", units="云山县"), []),
        (Brief(topic="夏粮", upper="省办约2026-33 周五", units="云山县"), []),
        (Brief(topic="夏粮", parts="云山县：做法 周四"), []),
        (Brief(topic="夏粮", parts="云山县：做法 周四\n清河区：价格"), ["due"]),
    ],
)
def test_what_a_commission_cannot_be_without_is_asked_for(brief: Brief, fields: list[str]) -> None:
    assert missing(brief) == fields


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("全市夏粮收购情况", "全市“夏粮收购”情况。", True),
        ("全市夏粮收购情况", "全市夏粮收购的情况", True),
        ("全市夏粮收购情况", "全市秋粮播种情况", False),
    ],
)
def test_topics_that_differ_in_a_sign_are_the_same(one: str, other: str, alike: bool) -> None:
    assert is_alike(one, other) is alike
