"""A callback address: verification (GET) and delivery (POST), documents 90930 and 101039.

Every failure is one log line without contents and one status: 403 for whoever cannot sign, 400 for what cannot be read,
413 for what is too big, 500 if the host could not keep it (the service then delivers again, three times in all).
"""

from __future__ import annotations

import json
import time
from collections.abc import Awaitable, Callable

from nonebot.drivers import Request, Response

from .crypto import BizCrypt, sealed_json
from .exception import CallbackRefused
from .limits import CALLBACK_BODY
from .log import log
from .tap import Reply

Receive = Callable[[str], Awaitable[Reply | None]]
"""Takes a callback's plain text; the plain body of the answer, or None for an empty one. Raises CallbackRefused."""

PLAIN = {"Content-Type": "text/plain; charset=utf-8"}
JSON = {"Content-Type": "application/json; charset=utf-8"}


class Door:
    """One callback address. `fresh_seconds` bounds how old a signature may be; 0 lets any age pass."""

    def __init__(
        self,
        crypt: BizCrypt,
        envelope: Callable[[bytes], str],
        receive: Receive,
        fresh_seconds: float,
        now: Callable[[], float] = time.time,
    ) -> None:
        self._crypt = crypt
        self._envelope = envelope
        self._receive = receive
        self._fresh = fresh_seconds
        self._now = now

    async def verify(self, request: Request) -> Response:
        """GET: show that the key is known, by the plain text of `echostr` and nothing else."""
        try:
            # A + that somebody forgot to encode arrives as a blank, which base64 does not have.
            plain = self._open(request, _asked(request, "echostr").replace(" ", "+"))
        except CallbackRefused as refused:
            return _refusal(refused)
        log("INFO", "a callback address was verified")
        return Response(200, headers=PLAIN, content=plain.encode())

    async def deliver(self, request: Request) -> Response:
        """POST: a message or event."""
        try:
            text = self._open(request, self._envelope(_body(request)))
            reply = await self._receive(text)
        except CallbackRefused as refused:
            return _refusal(refused)
        except Exception as error:  # boundary: whatever kept the host from storing it, the service delivers again
            log("ERROR", f"a callback was not taken in: {type(error).__name__}")
            return Response(500, headers=PLAIN, content=b"")
        if reply is None:
            return Response(200, headers=PLAIN, content=b"")
        return self._answer(reply, _asked(request, "nonce"))

    def _open(self, request: Request, encrypt: str) -> str:
        timestamp, nonce = _asked(request, "timestamp"), _asked(request, "nonce")
        opened = self._crypt.open(_asked(request, "msg_signature"), timestamp, nonce, encrypt)
        self._check_age(timestamp)
        return opened

    def _check_age(self, timestamp: str) -> None:
        if not self._fresh:
            return
        if not (timestamp.isascii() and timestamp.isdigit()) or len(timestamp) > 12:
            raise CallbackRefused("no timestamp")
        away = abs(self._now() - int(timestamp))
        if away > self._fresh:
            raise CallbackRefused(
                f"signed {away:.0f} s away from this machine's clock; a replay, or the clock is wrong"
            )

    def _answer(self, reply: Reply, nonce: str) -> Response:
        sealed = self._crypt.seal(json.dumps(reply, ensure_ascii=False), int(self._now()), nonce)
        return Response(200, headers=JSON, content=json.dumps(sealed_json(sealed)).encode())


def _asked(request: Request, name: str) -> str:
    """A query parameter; NoneBot has decoded it once already."""
    value = request.url.query.get(name)
    if not value:
        raise CallbackRefused(f"no {name}", 400 if name == "echostr" else 403)
    return value


def _body(request: Request) -> bytes:
    content = request.content or b""
    body = content.encode("utf-8", "replace") if isinstance(content, str) else content
    if len(body) > CALLBACK_BODY:
        raise CallbackRefused("too big", 413)
    return body


def _refusal(refused: CallbackRefused) -> Response:
    log("WARNING", f"a callback was refused: {refused.reason}")
    return Response(refused.status, headers=PLAIN, content=b"")
