"""The storage writer alone: the five-statement submission, with the raw batched `sqlite3` loop as ceiling.

Both write the same rows with `synchronous=FULL`: event, item, link to its unit, outgoing receipt, and an
audit line that carries the hash of the one before. The raw loop has no callers to wait for: it puts 1, 16
or 256 submissions in each transaction. The product has as many callers, each of which waits for its commit.
"""

from __future__ import annotations

import asyncio
import hashlib
import itertools
import sqlite3
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from benchmarks import product
from benchmarks.corpus import submission
from benchmarks.figures import percentile

CALLERS = (1, 16, 256)
_SECONDS = 1.5

Execute = Callable[..., object]
"""`execute(sql, *values)`."""

SCHEMA = (
    "CREATE TABLE bench_event (platform TEXT, bot TEXT, event TEXT, at_ms BIGINT, result BIGINT,"
    " PRIMARY KEY (platform, bot, event))",
    "CREATE TABLE bench_item (id INTEGER PRIMARY KEY, number TEXT UNIQUE, unit_id BIGINT, title TEXT,"
    " body TEXT, at_ms BIGINT)",
    "CREATE TABLE bench_link (item_id BIGINT, unit_id BIGINT, PRIMARY KEY (item_id, unit_id))",
    "CREATE TABLE bench_outbox (id INTEGER PRIMARY KEY, dedup TEXT UNIQUE, target TEXT, payload TEXT, at_ms BIGINT)",
    "CREATE TABLE bench_audit (seq INTEGER PRIMARY KEY, at_ms BIGINT, actor TEXT, action TEXT, object TEXT,"
    " previous BLOB, hash BLOB)",
)


@dataclass(frozen=True, slots=True)
class Rate:
    """One run: who wrote, how many at a time, submissions a second, p99 in ms (None for the raw loop)."""

    writer: str
    callers: int
    per_second: float
    p99: float | None


class Submissions:
    """Writes submission `i` through any `execute`; keeps the head of the audit chain."""

    def __init__(self) -> None:
        texts = (submission(index).partition("\n") for index in range(512))
        self._texts = [(title, body) for title, _, body in texts]
        self._head = bytes(32)

    def write(self, execute: Execute, index: int) -> None:
        """The five statements, in one transaction of the caller's."""
        title, body = self._texts[index % len(self._texts)]
        number, unit, at_ms = f"2026-{index:06d}", index % 50, 1_795_000_000_000 + index
        execute("INSERT INTO bench_event VALUES ('qq', 'bench', ?, ?, ?)", str(index), at_ms, index)
        execute("INSERT INTO bench_item VALUES (?, ?, ?, ?, ?, ?)", index, number, unit, title, body, at_ms)
        execute("INSERT INTO bench_link VALUES (?, ?)", index, unit)
        receipt = f'{{"text":"收到 {number}《{title}》"}}'
        execute("INSERT INTO bench_outbox VALUES (?, ?, 'g:1', ?, ?)", index, f"receipt:{index}", receipt, at_ms)
        line = f"{index}|{at_ms}|person:{unit}|submit|{number}".encode()
        previous, self._head = self._head, hashlib.sha256(self._head + line).digest()
        execute(
            "INSERT INTO bench_audit VALUES (?, ?, ?, 'submit', ?, ?, ?)",
            index, at_ms, f"person:{unit}", number, previous, self._head,
        )  # fmt: skip


def raw_loop(path: Path, batch: int, seconds: float = _SECONDS) -> Rate:
    """One transaction of `batch` submissions after another, with nothing between Python and SQLite."""
    connection = sqlite3.connect(path, isolation_level=None)
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")
    for statement in SCHEMA:
        connection.execute(statement)
    submissions = Submissions()

    def execute(sql: str, *values: object) -> None:
        connection.execute(sql, values)

    done = 0
    start = time.perf_counter()
    while (elapsed := time.perf_counter() - start) < seconds:
        connection.execute("BEGIN IMMEDIATE")
        for index in range(done, done + batch):
            submissions.write(execute, index)
        connection.execute("COMMIT")
        done += batch
    connection.close()
    return Rate("raw loop", batch, done / elapsed, None)


async def product_writer(path: Path, callers: int, seconds: float = _SECONDS) -> Rate:
    """`callers` tasks on the product's store, each submitting again as soon as its commit is known."""
    waits: list[float] = []
    numbers = itertools.count()
    async with product.submitter(path, SCHEMA, Submissions().write) as submit:
        start = time.perf_counter()

        async def caller() -> None:
            while (begun := time.perf_counter()) - start < seconds:
                await submit(next(numbers))
                waits.append((time.perf_counter() - begun) * 1000)

        await asyncio.gather(*(caller() for _ in range(callers)))
        elapsed = time.perf_counter() - start
    return Rate("product", callers, len(waits) / elapsed, percentile(waits, 0.99))


async def measure(rates: list[Rate], rounds: int, say: Callable[[str], None]) -> None:
    """Append every run to `rates`, raw loop and product by turns."""
    for number, callers in itertools.product(range(1, rounds + 1), CALLERS):
        with tempfile.TemporaryDirectory(prefix="baosong-bench-") as name:
            raw = await asyncio.to_thread(raw_loop, Path(name) / "raw.db", callers)
            own = await product_writer(Path(name) / "product.db", callers)
        rates += [raw, own]
        say(
            f"writer: round {number}/{rounds}, {callers} at a time: raw {raw.per_second:,.0f}/s,"
            f" product {own.per_second:,.0f}/s"
        )
