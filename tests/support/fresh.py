"""Fresh databases for tests: tables and the small city are made once in a process, then copied."""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import TypeVar

from storage.engine import Tx
from storage.migrate import migrate
from storage.sqlite import SQLiteStore, SQLiteTx
from tests.support import city

T = TypeVar("T")

_kept: dict[bool, bytes] = {}
"""The file's bytes, without and with the city in it."""


@cache
def _in_memory() -> sqlite3.Connection:
    raw = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
    tx = SQLiteTx(raw)
    migrate(tx, "sqlite")
    city.settle(tx)
    return raw


def in_a_city(story: Callable[[Tx], T]) -> T:
    """Let a story happen in the small city, in memory, and forget it: for thousands of them."""
    raw = _in_memory()
    raw.execute("BEGIN")
    try:
        return story(SQLiteTx(raw))
    finally:
        raw.execute("ROLLBACK")


async def opened(path: Path, *, settled: bool = True) -> SQLiteStore:
    """An open store in a new file; `settled` puts the small city into it."""
    if settled not in _kept:
        with tempfile.TemporaryDirectory() as folder:
            template = Path(folder) / "template.db"
            await _make(template, settled)
            _copy(template, settled)
    _write(path, settled)
    store = SQLiteStore(path)
    await store.open()
    return store


async def _make(template: Path, settled: bool) -> None:
    store = SQLiteStore(template)
    await store.open()
    if settled:
        await store.run(city.settle)
    await store.close()


def _copy(template: Path, settled: bool) -> None:
    _kept[settled] = template.read_bytes()


def _write(path: Path, settled: bool) -> None:
    path.write_bytes(_kept[settled])
