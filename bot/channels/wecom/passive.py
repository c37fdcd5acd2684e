"""The answer an AI bot's callback gives in its own HTTP response, and streams that go on after it (document 101031)."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from .limits import STREAM_SECONDS


class Passive:
    """One HTTP response that still waits for its body."""

    def __init__(self) -> None:
        self._body: asyncio.Future[Mapping[str, Any] | None] = asyncio.get_running_loop().create_future()

    @property
    def open(self) -> bool:
        """Whether an answer can still go out this way."""
        return not self._body.done()

    def answer(self, body: Mapping[str, Any] | None) -> bool:
        """Give the body; None closes the way without one. False if somebody was first."""
        if self._body.done():
            return False
        self._body.set_result(body)
        return True

    async def wait(self, seconds: float) -> Mapping[str, Any] | None:
        """The body, or None if none came in time. Afterwards the way is closed."""
        await asyncio.wait({self._body}, timeout=seconds)
        self.answer(None)
        return self._body.result()


@dataclass(slots=True)
class _Stream:
    content: str
    finished: bool
    until: float


class Streams:
    """The texts of open streams, for the service that polls them. An unknown or old one is not answered."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._streams: dict[str, _Stream] = {}

    def put(self, stream_id: str, content: str, finished: bool) -> bool:
        """Set the whole text of a stream. False if it is finished already or older than six minutes."""
        self._forget()
        stream = self._streams.setdefault(stream_id, _Stream("", False, self._now() + STREAM_SECONDS))
        if stream.finished:
            return False
        stream.content, stream.finished = content, finished
        return True

    def body(self, stream_id: str) -> dict[str, Any] | None:
        """The plain body of the answer to a poll; None if the stream is unknown."""
        self._forget()
        stream = self._streams.get(stream_id)
        return None if stream is None else stream_body(stream_id, stream.content, stream.finished)

    def _forget(self) -> None:
        for stream_id in [known for known, stream in self._streams.items() if stream.until <= self._now()]:
            del self._streams[stream_id]


def stream_body(
    stream_id: str, content: str, finished: bool, images: list[dict[str, str]] | None = None
) -> dict[str, Any]:
    """A stream frame; `images` (base64 and md5) only with the last one, and only in URL mode."""
    stream: dict[str, Any] = {"id": stream_id, "finish": finished, "content": content}
    if images:
        stream["msg_item"] = [{"msgtype": "image", "image": image} for image in images]
    return {"msgtype": "stream", "stream": stream}
