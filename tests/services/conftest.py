"""Operations are tested on a store in a temporary file, with the small city in it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from storage.engine import Store
from tests.support.fresh import opened


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    store = await opened(tmp_path / "test.db")
    yield store
    await store.close()
