"""The scripted faults of our endpoint do what their names say."""

from __future__ import annotations

import asyncio

import pytest

from .onebot import ANSWER_LOST, CALL_LOST, FAILED, SENT_BUT_1200, OneBotPeer, Script, World, slow
from .plain_application import PlainApplication

GROUP = 200001


async def send(application: PlainApplication, text: str, seconds: float = 2) -> int:
    answer = await application.call("send_group_msg", seconds, group_id=GROUP, message=text)
    retcode: int = answer["retcode"]
    return retcode


async def test_a_lost_answer_leaves_the_message_in_the_group(peer: OneBotPeer, application: PlainApplication) -> None:
    peer.faults.next("send", ANSWER_LOST)
    with pytest.raises(TimeoutError):
        await send(application, "第一条", seconds=0.1)
    assert [heard.text for heard in peer.heard] == ["第一条"]
    assert peer.calls[-1].retcode is None
    assert peer.calls[-1].message_id == peer.heard[0].message_id
    assert await send(application, "第二条") == 0


async def test_1200_may_mean_sent_or_not_sent(peer: OneBotPeer, application: PlainApplication) -> None:
    peer.faults.next("send_group_msg", SENT_BUT_1200)
    peer.faults.next("send_group_msg", FAILED)
    assert await send(application, "送达却报错") == 1200
    assert await send(application, "没有送达") == 1200
    assert [heard.text for heard in peer.heard] == ["送达却报错"]


async def test_a_lost_call_reaches_nobody(peer: OneBotPeer, application: PlainApplication) -> None:
    peer.faults.next("*", CALL_LOST)
    with pytest.raises(TimeoutError):
        await send(application, "石沉大海", seconds=0.1)
    await peer.silence(0.05)


async def test_a_slow_answer_is_overtaken(peer: OneBotPeer, application: PlainApplication) -> None:
    peer.faults.next("send", slow(0.1))
    first = asyncio.create_task(send(application, "慢"))
    await peer.group_hears(GROUP, "慢")
    assert await send(application, "快") == 0
    assert not first.done()
    assert await first == 0


async def test_a_logged_out_account_sends_nothing_while_its_socket_stays(
    peer: OneBotPeer, application: PlainApplication
) -> None:
    peer.online = False
    assert await send(application, "听得到吗") == 1200
    await peer.beat()
    assert (await application.until_events(2))[1]["status"] == {"online": False, "good": True}
    await peer.silence(0.05)


async def test_an_event_can_come_twice_and_be_repeated_later(peer: OneBotPeer, application: PlainApplication) -> None:
    peer.faults.duplicate = 1
    message_id = await peer.say(10001, "报送", GROUP)
    await peer.say(10001, "一次", GROUP)
    await peer.repeat(message_id)
    assert await application.until_said(4) == ["报送", "报送", "一次", "报送"]
    assert len({event["message_id"] for event in application.events[1:]}) == 2


async def test_neighbours_swap_and_frames_vanish(peer: OneBotPeer, application: PlainApplication) -> None:
    peer.faults.swap = 2
    for word in ["一", "二", "三", "四", "五"]:
        await peer.say(10001, word, GROUP)
    peer.faults.drop = 1
    await peer.say(10001, "六", GROUP)
    await peer.say(10001, "七", GROUP)
    assert await application.until_said(6) == ["二", "一", "四", "三", "五", "七"]
    history = (await application.call("get_group_msg_history", group_id=GROUP))["data"]["messages"]
    assert [frame["raw_message"] for frame in history] == ["一", "二", "三", "四", "五", "六", "七"]


async def test_after_a_reset_the_endpoint_comes_back_without_what_was_said_meanwhile(
    peer: OneBotPeer, application: PlainApplication
) -> None:
    peer.reset()
    await peer.say(10001, "断线时说的", GROUP)
    await peer.connected()
    await peer.say(10001, "回来以后说的", GROUP)
    assert await application.until_said(1) == ["回来以后说的"]
    assert [event.get("sub_type") for event in application.events] == ["connect", "connect", "normal"]


async def test_a_call_can_end_in_a_reset_after_it_was_carried_out(
    peer: OneBotPeer, application: PlainApplication
) -> None:
    peer.faults.next("send", Script(reset=True))
    with pytest.raises(TimeoutError):
        await send(application, "最后一句", seconds=0.1)
    await peer.connected()
    assert [heard.text for heard in peer.heard] == ["最后一句"]


async def test_a_half_open_socket_is_mute_and_deaf_until_it_thaws(
    peer: OneBotPeer, application: PlainApplication
) -> None:
    await application.until_events(1)
    peer.freeze()
    await peer.say(10001, "没人听见", GROUP)
    waiting = asyncio.create_task(send(application, "有人吗"))
    await peer.silence(0.1)
    assert application.said() == []
    peer.thaw()
    assert await waiting == 0


async def test_a_new_connection_can_stand_beside_a_half_open_one(
    peer: OneBotPeer, application: PlainApplication
) -> None:
    await peer.reconnect(abandon=True)
    await peer.say(10001, "换了条线", GROUP)
    assert await application.until_said(1) == ["换了条线"]
    assert len(application.connections) == 2


async def test_reconnecting_closes_the_old_connection_first(peer: OneBotPeer, application: PlainApplication) -> None:
    await peer.reconnect()
    await peer.say(10001, "又来了", GROUP)
    assert await application.until_said(1) == ["又来了"]
    assert len(application.connections) == 1


async def test_a_burst_over_many_groups_keeps_the_order_of_each(
    peer: OneBotPeer, application: PlainApplication
) -> None:
    wide = World.wide(groups=10, members_each=3)
    peer.world.people |= wide.people
    peer.world.groups |= wide.groups
    ids = await peer.burst(500, sorted(wide.groups), lambda number: f"第{number}条")
    assert await application.until_said(500) == [f"第{number}条" for number in range(500)]
    assert len(set(ids)) == 500
    assert all(0 <= message_id < 2**31 for message_id in ids)
    speakers = {event["user_id"] for event in application.events[1:]}
    assert len(speakers) == 30
