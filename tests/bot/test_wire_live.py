"""What endpoints do to a connection, and that the bot goes on: frames that are none, answers that come twice, sockets
that die, silences."""

from __future__ import annotations

import asyncio
import base64
import logging
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.asyncio.server import ServerConnection, serve

from bot.gateway import IN_HAND
from domain.moment import to_ms
from domain.speech import Outgoing
from storage import outbox
from storage.engine import Tx
from storage.outbox import Sending
from tests.bot.harness import TOKEN, Served, city_world, onebot, served, until
from tests.peers.onebot import ANSWER_LOST, CALL_LOST, OneBotPeer, PeerRefused
from tests.peers.process import free_port
from tests.support.city import SUBMIT_GROUP
from tests.support.stage import ACCOUNTS

GROUP = int(SUBMIT_GROUP)
ZHANG = int(ACCOUNTS["张三"])
PICTURE = b"\x89PNG\r\n\x1a\n" + bytes(64)
ITEM = "/报送 春耕备耕进展顺利\n截至3月10日，全县春耕面积过半。"


@pytest.fixture
async def bot(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Served]:
    async with served(tmp_path, monkeypatch, onebot=onebot()) as house:
        yield house


def _states(tx: Tx) -> list[tuple[int, int]]:
    return [(row[0], row[1]) for row in tx.all("SELECT id, state FROM outbox ORDER BY id")]


async def states(bot: Served) -> list[Sending]:
    return [Sending(state) for _, state in await bot.parts.store.read(_states)]


def raw_link(bot: Served, self_id: str = "3001", token: str = TOKEN) -> connect:
    """A bare WebSocket, for frames no endpoint would send."""
    headers = {"X-Self-ID": self_id, "Authorization": f"Bearer {token}"}
    return connect(f"ws://127.0.0.1:{bot.port}/onebot/v11/ws", additional_headers=headers, proxy=None, close_timeout=1)


async def greet(link: ClientConnection, self_id: int = 3001) -> None:
    await link.send(
        f'{{"time":1,"self_id":{self_id},"post_type":"meta_event","meta_event_type":"lifecycle","sub_type":"connect"}}'
    )


def message(text: str, message_id: int, self_id: int = 3001) -> str:
    """A private message of 张三 as raw JSON; `text` is put between the quotes as it is."""
    return (
        f'{{"time":1795411768,"self_id":{self_id},"post_type":"message","message_type":"private","user_id":{ZHANG},'
        f'"message_id":{message_id},"message":[{{"type":"text","data":{{"text":"{text}"}}}}]}}'
    )


async def call_of(link: ClientConnection, seconds: float = 5) -> dict[str, Any]:
    """The next call of the bot."""
    async with asyncio.timeout(seconds):
        call: dict[str, Any] = httpx.Response(200, content=await link.recv()).json()
        return call


@pytest.mark.parametrize("token", ["", "wrong", "gateway-toke", "gateway-token\u00e9"])
async def test_a_connection_without_the_token_is_refused(bot: Served, token: str) -> None:
    with pytest.raises(PeerRefused) as refused:
        async with bot.peer(token=token.encode().decode("latin-1")):
            pass
    assert refused.value.status == 403


@pytest.mark.parametrize(
    "frame",
    ["{", "", "[]", "7", "null", '"text"', "\x00", "[" * 5000, '{"post_type":[]}', '{"post_type":"message"}',
     '{"echo":{}}', '{"post_type":"meta_event","meta_event_type":[]}', '{"post_type":{"a":1},"self_id":3001}'],
)  # fmt: skip
async def test_a_frame_that_is_none_costs_a_log_line_not_the_connection(bot: Served, frame: str) -> None:
    async with raw_link(bot) as link:
        await greet(link)
        await link.send(frame)
        await link.send(message("/报送", 1))
        assert (await call_of(link))["action"] == "send_private_msg"


async def test_half_an_emoji_does_not_lose_the_message(bot: Served) -> None:
    async with raw_link(bot) as link:
        await greet(link)
        await link.send(message("/报送 春耕\\ud83d\\n正文。\\u0000", 1))
        assert "《春耕?》" in (await call_of(link))["params"]["message"][1]["data"]["text"]


