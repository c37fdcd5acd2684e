"""Our endpoint against aiocqhttp and plain sockets: what people say arrives, what is asked is answered."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from .conftest import MORNING, TOKEN
from .onebot import OneBotPeer, PeerRefused, World
from .plain_application import PlainApplication
from .process import environment, free_port

GROUP = 200001


class Oracle:
    """aiocqhttp in a process of its own; `tells` waits for the next line of this kind."""

    def __init__(self, port: int, process: asyncio.subprocess.Process) -> None:
        self.port = port
        self._process = process

    async def tells(self, what: str, seconds: float = 10) -> dict[str, Any]:
        async with asyncio.timeout(seconds):
            while True:
                assert self._process.stdout is not None
                line = await self._process.stdout.readline()
                assert line, "aiocqhttp ended"
                told: dict[str, Any] = json.loads(line) if line.startswith(b"{") else {}
                if told.get("what") == what:
                    return told


@asynccontextmanager
async def aiocqhttp(token: str) -> AsyncIterator[Oracle]:
    port = free_port()
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        str(Path(__file__).with_name("aiocqhttp_application.py")),
        str(port),
        token,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        env=environment(),
    )
    try:
        oracle = Oracle(port, process)
        await oracle.tells("listening")
        yield oracle
    finally:
        process.kill()
        await process.communicate()


async def test_aiocqhttp_understands_the_people_and_the_people_understand_aiocqhttp(world: World) -> None:
    async with (
        aiocqhttp(TOKEN) as oracle,
        OneBotPeer.reverse(
            world, port=oracle.port, path="/ws/", token=TOKEN, heartbeat=0.1, reconnect_after=0.1
        ) as peer,
    ):
        await peer.connected()
        assert (await oracle.tells("meta_event.lifecycle.connect"))["self_id"] == 3001
        await oracle.tells("meta_event.heartbeat")
        await group_talk_is_parsed_and_answered(peer, oracle)
        await a_stranger_in_private_is_parsed_and_answered(peer, oracle)
        await a_file_in_the_group_is_announced_and_can_be_fetched(peer, oracle)
        assert {call.retcode for call in peer.calls} == {0}


async def group_talk_is_parsed_and_answered(peer: OneBotPeer, oracle: Oracle) -> None:
    earlier = await peer.say(10002, "上周的[简报]发了吗，A&B？", GROUP)
    assert (await oracle.tells("message.group.normal"))["same_as_raw"]
    asked = await peer.say(10001, "收到请回复", GROUP, at_bot=True, quote=earlier, at=[10002])
    told = await oracle.tells("message.group.normal")
    assert (told["user_id"], told["group_id"], told["card"]) == (10001, GROUP, "发改委-张三")
    assert told["types"] == ["reply", "at", "at", "text"]
    assert told["text"].strip() == "收到请回复"
    assert told["same_as_raw"]
    answer = await peer.answer_to(asked)
    assert (answer.chat, answer.target, answer.text) == ("group", GROUP, "收到")
    assert (await oracle.tells("sent"))["message_id"] == answer.message_id
    await peer.say(10001, "名单", GROUP)
    assert "发改委-张三、云山县-李四" in (await peer.group_hears(GROUP, "、")).text


async def a_stranger_in_private_is_parsed_and_answered(peer: OneBotPeer, oracle: Oracle) -> None:
    await peer.say(10001, "收到请回复")
    assert (await oracle.tells("message.private.friend"))["user_id"] == 10001
    assert (await peer.private_to(10001, "收到")).chat == "private"
    await peer.say(10004, "收到请回复")
    assert (await oracle.tells("message.private.group"))["user_id"] == 10004


async def a_file_in_the_group_is_announced_and_can_be_fetched(peer: OneBotPeer, oracle: Oracle) -> None:
    dropped = await peer.drop_file(10002, "材料.docx", b"PK-content", GROUP, "notice-first")
    notice = await oracle.tells("notice.group_upload")
    assert notice["file"] == {"id": dropped.notice_file_id, "name": "材料.docx", "size": 10, "busid": 102}
    url = (await oracle.tells("url"))["url"]
    async with httpx.AsyncClient(trust_env=False) as client:
        assert (await client.get(url)).content == b"PK-content"


async def test_aiocqhttp_refuses_a_wrong_token(world: World) -> None:
    async with aiocqhttp(TOKEN) as oracle:
        await until_it_listens(oracle.port)
        with pytest.raises(PeerRefused, match="403"):
            async with OneBotPeer.reverse(world, port=oracle.port, path="/ws/", token="guessed"):
                pass


async def until_it_listens(port: int) -> None:
    async with asyncio.timeout(10):
        while True:
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", port)
            except ConnectionRefusedError:
                await asyncio.sleep(0.05)
                continue
            writer.close()
            await writer.wait_closed()
            return


async def test_the_endpoint_introduces_itself_as_napcat_does(peer: OneBotPeer, application: PlainApplication) -> None:
    headers = application.headers[0]
    assert headers["x-self-id"] == "3001"
    assert headers["x-client-role"] == "Universal"
    assert headers["authorization"] == f"Bearer {TOKEN}"
    assert headers["user-agent"] == "OneBot/11"
    greeting = (await application.until_events(1))[0]
    assert greeting == {
        "time": int(MORNING.timestamp()),
        "self_id": 3001,
        "post_type": "meta_event",
        "meta_event_type": "lifecycle",
        "sub_type": "connect",
    }


async def test_a_group_message_travels_in_napcats_array_format(peer: OneBotPeer, application: PlainApplication) -> None:
    earlier = await peer.say(10002, "早", GROUP)
    message_id = await peer.say(10001, "报送 标题", GROUP, at_bot=True, quote=earlier)
    await application.until_said(2)
    frame = application.events[-1]
    assert frame == {
        "time": int(MORNING.timestamp()),
        "self_id": 3001,
        "post_type": "message",
        "message_type": "group",
        "sub_type": "normal",
        "message_id": message_id,
        "message_seq": message_id,
        "real_id": message_id,
        "real_seq": "2108902",
        "group_id": GROUP,
        "group_name": "某市信息报送群",
        "user_id": 10001,
        "font": 14,
        "message_format": "array",
        "raw_message": f"[CQ:reply,id={earlier}][CQ:at,qq=3001] 报送 标题",
        "message": [
            {"type": "reply", "data": {"id": str(earlier)}},
            {"type": "at", "data": {"qq": "3001"}},
            {"type": "text", "data": {"text": " 报送 标题"}},
        ],
        "sender": {
            "user_id": 10001,
            "nickname": "张三",
            "card": "发改委-张三",
            "role": "member",
            "sex": "unknown",
            "age": 0,
            "level": "1",
            "title": "",
        },
    }


async def test_a_bot_that_connects_by_itself_is_greeted_and_served(world: World) -> None:
    port, application = free_port(), PlainApplication()
    async with (
        OneBotPeer.forward(world, port=port, token=TOKEN) as peer,
        application.connected_to(port, TOKEN),
    ):
        assert (await application.until_events(1))[0]["sub_type"] == "connect"
        await peer.say(10001, "在吗")
        assert await application.until_said(1) == ["在吗"]
        answer = await application.call("send_private_msg", user_id=10001, message="在")
        assert answer["status"] == "ok"
        assert (await peer.private_to(10001)).message_id == answer["data"]["message_id"]


async def test_a_bot_with_a_wrong_token_hears_1403_and_nothing_else(world: World) -> None:
    port, application = free_port(), PlainApplication()
    async with OneBotPeer.forward(world, port=port, token=TOKEN) as peer:
        async with application.connected_to(port, "guessed"):
            async with asyncio.timeout(5):
                while not application.strays or application.connections:
                    await asyncio.sleep(0.01)
        assert application.strays[0]["retcode"] == 1403
        assert application.events == []
        assert not peer.is_connected()
