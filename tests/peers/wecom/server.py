"""One loopback port for HTTP and WebSocket, whose connections can be frozen or broken from outside."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import struct
from collections.abc import MutableMapping
from typing import Any
from weakref import WeakValueDictionary

import uvicorn
from starlette.types import ASGIApp
from uvicorn._types import ASGIReceiveEvent, ASGISendEvent
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from uvicorn.server import ServerState

Ports = tuple[int, int]
Scope = MutableMapping[str, Any]


def _reset(transport: asyncio.Transport) -> None:
    """Tear the connection down with a TCP reset, without a closing handshake."""
    plain: socket.socket | None = transport.get_extra_info("socket")
    if plain is not None:
        with contextlib.suppress(OSError):  # the caller closed it a moment ago
            plain.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    transport.abort()


class HttpLine(H11Protocol):
    """One HTTP connection."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as in H11Protocol
        super().connection_made(transport)
        _open[_ports_of(transport)] = self

    def reset(self) -> None:
        _reset(self.transport)


class SocketLine(WebSocketsSansIOProtocol):
    """One WebSocket connection. A frozen one neither reads nor writes, yet stays open: half-open.

    answers_pings: whether protocol pings are answered.
    """

    answers_pings = True

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        self._thawed = asyncio.Event()
        self._thawed.set()
        _open[_ports_of(self.transport)] = self

    @property
    def is_frozen(self) -> bool:
        return not self._thawed.is_set()

    def freeze(self) -> None:
        self._thawed.clear()
        self.transport.pause_reading()

    def thaw(self) -> None:
        self._thawed.set()
        if not self.transport.is_closing():
            self.transport.resume_reading()

    def reset(self) -> None:
        _reset(self.transport)
        self._thawed.set()

    def handle_ping(self) -> None:
        if self.answers_pings:
            super().handle_ping()
        else:
            self.conn.data_to_send()

    async def receive(self) -> ASGIReceiveEvent:
        message = await super().receive()
        if self.is_frozen and message["type"] == "websocket.receive":
            self.transport.pause_reading()
            await self._thawed.wait()
        return message

    async def send(self, message: ASGISendEvent) -> None:
        if not self.is_frozen:
            await super().send(message)


_open: WeakValueDictionary[Ports, HttpLine | SocketLine] = WeakValueDictionary()


def _ports_of(transport: asyncio.Transport) -> Ports:
    peer, own = transport.get_extra_info("peername"), transport.get_extra_info("sockname")
    return (peer[1], own[1])


def line_of(scope: Scope) -> HttpLine | SocketLine:
    """The connection a request came in on."""
    return _open[scope["client"][1], scope["server"][1]]


class Server:
    """Serves one ASGI application on a port of 127.0.0.1 (0: any free one)."""

    def __init__(self, app: ASGIApp, port: int) -> None:
        self._config = uvicorn.Config(
            app,
            http=HttpLine,
            ws=SocketLine,
            lifespan="off",
            log_config=None,
            access_log=False,
            ws_ping_interval=None,
            ws_per_message_deflate=False,
        )
        self._port = port
        self._state = ServerState()
        self._server: asyncio.Server | None = None

    async def open(self) -> int:
        """Listen; the port."""
        self._config.load()

        def protocol() -> asyncio.Protocol:
            return HttpLine(self._config, self._state, {})

        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(protocol, "127.0.0.1", self._port)
        return int(self._server.sockets[0].getsockname()[1])

    async def close(self) -> None:
        """Break every connection and wait until nobody serves any more."""
        if self._server is not None:
            self._server.close()
        for line in list(self._state.connections):
            if isinstance(line, HttpLine | SocketLine):
                line.reset()
        await asyncio.gather(*self._state.tasks, return_exceptions=True)
        if self._server is not None:
            await self._server.wait_closed()
