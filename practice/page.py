"""The practice page: its files, what it asks for, and the socket over which it sees everything live.

Only mounted by `practice.start`, behind `practice.guard`.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import orjson
from starlette.requests import ClientDisconnect, Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import Mount, Route, Router, WebSocketRoute
from starlette.staticfiles import StaticFiles
from starlette.websockets import WebSocket, WebSocketDisconnect

from domain.errors import BadInput, BaosongError, NotFound
from practice.calls import Calls
from practice.chats import Chats
from practice.city import BOT_ACCOUNT, BOT_NAME
from practice.clock import LEAPS
from practice.endpoint import Endpoint
from practice.timeline import Timeline

STATIC = Path(__file__).parent / "static"

BODY_LIMIT = 64 * 1024
FILE_LIMIT = 40 * 1024 * 1024
"""More than the bot takes in, so that its own refusal can be seen."""


@dataclass(frozen=True, slots=True)
class Page:
    """What the routes work with."""

    chats: Chats
    calls: Calls
    endpoint: Endpoint
    timeline: Timeline

    def router(self) -> Router:
        """Every route of the page, to be mounted at the root."""
        return Router(
            [
                Route("/", _index),
                Route("/practice", _index),
                Route("/practice/state", self.state),
                Route("/practice/say", self.say, methods=["POST"]),
                Route("/practice/file", self.drop, methods=["POST"]),
                Route("/practice/clock", self.move_clock, methods=["POST"]),
                Route("/practice/files/{key}", self.fetch),
                WebSocketRoute("/practice/live", self.live),
                Mount("/practice/static", StaticFiles(directory=STATIC)),
            ]
        )

    async def state(self, _: Request) -> Response:
        return JSONResponse(self._state())

    def _state(self) -> dict[str, Any]:
        """The whole city as the page draws it."""
        world = self.calls.world
        return {
            "type": "state",
            "bot": {"account": BOT_ACCOUNT, "name": BOT_NAME},
            "people": [asdict(resident) for resident in world.residents.values()],
            "groups": [asdict(room) for room in world.rooms.values()],
            "messages": self.chats.all(),
            "now_ms": self.timeline.now_ms(),
            "up": self.endpoint.up.is_set(),
        }

    async def live(self, socket: WebSocket) -> None:
        """First the state, then every piece of news, until the page goes away or falls behind."""
        await socket.accept()
        with self.chats.followed() as news:
            await socket.send_text(_json(self._state()))
            sending = asyncio.create_task(_forward(socket, news))
            try:
                while True:
                    await socket.receive_text()
            except WebSocketDisconnect:
                pass  # the page was closed, or the bot stops
            finally:
                sending.cancel()

    async def say(self, request: Request) -> Response:
        async def act() -> None:
            asked = await _asked(request)
            await self.endpoint.say(_account(asked.get("person")), str(asked.get("chat")), str(asked.get("text", "")))

        return await _answered(act())

    async def drop(self, request: Request) -> Response:
        async def act() -> None:
            asked = request.query_params
            name = Path(asked.get("name", "")).name
            if not name:
                raise BadInput(reason="文件没有名字。")
            content = await _body(request, FILE_LIMIT)
            await self.endpoint.drop(_account(asked.get("person")), asked.get("chat", ""), name, content)

        return await _answered(act())

    async def move_clock(self, request: Request) -> Response:
        async def act() -> None:
            leap = (await _asked(request)).get("leap")
            if leap not in LEAPS:
                raise BadInput(reason="不认识这个时间。")
            await self.timeline.leap(leap)

        return await _answered(act())

    async def fetch(self, request: Request) -> Response:
        """A file somebody sent: for the bot, and for the page, which shows pictures and saves everything else."""
        file = self.calls.files.get(request.path_params["key"])
        if file is None:
            return JSONResponse({"error": "没有这个文件。"}, 404)
        disposition = f"attachment; filename*=utf-8''{quote(file.name, safe='')}"
        headers = {"content-disposition": disposition}
        return Response(file.content, headers=headers, media_type=file.media_type)


async def _index(_: Request) -> Response:
    return FileResponse(STATIC / "index.html")


async def _forward(socket: WebSocket, news: asyncio.Queue[dict[str, Any] | None]) -> None:
    with suppress(WebSocketDisconnect, RuntimeError):
        while (piece := await news.get()) is not None:
            await socket.send_text(_json(piece))
        await socket.close(1013)


def _json(value: dict[str, Any]) -> str:
    return orjson.dumps(value).decode()


async def _answered(act: Any) -> Response:
    """Run what was asked for; an expected error becomes words for the page."""
    try:
        await act
    except NotFound as missing:
        return JSONResponse({"error": str(missing)}, 404)
    except BaosongError as error:
        return JSONResponse({"error": str(error)}, 400)
    except ClientDisconnect:
        return Response(status_code=499)
    return JSONResponse({"ok": True})


async def _asked(request: Request) -> dict[str, Any]:
    try:
        asked = orjson.loads(await _body(request, BODY_LIMIT * 4))
    except orjson.JSONDecodeError:
        asked = None
    if not isinstance(asked, dict):
        raise BadInput(reason="没有看懂这个请求。")
    return asked


async def _body(request: Request, limit: int) -> bytes:
    """The raw body, never more than the limit."""
    content = bytearray()
    async for chunk in request.stream():
        content += chunk
        if len(content) > limit:
            raise BadInput(reason="文件太大了。" if limit == FILE_LIMIT else "内容太长了。")
    return bytes(content)


def _account(value: object) -> int:
    if not str(value).isdecimal():
        raise BadInput(reason="请先选择一个人物。")
    return int(str(value))
