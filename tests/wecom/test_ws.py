"""The long connection as a state machine, on a socket of the test's own: no network, no waiting."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from nonebot.exception import WebSocketClosed

from bot.channels.wecom import AckUnknown, ActionFailed, NetworkError
from bot.channels.wecom.ws import LongConnection, Pace, State
from tests.wecom.fake import until

PING = 29.0


class Socket:
    """The other end is the test."""

    def __init__(self) -> None:
        self.sent: list[dict[str, Any]] = []
        self.incoming: asyncio.Queue[Any] = asyncio.Queue()
        self.answers: dict[str, dict[str, Any] | None] = {}
        self.broken: Exception | None = None

    async def send(self, text: str) -> None:
        if self.broken is not None:
            raise self.broken
        frame = json.loads(text)
        self.sent.append(frame)
        answer = self.answers.get(frame["cmd"], {"errcode": 0, "errmsg": "ok"})
        if answer is not None:
            self.says({"headers": frame["headers"], **answer})

    async def receive(self) -> str:
        item = await self.incoming.get()
        if isinstance(item, Exception):
            raise item
        return str(item)

    def says(self, frame: dict[str, Any]) -> None:
        self.incoming.put_nowait(json.dumps(frame))

    def calls_back(self, body: dict[str, Any], req_id: str = "REQ", command: str = "aibot_msg_callback") -> None:
        self.says({"cmd": command, "headers": {"req_id": req_id}, "body": body})

    def ends(self, error: Exception) -> None:
        self.incoming.put_nowait(error)

    def commands(self) -> list[str]:
        return [frame["cmd"] for frame in self.sent]


class Bench:
    """A connection, the sockets it dialled, the pauses it made, what it heard."""

    def __init__(self, hear: Callable[[dict[str, Any]], Any] | None = None) -> None:
        self.sockets: list[Socket] = []
        self.prepare: Callable[[Socket], None] = lambda socket: None
        self.dial_errors: list[Exception] = []
        self.pauses: list[float] = []
        self.states: list[State] = []
        self.heard: list[dict[str, Any]] = []
        self.tick = asyncio.Event()
        self._hear = hear
        self.line = LongConnection(
            "aib", "secret", self._dial, self._take, self.states.append, Pace(PING, 0.05, 1.0), self._sleep
        )

    @property
    def socket(self) -> Socket:
        return self.sockets[-1]

    @asynccontextmanager
    async def _dial(self) -> AsyncGenerator[Any, None]:
        if self.dial_errors:
            raise self.dial_errors.pop(0)
        socket = Socket()
        self.prepare(socket)
        self.sockets.append(socket)
        yield socket

    async def _take(self, frame: dict[str, Any]) -> None:
        self.heard.append(frame)
        if self._hear is not None:
            await self._hear(frame)

    async def _sleep(self, seconds: float) -> None:
        """Between pings the test says when; pauses before another try are only written down."""
        if seconds == PING:
            await self.tick.wait()
            self.tick.clear()
        else:
            self.pauses.append(seconds)
            await asyncio.sleep(0)

    async def up(self, times: int = 1) -> None:
        await until(lambda: self.states.count(State.UP) == times and self.line.state is State.UP)


@asynccontextmanager
async def running(bench: Bench) -> AsyncGenerator[Bench, None]:
    task = asyncio.create_task(bench.line.run())
    try:
        yield bench
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        await bench.line.close()


async def test_it_subscribes_and_is_up_once_that_is_acknowledged() -> None:
    async with running(Bench()) as bench:
        await bench.up()
        assert bench.socket.sent[0]["body"] == {"bot_id": "aib", "secret": "secret"}
        assert bench.states == [State.CONNECTING, State.UP]
    assert bench.states[-1] is State.CLOSED


@pytest.mark.parametrize(
    "error",
    [
        WebSocketClosed(1000, "bye"),
        WebSocketClosed(1001, "going away"),
        WebSocketClosed(1006),
        TypeError("an ERROR frame of the aiohttp driver"),
        OSError("reset"),
    ],
)
async def test_every_close_but_a_kick_is_followed_by_a_new_connection(error: Exception) -> None:
    async with running(Bench()) as bench:
        await bench.up()
        bench.socket.ends(error)
        await bench.up(2)
    assert len(bench.sockets) == 2
    assert State.WAITING in bench.states


async def test_a_kick_stops_it_with_a_clear_state() -> None:
    bench = Bench()
    task = asyncio.create_task(bench.line.run())
    await bench.up()
    bench.socket.calls_back(
        {"msgtype": "event", "event": {"eventtype": "disconnected_event"}}, command="aibot_event_callback"
    )
    bench.socket.ends(WebSocketClosed(1000))
    await asyncio.wait_for(task, 2)
    assert bench.line.state is State.TAKEN_OVER
    assert str(bench.line.state) == "stopped: another instance took over"
    assert len(bench.sockets) == 1
    with pytest.raises(NetworkError, match="another instance"):
        await bench.line.call("aibot_send_msg", {})
    await bench.line.close()


async def test_after_a_kick_an_operator_can_take_it_back() -> None:
    bench = Bench()
    task = asyncio.create_task(bench.line.run())
    await bench.up()
    bench.socket.calls_back({"msgtype": "event", "event": {"eventtype": "disconnected_event"}})
    await asyncio.wait_for(task, 2)
    async with running(bench):
        await bench.up(2)


async def test_a_refused_secret_is_tried_five_times_and_ever_more_rarely() -> None:
    bench = Bench()
    bench.prepare = lambda socket: socket.answers.update(aibot_subscribe={"errcode": 853000, "errmsg": "no"})
    await asyncio.wait_for(bench.line.run(), 2)
    assert bench.line.state is State.REFUSED
    assert bench.pauses == [15, 30, 60, 120]
    await bench.line.close()


async def test_without_network_it_tries_again_and_again_with_growing_pauses() -> None:
    bench = Bench()
    bench.dial_errors = [OSError("no route")] * 8
    async with running(bench):
        await bench.up()
    rounded = [
        round(pause / nominal, 1) for pause, nominal in zip(bench.pauses, [1, 2, 4, 8, 16, 30, 30, 30], strict=True)
    ]
    assert all(0.8 <= ratio <= 1.2 for ratio in rounded)


async def test_two_pings_without_an_answer_end_a_half_open_connection() -> None:
    async with running(Bench()) as bench:
        await bench.up()
        bench.socket.answers["ping"] = None
        bench.tick.set()
        await until(lambda: bench.socket.commands().count("ping") == 1)
        await until(lambda: not bench.tick.is_set())
        bench.tick.set()
        await bench.up(2)
    assert bench.sockets[0].commands() == ["aibot_subscribe", "ping", "ping"]


async def test_one_lost_ping_is_forgiven() -> None:
    async with running(Bench()) as bench:
        await bench.up()
        for lost in (True, False, True, False):
            bench.socket.answers["ping"] = None if lost else {"errcode": 0}
            sent = len(bench.socket.sent)
            bench.tick.set()
            await until(lambda sent=sent: len(bench.socket.sent) > sent and not bench.tick.is_set())  # type: ignore[misc]  # mypy cannot type a bound default
            await asyncio.sleep(0.06)
        assert len(bench.sockets) == 1
        assert bench.line.silent_seconds() < 5


async def test_answers_find_their_question_in_any_order() -> None:
    async with running(Bench()) as bench:
        await bench.up()
        bench.socket.answers["aibot_send_msg"] = None
        calls = [asyncio.create_task(bench.line.call("aibot_send_msg", {"n": n})) for n in range(3)]
        await until(lambda: bench.socket.commands().count("aibot_send_msg") == 3)
        for frame in reversed(bench.socket.sent[-3:]):
            bench.socket.says({"headers": frame["headers"], "errcode": 0, "n": frame["body"]["n"]})
        assert [answer["n"] for answer in await asyncio.gather(*calls)] == [0, 1, 2]


async def test_replies_to_one_callback_wait_for_each_other() -> None:
    async with running(Bench()) as bench:
        await bench.up()
        bench.socket.answers["aibot_respond_msg"] = None
        calls = [asyncio.create_task(bench.line.call("aibot_respond_msg", {"n": n}, "REQ")) for n in range(2)]
        await until(lambda: len(bench.socket.sent) == 2)
        await asyncio.sleep(0.005)
        assert len(bench.socket.sent) == 2
        bench.socket.says({"headers": {"req_id": "REQ"}, "errcode": 0})
        await until(lambda: len(bench.socket.sent) == 3)
        bench.socket.says({"headers": {"req_id": "REQ"}, "errcode": 846605, "errmsg": "invalid req_id"})
        first, second = await asyncio.gather(*calls, return_exceptions=True)
    assert isinstance(first, dict)
    assert isinstance(second, ActionFailed)
    assert second.errcode == 846605


async def test_an_answer_that_never_comes_is_unknown_and_a_late_one_is_nobodys() -> None:
    async with running(Bench()) as bench:
        await bench.up()
        bench.socket.answers["aibot_send_msg"] = None
        with pytest.raises(AckUnknown):
            await bench.line.call("aibot_send_msg", {})
        bench.socket.says({"headers": bench.socket.sent[-1]["headers"], "errcode": 0})
        bench.socket.answers.clear()
        assert (await bench.line.call("aibot_send_msg", {}))["errcode"] == 0


async def test_a_connection_that_breaks_makes_open_calls_unknown_at_once() -> None:
    async with running(Bench()) as bench:
        await bench.up()
        bench.socket.answers["aibot_send_msg"] = None
        call = asyncio.create_task(bench.line.call("aibot_send_msg", {}))
        await until(lambda: bench.socket.commands()[-1] == "aibot_send_msg")
        bench.socket.ends(WebSocketClosed(1001))
        with pytest.raises(AckUnknown):
            await call


async def test_an_error_that_send_lets_out_is_unknown_too() -> None:
    class ConnectionClosed(Exception):
        """What the websockets driver lets out of `send`."""

    async with running(Bench()) as bench:
        await bench.up()
        bench.socket.broken = ConnectionClosed()
        with pytest.raises(AckUnknown):
            await bench.line.call("aibot_send_msg", {})


async def test_without_a_connection_nothing_was_sent() -> None:
    bench = Bench()
    with pytest.raises(NetworkError) as refused:
        await bench.line.call("aibot_send_msg", {})
    assert not isinstance(refused.value, AckUnknown)


async def test_what_was_heard_is_handled_in_order_even_when_it_calls_back() -> None:
    order: list[str] = []

    async def answer(frame: dict[str, Any]) -> None:
        order.append(frame["body"]["msgid"])
        await bench.line.call("aibot_respond_msg", {}, frame["headers"]["req_id"])
        if frame["body"]["msgid"] == "1":
            raise ValueError("a fault over one message")

    bench = Bench(answer)
    async with running(bench):
        await bench.up()
        for number in range(3):
            bench.socket.calls_back({"msgid": str(number)}, req_id=f"R{number}")
        await until(lambda: bench.socket.commands().count("aibot_respond_msg") == 3)
    assert order == ["0", "1", "2"]


async def test_what_was_heard_is_handled_even_if_the_connection_or_the_bot_stops() -> None:
    release = asyncio.Event()

    async def slow(frame: dict[str, Any]) -> None:
        await release.wait()

    bench = Bench(slow)
    async with running(bench):
        await bench.up()
        for number in range(2):
            bench.socket.calls_back({"msgid": str(number)})
        await until(lambda: len(bench.heard) == 1)
        bench.socket.ends(WebSocketClosed(1001))
        await bench.up(2)
        asyncio.get_running_loop().call_later(0.01, release.set)
    assert [frame["body"]["msgid"] for frame in bench.heard] == ["0", "1"]


async def test_rubbish_on_the_wire_is_left_out() -> None:
    async with running(Bench()) as bench:
        await bench.up()
        for raw in ("", "{", "[]", "null", '{"cmd": 7}', '{"headers": 3}', '{"cmd": "aibot_msg_callback", "body": 3}'):
            bench.socket.incoming.put_nowait(raw)
        bench.socket.calls_back({"msgid": "1"})
        await until(lambda: len(bench.heard) == 2)
        assert len(bench.sockets) == 1
