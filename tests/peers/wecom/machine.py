"""The machine half of the service: its port, its sockets, and the callbacks it sends to the bot."""

from __future__ import annotations

import asyncio
import base64
import hashlib
from collections.abc import Coroutine
from types import TracebackType
from typing import Self

from .callbacks import DELIVERIES, Callbacks, Delivery, Verification, reply_of_app, reply_of_bot
from .cards import Card
from .clock import Clock
from .codes import Refused
from .content import Content
from .core import Core
from .crypto import BadSeal, key_of
from .ear import Call, Dropped, Heard
from .faults import Faults
from .gateway import Gateway
from .long_connection import LongConnections
from .sayings import Spoken
from .server import Server
from .talks import STREAMABLE, Talks, Turn
from .tokens import Tokens
from .uploads import Uploads
from .world import AiBot, App, Json, World


class Machine:
    """Listening while its `async with` block runs.

    port: 0 takes any free one. callback_cut: seconds until an unanswered callback is cut (the service: 5).
    poll_every: seconds between two polls of an unfinished stream in URL mode.
    """

    def __init__(
        self,
        world: World,
        *,
        clock: Clock | None = None,
        port: int = 0,
        callback_cut: float = 5.0,
        poll_every: float = 1.0,
    ) -> None:
        self.world = world
        self.clock = clock or Clock()
        self._core = Core(world, self.clock)
        self.tokens = Tokens(self._core)
        self.uploads = Uploads(self._core)
        self.callbacks = Callbacks(self._core, callback_cut)
        self._talks = Talks(self._core)
        self._lines = LongConnections(self._core, self._talks, self.uploads)
        self._server = Server(Gateway(self._core, self.tokens, self._talks, self._lines).app, port)
        self._poll_every = poll_every
        self._polling: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        port = await self._server.open()
        self._core.base = self._core.files.base = f"http://127.0.0.1:{port}"
        await self.callbacks.open()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._lines.cancel()
        for task in list(self._polling):
            task.cancel()
        await asyncio.gather(*self._polling, return_exceptions=True)
        await self.callbacks.close()
        await self._server.close()
        if self._core.broken and error is None:
            raise self._core.broken[0]

    @property
    def api_base(self) -> str:
        """What the adapter's setting of that name has to be."""
        return f"{self._core.base}/cgi-bin"

    @property
    def ws_url(self) -> str:
        return self._core.base.replace("http", "ws", 1)

    @property
    def faults(self) -> Faults:
        return self._core.faults

    @property
    def heard(self) -> list[Heard]:
        """All messages of the bot that people saw, in order; recalled ones are marked, not removed."""
        return self._core.ear.heard

    @property
    def dropped(self) -> list[Dropped]:
        """What the service accepted and showed to nobody."""
        return self._core.ear.dropped

    @property
    def calls(self) -> list[Call]:
        """Every HTTP call and WebSocket command, without tokens and keys."""
        return self._core.calls

    @property
    def violations(self) -> list[str]:
        """What a careful caller never does although the service does not refuse it."""
        return self._core.violations

    @property
    def cards(self) -> list[Card]:
        return self._core.board.cards

    @property
    def downloads(self) -> list[str]:
        """Which encrypted files were asked for."""
        return self._core.files.downloads

    def calls_of(self, *names: str) -> list[Call]:
        return [call for call in self.calls if call.name in names]

    async def verify(self, identity: App | AiBot) -> Verification:
        """Check the callback address as when an administrator saves it."""
        return await self.callbacks.verify(identity.seal, identity.callback_url or "")

    async def replay(self, delivery: Delivery) -> Delivery:
        """Send the very bytes of an earlier delivery once more."""
        return await self.callbacks.post(delivery.url, delivery.params, delivery.body)

    async def subscribed(self, bot: AiBot | None = None, seconds: float = 10) -> None:
        """Wait until somebody speaks for the bot on a long connection; TimeoutError."""
        await self._lines.subscribed(bot or self.world.bot, seconds)

    async def vacant(self, bot: AiBot | None = None, seconds: float = 10) -> None:
        """Wait until nobody does any more; TimeoutError."""
        await self._lines.vacant(bot or self.world.bot, seconds)

    def is_subscribed(self, bot: AiBot | None = None) -> bool:
        return self._lines.holder(bot or self.world.bot) is not None

    async def kick(self, bot: AiBot | None = None) -> None:
        """As if another instance had subscribed: `disconnected_event`, then the close."""
        await self._lines.kick(bot or self.world.bot)

    async def hang_up(self, code: int = 1001, bot: AiBot | None = None) -> None:
        """Close the long connection cleanly."""
        if session := self._lines.holder(bot or self.world.bot):
            await session.close(code)

    def freeze(self, bot: AiBot | None = None) -> None:
        """Half-open: the long connection neither reads nor writes any more, and does not close."""
        if session := self._lines.holder(bot or self.world.bot):
            session.line.freeze()

    def thaw(self, bot: AiBot | None = None) -> None:
        if session := self._lines.holder(bot or self.world.bot):
            session.line.thaw()

    def reset(self, bot: AiBot | None = None) -> None:
        """The long connection breaks with a TCP reset."""
        if session := self._lines.holder(bot or self.world.bot):
            session.line.reset()

    async def push_raw(self, text: str, bot: AiBot | None = None) -> bool:
        """Any text as a frame, for bad input; whether it left."""
        session = self._lines.holder(bot or self.world.bot)
        return session is not None and await session.send_raw(text)

    def _offer(self, bot: AiBot, name: str, data: bytes) -> Json:
        """A file behind an encrypted address: with a key of its own, or in URL mode with the bot's."""
        if bot.callback_url is not None:
            return {"url": self._core.files.offer(name, data, key_of(bot.seal.encoding_aes_key))}
        key = hashlib.sha256(self._core.next_id("aeskey").encode()).digest()
        url = self._core.files.offer(name, data, key)
        return {"url": url, "aeskey": base64.b64encode(key).decode()}

    async def _tell_app(self, app: App, fields: Json, spoken: Spoken, tapped: Card | None = None) -> None:
        spoken.payload = fields
        spoken.deliveries += await self.callbacks.to_app(app, fields)
        spoken.reached = any(delivery.taken for delivery in spoken.deliveries)
        if spoken.deliveries and spoken.deliveries[-1].taken:
            self._passive(app, spoken, tapped)

    def _passive(self, app: App, spoken: Spoken, tapped: Card | None) -> None:
        """A passive answer reaches the sender alone."""
        try:
            reply = reply_of_app(app, spoken.deliveries[-1])
        except BadSeal as error:
            self.violations.append(f"passive answer: {error}")
            return
        match (reply or {}).get("MsgType"):
            case None:
                return
            case "text":
                content = Content("text", {}, (reply or {}).get("Content", ""))
                self._core.show("app", str(app.agent_id), ("private", spoken.userid), content, "")
            case "update_button" if tapped is not None:
                face = tapped.shown_to(spoken.userid) | {"replaced": (reply or {}).get("Button", "")}
                tapped.become(face, [spoken.userid])
            case other:
                self.violations.append(f"passive answer of type {other!r}")

    async def _tell_bot(self, turn: Turn, cmd: str, body: Json, spoken: Spoken) -> None:
        """Bring a message or event to the AI bot over the transport it has."""
        spoken.payload = body
        if turn.bot.callback_url is None:
            await self._push(turn, cmd, body, spoken)
            return
        code = self._talks.late_code(turn)
        addressed = body | {"response_url": f"{self.api_base}/aibot/response?response_code={code}"}
        times = 1 if turn.kind == "card" else DELIVERIES
        spoken.deliveries += await self.callbacks.to_bot(turn.bot, addressed, times=times)
        spoken.reached = any(delivery.taken for delivery in spoken.deliveries)
        if spoken.deliveries and spoken.deliveries[-1].taken:
            self._take_reply(turn, spoken.deliveries[-1])
            self._poll(turn, body)

    async def _push(self, turn: Turn, cmd: str, body: Json, spoken: Spoken) -> None:
        session = self._lines.holder(turn.bot)
        if session is None:
            return
        frame = {"cmd": cmd, "headers": {"req_id": turn.req_id}, "body": body}
        spoken.reached = await session.send(frame)
        if self.faults.twice():
            await session.send(frame)

    def _take_reply(self, turn: Turn, delivery: Delivery) -> None:
        """A reply in the HTTP answer. The service says nothing about a bad one; people just see nothing."""
        try:
            reply = reply_of_bot(turn.bot, delivery)
            if reply is None:
                return
            if turn.kind == "message":
                self._talks.answer(turn, reply, with_images=True)
            elif turn.kind == "enter_chat":
                self._talks.welcome(turn, reply)
            elif turn.kind == "card":
                self._talks.update(turn, reply)
            else:
                self.violations.append("a reply to an event that takes none")
        except (BadSeal, Refused) as error:
            self.violations.append(f"reply in the callback: {error}")

    def _poll(self, turn: Turn, body: Json) -> None:
        if turn.unfinished():
            self._keep(self._poll_until_finished(turn, body))

    async def _poll_until_finished(self, turn: Turn, body: Json) -> None:
        """Ask for the rest of a stream until it is finished, six minutes from the message at most."""
        asking = {key: body[key] for key in ("aibotid", "chattype", "chatid", "from") if key in body}
        while turn.unfinished() and self.clock() - turn.at <= STREAMABLE:
            await asyncio.sleep(self._poll_every)
            stream_id = next(key for key, heard in turn.streams.items() if not heard.finished)
            poll = {"msgid": self._core.next_id("msgid"), "msgtype": "stream", "stream": {"id": stream_id}}
            deliveries = await self.callbacks.to_bot(turn.bot, asking | poll, times=1)
            if deliveries and deliveries[-1].taken:
                self._take_reply(turn, deliveries[-1])

    def _keep(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.create_task(work)
        self._polling.add(task)
        task.add_done_callback(self._polling.discard)
