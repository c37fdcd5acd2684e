"""What happens when the PostgreSQL server gets in the way: conflicts, lost connections, restarts."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import quote

import psycopg
import pytest

from storage import postgres as engine
from storage.engine import StoreFault, Tx
from storage.postgres import PostgresStore
from tests.support.postgres import PostgresServer

pytestmark = pytest.mark.postgres

REPEATABLE_READ = quote(r"-c default_transaction_isolation=repeatable\ read")


@asynccontextmanager
async def opened(url: str) -> AsyncIterator[PostgresStore]:
    store = PostgresStore(url)
    await store.open()
    try:
        yield store
    finally:
        await store.close()


def add(tx: Tx, name: str) -> int:
    row = tx.one(
        "INSERT INTO counter (name, value) VALUES (?, 1)"
        " ON CONFLICT (name) DO UPDATE SET value = counter.value + 1 RETURNING value",
        name,
    )
    assert row is not None
    return int(row[0])


def values(tx: Tx) -> dict[str, int]:
    return dict(tx.all("SELECT name, value FROM counter ORDER BY name"))


def own_pid(tx: Tx) -> int:
    row = tx.one("SELECT pg_backend_pid()")
    assert row is not None
    return int(row[0])


async def test_commits_wait_for_the_disk_whatever_the_database_says(server: PostgresServer, postgres_url: str) -> None:
    name = postgres_url.partition("@/")[2].partition("?")[0]
    await asyncio.to_thread(server.execute, f"ALTER DATABASE {name} SET synchronous_commit = off")
    async with opened(postgres_url) as store:
        assert await store.run(lambda tx: tx.one("SHOW synchronous_commit")) == ("on",)


async def test_a_batch_that_met_another_writer_is_run_again(postgres_url: str) -> None:
    """Under REPEATABLE READ a row somebody else changed meanwhile is a serialization failure."""
    runs: list[int] = []

    def crossed(tx: Tx) -> int:
        seen = tx.one("SELECT value FROM counter WHERE name = 'a'")
        runs.append(seen[0] if seen else 0)
        if len(runs) == 1:
            with psycopg.connect(postgres_url) as other:
                other.execute("UPDATE counter SET value = 10 WHERE name = 'a'")
        return add(tx, "a")

    async with opened(f"{postgres_url}&options={REPEATABLE_READ}") as store:
        await store.run(add, "a")
        jobs = [store.submit(add, "b"), store.submit(crossed), store.submit(add, "c")]
        outcomes = await asyncio.gather(*jobs)
        assert outcomes == [1, 11, 1]
        assert runs == [1, 10]
        assert await store.read(values) == {"a": 11, "b": 1, "c": 1}


@pytest.mark.parametrize("times", [1, 3])
async def test_the_victim_of_a_deadlock_is_run_again(postgres: PostgresStore, times: int) -> None:
    tries: list[int] = []

    def victim(tx: Tx) -> int:
        tries.append(1)
        if len(tries) <= times:
            with tx.savepoint():
                tx.run("DO $$ BEGIN RAISE EXCEPTION 'deadlock' USING ERRCODE = '40P01'; END $$")
        return add(tx, "a")

    jobs = [postgres.submit(add, "a"), postgres.submit(victim)]
    assert await asyncio.gather(*jobs) == [1, 2]
    assert len(tries) == times + 1


async def test_a_conflict_that_never_ends_is_a_fault(postgres: PostgresStore) -> None:
    def hopeless(tx: Tx) -> None:
        tx.run("DO $$ BEGIN RAISE EXCEPTION 'deadlock' USING ERRCODE = '40001'; END $$")

    with pytest.raises(StoreFault):
        await postgres.run(hopeless)
    assert await postgres.run(add, "a") == 1


async def test_a_writer_cut_off_while_idle_connects_again_unnoticed(
    server: PostgresServer, postgres: PostgresStore
) -> None:
    pid = await postgres.run(own_pid)
    await asyncio.to_thread(server.execute, f"SELECT pg_terminate_backend({pid})")
    assert await postgres.run(add, "a") == 1
    assert await postgres.run(own_pid) != pid


async def test_a_writer_cut_off_in_the_middle_runs_the_batch_again(
    server: PostgresServer, postgres: PostgresStore
) -> None:
    cut: list[int] = []

    def interrupted(tx: Tx) -> int:
        add(tx, "a")
        if not cut:
            cut.append(own_pid(tx))
            server.execute(f"SELECT pg_terminate_backend({cut[0]})")
        return add(tx, "a")

    jobs = [postgres.submit(add, "b"), postgres.submit(interrupted)]
    assert await asyncio.gather(*jobs) == [1, 2]
    assert await postgres.read(values) == {"a": 2, "b": 1}


async def test_a_connection_lost_in_the_moment_of_commit_is_a_fault_and_never_run_twice(
    postgres: PostgresStore,
) -> None:
    def booby_trap(tx: Tx) -> None:
        tx.run(
            "CREATE FUNCTION cut() RETURNS trigger LANGUAGE plpgsql AS"
            " 'BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NULL; END'"
        )
        tx.run(
            "CREATE CONSTRAINT TRIGGER cut AFTER INSERT ON counter DEFERRABLE INITIALLY DEFERRED"
            " FOR EACH ROW WHEN (NEW.name = 'trap') EXECUTE FUNCTION cut()"
        )

    runs: list[int] = []

    def step_on_it(tx: Tx) -> None:
        runs.append(1)
        add(tx, "trap")

    await postgres.run(booby_trap)
    outcomes = await asyncio.gather(postgres.run(add, "a"), postgres.run(step_on_it), return_exceptions=True)
    assert [type(outcome) for outcome in outcomes] == [StoreFault, StoreFault]
    assert len(runs) == 1
    assert await postgres.run(add, "a") == 1


async def test_a_constraint_checked_at_commit_fails_the_batch_and_no_more(postgres: PostgresStore) -> None:
    def tables(tx: Tx) -> None:
        tx.run("CREATE TABLE pair (id BIGINT PRIMARY KEY, other BIGINT REFERENCES pair (id) INITIALLY DEFERRED)")

    await postgres.run(tables)
    with pytest.raises(StoreFault, match="foreign key"):
        await postgres.run(lambda tx: tx.run("INSERT INTO pair (id, other) VALUES (1, 2)"))
    assert await postgres.run(add, "a") == 1


async def test_writer_and_readers_outlive_a_restart_of_the_server(
    server: PostgresServer, postgres: PostgresStore
) -> None:
    assert await postgres.run(add, "a") == 1
    await asyncio.gather(*(postgres.read(values) for _ in range(8)))
    await asyncio.to_thread(server.stop)
    writing = postgres.submit(add, "a")  # said while the server is away
    reading = asyncio.create_task(postgres.read(values))
    await asyncio.to_thread(server.start)
    assert await writing == 2
    assert (await reading)["a"] in (1, 2)
    found = await asyncio.gather(*(postgres.read(values) for _ in range(8)))
    assert found == [{"a": 2}] * 8


async def test_a_server_that_stays_away_is_a_fault(
    server: PostgresServer, postgres: PostgresStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "PATIENCE_SECONDS", 0.0)
    await asyncio.to_thread(server.stop)
    try:
        with pytest.raises(StoreFault):
            await postgres.run(add, "a")
        with pytest.raises(StoreFault):
            await postgres.read(values)
    finally:
        await asyncio.to_thread(server.start)
    assert await postgres.run(add, "a") == 1
    assert await postgres.read(values) == {"a": 1}


async def test_a_server_that_was_never_there_is_said_at_once() -> None:
    start = time.monotonic()
    with pytest.raises(StoreFault, match="PostgreSQL"):
        await PostgresStore("postgresql://nobody@/nothing?host=/nonexistent").open()
    assert time.monotonic() - start < engine.PATIENCE_SECONDS


async def test_a_database_in_another_encoding_is_refused(server: PostgresServer) -> None:
    await asyncio.to_thread(server.execute, "CREATE DATABASE latin ENCODING 'SQL_ASCII' LOCALE 'C' TEMPLATE template0")
    with pytest.raises(StoreFault, match="UTF8"):
        await PostgresStore(server.url("latin")).open()


async def test_a_fraction_is_not_cut_down_to_a_whole_number(postgres: PostgresStore) -> None:
    with pytest.raises(ValueError, match=r"1\.5"):
        await postgres.read(lambda tx: tx.one("SELECT 3.0 / 2"))
