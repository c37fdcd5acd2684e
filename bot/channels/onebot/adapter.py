"""NoneBot's OneBot V11 adapter with the wire taken out: frames go to the channel before an event is built.

The connections stay the adapter's. Changed are: what reads them (`line.py`), the checks of token and signature (in
constant time, and before anything else), and that a new connection of the account replaces a half-open one at once.
With `pass_on` frames also become NoneBot events, for an office that runs another NoneBot plugin beside ours; NoneBot
would log what people say, so those events are made to keep quiet.
"""

from __future__ import annotations

import asyncio
import hmac
import logging
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from functools import cache
from typing import Any, NoReturn

from nonebot.adapters import Bot as AnyBot
from nonebot.adapters.onebot.utils import get_auth_bearer
from nonebot.adapters.onebot.v11 import Adapter, ApiNotAvailable, Bot
from nonebot.adapters.onebot.v11.event import Event
from nonebot.adapters.onebot.v11.exception import NoLogException
from nonebot.compat import type_validate_python
from nonebot.drivers import Driver, Request, Response, WebSocket

from bot.channels.onebot.line import Line, Listener
from bot.channels.onebot.wire import parse_frame
from bot.channels.signatures import onebot_signed

logger = logging.getLogger("baosong.onebot")

REFUSED = 1008


class TappedAdapter(Adapter):
    """The adapter NoneBot registers, with the `listener` who hears what the wire brings.

    `http_api` is the address of the endpoint's own HTTP API, for one that posts its events and has no WebSocket.
    """

    def __init__(
        self, driver: Driver, *, listener: Listener, pass_on: bool = False, http_api: str = "", **kwargs: Any
    ) -> None:
        self._listener = listener
        self._pass_on = pass_on
        self._http_api = http_api
        super().__init__(driver, **kwargs)

    def bot_connect(self, bot: AnyBot) -> None:
        super().bot_connect(bot)
        self._listener.opened(bot.self_id)

    def bot_disconnect(self, bot: AnyBot) -> None:
        super().bot_disconnect(bot)
        self._listener.closed(bot.self_id)

    async def _handle_ws(self, websocket: WebSocket) -> None:
        """Reverse mode: somebody wants to connect."""
        refusal = self._check_access_token(websocket.request)
        if refusal is not None:
            await websocket.close(REFUSED, str(refusal.content))
            return
        self_id = websocket.request.headers.get("x-self-id", "")
        if self._is_another(self_id):
            await websocket.close(REFUSED, "another account is connected")
            return
        await self._let_go_of_the_old(self_id)
        line = Line(websocket, self._listener, self_id, pass_on=self._pass_on)
        try:
            await super()._handle_ws(line)  # type: ignore[arg-type]  # a Line delegates whatever it does not change
        finally:
            line.break_off()

    @asynccontextmanager
    async def websocket(self, setup: Request) -> AsyncGenerator[WebSocket, None]:
        """Forward mode: we connect."""
        async with super().websocket(setup) as socket:
            line = Line(socket, self._listener, pass_on=self._pass_on)
            try:
                yield line  # type: ignore[misc]  # a Line delegates whatever it does not change
            finally:
                line.break_off()

    def _is_another(self, self_id: str) -> bool:
        """One account speaks for the office; a second one would hear every message of a group a second time."""
        if not any(other != self_id for other in self.bots):
            return False
        logger.warning("a second QQ account wants to connect; refused as long as the first is connected")
        return True

    async def _let_go_of_the_old(self, self_id: str) -> None:
        """NoneBot would refuse the successor of a half-open connection until its ping fails 40 s later."""
        old = self.connections.get(self_id)
        if not isinstance(old, Line):
            return
        logger.info("a newer connection takes the place of the old one")
        old.give_up()
        for _ in range(100):
            if self_id not in self.bots:
                return
            await asyncio.sleep(0.01)

    def _check_access_token(self, request: Request) -> Response | None:
        wanted = self.onebot_config.onebot_access_token
        given = get_auth_bearer(request.headers.get("authorization"))
        if not wanted or hmac.compare_digest(wanted.encode(), (given or "").encode()):
            return None
        logger.warning("a connection with %s token was refused", "a wrong" if given else "no")
        return Response(403, content="Unauthorized")

    def _check_signature(self, request: Request) -> Response | None:
        secret = self.onebot_config.onebot_secret
        body = request.content.encode() if isinstance(request.content, str) else request.content or b""
        if secret and onebot_signed(secret, body, request.headers.get("x-signature", "")):
            return None
        return Response(403, content="Unauthorized")

    async def _handle_http(self, request: Request) -> Response:
        """HTTP mode: the endpoint posts an event."""
        refusal = self._check_signature(request)
        if refusal is not None:
            return refusal
        self_id = request.headers.get("x-self-id", "")
        frame = parse_frame(request.content)
        if not self_id or frame is None or "post_type" not in frame or self._is_another(self_id):
            return Response(400, content="Bad Request")
        await self._listener.room()
        self._know(self_id)
        self._listener.heard(frame, self_id)
        bot = self.bots.get(self_id)
        if self._pass_on and isinstance(bot, Bot):
            self._hand_to_nonebot(bot, frame)
        return Response(204)

    def _know(self, self_id: str) -> None:
        """With an address to call, the account that posts counts as connected."""
        if self._http_api and self_id not in self.bots:
            # The configuration types addresses as URLs and is read as text.
            self.onebot_config.onebot_api_roots[self_id] = self._http_api  # type: ignore[assignment]
            self.bot_connect(Bot(self, self_id))

    def _hand_to_nonebot(self, bot: Bot, frame: dict[str, Any]) -> None:
        event = self.json_to_event(frame)
        if event is not None:
            task = asyncio.create_task(bot.handle_event(event))
            self.tasks.add(task)
            task.add_done_callback(self.tasks.discard)

    async def _call_api(self, bot: AnyBot, api: str, **data: Any) -> Any:
        line = self.connections.get(bot.self_id)
        if isinstance(line, Line):
            seconds = data.pop("_timeout", self.config.api_timeout)
            return await line.call(api, data, seconds)
        if not self._http_api:
            raise ApiNotAvailable
        return await super()._call_api(bot, api, **data)  # type: ignore[arg-type]  # the bots here are OneBot's

    @classmethod
    def json_to_event(cls, json_data: Any) -> Event | None:
        """The event of a frame for NoneBot; None if there is none. The frame itself is never logged."""
        if not isinstance(json_data, dict) or "post_type" not in json_data:
            return None
        try:
            models = list(cls.get_event_model(json_data))
        except (TypeError, ValueError, KeyError):
            return None
        for model in models:
            try:
                return type_validate_python(_quiet(model), json_data)
            except ValueError:
                continue
        return None


@cache
def _quiet(model: type[Event]) -> type[Event]:
    """The same event, whose text NoneBot does not write to the log."""

    def get_log_string(self: Event) -> NoReturn:
        raise NoLogException

    return type(model.__name__, (model,), {"get_log_string": get_log_string, "__module__": model.__module__})
