"""Tokens in the database: one renewal for all processes, no token in a log, nothing held for ever."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.channels.wecom import ActionFailed, NetworkError, TokenRecord, TokenRefused
from bot.channels.wecom.log import redact
from bot.channels.wecom.token import TokenHolder
from bot.channels.workchat.tokens import HELD_MS, StoredTokens
from storage import token
from storage.engine import Store
from storage.postgres import PostgresStore
from storage.sqlite import SQLiteStore


class Service:
    """Gives tokens, or an error; slowly enough for others to get in between."""

    def __init__(self) -> None:
        self.asked = 0
        self.error = 0

    async def fetch(self) -> tuple[str, float]:
        self.asked += 1
        number = self.asked
        await asyncio.sleep(0.05)
        if self.error:
            raise ActionFailed(self.error, "invalid credential", "gettoken")
        return f"token number {number}", 7200


@pytest.fixture
async def processes(store: Store) -> AsyncIterator[list[StoredTokens]]:
    """Two of them on one database. SQLite belongs to one process, so there they share its store."""
    other = store
    if isinstance(store, PostgresStore):
        other = PostgresStore(store._url)
        await other.open()
    kept = [StoredTokens(), StoredTokens()]
    kept[0].keep_in(store)
    kept[1].keep_in(other)
    yield kept
    if other is not store:
        await other.close()


def holders(processes: list[StoredTokens], service: Service) -> list[TokenHolder]:
    return [TokenHolder(process, "ww1", 1, "secret", service.fetch) for process in processes]


async def test_two_processes_with_no_token_cause_one_request(processes: list[StoredTokens]) -> None:
    service = Service()
    both = holders(processes, service)
    tokens = await asyncio.gather(*(both[number % 2].get() for number in range(10)))
    assert {one.value for one in tokens} == {"token number 1"}
    assert service.asked == 1


async def test_a_stale_token_is_renewed_by_one_of_two_processes(processes: list[StoredTokens]) -> None:
    service = Service()
    both = holders(processes, service)
    stale = await both[0].get()
    await both[1].get()
    tokens = await asyncio.gather(*(both[number % 2].get(stale) for number in range(10)))
    assert {one.value for one in tokens} == {"token number 2"}
    assert service.asked == 2


async def test_a_wrong_secret_is_asked_for_once_by_both_and_after_a_restart(processes: list[StoredTokens]) -> None:
    service = Service()
    service.error = 40001
    for _ in range(2):
        for holder in holders(processes, service):
            with pytest.raises(TokenRefused):
                await holder.get()
    assert service.asked == 1


async def test_a_token_another_process_fetched_is_hidden_in_this_ones_log(processes: list[StoredTokens]) -> None:
    fetched_elsewhere = TokenRecord("fetched-by-the-other-process", expires_at=4e9, serial=1)
    holder = holders(processes, Service())[0]
    await processes[1].save(holder._key, fetched_elsewhere)
    assert (await holder.get()).value == "fetched-by-the-other-process"
    assert "fetched-by" not in redact("sent with fetched-by-the-other-process")


async def test_who_dies_while_renewing_does_not_hold_up_the_others_for_ever(store: Store) -> None:
    assert await store.run(token.seize, "app", "the dead one", 1_000, 1_000 + HELD_MS)
    assert not await store.run(token.seize, "app", "another", 2_000, 2_000 + HELD_MS)
    assert await store.run(token.seize, "app", "another", 1_000 + HELD_MS, 1_000 + 2 * HELD_MS)
    await store.run(token.release, "app", "the dead one")
    assert not await store.run(token.seize, "app", "a third", 1_000 + HELD_MS, 1_000 + 2 * HELD_MS)
    await store.run(token.release, "app", "another")
    assert await store.run(token.seize, "app", "a third", 1_000, 2_000)


async def test_a_record_this_program_does_not_understand_is_no_record(store: Store) -> None:
    kept = StoredTokens()
    kept.keep_in(store)
    assert await kept.load("app") is None
    for written in ("{", '{"value": "x", "unheard": 1}', "[]"):
        await store.run(token.save, "app", written)
        assert await kept.load("app") is None


async def test_a_database_that_fails_is_a_service_that_was_not_reached(tmp_path: Path) -> None:
    kept = StoredTokens()
    with pytest.raises(NetworkError):
        await TokenHolder(kept, "ww1", 1, "secret", Service().fetch).get()
    store = SQLiteStore(tmp_path / "closed.db")
    kept.keep_in(store)
    with pytest.raises(NetworkError):
        await kept.load("app")
    with pytest.raises(NetworkError):
        await kept.save("app", TokenRecord())
