"""HTTP/1.1 by hand, so that the measuring side costs little: a connection that posts, and a server that says ok."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

_TOKEN = b'{"errcode":0,"errmsg":"ok","access_token":"bench-access-token-0123456789","expires_in":7200}'
_SENT = b'{"errcode":0,"errmsg":"ok","msgid":"m"}'


class Line:
    """One connection kept open."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer

    async def post(self, raw: bytes) -> int:
        """Send a whole request; the status of the answer, whose body is read and dropped."""
        self._writer.write(raw)
        head = await self._reader.readuntil(b"\r\n\r\n")
        await self._reader.readexactly(_length(head))
        return int(head.split(b" ", 2)[1])

    def close(self) -> None:
        """Hang up."""
        self._writer.close()


async def connect(port: int, limit_s: float) -> Line:
    """Knock until somebody listens; OSError after `limit_s`."""
    deadline = time.monotonic() + limit_s
    while True:
        try:
            return Line(*await asyncio.open_connection("127.0.0.1", port))
        except ConnectionRefusedError:
            if time.monotonic() > deadline:
                raise
            await asyncio.sleep(0.02)


class Api:
    """The service's API: a token for everybody, ok to every message."""

    def __init__(self) -> None:
        self.port = 0
        self._sent = 0
        self._news = asyncio.Event()

    @classmethod
    @asynccontextmanager
    async def open(cls) -> AsyncIterator[Api]:
        """Listen inside the block."""
        api = cls()
        server = await asyncio.start_server(api._serve, "127.0.0.1", 0)
        api.port = server.sockets[0].getsockname()[1]
        try:
            yield api
        finally:
            server.close()

    async def replies(self, count: int, limit_s: float) -> int:
        """Wait until so many messages were sent through the API; how many there are at the end."""
        try:
            async with asyncio.timeout(limit_s):
                while self._sent < count:
                    self._news.clear()
                    await self._news.wait()
        except TimeoutError:
            pass
        return self._sent

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                await reader.readexactly(_length(head))
                body = self._answer(head)
                start = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(body)
                writer.write(start + body)
        except (EOFError, OSError):
            writer.close()

    def _answer(self, head: bytes) -> bytes:
        if b"/gettoken" in head.split(b"\r\n", 1)[0]:
            return _TOKEN
        self._sent += 1
        self._news.set()
        return _SENT


def _length(head: bytes) -> int:
    for line in head.split(b"\r\n"):
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            return int(value)
    return 0
