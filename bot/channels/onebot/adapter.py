"""NoneBot's OneBot V11 adapter, with two things changed: frames go to the gateway before an event is built, and a new
connection of an account replaces a dead one.

Connection, token check, API calls and everything else stay the adapter's. With `pass_on` frames also become NoneBot
events, for an office that runs another NoneBot plugin beside ours.
"""

from __future__ import annotations

import asyncio
import hmac
from collections.abc import Awaitable, Callable
from typing import Any

from nonebot.adapters.onebot.utils import get_auth_bearer
from nonebot.adapters.onebot.v11 import Adapter
from nonebot.adapters.onebot.v11.event import Event
from nonebot.drivers import WebSocket

from bot.channels.onebot.wire import read_frame
from domain.speech import Incoming

REPLACED = 4000


class Tap:
    """Where the frames go; set once, before the adapter is registered."""

    accept: Callable[[Incoming], None]
    room: Callable[[], Awaitable[None]]
    pass_on: bool = False


class HeldSocket:
    """A connection that is read only while there is room for what it brings: the far end waits, not our memory."""

    def __init__(self, socket: WebSocket, room: Callable[[], Awaitable[None]]) -> None:
        self._socket = socket
        self._room = room

    def __getattr__(self, name: str) -> Any:
        return getattr(self._socket, name)

    async def receive(self) -> str | bytes:
        await self._room()
        return await self._socket.receive()


class TappedAdapter(Adapter):
    """The adapter NoneBot registers."""

    tap = Tap()

    async def _handle_ws(self, websocket: WebSocket) -> None:
        await self._replace_dead_connection(websocket)
        await super()._handle_ws(HeldSocket(websocket, self.tap.room))  # type: ignore[arg-type]  # delegates all else

    async def _replace_dead_connection(self, websocket: WebSocket) -> None:
        """A half-open connection would refuse its successor until the ping fails 40 s later; the successor that
        knows the token takes its place at once."""
        self_id = websocket.request.headers.get("x-self-id")
        old = self.connections.get(self_id or "")
        token = self.onebot_config.onebot_access_token
        given = get_auth_bearer(websocket.request.headers.get("authorization"))
        if old is None or (token and not hmac.compare_digest(token, given or "")):
            return
        await old.close(REPLACED, "replaced by a newer connection")
        for _ in range(100):
            if self_id not in self.bots:
                return
            await asyncio.sleep(0.01)

    @classmethod
    def json_to_event(cls, json_data: Any) -> Event | None:
        """Hand message frames to the gateway; NoneBot sees only what it needs to keep the connection."""
        if not isinstance(json_data, dict):
            return None
        if "post_type" not in json_data:
            _settle_call(cls, json_data)
            return None
        if json_data["post_type"] == "meta_event":
            return super().json_to_event(json_data)
        incoming = read_frame(json_data, str(json_data.get("self_id", "")))
        if incoming is not None:
            cls.tap.accept(incoming)
        return super().json_to_event(json_data) if cls.tap.pass_on else None


def _settle_call(adapter: type[Adapter], answer: dict[str, Any]) -> None:
    """An answer to one of our calls. An answer that comes twice must not break the connection."""
    try:
        adapter._result_store.add_result(answer)
    except asyncio.InvalidStateError:
        return
