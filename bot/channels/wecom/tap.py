"""What a host hears before any event is built, for hosts that store first and answer then."""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Transport = Literal["callback", "websocket"]

Reply = Mapping[str, Any]
"""The plain body of an AI bot's answer (document 101031); an app's callback is answered empty."""


@dataclass(frozen=True, slots=True)
class RawCallback:
    """One decrypted callback.

    `key` is the same for every delivery of the same message or event and unique per `self_id`. `payload` is the XML
    as a dictionary of strings for an app (documents 90239, 90240) and the JSON for an AI bot (100719, 101027).
    `req_id` is the long connection's, `response_url` the one-time address an AI bot may answer at.
    """

    identity: Literal["app", "aibot"]
    self_id: str
    transport: Transport
    key: str
    payload: dict[str, Any] = field(repr=False)
    req_id: str = ""
    response_url: str = field(default="", repr=False)


Tap = Callable[[RawCallback], Awaitable[Reply | None] | Reply | None]
"""Awaited before a callback is answered; if it raises, an HTTP callback is answered 500 and delivered again.

What it returns is the answer to an AI bot's callback, over either transport; None answers nothing.
"""


async def hear(tap: Tap, callback: RawCallback) -> Reply | None:
    """Call a tap, awaited or not."""
    result = tap(callback)
    if inspect.isawaitable(result):
        return await result
    return result
