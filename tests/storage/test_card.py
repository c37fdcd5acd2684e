"""Copies of cards and how their matters end: the same on either engine."""

from __future__ import annotations

from dataclasses import replace

import pytest

from domain.speech import Button, Card, Choice, Option, Outgoing
from storage import card as cards
from storage import outbox
from storage.engine import Store, Tx

NOON = 1_795_406_400_000
CARD = Card(
    matter="item:1",
    title="2026-0001《春耕》",
    text="云山县",
    buttons=(Button("采用", "/采用 2026-0001 {}"), Button("退回", "/退回 2026-0001", grave=True)),
    typed="采用请发“/采用 1 刊物 期号”。",
    choice=Choice("刊物", (Option("《每日要情》第129期", "每日要情 129"),)),
    key="card-a",
)


@pytest.mark.parametrize("card", [None, CARD, replace(CARD, choice=None, handle="app:RC", verdict="已采用")])
async def test_a_card_travels_with_its_message_and_comes_out_as_it_went_in(store: Store, card: Card | None) -> None:
    message = Outgoing("正文", quote="app:m:1", card=card)

    def put(tx: Tx) -> bool:
        return outbox.put(tx, "wecom", "p:lisi", message, dedup="1", kind="answer", now_ms=NOON)

    assert await store.run(put)
    parcel = await store.run(outbox.take, "wecom", "p:lisi", NOON)
    assert parcel is not None
    assert parcel.message == message


async def test_a_copy_is_found_by_its_key_with_the_newest_handle(store: Store) -> None:
    await store.run(cards.add, CARD, "wecom", "p:zhaozhuren", NOON)
    await store.run(cards.keep_handle, "card-a", "app:RC1", NOON + 5)
    await store.run(cards.keep_handle, "card-a", "app:RC2", NOON + 9)
    copy = await store.read(cards.find, "card-a")
    assert copy is not None
    assert (copy.card, copy.target, copy.handle, copy.until_ms) == (CARD, "p:zhaozhuren", "app:RC2", NOON + 9)
    assert (copy.settled_ms, copy.settled_by, copy.verdict) == (0, 0, "")
    assert await store.read(cards.find, "card-unknown") is None


async def test_a_matter_is_settled_once_for_all_its_open_copies(store: Store) -> None:
    for key, matter, at in (("card-b", "item:1", 2), ("card-a", "item:1", 1), ("card-c", "item:2", 3)):
        await store.run(cards.add, replace(CARD, key=key, matter=matter), "wecom", f"p:{key}", NOON + at)
    settled = await store.run(cards.settle, "item:1", "已采用", 2, NOON + 60)
    assert [copy.key for copy in settled] == ["card-a", "card-b"]
    assert {(copy.verdict, copy.settled_by, copy.settled_ms) for copy in settled} == {("已采用", 2, NOON + 60)}
    assert await store.run(cards.settle, "item:1", "不采用", 1, NOON + 90) == []
    first = await store.read(cards.find, "card-a")
    assert first is not None
    assert first.verdict == "已采用"
    other = await store.read(cards.find, "card-c")
    assert other is not None
    assert not other.settled_ms


async def test_old_copies_are_forgotten(store: Store) -> None:
    await store.run(cards.add, CARD, "wecom", "p:a", NOON)
    await store.run(cards.add, replace(CARD, key="card-b"), "wecom", "p:b", NOON + 5)
    assert await store.run(cards.forget_before, NOON + 5) == 1
    assert await store.read(cards.find, "card-a") is None
