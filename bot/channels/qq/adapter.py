"""NoneBot's QQ adapter with the wire taken out: message payloads go to the channel before an event is built.

Changed are also what the platform's webhook needs (facts: the validation is a signing oracle, events can be replayed),
that a start without network is tried again, and that in WebSocket mode no route is opened at all.
"""

from __future__ import annotations

import asyncio
import binascii
import logging
from typing import NoReturn, Protocol

from nonebot.adapters.qq import Adapter, Bot
from nonebot.adapters.qq.config import BotInfo
from nonebot.adapters.qq.event import Event, ReadyEvent
from nonebot.adapters.qq.exception import NoLogException
from nonebot.adapters.qq.models import Dispatch, Payload, WebhookVerify
from nonebot.compat import type_validate_python
from nonebot.drivers import Driver, HTTPServerSetup, Request, Response, WebSocket

from bot.channels.qq.wire import read_dispatch
from bot.channels.signatures import is_fresh, may_sign
from domain.moment import Clock
from domain.speech import Incoming

logger = logging.getLogger("baosong.qq")

RETRY_SECONDS = (3, 10, 30, 60)


class Listener(Protocol):
    """Who hears what the wire brings."""

    def heard(self, incoming: Incoming) -> None:
        """A message. Never raises."""

    async def room(self) -> None:
        """Wait until there is room for more."""


class QuietReady(ReadyEvent):
    """The event that ends the handshake; NoneBot would write the session's id to the log."""

    def get_log_string(self) -> NoReturn:
        raise NoLogException


class TappedAdapter(Adapter):
    """The adapter NoneBot registers."""

    def __init__(self, driver: Driver, *, listener: Listener, webhook: bool, clock: Clock, **kwargs: object) -> None:
        self._listener = listener
        self._webhook = webhook
        self._clock = clock
        super().__init__(driver, **kwargs)

    def setup_http_server(self, setup: HTTPServerSetup) -> None:
        """The adapter opens its routes in either mode; we only in the one that needs them."""
        if self._webhook:
            super().setup_http_server(setup)

    async def startup(self) -> None:
        await super().startup()
        for info in self.qq_config.qq_bots if self._webhook else ():
            task = asyncio.create_task(self._introduce(info))
            self.tasks.add(task)
            task.add_done_callback(self.tasks.discard)

    async def run_bot_websocket(self, bot_info: BotInfo) -> None:
        """Connect, as soon as the platform can be reached at all."""
        await self._reached(Bot(self, bot_info.id, bot_info))
        await super().run_bot_websocket(bot_info)

    async def _introduce(self, info: BotInfo) -> None:
        """Webhook mode: the bot may speak before the first event comes in."""
        bot = Bot(self, info.id, info)
        await self._reached(bot)
        if info.id not in self.bots:
            self.bot_connect(bot)

    async def _reached(self, bot: Bot) -> None:
        """Return once the platform knows the bot by its secret."""
        attempt = 0
        while True:
            try:
                bot.self_info = await bot.me()
                return
            except Exception as error:  # boundary: network and platform fail in many ways; all mean "not yet"
                wait = RETRY_SECONDS[min(attempt, len(RETRY_SECONDS) - 1)]
                logger.warning("QQ cannot be reached (%s), next try in %d s", type(error).__name__, wait)
            attempt += 1
            await asyncio.sleep(wait)

    async def receive_payload(self, bot: Bot, ws: WebSocket) -> Payload:
        await self._listener.room()
        return await super().receive_payload(bot, ws)

    async def _handle_http(self, request: Request) -> Response:
        await self._listener.room()
        return await super()._handle_http(request)

    def _webhook_verify(self, bot: Bot, payload: WebhookVerify) -> Response:
        if not may_sign(payload.data.plain_token, payload.data.event_ts):
            logger.warning("a validation that looks like a forgery was not signed")
            return Response(403, content="Forbidden")
        return super()._webhook_verify(bot, payload)

    def _check_signature(self, bot: Bot, request: Request) -> Response | None:
        if not is_fresh(request.headers.get("X-Signature-Timestamp", ""), self._clock.now().timestamp()):
            logger.warning("an event with an old or missing time was refused")
            return Response(403, content="Forbidden")
        try:
            return super()._check_signature(bot, request)
        except binascii.Error:
            return Response(403, content="Forbidden")

    @staticmethod
    def payload_to_event(payload: Dispatch) -> Event:
        if payload.type == "READY" and isinstance(payload.data, dict):
            return type_validate_python(QuietReady, {"event_id": payload.id, **payload.data})
        return Adapter.payload_to_event(payload)

    def dispatch_event(self, bot: Bot, payload: Dispatch) -> None:
        """Hand messages over; the connection needs no other event (READY never comes this way)."""
        incoming = read_dispatch(payload.type, payload.data, bot.self_id)
        if incoming is not None:
            self._listener.heard(incoming)
        else:
            logger.debug("event %s needs nothing", payload.type[:60])
