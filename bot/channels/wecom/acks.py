"""Answers matched by request id (document 101463: they carry no command, only the id)."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager, contextmanager
from typing import Any
from weakref import WeakValueDictionary

from .exception import AckUnknown


class Acks:
    """Who waits for which answer. All replies to one callback share its id, so they take turns."""

    def __init__(self) -> None:
        self._waiting: dict[str, asyncio.Future[dict[str, Any]]] = {}
        self._turns: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    @asynccontextmanager
    async def turn(self, req_id: str) -> AsyncGenerator[None, None]:
        """One after another for the same id; '' waits for nobody."""
        if not req_id:
            yield
            return
        lock = self._turns.setdefault(req_id, asyncio.Lock())
        async with lock:
            yield

    @contextmanager
    def expect(self, req_id: str) -> Generator[asyncio.Future[dict[str, Any]], None, None]:
        """The answer to a frame about to be sent."""
        answer: asyncio.Future[dict[str, Any]] = asyncio.get_running_loop().create_future()
        self._waiting[req_id] = answer
        try:
            yield answer
        finally:
            del self._waiting[req_id]
            if answer.done() and not answer.cancelled():
                answer.exception()  # looked at, so that asyncio does not report it as forgotten

    def settle(self, req_id: str, frame: dict[str, Any]) -> None:
        """An answer came; one that is late, or a second one, is nobody's any more."""
        answer = self._waiting.get(req_id)
        if answer is not None and not answer.done():
            answer.set_result(frame)

    def break_off(self) -> None:
        """The connection is gone: whoever waits learns it at once."""
        for answer in self._waiting.values():
            if not answer.done():
                answer.set_exception(AckUnknown("the connection broke"))
