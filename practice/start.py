"""Starting the practice city: its settings, its database, and its place beside a running bot.

The bot loads this room by name, and only when there is no `config.toml` and no channel is configured.
"""

from __future__ import annotations

import asyncio
import logging
import os
import secrets
import socket
import time
from bisect import bisect_left
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import date
from pathlib import Path
from typing import Any, Protocol

from starlette.types import ASGIApp

from bot.settings import Bulletin, OneBot, PaceSection, Scoreboard, Settings, SettingsFault, Storage
from domain.moment import Clock, to_ms
from practice import asked, assessed, city, history, world
from practice.calls import Calls
from practice.chats import Chats
from practice.city import CITY_GROUP, NOTICE_GROUP, PLATFORM
from practice.clock import PracticeClock, read_offset
from practice.endpoint import Endpoint
from practice.guard import Guard
from practice.history import Event
from practice.page import Page
from practice.recollection import Studio, recollect, recollect_bulletin
from practice.timeline import Ticks, Timeline
from services.office import Office
from storage.engine import Store
from storage.sqlite import SQLiteStore, own

logger = logging.getLogger("baosong.practice")

DATABASE = "data/practice.db"
PORTS_TRIED = 20
CHUNK = 600
WEBSOCKET_PATH = "/onebot/v11/ws"


class Parts(Protocol):
    """What the city needs of the running bot."""

    @property
    def settings(self) -> Settings: ...

    @property
    def office(self) -> Office: ...

    @property
    def store(self) -> Store: ...

    @property
    def ticker(self) -> Ticks: ...

    @property
    def studio(self) -> Studio: ...


class Site(Protocol):
    """A web application that others can be mounted on."""

    def mount(self, path: str, app: ASGIApp) -> None: ...


def practice_settings(base: Settings) -> Settings:
    """The settings of the city on top of what the environment says; the port is the first free one.

    Raises SettingsFault beside a real channel, or off loopback.
    """
    if base.has_channel:
        raise SettingsFault(
            "练习城市不能与真实渠道同时运行：请去掉 onebot、qq、wecom 的设置，或写好 config.toml 后正式启动。"
        )
    if not base.server.loopback:
        raise SettingsFault(f"server.host: found {base.server.host}; 练习城市只在本机运行，allowed: 127.0.0.1")
    groups = [f"{PLATFORM}:{number}" for number in (CITY_GROUP, NOTICE_GROUP)]
    quick = PaceSection(per_chat_ms=150, per_chat_burst=5, all_ms=20, all_burst=50)
    return base.model_copy(
        update={
            "server": base.server.model_copy(update={"host": "127.0.0.1", "port": free_port(base.server.port)}),
            "office": base.office.model_copy(update={"name": city.OFFICE}),
            "storage": Storage(url=f"sqlite:{DATABASE}"),
            "scoreboard": Scoreboard(groups=groups),
            "bulletin": Bulletin(groups=groups, number="云政办通报〔{year}〕{n}号", head=city.OFFICE),
            "onebot": OneBot.model_validate({"token": secrets.token_urlsafe(24), "pace": quick}),
        }
    )


def free_port(first: int) -> int:
    """The first port from `first` on that nobody listens on. Raises SettingsFault when there is none near."""
    for port in range(first, min(first + PORTS_TRIED, 65536)):
        with socket.socket() as probe, suppress(OSError):
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(("127.0.0.1", port))
            return port
    raise SettingsFault(f"server.port: {first} 起的 {PORTS_TRIED} 个端口都被占用，请换一个。")


async def prepare(settings: Settings, office: Office, *, fresh: bool = False) -> PracticeClock:
    """Found the city if its database does not hold it yet; returns its clock.

    `fresh` tears an old one down first, as does a founding that was interrupted. Raises StoreFault when another
    process has the database open.
    """
    path = settings.path(DATABASE)
    path.parent.mkdir(parents=True, exist_ok=True)
    if fresh:
        tear_down(path)
    async with _opened(path) as store:
        founded, empty = await store.read(city.is_founded), await store.read(city.is_empty)
        if not founded and empty:
            await found(store, office, PracticeClock())
        if founded or empty:
            return PracticeClock(await store.read(read_offset))
    logger.info("练习城市上次没有建完，重新建立。")
    return await prepare(settings, office, fresh=True)


