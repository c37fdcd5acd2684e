"""The load generator: a OneBot V11 endpoint on a reverse WebSocket that plays 50 groups and counts.

It answers every API call at once and keeps, of each `send_*`, only the time and the quoted message id; what
was lost, doubled or out of order is worked out afterwards. Frames are encoded before a phase, compression
is off. Source of the frames: OneBot 11, communication/ws-reverse.md, event/message.md, api/public.md.
"""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Any

import orjson
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake

from benchmarks.corpus import Message
from benchmarks.figures import percentile

SELF_ID = 3_000_000_001
PATH = "/onebot/v11/ws"
_SENDS = frozenset({"send_group_msg", "send_private_msg", "send_msg"})
_QUOTED = re.compile(r"\[CQ:reply,id=(-?\d+)")
_FACTS: dict[str, dict[str, object]] = {
    "get_login_info": {"user_id": SELF_ID, "nickname": "bench"},
    "get_status": {"online": True, "good": True},
    "get_version_info": {"app_name": "baosong-bench", "app_version": "1", "protocol_version": "v11"},
}


class NotListening(RuntimeError):
    """The program did not accept the connection in time."""


@dataclass(frozen=True, slots=True)
class Tally:
    """What one phase brought. Latencies: milliseconds since a message was due (in a burst: its start)."""

    sent: int
    answered: int
    lost: int
    duplicates: int
    disordered: int
    p50: float | None
    p99: float | None
    throughput: float | None
    broken: bool

    @property
    def faults(self) -> int:
        """Lost, doubled and overtaken answers together: 0 is what everybody wants."""
        return self.lost + self.duplicates + self.disordered


def frame(message: Message) -> bytes:
    """A group message event as OneBot 11 writes it, text as one segment."""
    return orjson.dumps(
        {
            "time": int(time.time()),
            "self_id": SELF_ID,
            "post_type": "message",
            "message_type": "group",
            "sub_type": "normal",
            "message_id": message.message_id,
            "group_id": message.group_id,
            "user_id": message.user_id,
            "anonymous": None,
            "message": [{"type": "text", "data": {"text": message.text}}],
            "raw_message": message.text,
            "font": 0,
            "sender": {"user_id": message.user_id, "nickname": f"成员{message.user_id}", "role": "member"},
        }
    )


def quoted_id(content: Any) -> int | None:
    """The id of the message that an outgoing message quotes, from segments or from CQ text."""
    if isinstance(content, str):
        found = _QUOTED.search(content)
        return int(found[1]) if found else None
    for segment in content:
        if segment["type"] == "reply":
            return int(segment["data"]["id"])
    return None


