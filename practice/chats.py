"""What everybody in each chat has seen, newest last, kept in memory for the page."""

from __future__ import annotations

import asyncio
from collections import defaultdict, deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from itertools import count
from typing import Any

KEPT = 500
"""Messages per chat; older ones are forgotten."""

WAITING = 1_000
"""A page that is this many messages behind has gone to sleep; it is dropped and loads anew."""


@dataclass(frozen=True, slots=True)
class Enclosed:
    """A file that came with a message: the key to fetch it by, its name, its size in bytes.

    What has a `width` and a `height` (pixels) is a picture and shows itself in the chat.
    """

    key: str
    name: str
    size: int
    width: int = 0
    height: int = 0


@dataclass(frozen=True, slots=True)
class Said:
    """One message. `chat` is `g:<group>` or `p:<account>`, `sender` an account (the bot's own for the bot).

    `quote` is the message id it answers, 0 for none.
    """

    seq: int
    message_id: int
    chat: str
    sender: int
    text: str
    at_ms: int
    quote: int = 0
    file: Enclosed | None = None


class Chats:
    """The log of every chat, and the pages that follow it."""

    def __init__(self, first_id: int) -> None:
        self._logs: dict[str, deque[Said]] = defaultdict(lambda: deque(maxlen=KEPT))
        self._seq = count(1)
        self._ids = count(first_id)
        self._followers: set[asyncio.Queue[dict[str, Any] | None]] = set()

    def add(
        self, chat: str, sender: int, text: str, at_ms: int, *, quote: int = 0, file: Enclosed | None = None
    ) -> Said:
        """Write a message down and show it to every page."""
        said = Said(next(self._seq), next(self._ids), chat, sender, text, at_ms, quote, file)
        self._logs[chat].append(said)
        self.show({"type": "said", "message": asdict(said)})
        return said

    def all(self) -> list[dict[str, Any]]:
        """Everything that is kept, in the order it was said."""
        return [asdict(said) for said in sorted(self._everything(), key=lambda said: said.seq)]

    def _everything(self) -> Iterator[Said]:
        return (said for log in self._logs.values() for said in log)

    def of(self, chat: str) -> list[Said]:
        return list(self._logs[chat])

    def show(self, news: dict[str, Any]) -> None:
        """Send news to every page that is open."""
        for queue in list(self._followers):
            if queue.full():
                self._followers.discard(queue)
                queue.get_nowait()
                queue.put_nowait(None)
            else:
                queue.put_nowait(news)

    @contextmanager
    def followed(self) -> Iterator[asyncio.Queue[dict[str, Any] | None]]:
        """The news from now on; None tells a page that fell behind to load anew."""
        queue: asyncio.Queue[dict[str, Any] | None] = asyncio.Queue(WAITING)
        self._followers.add(queue)
        try:
            yield queue
        finally:
            self._followers.discard(queue)
