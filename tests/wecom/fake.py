"""A small WeChat Work service for the adapter's own tests: HTTP and WebSocket on one port, driven by tables.

It answers as documents 91039, 90236, 90253, 91770, 101138 and 101463 say; `script` queues answers that come
before its own, `lost` names commands whose answer never goes out.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import re
from collections import defaultdict, deque
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from bot.channels.wecom.crypto import encrypt_media
from tests.peers.process import free_port

CORP = "ww1234567890abcdef"
AGENT = 1000002
SECRET = "app-secret-never-shown"
KEY = "693a91f6-7xxx-webhook-key"
BOT_ID = "aib-desk"
BOT_SECRET = "bot-secret-never-shown"
FILE_KEY = bytes(range(32))

OK = {"errcode": 0, "errmsg": "ok"}
TOKENS = frozenset({"message", "appchat", "media", "user", "department", "batch"})

Answer = dict[str, Any] | Response


@dataclass
class Call:
    """One HTTP request as the service saw it."""

    api: str
    query: dict[str, str]
    raw: bytes
    port: int
    file: tuple[str, bytes] | None = None

    @property
    def body(self) -> dict[str, Any]:
        parsed: dict[str, Any] = json.loads(self.raw)
        return parsed


def error(code: int, message: str = "refused") -> dict[str, Any]:
    return {"errcode": code, "errmsg": f"{message}, hint: [17], from ip: 127.0.0.1"}


@dataclass
class FakeService:
    """The service's state; tests read and bend it."""

    port: int = 0
    calls: list[Call] = field(default_factory=list)
    valid: set[str] = field(default_factory=set)
    issued: int = 0
    invalid_users: set[str] = field(default_factory=set)
    scripts: defaultdict[str, deque[Answer]] = field(default_factory=lambda: defaultdict(deque))
    files: dict[str, tuple[str, bytes]] = field(default_factory=dict)
    sockets: list[WebSocket] = field(default_factory=list)
    frames: list[dict[str, Any]] = field(default_factory=list)
    lost: set[str] = field(default_factory=set)
    refuse_bot: bool = False
    chunks: dict[int, bytes] = field(default_factory=dict)

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.port}/cgi-bin"

    @property
    def ws_url(self) -> str:
        return f"ws://127.0.0.1:{self.port}/ws"

    def script(self, api: str, *answers: Answer) -> None:
        self.scripts[api].extend(answers)

    def of(self, api: str) -> list[Call]:
        return [call for call in self.calls if call.api == api]

    def commands(self, command: str) -> list[dict[str, Any]]:
        return [frame for frame in self.frames if frame.get("cmd") == command]

    def application(self) -> Starlette:
        return Starlette(
            routes=[
                Route("/cgi-bin/{api:path}", self._http, methods=["GET", "POST"]),
                Route("/file/{name}", self._file),
                WebSocketRoute("/ws", self._ws),
            ]
        )

    async def _http(self, request: Request) -> Response:
        api = request.path_params["api"]
        form = request.headers.get("content-type", "").startswith("multipart/")
        body = await request.body()
        call = Call(api, dict(request.query_params), b"" if form else body, _port_of(request))
        if form:
            call.file = _file_in(body)
        self.calls.append(call)
        answer = self.scripts[api].popleft() if self.scripts[api] else self._answer(call)
        return answer if isinstance(answer, Response) else JSONResponse(answer)

    def _answer(self, call: Call) -> Answer:
        if b"\\u" in call.raw:
            return error(40033)
        if call.api.split("/")[0] in TOKENS and call.query.get("access_token") not in self.valid:
            return error(40014, f"invalid access_token {call.query.get('access_token')}")
        return HTTP[call.api](self, call) if call.api in HTTP else error(40058)

    async def _file(self, request: Request) -> Response:
        name, data = self.files[request.path_params["name"]]
        if self.scripts["file"]:
            answer = self.scripts["file"].popleft()
            return answer if isinstance(answer, Response) else JSONResponse(answer)
        disposition = f"attachment; filename=\"x.bin\"; filename*=UTF-8''{quote(name)}"
        return Response(encrypt_media(data, FILE_KEY), headers={"Content-Disposition": disposition})

    async def _ws(self, socket: WebSocket) -> None:
        await socket.accept()
        try:
            while True:
                frame = json.loads(await socket.receive_text())
                self.frames.append(frame)
                await self._command(socket, frame)
        except WebSocketDisconnect:
            pass
        finally:
            if socket in self.sockets:
                self.sockets.remove(socket)

    async def _command(self, socket: WebSocket, frame: dict[str, Any]) -> None:
        command = frame["cmd"]
        if self.scripts[command]:
            answer = self.scripts[command].popleft()
            assert isinstance(answer, dict)
        else:
            answer = COMMANDS[command](self, frame.get("body", {})) if command in COMMANDS else OK
        if command == "aibot_subscribe" and answer["errcode"] == 0:
            self.sockets.append(socket)
        if command not in self.lost:
            await socket.send_text(json.dumps({"headers": frame["headers"], **answer}))

    async def push(self, command: str, body: dict[str, Any], req_id: str = "REQ") -> None:
        """A callback to whoever is subscribed."""
        frame = {"cmd": command, "headers": {"req_id": req_id}, "body": body}
        await self.sockets[-1].send_text(json.dumps(frame))

    async def say(self, text: str, *, group: str = "", msgid: str = "m1", req_id: str = "REQ", **more: Any) -> None:
        """Somebody writes to the bot."""
        await self.push("aibot_msg_callback", message(text, group=group, msgid=msgid, **more), req_id)


