"""SQLite: one file, one process that owns it, every write through one connection with `synchronous=FULL`.

Stock SQLite before 3.51.3 (3.50.7, 3.44.6) can corrupt a WAL file when two connections write or checkpoint at the
same instant (sqlite.org/wal.html#walresetbug). Therefore one process owns the file (a lock beside it), and its one
writer does every write and every checkpoint; readers open the file read-only.
"""

from __future__ import annotations

import asyncio
import fcntl
import logging
import os
import sqlite3
from collections.abc import Callable, Sequence
from pathlib import Path

import aiosqlite

from storage.engine import Connection, Job, Row, Store, StoreFault, T, Topic, Tx, Value, ask
from storage.migrate import migrate

logger = logging.getLogger("baosong.storage")

READERS = 2

# The program's own statements all stay prepared; the default of 128 would not hold them.
_PREPARED = 512

_WRITER = (
    "journal_mode=WAL",
    "synchronous=FULL",
    "foreign_keys=ON",
    "busy_timeout=5000",
    "wal_autocheckpoint=1000",
    "journal_size_limit=67108864",
)


class SQLiteTx(Connection):
    """`Tx` over a synchronous sqlite3 connection in autocommit mode."""

    def __init__(self, raw: sqlite3.Connection, opening: str = "BEGIN IMMEDIATE") -> None:
        super().__init__()
        self._raw = raw
        self._execute = raw.execute
        self._opening = opening

    def all(self, sql: str, *values: Value) -> list[Row]:
        try:
            return self._execute(sql, values).fetchall()
        except sqlite3.DatabaseError as error:
            _raise_if_fault(error)
            raise

    def run(self, sql: str, *values: Value) -> int:
        try:
            return self._execute(sql, values).rowcount
        except sqlite3.DatabaseError as error:
            _raise_if_fault(error)
            raise

    def many(self, sql: str, rows: Sequence[Sequence[Value]]) -> None:
        try:
            self._raw.executemany(sql, rows)
        except sqlite3.DatabaseError as error:
            _raise_if_fault(error)
            raise

    def changes(self) -> int | None:
        return self._raw.total_changes

    def begin(self) -> None:
        self.run(self._opening)

    def commit(self) -> None:
        self.run("COMMIT")

    def rollback(self) -> None:
        # Disk full and I/O errors may have made SQLite roll back by itself.
        if self._raw.in_transaction:
            self.run("ROLLBACK")


def _raise_if_fault(error: sqlite3.DatabaseError) -> None:
    """Tell a failing database (full, busy, damaged ...) from a statement that is wrong or breaks a constraint."""
    blamed_on_database = type(error) in (sqlite3.OperationalError, sqlite3.DatabaseError)
    if blamed_on_database and getattr(error, "sqlite_errorcode", None) != sqlite3.SQLITE_ERROR:
        raise StoreFault(str(error)) from error


class SQLiteStore(Store):
    """A store in one SQLite file."""

    engine = "sqlite"

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.path = path
        self._lock: int | None = None
        self._threads: list[aiosqlite.Connection] = []
        """Every open connection, the writer's first."""
        self._writer_tx: SQLiteTx | None = None
        self._readers: asyncio.Queue[aiosqlite.Connection] = asyncio.Queue()

    def _connection(self) -> Connection:
        assert self._writer_tx is not None
        return self._writer_tx

    async def _in_writer(self, work: Callable[[list[Job]], list[Topic]], batch: list[Job]) -> list[Topic]:
        return await _in_thread(self._threads[0], lambda: work(batch))

    async def _in_reader(self, query: Callable[[Tx], T]) -> T:
        reader = await self._readers.get()
        try:
            return await _in_thread(reader, lambda: ask(SQLiteTx(reader._conn, "BEGIN"), query))
        finally:
            # If the caller was cancelled, the query still ends in the reader's thread, before any other.
            self._readers.put_nowait(reader)

    async def _open(self) -> None:
        if has_wal_reset_bug(sqlite3.sqlite_version_info):
            logger.info(
                "SQLite %s can corrupt a database that two processes write (fixed in 3.51.3, 3.50.7, 3.44.6); the"
                " owner lock keeps every other process of ours away, and no other program must write %s",
                sqlite3.sqlite_version, self.path,
            )  # fmt: skip
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self._lock = own(self.path)
        try:
            writer = await self._connect("rwc")
            self._writer_tx = await _in_thread(writer, lambda: _prepare(writer._conn))
            self._readers = asyncio.Queue()
            for _ in range(READERS):
                self._readers.put_nowait(await self._connect("ro"))
        except sqlite3.Error as error:
            raise StoreFault(f"{self.path}: {error}") from error

    async def _connect(self, mode: str) -> aiosqlite.Connection:
        uri = f"{self.path.absolute().as_uri()}?mode={mode}"
        db = await aiosqlite.connect(uri, uri=True, isolation_level=None, cached_statements=_PREPARED)
        self._threads.append(db)
        return db

    async def _close(self) -> None:
        # The writer goes last: the last to leave empties the log into the file, and only the writer may.
        while self._threads:
            await self._threads.pop().close()
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None


def has_wal_reset_bug(version: tuple[int, ...]) -> bool:
    """Whether this SQLite can corrupt a WAL file under two writing connections (sqlite.org/wal.html#walresetbug)."""
    fixed_in_branch = (3, 44, 6) <= version < (3, 45) or (3, 50, 7) <= version < (3, 51)
    return version < (3, 51, 3) and not fixed_in_branch


def own(path: Path) -> int:
    """Take the owner's lock of a database file; a second process is told who holds it instead of harming the file."""
    handle = os.open(path.with_name(path.name + ".lock"), os.O_RDWR | os.O_CREAT, 0o600)
    # What people write is nobody else's to read; the log and its index take over the mode of the file.
    os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
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
    result: T = await db._execute(work)  # type: ignore[no-untyped-call]  # private, as said above
    return result


def _prepare(raw: sqlite3.Connection) -> SQLiteTx:
    """Make the writer's connection durable and the schema current."""
    for pragma in _WRITER:
        raw.execute(f"PRAGMA {pragma}").fetchall()
    if raw.execute("PRAGMA journal_mode").fetchall() != [("wal",)]:
        raise StoreFault("the file system cannot keep a write-ahead log; put the database on a local disk")
    tx = SQLiteTx(raw)
    migrate(tx, "sqlite")
    return tx
