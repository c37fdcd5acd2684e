"""The commands as the bot loads them, and a stage for tests that need no wire."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import nonebot
import pytest

from bot.app import load_plugins
from tests.support.stage import Stage, staged


@pytest.fixture
def plugins(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every command is declared."""
    monkeypatch.setattr(nonebot, "_driver", None)
    nonebot.init(driver="~none", _env_file=None)
    load_plugins()


@pytest.fixture
async def stage(plugins: None, tmp_path: Path) -> AsyncIterator[Stage]:
    async with staged(tmp_path) as set_up:
        yield set_up
