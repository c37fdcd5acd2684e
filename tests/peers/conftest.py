"""A plain application and an endpoint connected to it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from .onebot import OneBotPeer, World
from .plain_application import PlainApplication
from .process import free_port

MORNING = datetime(2026, 11, 23, 9, 41, tzinfo=ZoneInfo("Asia/Shanghai"))
TOKEN = "gateway-token"


@pytest.fixture
def world() -> World:
    return World.small(clock=lambda: MORNING)


@pytest.fixture
async def application() -> PlainApplication:
    return PlainApplication()


@pytest.fixture
async def peer(world: World, application: PlainApplication) -> AsyncIterator[OneBotPeer]:
    port = free_port()
    async with (
        application.serving(port, TOKEN),
        OneBotPeer.reverse(world, port=port, token=TOKEN, reconnect_after=0.02) as peer,
    ):
        await peer.connected()
        yield peer
