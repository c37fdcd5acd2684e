"""One connection to an endpoint: what NoneBot's adapter takes for the WebSocket.

Every frame is read here once. Answers settle the calls that wait for them, events go to the listener, and only what
NoneBot itself needs is passed on. A frame that is no JSON object costs a log line, not the connection.

The wire is read only while there is room for what it brings, so that the far end waits and not our memory. Answers to
our own calls travel on the same wire; nothing that makes room waits for an answer, so they are late at worst, and a
call does not count the time in which we did not listen.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import logging
import time
from collections.abc import Mapping
from typing import Any, Protocol

from nonebot.adapters.onebot.v11 import ActionFailed, ApiNotAvailable, NetworkError
from nonebot.drivers import WebSocket
from nonebot.exception import WebSocketClosed

from bot.channels.onebot.wire import parse_frame

logger = logging.getLogger("baosong.onebot")

REPLACED = 4000
CLOSE_SECONDS = 2.0
A_WHILE = 0.05

_numbers = itertools.count(1)


class Listener(Protocol):
    """Who hears what the lines bring."""

    def opened(self, self_id: str) -> None:
        """An account is connected."""

    def closed(self, self_id: str) -> None:
        """Its connection is gone."""

    def heard(self, frame: Mapping[str, Any], self_id: str) -> None:
        """An event of this account. Never raises."""

    async def room(self) -> None:
        """Wait until there is room for more."""


class Line:
    """A WebSocket, read on behalf of an account. In forward mode `self_id` is learnt from the first frame."""

    def __init__(self, socket: WebSocket, listener: Listener, self_id: str = "", *, pass_on: bool = False) -> None:
        self._socket = socket
        self._listener = listener
        self._self_id = self_id
        self._pass_on = pass_on
        self._greeted = bool(self_id)
        self._kept_back: str | bytes | None = None
        self._calls: dict[str, asyncio.Future[dict[str, Any]]] = {}
        self._broken = False
        self._given_up = False
        self._reader: asyncio.Task[Any] | None = None
        self._held = False
        self._holds = 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self._socket, name)

    async def receive(self) -> str | bytes:
        """The next frame NoneBot must see: connection and heartbeats, and messages if they are passed on."""
        try:
            while True:
                raw = await self._next()
                wanted = self._take(raw)
                if wanted is not None:
                    return wanted
        except BaseException:
            self.break_off()
            raise

    async def _next(self) -> str | bytes:
        if self._kept_back is not None:
            raw, self._kept_back = self._kept_back, None
            return raw
        if self._given_up:
            raise WebSocketClosed(REPLACED, "replaced")
        self._reader = asyncio.current_task()
        try:
            await self._room()
            return await self._socket.receive()
        except asyncio.CancelledError:
            if not self._given_up or self._reader is None:
                raise
            self._reader.uncancel()
            raise WebSocketClosed(REPLACED, "replaced") from None
        finally:
            self._reader = None

    async def _room(self) -> None:
        began, self._held = time.monotonic(), True
        await self._listener.room()
        self._held = False
        if time.monotonic() - began > A_WHILE:
            self._holds += 1

    def _take(self, raw: str | bytes) -> str | bytes | None:
        frame = parse_frame(raw)
        if frame is None:
            logger.warning("a frame that is no JSON object was left out")
            return None
        if "post_type" not in frame:
            self._settle(frame)
            return None
        if not self._greeted:
            return self._greet(frame, raw)
        self._listener.heard(frame, self._self_id)
        return raw if self._pass_on or frame["post_type"] == "meta_event" else None

    def _greet(self, frame: Mapping[str, Any], raw: str | bytes) -> str | bytes | None:
        """Forward mode: NoneBot knows the account from a `lifecycle.connect` frame alone, and not every build sends
        one (NapCat #1766); one is made up if another frame comes first."""
        if "self_id" not in frame:
            return None
        self._self_id = str(frame["self_id"])
        self._greeted = True
        if frame.get("meta_event_type") == "lifecycle" and frame.get("sub_type") == "connect":
            return self._take(raw)
        self._kept_back = raw
        greeting = {"time": 0, "self_id": frame["self_id"], "post_type": "meta_event"}
        return json.dumps(greeting | {"meta_event_type": "lifecycle", "sub_type": "connect"})

    def _settle(self, answer: dict[str, Any]) -> None:
        """An answer to one of our calls; one that comes twice, or too late, is nobody's any more."""
        waiting = self._calls.get(str(answer.get("echo")))
        if waiting is not None and not waiting.done():
            waiting.set_result(answer)

    async def call(self, action: str, params: dict[str, Any], seconds: float) -> Any:
        """Call the endpoint and return the answer's data.

        Raises ActionFailed (it said no), ApiNotAvailable (nothing was sent) or NetworkError (sent, and no answer in
        time or the connection broke: it may have been carried out).
        """
        if self._broken:
            raise ApiNotAvailable
        echo = f"baosong-{next(_numbers)}"
        answer: asyncio.Future[dict[str, Any]] = asyncio.get_running_loop().create_future()
        self._calls[echo] = answer
        try:
            async with asyncio.timeout(seconds):
                await self._socket.send(json.dumps({"action": action, "params": params, "echo": echo}))
            return _data_of(await self._answered(answer, seconds))
        except TimeoutError:
            raise NetworkError("not written in time") from None
        finally:
            del self._calls[echo]

    async def _answered(self, answer: asyncio.Future[dict[str, Any]], seconds: float) -> dict[str, Any]:
        while True:
            holds = self._holds if not self._held else -1
            await asyncio.wait({answer}, timeout=seconds)
            if answer.done():
                return answer.result()
            if not self._held and holds == self._holds:
                raise NetworkError("no answer in time")

    def break_off(self) -> None:
        """The connection is dead: whoever waits for an answer learns it at once."""
        self._broken = True
        for waiting in self._calls.values():
            if not waiting.done():
                waiting.set_exception(NetworkError("the connection broke"))

    def give_up(self) -> None:
        """Let go of a connection that may be half-open, in favour of a newer one."""
        self._given_up = True
        self.break_off()
        if self._reader is not None:
            self._reader.cancel()

    async def close(self, code: int = 1000, reason: str = "") -> None:
        """Close the socket; a half-open one is not waited for."""
        closing = asyncio.ensure_future(self._close(code, reason))
        if self._given_up:
            _closing.add(closing)
            closing.add_done_callback(_closing.discard)
        else:
            await closing

    async def _close(self, code: int, reason: str) -> None:
        try:
            async with asyncio.timeout(CLOSE_SECONDS):
                await self._socket.close(code, reason)
        except Exception as error:  # boundary: the driver's ways of failing on a dead socket are not ours to list
            logger.debug("closing a dead connection: %s", type(error).__name__)


_closing: set[asyncio.Future[None]] = set()


def _data_of(answer: dict[str, Any]) -> Any:
    if answer.get("status") == "failed" or answer.get("retcode", 0) not in (0, 1):
        told = {key: answer.get(key) for key in ("status", "retcode", "message", "wording")}
        raise ActionFailed(**told)  # type: ignore[no-untyped-call]  # the adapter does not annotate it
    return answer.get("data")
