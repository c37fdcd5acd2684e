"""Nobody but a browser on this machine, on our own page, gets anything out of the practice city."""

from __future__ import annotations

from collections.abc import AsyncIterator

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route, WebSocketRoute
from starlette.types import Message
from starlette.websockets import WebSocket

from practice.guard import Guard

HOST = "127.0.0.1:8080"
OURS = {"host": HOST, "origin": f"http://{HOST}"}


async def _hello(_: Request) -> PlainTextResponse:
    return PlainTextResponse("hello")


async def _socket(socket: WebSocket) -> None:
    await socket.accept()
    await socket.close()


ROUTES = [Route("/", _hello, methods=["GET", "POST"]), WebSocketRoute("/live", _socket)]
GUARDED = Guard(Starlette(routes=ROUTES), 8080)


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(GUARDED), base_url=f"http://{HOST}") as client:
        yield client


async def listen(headers: dict[str, str]) -> list[str]:
    """What a WebSocket that asks with these headers is told."""
    told: list[str] = []

    async def receive() -> Message:
        return {"type": "websocket.connect"}

    async def send(message: Message) -> None:
        told.append(message["type"])

    raw = [(name.encode(), value.encode()) for name, value in headers.items()]
    await GUARDED({"type": "websocket", "path": "/live", "headers": raw, "subprotocols": []}, receive, send)
    return told


@pytest.mark.parametrize("host", [HOST, "localhost:8080", "[::1]:8080"])
async def test_a_loopback_name_with_our_port_is_let_in(client: httpx.AsyncClient, host: str) -> None:
    assert (await client.get("/", headers={"host": host})).text == "hello"


@pytest.mark.parametrize(
    "host", ["evil.example:8080", "127.0.0.1", "127.0.0.1:9999", "127.0.0.1.evil.example:8080", "192.168.1.5:8080", ""]
)
async def test_any_other_name_is_refused_so_that_dns_cannot_be_rebound(client: httpx.AsyncClient, host: str) -> None:
    assert (await client.get("/", headers={"host": host})).status_code == 403


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "https://127.0.0.1:8080", "http://127.0.0.1:9999"])
async def test_another_page_may_change_nothing(client: httpx.AsyncClient, origin: str) -> None:
    assert (await client.post("/", headers={"host": HOST, "origin": origin})).status_code == 403


async def test_a_change_without_an_origin_is_refused(client: httpx.AsyncClient) -> None:
    assert (await client.post("/", headers={"host": HOST})).status_code == 403
    assert (await client.post("/", headers=OURS)).text == "hello"


async def test_another_page_may_not_listen_either() -> None:
    assert await listen(OURS) == ["websocket.accept", "websocket.close"]
    assert await listen(OURS | {"origin": "http://evil.example"}) == ["websocket.close"]
    assert await listen(OURS | {"host": "evil.example:8080"}) == ["websocket.close"]


async def test_the_page_may_load_nothing_from_elsewhere(client: httpx.AsyncClient) -> None:
    headers = (await client.get("/", headers={"host": HOST})).headers
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert "https:" not in policy
    assert headers["x-content-type-options"] == "nosniff"
