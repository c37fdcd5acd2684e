"""What the wire does to frames, calls and connections, and what people see of it: nothing twice, nothing lost that was
acknowledged."""

from __future__ import annotations

import itertools

import pytest

from storage.outbox import Sending
from tests.peers.onebot import ANSWER_LOST, CALL_LOST, FAILED, SENT_BUT_1200, OneBotPeer, Script, slow

from .evidence import until
from .roster import SUBMIT_GROUP, account
from .town import Town

pytestmark = [pytest.mark.blackbox, pytest.mark.asyncio(loop_scope="module")]

_numbers = itertools.count(1)


class Item:
    """Something nobody has sent before; `text` is what is said, `title` what the receipt names."""

    def __init__(self) -> None:
        number = next(_numbers)
        self.title = f"第{number}号情况"
        self.text = f"/报送 {self.title}\n正文第{number}号。"


async def report(peer: OneBotPeer, item: Item) -> int:
    """张三 sends it in the group; the message's id."""
    return await peer.say(account("张三"), item.text, SUBMIT_GROUP)


async def is_answered(peer: OneBotPeer) -> None:
    """The bot takes the next item as if nothing had happened."""
    item = Item()
    assert f"《{item.title}》" in (await peer.answer_to(await report(peer, item))).text


async def test_a_frame_that_comes_twice_is_one_item_with_one_receipt(town: Town, peer: OneBotPeer) -> None:
    item, before = Item(), peer.mark()
    peer.faults.duplicate = 1
    message = await report(peer, item)
    assert f"《{item.title}》" in (await peer.answer_to(message)).text
    await peer.repeat(message)
    await is_answered(peer)
    assert len(peer.heard) - before == 2
    assert town.evidence().titles().count(item.title) == 1


async def test_frames_that_overtake_each_other_are_all_answered(town: Town, peer: OneBotPeer) -> None:
    items = [Item() for _ in range(4)]
    peer.faults.swap = 2
    said = [await report(peer, item) for item in items]
    for item, message in zip(items, said, strict=True):
        assert f"《{item.title}》" in (await peer.answer_to(message)).text
    arrived = [items[place].title for place in (1, 0, 3, 2)]
    assert town.evidence().titles()[-4:] == arrived


async def test_what_never_arrived_gets_no_receipt_and_can_be_said_again(town: Town, peer: OneBotPeer) -> None:
    item, before = Item(), peer.mark()
    peer.faults.drop = 1
    lost = await report(peer, item)
    again = await report(peer, item)
    await peer.answer_to(again)
    assert [heard.quote_of for heard in peer.heard[before:]] == [again]
    assert {lost, again} & town.evidence().message_ids() == {again}


@pytest.mark.parametrize(
    ("fault", "arrives"),
    [(ANSWER_LOST, True), (CALL_LOST, False), (SENT_BUT_1200, True), (FAILED, False), (Script(reset=True), True)],
    ids=["answer lost", "call lost", "1200 but sent", "1200 and not sent", "reset after it was sent"],
)
async def test_a_send_whose_end_nobody_knows_is_unknown_and_never_repeated(
    town: Town, peer: OneBotPeer, fault: Script, arrives: bool
) -> None:
    peer.faults.next("send", fault)
    message = await report(peer, Item())
    await until(lambda: town.evidence().sending_of(message) is Sending.UNKNOWN)
    await peer.connected()
    await is_answered(peer)
    assert [heard.quote_of for heard in peer.heard].count(message) == int(arrives)


async def test_a_restart_does_not_repeat_it_either(town: Town, peer: OneBotPeer) -> None:
    peer.faults.next("send", ANSWER_LOST)
    message = await report(peer, Item())
    await until(lambda: town.evidence().sending_of(message) is Sending.UNKNOWN)
    await town.bot.restart()
    await peer.connected()
    await is_answered(peer)
    assert [heard.quote_of for heard in peer.heard].count(message) == 1


