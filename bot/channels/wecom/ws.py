"""An AI bot's long connection (document 101463): subscribe, ping, answers matched by request id, reconnect.

    connecting ── subscribed ──> connected ── any close ──> waiting ──> connecting ...
                                     └─ disconnected_event ──> taken over: stays there until `run` is called again
                └─ five refusals ──> refused: the same

There is one live connection per bot. After a kick nobody reconnects, or two instances would fight for ever. Frames are
never logged: they hold the secret, files' keys and what people wrote.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, NoReturn

from nonebot.drivers import WebSocket

from .acks import Acks
from .client import Sleep, checked
from .exception import AckUnknown, ActionFailed, CallbackRefused, NetworkError
from .log import log
from .parse import child, event_type, json_payload, text_of
from .utils import request_id
from .wire import json_bytes

MESSAGE = "aibot_msg_callback"
EVENT = "aibot_event_callback"
CALLBACKS = frozenset({MESSAGE, EVENT})
KICK = "disconnected_event"

REFUSALS = 5
FIRST_REFUSAL_PAUSE = 15.0
LONGEST_PAUSE = 30.0
BACKLOG = 1000
DRAIN_SECONDS = 5.0


class State(StrEnum):
    """Where the connection stands."""

    IDLE = "not started"
    CONNECTING = "connecting"
    UP = "connected"
    WAITING = "waiting to connect again"
    TAKEN_OVER = "stopped: another instance took over"
    REFUSED = "stopped: the bot id or the secret was refused"
    CLOSED = "stopped"


@dataclass(frozen=True, slots=True)
class Pace:
    """Seconds: between pings, for an answer, for the handshake. Two pings without an answer end a connection."""

    ping: float = 30.0
    ack: float = 5.0
    connect: float = 10.0


class TakenOver(Exception):
    """Another client subscribed as the same bot."""


class SubscribeRefused(Exception):
    """The service does not know the bot by this secret."""

    def __init__(self, errcode: int) -> None:
        super().__init__(f"errcode {errcode}")
        self.errcode = errcode


Dial = Callable[[], AbstractAsyncContextManager[WebSocket]]
Hear = Callable[[dict[str, Any]], Awaitable[None]]
"""Takes one callback frame; called one after another, in the order they came. Must not raise."""


class LongConnection:
    """One bot's connection, for as long as `run` runs."""

    def __init__(
        self,
        bot_id: str,
        secret: str,
        dial: Dial,
        hear: Hear,
        changed: Callable[[State], None],
        pace: Pace,
        sleep: Sleep = asyncio.sleep,
    ) -> None:
        self._bot_id = bot_id
        self._secret = secret
        self._dial = dial
        self._hear = hear
        self._changed = changed
        self._pace = pace
        self._sleep = sleep
        self._state = State.IDLE
        self._socket: WebSocket | None = None
        self._acks = Acks()
        self._inbox: asyncio.Queue[dict[str, Any]] = asyncio.Queue(BACKLOG)
        self._heard_at = 0.0
        self._worker: asyncio.Task[None] | None = None

    @property
    def state(self) -> State:
        """Where it stands now."""
        return self._state

    def silent_seconds(self) -> float:
        """How long nothing came; a half-open connection shows here first."""
        return time.monotonic() - self._heard_at

    async def run(self) -> None:
        """Connect and stay connected. Returns when taken over or refused; cancel it to stop, then `close`."""
        if self._worker is None:
            self._worker = asyncio.create_task(self._work())
        try:
            await self._stay()
        except asyncio.CancelledError:
            self._turn(State.CLOSED)
            raise

    async def _stay(self) -> None:
        failures = refusals = 0
        while True:
            try:
                self._turn(State.CONNECTING)
                await self._session()
            except TakenOver:
                return self._stop(State.TAKEN_OVER)
            except SubscribeRefused as refused:
                refusals += 1
                log("ERROR", f"the AI bot's subscription was refused: errcode {refused.errcode}")
                if refusals >= REFUSALS:
                    return self._stop(State.REFUSED)
                pause = FIRST_REFUSAL_PAUSE * 2 ** (refusals - 1)
            except Exception as error:  # boundary: each driver fails in its own ways (ERROR frames, closed sockets)
                was_up = self._state is State.UP
                failures, refusals = (1, 0) if was_up else (failures + 1, refusals)
                log("WARNING", f"the long connection is gone ({_name_of(error)}); it is built up again")
                pause = min(2.0 ** (failures - 1), LONGEST_PAUSE) * random.uniform(0.8, 1.2)
            self._turn(State.WAITING)
            await self._sleep(pause)

    def _stop(self, state: State) -> None:
        self._turn(state)
        log("ERROR", f"the long connection of the AI bot has {state}")

    def _turn(self, state: State) -> None:
        if state is not self._state:
            self._state = state
            self._changed(state)

    async def _session(self) -> NoReturn:
        """One connection, until it ends with an exception."""
        async with AsyncExitStack() as stack:
            async with asyncio.timeout(self._pace.connect):
                socket = await stack.enter_async_context(self._dial())
            self._socket = socket
            tasks = [asyncio.create_task(part) for part in (self._read(socket), self._keep())]
            try:
                await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            finally:
                self._socket = None
                ends = await _ended(tasks)
                self._acks.break_off()
        raise next((end for end in ends if isinstance(end, TakenOver | SubscribeRefused)), ends[0])

    async def _read(self, socket: WebSocket) -> NoReturn:
        while True:
            raw = await socket.receive()
            self._heard_at = time.monotonic()
            try:
                frame = json_payload(raw if isinstance(raw, str) else raw.decode("utf-8", "replace"))
            except CallbackRefused:
                log("WARNING", "a frame that is no JSON object was left out")
                continue
            if frame.get("cmd") not in CALLBACKS:
                self._acks.settle(text_of(child(frame, "headers"), "req_id"), frame)
            elif event_type(child(frame, "body")) == KICK:
                raise TakenOver
            else:
                await self._inbox.put(frame)

    async def _keep(self) -> NoReturn:
        """Subscribe, then ping for ever."""
        try:
            await self._ask("aibot_subscribe", {"bot_id": self._bot_id, "secret": self._secret})
        except ActionFailed as failed:
            raise SubscribeRefused(failed.errcode) from None
        self._turn(State.UP)
        missed = 0
        while True:
            await self._sleep(self._pace.ping)
            try:
                await self._ask("ping", None)
                missed = 0
            except AckUnknown:
                missed += 1
            if missed >= 2:
                raise NetworkError("two pings without an answer")

    async def call(self, command: str, body: Mapping[str, Any], req_id: str = "") -> dict[str, Any]:
        """Send a command and wait for its answer; replies to one callback go out one after another.

        Raises NetworkError (not connected, nothing was sent), AckUnknown (sent, no answer) or ActionFailed.
        """
        async with self._acks.turn(req_id):
            if self._state is not State.UP:
                raise NetworkError(f"the long connection is not up: {self._state}")
            return await self._ask(command, body, req_id)

    async def _ask(self, command: str, body: Mapping[str, Any] | None, req_id: str = "") -> dict[str, Any]:
        socket = self._socket
        if socket is None:
            raise NetworkError("the long connection is not up")
        number = req_id or request_id(command)
        frame: dict[str, Any] = {"cmd": command, "headers": {"req_id": number}}
        if body is not None:
            frame["body"] = dict(body)
        with self._acks.expect(number) as answer:
            reason = ""
            try:
                async with asyncio.timeout(self._pace.ack):
                    await socket.send(json_bytes(frame).decode())
                    return checked(command, await answer)
            except (ActionFailed, NetworkError):
                raise
            except Exception as error:  # boundary: the websockets driver lets ConnectionClosed out of `send`
                reason = _name_of(error)
        raise AckUnknown(f"{command}: {reason}")

    async def _work(self) -> None:
        while True:
            frame = await self._inbox.get()
            try:
                await self._hear(frame)
            except Exception as error:  # boundary: a fault over one message must not stop all that follow
                log("ERROR", f"a callback was not taken in: {_name_of(error)}")
            finally:
                self._inbox.task_done()

    async def close(self) -> None:
        """Handle what was received before the end: the service will not send it again."""
        worker, self._worker = self._worker, None
        if worker is None:
            return
        try:
            async with asyncio.timeout(DRAIN_SECONDS):
                await self._inbox.join()
        except TimeoutError:
            log("ERROR", f"{self._inbox.qsize()} callbacks were not handled before the stop")
        worker.cancel()
        await asyncio.gather(worker, return_exceptions=True)


async def _ended(tasks: list[asyncio.Task[NoReturn]]) -> list[BaseException]:
    """Stop what still runs; why each ended, the first to end first."""
    first = [task for task in tasks if task.done()]
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    return [_end_of(task) for task in (*first, *(task for task in tasks if task not in first))]


def _end_of(task: asyncio.Task[NoReturn]) -> BaseException:
    return NetworkError("stopped") if task.cancelled() else task.exception() or NetworkError("ended")


def _name_of(error: BaseException) -> str:
    return error.reason if isinstance(error, NetworkError) else type(error).__name__
