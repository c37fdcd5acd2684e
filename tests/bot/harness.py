"""The whole bot in the test's own event loop, on a real port: NoneBot and its adapters, the guard, the store.

Faster than a process of its own, and what is inside can be looked at.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import nonebot
import pytest
import uvicorn
from nonebot.internal.driver import Driver

from bot.app import Running, Server, prepare_nonebot, running
from bot.channels.guard import Guard, Policy
from bot.pages import add_pages
from bot.settings import QQ, Commissions, Nudges, OneBot, PaceSection, Scoreboard, Settings, Storage, WeCom
from bot.settings import Server as ServerSection
from tests.peers.onebot import OneBotPeer, World
from tests.peers.process import free_port
from tests.support import city
from tests.support.stage import HandClock

TOKEN = "gateway-token"
AT_ONCE = PaceSection(per_chat_ms=0, all_ms=0)


@dataclass(frozen=True)
class Served:
    """A running bot and where it listens."""

    parts: Running
    clock: HandClock
    port: int

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def peer(self, *, token: str = TOKEN, heartbeat: float = 30.0) -> OneBotPeer:
        """An endpoint in the world of the small city, connected once inside its block."""
        return OneBotPeer.reverse(city_world(self.clock), port=self.port, token=token, heartbeat=heartbeat)


def city_world(clock: HandClock) -> World:
    """The people and groups of the small city as QQ knows them."""
    world = World(clock=clock.now)
    for name, (_, _, account) in city.PEOPLE.items():
        world.add_person(int(account), name)
    cards = {int(account): name for name, (_, _, account) in city.PEOPLE.items()}
    for group in (city.SUBMIT_GROUP, city.OFFICE_GROUP):
        world.add_group(int(group), f"群{group}", cards)
    return world


def onebot(**more: object) -> OneBot:
    """A OneBot section without pace, with short patience."""
    section = {"token": TOKEN, "pace": AT_ONCE, "call_seconds": 2.0, "fetch_seconds": 2.0} | more
    return OneBot.model_validate(section)


@contextlib.asynccontextmanager
async def served(
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    *,
    onebot: OneBot | None = None,
    qq: QQ | None = None,
    wecom: WeCom | None = None,
    commissions: Commissions | None = None,
    clock: HandClock | None = None,
    port: int = 0,
) -> AsyncIterator[Served]:
    """The bot with the small city in its database, running inside the block; a second run in the same folder goes on
    where the first one ended."""
    monkeypatch.setattr(nonebot, "_driver", None)
    monkeypatch.setattr(Driver, "_adapters", {})
    port, clock = port or free_port(), clock or HandClock()
    is_new = not (folder / "house.db").exists()
    settings = Settings(
        server=ServerSection(port=port, stop_seconds=1),
        storage=Storage(url="sqlite:house.db"),
        scoreboard=Scoreboard(enabled=False),
        nudges=Nudges(enabled=False),
        onebot=onebot,
        qq=qq,
        wecom=wecom,
        commissions=commissions or Commissions(),
        folder=folder,
    )
    channels = prepare_nonebot(settings, clock)
    async with running(settings, clock, channels) as parts:
        if is_new:
            await parts.store.run(city.settle)
        await parts.store.read(parts.directory.fill, clock.now().date())
        app = nonebot.get_app()
        app.add_middleware(Guard, policy=Policy.of(settings), clock=clock)
        add_pages(app, parts)
        async with listening(app, port):
            yield Served(parts, clock, port)


@contextlib.asynccontextmanager
async def listening(app: object, port: int) -> AsyncIterator[None]:
    """An ASGI application on a real port."""
    config = uvicorn.Config(
        app,  # type: ignore[arg-type]  # NoneBot gives its application as Any
        host="127.0.0.1",
        port=port,
        log_config=None,
        access_log=False,
        timeout_graceful_shutdown=1,
    )
    server = Server(config)
    serving = asyncio.create_task(server.serve())
    while not server.started:
        assert not serving.done(), "the port could not be served"
        await asyncio.sleep(0.01)
    try:
        yield
    finally:
        server.should_exit = True
        await serving


async def until(true: object, seconds: float = 5) -> None:
    """Wait until a condition (a function without arguments) holds."""
    assert callable(true)
    async with asyncio.timeout(seconds):
        while not true():
            await asyncio.sleep(0.01)
