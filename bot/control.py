"""The running bot's back door for its operator: a Unix socket beside the database.

The bot owns its SQLite file, so a second process cannot import a roster into it; it hands its command line, with the
files it has read, to the bot and gets an exit code, a text and files back. One request per connection, one line of
JSON each way. Only the bot's own user can open the socket.
"""

from __future__ import annotations

import asyncio
import base64
import contextlib
import json
import logging
import os
import socket
from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bot.settings import Settings

logger = logging.getLogger("baosong.control")

LIMIT = 64 * 1024 * 1024
"""Bytes of a request; a larger one is refused unread."""

READ_SECONDS = 30.0
"""A peer that does not finish its request in this time is hung up on."""


class ControlFault(Exception):
    """A request or an answer that cannot be used; the message says why."""


@dataclass(frozen=True, slots=True)
class Request:
    """A command line with the files it names: path as written → name of each part → content."""

    argv: list[str]
    files: Mapping[str, Mapping[str, bytes]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Response:
    """An exit code, a text to print, and files to write: path as written → content."""

    code: int
    text: str
    files: Mapping[str, bytes] = field(default_factory=dict)


Answer = Callable[[Request], Awaitable[Response]]


def socket_path(settings: Settings) -> Path:
    """Beside the SQLite file; for a database server, beside the configuration."""
    url = settings.storage.url
    if url.startswith("sqlite:"):
        database = settings.path(url.removeprefix("sqlite:"))
        return database.with_name(database.name + ".sock")
    return settings.path("baosong.sock")


@contextlib.contextmanager
def _reachable(path: Path) -> Iterator[str]:
    """A name for the socket that the kernel takes (108 bytes), however deep its folder lies."""
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        yield f"/proc/self/fd/{folder}/{path.name}"
    finally:
        os.close(folder)


class Control:
    """The listening side, in the running bot."""

    def __init__(self, path: Path, answer: Answer) -> None:
        self.path, self._answer = path, answer
        self._server: asyncio.Server | None = None
        self._talks: set[asyncio.Task[None]] = set()

    async def start(self) -> None:
        """Listen. Whoever starts this owns the database, so a socket that lies there is a dead one."""
        listening = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            self.path.unlink(missing_ok=True)
            with _reachable(self.path) as name:
                listening.bind(name)
                # Nobody can connect before listen(), so there is no moment at which the socket is open to others.
                os.chmod(name, 0o600)
            self._server = await asyncio.start_unix_server(self._talk, sock=listening, limit=LIMIT)
        except OSError as error:
            listening.close()
            logger.warning("no control socket at %s (%s): baosong's commands need the bot stopped", self.path, error)

    async def close(self) -> None:
        """Stop listening and hang up on whoever is still talking."""
        if self._server is None:
            return
        self._server.close()
        for task in self._talks:
            task.cancel()
        await asyncio.gather(*self._talks, return_exceptions=True)
        self.path.unlink(missing_ok=True)

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._talks.add(task)
        try:
            response = await self._respond(reader)
            writer.write(_pack({"code": response.code, "text": response.text, "files": _armoured(response.files)}))
            await writer.drain()
        except OSError:
            logger.info("the operator hung up")
        finally:
            self._talks.discard(task)
            writer.close()

    async def _respond(self, reader: asyncio.StreamReader) -> Response:
        try:
            async with asyncio.timeout(READ_SECONDS):
                request = _unpack_request(await reader.readline())
        except TimeoutError:
            return Response(2, "baosong: the request did not come to its end")
        except ValueError:
            return Response(2, f"baosong: the request is larger than {LIMIT // 1024 // 1024} MB")
        except ControlFault as fault:
            return Response(2, f"baosong: {fault}")
        logger.info("operator: baosong %s", " ".join(request.argv[:2]))
        return await self._answer(request)


async def ask(path: Path, request: Request) -> Response | None:
    """Ask the running bot; None if none is running there. Raises ControlFault."""
    files = {written: _armoured(parts) for written, parts in request.files.items()}
    line = _pack({"argv": request.argv, "files": files})
    if len(line) > LIMIT:
        raise ControlFault(f"the files are too large for one request ({LIMIT // 1024 // 1024} MB)")
    try:
        with _reachable(path) as name:
            reader, writer = await asyncio.open_unix_connection(name)
    except (FileNotFoundError, ConnectionRefusedError, NotADirectoryError):
        return None
    except PermissionError:
        raise ControlFault(f"{path}: only the user that runs the bot may command it") from None
    try:
        writer.write(line)
        await writer.drain()
        return _unpack_response(await reader.read())
    except ConnectionError:
        raise ControlFault("the bot hung up; whether it carried out the command is in its log") from None
    finally:
        writer.close()


def _armoured(parts: Mapping[str, bytes]) -> dict[str, str]:
    return {name: base64.b64encode(content).decode("ascii") for name, content in parts.items()}


def _pack(message: dict[str, Any]) -> bytes:
    return json.dumps(message, ensure_ascii=False).encode() + b"\n"


def _unpack_request(line: bytes) -> Request:
    try:
        message = json.loads(line)
        argv, files = message["argv"], message["files"]
        if not isinstance(argv, list) or not all(isinstance(word, str) for word in argv):
            raise TypeError("argv")
        return Request(argv, {written: _bare(parts) for written, parts in files.items()})
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        raise ControlFault("the request is not understood") from None


def _unpack_response(line: bytes) -> Response:
    try:
        message = json.loads(line)
        return Response(int(message["code"]), str(message["text"]), _bare(message["files"]))
    except (ValueError, TypeError, KeyError):
        raise ControlFault("the bot gave no answer; whether it carried out the command is in its log") from None


def _bare(parts: dict[str, str]) -> dict[str, bytes]:
    return {name: base64.b64decode(content, validate=True) for name, content in parts.items()}