class Endpoint:
    """One connection to the program under test; `answers` holds (seconds, quoted message id) as they came."""

    def __init__(self, socket: ClientConnection) -> None:
        self._socket = socket
        self._waiting: set[int] = set()
        self._complete = asyncio.Event()
        self._sent_id = 0
        self.answers: list[tuple[float, int]] = []
        self.unquoted = 0
        self.broken = False

    async def serve(self) -> None:
        """Answer API calls until the connection ends."""
        try:
            async for raw in self._socket:
                call = orjson.loads(raw)
                if "action" in call:
                    await self._socket.send(self._answer(call), text=True)
        except ConnectionClosed:
            pass
        self.broken = True
        self._complete.set()

    def _answer(self, call: dict[str, Any]) -> bytes:
        action = call["action"]
        if action in _SENDS:
            self._note(quoted_id(call["params"]["message"]))
            self._sent_id += 1
            data: object = {"message_id": 1_000_000_000 + self._sent_id}
        else:
            data = _FACTS.get(action)
        known = {"status": "ok", "retcode": 0} if data is not None else {"status": "failed", "retcode": 1404}
        return orjson.dumps({**known, "data": data, "echo": call.get("echo")})

    def _note(self, quoted: int | None) -> None:
        if quoted is None:
            self.unquoted += 1
            return
        self.answers.append((time.perf_counter(), quoted))
        self._waiting.discard(quoted)
        if not self._waiting:
            self._complete.set()

    def expect(self, messages: Sequence[Message]) -> None:
        """Forget what came so far and wait for an answer to each of these."""
        self.answers = []
        self.unquoted = 0
        self._waiting = {message.message_id for message in messages}
        self._complete.clear()

    async def send(self, raw: bytes) -> bool:
        """Put a frame on the wire; False once the connection is gone."""
        if self.broken:
            return False
        try:
            await self._socket.send(raw, text=True)
        except ConnectionClosed:
            self.broken = True
        return not self.broken

    async def finished(self, limit_s: float, linger_s: float = 0.3) -> None:
        """Wait until all is answered or `limit_s` is over, then a little for answers that come twice."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self._complete.wait(), limit_s)
        await asyncio.sleep(linger_s)


@asynccontextmanager
async def connected(port: int, token: str, limit_s: float) -> AsyncIterator[Endpoint]:
    """Knock until the program listens (NotListening after `limit_s`), then play the endpoint."""
    try:
        async with asyncio.timeout(limit_s):
            socket = await _knock(f"ws://127.0.0.1:{port}{PATH}", _headers(token))
    except TimeoutError:
        raise NotListening(f"nothing took the connection within {limit_s:.0f} s") from None
    endpoint = Endpoint(socket)
    serving = asyncio.create_task(endpoint.serve())
    try:
        await endpoint.send(orjson.dumps(_lifecycle()))
        yield endpoint
    finally:
        serving.cancel()
        with suppress(asyncio.CancelledError):
            await serving
        # Abort instead of a closing handshake: a program that is behind would keep us waiting.
        socket.transport.abort()


async def _knock(url: str, headers: dict[str, str]) -> ClientConnection:
    while True:
        try:
            return await connect(
                url,
                additional_headers=headers,
                compression=None,
                max_queue=None,
                max_size=None,
                ping_interval=None,
                proxy=None,
            )
        except (OSError, InvalidHandshake):
            await asyncio.sleep(0.01)


def _headers(token: str) -> dict[str, str]:
    own = {"X-Self-ID": str(SELF_ID), "X-Client-Role": "Universal"}
    return {**own, "Authorization": f"Bearer {token}"} if token else own


def _lifecycle() -> dict[str, object]:
    return {
        "time": int(time.time()),
        "self_id": SELF_ID,
        "post_type": "meta_event",
        "meta_event_type": "lifecycle",
        "sub_type": "connect",
    }


async def burst(endpoint: Endpoint, messages: Sequence[Message], limit_s: float) -> Tally:
    """Send all at once; every latency counts from the first."""
    frames = [frame(message) for message in messages]
    endpoint.expect(messages)
    start = time.perf_counter()
    for raw in frames:
        if not await endpoint.send(raw):
            break
    await endpoint.finished(limit_s)
    return tally(endpoint, messages, dict.fromkeys((m.message_id for m in messages), start))


async def paced(endpoint: Endpoint, messages: Sequence[Message], rate: float, limit_s: float) -> Tally:
    """Send `rate` messages a second; each latency counts from the moment its message was due."""
    frames = [frame(message) for message in messages]
    endpoint.expect(messages)
    start = time.perf_counter()
    due: dict[int, float] = {}
    for place, (message, raw) in enumerate(zip(messages, frames, strict=True)):
        due[message.message_id] = start + place / rate
        await asyncio.sleep(max(0.0, due[message.message_id] - time.perf_counter()))
        if not await endpoint.send(raw):
            break
    await endpoint.finished(limit_s)
    return tally(endpoint, messages, {m.message_id: start for m in messages} | due)


async def chatter(endpoint: Endpoint, messages: Sequence[Message], last: Message, limit_s: float) -> Tally:
    """Send what must stay unanswered, and behind it `last`, whose answer tells that all was read.

    In the result `answered` counts answers to chatter, and `lost` is 1 if `last` got none.
    """
    frames = [frame(message) for message in [*messages, last]]
    endpoint.expect([last])
    for raw in frames:
        if not await endpoint.send(raw):
            break
    await endpoint.finished(limit_s)
    quoted = [message_id for _, message_id in endpoint.answers]
    wrong = len(quoted) - quoted.count(last.message_id) + endpoint.unquoted
    lost = int(last.message_id not in quoted)
    return Tally(len(messages), wrong, lost, 0, 0, None, None, None, endpoint.broken)


def tally(endpoint: Endpoint, messages: Sequence[Message], due: dict[int, float]) -> Tally:
    """Count answered, lost, doubled and overtaken messages of a phase; answers to others are left out."""
    groups = {message.message_id: message.group_id for message in messages}
    newest: dict[int, int] = {}
    first: dict[int, float] = {}
    duplicates = disordered = 0
    for at, quoted in endpoint.answers:
        if quoted not in groups:
            continue
        if quoted in first:
            duplicates += 1
            continue
        first[quoted] = at
        disordered += quoted < newest.get(groups[quoted], 0)
        newest[groups[quoted]] = max(quoted, newest.get(groups[quoted], 0))
    waits = [(at - due[quoted]) * 1000 for quoted, at in first.items()]
    length = max(first.values()) - min(due.values()) if first else 0.0
    return Tally(
        sent=len(messages),
        answered=len(first),
        lost=len(messages) - len(first),
        duplicates=duplicates,
        disordered=disordered,
        p50=percentile(waits, 0.5),
        p99=percentile(waits, 0.99),
        throughput=len(first) / length if length else None,
        broken=endpoint.broken,
    )
