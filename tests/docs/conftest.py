"""The documentation is compared with the program as it is: plugins loaded, a stage to play its dialogues on."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import nonebot
import pytest

from bot.app import load_plugins
from tests.support.stage import Stage, staged


@pytest.fixture(scope="session", autouse=True)
def _plugins() -> None:
    nonebot.init(driver="~none", _env_file=None)
    load_plugins()


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Stage]:
    async with staged(tmp_path) as set_up:
        yield set_up
