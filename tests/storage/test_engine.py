"""What every caller of the store may rely on, on either engine."""

from __future__ import annotations

import asyncio
import threading
from contextlib import suppress
from datetime import date
from typing import Any

import pytest

from storage import ledger
from storage.engine import BATCH, Store, StoreFault, Topic, Tx


class Spilled(Exception):
    """A command that fails on purpose."""


@pytest.fixture(autouse=True)
async def notes(store: Store) -> None:
    def tables(tx: Tx) -> None:
        tx.run("CREATE TABLE note (id BIGINT PRIMARY KEY, text TEXT NOT NULL)")

    await store.run(tables)


def note(tx: Tx, id: int, text: str = "") -> int:
    tx.run("INSERT INTO note (id, text) VALUES (?, ?)", id, text)
    tx.touch("note", id)
    return id


def spill(tx: Tx, id: int) -> None:
    note(tx, id)
    raise Spilled(id)


def noted(tx: Tx) -> list[int]:
    return [id for (id,) in tx.all("SELECT id FROM note ORDER BY id")]


def count(tx: Tx) -> int:
    row = tx.one("SELECT COUNT(*) FROM note")
    assert row is not None
    return int(row[0])


async def test_commands_run_in_the_order_they_were_queued_over_many_batches(store: Store) -> None:
    def place(tx: Tx, id: int) -> int:
        note(tx, id)
        return count(tx)

    places = await asyncio.gather(*(store.submit(place, id) for id in range(2 * BATCH + 7)))
    assert places == list(range(1, 2 * BATCH + 8))
    assert store.commits <= 5


async def test_an_answer_is_given_only_when_others_can_see_the_change(store: Store) -> None:
    for id in range(5):
        await store.run(note, id)
        assert id in await store.read(noted)


async def test_nothing_is_visible_to_readers_before_the_commit(store: Store) -> None:
    written, go_on = threading.Event(), threading.Event()

    def slow(tx: Tx) -> None:
        note(tx, 1)
        written.set()
        assert go_on.wait(10)

    writing = store.submit(slow)
    await asyncio.to_thread(written.wait, 10)
    assert await store.read(noted) == []  # and the reader did not wait for the writer
    go_on.set()
    await writing
    assert await store.read(noted) == [1]


@pytest.mark.parametrize("failing", [0, 1, 2])
async def test_a_command_that_fails_does_so_alone(store: Store, failing: int) -> None:
    jobs = [store.submit(spill if id == failing else note, id) for id in range(3)]
    outcomes: list[int | BaseException | None] = await asyncio.gather(*jobs, return_exceptions=True)
    expected = [id for id in range(3) if id != failing]
    assert [id for id in outcomes if isinstance(id, int)] == expected
    assert isinstance(outcomes[failing], Spilled)
    assert await store.read(noted) == expected


async def test_a_batch_without_a_failure_runs_each_command_once(store: Store) -> None:
    runs: list[int] = []
    await asyncio.gather(*(store.submit(lambda tx, id: runs.append(id), id) for id in range(9)))
    assert runs == list(range(9))


async def test_a_broken_constraint_is_the_fault_of_one_command(store: Store) -> None:
    outcomes = await asyncio.gather(*(store.submit(note, id) for id in (1, 2, 1, 3)), return_exceptions=True)
    assert outcomes[0] == 1
    assert outcomes[1] == 2
    assert isinstance(outcomes[2], Exception)
    assert not isinstance(outcomes[2], StoreFault)
    assert outcomes[3] == 3
    assert await store.read(noted) == [1, 2, 3]


async def test_a_wrong_statement_is_no_fault_of_the_database(store: Store) -> None:
    with pytest.raises(Exception, match="nowhere") as told:
        await store.run(lambda tx: tx.run("INSERT INTO nowhere (id) VALUES (1)"))
    assert not isinstance(told.value, StoreFault)


async def test_a_command_may_go_on_after_an_error_it_kept_in_a_savepoint(store: Store) -> None:
    def insist(tx: Tx) -> str:
        note(tx, 1)
        try:
            with tx.savepoint():
                note(tx, 2)
                note(tx, 1)
        except StoreFault:
            raise
        except Exception:  # the engines name a broken constraint differently
            note(tx, 3)
            return "went on"
        return "no error"

    assert await store.run(insist) == "went on"
    assert await store.read(noted) == [1, 3]


async def test_swallowing_an_error_without_a_savepoint_never_loses_what_others_wrote(store: Store) -> None:
    """SQLite forgives it; PostgreSQL gives the transaction up and calls the COMMIT after it a success."""

    def careless(tx: Tx) -> None:
        note(tx, 10)
        try:
            note(tx, 10)
        except Exception:  # what a command must not do
            return

    outcomes = await asyncio.gather(
        store.submit(note, 1), store.submit(careless), store.submit(note, 2), return_exceptions=True
    )
    assert (outcomes[0], outcomes[2]) == (1, 2)
    kept = await store.read(noted)
    assert kept == ([1, 2] if isinstance(outcomes[1], Exception) else [1, 2, 10])


