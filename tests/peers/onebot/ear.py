"""What the endpoint was asked to do, and what people in each chat saw of it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

from .segments import Json, content_of

ChatKind = Literal["group", "private"]


@dataclass(frozen=True, slots=True)
class Heard:
    """One message of the bot as people see it.

    chat and target: where (a group's or a person's id). quote_of: the message it quotes, if that still
    exists. at: monotonic seconds.
    """

    chat: ChatKind
    target: int
    text: str
    segments: list[Json]
    quote_of: int | None
    message_id: int
    at: float = field(default_factory=time.monotonic)

    @property
    def mentions(self) -> list[str]:
        """The accounts mentioned, "all" among them."""
        return [str(segment["data"]["qq"]) for segment in self.segments if segment["type"] == "at"]

    @property
    def images(self) -> list[bytes]:
        return [content_of(part["data"]["file"]) for part in self.segments if part["type"] == "image"]

    @property
    def files(self) -> dict[str, bytes]:
        """Files uploaded by the bot, by name."""
        return {
            segment["data"]["name"]: content_of(segment["data"]["file"])
            for segment in self.segments
            if segment["type"] == "file"
        }


@dataclass(slots=True)
class Call:
    """One call of the bot.

    retcode: what was answered; None when no answer left the endpoint (a peer can be sure of what it wrote,
    not of what was read). message_id: the message people saw because of it.
    """

    action: str
    params: Json
    at: float = field(default_factory=time.monotonic)
    retcode: int | None = None
    message_id: int | None = None


Predicate = Callable[[Heard], bool]


class Ear:
    """The log of all that was heard, and those who wait for something to be heard."""

    def __init__(self) -> None:
        self.heard: list[Heard] = []
        self._waiting: list[tuple[Predicate, asyncio.Future[Heard]]] = []

    def hear(self, heard: Heard) -> None:
        self.heard.append(heard)
        for predicate, future in self._waiting:
            if not future.done() and predicate(heard):
                future.set_result(heard)

    async def wait_for(self, predicate: Predicate, seconds: float, since: int) -> Heard:
        """The first message from position `since` on that fits; AssertionError tells what came instead."""
        for heard in self.heard[since:]:
            if predicate(heard):
                return heard
        future: asyncio.Future[Heard] = asyncio.get_running_loop().create_future()
        self._waiting.append((predicate, future))
        try:
            return await asyncio.wait_for(future, seconds)
        except TimeoutError:
            raise AssertionError(f"not heard within {seconds} s; heard: {self._tail(since)}") from None
        finally:
            self._waiting.remove((predicate, future))

    def _tail(self, since: int) -> str:
        last = self.heard[since:][-20:]
        return "".join(f"\n  {one.chat} {one.target}: {one.text[:200]!r}" for one in last) or "nothing"
