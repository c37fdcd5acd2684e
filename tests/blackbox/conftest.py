"""One roster imported once, copied for each town that begins with it.

Tests of one file share a bot (`town`, `peer`), so that each also proves that those before it left the bot in order.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from tests.peers.onebot import OneBotPeer

from . import roster
from .assessment_office import NOVEMBER
from .clock import TownClock
from .town import Town, small_town


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def imported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The database of the small city after `baosong import`, with no bot running on it."""
    town = Town(tmp_path_factory.mktemp("imported"), roster.small_world())
    await town.settle(roster.small())
    return town.database


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def november_city(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same, imported on the day on which the assessment of November begins, whatever day it is today: who is
    imported tomorrow is not there today."""
    clock = TownClock(NOVEMBER)
    town = Town(tmp_path_factory.mktemp("november"), roster.small_world(clock), clock)
    await town.settle(roster.small())
    return town.database


@pytest.fixture
def fresh_town(tmp_path: Path, imported: Path) -> Town:
    """The small city for one test alone, everybody bound; the bot is not started yet."""
    return small_town(tmp_path, imported)


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory, imported: Path) -> Town:
    """The small city of this file, everybody bound. The bot gives up soon on calls and downloads."""
    return small_town(tmp_path_factory.mktemp("town"), imported, call_seconds=0.5)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def peer(town: Town) -> AsyncIterator[OneBotPeer]:
    """The endpoint of this file's city, connected to its running bot."""
    async with town.open() as peer:
        yield peer
