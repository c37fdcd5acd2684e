"""PostgreSQL: the same commands through psycopg, one writer thread with group commit, a few reading connections."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Hashable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import lru_cache
from typing import Any, Concatenate

import psycopg

from storage.engine import Connection, P, Row, Store, StoreFault, T, Topic, Tx, Value, _Job
from storage.migrate import migrate

READERS = 2


@lru_cache(maxsize=1024)
def placeholders(sql: str) -> str:
    """`?` parameters as psycopg writes them."""
    return sql.replace("%", "%%").replace("?", "%s")


class PostgresTx:
    """`Tx` over a synchronous psycopg connection."""

    def __init__(self, raw: psycopg.Connection[tuple[Any, ...]]) -> None:
        self._raw = raw
        self._cursor = raw.cursor(binary=False)
        self.touched: list[Topic] = []

    def all(self, sql: str, *values: Value) -> list[Row]:
        self._send(sql, values)
        return [_plain(row) for row in self._cursor.fetchall()]

    def one(self, sql: str, *values: Value) -> Row | None:
        rows = self.all(sql, *values)
        return rows[0] if rows else None

    def run(self, sql: str, *values: Value) -> int:
        self._send(sql, values)
        return self._cursor.rowcount

    def many(self, sql: str, rows: Sequence[Sequence[Value]]) -> None:
        self._cursor.executemany(placeholders(sql), rows)

    def _send(self, sql: str, values: Sequence[Value]) -> None:
        try:
            self._cursor.execute(placeholders(sql), values)
        except psycopg.OperationalError as error:
            raise StoreFault(str(error)) from error

    @contextmanager
    def savepoint(self) -> Iterator[None]:
        self._send("SAVEPOINT s", ())
        try:
            yield
        except BaseException:
            self._send("ROLLBACK TO SAVEPOINT s", ())
            self._send("RELEASE SAVEPOINT s", ())
            raise
        self._send("RELEASE SAVEPOINT s", ())

    def touch(self, *topic: Hashable) -> None:
        self.touched.append(topic)

    def begin(self) -> None:
        self._send("BEGIN", ())

    def commit(self) -> None:
        self._send("COMMIT", ())

    def rollback(self) -> None:
        if not self._raw.closed:
            self._raw.rollback()


def _plain(row: Row) -> Row:
    """SUM over BIGINT comes back as Decimal; the house knows integers only."""
    return tuple(value if isinstance(value, int | str | bytes | type(None)) else int(value) for value in row)


class PostgresStore(Store):
    """A store on a PostgreSQL 15 or newer server; `url` is a libpq connection string."""

    engine = "postgresql"

    def __init__(self, url: str) -> None:
        super().__init__()
        self._url = url
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="storage-writer")
        self._reading = ThreadPoolExecutor(READERS, thread_name_prefix="storage-reader")
        self._tx: PostgresTx | None = None
        self._readers: asyncio.Queue[PostgresTx] = asyncio.Queue()

    async def read(self, query: Callable[Concatenate[Tx, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        reader = await self._readers.get()

        def in_snapshot() -> T:
            reader.run("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
            try:
                return query(reader, *args, **kwargs)
            finally:
                reader.rollback()

        try:
            return await asyncio.get_running_loop().run_in_executor(self._reading, in_snapshot)
        finally:
            self._readers.put_nowait(reader)

    def _connection(self) -> Connection:
        if self._tx is None or self._tx._raw.closed:
            self._tx = self._connect()
        return self._tx

    def _connect(self) -> PostgresTx:
        raw = psycopg.connect(self._url, autocommit=True)
        raw.execute("SET synchronous_commit = on")
        raw.execute("SET TIME ZONE 'UTC'")
        return PostgresTx(raw)

    async def _in_writer(self, work: Callable[[list[_Job]], None], batch: list[_Job]) -> None:
        await asyncio.get_running_loop().run_in_executor(self._thread, work, batch)

    async def _open(self) -> None:
        loop = asyncio.get_running_loop()
        await loop.run_in_executor(self._thread, lambda: migrate(self._connection(), "postgresql"))
        for _ in range(READERS):
            self._readers.put_nowait(await loop.run_in_executor(self._reading, self._connect))

    async def _close(self) -> None:
        while not self._readers.empty():
            self._readers.get_nowait()._raw.close()
        if self._tx is not None:
            self._tx._raw.close()
        self._thread.shutdown()
        self._reading.shutdown()
