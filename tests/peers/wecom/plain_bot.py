"""The bot's side in a few lines of plain HTTP and WebSocket, to see what really travels."""

from __future__ import annotations

import asyncio
import itertools
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from typing import Any
from xml.etree import ElementTree

import httpx
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from .crypto import BadSeal, Seal
from .server import Server
from .service import WeComService
from .world import AiBot, App, Json


class PlainCaller:
    """Calls the HTTP API; a token is fetched once for each app."""

    def __init__(self, service: WeComService, http: httpx.AsyncClient) -> None:
        self._service = service
        self._http = http
        self._tokens: dict[int, str] = {}

    @classmethod
    @asynccontextmanager
    async def of(cls, service: WeComService) -> AsyncIterator[PlainCaller]:
        # verify=False spares each test the loading of certificates nobody needs on the loopback.
        async with httpx.AsyncClient(base_url=service.api_base, trust_env=False, verify=False, timeout=5) as http:
            yield cls(service, http)

    async def gettoken(self, secret: str, corp_id: str | None = None) -> Json:
        return await self.get("gettoken", corpid=corp_id or self._service.world.corp_id, corpsecret=secret)

    async def token(self, app: App | None = None) -> str:
        app = app or self._service.world.app
        if app.agent_id not in self._tokens:
            self._tokens[app.agent_id] = (await self.gettoken(app.secret))["access_token"]
        return self._tokens[app.agent_id]

    def renew(self) -> None:
        """Forget the tokens, as a caller does who heard 42001."""
        self._tokens.clear()

    async def get(self, name: str, **query: str) -> Json:
        return dict((await self._http.get(f"/{name}", params=query)).json())

    async def fetch(self, name: str, headers: dict[str, str] | None = None, **query: str) -> httpx.Response:
        return await self._http.get(f"/{name}", params=query, headers=headers)

    async def post(self, name: str, body: Json, **query: str) -> Json:
        return await self.raw(name, json.dumps(body, ensure_ascii=False).encode(), None, **query)

    async def raw(self, name: str, content: bytes, headers: dict[str, str] | None = None, **query: str) -> Json:
        """POST these very bytes."""
        response = await self._http.post(f"/{name}", params=query, content=content, headers=headers)
        return dict(response.json())

    async def ask(self, name: str, body: Json | None = None, app: App | None = None, **query: str) -> Json:
        """A call with an app's token: POST with a body, else GET."""
        query["access_token"] = await self.token(app)
        return await (self.get(name, **query) if body is None else self.post(name, body, **query))

    async def tell(self, touser: str, text: str, **more: Any) -> Json:
        """message/send of a text."""
        body = {"touser": touser, "agentid": self._service.world.app.agent_id, "msgtype": "text"}
        return await self.ask("message/send", body | {"text": {"content": text}} | more)

    async def upload(self, name: str, file_name: str, data: bytes, **query: str) -> Json:
        response = await self._http.post(f"/{name}", params=query, files={"media": (file_name, data)})
        return dict(response.json())