async def test_savepoints_lie_in_each_other(store: Store) -> None:
    def nested(tx: Tx) -> None:
        with tx.savepoint():
            note(tx, 1)
            with suppress(Spilled), tx.savepoint():
                note(tx, 2)
                with tx.savepoint():
                    note(tx, 3)
                raise Spilled
            note(tx, 4)

    await store.run(nested)
    assert await store.read(noted) == [1, 4]


class Told:
    """Collects the topics a listener is told."""

    def __init__(self, store: Store) -> None:
        self.topics: list[Topic] = []
        store.listen("note", self.topics.append)


async def test_listeners_hear_what_was_committed_once_and_nothing_else(store: Store) -> None:
    told = Told(store)

    def undone_in_part(tx: Tx) -> None:
        note(tx, 5)
        with suppress(Spilled), tx.savepoint():
            spill(tx, 6)
        tx.touch("other", 1)

    jobs: list[asyncio.Future[Any]] = [
        store.submit(note, 1),
        store.submit(spill, 2),
        store.submit(undone_in_part),
        store.submit(note, 3),
    ]
    await asyncio.gather(*jobs, return_exceptions=True)
    assert told.topics == [("note", 1), ("note", 5), ("note", 3)]


async def test_listeners_are_told_before_the_caller_goes_on(store: Store) -> None:
    told = Told(store)
    await store.run(note, 1)
    assert told.topics == [("note", 1)]


async def test_a_listener_that_fails_stops_nobody(store: Store, caplog: pytest.LogCaptureFixture) -> None:
    def stumble(topic: Topic) -> None:
        raise Spilled(topic)

    store.listen("note", stumble)
    told = Told(store)
    await store.run(note, 1)
    await store.run(note, 2)
    assert told.topics == [("note", 1), ("note", 2)]
    assert "a listener to note failed" in caplog.text


async def test_a_cancelled_caller_does_not_cut_its_command_in_half(store: Store) -> None:
    caller = asyncio.create_task(store.run(note, 1))
    await asyncio.sleep(0)
    caller.cancel()
    with pytest.raises(asyncio.CancelledError):
        await caller
    assert await store.run(note, 2) == 2
    assert await store.read(noted) == [1, 2]


async def test_a_cancelled_reader_leaves_its_connection_usable(store: Store) -> None:
    started, go_on = threading.Event(), threading.Event()

    def slow(tx: Tx) -> int:
        started.set()
        assert go_on.wait(10)
        return count(tx)

    reading = asyncio.create_task(store.read(slow))
    await asyncio.to_thread(started.wait, 10)
    reading.cancel()
    others = [asyncio.create_task(store.read(count)) for _ in range(4)]
    await asyncio.sleep(0)
    go_on.set()
    assert await asyncio.gather(*others) == [0, 0, 0, 0]
    assert reading.cancelled()


@pytest.mark.parametrize("error", [StopIteration, SystemExit, KeyboardInterrupt, asyncio.CancelledError])
async def test_even_an_error_that_no_future_takes_reaches_its_caller(store: Store, error: type[BaseException]) -> None:
    def odd(tx: Tx) -> None:
        raise error

    outcomes = await asyncio.gather(store.submit(odd), store.submit(note, 1), return_exceptions=True)
    assert isinstance(outcomes[0], RuntimeError)
    assert isinstance(outcomes[0].__cause__, error)
    assert outcomes[1] == 1


async def test_a_query_that_runs_dry_is_answered(store: Store) -> None:
    with pytest.raises(RuntimeError, match="StopIteration"):
        await store.read(lambda tx: next(iter(tx.all("SELECT id FROM note"))))
    assert await store.read(count) == 0


async def test_a_reader_sees_one_moment_of_the_database(store: Store) -> None:
    await store.run(note, 1)
    looked, go_on = threading.Event(), threading.Event()

    def twice(tx: Tx) -> tuple[int, int]:
        first = count(tx)
        looked.set()
        assert go_on.wait(10)
        return first, count(tx)

    reading = asyncio.create_task(store.read(twice))
    await asyncio.to_thread(looked.wait, 10)
    await store.run(note, 2)
    go_on.set()
    assert await reading == (1, 1)
    assert await store.read(count) == 2


async def test_a_reader_cannot_write(store: Store) -> None:
    with pytest.raises(Exception, match=r"read-?only"):
        await store.read(note, 1)
    assert await store.read(noted) == []


async def test_closing_finishes_what_is_queued_and_takes_nothing_more(store: Store) -> None:
    jobs = [store.submit(note, id) for id in range(BATCH + 50)]
    await store.close()
    assert [job.result() for job in jobs] == list(range(BATCH + 50))
    with pytest.raises(StoreFault):
        store.submit(note, 1)
    with pytest.raises(StoreFault):
        await store.read(count)


