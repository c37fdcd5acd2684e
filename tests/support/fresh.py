"""Fresh databases for tests: tables and the small city are made once in a process, then copied."""

from __future__ import annotations

import tempfile
from pathlib import Path

from storage.sqlite import SQLiteStore
from tests.support import city

_kept: dict[bool, bytes] = {}
"""The file's bytes, without and with the city in it."""


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
