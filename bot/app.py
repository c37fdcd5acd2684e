"""Putting the house together, opening the doors, closing them again.

Start: settings → NoneBot with the adapters that are configured → plugins (all of them, or none starts) → store →
gateway, courier, ticker → the port. Stop: no new intake, finish what is in hand, the rest is in tables.
"""

from __future__ import annotations

import asyncio
import contextlib
import gc
import logging
import signal
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import nonebot
import uvicorn

from bot import log
from bot.channels.base import Channel, Hooked, Keeping
from bot.channels.guard import Guard, Policy
from bot.channels.registry import register_channels
from bot.channels.watch import Watch
from bot.cli.kit import Kit
from bot.cli.tools import perform
from bot.clock import WallClock
from bot.commands import VOCABULARY
from bot.control import Control, socket_path
from bot.courier import Courier
from bot.directory import Directory
from bot.door import make_door
from bot.drawing import Studio
from bot.gateway import Gateway, House
from bot.measures import follow_measures
from bot.office import build_office, build_screen, fonts_folder
from bot.pages import add_pages
from bot.plan import build_plan
from bot.router import Desk
from bot.settings import Settings
from bot.stores import open_store
from domain.moment import Clock
from scheduler.jobs import build_jobs
from scheduler.ticker import Ticker
from services.office import Office
from storage import webhook
from storage.engine import Store

logger = logging.getLogger("baosong")

PLUGINS = Path(__file__).resolve().parent.parent / "plugins"

# Two threads share the interpreter: the event loop and the writer. With the default of 5 ms a busy loop would make
# each of the writer's statements wait that long for its turn.
SWITCH_SECONDS = 0.0005

# A message makes a few hundred objects and no cycles; looking for cycles after every 700 is work for nothing.
GARBAGE = 20_000

# NapCat sends frames of up to 50 MiB (a file's bytes as an answer to get_file).
FRAME_BYTES = 64 * 1024 * 1024


class StartFault(Exception):
    """The bot does not start; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Running:
    """The parts of a running bot, for the pages, the control socket and the practice city."""

    settings: Settings
    office: Office
    store: Store
    clock: Clock
    directory: Directory
    gateway: Gateway
    studio: Studio
    courier: Courier
    ticker: Ticker
    channels: dict[str, Channel]
    watch: Watch


class Server(uvicorn.Server):
    """uvicorn without its own signal handling: we stop in our own order."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def prepare_nonebot(settings: Settings, clock: Clock) -> dict[str, Channel]:
    """Start NoneBot as the holder of connections: adapters as configured, every plugin loaded."""
    onebot = settings.onebot
    we_call = (
        settings.qq is not None
        or settings.wecom is not None
        or (onebot is not None and bool(onebot.forward_urls or onebot.http_api))
    )
    # HTTP over aiohttp: httpx spends three times the CPU on a call, and more with every connection it holds open (see
    # docs/speed.md). WebSockets over the library that also serves them; it notices a dead peer by itself.
    outward = "~fastapi+~websockets+~aiohttp" if we_call else "~fastapi"
    options: dict[str, Any] = {
        "driver": outward,
        "host": settings.server.host,
        "port": settings.server.port,
        "log_level": settings.log.level,
        "_env_file": None,
    }
    channels = register_channels(settings, options, clock)
    load_plugins()
    return channels


def load_plugins() -> None:
    """Load every plugin; NoneBot would start without one that fails, which here would be a silent loss."""
    found = {path.stem for path in PLUGINS.iterdir() if _is_plugin(path)}
    if found - _loaded_plugins():
        # By name: NoneBot names a plugin found by its path after the current folder, which may be any.
        nonebot.load_all_plugins([f"plugins.{name}" for name in sorted(found)], [])
    missing = found - _loaded_plugins()
    if missing:
        raise StartFault(f"plugins that failed to load: {', '.join(sorted(missing))}; the reason stands above")


def _loaded_plugins() -> set[str]:
    return {plugin.name for plugin in nonebot.get_loaded_plugins()}


def _is_plugin(path: Path) -> bool:
    return not path.name.startswith("_") and (path.suffix == ".py" or (path / "__init__.py").exists())


