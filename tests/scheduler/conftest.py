"""The clock's work on a store in a temporary file, with the small city in it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from storage.engine import Store
from storage.sqlite import SQLiteStore
from tests.support import city


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    opened = SQLiteStore(tmp_path / "test.db")
    await opened.open()
    await opened.run(city.settle)
    yield opened
    await opened.close()
