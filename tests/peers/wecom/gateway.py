"""The HTTP side: which API is asked, whether the caller may, what is scripted to go wrong, and the answer."""

from __future__ import annotations

import asyncio
import json
import re
from datetime import UTC
from email.utils import format_datetime

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route as Path
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket

from .app_chats import AppChats
from .ask import Ask, Route, Routes, media_of_form
from .codes import OK, Refused, refusal
from .contacts import Contacts
from .core import Core
from .ear import Call
from .faults import Script
from .long_connection import LongConnections
from .media import disposition
from .messages import Messages
from .server import line_of
from .talks import Talks
from .tokens import Tokens
from .transfers import Transfers
from .webhooks import Webhooks
from .world import App, Json

SECRETS = ("access_token", "corpsecret", "key", "response_code")


class Gateway:
    """The ASGI application of the service."""

    def __init__(self, core: Core, tokens: Tokens, talks: Talks, lines: LongConnections) -> None:
        self._core = core
        self._tokens = tokens
        self._lines = lines
        self._routes = self._own_routes(talks)
        for area in (Messages(core), AppChats(core), Contacts(core), Transfers(core), Webhooks(core)):
            self._routes |= area.routes()
        self.app = Starlette(
            routes=[
                Path("/cgi-bin/{name:path}", self._api, methods=["GET", "POST"]),
                Path("/file/{number}", self._file, methods=["GET"]),
                WebSocketRoute("/{path:path}", self._socket),
            ]
        )

    def _own_routes(self, talks: Talks) -> dict[str, Route]:
        def gettoken(ask: Ask) -> Json:
            return self._tokens.get(ask.query.get("corpid", ""), ask.query.get("corpsecret", ""))

        def answer_late(ask: Ask) -> Json:
            talks.answer_late(ask.query.get("response_code", ""), ask.body)
            return dict(OK)

        routes: Routes = {
            "gettoken": Route("GET", gettoken, needs_token=False),
            "aibot/response": Route("POST", answer_late, needs_token=False),
        }
        return dict(routes)

    async def _api(self, request: Request) -> Response:
        name = request.path_params["name"]
        raw = await request.body()
        query = {key: value for key, value in request.query_params.items() if key not in SECRETS}
        call = Call(name, "", query, {})
        self._core.calls.append(call)
        script = self._core.faults.script_for(name)
        try:
            answer = self._carry_out(request, name, raw, call) if script.carried_out else dict(OK)
        except Refused as no:
            answer = refusal(no.code, str(no))
        except Exception as error:  # a fault of this fake must fail the test, not look like the service's 500
            self._core.broken.append(error)
            raise
        if script.errcode is not None:
            answer = refusal(script.errcode, "scripted")
        return await self._answer(request, call, script, answer)

    def _carry_out(self, request: Request, name: str, raw: bytes, call: Call) -> Json | Response:
        route = self._routes.get(name)
        if route is None or route.method != request.method:
            raise Refused(40058, f"{request.method} {name}")
        by: App | None = None
        if route.needs_token:
            by = self._tokens.app_of(request.query_params.get("access_token", ""))
            call.caller = str(by.agent_id)
            if self._core.faults.foreign_ip:
                raise Refused(60020, "address not in the list")
        content_type = request.headers.get("content-type", "")
        is_form = content_type.startswith("multipart/form-data")
        upload = media_of_form(content_type, raw) if is_form else None
        call.body = {} if is_form or route.method == "GET" else self._json(raw)
        return route.handle(Ask(name, request.query_params, call.body, request.headers, upload, by))

    def _json(self, raw: bytes) -> Json:
        if self._core.faults.refuses_escapes and re.search(rb"(?<!\\)(?:\\\\)*\\u[0-9a-fA-F]{4}", raw):
            raise Refused(40033, "the body holds \\uXXXX")
        try:
            body = json.loads(raw)
        except ValueError as error:
            raise Refused(47001, "no JSON") from error
        if not isinstance(body, dict):
            raise Refused(47001, "no JSON object")
        return body

    async def _answer(self, request: Request, call: Call, script: Script, answer: Json | Response) -> Response:
        """Send it late, not at all or with another status, as the script says."""
        await asyncio.sleep(script.delay)
        if script.reset or not script.answered:
            return await self._no_answer(request, script)
        if script.status != 200:
            return Response(status_code=script.status)
        if isinstance(answer, Response):
            call.errcode = 0
            return answer
        call.errcode = answer["errcode"]
        return JSONResponse(answer, headers={"Date": format_datetime(self._core.clock().astimezone(UTC), usegmt=True)})

    async def _no_answer(self, request: Request, script: Script) -> Response:
        """The connection breaks, or stays silent until the caller gives up."""
        if script.reset:
            line_of(request.scope).reset()
        while (await request.receive())["type"] != "http.disconnect":
            pass
        return Response()

    async def _file(self, request: Request) -> Response:
        """An encrypted file of the AI bot. What an expired address answers is not documented; here 403."""
        file = self._core.files.fetch(request.path_params["number"])
        script = self._core.faults.script_for("file")
        if file is None:
            return Response(status_code=403)
        headers = {"Content-Disposition": disposition(file.name)}
        call = Call("file", "", {}, {})
        return await self._answer(request, call, script, Response(file.data, headers=headers))

    async def _socket(self, websocket: WebSocket) -> None:
        try:
            await self._lines.serve(websocket)
        except Exception as error:  # a fault of this fake must fail the test, not just close the socket
            self._core.broken.append(error)
            raise
