"""PostgreSQL: the same commands through psycopg, one writer thread with group commit, a few reading threads."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from typing import Any

import psycopg
from psycopg.abc import Buffer
from psycopg.adapt import Loader
from psycopg.errors import DeadlockDetected, InFailedSqlTransaction, SerializationFailure
from psycopg.types.numeric import Int8Dumper

from storage.engine import Again, Connection, Job, Row, Store, StoreFault, T, Topic, Tx, Value, ask
from storage.migrate import migrate

READERS = 2

# A server that restarts is back within seconds; until then the queue waits instead of failing.
PATIENCE_SECONDS = 15.0
LOOK_AGAIN_SECONDS = 0.2

Raw = psycopg.Connection[tuple[Any, ...]]


@lru_cache(maxsize=1024)
def placeholders(sql: str) -> str:
    """`?` parameters as psycopg writes them."""
    return sql.replace("%", "%%").replace("?", "%s")


class WholeNumber(Loader):
    """SUM over BIGINT comes back as NUMERIC; the house knows integers only, and a fraction is a fault of ours."""

    def load(self, data: Buffer) -> int:
        return int(bytes(data))


class PostgresTx(Connection):
    """`Tx` over a synchronous psycopg connection in autocommit mode."""

    def __init__(self, raw: Raw, opening: str = "BEGIN") -> None:
        super().__init__()
        self._raw = raw
        self._cursor = raw.cursor()
        self._opening = opening

    @property
    def lost(self) -> bool:
        return self._raw.closed

    def all(self, sql: str, *values: Value) -> list[Row]:
        return self._send(sql, values).fetchall()

    def run(self, sql: str, *values: Value) -> int:
        return self._send(sql, values).rowcount

    def many(self, sql: str, rows: Sequence[Sequence[Value]]) -> None:
        try:
            self._cursor.executemany(placeholders(sql), rows)
        except psycopg.Error as error:
            self._raise_if_fault(error)
            raise

    def begin(self) -> None:
        self._send(self._opening)

    def commit(self) -> None:
        try:
            outcome = self._cursor.execute("COMMIT").statusmessage
        except (SerializationFailure, DeadlockDetected) as error:
            raise Again(str(error)) from error
        except psycopg.OperationalError as error:
            raise StoreFault(str(error)) from error  # not Again: whether it was kept is not known
        if outcome != "COMMIT":
            # A command swallowed an error without a savepoint; the server has rolled back and calls that success.
            raise InFailedSqlTransaction("a command went on after an error of the database")

    def rollback(self) -> None:
        if not self.lost and self._raw.info.transaction_status != psycopg.pq.TransactionStatus.IDLE:
            self._send("ROLLBACK")

    def close(self) -> None:
        self._raw.close()

    def _send(self, sql: str, values: Sequence[Value] = ()) -> psycopg.Cursor[tuple[Any, ...]]:
        try:
            return self._cursor.execute(placeholders(sql), values)
        except psycopg.Error as error:
            self._raise_if_fault(error)
            raise

    def _raise_if_fault(self, error: psycopg.Error) -> None:
        """Tell a failing server or connection from a statement that is wrong or breaks a constraint."""
        if self.lost or isinstance(error, SerializationFailure | DeadlockDetected):
            raise Again(str(error)) from error
        if isinstance(error, psycopg.OperationalError):
            raise StoreFault(str(error)) from error


class PostgresStore(Store):
    """A store on a PostgreSQL 15 or newer server; `url` is a libpq connection string."""

    engine = "postgresql"

    def __init__(self, url: str) -> None:
        super().__init__()
        self._url = url
        self._writer_tx: PostgresTx | None = None
        self._opened: list[PostgresTx] = []
        self._make_threads()

    def _make_threads(self) -> None:
        self._writing = ThreadPoolExecutor(1, thread_name_prefix="storage-writer")
        self._reading = ThreadPoolExecutor(READERS, thread_name_prefix="storage-reader")
        self._reader = threading.local()

    def _connection(self) -> Connection:
        if self._writer_tx is None:
            self._writer_tx = self._connect("BEGIN")
        elif self._writer_tx.lost:
            self._writer_tx = self._connect_again("BEGIN")
        return self._writer_tx

    async def _in_writer(self, work: Callable[[list[Job]], list[Topic]], batch: list[Job]) -> list[Topic]:
        return await asyncio.get_running_loop().run_in_executor(self._writing, work, batch)

    async def _in_reader(self, query: Callable[[Tx], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._reading, self._ask, query)

    def _ask(self, query: Callable[[Tx], T]) -> T:
        """In a reader's thread; a connection lost since the last question is replaced, and the question repeated."""
        try:
            return ask(self._reading_connection(), query)
        except Again:
            return ask(self._reading_connection(), query)

    def _reading_connection(self) -> PostgresTx:
        tx: PostgresTx | None = getattr(self._reader, "tx", None)
        if tx is None or tx.lost:
            tx = self._reader.tx = self._connect_again("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        return tx

    def _connect(self, opening: str) -> PostgresTx:
        try:
            raw: Raw = psycopg.connect(self._url, autocommit=True)
            raw.execute("SET synchronous_commit = on")
        except psycopg.OperationalError as error:
            raise StoreFault(f"PostgreSQL: {error}") from error
        raw.adapters.register_dumper(int, Int8Dumper)
        raw.adapters.register_loader("numeric", WholeNumber)
        tx = PostgresTx(raw, opening)
        self._opened.append(tx)
        return tx

    def _connect_again(self, opening: str) -> PostgresTx:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while True:
            try:
                return self._connect(opening)
            except StoreFault:
                if time.monotonic() > deadline:
                    raise
                time.sleep(LOOK_AGAIN_SECONDS)

    async def _open(self) -> None:
        try:
            await asyncio.get_running_loop().run_in_executor(self._writing, self._prepare)
        except psycopg.Error as error:
            raise StoreFault(f"PostgreSQL: {error}") from error

    def _prepare(self) -> None:
        connection = self._connection()
        if connection.one("SHOW server_encoding") != ("UTF8",):
            raise StoreFault("PostgreSQL: the database is not in UTF8; create it with ENCODING 'UTF8'")
        migrate(connection, "postgresql")

    async def _close(self) -> None:
        await asyncio.to_thread(self._finish)

    def _finish(self) -> None:
        self._writing.shutdown()
        self._reading.shutdown()
        while self._opened:
            self._opened.pop().close()
        self._writer_tx = None
        self._make_threads()  # they start with their first work, should the store be opened again
