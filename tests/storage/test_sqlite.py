"""What holds of the SQLite file alone: durable, owned by one process, never corrupted by two."""

from __future__ import annotations

import asyncio
import os
import sqlite3
import subprocess
import sys
import threading
from pathlib import Path

import aiosqlite
import pytest

from storage.engine import StoreFault, Tx
from storage.sqlite import SQLiteStore, has_wal_reset_bug

ROOT = Path(__file__).resolve().parents[2]


def pragma(tx: Tx, name: str) -> object:
    row = tx.one(f"PRAGMA {name}")
    return row and row[0]


async def test_every_commit_reaches_the_disk(sqlite: SQLiteStore) -> None:
    names = ("journal_mode", "synchronous", "foreign_keys", "wal_autocheckpoint", "journal_size_limit")
    found = await asyncio.gather(*(sqlite.run(pragma, name) for name in names))
    assert found == ["wal", 2, 1, 1000, 67108864]  # 2 is FULL


async def test_readers_are_read_only_twice_over(sqlite: SQLiteStore) -> None:
    with pytest.raises(StoreFault, match="readonly"):
        await sqlite.read(lambda tx: tx.run("DELETE FROM counter"))


async def test_a_file_system_without_a_log_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("storage.sqlite._WRITER", ("journal_mode=DELETE",))
    with pytest.raises(StoreFault, match="local disk"):
        await SQLiteStore(tmp_path / "test.db").open()


SECOND = """
import asyncio, sys
from pathlib import Path
from storage.engine import StoreFault
from storage.sqlite import SQLiteStore

async def main():
    store = SQLiteStore(Path(sys.argv[1]))
    await store.open()
    await store.close()

try:
    asyncio.run(main())
except StoreFault as fault:
    sys.exit(str(fault))
"""


def second_process(path: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", SECOND, str(path)], cwd=ROOT, capture_output=True, text=True, timeout=30, check=False
    )


async def test_a_second_process_is_told_who_owns_the_file(sqlite: SQLiteStore) -> None:
    second = await asyncio.to_thread(second_process, sqlite.path)
    assert second.returncode == 1
    assert f"in use by another process (pid {os.getpid()})" in second.stderr


async def test_the_next_process_may_open_what_was_closed(tmp_path: Path) -> None:
    store = SQLiteStore(tmp_path / "名 #1?%.db")
    await store.open()
    await store.close()
    assert (await asyncio.to_thread(second_process, store.path)).returncode == 0
    assert sorted(os.listdir(tmp_path)) == ["名 #1?%.db", "名 #1?%.db.lock"]


async def test_a_store_that_could_not_open_lets_go_of_everything(tmp_path: Path) -> None:
    path = tmp_path / "test.db"
    path.write_bytes(b"This is a letter, not a database." * 100)
    for _ in range(2):  # were the lock or a thread left over, the second try would say so
        with pytest.raises(StoreFault, match="not a database"):
            await SQLiteStore(path).open()
    assert "_connection_worker_thread" not in {thread.name for thread in threading.enumerate()}


async def test_a_full_disk_fails_the_batch_and_the_writer_goes_on(sqlite: SQLiteStore) -> None:
    def limit(tx: Tx, pages: int) -> None:
        tx.all(f"PRAGMA max_page_count = {pages}")

    def keep(tx: Tx, name: str, size: int) -> None:
        tx.run("INSERT INTO counter (name, value) VALUES (?, 1)", name + "x" * size)

    pages = await sqlite.run(pragma, "page_count")
    assert isinstance(pages, int)
    await sqlite.run(limit, pages + 5)
    jobs = [sqlite.submit(keep, "small", 0), sqlite.submit(keep, "big", 500_000), sqlite.submit(keep, "late", 0)]
    outcomes = await asyncio.gather(*jobs, return_exceptions=True)
    assert [type(outcome) for outcome in outcomes] == [StoreFault] * 3
    assert "full" in str(outcomes[0])
    assert await sqlite.read(lambda tx: tx.all("SELECT * FROM counter")) == []
    await sqlite.run(limit, 1 << 30)
    await sqlite.run(keep, "big", 500_000)


async def test_a_full_disk_inside_a_savepoint_fails_the_batch_too(sqlite: SQLiteStore) -> None:
    def keep(tx: Tx) -> None:
        tx.all("PRAGMA max_page_count = 1")
        with tx.savepoint():
            tx.run("INSERT INTO counter (name, value) VALUES (?, 1)", "x" * 500_000)

    with pytest.raises(StoreFault, match="full"):
        await sqlite.run(keep)
    assert await sqlite.read(lambda tx: tx.all("SELECT * FROM counter")) == []


async def test_a_reader_that_stopped_half_way_does_not_hold_the_log(sqlite: SQLiteStore) -> None:
    """Every row is fetched at once, so no cursor keeps its mark on the log behind a failed query."""

    def give_up(tx: Tx) -> None:
        tx.one("SELECT 1 UNION SELECT 2")
        raise LookupError

    await sqlite.run(lambda tx: tx.run("INSERT INTO counter (name, value) VALUES ('a', 1)"))
    with pytest.raises(LookupError):
        await sqlite.read(give_up)
    await sqlite.run(lambda tx: tx.run("UPDATE counter SET value = 2"))
    await asyncio.sleep(0)
    other = sqlite3.connect(f"file:{sqlite.path}?mode=rw", uri=True)
    try:
        busy, left, moved = other.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    finally:
        other.close()
    assert (busy, left, moved) == (0, 0, 0)


@pytest.mark.parametrize(
    ("version", "bug"),
    [
        ((3, 40, 1), True),
        ((3, 44, 5), True),
        ((3, 44, 6), False),
        ((3, 45, 0), True),
        ((3, 50, 6), True),
        ((3, 50, 7), False),
        ((3, 51, 2), True),
        ((3, 51, 3), False),
        ((3, 53, 4), False),
    ],
)
def test_the_library_with_the_log_reset_bug_is_known_by_its_version(version: tuple[int, ...], bug: bool) -> None:
    assert has_wal_reset_bug(version) is bug


async def test_an_old_library_is_warned_of_once_and_the_warning_names_the_guard(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    for version, lines in (((3, 40, 1), 1), ((3, 51, 3), 0)):
        caplog.clear()
        caplog.set_level("INFO")
        monkeypatch.setattr(sqlite3, "sqlite_version_info", version)
        store = SQLiteStore(tmp_path / "test.db")
        await store.open()
        await store.close()
        assert caplog.text.count("the owner lock keeps") == lines


async def test_aiosqlite_still_runs_a_whole_function_in_its_thread() -> None:
    """The one private thing we use of it: `_execute(function)`, in order, with result or exception."""
    async with aiosqlite.connect(":memory:", isolation_level=None) as db:
        raw = db._conn
        threads: list[int] = []

        def work(n: int) -> int:
            threads.append(threading.get_ident())
            raw.execute("CREATE TABLE IF NOT EXISTS t (n)")
            raw.execute("INSERT INTO t VALUES (?)", (n,))
            return n

        assert isinstance(raw, sqlite3.Connection)
        done = await asyncio.gather(*(db._execute(work, n) for n in range(3)))  # type: ignore[no-untyped-call]
        assert done == [0, 1, 2]
        assert len(set(threads)) == 1
        assert threading.get_ident() not in threads
        assert await db._execute(lambda: raw.execute("SELECT n FROM t").fetchall()) == [(0,), (1,), (2,)]  # type: ignore[no-untyped-call]
        with pytest.raises(ZeroDivisionError):
            await db._execute(lambda: 1 / 0)  # type: ignore[no-untyped-call]
