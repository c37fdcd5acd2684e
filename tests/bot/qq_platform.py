"""Tencent's side of the official QQ bot: credentials, gateway, messages; as far as nonebot-adapter-qq asks for it.

What people see is in `heard`; what the platform answers next stands in `next_answers`.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import httpx
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from bot.settings import QQ
from tests.bot.harness import listening
from tests.peers.process import free_port

APP_ID, SECRET = "102000000", "DG5g3B4j9X2KOErG"


@dataclass(frozen=True)
class Posted:
    """A message of the bot: to a group's or a person's openid, as the platform received it."""

    to: str
    body: dict[str, Any]

    @property
    def text(self) -> str:
        return str(self.body["content"])

    @property
    def answers(self) -> str | None:
        return self.body.get("msg_id")


@dataclass
class Platform:
    """Running inside `platform()`."""

    port: int
    heard: list[Posted] = field(default_factory=list)
    next_answers: list[tuple[int, dict[str, Any]]] = field(default_factory=list)
    reachable: bool = True
    gateways: list[WebSocket] = field(default_factory=list)
    _sequence: int = 0

    def settings(self, *, websocket: bool) -> QQ:
        base = f"http://127.0.0.1:{self.port}"
        addresses = {"api_base": f"{base}/", "auth_base": f"{base}/token"}
        quick = {"pace": {"per_chat_ms": 0, "all_ms": 0}, "fetch_seconds": 2.0}
        account = {"app_id": APP_ID, "secret": SECRET, "websocket": websocket}
        return QQ.model_validate(account | addresses | quick)

    async def tell(self, kind: str, data: dict[str, Any]) -> None:
        """An event over the gateway."""
        self._sequence += 1
        frame = {"op": 0, "s": self._sequence, "t": kind, "id": f"{kind}:{self._sequence}", "d": data}
        for gateway in self.gateways:
            await gateway.send_text(json.dumps(frame))

    async def post_webhook(self, url: str, body: bytes, timestamp: str, **headers: str) -> httpx.Response:
        """An event over the webhook, signed as the platform signs it."""
        signed = {"X-Signature-Ed25519": sign(timestamp.encode() + body), "X-Signature-Timestamp": timestamp}
        return await post(url, body, {"X-Bot-Appid": APP_ID} | signed | headers)

    async def token(self, request: Request) -> Response:
        if not self.reachable or (await request.json())["clientSecret"] != SECRET:
            return JSONResponse({"code": 100016, "message": "invalid appid or secret"})
        return JSONResponse({"access_token": "at-1", "expires_in": "7200"})

    async def me(self, _: Request) -> Response:
        return JSONResponse({"id": "BOT1", "username": "报送助手", "avatar": ""})

    async def gateway_address(self, _: Request) -> Response:
        limit = {"total": 1000, "remaining": 999, "reset_after": 0, "max_concurrency": 1}
        return JSONResponse({"url": f"ws://127.0.0.1:{self.port}/gateway", "shards": 1, "session_start_limit": limit})

    async def gateway(self, socket: WebSocket) -> None:
        await socket.accept()
        await socket.send_text('{"op":10,"d":{"heartbeat_interval":30000}}')
        with contextlib.suppress(WebSocketDisconnect):
            while True:
                asked = json.loads(await socket.receive_text())
                if asked["op"] in (2, 6):
                    assert asked["d"]["token"] == "QQBot at-1"
                    user = {"id": "BOT1", "username": "报送助手"}
                    ready = {"version": 1, "session_id": "s1", "user": user, "shard": [0, 1]}
                    await socket.send_text(json.dumps({"op": 0, "s": 1, "t": "READY", "d": ready}))
                    self.gateways.append(socket)
                elif asked["op"] == 1:
                    await socket.send_text('{"op":11}')

    async def message(self, request: Request) -> Response:
        if self.next_answers:
            status, answer = self.next_answers.pop(0)
            return JSONResponse(answer, status)
        self.heard.append(Posted(request.path_params["to"], await request.json()))
        return JSONResponse({"id": f"sent-{len(self.heard)}", "timestamp": "2026-11-23T09:41:00+08:00"})

    async def file(self, request: Request) -> Response:
        return Response(f"{request.path_params['name']}的正文。\n第二行。".encode())


def sign(message: bytes) -> str:
    """Tencent's sign.md: the secret repeated to 32 bytes is the seed of the key."""
    seed = (SECRET * 3).encode()[:32]
    return Ed25519PrivateKey.from_private_bytes(seed).sign(message).hex()


async def post(url: str, body: bytes, headers: dict[str, str]) -> httpx.Response:
    async with httpx.AsyncClient(trust_env=False) as client:
        return await client.post(url, content=body, headers=headers)


@contextlib.asynccontextmanager
async def platform() -> AsyncIterator[Platform]:
    """The platform, listening inside the block."""
    played = Platform(free_port())
    app = Starlette(
        routes=[
            Route("/token", played.token, methods=["POST"]),
            Route("/users/@me", played.me),
            Route("/gateway/bot", played.gateway_address),
            WebSocketRoute("/gateway", played.gateway),
            Route("/v2/groups/{to}/messages", played.message, methods=["POST"]),
            Route("/v2/users/{to}/messages", played.message, methods=["POST"]),
            Route("/files/{name}", played.file),
        ]
    )
    async with listening(app, played.port):
        yield played
