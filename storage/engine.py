"""The one way to the database: commands over a transaction, committed in groups.

A command is a plain synchronous function `command(tx, *args)`: no I/O of its own, no await, no wall clock. Callers
queue it with `await store.run(command, *args)`; one writer drains the queue into one transaction, and the answers are
released only after COMMIT. That is what makes durable also fast: the price of a flush is shared by all who wait for
it. A command that fails is undone alone; the others of its batch hold.

SQL is portable between SQLite and PostgreSQL and binds integers, text and bytes only: times are UTC milliseconds,
days and JSON are text, points are hundredths.
"""

from __future__ import annotations

import asyncio
import logging
import os
import time
from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Callable, Hashable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from typing import Any, Concatenate, ParamSpec, Protocol, TypeVar

P = ParamSpec("P")
T = TypeVar("T")

Value = int | str | bytes | None
Row = tuple[Any, ...]
Topic = tuple[Hashable, ...]

logger = logging.getLogger("baosong.storage")

# More than this in one transaction makes the first caller wait for the last without sharing the flush any better.
BATCH = 256
# A batch that another process's transaction got in the way of is run again at most this often.
TRIES = 4


class StoreFault(Exception):
    """The database itself failed (disk full, connection lost); nothing of the batch was kept.

    Only if PostgreSQL's connection broke in the very moment of COMMIT is that not known. A command lets it pass.
    """


class SavepointNeeded(StoreFault):
    """A part of a command is to be undone alone, and the batch was run without savepoints. Never leaves the store."""


class Again(StoreFault):
    """Nothing was kept, and the same batch may well succeed now (deadlock, connection lost before COMMIT)."""


class Tx(Protocol):
    """One open transaction. `?` marks parameters on both engines.

    A command that means to go on after an error of the database (a constraint, say) runs the statement in a
    savepoint; PostgreSQL refuses everything else after it.
    """

    def all(self, sql: str, *values: Value) -> list[Row]:
        """Every row of a query."""

    def one(self, sql: str, *values: Value) -> Row | None:
        """The first row, or None."""

    def run(self, sql: str, *values: Value) -> int:
        """Execute a statement; returns the number of rows touched."""

    def many(self, sql: str, rows: Sequence[Sequence[Value]]) -> None:
        """Execute a statement once per row."""

    def savepoint(self) -> AbstractContextManager[None]:
        """A part that can be undone alone: an exception that leaves it rolls it back and passes on."""

    def touch(self, *topic: Hashable) -> None:
        """Say, once the commit holds, that something of this topic changed (see `Store.listen`)."""

    @property
    def memo(self) -> dict[Hashable, Any]:
        """What this transaction has looked up and nobody changes meanwhile; forgotten with it, with a savepoint that
        is undone, and when the roster changes."""


class Connection(ABC):
    """A `Tx` with its ends: what an engine gives the store. Used in one thread only."""

    def __init__(self) -> None:
        self.touched: list[Topic] = []
        self.memo: dict[Hashable, Any] = {}
        self.trusting = False
        """Whether savepoints are left out in the hope that none is needed; see `Store._commit_batch`."""

    def changes(self) -> int | None:
        """How many rows were changed so far; None if the engine cannot tell, which then never trusts."""
        return None

    @abstractmethod
    def all(self, sql: str, *values: Value) -> list[Row]: ...

    @abstractmethod
    def run(self, sql: str, *values: Value) -> int: ...

    @abstractmethod
    def many(self, sql: str, rows: Sequence[Sequence[Value]]) -> None: ...

    @abstractmethod
    def begin(self) -> None: ...

    @abstractmethod
    def commit(self) -> None: ...

    @abstractmethod
    def rollback(self) -> None:
        """Give the transaction up; nothing happens if there is none any more."""

    def one(self, sql: str, *values: Value) -> Row | None:
        # All rows are fetched: a cursor left open would keep its read mark on SQLite's log.
        rows = self.all(sql, *values)
        return rows[0] if rows else None

    def savepoint(self) -> AbstractContextManager[None]:
        return self._trust() if self.trusting else self._savepoint()

    @contextmanager
    def _trust(self) -> Iterator[None]:
        """A savepoint that is not there: an error that leaves rows changed asks for the batch to be run with them."""
        changes, mark = self.changes(), len(self.touched)
        try:
            yield
        except StoreFault:
            raise
        except BaseException as error:
            if self.changes() != changes:
                raise SavepointNeeded from error
            del self.touched[mark:]
            raise

    @contextmanager
    def _savepoint(self) -> Iterator[None]:
        self.run("SAVEPOINT s")
        mark = len(self.touched)
        try:
            yield
            self.run("RELEASE s")
        except StoreFault:  # the whole transaction is lost
            raise
        except BaseException:
            self.run("ROLLBACK TO s")
            self.run("RELEASE s")
            del self.touched[mark:]
            self.memo.clear()
            raise

    def touch(self, *topic: Hashable) -> None:
        self.touched.append(topic)
        if topic[0] == "roster":
            self.memo.clear()


