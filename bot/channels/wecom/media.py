"""Files that come from the service (documents 90253, 100719): names, hosts, retries, decryption.

An AI bot's addresses live five minutes and answer 503 now and then, so a file is fetched at once and up to three times.
They come in a message, so only hosts on a list are called.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable, Collection, Mapping
from contextlib import aclosing
from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit

from .crypto import BLOCK, decrypt_media
from .exception import MediaError, NetworkError
from .limits import DOWNLOAD
from .wire import Wire

HOSTS = ("qq.com", "myqcloud.com", "qpic.cn", "wework.cn")
PAUSES = (0.5, 1.5)

_EXTENDED = re.compile(r"filename\*\s*=\s*([\w-]*)'[^']*'([^;]+)", re.IGNORECASE)
_PLAIN = re.compile(r'filename\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^;]+))', re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Media:
    """A file: its name, '' if nobody said it, and its bytes."""

    name: str
    data: bytes = field(repr=False)


def file_name(headers: Mapping[str, str]) -> str:
    """The name in Content-Disposition, `filename*` first, without any path; '' if there is none."""
    disposition = headers.get("Content-Disposition", "")
    extended = _EXTENDED.search(disposition)
    if extended:
        return _last_part(_unquoted(extended[2].strip().strip('"'), extended[1] or "utf-8"))
    plain = _PLAIN.search(disposition)
    return _last_part(_unquoted(_utf8(plain[1] or plain[2] or ""), "utf-8")) if plain else ""


def _unquoted(name: str, encoding: str) -> str:
    try:
        return unquote(name, encoding, "replace")
    except LookupError:
        return unquote(name)


def _utf8(name: str) -> str:
    """Headers are read as Latin-1 by some drivers although the service writes UTF-8."""
    try:
        return name.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return name


def _last_part(name: str) -> str:
    return re.sub(r"[\x00-\x1f\x7f]", "", re.split(r"[\\/]", name)[-1]).strip(' ."')


def is_allowed(url: str, hosts: Collection[str]) -> bool:
    """Whether a file may be fetched from there: http or https, on one of the hosts or below it."""
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").lower()
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and any(host == known or host.endswith(f".{known}") for known in hosts)


class Downloader:
    """Fetches and opens the files of an AI bot."""

    def __init__(
        self, wire: Wire, hosts: Collection[str], sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    ) -> None:
        self._wire = wire
        self._hosts = frozenset(host.lower() for host in hosts)
        self._sleep = sleep

    async def fetch(self, url: str, key: bytes, largest: int = DOWNLOAD) -> Media:
        """The file behind an address, decrypted. Raises MediaError; NetworkError if the third try fails too."""
        if not is_allowed(url, self._hosts):
            raise MediaError("the file's host is not on the list")
        for pause in (*PAUSES, None):
            try:
                sealed = await self._once(url, largest)
                return Media(sealed.name, decrypt_media(sealed.data, key))
            except NetworkError:
                if pause is None:
                    raise
                await self._sleep(pause)
        raise AssertionError("the last try returns or raises")

    async def _once(self, url: str, largest: int) -> Media:
        name, data = "", bytearray()
        async with aclosing(self._wire.stream(url)) as pieces:
            async for piece in pieces:
                if piece.status_code >= 500:
                    raise NetworkError(f"HTTP {piece.status_code}")
                if piece.status_code != 200:
                    raise MediaError(f"HTTP {piece.status_code}; the address lives five minutes")
                name = name or file_name(piece.headers)
                data += piece.content if isinstance(piece.content, bytes) else b""
                if len(data) > largest + BLOCK:
                    raise MediaError("the file is too big")
        if not data:
            # The drivers tell the status with the first piece, and a 503 has none; a sealed file is never empty.
            raise NetworkError("the answer is empty")
        return Media(name, bytes(data))