@contextlib.asynccontextmanager
async def running(settings: Settings, clock: Clock, channels: dict[str, Channel]) -> AsyncIterator[Running]:
    """Everything behind the port, from opened to closed."""
    office, screen = build_office(settings), build_screen(settings)
    async with _opened(settings) as store:
        office = await follow_measures(settings, office, store, clock.now())
        directory = Directory()
        await store.read(directory.fill, clock.now().date())
        directory.follow(store)
        desk = Desk(office, VOCABULARY)
        house = House(store, clock, desk, make_door(directory, screen, VOCABULARY), screen)
        gateway = Gateway(house, channels.__getitem__)
        studio = Studio(store, clock, office, fonts_folder(settings))
        courier = Courier(store, clock, channels, studio.draw)
        ticker = Ticker(store, clock, build_jobs(build_plan(settings), office))
        watch = Watch(store, clock, channels, gateway, office)
        parts = Running(settings, office, store, clock, directory, gateway, studio, courier, ticker, channels, watch)
        store.listen("roster", lambda _: _refresh(parts))
        for channel in channels.values():
            if isinstance(channel, Keeping):
                channel.keep_in(store)
            channel.connect(gateway)
        await _hook_up(parts)
        await courier.start()
        ticker.start()
        await watch.start()
        resumed = asyncio.create_task(gateway.resume())
        control = Control(socket_path(settings), partial(perform, Kit(settings, store, clock, office)))
        await control.start()
        try:
            yield parts
        finally:
            await control.close()
            resumed.cancel()
            await _close(parts)


@contextlib.asynccontextmanager
async def _opened(settings: Settings) -> AsyncIterator[Store]:
    """The store, closed again whatever happens: its threads would keep a bot that failed to start from ending."""
    store = open_store(settings)
    await store.open()
    try:
        yield store
    finally:
        await store.close()


async def _hook_up(parts: Running) -> None:
    """The channels know the webhooks the office attached."""
    for name, channel in parts.channels.items():
        if isinstance(channel, Hooked):
            channel.hook(await parts.store.read(webhook.keys, name))


def _refresh(parts: Running) -> None:
    """The roster changed: the door's snapshot follows."""

    async def fill() -> None:
        await parts.store.read(parts.directory.fill, parts.clock.now().date())
        await _hook_up(parts)

    task = asyncio.ensure_future(fill())
    _background.add(task)
    task.add_done_callback(_background.discard)


_background: set[asyncio.Future[None]] = set()


async def _close(parts: Running) -> None:
    seconds = parts.settings.server.stop_seconds
    await parts.gateway.close(seconds)
    await parts.ticker.close()
    await parts.watch.close()
    await parts.courier.close(seconds)


Guest = Callable[[Any, Running], contextlib.AbstractAsyncContextManager[None]]
"""Something that lives beside the running bot on its web application: the practice city."""


async def serve(settings: Settings, clock: Clock | None = None, guest: Guest | None = None) -> None:
    """Run until SIGTERM or SIGINT."""
    log.set_up(settings.log.level)
    sys.setswitchinterval(SWITCH_SECONDS)
    clock = clock or WallClock()
    channels = prepare_nonebot(settings, clock)
    # What is loaded by now stays; the collector need not walk through it again while people talk.
    gc.freeze()
    gc.set_threshold(GARBAGE)
    if not settings.has_channel:
        logger.warning(
            "no channel is configured: nobody can reach the bot; see [onebot] and [qq] in config.example.toml"
        )
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, stop.set)
    async with running(settings, clock, channels) as parts:
        app = nonebot.get_app()
        app.add_middleware(Guard, policy=Policy.of(settings), clock=clock)
        add_pages(app, parts)
        async with guest(app, parts) if guest else contextlib.nullcontext():
            await _serve_until(app, parts, stop)


async def _serve_until(app: Any, parts: Running, stop: asyncio.Event) -> None:
    """Listen on the port; when told to stop, first drain, then close the port."""
    server = parts.settings.server
    config = uvicorn.Config(
        app,
        host=server.host,
        port=server.port,
        log_config=None,
        access_log=False,
        ws_max_size=FRAME_BYTES,
        ws_ping_interval=20,
        ws_ping_timeout=20,
        timeout_graceful_shutdown=5,
    )
    uvicorn_server = Server(config)
    serving = asyncio.create_task(_listen(uvicorn_server, f"{server.host}:{server.port}"))
    stopping = asyncio.create_task(stop.wait())
    await asyncio.wait({serving, stopping}, return_when=asyncio.FIRST_COMPLETED)
    if serving.done():
        stopping.cancel()
        await serving
        return
    logger.info("stopping: no new intake, finishing what is in hand")
    await parts.gateway.close(server.stop_seconds)
    await parts.courier.close(server.stop_seconds)
    uvicorn_server.should_exit = True
    await serving


async def _listen(server: Server, place: str) -> None:
    """Serve until told to stop. Without its port uvicorn would leave the program on the spot, nothing closed."""
    try:
        await server.serve()
    except SystemExit:
        raise StartFault(f"the port {place} could not be served; is another program using it?") from None