async def test_frames_of_another_account_on_this_connection_are_nobody_s(bot: Served) -> None:
    async with raw_link(bot) as link:
        await greet(link)
        await link.send(message("/报送", 1, self_id=9999))
        await link.send(message("/报送", 2))
        assert (await call_of(link))["params"]["message"][0]["data"]["id"] == "2"


async def test_a_second_account_is_refused_as_long_as_the_first_is_there(bot: Served) -> None:
    async with bot.peer() as peer:
        await until(lambda: bot.parts.channels["onebot"].up)
        with pytest.raises(Exception, match="403"):
            async with raw_link(bot, self_id="9999"):
                pass
        await peer.answer_to(await peer.say(ZHANG, ITEM, GROUP))


async def test_an_answer_that_comes_twice_settles_one_call(bot: Served) -> None:
    async with raw_link(bot) as link:
        await greet(link)
        for number in (1, 2):
            await link.send(message("/报送", number))
            echo = (await call_of(link))["echo"]
            answer = f'{{"status":"ok","retcode":0,"data":{{"message_id":{number}}},"echo":"{echo}"}}'
            await link.send(answer)
            await link.send(answer)
        await until_states(bot, [Sending.SENT, Sending.SENT])


async def until_states(bot: Served, wanted: list[Sending], seconds: float = 5) -> None:
    async with asyncio.timeout(seconds):
        while await states(bot) != wanted:
            await asyncio.sleep(0.02)


async def test_a_call_whose_connection_dies_is_unknown_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with served(tmp_path, monkeypatch, onebot=onebot(call_seconds=60.0)) as bot, bot.peer() as peer:
        peer.faults.next("send", CALL_LOST)
        await peer.say(ZHANG, ITEM, GROUP)
        await until(lambda: peer.calls_of("send_group_msg"))
        peer.reset()
        await until_states(bot, [Sending.UNKNOWN], seconds=2)


async def test_a_new_connection_takes_the_place_of_a_half_open_one_at_once(bot: Served) -> None:
    async with bot.peer() as peer:
        await peer.answer_to(await peer.say(ZHANG, ITEM, GROUP))
        await peer.reconnect(abandon=True)
        await peer.answer_to(await peer.say(ZHANG, "/报送 第二条\n正文二。", GROUP), seconds=3)
        assert bot.parts.channels["onebot"].up


async def test_a_call_under_way_on_the_half_open_connection_is_unknown_when_its_successor_comes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with served(tmp_path, monkeypatch, onebot=onebot(call_seconds=60.0)) as bot, bot.peer() as peer:
        peer.faults.next("send", CALL_LOST)
        await peer.say(ZHANG, ITEM, GROUP)
        await until(lambda: peer.calls_of("send_group_msg"))
        await peer.reconnect(abandon=True)
        await until_states(bot, [Sending.UNKNOWN], seconds=2)


async def test_what_the_bot_itself_said_is_not_heard(bot: Served) -> None:
    async with raw_link(bot) as link:
        await greet(link)
        await link.send(message("/报送", 1).replace('"message"', '"message_sent"', 1))
        await link.send(message("/报送", 2))
        assert (await call_of(link))["params"]["message"][0]["data"]["id"] == "2"


async def test_codes_in_what_people_write_go_out_as_plain_text(bot: Served) -> None:
    async with bot.peer() as peer:
        said = await peer.say(ZHANG, "/报送 [CQ:at,qq=all]通知\n正文 [CQ:image,file=x]。", GROUP)
        heard = await peer.answer_to(said)
        assert "[CQ:at,qq=all]" in heard.text
        assert heard.mentions == []
        assert [part["type"] for part in heard.segments] == ["reply", "text"]


async def test_a_picture_shows_itself_in_the_chat(bot: Served) -> None:
    picture = Outgoing("", file_name="榜.png", file_base64=base64.b64encode(PICTURE).decode(), picture=True)

    def queue(tx: Tx) -> None:
        outbox.put(tx, "onebot", f"g:{GROUP}", picture, dedup="picture", kind="test", now_ms=to_ms(bot.clock.now()))

    async with bot.peer() as peer:
        await bot.parts.store.run(queue)
        await until(lambda: peer.heard)
        [heard] = peer.heard
        assert heard.images == [PICTURE]


