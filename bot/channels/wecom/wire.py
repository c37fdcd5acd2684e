"""HTTP over whatever driver NoneBot runs on, one open session for all calls.

Bodies are built here: the aiohttp driver's `json=` writes `\\uXXXX`, which the service refuses (40033). File names go
out raw, as both drivers write them, without the characters that would end the header.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from nonebot.drivers import HTTPClientMixin, HTTPClientSession, Request, Response, Timeout

from .exception import AckUnknown, NetworkError

if TYPE_CHECKING:
    from nonebot.internal.driver import FilesTypes

CONNECT_SECONDS = 5.0
READ_SECONDS = 15.0
PIECE = 64 * 1024
AT_ONCE = 16
"""Requests under way at a time: the service refuses too many (45033), and what is answered first is who asked us."""

# Failures before anything of a request has left, by the names httpx and aiohttp give them.
_UNSENT = frozenset(
    {
        "ConnectError",
        "ConnectTimeout",
        "PoolTimeout",
        "ClientConnectorError",
        "ConnectionTimeoutError",
        "UnsupportedProtocol",
    }
)


def json_bytes(body: Mapping[str, Any]) -> bytes:
    """JSON as raw UTF-8; halves of surrogate pairs become question marks."""
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")


def safe_name(name: str) -> str:
    """A file name that may stand in a multipart header."""
    cleaned = "".join("_" if char in '"\\/' or ord(char) < 0x20 or ord(char) == 0x7F else char for char in name)
    return cleaned.strip() or "file"


class Wire:
    """Requests over the driver; every failure is a NetworkError or AckUnknown that names no address."""

    def __init__(self, driver: HTTPClientMixin, proxy: str | None = None) -> None:
        self._driver = driver
        self._proxy = proxy
        self._session: HTTPClientSession | None = None
        self._opening = asyncio.Lock()
        self._turns = asyncio.Semaphore(AT_ONCE)

    async def _open(self) -> HTTPClientSession:
        async with self._opening:
            if self._session is None:
                timeout = Timeout(total=None, connect=CONNECT_SECONDS, read=READ_SECONDS)
                session = self._driver.get_session(timeout=timeout, proxy=self._proxy)
                await session.setup()
                self._session = session
            return self._session

    async def close(self) -> None:
        """Close the session; the next request opens another."""
        async with self._opening:
            if self._session is not None:
                session, self._session = self._session, None
                await session.close()

    async def get(self, url: str, params: Mapping[str, str]) -> Response:
        """GET; asking twice does no harm, so every failure is a NetworkError."""
        return await self._send(Request("GET", _address(url, params), timeout=_timeout()), harmless=True)

    async def post(self, url: str, params: Mapping[str, str], body: Mapping[str, Any]) -> Response:
        """POST a JSON body. Raises NetworkError if it was not sent, AckUnknown if it may have been."""
        headers = {"Content-Type": "application/json; charset=utf-8"}
        request = Request("POST", _address(url, params), headers=headers, content=json_bytes(body), timeout=_timeout())
        return await self._send(request, harmless=False)

    async def upload(self, url: str, params: Mapping[str, str], name: str, data: bytes) -> Response:
        """POST a file in the field `media`; a second upload does no harm."""
        files: FilesTypes = {"media": (safe_name(name), data, "application/octet-stream")}
        request = Request("POST", _address(url, params), files=files, timeout=_timeout())
        return await self._send(request, harmless=True)

    async def _send(self, request: Request, *, harmless: bool) -> Response:
        session = await self._open()
        failure: NetworkError
        try:
            async with self._turns:
                return await session.request(request)
        except Exception as error:  # boundary: each driver brings its own family of errors, with addresses in them
            name = type(error).__name__
            failure = NetworkError(name) if harmless or _is_unsent(error) else AckUnknown(name)
        # Raised out here, so that not even `__context__` leads to the address.
        raise failure

    async def stream(self, url: str) -> AsyncGenerator[Response, None]:
        """GET in pieces, for files. Raises NetworkError."""
        session = await self._open()
        reason = ""
        request = Request("GET", url, timeout=_timeout())
        try:
            async with aclosing(session.stream_request(request, chunk_size=PIECE)) as pieces:
                async for piece in pieces:
                    yield piece
        except Exception as error:  # boundary: as above
            reason = type(error).__name__
        if reason:
            raise NetworkError(reason)


def _address(url: str, params: Mapping[str, str]) -> str:
    return f"{url}?{urlencode(params)}" if params else url


def _timeout() -> Timeout:
    return Timeout(total=None, connect=CONNECT_SECONDS, read=READ_SECONDS)


def _is_unsent(error: Exception) -> bool:
    return any(kind.__name__ in _UNSENT for kind in type(error).__mro__)
