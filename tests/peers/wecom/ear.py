"""What the service was asked to do, and what people saw, or should have seen, because of it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from .world import Chat, Json

Via = Literal["app", "aibot", "webhook"]
DropReason = Literal["pace", "quota", "duplicate"]


@dataclass(slots=True, eq=False)
class Heard:
    """One message of the bot in one chat.

    via, sender: which identity spoke: agent id, bot id or webhook key.
    chat:        where. `to` lists all who received the same message of an app, for chats of one.
    msgtype:     as the caller named it; body: what stood under that name.
    text:        what people read: cut text, markdown source, or the lines of a card.
    mentions:    userids that were really @-ed, "@all" among them.
    answers:     the id of the message the AI bot answered, "" for a push.
    message_id:  the service's msgid; the AI bot and webhooks have none the caller could know.
    finished:    False while a streamed answer is still being written; its text changes in place.
    """

    via: Via
    sender: str
    chat: Chat
    msgtype: str
    text: str
    body: Json
    message_id: str
    at: datetime
    mentions: tuple[str, ...] = ()
    answers: str = ""
    file_name: str = ""
    data: bytes = b""
    images: tuple[bytes, ...] = ()
    finished: bool = True
    recalled: bool = False


@dataclass(frozen=True, slots=True)
class Dropped:
    """A message the service took with errcode 0 and showed to nobody."""

    via: Via
    sender: str
    userid: str
    text: str
    reason: DropReason
    message_id: str


@dataclass(slots=True)
class Call:
    """One HTTP call or WebSocket command.

    errcode: what was answered; None when no answer left the service.
    """

    name: str
    caller: str
    query: Json
    body: Json
    errcode: int | None = None


Predicate = Callable[[Heard], bool]


@dataclass
class Ear:
    """The log of all that was heard, and those who wait for something to be heard."""

    heard: list[Heard] = field(default_factory=list)
    dropped: list[Dropped] = field(default_factory=list)
    _waiting: list[tuple[Predicate, asyncio.Future[Heard]]] = field(default_factory=list)

    def hear(self, heard: Heard) -> None:
        self.heard.append(heard)
        self.changed(heard)

    def changed(self, heard: Heard) -> None:
        """A message is new, or more of it was streamed."""
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
        return "".join(f"\n  {one.via} in {one.chat[1]}: {one.text[:200]!r}" for one in last) or "nothing"
