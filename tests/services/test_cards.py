"""Cards offered, settled for all, tapped too late: what lies in the outbox then."""

from __future__ import annotations

from datetime import timedelta

import pytest

from domain.moment import to_ms
from domain.speech import Button, Card, Outgoing, Tap
from services import cards
from services.mail import tell
from storage import card as copies
from storage import outbox, roster
from storage.engine import Store, Tx
from storage.outbox import Parcel
from tests.support.stage import MONDAY

CARD = Card("item:1", "2026-0001《春耕》", "云山县", (Button("退回", "/退回 2026-0001"),), "退回请发“/退回 1 原因”。")
NOW_MS = to_ms(MONDAY)
HOUR = 3_600_000


def offer(tx: Tx, target: str, platform: str = "wecom", dedup: str = "") -> bool:
    return cards.put(
        tx, platform, target, Outgoing("全文"), CARD, dedup=dedup or f"a:{target}", kind="answer", now_ms=NOW_MS
    )


def parcels(tx: Tx, kind: str = "answer") -> list[Parcel]:
    found = outbox.in_states(tx, [outbox.Sending.PENDING], 50)
    return [one for one in reversed(found) if one.kind == kind]


def key_of(tx: Tx, place: int = 0) -> str:
    card = parcels(tx)[place].message.card
    assert card is not None
    return card.key


@pytest.mark.parametrize(("platform", "target"), [("onebot", "p:10002"), ("qq", "p:U1"), ("wecom", "g:wrOffice")])
async def test_where_there_are_no_cards_the_text_says_what_to_type(store: Store, platform: str, target: str) -> None:
    await store.run(offer, target, platform)
    (parcel,) = await store.read(parcels)
    assert parcel.message == Outgoing("全文\n退回请发“/退回 1 原因”。")


async def test_a_card_is_a_copy_with_a_name_of_its_own(store: Store) -> None:
    assert await store.run(offer, "p:lisi")
    assert await store.run(offer, "p:zhaozhuren")
    assert not await store.run(offer, "p:lisi")
    keys = {await store.read(key_of, place) for place in (0, 1)}
    assert len(keys) == 2
    copy = await store.read(copies.find, min(keys))
    assert copy is not None
    assert (copy.card.title, copy.handle) == (CARD.title, "")


async def test_a_person_is_told_with_a_card_where_they_have_cards(store: Store) -> None:
    def run(tx: Tx) -> bool:
        tx.run(
            "INSERT INTO account (platform, account, person_id, valid_from_ms, bound_by)"
            " VALUES ('wecom', 'lisi', 2, 0, 'import')"
        )
        return tell(tx, 2, "全文", dedup="told", kind="answer", now=MONDAY, prefer="wecom", card=CARD)

    assert await store.run(run)
    (parcel,) = await store.read(parcels)
    assert parcel.message.card is not None


async def test_only_copies_that_can_still_be_changed_are_changed_and_each_once(store: Store) -> None:
    def story(tx: Tx) -> list[str]:
        for target in ("p:a", "p:b", "p:c"):
            offer(tx, target)
        first, second = key_of(tx, 0), key_of(tx, 1)
        cards.sent(tx, first, "app:RC1", NOW_MS + HOUR, NOW_MS)
        cards.sent(tx, second, "app:RC2", NOW_MS, NOW_MS)
        cards.settle(tx, "item:1", "已采用", 1, MONDAY)
        cards.settle(tx, "item:1", "不采用", 2, MONDAY)
        return [first, second, key_of(tx, 2)]

    first, _, third = await store.run(story)
    (change,) = await store.read(parcels, cards.KIND)
    assert change.target == "p:a"
    shown = change.message.card
    assert shown is not None
    assert (shown.key, shown.handle, shown.verdict, shown.note) == (first, "app:RC1", "已采用", "周科长 11-23 09:41")
    await store.run(cards.sent, third, "app:RC3", NOW_MS + HOUR, NOW_MS)
    assert [one.target for one in await store.read(parcels, cards.KIND)] == ["p:a", "p:c"]


async def test_a_tap_brings_a_new_way_to_change_the_copy(store: Store) -> None:
    await store.run(offer, "p:a")
    key = await store.read(key_of)

    def tap(tx: Tx, handle: str) -> str:
        person = roster.person(tx, 2, MONDAY.date())
        assert person is not None
        return cards.tapped(tx, Tap(key, handle, NOW_MS + HOUR), person, MONDAY + timedelta(minutes=1))

    assert await store.run(tap, "app:RC1") == ""
    await store.run(cards.settle, "item:1", "已采用", 1, MONDAY)
    assert await store.run(tap, "app:RC2") == (
        "2026-0001《春耕》已经有结果了：已采用（周科长 11-23 09:41）。您这次点击没有改变什么。"
    )
    changes = [one.message.card for one in await store.read(parcels, cards.KIND)]
    assert [change.handle for change in changes if change] == ["app:RC1", "app:RC2"]


async def test_a_tap_on_a_copy_nobody_knows_changes_nothing(store: Store) -> None:
    def tap(tx: Tx) -> str:
        person = roster.person(tx, 2, MONDAY.date())
        assert person is not None
        return cards.tapped(tx, Tap("card-unknown", "app:RC", NOW_MS + HOUR), person, MONDAY)

    assert await store.run(tap) == cards.TOO_OLD