def message(text: str, *, group: str = "", msgid: str = "m1", **more: Any) -> dict[str, Any]:
    """An AI bot's text message (document 100719)."""
    place = {"chattype": "group", "chatid": group} if group else {"chattype": "single"}
    inner = {"msgtype": "text", "text": {"content": text}}
    return {"msgid": msgid, "aibotid": BOT_ID, **place, "from": {"userid": "zhangsan"}, **inner, **more}


def _port_of(request: Request) -> int:
    return request.client.port if request.client else 0


def _file_in(form: bytes) -> tuple[str, bytes] | None:
    """The one file of a multipart body, in the field the service reads (document 90253)."""
    head, _, rest = form.partition(b"\r\n\r\n")
    named = re.search(rb'name="media"; filename="([^"\r\n]*)"', head)
    boundary = form.partition(b"\r\n")[0]
    return (named[1].decode(), rest.partition(b"\r\n" + boundary)[0]) if named else None


def _gettoken(service: FakeService, call: Call) -> Answer:
    if call.query.get("corpid") != CORP:
        return error(40013)
    if call.query.get("corpsecret") != SECRET:
        return error(40001, f"invalid credential {call.query.get('corpsecret')}")
    service.issued += 1
    token = f"token-{service.issued}-never-shown"
    service.valid = {token}
    return {**OK, "access_token": token, "expires_in": 7200}


def _send(service: FakeService, call: Call) -> Answer:
    body = call.body
    if not isinstance(body.get("agentid"), int):
        return error(40056)
    asked = str(body.get("touser", "")).split("|")
    unknown = [user.lower() for user in asked if user in service.invalid_users]
    if unknown and len(unknown) == len(asked):
        return error(81013)
    answer = {**OK, "invaliduser": "|".join(unknown), "msgid": f"MSG{len(service.calls)}"}
    card = body.get("template_card", {}).get("card_type") == "button_interaction"
    return {**answer, "response_code": "RC1-never-shown"} if card else answer


def _upload(service: FakeService, call: Call) -> Answer:
    if call.file is None or not call.file[1]:
        return error(44001)
    media_id = f"MEDIA{len(service.files)}"
    service.files[media_id] = call.file
    return {**OK, "type": call.query["type"], "media_id": media_id, "created_at": "1380000000"}


