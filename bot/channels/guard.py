"""The guard before every route: what may not come in over HTTP ends here, before NoneBot's adapters see it.

Both adapters leave a hole that was proved with forged events (facts: nonebot-and-qq §1.9). OneBot's POST routes exist
as soon as the adapter does and check no token; the QQ webhook signs whatever a validation asks for, with the key that
also verifies events. So:

* POST on /onebot/* does not exist unless HTTP mode is on, and then carries the HMAC of its body;
* /qq/* does not exist unless the webhook is on; a validation must look like one and goes on in canonical form, an event
  must carry a signature (the adapter verifies it) of the last five minutes. A replay within them ends at the inbox;
* nothing may send more than a megabyte.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass

import orjson
from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.channels.signatures import is_fresh, may_sign, onebot_signed
from bot.settings import Settings
from domain.moment import Clock

logger = logging.getLogger("baosong.guard")

LARGEST_BODY = 1024 * 1024
VALIDATION = 13


@dataclass(frozen=True, slots=True)
class Policy:
    """What is open. `onebot_secret` '' means that nothing may be posted."""

    onebot_secret: str = ""
    qq_webhook: bool = False

    @classmethod
    def of(cls, settings: Settings) -> Policy:
        onebot, qq = settings.onebot, settings.qq
        return cls(
            onebot_secret=onebot.http_secret.get_secret_value() if onebot is not None and onebot.http_post else "",
            qq_webhook=qq is not None and not qq.websocket,
        )


class _Refusal(Exception):
    def __init__(self, status: int, words: str) -> None:
        self.status, self.words = status, words


class Guard:
    """ASGI middleware. WebSockets pass: the adapter itself checks their token before it does anything."""

    def __init__(self, app: ASGIApp, policy: Policy, clock: Clock) -> None:
        self._app = app
        self._policy = policy
        self._clock = clock

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or _place(scope) == "practice":  # the practice page brings a guard of its own
            await self._app(scope, receive, send)
            return
        try:
            body = await self._admit(scope, receive)
        except _Refusal as refusal:
            response = PlainTextResponse(refusal.words, refusal.status)
            await response(scope, receive, send)
            return
        await self._app(scope, _replay(body, receive), send)

    async def _admit(self, scope: Scope, receive: Receive) -> bytes:
        """The body to go on with. Raises _Refusal."""
        place = _place(scope)
        posted = scope["method"] == "POST"
        if place == "onebot" and not (posted and self._policy.onebot_secret):
            raise _Refusal(404, "Not Found")
        if place == "qq" and not (posted and self._policy.qq_webhook):
            raise _Refusal(404, "Not Found")
        headers = Headers(scope=scope)
        body = await _body(headers, receive)
        if place == "onebot" and not onebot_signed(self._policy.onebot_secret, body, headers.get("x-signature", "")):
            logger.warning("a OneBot event without a valid signature was refused")
            raise _Refusal(403, "Forbidden")
        if place == "qq":
            return self._qq(headers, body)
        return body

    def _qq(self, headers: Headers, body: bytes) -> bytes:
        try:
            payload = orjson.loads(body)
        except orjson.JSONDecodeError:
            raise _Refusal(400, "Bad Request") from None
        if isinstance(payload, dict) and payload.get("op") == VALIDATION:
            return _validation(payload.get("d"))
        fresh = is_fresh(headers.get("x-signature-timestamp", ""), self._clock.now().timestamp())
        if not fresh or not headers.get("x-signature-ed25519"):
            logger.warning("a QQ event without a fresh signature was refused")
            raise _Refusal(403, "Forbidden")
        return body


def _place(scope: Scope) -> str:
    """The first part of the path."""
    return str(scope["path"]).strip("/").partition("/")[0]


def _validation(asked: object) -> bytes:
    """The validation again, with nothing in it but what was checked."""
    fields = asked if isinstance(asked, Mapping) else {}
    plain_token, event_ts = fields.get("plain_token"), fields.get("event_ts")
    if not may_sign(plain_token, event_ts):
        logger.warning("a QQ validation that looks like a forgery was refused")
        raise _Refusal(403, "Forbidden")
    return orjson.dumps({"op": VALIDATION, "d": {"plain_token": plain_token, "event_ts": event_ts}})


async def _body(headers: Headers, receive: Receive) -> bytes:
    """The whole body. Raises _Refusal as soon as it is, or says it is, too large."""
    announced = headers.get("content-length", "0")
    if not announced.isdecimal() or int(announced) > LARGEST_BODY:
        raise _Refusal(413, "Content Too Large")
    body = bytearray()
    more = True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise _Refusal(400, "Bad Request")
        body += message.get("body", b"")
        more = message.get("more_body", False)
        if len(body) > LARGEST_BODY:
            raise _Refusal(413, "Content Too Large")
    return bytes(body)


def _replay(body: bytes, receive: Receive) -> Receive:
    """What the application receives: the body in one piece, then whatever the connection says."""
    given = False

    async def again() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return again
