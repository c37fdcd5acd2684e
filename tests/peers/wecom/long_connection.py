"""The AI bot's WebSocket (101463): subscribe, ping, replies by req_id, pushes, uploads, and the kick."""

from __future__ import annotations

import asyncio
import json

from starlette.websockets import WebSocket, WebSocketDisconnect

from .codes import OK, Refused, refusal
from .core import Core
from .ear import Call
from .faults import Script
from .server import SocketLine, line_of
from .talks import Talks
from .uploads import Uploads
from .world import AiBot, Json


class Session:
    """One socket. Who it speaks for is known after a subscribe."""

    def __init__(self, core: Core, websocket: WebSocket) -> None:
        line = line_of(websocket.scope)
        if not isinstance(line, SocketLine):
            raise TypeError("a WebSocket came in on an HTTP connection")
        self.bot: AiBot | None = None
        self.line = line
        self.line.answers_pings = core.faults.answers_pings
        self.waiting: set[str] = set()
        self._websocket = websocket

    async def send(self, frame: Json) -> bool:
        """Whether the frame left; a closed or frozen socket swallows it."""
        return await self.send_raw(json.dumps(frame, ensure_ascii=False))

    async def send_raw(self, text: str) -> bool:
        if self.line.is_frozen:
            return False
        try:
            await self._websocket.send_text(text)
        except (WebSocketDisconnect, RuntimeError):  # RuntimeError: after our own close
            return False
        return True

    async def receive(self) -> str:
        """The next frame; WebSocketDisconnect at the end."""
        return await self._websocket.receive_text()

    async def close(self, code: int) -> None:
        if self.line.is_frozen:
            self.line.reset()
            return
        try:
            await self._websocket.close(code)
        except RuntimeError:
            return  # it was closed already


class LongConnections:
    """All open sockets, and the one that speaks for each bot."""

    def __init__(self, core: Core, talks: Talks, uploads: Uploads) -> None:
        self._core = core
        self._holders: dict[str, Session] = {}
        self._late: set[asyncio.Task[None]] = set()
        self._news = asyncio.Condition()
        self._talks = talks
        self._uploads = {
            "aibot_upload_media_init": uploads.init,
            "aibot_upload_media_chunk": uploads.chunk,
            "aibot_upload_media_finish": uploads.finish,
        }

    def holder(self, bot: AiBot) -> Session | None:
        """The socket that is subscribed for this bot."""
        return self._holders.get(bot.bot_id)

    async def subscribed(self, bot: AiBot, seconds: float) -> None:
        """Wait until somebody is subscribed; TimeoutError."""
        async with self._news:
            await asyncio.wait_for(self._news.wait_for(lambda: bot.bot_id in self._holders), seconds)

    async def vacant(self, bot: AiBot, seconds: float) -> None:
        """Wait until nobody is subscribed any more; TimeoutError."""
        async with self._news:
            await asyncio.wait_for(self._news.wait_for(lambda: bot.bot_id not in self._holders), seconds)

    async def serve(self, websocket: WebSocket) -> None:
        await websocket.accept()
        session = Session(self._core, websocket)
        try:
            while True:
                await self._take(session, await session.receive())
        except WebSocketDisconnect:
            await self._leave(session)

    async def kick(self, bot: AiBot) -> None:
        """Another client subscribed: the old one is told and closed."""
        session = self._holders.get(bot.bot_id)
        if session is None:
            return
        event: Json = {"msgtype": "event", "event": {"eventtype": "disconnected_event"}}
        event |= {"aibotid": bot.bot_id, "msgid": self._core.next_id("msgid")}
        event |= {"create_time": self._core.clock.seconds()}
        headers = {"req_id": self._core.next_id("req_id", 26)}
        await session.send({"cmd": "aibot_event_callback", "headers": headers, "body": event})
        await session.close(1000)
        await self._leave(session)

    def cancel(self) -> None:
        """No late ack will come any more."""
        for task in list(self._late):
            task.cancel()

    async def _leave(self, session: Session) -> None:
        async with self._news:
            if session.bot is not None and self._holders.get(session.bot.bot_id) is session:
                del self._holders[session.bot.bot_id]
            self._news.notify_all()

    async def _take(self, session: Session, raw: str) -> None:
        try:
            frame = json.loads(raw)
            cmd, req_id = str(frame["cmd"]), str(frame["headers"]["req_id"])
        except (ValueError, TypeError, KeyError):
            self._core.violations.append(f"a frame without cmd or req_id: {raw[:100]!r}")
            return
        body = frame.get("body") or {}
        call = Call(cmd, session.bot.bot_id if session.bot else "", {"req_id": req_id}, body)
        self._core.calls.append(call)
        if req_id in session.waiting:
            self._core.violations.append(f"{cmd} did not wait for the ack of {req_id!r}")
        script = self._core.faults.script_for(cmd)
        ack = await self._carry_out(session, cmd, req_id, body) if script.carried_out else dict(OK)
        if script.errcode is not None:
            ack = refusal(script.errcode, "scripted")
        await self._ack(session, call, req_id, ack, script)

    async def _carry_out(self, session: Session, cmd: str, req_id: str, body: Json) -> Json:
        try:
            if cmd == "aibot_subscribe":
                await self._subscribe(session, body)
                return dict(OK)
            if cmd == "ping":
                return dict(OK)
            if session.bot is None:
                raise Refused(853000, "not subscribed")
            if cmd in self._uploads:
                answer = self._uploads[cmd](session.bot, body)
                return OK | ({"body": answer} if answer else {})
            self._speak(session.bot, cmd, req_id, body)
        except Refused as no:
            return refusal(no.code, str(no))
        return dict(OK)

    def _speak(self, bot: AiBot, cmd: str, req_id: str, body: Json) -> None:
        """Each kind of turn takes one kind of reply."""
        talks = self._talks
        match cmd:
            case "aibot_respond_msg":
                talks.answer(talks.turn(bot, req_id, "message"), body)
            case "aibot_respond_welcome_msg":
                talks.welcome(talks.turn(bot, req_id, "enter_chat"), body)
            case "aibot_respond_update_msg":
                talks.update(talks.turn(bot, req_id, "card"), body)
            case "aibot_send_msg":
                talks.push(bot, body)
            case _:
                raise Refused(40058, f"cmd {cmd!r}")

    async def _subscribe(self, session: Session, body: Json) -> None:
        bot = self._core.world.bots.get(str(body.get("bot_id")))
        if bot is None or bot.secret != body.get("secret") or bot.callback_url is not None:
            raise Refused(853000, "unknown bot, wrong secret, or a bot that works by URL callback")
        if self._holders.get(bot.bot_id) is not session:
            await self.kick(bot)
        session.bot = bot
        async with self._news:
            self._holders[bot.bot_id] = session
            self._news.notify_all()

    async def _ack(self, session: Session, call: Call, req_id: str, ack: Json, script: Script) -> None:
        async def send() -> None:
            await asyncio.sleep(script.delay)
            session.waiting.discard(req_id)
            if await session.send({"headers": {"req_id": req_id}} | ack):
                call.errcode = ack["errcode"]

        if script.reset:
            session.line.reset()
        elif script.answered and script.delay:
            session.waiting.add(req_id)
            task = asyncio.create_task(send())
            self._late.add(task)
            task.add_done_callback(self._late.discard)
        elif script.answered:
            await send()