class PlainSocket:
    """A client of the long connection; `callbacks` are the frames with a cmd."""

    def __init__(self, connection: ClientConnection) -> None:
        self.connection = connection
        self.callbacks: asyncio.Queue[Json] = asyncio.Queue()
        self._acks: dict[str, asyncio.Queue[Json]] = {}
        self._numbers = itertools.count(1)

    @classmethod
    @asynccontextmanager
    async def of(cls, service: WeComService, bot: AiBot | None = None) -> AsyncIterator[PlainSocket]:
        """Connected, and subscribed when a bot is named."""
        async with connect(service.ws_url, proxy=None, ping_interval=None, close_timeout=0.2) as connection:
            socket = cls(connection)
            listening = asyncio.create_task(socket._listen())
            if bot is not None:
                assert (await socket.subscribe(bot))["errcode"] == 0
            try:
                yield socket
            finally:
                await connection.close()
                await listening

    async def subscribe(self, bot: AiBot, secret: str | None = None) -> Json:
        return await self.call("aibot_subscribe", {"bot_id": bot.bot_id, "secret": secret or bot.secret})

    async def call(self, cmd: str, body: Json | None = None, req_id: str | None = None, seconds: float = 5) -> Json:
        """Send a command and wait for its ack; TimeoutError."""
        req_id = req_id or f"{cmd}_{next(self._numbers)}"
        acks = self._acks.setdefault(req_id, asyncio.Queue())
        frame = {"cmd": cmd, "headers": {"req_id": req_id}} | ({} if body is None else {"body": body})
        await self.connection.send(json.dumps(frame, ensure_ascii=False))
        return await asyncio.wait_for(acks.get(), seconds)

    async def next(self, seconds: float = 5) -> Json:
        """The next message or event."""
        return await asyncio.wait_for(self.callbacks.get(), seconds)

    async def reply(self, callback: Json, body: Json, cmd: str = "aibot_respond_msg", **more: Any) -> Json:
        return await self.call(cmd, body, callback["headers"]["req_id"], **more)

    async def stream(self, callback: Json, stream_id: str, text: str, finish: bool = True) -> Json:
        stream = {"id": stream_id, "finish": finish, "content": text}
        return await self.reply(callback, {"msgtype": "stream", "stream": stream})

    async def closed(self, seconds: float = 5) -> None:
        await asyncio.wait_for(self.connection.wait_closed(), seconds)

    async def _listen(self) -> None:
        with suppress(ConnectionClosed):
            async for raw in self.connection:
                frame = json.loads(raw)
                if "cmd" in frame:
                    self.callbacks.put_nowait(frame)
                else:
                    self._acks[frame["headers"]["req_id"]].put_nowait(frame)


Answer = Callable[[str], str]
"""From the plain text of a callback to the plain text of the reply; "" for an empty answer."""


class PlainDesk:
    """A callback address: verifies, opens, records what came and answers as told.

    waits: seconds before each of the next answers. statuses: the HTTP status of each of the next answers.
    """

    def __init__(self, seal: Seal) -> None:
        self.came: list[str] = []
        self.refused = 0
        self.waits: list[float] = []
        self.statuses: list[int] = []
        self.answer: Answer = lambda plain: ""
        self._seal = seal

    @asynccontextmanager
    async def open(self) -> AsyncIterator[str]:
        """Its address, while it is there."""
        routes = [Route("/callback", self._take, methods=["GET", "POST"])]
        server = Server(Starlette(routes=routes), 0)
        port = await server.open()
        try:
            yield f"http://127.0.0.1:{port}/callback"
        finally:
            await server.close()

    def jsons(self) -> list[Json]:
        return [json.loads(plain) for plain in self.came]

    def xmls(self) -> list[dict[str, str]]:
        return [{one.tag: one.text or "" for one in ElementTree.fromstring(plain)} for plain in self.came]

    async def _take(self, request: Request) -> Response:
        query, raw = request.query_params, await request.body()
        sealed = query["echostr"] if request.method == "GET" else _sealed_in(raw)
        args = (query["timestamp"], query["nonce"], sealed)
        try:
            if not self._seal.signed_by_us(query["msg_signature"], *args):
                raise BadSeal("signature")
            plain = self._seal.open(sealed).decode()
        except BadSeal:
            self.refused += 1
            return Response(status_code=403)
        if request.method == "GET":
            return Response(plain)
        self.came.append(plain)
        await asyncio.sleep(self.waits.pop(0) if self.waits else 0)
        status = self.statuses.pop(0) if self.statuses else 200
        return Response(self._envelope(self.answer(plain), query["nonce"]), status)

    def _envelope(self, plain: str, nonce: str) -> str:
        if not plain:
            return ""
        sealed, timestamp = self._seal.close(plain), "1795412406"
        signature = self._seal.sign(timestamp, nonce, sealed)
        if not self._seal.receive_id:
            reply = {
                "encrypt": sealed,
                "msgsignature": signature,
                "timestamp": int(timestamp),
                "nonce": nonce,
            }
            return json.dumps(reply)
        return (
            f"<xml><Encrypt>{sealed}</Encrypt><MsgSignature>{signature}</MsgSignature>"
            f"<TimeStamp>{timestamp}</TimeStamp><Nonce>{nonce}</Nonce></xml>"
        )


def _sealed_in(raw: bytes) -> str:
    if raw.startswith(b"{"):
        return str(json.loads(raw)["encrypt"])
    found = ElementTree.fromstring(raw.decode()).find("Encrypt")
    return "" if found is None else found.text or ""
