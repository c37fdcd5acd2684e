"""What stands before the page: only a browser on this machine, only our own page in it, nothing from elsewhere.

A page on the internet can make a browser call 127.0.0.1, and with DNS rebinding even under a name of its own. So the
`Host` must be a loopback name with our port, and whatever changes something must come from our own origin.
"""

from __future__ import annotations

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from starlette.websockets import WebSocketClose

SAFE_METHODS = ("GET", "HEAD")
NAMES = ("127.0.0.1", "localhost", "[::1]")

REFUSED = "练习页只能在本机用 http://127.0.0.1 打开。"


class Guard:
    """ASGI middleware around the practice page."""

    def __init__(self, app: ASGIApp, port: int) -> None:
        self._app = app
        self._hosts = frozenset(f"{name}:{port}" for name in NAMES)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = Headers(scope=scope)
        host = headers.get("host", "")
        if host not in self._hosts or (_changes(scope) and headers.get("origin") != f"http://{host}"):
            await _refuse(scope, receive, send)
            return

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(_headers(host))
            await send(message)

        await self._app(scope, receive, send_guarded)


def _changes(scope: Scope) -> bool:
    """A WebSocket shows everything that is said, so it is held to the same rule as a change."""
    return scope["type"] == "websocket" or scope.get("method") not in SAFE_METHODS


async def _refuse(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "websocket":
        await WebSocketClose(1008, REFUSED)(scope, receive, send)
    else:
        await PlainTextResponse(REFUSED, 403)(scope, receive, send)


def _headers(host: str) -> dict[str, str]:
    policy = (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
        f"connect-src 'self' ws://{host}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
    return {
        "content-security-policy": policy,
        "cache-control": "no-store",
        "cross-origin-opener-policy": "same-origin",
        "cross-origin-resource-policy": "same-origin",
        "referrer-policy": "no-referrer",
        "x-content-type-options": "nosniff",
    }
