"""The scripted faults of our service do what their names say, over HTTP and on the long connection."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import pytest
from websockets.asyncio.client import connect

from .wecom import (
    ANSWER_LOST,
    BUSY,
    CALL_LOST,
    HANGING,
    RATE_LIMITED,
    RESET,
    UNAVAILABLE,
    Clock,
    WeComService,
    World,
    refusing,
    slow,
)
from .wecom.plain_bot import PlainCaller, PlainSocket

MORNING = datetime(2026, 11, 23, 9, 41, tzinfo=ZoneInfo("Asia/Shanghai"))


@pytest.fixture
async def service() -> AsyncIterator[WeComService]:
    async with WeComService(World.small(), clock=Clock(MORNING)) as service:
        yield service


@pytest.fixture
async def caller(service: WeComService) -> AsyncIterator[PlainCaller]:
    async with PlainCaller.of(service) as caller:
        yield caller


@pytest.fixture
async def socket(service: WeComService) -> AsyncIterator[PlainSocket]:
    service.world.bot.met.add(("private", "lisi"))
    async with PlainSocket.of(service, service.world.bot) as socket:
        yield socket


async def push(socket: PlainSocket, text: str, seconds: float = 5) -> int:
    body: dict[str, Any] = {"chatid": "lisi", "chat_type": 1, "msgtype": "markdown"}
    ack = await socket.call("aibot_send_msg", body | {"markdown": {"content": text}}, seconds=seconds)
    return int(ack["errcode"])


async def test_an_answer_can_be_lost_after_people_saw_the_message(service: WeComService, caller: PlainCaller) -> None:
    await caller.token()
    service.faults.next("message/send", ANSWER_LOST)
    service.faults.next("send", CALL_LOST)
    for _ in range(2):
        with pytest.raises(httpx.TransportError):
            await caller.tell("lisi", "送达却断线")
    assert [heard.text for heard in service.heard] == ["送达却断线"]
    assert [call.errcode for call in service.calls_of("message/send")] == [None, None]


async def test_a_call_can_hang_until_the_caller_gives_up(service: WeComService, caller: PlainCaller) -> None:
    await caller.token()
    service.faults.next("*", HANGING)
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(caller.tell("lisi", "没有回音"), 0.1)
    assert [heard.text for heard in service.heard] == ["没有回音"]


@pytest.mark.parametrize(("script", "code"), [(BUSY, -1), (RATE_LIMITED, 45009), (refusing(60020), 60020)])
async def test_a_refusal_is_used_up_and_nobody_sees_anything(
    service: WeComService, caller: PlainCaller, script: Any, code: int
) -> None:
    service.faults.next("message/send", script, times=2)
    codes = [(await caller.tell("lisi", "再试"))["errcode"] for _ in range(3)]
    assert codes == [code, code, 0]
    assert len(service.heard) == 1


async def test_media_can_be_unavailable_for_a_while(service: WeComService, caller: PlainCaller) -> None:
    token = await caller.token()
    service.faults.next("media/upload", UNAVAILABLE)
    with pytest.raises(ValueError, match="Expecting value"):
        await caller.upload("media/upload", "x", b"123456", access_token=token, type="file")
    up = await caller.upload("media/upload", "x", b"123456", access_token=token, type="file")
    service.faults.next("media/get", UNAVAILABLE)
    query = {"access_token": token, "media_id": up["media_id"]}
    statuses = [(await caller.fetch("media/get", **query)).status_code for _ in range(2)]
    assert statuses == [503, 200]


async def test_an_encrypted_file_can_be_unavailable_for_a_while(service: WeComService, socket: PlainSocket) -> None:
    await service.send_file("lisi", "月报.docx", b"content")
    url = (await socket.next())["body"]["file"]["url"]
    service.faults.next("file", UNAVAILABLE, times=2)
    async with httpx.AsyncClient(trust_env=False, verify=False) as http:
        assert [(await http.get(url)).status_code for _ in range(3)] == [503, 503, 200]
        service.faults.next("file", RESET)
        with pytest.raises(httpx.TransportError):
            await http.get(url)


async def test_an_ack_can_be_lost_late_or_a_refusal(service: WeComService, socket: PlainSocket) -> None:
    service.faults.next("aibot_send_msg", HANGING)
    with pytest.raises(TimeoutError):
        await push(socket, "没有回执", seconds=0.05)
    service.faults.next("aibot_send_msg", slow(0.1))
    late = asyncio.create_task(push(socket, "慢回执"))
    await service.private_to("lisi", "慢回执")
    assert not late.done()
    assert await push(socket, "快回执") == 0
    assert await late == 0
    service.faults.next("send", BUSY)
    assert await push(socket, "没有送达") == -1
    assert [heard.text for heard in service.heard] == ["没有回执", "慢回执", "快回执"]


async def test_a_second_reply_before_the_ack_of_the_first_is_noted(service: WeComService, socket: PlainSocket) -> None:
    await service.say("lisi", "查询")
    asked = await socket.next()
    service.faults.next("aibot_respond_msg", slow(0.1))
    first = asyncio.create_task(socket.stream(asked, "s1", "一", finish=False))
    await service.private_to("lisi", "一")
    second = asyncio.create_task(socket.stream(asked, "s1", "二"))
    assert [(await one)["errcode"] for one in (first, second)] == [0, 0]
    assert len(service.violations) == 1


async def test_pings_can_stay_unanswered(service: WeComService, socket: PlainSocket) -> None:
    service.faults.next("ping", HANGING, times=2)
    for _ in range(2):
        with pytest.raises(TimeoutError):
            await socket.call("ping", seconds=0.05)
    assert (await socket.call("ping"))["errcode"] == 0


async def test_protocol_pings_are_answered_or_not(service: WeComService) -> None:
    async with connect(service.ws_url, proxy=None, ping_interval=None) as connection:
        await asyncio.wait_for(await connection.ping(), 1)
    service.faults.answers_pings = False
    async with connect(service.ws_url, proxy=None, ping_interval=None) as connection:
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(await connection.ping(), 0.05)


async def test_a_half_open_socket_is_mute_and_deaf_until_it_thaws(service: WeComService, socket: PlainSocket) -> None:
    service.freeze()
    assert not (await service.say("lisi", "没人听见")).reached
    waiting = asyncio.create_task(push(socket, "有人吗"))
    await service.silence(0.05)
    assert not waiting.done()
    service.thaw()
    assert await waiting == 0
    assert socket.callbacks.empty()


async def test_a_new_subscriber_takes_over_from_a_half_open_one(service: WeComService, socket: PlainSocket) -> None:
    service.freeze()
    async with PlainSocket.of(service, service.world.bot) as second:
        await service.say("lisi", "换了条线")
        assert (await second.next())["body"]["text"]["content"] == "换了条线"
    await socket.closed()


@pytest.mark.parametrize("end", ["hang_up", "reset", "kick"])
async def test_however_the_connection_ends_the_bot_can_subscribe_again(
    service: WeComService, socket: PlainSocket, end: str
) -> None:
    if end == "reset":
        service.reset()
    elif end == "kick":
        await service.kick()
    else:
        await service.hang_up(1001)
    await socket.closed()
    await service.vacant()
    assert not (await service.say("lisi", "断线时说的")).reached
    async with PlainSocket.of(service, service.world.bot) as again:
        await service.say("lisi", "回来以后说的")
        assert (await again.next())["body"]["text"]["content"] == "回来以后说的"
        assert again.callbacks.empty()


async def test_messages_come_twice_or_never(service: WeComService, socket: PlainSocket) -> None:
    service.faults.duplicate = 1
    await service.say("lisi", "两次")
    first, second = await socket.next(), await socket.next()
    assert first == second
    service.faults.drop = 1
    assert not (await service.say("lisi", "丢了")).reached
    await service.push_raw('{"cmd":"aibot_msg_callback","headers":{}}')
    assert (await socket.next())["headers"] == {}


async def test_a_subscribe_can_be_refused_for_a_while(service: WeComService) -> None:
    service.faults.next("aibot_subscribe", refusing(40016))
    async with PlainSocket.of(service) as socket:
        assert (await socket.subscribe(service.world.bot))["errcode"] == 40016
        assert not service.is_subscribed()
        assert (await socket.subscribe(service.world.bot))["errcode"] == 0


async def test_a_socket_can_break_instead_of_acknowledging(service: WeComService, socket: PlainSocket) -> None:
    service.faults.next("aibot_send_msg", ANSWER_LOST)
    with pytest.raises(TimeoutError):
        await push(socket, "最后一句", seconds=0.1)
    await socket.closed()
    assert [heard.text for heard in service.heard] == ["最后一句"]
