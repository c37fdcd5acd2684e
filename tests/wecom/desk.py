"""The adapter on a NoneBot driver of the test's choice, in the test's own event loop."""

from __future__ import annotations

import json
import time
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import httpx
from nonebot.config import Config as NoneBotConfig
from nonebot.config import Env
from nonebot.drivers import combine_driver
from nonebot.drivers.aiohttp import Mixin as AiohttpMixin
from nonebot.drivers.fastapi import Driver as FastAPIDriver
from nonebot.drivers.httpx import Mixin as HttpxMixin
from nonebot.drivers.websockets import Mixin as WebsocketsMixin

from bot.channels.wecom import Adapter, AIBot, AIBotInfo, AppBot, AppInfo, Config, Event, WebhookBot, WebhookInfo
from bot.channels.wecom.crypto import BizCrypt
from tests.wecom.fake import AGENT, BOT_ID, BOT_SECRET, CORP, KEY, SECRET, FakeService

TOKEN = "QDG6eK"
AES_KEY = "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C"

APP = AppInfo.model_validate(
    {"corp_id": CORP, "agent_id": AGENT, "secret": SECRET, "token": TOKEN, "encoding_aes_key": AES_KEY}
)
LINE_BOT = AIBotInfo.model_validate({"bot_id": BOT_ID, "name": "信息 报送", "secret": BOT_SECRET})
URL_BOT = AIBotInfo.model_validate({"bot_id": BOT_ID, "name": "信息 报送", "token": TOKEN, "encoding_aes_key": AES_KEY})
HOOK = WebhookInfo.model_validate({"key": KEY, "alias": "office"})

DRIVERS: dict[str, type[Any]] = {
    "httpx and websockets": combine_driver(FastAPIDriver, HttpxMixin, WebsocketsMixin),
    "aiohttp": combine_driver(FastAPIDriver, AiohttpMixin),
}


@dataclass
class Desk:
    """A running adapter and the events NoneBot was given."""

    adapter: Adapter
    events: list[Event]
    web: httpx.AsyncClient

    @property
    def app(self) -> AppBot:
        bot = self.adapter.known[APP.self_id]
        assert isinstance(bot, AppBot)
        return bot

    @property
    def aibot(self) -> AIBot:
        bot = self.adapter.known[BOT_ID]
        assert isinstance(bot, AIBot)
        return bot

    @property
    def hook(self) -> WebhookBot:
        bot = self.adapter.known[HOOK.self_id]
        assert isinstance(bot, WebhookBot)
        return bot

    async def xml(self, text: str, *, age: float = 0.0, path: str = APP.callback_path) -> httpx.Response:
        """The service delivers an app's message."""
        sealed = BizCrypt(TOKEN, AES_KEY, CORP).seal(text, int(time.time() - age), "n1")
        body = (
            f"<xml><ToUserName><![CDATA[{CORP}]]></ToUserName><AgentID><![CDATA[{AGENT}]]></AgentID>"
            f"<Encrypt><![CDATA[{sealed.encrypt}]]></Encrypt></xml>"
        )
        asked = {"msg_signature": sealed.signature, "timestamp": str(sealed.timestamp), "nonce": "n1"}
        return await self.web.post(f"{path}?{urlencode(asked)}", content=body.encode())

    async def json(self, payload: Mapping[str, Any]) -> dict[str, Any] | None:
        """The service delivers an AI bot's message by URL; the plain answer."""
        crypt = BizCrypt(TOKEN, AES_KEY, "")
        sealed = crypt.seal(json.dumps(payload, ensure_ascii=False), int(time.time()), "n1")
        asked = {"msg_signature": sealed.signature, "timestamp": str(sealed.timestamp), "nonce": "n1"}
        path = f"{URL_BOT.callback_path}?{urlencode(asked)}"
        response = await self.web.post(path, json={"encrypt": sealed.encrypt})
        assert response.status_code == 200
        if not response.content:
            return None
        answer = response.json()
        assert answer["nonce"] == "n1"
        opened = crypt.open(answer["msgsignature"], str(answer["timestamp"]), "n1", answer["encrypt"])
        plain: dict[str, Any] = json.loads(opened)
        return plain


@asynccontextmanager
async def desk(
    service: FakeService,
    *infos: AppInfo | AIBotInfo | WebhookInfo,
    driver: str = "httpx and websockets",
    then: Callable[[Any, Event], Any] | None = None,
    settings: Mapping[str, Any] | None = None,
    **options: Any,
) -> AsyncGenerator[Desk, None]:
    """The adapter with these bots. `then` stands for the plugins: it is called with every event."""
    config = Config(
        wecom_api_base=service.base, wecom_ws_url=service.ws_url, wecom_bots=list(infos), **(settings or {})
    )
    framework = DRIVERS[driver](Env(), NoneBotConfig())
    adapter = Adapter(framework, config=config, **options)
    adapter._client._sleep = _at_once
    adapter._downloader._sleep = _at_once
    events: list[Event] = []
    for bot in adapter.known.values():
        bot.handle_event = _recorder(bot, events, then)  # type: ignore[method-assign]  # NoneBot's own dispatch is not under test
    await framework._lifespan.startup()
    web = httpx.AsyncClient(transport=httpx.ASGITransport(app=framework.asgi), base_url="http://desk")
    try:
        yield Desk(adapter, events, web)
    finally:
        await web.aclose()
        await framework._lifespan.shutdown()


async def _at_once(seconds: float) -> None:
    """Waits for nothing."""


def _recorder(bot: Any, events: list[Event], then: Callable[[Any, Event], Any] | None) -> Any:
    async def handle(event: Event) -> None:
        events.append(event)
        if then is not None:
            await then(bot, event)

    return handle