def _media_get(service: FakeService, call: Call) -> Answer:
    known = service.files.get(call.query["media_id"])
    if known is None:
        return error(40007)
    return Response(known[1], headers={"Content-Disposition": f"attachment; filename*=UTF-8''{quote(known[0])}"})


def _webhook(service: FakeService, call: Call) -> Answer:
    if call.query.get("key") != KEY:
        return error(93000, "invalid webhook url")
    image = call.body.get("image")
    if image and hashlib.md5(_decoded(image["base64"])).hexdigest() != image["md5"]:
        return error(301019)
    return error(45009) if len(service.of("webhook/send")) > 20 else OK


def _decoded(text: str) -> bytes:
    import base64

    return base64.b64decode(text)


def _subscribe(service: FakeService, body: dict[str, Any]) -> dict[str, Any]:
    right = body == {"bot_id": BOT_ID, "secret": BOT_SECRET} and not service.refuse_bot
    return OK if right else error(853000)


def _chunk(service: FakeService, body: dict[str, Any]) -> dict[str, Any]:
    service.chunks[body["chunk_index"]] = _decoded(body["base64_data"])
    return OK


HTTP: dict[str, Callable[[FakeService, Call], Answer]] = {
    "gettoken": _gettoken,
    "message/send": _send,
    "message/recall": lambda _, __: OK,
    "message/update_template_card": lambda _, __: {**OK, "invaliduser": ["x"]},
    "appchat/create": lambda _, call: {**OK, "chatid": call.body.get("chatid", "CHAT1")},
    "appchat/update": lambda _, __: OK,
    "appchat/get": lambda _, call: {**OK, "chat_info": {"chatid": call.query["chatid"], "userlist": ["a", "b"]}},
    "appchat/send": lambda _, __: OK,
    "media/upload": _upload,
    "media/get": _media_get,
    "webhook/send": _webhook,
    "webhook/upload_media": _upload,
    "aibot/response": lambda _, __: OK,
    "department/list": lambda _, __: {**OK, "department": [{"id": 2, "name": "办公室", "parentid": 1}]},
    "user/simplelist": lambda _, __: {**OK, "userlist": [{"userid": "zhangsan", "name": "张三"}]},
    "user/get": lambda _, call: {**OK, "userid": call.query["userid"]},
    "user/list_id": lambda _, call: {
        **OK,
        "next_cursor": "" if call.body["cursor"] else "more",
        "dept_user": [{"userid": "u" + call.body["cursor"], "department": 1}],
    },
    "batch/openuserid_to_userid": lambda _, call: {
        **OK,
        "userid_list": [{"open_userid": one, "userid": one[2:]} for one in call.body["open_userid_list"]],
    },
}
"""What each interface answers when all is well."""

COMMANDS: dict[str, Callable[[FakeService, dict[str, Any]], dict[str, Any]]] = {
    "aibot_subscribe": _subscribe,
    "aibot_upload_media_init": lambda _, __: {**OK, "body": {"upload_id": "U1"}},
    "aibot_upload_media_chunk": _chunk,
    "aibot_upload_media_finish": lambda _, __: {**OK, "body": {"type": "file", "media_id": "WSMEDIA"}},
}
"""What each command of the long connection answers; all others answer ok."""


class _Server(uvicorn.Server):
    """Without its own signal handling: pytest keeps its own."""

    async def serve(self, sockets: Any = None) -> None:
        await self._serve(sockets)


@asynccontextmanager
async def serving() -> AsyncGenerator[FakeService, None]:
    """The service on a free port."""
    service = FakeService(port=free_port())
    config = uvicorn.Config(
        service.application(), port=service.port, log_level="error", ws="websockets-sansio", lifespan="off"
    )
    server = _Server(config)
    running = asyncio.create_task(server.serve())
    try:
        await until(lambda: server.started)
        yield service
    finally:
        server.should_exit = server.force_exit = True
        await running


async def until(holds: Callable[[], bool | Awaitable[bool]], seconds: float = 5.0) -> None:
    """Wait for something, within bounds."""
    async with asyncio.timeout(seconds):
        while not holds():
            await asyncio.sleep(0.005)
