"""SQLite: one file, one process that owns it, every write through one connection with `synchronous=FULL`.

Stock SQLite before 3.51.3 (3.50.7, 3.44.6) can corrupt a WAL file when two connections write or checkpoint at the
same instant (sqlite.org/wal.html#walresetbug). Therefore one process owns the file (a lock beside it), and its one
writer does every write and every checkpoint; readers open the file read-only.
"""

from __future__ import annotations

import asyncio
import fcntl
import os
import sqlite3
from collections.abc import Callable, Hashable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Concatenate

import aiosqlite

from storage.engine import Connection, P, Row, Store, StoreFault, T, Topic, Tx, Value, _Job
from storage.migrate import migrate

READERS = 2


class SQLiteTx:
    """`Tx` over a synchronous sqlite3 connection."""

    def __init__(self, raw: sqlite3.Connection) -> None:
        self._execute = raw.execute
        self._many = raw.executemany
        self.touched: list[Topic] = []

    def all(self, sql: str, *values: Value) -> list[Row]:
        return self._execute(sql, values).fetchall()

    def one(self, sql: str, *values: Value) -> Row | None:
        # All rows are fetched: a cursor left open would keep its read mark on the log.
        rows = self._execute(sql, values).fetchall()
        return rows[0] if rows else None

    def run(self, sql: str, *values: Value) -> int:
        return self._execute(sql, values).rowcount

    def many(self, sql: str, rows: Sequence[Sequence[Value]]) -> None:
        self._many(sql, rows)

    @contextmanager
    def savepoint(self) -> Iterator[None]:
        self._execute("SAVEPOINT s")
        try:
            yield
        except BaseException:
            try:
                self._execute("ROLLBACK TO s")
                self._execute("RELEASE s")
            except sqlite3.Error as error:  # SQLite has already undone the whole transaction (disk full, I/O error)
                raise StoreFault(str(error)) from error
            raise
        self._execute("RELEASE s")

    def touch(self, *topic: Hashable) -> None:
        self.touched.append(topic)

    def begin(self) -> None:
        self._execute("BEGIN IMMEDIATE")

    def commit(self) -> None:
        self._execute("COMMIT")

    def rollback(self) -> None:
        try:
            self._execute("ROLLBACK")
        except sqlite3.OperationalError:  # no transaction is left to roll back
            return


class SQLiteStore(Store):
    """A store in one SQLite file."""

    engine = "sqlite"

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.path = path
        self._lock: int | None = None
        self._writer_db: aiosqlite.Connection | None = None
        self._writer_tx: SQLiteTx | None = None
        self._readers: asyncio.Queue[aiosqlite.Connection] = asyncio.Queue()

    async def read(self, query: Callable[Concatenate[Tx, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        reader = await self._readers.get()

        def in_snapshot() -> T:
            tx = SQLiteTx(reader._conn)
            tx._execute("BEGIN")
            try:
                return query(tx, *args, **kwargs)
            finally:
                tx.rollback()

        try:
            result: T = await _in_thread(reader, in_snapshot)
            return result
        finally:
            self._readers.put_nowait(reader)

    def _connection(self) -> Connection:
        assert self._writer_tx is not None
        return self._writer_tx

    async def _in_writer(self, work: Callable[[list[_Job]], None], batch: list[_Job]) -> None:
        assert self._writer_db is not None
        await _in_thread(self._writer_db, lambda: work(batch))

    async def _open(self) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self._lock = own(self.path)
        self._writer_db = await aiosqlite.connect(self.path, isolation_level=None)
        raw = self._writer_db._conn
        await _in_thread(self._writer_db, lambda: _prepare_writer(raw))
        self._writer_tx = SQLiteTx(raw)
        for _ in range(READERS):
            reader = await aiosqlite.connect(f"file:{self.path}?mode=ro", uri=True, isolation_level=None)
            await reader.execute("PRAGMA query_only=ON")
            self._readers.put_nowait(reader)

    async def _close(self) -> None:
        while not self._readers.empty():
            await self._readers.get_nowait().close()
        if self._writer_db is not None:
            await self._writer_db.close()
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None


def own(path: Path) -> int:
    """Take the owner's lock of a database file; a second process is told who holds it instead of harming the file."""
    handle = os.open(path.with_name(path.name + ".lock"), os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        owner = os.read(handle, 32).decode("ascii", "replace").strip()
        os.close(handle)
        raise StoreFault(f"{path} is in use by another process (pid {owner or 'unknown'})") from None
    os.ftruncate(handle, 0)
    os.pwrite(handle, f"{os.getpid()}\n".encode("ascii"), 0)
    return handle


async def _in_thread(db: aiosqlite.Connection, work: Callable[[], T]) -> T:
    """Run a function in the thread of an aiosqlite connection.

    aiosqlite has no public way to do this and one hop per statement would cost a hundred times more; the contract
    test in tests/storage guards the private method, and the version is pinned.
    """
    result: T = await db._execute(work)
    return result


def _prepare_writer(raw: sqlite3.Connection) -> None:
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        "busy_timeout=5000",
        "wal_autocheckpoint=1000",
        "journal_size_limit=67108864",
    ):
        raw.execute(f"PRAGMA {pragma}").fetchall()
    tx = SQLiteTx(raw)
    migrate(tx, "sqlite")
