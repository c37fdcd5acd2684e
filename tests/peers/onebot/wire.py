"""The sockets between endpoint and bot: reverse (the endpoint connects) and forward (it listens)."""

from __future__ import annotations

import asyncio
import contextlib
import hmac
import socket
import struct
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Protocol
from urllib.parse import parse_qs, urlsplit

import orjson
from websockets.asyncio.client import ClientConnection, connect
from websockets.asyncio.server import Server, ServerConnection, serve
from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidStatus

from .segments import Json

MAX_FRAME = 50 * 2**20
CLOSE_SECONDS = 1.0


class PeerRefused(Exception):
    """The bot refused the connection; `status` is the HTTP status of its answer."""

    def __init__(self, status: int) -> None:
        super().__init__(f"the bot refused the connection with HTTP {status}")
        self.status = status


class Link:
    """One socket to the bot. A frozen link neither reads nor writes, yet stays open: half-open."""

    def __init__(self, connection: ClientConnection | ServerConnection) -> None:
        self._connection = connection
        self._thawed = asyncio.Event()
        self._thawed.set()

    async def send(self, frame: Json) -> bool:
        """Whether the frame left; a closed or frozen socket swallows it."""
        if not self._thawed.is_set():
            return False
        try:
            await self._connection.send(orjson.dumps(frame).decode())
        except ConnectionClosed:
            return False
        return True

    async def received(self) -> AsyncIterator[str | bytes]:
        """What the bot sends, until the socket closes."""
        with contextlib.suppress(ConnectionClosed):
            while True:
                raw = await self._connection.recv()
                await self._thawed.wait()
                yield raw

    def freeze(self) -> None:
        self._thawed.clear()
        self._connection.transport.pause_reading()

    def thaw(self) -> None:
        self._thawed.set()
        self._connection.transport.resume_reading()

    def reset(self) -> None:
        """Tear the connection down with a TCP reset, without a closing handshake."""
        plain: socket.socket = self._connection.transport.get_extra_info("socket")
        with contextlib.suppress(OSError):  # the bot closed it a moment ago
            plain.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self._connection.transport.abort()
        self._thawed.set()

    async def close(self) -> None:
        if not self._thawed.is_set():
            self.reset()
        await self._connection.close()


Serve = Callable[[Link], Awaitable[None]]
"""Speaks with the bot over one link until it closes."""


class Wire(Protocol):
    """How links come to be."""

    async def open(self, serve_link: Serve) -> None: ...
    async def close(self) -> None: ...
    async def connect_again(self) -> None: ...


class ReverseWire:
    """Connects to the bot as NapCat's WebSocket client does.

    reconnect_after: seconds until a lost or refused connection is tried again; None: never, and a refusal is
    raised. `refusals` lists the HTTP statuses met.
    """

    def __init__(self, url: str, self_id: int, token: str, reconnect_after: float | None) -> None:
        self.refusals: list[int] = []
        self._url = url
        self._headers = {
            "X-Self-ID": str(self_id),
            "X-Client-Role": "Universal",
            "Authorization": f"Bearer {token}",
        }
        self._reconnect_after = reconnect_after
        self._serve: Serve | None = None
        self._tasks: list[asyncio.Task[None]] = []
        self._current = 0

    @property
    def retries(self) -> bool:
        return self._reconnect_after is not None

    async def open(self, serve_link: Serve) -> None:
        self._serve = serve_link
        await self.connect_again()

    async def connect_again(self) -> None:
        """A further connection, which from now on is the one kept up. Raises PeerRefused or OSError."""
        self._current += 1
        link = await self._connect() if self._reconnect_after is None else None
        self._tasks.append(asyncio.create_task(self._keep(link, self._current)))

    async def close(self) -> None:
        """Hang up; a fault of the endpoint itself that ended a connection is raised here, not hidden."""
        for task in self._tasks:
            task.cancel()
        for outcome in await asyncio.gather(*self._tasks, return_exceptions=True):
            if isinstance(outcome, Exception):
                raise outcome

    async def _keep(self, link: Link | None, generation: int) -> None:
        assert self._serve is not None
        while True:
            if link is None:
                with contextlib.suppress(PeerRefused, OSError, InvalidHandshake):
                    link = await self._connect()
            if link is not None:
                try:
                    await self._serve(link)
                finally:
                    await link.close()
            if self._reconnect_after is None:
                return
            await asyncio.sleep(self._reconnect_after)
            if generation != self._current:
                return
            link = None

    async def _connect(self) -> Link:
        try:
            return Link(
                await connect(
                    self._url,
                    additional_headers=self._headers,
                    user_agent_header="OneBot/11",
                    compression=None,
                    ping_interval=None,  # NapCat never pings; it only answers
                    close_timeout=CLOSE_SECONDS,
                    max_size=MAX_FRAME,
                    proxy=None,
                )
            )
        except InvalidStatus as refusal:
            self.refusals.append(refusal.response.status_code)
            raise PeerRefused(refusal.response.status_code) from refusal


class ForwardWire:
    """Listens for the bot as NapCat's server does; a wrong token hears retcode 1403 and is closed out."""

    def __init__(self, port: int, token: str) -> None:
        self._port = port
        self._token = token
        self._server: Server | None = None

    async def open(self, serve_link: Serve) -> None:
        async def admit(connection: ServerConnection) -> None:
            link = Link(connection)
            if self._knows(connection):
                await serve_link(link)
            else:
                refusal = {"status": "failed", "retcode": 1403, "data": None, "message": "token验证失败"}
                await link.send(refusal | {"wording": "token验证失败", "echo": None})

        self._server = await serve(
            admit,
            "127.0.0.1",
            self._port,
            compression=None,
            ping_interval=None,
            close_timeout=CLOSE_SECONDS,
            max_size=MAX_FRAME,
        )

    async def connect_again(self) -> None:
        """In forward mode it is the bot that connects."""
        raise RuntimeError("in forward mode the bot connects, not the endpoint")

    async def close(self) -> None:
        if self._server is not None:
            self._server.close()
            await self._server.wait_closed()

    def _knows(self, connection: ServerConnection) -> bool:
        request = connection.request
        if request is None:
            return False
        in_header = request.headers.get("Authorization", "").removeprefix("Bearer ")
        in_query = parse_qs(urlsplit(request.path).query).get("access_token", [in_header])[0]
        return not self._token or hmac.compare_digest(in_query.encode(), self._token.encode())
