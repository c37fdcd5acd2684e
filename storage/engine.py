"""The one way to the database: commands over a transaction, committed in groups.

A command is a plain synchronous function `command(tx, *args)`: no I/O of its own, no await, no wall clock. Callers
queue it with `await store.run(command, *args)`; one writer drains the queue into one transaction, each command in a
savepoint of its own, and the answers are released only after COMMIT. That is what makes durable also fast: the price
of a flush is shared by all who wait for it.

SQL is portable between SQLite and PostgreSQL and binds integers, text and bytes only: times are UTC milliseconds,
days and JSON are text, points are hundredths.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import time
from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Callable, Hashable, Sequence
from contextlib import AbstractContextManager
from typing import Any, Concatenate, ParamSpec, Protocol, TypeVar

P = ParamSpec("P")
T = TypeVar("T")

Value = int | str | bytes | None
Row = tuple[Any, ...]
Topic = tuple[Hashable, ...]

# More than this in one transaction makes the first caller wait for the last without sharing the flush any better.
BATCH = 256


class StoreFault(Exception):
    """The database itself failed (disk full, connection lost); nothing of the batch was kept."""


class Tx(Protocol):
    """One open transaction. `?` marks parameters on both engines."""

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


class Connection(Tx, Protocol):
    """A transaction's owner: what an engine gives the store."""

    touched: list[Topic]

    def begin(self) -> None: ...

    def commit(self) -> None: ...

    def rollback(self) -> None: ...


class _Job:
    """A queued command with the future its caller awaits."""

    __slots__ = ("args", "command", "error", "future", "kwargs", "result", "topics")

    def __init__(
        self, command: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any], future: asyncio.Future[Any]
    ) -> None:
        self.command, self.args, self.kwargs, self.future = command, args, kwargs, future
        self.result: Any = None
        self.error: Exception | None = None
        self.topics: list[Topic] = []


class Store(ABC):
    """A database with one writer and a few readers. Engines say how to open it and which thread works on it."""

    engine: str
    """"sqlite" or "postgresql", for the operator's eyes."""

    def __init__(self) -> None:
        self._jobs: deque[_Job] = deque()
        self._wake = asyncio.Event()
        self._writer: asyncio.Task[None] | None = None
        self._listeners: dict[Hashable, list[Callable[[Topic], None]]] = {}
        self.commits = 0
        self.commands = 0

    def submit(
        self, command: Callable[Concatenate[Tx, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> asyncio.Future[T]:
        """Queue a command; the future resolves after COMMIT. Commands run in the order they were queued."""
        future: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self._jobs.append(_Job(command, args, kwargs, future))
        self._wake.set()
        return future

    async def run(self, command: Callable[Concatenate[Tx, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Queue a command and await its commit. A cancelled caller does not cut the command in half."""
        return await asyncio.shield(self.submit(command, *args, **kwargs))

    @abstractmethod
    async def read(self, query: Callable[Concatenate[Tx, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a query function on a read-only connection, in one snapshot, beside the writer."""

    def listen(self, kind: Hashable, listener: Callable[[Topic], None]) -> None:
        """Call `listener(topic)` in the event loop after each commit that touched a topic of this kind."""
        self._listeners.setdefault(kind, []).append(listener)

    async def open(self) -> None:
        """Open the connections, bring the schema up to date, start the writer."""
        await self._open()
        self._writer = asyncio.create_task(self._write_forever(), name="storage writer")

    async def close(self) -> None:
        """Finish what is queued, then close."""
        if self._writer is not None:
            while self._jobs:
                await asyncio.sleep(0.005)
            self._writer.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._writer
        await self._close()

    async def _write_forever(self) -> None:
        while True:
            await self._wake.wait()
            self._wake.clear()
            while self._jobs:
                batch = [self._jobs.popleft() for _ in range(min(BATCH, len(self._jobs)))]
                try:
                    await self._in_writer(self._commit_batch, batch)
                except Exception as error:  # boundary: whatever the engine raises is one fault to every caller
                    self._fail(batch, error)
                    continue
                self._release(batch)

    def _commit_batch(self, batch: list[_Job]) -> None:
        """In the writer's thread: all commands of the batch in one transaction.

        Commands hardly ever fail (what people do wrong is an answer, not a failure), so the batch is first run without
        a savepoint for each; if one fails, everything is undone and run again with savepoints. A command is a
        function of the database alone, so running it twice is running it once.
        """
        connection = self._connection()
        try:
            self._attempt(connection, batch, _execute)
        except StoreFault:
            raise
        except Exception:  # boundary: some command failed; the second attempt finds out which and fails that one alone
            self._attempt(connection, batch, _execute_alone)

    def _attempt(self, connection: Connection, batch: list[_Job], execute: Callable[[Connection, _Job], None]) -> None:
        connection.begin()
        try:
            for job in batch:
                execute(connection, job)
            _delay_commit()
            connection.commit()
        except BaseException:
            connection.rollback()
            raise

    def _release(self, batch: list[_Job]) -> None:
        self.commits += 1
        self.commands += len(batch)
        for job in batch:
            if job.future.done():
                continue
            if job.error is not None:
                job.future.set_exception(job.error)
            else:
                job.future.set_result(job.result)
        for job in batch:
            for topic in job.topics:
                for listener in self._listeners.get(topic[0], ()):
                    listener(topic)

    def _fail(self, batch: list[_Job], error: Exception) -> None:
        for job in batch:
            if not job.future.done():
                job.future.set_exception(StoreFault(str(error)))

    @abstractmethod
    def _connection(self) -> Connection:
        """The writer's connection; used in the writer's thread only."""

    @abstractmethod
    async def _in_writer(self, work: Callable[[list[_Job]], None], batch: list[_Job]) -> None:
        """Run `work(batch)` in the writer's thread: one hop per batch."""

    @abstractmethod
    async def _open(self) -> None: ...

    @abstractmethod
    async def _close(self) -> None: ...


def _execute(connection: Connection, job: _Job) -> None:
    connection.touched = job.topics
    job.result = job.command(connection, *job.args, **job.kwargs)


def _execute_alone(connection: Connection, job: _Job) -> None:
    """Run a command in a savepoint of its own; its failure is its own."""
    job.topics.clear()
    try:
        with connection.savepoint():
            _execute(connection, job)
    except StoreFault:
        raise
    except Exception as error:  # boundary: a command's fault is its caller's alone, the batch goes on
        job.error = error
        job.topics.clear()


def _delay_commit() -> None:
    """Stand in for a slow disk in the benchmark: `BAOSONG_BENCH_COMMIT_DELAY_MS` is added to each commit."""
    if _COMMIT_DELAY:
        time.sleep(_COMMIT_DELAY)


_COMMIT_DELAY = float(os.environ.get("BAOSONG_BENCH_COMMIT_DELAY_MS", "0")) / 1000
