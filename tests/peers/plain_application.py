"""The bot's side of the wire in a few lines of plain websockets, to see what really travels."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from http import HTTPStatus
from typing import Any

from websockets.asyncio.client import ClientConnection, connect
from websockets.asyncio.server import ServerConnection, serve
from websockets.exceptions import ConnectionClosed
from websockets.http11 import Request, Response


class PlainApplication:
    """Collects the frames it gets; calls actions and waits for the answers."""

    def __init__(self) -> None:
        self.headers: list[dict[str, str]] = []
        self.events: list[dict[str, Any]] = []
        self.strays: list[dict[str, Any]] = []
        self.connections: list[ServerConnection | ClientConnection] = []
        self._answers: dict[str, asyncio.Future[dict[str, Any]]] = {}
        self._news = asyncio.Condition()

    async def listen(self, connection: ServerConnection | ClientConnection) -> None:
        self.connections.append(connection)
        try:
            async for raw in connection:
                await self._take(json.loads(raw))
        except ConnectionClosed:
            pass
        finally:
            self.connections.remove(connection)

    async def _take(self, frame: dict[str, Any]) -> None:
        async with self._news:
            if "post_type" in frame:
                self.events.append(frame)
            elif frame["echo"] in self._answers:
                self._answers[frame["echo"]].set_result(frame)
            else:
                self.strays.append(frame)
            self._news.notify_all()

    async def call(self, action: str, seconds: float = 2, /, **params: object) -> dict[str, Any]:
        """Call over the newest connection; TimeoutError when no answer comes."""
        echo = f"{action}-{len(self._answers)}"
        self._answers[echo] = asyncio.get_running_loop().create_future()
        await self.connections[-1].send(json.dumps({"action": action, "params": params, "echo": echo}))
        return await asyncio.wait_for(self._answers[echo], seconds)

    def said(self) -> list[str]:
        """The texts of all messages, in the order in which they arrived."""
        return [event["raw_message"] for event in self.events if event["post_type"] == "message"]

    async def until_said(self, count: int, seconds: float = 5) -> list[str]:
        """Wait until so many messages arrived."""
        async with self._news:
            await asyncio.wait_for(self._news.wait_for(lambda: len(self.said()) >= count), seconds)
        return self.said()

    async def until_events(self, count: int, seconds: float = 5) -> list[dict[str, Any]]:
        async with self._news:
            await asyncio.wait_for(self._news.wait_for(lambda: len(self.events) >= count), seconds)
        return self.events

    @asynccontextmanager
    async def serving(self, port: int, token: str = "") -> AsyncIterator[None]:
        """Let the endpoint connect (reverse); a wrong token meets HTTP 403."""

        def admit(connection: ServerConnection, request: Request) -> Response | None:
            self.headers.append({name.lower(): value for name, value in request.headers.raw_items()})
            if request.headers.get("Authorization") == f"Bearer {token}":
                return None
            return connection.respond(HTTPStatus.FORBIDDEN, "")

        async with serve(self.listen, "127.0.0.1", port, process_request=admit, close_timeout=0.2):
            yield

    @asynccontextmanager
    async def connected_to(self, port: int, token: str = "") -> AsyncIterator[None]:
        """Connect to the endpoint (forward)."""
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        async with connect(f"ws://127.0.0.1:{port}/", additional_headers=headers, proxy=None) as connection:
            listening = asyncio.create_task(self.listen(connection))
            yield
            await connection.close()
            await listening