async def test_the_history_proves_what_arrived_and_the_office_sends_again_what_did_not(
    town: Town, peer: OneBotPeer
) -> None:
    proven, lost = Item(), Item()
    peer.faults.next("send", ANSWER_LOST)
    arrived = await report(peer, proven)
    await peer.answer_to(arrived)
    peer.faults.next("send", FAILED)
    silent = await report(peer, lost)
    await until(lambda: town.evidence().sending_of(silent) is Sending.UNKNOWN)
    await until(lambda: town.evidence().sending_of(arrived) is Sending.SENT, seconds=20)

    shown = await peer.answer_to(await peer.say(account("周科长"), "/outbox 不明"))
    [line] = [line for line in shown.text.splitlines() if lost.title in line]
    assert proven.title not in shown.text
    await peer.say(account("周科长"), f"/outbox resend {line.split()[0]}")
    assert f"《{lost.title}》" in (await peer.answer_to(silent)).text
    await until(lambda: town.evidence().sending_of(silent) is Sending.SENT)
    assert [heard.quote_of for heard in peer.heard].count(arrived) == 1


async def test_what_was_said_in_a_group_while_the_line_was_down_is_caught_up_with(town: Town, peer: OneBotPeer) -> None:
    before_the_break = await report(peer, Item())
    await peer.answer_to(before_the_break)
    peer.reset()
    item = Item()
    missed = await report(peer, item)
    await peer.connected()
    assert f"《{item.title}》" in (await peer.answer_to(missed)).text
    assert [heard.quote_of for heard in peer.heard].count(before_the_break) == 1


async def test_what_was_said_in_a_group_while_the_bot_was_down_is_caught_up_with(town: Town, peer: OneBotPeer) -> None:
    await is_answered(peer)
    await town.bot.terminate()
    items = [Item() for _ in range(3)]
    missed = [await report(peer, item) for item in items]
    await town.bot.start()
    for item, message in zip(items, missed, strict=True):
        assert f"《{item.title}》" in (await peer.answer_to(message)).text
    assert town.evidence().titles()[-3:] == [item.title for item in items]


async def test_a_message_the_platform_refuses_for_good_is_not_tried_again(town: Town, peer: OneBotPeer) -> None:
    peer.faults.next("send", Script(carried_out=False, retcode=1404))
    message = await report(peer, Item())
    await until(lambda: town.evidence().sending_of(message) is Sending.REFUSED)
    await is_answered(peer)
    assert message not in [heard.quote_of for heard in peer.heard]


async def test_an_answer_nobody_waits_for_harms_nothing(peer: OneBotPeer) -> None:
    for echo in ("1", 1, None):
        await peer.emit({"status": "ok", "retcode": 0, "data": {"message_id": 1}, "echo": echo})
    await is_answered(peer)


async def test_frames_that_are_no_messages_harm_nothing(peer: OneBotPeer) -> None:
    before = peer.mark()
    for frame in (
        {},
        {"post_type": 7},
        {"post_type": "message"},
        {"post_type": "message", "message_type": "group", "message": [None], "user_id": None},
        {"post_type": "notice", "notice_type": "group_upload"},
        {"post_type": "meta_event", "meta_event_type": "lifecycle"},
    ):
        await peer.emit(frame)
    await is_answered(peer)
    assert len(peer.heard) - before == 1


async def test_a_half_open_connection_gives_way_to_its_successor_at_once(peer: OneBotPeer) -> None:
    await is_answered(peer)
    await peer.reconnect(abandon=True)
    await is_answered(peer)


async def test_after_a_broken_connection_the_endpoint_comes_back_and_is_heard(peer: OneBotPeer) -> None:
    peer.reset()
    await peer.connected()
    await is_answered(peer)


async def test_a_receipt_that_finds_no_connection_waits_for_it(town: Town, peer: OneBotPeer) -> None:
    peer.faults.next("send", slow(0.3))
    slowly, behind = await report(peer, Item()), await report(peer, Item())
    await peer.answer_to(slowly)
    await until(lambda: town.evidence().sending_of(behind) is Sending.PENDING)
    peer.reset()
    await peer.connected()
    await peer.answer_to(behind)
    await is_answered(peer)
    assert [heard.quote_of for heard in peer.heard].count(behind) == 1


async def test_after_all_this_the_laws_of_the_database_hold(town: Town, peer: OneBotPeer) -> None:
    await is_answered(peer)
    town.evidence().check_laws()
