"""Beyond what a platform shows to one person a minute: messages wait without losing tries, and go out together."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.channels.base import Delivery
from bot.courier import TRIES, settle
from domain.moment import to_ms
from domain.speech import Outgoing
from storage import outbox
from storage.engine import Store, Tx
from storage.outbox import Parcel, Sending
from storage.sqlite import SQLiteStore
from tests.bot.workchat_town import town

NOON = 1_772_769_600_000
WAITS = Delivery(Sending.PENDING, error="发得太快", retry_ms=40_000, tried=False)


def put(tx: Tx, text: str, kind: str, target: str = "p:zhangsan", quote: str = "") -> None:
    outbox.put(tx, "wecom", target, Outgoing(text, quote), dedup=f"{kind}{text}", kind=kind, now_ms=NOON)


def take(tx: Tx, target: str = "p:zhangsan") -> Parcel:
    parcel = outbox.take(tx, "wecom", target, NOON + 10_000_000)
    assert parcel is not None
    return parcel


def rows(tx: Tx) -> list[tuple[str, int, str]]:
    return [(one.message.text, int(one.state), one.error) for one in outbox.in_states(tx, tuple(Sending), 50)][::-1]


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    opened = SQLiteStore(tmp_path / "test.db")
    await opened.open()
    yield opened
    await opened.close()


async def test_waiting_for_its_turn_costs_no_try(store: Store) -> None:
    def play(tx: Tx) -> Parcel:
        put(tx, "一", "test")
        for _ in range(TRIES + 3):
            settle(tx, take(tx), WAITS, NOON)
        return take(tx)

    assert (await store.run(play)).attempts == 1


async def test_what_waits_for_one_person_goes_out_together_in_its_order(store: Store) -> None:
    def play(tx: Tx) -> list[tuple[str, int, str]]:
        for text, kind in [
            ("甲被采用", "desk adopt"),
            ("乙被采用", "desk adopt"),
            ("催报", "nudge"),
            ("约稿", "commission"),
        ]:
            put(tx, text, kind)
        put(tx, "丙被采用", "desk adopt")
        settle(tx, take(tx), WAITS, NOON)
        return rows(tx)

    assert await store.run(play) == [
        ("甲被采用\n\n乙被采用\n\n催报", Sending.PENDING, "发得太快"),
        ("乙被采用", Sending.DROPPED, "并入第1条一起发送"),
        ("催报", Sending.DROPPED, "并入第1条一起发送"),
        ("约稿", Sending.PENDING, ""),
        ("丙被采用", Sending.PENDING, ""),
    ]


@pytest.mark.parametrize(
    ("text", "kind", "target", "quote"),
    [
        ("报" * 700, "nudge", "p:zhangsan", ""),
        ("回答", "nudge", "p:zhangsan", "app:m1"),
        ("群里", "nudge", "g:wrReporters", ""),
        ("约稿", "commission", "p:zhangsan", ""),
    ],
    ids=["too long", "an answer", "in a group", "looked up"],
)
async def test_what_has_to_stay_by_itself_does(store: Store, text: str, kind: str, target: str, quote: str) -> None:
    def play(tx: Tx) -> list[int]:
        put(tx, text, kind, target, quote)
        put(tx, "催报", "nudge", target)
        settle(tx, take(tx, target), WAITS, NOON)
        return [state for _, state, _ in rows(tx)]

    assert await store.run(play) == [Sending.PENDING, Sending.PENDING]


async def test_forty_decisions_of_the_desk_all_reach_the_reporter_on_wechat_work(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with town(tmp_path, monkeypatch, aibot=None) as city:
        now_ms = to_ms(city.house.clock.now())

        def decide(tx: Tx) -> None:
            for number in range(1, 41):
                outbox.put(
                    tx, "wecom", "p:zhangsan", Outgoing(f"第{number}条被采用"), dedup=f"d{number}", kind="desk adopt",
                    now_ms=now_ms,
                )  # fmt: skip

        await city.house.parts.store.run(decide)
        await city.told("zhangsan", "第30条被采用")
        async with asyncio.timeout(5):
            while len(await city.parcels(Sending.DROPPED)) < 9:  # the nine behind the one that waits have joined it
                await asyncio.sleep(0.02)
        city.house.clock.forward(seconds=70)
        city.service.clock.advance(70)
        last = await city.told("zhangsan", "第40条被采用")
        assert last.text.startswith("第31条被采用\n\n第32条被采用")
        assert len(city.service.heard_by("zhangsan")) == 31
        assert city.service.dropped == []
