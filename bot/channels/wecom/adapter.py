"""The adapter NoneBot registers: routes, long connections, and what comes in on its way to a tap and to NoneBot."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import urlsplit

from nonebot import get_plugin_config
from nonebot.adapters import Adapter as BaseAdapter
from nonebot.adapters import Bot as BaseBot
from nonebot.drivers import (
    URL,
    ASGIMixin,
    Driver,
    HTTPClientMixin,
    HTTPServerSetup,
    Request,
    Timeout,
    WebSocket,
    WebSocketClientMixin,
)
from typing_extensions import override

from .aibot import AIBot
from .app import AppBot
from .bot import Bot
from .callback import Door
from .client import Client
from .config import AIBotInfo, AppInfo, Config, WebhookInfo
from .convert import to_event
from .crypto import BizCrypt
from .event import Event
from .log import hush_libraries, log
from .media import Downloader
from .parse import (
    aibot_key,
    app_key,
    child,
    event_type,
    is_stream_poll,
    json_envelope,
    json_payload,
    text_of,
    xml_envelope,
    xml_payload,
)
from .passive import Passive
from .seen import Seen
from .tap import RawCallback, Reply, Tap, Transport, hear
from .token import MemoryTokenStore, TokenStore
from .webhook import WebhookBot
from .wire import Wire
from .ws import LongConnection, Pace, State

FINISH_SECONDS = 5.0


class Adapter(BaseAdapter):
    """WeChat Work (企业微信).

    `tap` hears every decrypted callback before it is answered; with `build_events=False` nothing else happens with it.
    `token_store` shares access tokens between processes. `config` replaces what NoneBot's own configuration says, which
    NoneBot logs at DEBUG.
    """

    def __init__(
        self,
        driver: Driver,
        *,
        config: Config | None = None,
        tap: Tap | None = None,
        build_events: bool = True,
        token_store: TokenStore | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(driver, **kwargs)
        self.wecom_config = config or get_plugin_config(Config)
        self.tap = tap
        self.build_events = build_events
        self.known: dict[str, Bot] = {}
        self._store = token_store or MemoryTokenStore()
        self._seen = Seen()
        self._tasks: set[asyncio.Task[None]] = set()
        self._lines: dict[str, asyncio.Task[None]] = {}
        self._started = False
        hush_libraries()
        self._setup()

    @classmethod
    @override
    def get_name(cls) -> str:
        return "WeCom"

    def _setup(self) -> None:
        """Open the routes before anything is called: the service verifies an address before it gives a token."""
        if not isinstance(self.driver, HTTPClientMixin):
            raise RuntimeError("WeCom needs an HTTP client: DRIVER=~fastapi+~aiohttp or ~fastapi+~httpx+~websockets")
        self._wire = Wire(self.driver, self.wecom_config.wecom_proxy)
        self._client = Client(self._wire, self.wecom_config.wecom_api_base)
        own_host = urlsplit(self.wecom_config.wecom_api_base).hostname or ""
        self._downloader = Downloader(self._wire, [*self.wecom_config.wecom_media_hosts, own_host])
        for info in self.wecom_config.wecom_bots:
            if isinstance(info, AppInfo):
                self._add_app(info)
            elif isinstance(info, AIBotInfo):
                self._add_aibot(info)
            else:
                self.attach_webhook(info)
        self.on_ready(self.startup)
        self.driver.on_shutdown(self.shutdown)

    def _add_app(self, info: AppInfo) -> None:
        info.keep_secrets()
        holder = self._client.holder(self._store, info.corp_id, info.agent_id, info.secret.get_secret_value())
        bot = AppBot(self, info, self._client, holder)
        self.known[info.self_id] = bot
        crypt = info.crypt()
        if crypt is not None:
            self._open_door(info.callback_path, crypt, xml_envelope, lambda text: self._from_app(bot, text))

    def _add_aibot(self, info: AIBotInfo) -> None:
        info.keep_secrets()
        bot = AIBot(self, info, self._client, self._downloader)
        self.known[info.self_id] = bot
        crypt = info.crypt()
        if crypt is not None:
            self._open_door(info.callback_path, crypt, json_envelope, lambda text: self._from_url(bot, text))
        elif not isinstance(self.driver, WebSocketClientMixin):
            raise RuntimeError("an AI bot's long connection needs a WebSocket client: add ~aiohttp or ~websockets")
        else:
            bot.connection = self._connection(bot)

    def attach_webhook(self, info: WebhookInfo) -> WebhookBot:
        """Add a group's webhook, also while running; one of the same alias is replaced."""
        self.detach_webhook(info.alias)
        info.keep_secrets()
        bot = WebhookBot(self, info, self._client)
        self.known[info.self_id] = bot
        if self._started:
            self.bot_connect(bot)
        return bot

    def detach_webhook(self, alias: str) -> None:
        """Forget a webhook."""
        bot = self.known.pop(f"hook-{alias}", None)
        if bot is not None and bot.self_id in self.bots:
            self.bot_disconnect(bot)

    def _open_door(
        self,
        path: str,
        crypt: BizCrypt,
        envelope: Callable[[bytes], str],
        receive: Callable[[str], Awaitable[Reply | None]],
    ) -> None:
        if not isinstance(self.driver, ASGIMixin):
            raise RuntimeError("a callback address needs a server: add ~fastapi to DRIVER")
        door = Door(crypt, envelope, receive, self.wecom_config.wecom_fresh_seconds)
        for method, handler in (("GET", door.verify), ("POST", door.deliver)):
            self.setup_http_server(HTTPServerSetup(URL(path), method, f"wecom {method}", handler))

    async def startup(self) -> None:
        """Apps and webhooks are there at once, a long connection when it stands."""
        self._started = True
        for bot in self.known.values():
            if isinstance(bot, AIBot) and bot.connection is not None:
                self.connect(bot.self_id)
            else:
                self.bot_connect(bot)

    async def shutdown(self) -> None:
        """Stop hearing, finish what was heard, close."""
        self._started = False
        for line in self._lines.values():
            line.cancel()
        await asyncio.gather(*self._lines.values(), return_exceptions=True)
        lines = [bot.connection for bot in self.known.values() if isinstance(bot, AIBot) and bot.connection]
        await asyncio.gather(*(line.close() for line in lines))
        await self._finish(set(self._tasks))
        await self._wire.close()

    async def _finish(self, tasks: set[asyncio.Task[None]]) -> None:
        if tasks:
            _, late = await asyncio.wait(tasks, timeout=FINISH_SECONDS)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    def connect(self, self_id: str) -> None:
        """Build up an AI bot's long connection; also how an operator takes it back after another instance took over."""
        bot = self.known.get(self_id)
        running = self._lines.get(self_id)
        if isinstance(bot, AIBot) and bot.connection is not None and (running is None or running.done()):
            self._lines[self_id] = asyncio.create_task(bot.connection.run())

    def _connection(self, bot: AIBot) -> LongConnection:
        config = self.wecom_config
        return LongConnection(
            bot.info.bot_id,
            bot.info.secret.get_secret_value(),
            self._dial,
            lambda frame: self._from_line(bot, frame),
            lambda state: self._line_changed(bot, state),
            Pace(config.wecom_ping_seconds, config.wecom_ack_seconds),
        )

    @asynccontextmanager
    async def _dial(self) -> AsyncGenerator[WebSocket, None]:
        """Without a read timeout: aiohttp's 30 s are exactly the time between two pings."""
        timeout = Timeout(total=None, connect=10, read=None, close=5)
        config = self.wecom_config
        async with self.websocket(
            Request("GET", config.wecom_ws_url, timeout=timeout, proxy=config.wecom_proxy)
        ) as socket:
            _stop_protocol_pings(socket)
            yield socket

    def _line_changed(self, bot: AIBot, state: State) -> None:
        if state is State.UP and bot.self_id not in self.bots:
            self.bot_connect(bot)
        elif state is not State.UP and bot.self_id in self.bots:
            self.bot_disconnect(bot)

    async def _from_app(self, bot: AppBot, text: str) -> None:
        """An app's callback; it is always answered empty, what is to be said is sent actively."""
        payload = xml_payload(text)
        callback = RawCallback("app", bot.self_id, "callback", app_key(payload), payload)
        await self._tapped(callback)
        if self.build_events:
            self._dispatch(bot, to_event(callback))

    async def _from_url(self, bot: AIBot, text: str) -> Reply | None:
        """An AI bot's URL callback: the answer is what the tap says, else what a plugin says in time."""
        payload = json_payload(text)
        if is_stream_poll(payload):
            return bot.streams.body(text_of(child(payload, "stream"), "id"))
        callback = _heard(bot, payload, "callback")
        reply = await self._tapped(callback)
        if reply is not None or not self.build_events:
            return reply
        event = to_event(callback, bot.info.name)
        event.passive = passive = Passive()
        task = self._dispatch(bot, event)
        if task is None:
            return None
        task.add_done_callback(lambda _: passive.answer(None))
        return await passive.wait(self.wecom_config.wecom_passive_seconds)

    async def _from_line(self, bot: AIBot, frame: dict[str, Any]) -> None:
        """A frame of an AI bot's long connection; it is not delivered twice, whatever happens here."""
        payload = child(frame, "body")
        req_id = text_of(child(frame, "headers"), "req_id")
        callback = _heard(bot, payload, "websocket", req_id)
        reply = await self._tapped(callback)
        if reply is not None:
            self._in_background(bot.reply_raw(event_type(payload), req_id, reply))
        if self.build_events:
            self._dispatch(bot, to_event(callback, bot.info.name))

    async def _tapped(self, callback: RawCallback) -> Reply | None:
        return None if self.tap is None else await hear(self.tap, callback)

    def _dispatch(self, bot: Bot, event: Event) -> asyncio.Task[None] | None:
        """Give an event to NoneBot, once however often it was delivered; None if it was given before."""
        if not self._seen.first((event.self_id, event.key)):
            return None
        return self._in_background(bot.handle_event(event))

    def _in_background(self, work: Awaitable[None]) -> asyncio.Task[None]:
        async def guarded() -> None:
            try:
                await work
            except Exception as error:  # boundary: nobody awaits it, and one event must not silence the next
                log("ERROR", f"work after a callback failed: {type(error).__name__}")

        task = asyncio.create_task(guarded())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    @override
    async def _call_api(self, bot: BaseBot, api: str, **data: Any) -> Any:
        assert isinstance(bot, Bot)
        return await bot.perform(api, data)


def _stop_protocol_pings(socket: WebSocket) -> None:
    """The websockets driver pings by itself and ends a connection when nobody answers within 40 s. Whether the service
    answers is not documented, and its own ping shows a dead line as well (document 101463)."""
    pinging = getattr(getattr(socket, "websocket", None), "keepalive_task", None)
    if isinstance(pinging, asyncio.Task):
        pinging.cancel()


def _heard(bot: AIBot, payload: dict[str, Any], transport: Transport, req_id: str = "") -> RawCallback:
    response_url = text_of(payload, "response_url")
    return RawCallback("aibot", bot.self_id, transport, aibot_key(payload), payload, req_id, response_url)
