"""The machine half of the endpoint: its sockets to the bot, and the answers to the bot's calls."""

from __future__ import annotations

import asyncio
from types import TracebackType
from typing import Self

import orjson

from . import frames
from .actions import Actions, Answer
from .ear import Call, Ear, Heard
from .faults import Faults
from .files import FileServer
from .segments import Json
from .wire import Link, ReverseWire, Wire
from .world import World


class Endpoint:
    """Connected (reverse) or listening (forward) while its `async with` block runs.

    `heard` is what people saw of the bot, `calls` all it asked for; `faults` are the knobs.
    """

    def __init__(self, world: World, wire: Wire, *, heartbeat: float = 30.0) -> None:
        self.world = world
        self.faults = Faults()
        self.files = FileServer()
        self.calls: list[Call] = []
        self._ear = Ear()
        self._actions = Actions(world, self._ear, self.files)
        self._wire = wire
        self._heartbeat = heartbeat
        self._links: list[Link] = []
        self._linked = asyncio.Event()
        self._late_answers: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        await self.files.open()
        try:
            await self._wire.open(self._serve)
            if isinstance(self._wire, ReverseWire) and not self._wire.retries:
                await self.connected()
        except BaseException:
            await self.files.close()
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for task in list(self._late_answers):
            task.cancel()
        try:
            await self._wire.close()
        finally:
            await self.files.close()

    @property
    def heard(self) -> list[Heard]:
        """All messages of the bot that people saw, in the order of their delivery."""
        return self._ear.heard

    @property
    def online(self) -> bool:
        """Whether the QQ account is logged in; when not, the socket stays and sending answers 1200."""
        return self._actions.online

    @online.setter
    def online(self, value: bool) -> None:
        self._actions.online = value

    def calls_of(self, *actions: str) -> list[Call]:
        return [call for call in self.calls if call.action in actions]

    async def emit(self, frame: Json) -> None:
        """Send an event frame down the wire, through the scripted faults."""
        for one in self.faults.on_the_way(frame):
            for link in self._links:
                await link.send(one)

    async def beat(self) -> None:
        """A heartbeat now, beside those at the interval."""
        for link in self._links:
            await link.send(frames.heartbeat(self.world, self._heartbeat, self.online))

    def freeze(self) -> None:
        """Half-open: the sockets neither read nor write any more, and do not close."""
        for link in self._links:
            link.freeze()

    def thaw(self) -> None:
        for link in self._links:
            link.thaw()

    def reset(self) -> None:
        """The connections break with a TCP reset."""
        for link in self._links:
            link.reset()
        self._unlink(*self._links)

    async def reconnect(self, *, abandon: bool = False) -> None:
        """Connect anew (reverse only); `abandon` leaves the old socket half-open instead of closing it."""
        old = list(self._links)
        for link in old:
            if abandon:
                link.freeze()
            else:
                await link.close()
        self._unlink(*old)
        await self._wire.connect_again()
        await self.connected()

    async def connected(self, seconds: float = 10) -> None:
        """Wait until a socket to the bot is up and greeted."""
        await asyncio.wait_for(self._linked.wait(), seconds)

    def is_connected(self) -> bool:
        return bool(self._links)

    async def _serve(self, link: Link) -> None:
        await link.send(frames.lifecycle(self.world))
        self._links.append(link)
        self._linked.set()
        beating = asyncio.create_task(self._beat(link))
        try:
            async for raw in link.received():
                await self._answer(link, raw)
        finally:
            beating.cancel()
            self._unlink(link)

    def _unlink(self, *links: Link) -> None:
        self._links = [link for link in self._links if link not in links]
        if not self._links:
            self._linked.clear()

    async def _beat(self, link: Link) -> None:
        while True:
            await asyncio.sleep(self._heartbeat)
            await link.send(frames.heartbeat(self.world, self._heartbeat, self.online))

    async def _answer(self, link: Link, raw: str | bytes) -> None:
        try:
            request: Json = dict(orjson.loads(raw))
            call = Call(str(request.get("action")), dict(request.get("params") or {}))
        except (ValueError, TypeError):
            await link.send(Answer(1400, words="json解析失败,请检查数据格式").frame(None))
            return
        self.calls.append(call)
        script = self.faults.script_for(call.action)
        answer = self._carry_out(call) if script.carried_out else Answer(1200, words="Timeout: sendMsg")
        if script.retcode is not None:
            answer = Answer(script.retcode, answer.data, answer.words or "Timeout: sendMsg")
        if script.reset:
            link.reset()
        elif script.answered:
            await self._send_answer(link, call, answer, request.get("echo"), script.delay + self.faults.delay)

    def _carry_out(self, call: Call) -> Answer:
        before = len(self.heard)
        answer = self._actions.perform(call.action, call.params)
        if len(self.heard) > before:
            call.message_id = self.heard[-1].message_id
        return answer

    async def _send_answer(self, link: Link, call: Call, answer: Answer, echo: object, delay: float) -> None:
        async def send() -> None:
            await asyncio.sleep(delay)
            if await link.send(answer.frame(echo)):
                call.retcode = answer.retcode

        if not delay:
            await send()
            return
        task = asyncio.create_task(send())
        self._late_answers.add(task)
        task.add_done_callback(self._late_answers.discard)