async def test_a_burst_of_five_thousand_before_a_slow_store_loses_nothing_and_sends_nothing_twice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The wire is held back while too much is in hand; answers to our calls come behind the burst, and in time."""
    monkeypatch.setattr("storage.engine._COMMIT_DELAY", 0.1)

    def text(number: int) -> str:
        return "/我的得分" if number < 5 else f"/zzzzzz {number}"

    async with served(tmp_path, monkeypatch, onebot=onebot(call_seconds=0.5)) as bot, bot.peer() as peer:
        telling = asyncio.create_task(peer.burst(5_000, [GROUP], text))
        await until(lambda: bot.parts.gateway.in_hand == IN_HAND)
        await telling
        await until(lambda: bot.parts.gateway.handled.total() == 5_000, seconds=60)
        await until(lambda: not bot.parts.gateway.busy and not bot.parts.courier.busy, seconds=60)
        assert bot.parts.gateway.seen["lost"] == 0
        assert set(await states(bot)) == {Sending.SENT}
        assert len(peer.heard) == len(await states(bot))


async def test_an_endpoint_that_falls_silent_is_down_until_it_is_heard_again(
    bot: Served, caplog: pytest.LogCaptureFixture
) -> None:
    channel = bot.parts.channels["onebot"]
    with caplog.at_level(logging.INFO, "baosong.channels"):
        async with bot.peer(heartbeat=0.3) as peer:
            await peer.beat()
            await until(lambda: "channel onebot is up" in caplog.text)
            peer.freeze()
            await until(lambda: not channel.up)
            await until(lambda: "channel onebot is down" in caplog.text)
            ready = await ask(bot, "/readyz")
            assert (ready.status_code, ready.json()["channels"]) == (200, {"onebot": "3 个心跳周期没有动静"})
            assert 'baosong_channel_up{channel="onebot"} 0.0' in (await ask(bot, "/metrics")).text
            peer.thaw()
            await until(lambda: channel.up)
            await until(lambda: caplog.text.count("channel onebot is up") == 2)


async def ask(bot: Served, path: str) -> httpx.Response:
    async with httpx.AsyncClient(trust_env=False) as client:
        return await client.get(f"{bot.url}{path}")


async def test_an_account_that_is_logged_out_is_down_and_what_is_to_be_sent_waits(bot: Served) -> None:
    channel = bot.parts.channels["onebot"]
    async with bot.peer() as peer:
        await until(lambda: channel.up)
        peer.online = False
        await peer.beat()
        await until(lambda: not channel.up)
        await peer.say(ZHANG, ITEM, GROUP)
        await until(lambda: bot.parts.gateway.handled["submit"] == 1)
        assert await states(bot) == [Sending.PENDING]
        peer.online = True
        await peer.beat()
        await peer.group_hears(GROUP, "收到 2026-0001")


async def test_what_was_said_while_nobody_listened_is_caught_up_with_once(bot: Served) -> None:
    async with bot.peer() as peer:
        await peer.answer_to(await peer.say(ZHANG, ITEM, GROUP))
        peer.faults.drop = 2
        missed = await peer.say(ZHANG, "/报送 断线期间的一条\n正文。", GROUP)
        await peer.say(ZHANG, "今天开会吗？", GROUP)
        await peer.reconnect()
        assert "《断线期间的一条》" in (await peer.answer_to(missed)).text
        await peer.repeat(missed)
        await peer.silence()
        assert bot.parts.gateway.handled["submit"] == 2


async def test_what_was_said_while_the_bot_was_stopped_is_caught_up_with(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    port = free_port()
    async with served(tmp_path, monkeypatch, onebot=onebot(), port=port) as bot:
        peer = bot.peer()
        async with peer:
            await peer.answer_to(await peer.say(ZHANG, ITEM, GROUP))
    missed = await peer.say(ZHANG, "/报送 停机期间的一条\n正文。", GROUP)
    async with served(tmp_path, monkeypatch, onebot=onebot(), port=port) as bot:
        again = OneBotPeer.reverse(peer.world, port=port, token=TOKEN)
        async with again:
            assert "《停机期间的一条》" in (await again.answer_to(missed)).text
            assert bot.parts.gateway.handled["submit"] == 1


async def test_what_was_said_before_the_bot_first_came_is_left_alone(bot: Served) -> None:
    peer = bot.peer()
    peer.world.tell(("group", GROUP), peer._told(ZHANG, [{"type": "text", "data": {"text": ITEM}}], GROUP))
    async with peer:
        await peer.answer_to(await peer.say(ZHANG, "/报送 第一条\n正文。", GROUP))
        assert bot.parts.gateway.handled["submit"] == 1


async def test_a_group_that_is_not_registered_is_not_asked_for_its_history(bot: Served) -> None:
    async with bot.peer() as peer:
        await peer.answer_to(await peer.say(ZHANG, ITEM, GROUP))
        peer.world.add_group(200009, "别的群", {ZHANG: "张三"})
        await peer.reconnect()
        await until(lambda: len(peer.calls_of("get_group_msg_history")) == 2)
        asked = {call.params["group_id"] for call in peer.calls_of("get_group_msg_history")}
        assert asked == {200001, 200002}


async def test_a_send_whose_answer_was_lost_is_found_in_the_group_s_history(bot: Served) -> None:
    async with bot.peer() as peer:
        peer.faults.next("send", ANSWER_LOST)
        await peer.say(ZHANG, ITEM, GROUP)
        await until_states(bot, [Sending.UNKNOWN])
        await bot.parts.courier.evidence.look()
        bot.clock.forward(seconds=6)
        await until_states(bot, [Sending.SENT])
        assert len(peer.heard) == 1


async def test_a_send_that_is_not_in_the_history_stays_unknown_and_is_not_repeated(bot: Served) -> None:
    async with bot.peer() as peer:
        peer.faults.next("send", CALL_LOST)
        await peer.say(ZHANG, ITEM, GROUP)
        await until_states(bot, [Sending.UNKNOWN])
        for _ in range(4):
            await bot.parts.courier.evidence.look()
            bot.clock.forward(seconds=150)
        await peer.silence()
        assert await states(bot) == [Sending.UNKNOWN]
        assert len(peer.calls_of("get_group_msg_history")) <= 3


async def test_the_oldest_message_that_waits_has_an_age(bot: Served) -> None:
    def put(tx: Tx) -> None:
        outbox.put(
            tx, "onebot", "g:1", Outgoing("x"), dedup="x", kind="x", now_ms=int(bot.clock.now().timestamp()) * 1000
        )

    await bot.parts.store.run(put)
    bot.clock.forward(seconds=90)
    page = (await ask(bot, "/metrics")).text
    assert "baosong_outbox_oldest_seconds 90.0" in page
    assert 'baosong_outbox{state="pending"} 1.0' in page


async def test_the_bot_can_be_the_one_that_connects(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    port = free_port()

    async with (
        served(tmp_path, monkeypatch, onebot=onebot(forward_urls=[f"ws://127.0.0.1:{port}"])) as bot,
        OneBotPeer.forward(city_world(bot.clock), port=port, token=TOKEN) as peer,
    ):
        await until(lambda: bot.parts.channels["onebot"].up, seconds=10)
        await peer.answer_to(await peer.say(ZHANG, ITEM, GROUP))


async def test_an_endpoint_that_does_not_greet_is_known_by_its_first_frame(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    port, calls = free_port(), asyncio.Queue[dict[str, Any]]()

    async def speak(link: ServerConnection) -> None:
        await link.send(message("/报送", 1))
        calls.put_nowait(httpx.Response(200, content=await link.recv()).json())
        await link.wait_closed()

    async with (
        serve(speak, "127.0.0.1", port),
        served(tmp_path, monkeypatch, onebot=onebot(forward_urls=[f"ws://127.0.0.1:{port}"])),
        asyncio.timeout(5),
    ):
        assert (await calls.get())["action"] == "send_private_msg"