@asynccontextmanager
async def _opened(path: Path) -> AsyncIterator[Store]:
    store = SQLiteStore(path)
    await store.open()
    try:
        yield store
    finally:
        await store.close()


def tear_down(path: Path) -> None:
    """Delete the city's database; whoever has it open keeps it."""
    handle = own(path)
    try:
        for ending in ("", "-wal", "-shm"):
            path.with_name(path.name + ending).unlink(missing_ok=True)
    finally:
        os.close(handle)


async def found(store: Store, office: Office, clock: Clock) -> None:
    """Write the roster and replay the history, in stretches, with the settling of its months in between."""
    began, now = time.monotonic(), clock.now()
    logger.info("第一次启动，正在建立练习城市……")
    events = history.plan(now, office.calendar)
    await store.run(city.found, _valid_from(now.date()), now.date())
    memory = history.Memory()
    written = 0
    for moment in assessed.plan(now, office.calendar):
        reached = bisect_left(events, moment.at, key=lambda event: event.at)
        await _replay(store, office, events, written, reached, memory)
        await store.run(assessed.carry_out, office, moment)
        written = reached
    await _replay(store, office, events, written, len(events), memory)
    await store.run(asked.ask, office, now)
    await store.run(city.mark_founded)
    logger.info("练习城市：%d 条信息，用时 %.1f 秒", len(memory.items), time.monotonic() - began)


async def _replay(
    store: Store, office: Office, events: Sequence[Event], first: int, end: int, memory: history.Memory
) -> None:
    for at in range(first, end, CHUNK):
        upto = min(at + CHUNK, end)
        await store.run(history.replay, office, events[at:upto], memory)
        logger.info("练习城市：已写入 %d%%", upto * 100 // len(events))


def _valid_from(today: date) -> date:
    """The roster is older than the history, so that questions about the year so far find their units."""
    return history.first_day(today).replace(month=1, day=1)


@asynccontextmanager
async def beside(app: Site, parts: Parts, clock: PracticeClock) -> AsyncIterator[None]:
    """The city beside a running bot: its page on the bot's app, its endpoint on the bot's port."""
    server, onebot = parts.settings.server, parts.settings.onebot
    real = parts.settings.qq is not None or parts.settings.wecom is not None
    if real or onebot is None or not server.loopback:
        raise SettingsFault("练习城市不能与真实渠道同时运行，也只在本机运行。")
    address = f"127.0.0.1:{server.port}"
    today = clock.now().date()
    chats = Chats(first_id=to_ms(clock.now()) // 1000 % 2**30)
    calls = Calls(await parts.store.read(world.load, today), chats, clock, f"http://{address}")
    await parts.store.read(recollect, chats, today)
    await recollect_bulletin(parts.store, parts.studio, chats, calls.files)
    endpoint = Endpoint(f"ws://{address}{WEBSOCKET_PATH}", onebot.token.get_secret_value(), chats, calls, clock)
    timeline = Timeline(clock, parts.store, parts.ticker, parts.office.calendar, chats)
    app.mount("/", Guard(Page(chats, calls, endpoint, timeline).router(), server.port))
    renewals: set[asyncio.Task[None]] = set()

    async def renew() -> None:
        calls.world = await parts.store.read(world.load, clock.now().date())
        chats.show({"type": "reload"})

    def on_roster(_: Any) -> None:
        task = asyncio.create_task(renew())
        renewals.add(task)
        task.add_done_callback(renewals.discard)

    parts.store.listen("roster", on_roster)
    connected = asyncio.create_task(endpoint.run())
    greeting = asyncio.create_task(_greet(endpoint, f"http://{address}/"))
    try:
        yield
    finally:
        greeting.cancel()
        connected.cancel()
        await asyncio.gather(connected, greeting, *renewals, return_exceptions=True)


async def _greet(endpoint: Endpoint, address: str) -> None:
    """Once the whole road is open, say where the page is."""
    await endpoint.up.wait()
    print(f"\n  练习城市已就绪：{address}\n  在浏览器里打开它，选一个人物，发一条信息试试。Ctrl+C 结束。\n", flush=True)