class Job:
    """A queued command with the future its caller awaits."""

    __slots__ = ("args", "command", "error", "future", "kwargs", "result")

    def __init__(
        self, command: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any], future: asyncio.Future[Any]
    ) -> None:
        self.command, self.args, self.kwargs, self.future = command, args, kwargs, future
        self.result: Any = None
        self.error: BaseException | None = None


class Store(ABC):
    """A database with one writer and a few readers. Engines say how to open it and which thread works on it."""

    engine: str
    """"sqlite" or "postgresql", for the operator's eyes."""

    def __init__(self) -> None:
        self._jobs: deque[Job] = deque()
        self._wake = asyncio.Event()
        self._is_open = False
        self._writer: asyncio.Task[None] | None = None
        self._listeners: dict[Hashable, list[Callable[[Topic], None]]] = {}
        self.commits = 0
        self.commands = 0

    def submit(self, command: Callable[Concatenate[Tx, P], T], *args: P.args, **kwargs: P.kwargs) -> asyncio.Future[T]:
        """Queue a command; the future resolves after COMMIT. Commands run in the order they were queued.

        A command once queued is run, also if nobody waits for it any more. Raises StoreFault if the store is closed.
        """
        self._check_open()
        future: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self._jobs.append(Job(command, args, kwargs, future))
        self._wake.set()
        return future

    async def run(self, command: Callable[Concatenate[Tx, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Queue a command and await its commit. A cancelled caller does not cut the command in half."""
        return await self.submit(command, *args, **kwargs)

    async def read(self, query: Callable[Concatenate[Tx, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a query function on a read-only connection, in one snapshot, beside the writer."""
        self._check_open()
        return await self._in_reader(lambda tx: query(tx, *args, **kwargs))

    def listen(self, kind: Hashable, listener: Callable[[Topic], None]) -> None:
        """Call `listener(topic)` in the event loop after each commit that touched a topic of this kind."""
        self._listeners.setdefault(kind, []).append(listener)

    async def open(self) -> None:
        """Open the connections, bring the schema up to date, start the writer. Raises StoreFault."""
        try:
            await self._open()
        except BaseException:
            await self._close()
            raise
        self._is_open = True
        self._writer = asyncio.create_task(self._write_forever(), name="storage writer")

    async def close(self) -> None:
        """Take nothing more, finish what is queued, then close."""
        self._is_open = False
        self._wake.set()
        if self._writer is not None:
            await asyncio.wait({self._writer})
        await self._close()

    def _check_open(self) -> None:
        if not self._is_open:
            raise StoreFault("the store is not open")

    async def _write_forever(self) -> None:
        batch: list[Job] = []
        try:
            while await self._work_to_do():
                batch = [self._jobs.popleft() for _ in range(min(BATCH, len(self._jobs)))]
                try:
                    topics = await self._in_writer(self._commit_batch, batch)
                except Exception as error:  # boundary: whatever the engine raises is one fault to every caller
                    _fail(batch, error)
                else:
                    self._release(batch)
                    self._announce(topics)
        finally:
            # Only a cancelled writer (the loop is being torn down) leaves anybody waiting; they are told.
            self._is_open = False
            _fail([*batch, *self._jobs], StoreFault("the writer was stopped"))

    async def _work_to_do(self) -> bool:
        """Wait for commands; False once the store is closing and none is left."""
        while self._is_open and not self._jobs:
            self._wake.clear()
            await self._wake.wait()
        return bool(self._jobs)

    def _commit_batch(self, batch: list[Job]) -> list[Topic]:
        """In the writer's thread: all commands of the batch in one transaction; returns what they touched.

        Commands hardly ever fail (what people do wrong is an answer, not a failure), so the batch is first run without
        any savepoint; if one is needed, everything is undone and run again with them. A command is a function of the
        database alone, so running it twice is running it once.
        """
        execute = _execute
        tries = 0
        while True:
            try:
                return self._attempt(batch, execute)
            except Again as fault:
                tries += 1
                if tries == TRIES:
                    raise
                logger.warning("a batch of %s commands is run again: %s", len(batch), fault)
            except SavepointNeeded:
                execute = _execute_alone
            except StoreFault:
                raise
            except BaseException:  # boundary: some command failed; savepoints show which, and keep the others
                if execute is _execute_alone:
                    raise
                execute = _execute_alone

    def _attempt(self, batch: list[Job], execute: Callable[[Connection, Job], None]) -> list[Topic]:
        connection = self._connection()
        connection.touched = []
        connection.memo.clear()
        connection.trusting = execute is _execute and connection.changes() is not None
        connection.begin()
        try:
            for job in batch:
                execute(connection, job)
            _delay_commit()
            connection.commit()
        except BaseException:
            connection.rollback()
            raise
        return connection.touched

    def _release(self, batch: list[Job]) -> None:
        self.commits += 1
        self.commands += len(batch)
        for job in batch:
            if job.future.done():  # the caller was cancelled meanwhile
                continue
            if job.error is not None:
                job.future.set_exception(_carried(job.error))
            else:
                job.future.set_result(job.result)

    def _announce(self, topics: list[Topic]) -> None:
        """Each topic once, at the place where it was touched last."""
        for topic in reversed(dict.fromkeys(reversed(topics))):
            for listener in self._listeners.get(topic[0], ()):
                try:
                    listener(topic)
                except Exception:  # boundary: a listener's fault must not stop the writer
                    logger.exception("a listener to %s failed", topic[0])

    @abstractmethod
    def _connection(self) -> Connection:
        """The writer's connection; called in the writer's thread only."""

    @abstractmethod
    async def _in_writer(self, work: Callable[[list[Job]], list[Topic]], batch: list[Job]) -> list[Topic]:
        """Run `work(batch)` in the writer's thread: one hop per batch."""

    @abstractmethod
    async def _in_reader(self, query: Callable[[Tx], T]) -> T:
        """Run `ask(connection, query)` in the thread of a reading connection."""

    @abstractmethod
    async def _open(self) -> None: ...

    @abstractmethod
    async def _close(self) -> None:
        """Close whatever is open, be it only in part."""


def ask(connection: Connection, query: Callable[[Tx], T]) -> T:
    """Run a query function in one snapshot; for engines, in a reader's thread."""
    connection.memo.clear()  # the connection may be one that answered before
    connection.begin()
    try:
        return query(connection)
    except StopIteration as error:
        raise _carried(error) from error
    finally:
        connection.rollback()


def _execute(connection: Connection, job: Job) -> None:
    job.result = job.command(connection, *job.args, **job.kwargs)


def _execute_alone(connection: Connection, job: Job) -> None:
    """Run a command in a savepoint of its own; its failure is its own."""
    job.error = None
    try:
        with connection.savepoint():
            _execute(connection, job)
    except StoreFault:
        raise
    except BaseException as error:  # boundary: a command's fault is its caller's alone, the batch goes on
        job.error = error


def _carried(error: BaseException) -> Exception:
    """An error in a form that a future takes: StopIteration it refuses, SystemExit would end the program."""
    if isinstance(error, Exception) and not isinstance(error, StopIteration):
        return error
    carried = RuntimeError(f"a command raised {error!r}")
    carried.__cause__ = error
    return carried


def _fail(batch: list[Job], error: Exception) -> None:
    for job in batch:
        if not job.future.done():
            fault = StoreFault(str(error) or repr(error))
            fault.__cause__ = error
            job.future.set_exception(fault)


def _delay_commit() -> None:
    """Stand in for a slow disk in the benchmark: `BAOSONG_BENCH_COMMIT_DELAY_MS` is added to each commit."""
    if _COMMIT_DELAY:
        time.sleep(_COMMIT_DELAY)


_COMMIT_DELAY = float(os.environ.get("BAOSONG_BENCH_COMMIT_DELAY_MS", "0")) / 1000