async def test_closing_waits_for_a_query_that_is_running(store: Store) -> None:
    started, go_on = threading.Event(), threading.Event()

    def slow(tx: Tx) -> int:
        started.set()
        assert go_on.wait(10)
        return count(tx)

    reading = asyncio.create_task(store.read(slow))
    await asyncio.to_thread(started.wait, 10)
    asyncio.get_running_loop().call_later(0.05, go_on.set)
    await store.close()
    assert await reading == 0


async def test_closing_twice_is_closing_once(store: Store) -> None:
    await store.close()
    await store.close()


async def test_a_closed_store_can_be_opened_again(store: Store) -> None:
    await store.run(note, 1)
    await store.read(noted)
    await store.close()
    await store.open()
    await store.run(note, 2)
    assert await asyncio.gather(*(store.read(noted) for _ in range(5))) == [[1, 2]] * 5


async def test_whoever_waits_when_the_loop_is_torn_down_is_told(store: Store) -> None:
    go_on = threading.Event()
    held = store.submit(lambda tx: go_on.wait(10))
    behind = store.submit(note, 1)
    await asyncio.sleep(0)
    (writer,) = (task for task in asyncio.all_tasks() if task.get_name() == "storage writer")
    writer.cancel()
    outcomes = await asyncio.gather(held, behind, return_exceptions=True)
    go_on.set()
    assert all(isinstance(outcome, StoreFault) for outcome in outcomes)


async def test_sql_speaks_one_dialect(store: Store) -> None:
    """Parameters, percent signs, upserts, RETURNING, many rows, bytes, big numbers and nothing at all."""

    def speak(tx: Tx) -> None:
        tx.run(f"CREATE TABLE word (id BIGINT PRIMARY KEY, n BIGINT, data {BLOB[store.engine]})")
        upsert = "INSERT INTO word (id, n) VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET n = word.n + excluded.n"
        assert tx.run(upsert, 1, 2) == 1
        assert tx.one(f"{upsert} RETURNING n", 1, 3) == (5,)
        assert tx.run("INSERT INTO word (id, n) VALUES (?, ?) ON CONFLICT DO NOTHING", 1, 9) == 0
        tx.many("INSERT INTO word (id, n, data) VALUES (?, ?, ?)", [(2, 2**62, b"\0\xff"), (3, None, None)])
        assert tx.one("SELECT n, data FROM word WHERE id = ?", 2) == (2**62, b"\0\xff")
        assert tx.one("SELECT n, data FROM word WHERE id = ?", 3) == (None, None)
        assert tx.one("SELECT id FROM word WHERE id = ?", 4) is None
        note(tx, 1, "100%采用?“√”\t😀")
        assert tx.one("SELECT text FROM note WHERE text LIKE '100%'") == ("100%采用?“√”\t😀",)
        assert tx.run("UPDATE word SET n = 0 WHERE id > ?", 1) == 2

    await store.run(speak)


BLOB = {"sqlite": "BLOB", "postgresql": "BYTEA"}


async def test_sums_are_whole_numbers(store: Store) -> None:
    def total(tx: Tx) -> object:
        tx.many("INSERT INTO note (id, text) VALUES (?, '')", [(id,) for id in (1, 2, 3)])
        row = tx.one("SELECT SUM(id), SUM(id) / 2 * 2, COUNT(*), MAX(id), SUM(id) FROM note WHERE id < 0")
        assert row == (None, None, 0, None, None)
        return tx.one("SELECT SUM(id), COALESCE(SUM(id), 0) FROM note")

    sums = await store.run(total)
    assert sums == (6, 6)
    assert isinstance(sums, tuple)
    assert {type(value) for value in sums} == {int}


async def test_of_several_open_rows_a_partial_index_allows_one(settled: Store) -> None:
    def bind_again(tx: Tx, ended_ms: int) -> None:
        tx.run(
            "INSERT INTO account (platform, account, person_id, valid_from_ms, valid_to_ms, bound_by)"
            " VALUES ('onebot', '20001', 1, 0, ?, 'import')",
            ended_ms,
        )

    await settled.run(bind_again, 5)
    with pytest.raises(Exception, match=r"(?i)unique"):
        await settled.run(bind_again, 0)


async def test_a_row_that_points_nowhere_is_refused(settled: Store) -> None:
    with pytest.raises(Exception, match=r"(?i)foreign key"):
        await settled.run(ledger.append_fact, ledger.NewFact("submission", 99, date(2026, 11, 23), 1), 0)


async def test_the_writer_counts_its_work(store: Store) -> None:
    commits, commands = store.commits, store.commands
    await asyncio.gather(*(store.submit(note, id) for id in range(20)))
    assert store.commands - commands == 20
    assert 1 <= store.commits - commits <= 2
