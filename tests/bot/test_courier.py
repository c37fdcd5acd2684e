"""The way out: in order, once, tried again only when nothing went out, and troubles told to a person."""

from __future__ import annotations

import asyncio

from bot.channels.base import Delivery, Pace
from bot.courier import TRIES, Courier
from domain.errors import BaosongError
from domain.moment import to_ms
from domain.speech import Outgoing
from storage import audit, outbox
from storage.engine import Tx
from storage.outbox import Parcel, Sending
from tests.support.stage import GROUP, Heard, Stage

REFUSED = Delivery(Sending.REFUSED, error="不是群成员")
NOT_SENT = Delivery(Sending.PENDING, error="没有连接")
UNCLEAR = Delivery(Sending.UNKNOWN, error="没有回音")


async def put(stage: Stage, *texts: str, target: str = f"g:{GROUP}", expires_ms: int = 0) -> None:
    def queue(tx: Tx) -> None:
        for text in texts:
            outbox.put(
                tx, "onebot", target, Outgoing(text), dedup=f"{target} {text}", kind="test",
                now_ms=to_ms(stage.clock.now()), expires_ms=expires_ms,
            )  # fmt: skip

    await stage.store.run(queue)
    await stage.quiet()


async def parcels(stage: Stage) -> list[Parcel]:
    return list(reversed(await stage.store.read(outbox.in_states, tuple(Sending), 100)))


async def state_of(stage: Stage, text: str) -> Sending:
    return next(parcel.state for parcel in await parcels(stage) if parcel.message.text == text)


async def later(stage: Stage, minutes: float) -> None:
    """Time passes and the courier looks again."""
    stage.clock.forward(minutes=minutes)
    for target in {parcel.target for parcel in await parcels(stage)}:
        stage.courier.wake("onebot", target)
    await stage.quiet()


async def test_messages_to_one_chat_leave_in_the_order_they_were_written(stage: Stage) -> None:
    await put(stage, *(f"第{number}条" for number in range(20)))
    assert [heard.text for heard in stage.channel.heard] == [f"第{number}条" for number in range(20)]
    assert {parcel.state for parcel in await parcels(stage)} == {Sending.SENT}


async def test_what_certainly_did_not_go_out_is_tried_again_later(stage: Stage) -> None:
    stage.channel.next_delivery = [NOT_SENT, NOT_SENT]
    await put(stage, "通报")
    assert stage.channel.heard == []
    await later(stage, 1)
    await later(stage, 1)
    assert stage.channel.heard == [Heard(GROUP, "通报")]


async def test_after_an_hour_of_trying_it_is_dead_and_the_head_of_the_office_is_told(stage: Stage) -> None:
    stage.channel.next_delivery = [NOT_SENT] * TRIES
    await put(stage, "通报")
    for _ in range(TRIES):
        await later(stage, 61)
    assert await state_of(stage, "通报") is Sending.DEAD
    [alarm] = stage.channel.heard
    assert alarm.to == "周科长"
    assert "全市政务信息群" in alarm.text
    assert "没有连接" in alarm.text
    assert "通报" not in alarm.text


async def test_refusals_of_one_chat_alarm_once_a_day(stage: Stage) -> None:
    stage.channel.next_delivery = [REFUSED] * 3
    await put(stage, "一", "二", "三")
    assert [heard.to for heard in stage.channel.heard] == ["周科长"]
    stage.clock.forward(days=1)
    stage.channel.next_delivery = [REFUSED]
    await put(stage, "四")
    assert [heard.to for heard in stage.channel.heard] == ["周科长", "周科长"]


async def test_an_alarm_that_is_refused_alarms_nobody(stage: Stage) -> None:
    stage.channel.next_delivery = [REFUSED, REFUSED]
    await put(stage, "一")
    assert stage.channel.heard == []
    assert [parcel.state for parcel in await parcels(stage)] == [Sending.REFUSED, Sending.REFUSED]


async def test_refused_and_dead_messages_stand_in_the_audit(stage: Stage) -> None:
    stage.channel.next_delivery = [REFUSED]
    await put(stage, "一")
    [line] = await stage.store.read(audit.latest, "outbox:1", 5)
    assert (line.actor, line.action) == ("courier", "outbox refused")


async def test_an_unknown_send_is_not_repeated_and_does_not_stop_the_next(stage: Stage) -> None:
    stage.channel.next_delivery = [UNCLEAR]
    await put(stage, "一", "二")
    await later(stage, 60)
    assert [heard.text for heard in stage.channel.heard] == ["二"]
    assert await state_of(stage, "一") is Sending.UNKNOWN


async def test_an_unknown_send_that_the_history_shows_was_sent(stage: Stage) -> None:
    stage.channel.next_delivery = [UNCLEAR]
    await put(stage, "一")
    stage.channel.heard.append(Heard(GROUP, "一"))
    await look(stage, 0)
    assert await state_of(stage, "一") is Sending.UNKNOWN
    await look(stage, 6)
    assert await state_of(stage, "一") is Sending.SENT
    [line] = await stage.store.read(audit.latest, "outbox:1", 5)
    assert line.detail == "found in the history"
    assert await stage.store.read(id_of, "一") == "1", "whoever quotes it later is understood"


def id_of(tx: Tx, text: str) -> str:
    row = tx.one("SELECT platform_id FROM outbox WHERE payload LIKE ?", f'%"{text}"%')
    assert row is not None
    return str(row[0])


async def look(stage: Stage, seconds: float) -> None:
    stage.clock.forward(seconds=seconds)
    await stage.courier.evidence.look()


async def test_of_two_messages_with_one_text_a_history_proves_nothing(stage: Stage) -> None:
    stage.channel.next_delivery = [Delivery(Sending.SENT), UNCLEAR]
    await put(stage, "收到")

    def twin(tx: Tx) -> None:
        outbox.put(
            tx, "onebot", f"g:{GROUP}", Outgoing("收到", quote="7"), dedup="twin", kind="test",
            now_ms=to_ms(stage.clock.now()),
        )  # fmt: skip

    await stage.store.run(twin)
    await stage.quiet()
    stage.channel.heard.append(Heard(GROUP, "收到"))
    await look(stage, 0)
    await look(stage, 6)
    assert [parcel.state for parcel in await parcels(stage)] == [Sending.SENT, Sending.UNKNOWN]


async def test_what_a_crash_left_half_sent_is_unknown_after_the_restart(stage: Stage) -> None:
    await stage.courier.close(1)
    await put(stage, "一")
    await stage.store.run(outbox.take, "onebot", f"g:{GROUP}", to_ms(stage.clock.now()))
    successor = Courier(stage.store, stage.clock, {"onebot": stage.channel})
    await successor.start()
    await successor.close(1)
    [parcel] = await parcels(stage)
    assert parcel.state is Sending.UNKNOWN
    assert "中断" in parcel.error
    assert stage.channel.heard == []


async def test_what_nobody_wants_to_read_any_more_is_dropped_with_the_reason(stage: Stage) -> None:
    stage.channel.up = False
    await put(stage, "今晚值班提醒", expires_ms=to_ms(stage.clock.now()) + 60_000)
    stage.clock.forward(minutes=5)
    stage.channel.up = True
    async with asyncio.timeout(5):
        while await state_of(stage, "今晚值班提醒") is Sending.PENDING:
            await asyncio.sleep(0.05)
    assert await state_of(stage, "今晚值班提醒") is Sending.DROPPED
    assert stage.channel.heard == []


async def test_a_channel_speaks_no_faster_than_its_pace(stage: Stage) -> None:
    stage.channel.pace = Pace(target_interval_ms=60_000, target_burst=2, all_interval_ms=0, all_burst=1)
    wanted = [f"第{number}条" for number in range(3)]

    def queue(tx: Tx) -> None:
        for text in wanted:
            outbox.put(
                tx, "onebot", f"g:{GROUP}", Outgoing(text), dedup=text, kind="test", now_ms=to_ms(stage.clock.now())
            )

    await stage.store.run(queue)
    async with asyncio.timeout(5):
        while len(stage.channel.heard) < 2:
            await asyncio.sleep(0.01)
    await asyncio.sleep(0.05)
    assert [heard.text for heard in stage.channel.heard] == wanted[:2]


async def test_whoever_asks_while_hundreds_are_told_something_is_answered_at_once(stage: Stage) -> None:
    stage.channel.pace = Pace(target_interval_ms=0, target_burst=1, all_interval_ms=60_000, all_burst=3)

    def tell_many(tx: Tx) -> None:
        for group in range(300):
            message = Outgoing("【约稿】")
            outbox.put(tx, "onebot", f"g:{group}", message, dedup=str(group), kind="commission", now_ms=now_ms)

    def answer(tx: Tx) -> None:
        outbox.put(tx, "onebot", f"g:{GROUP}", Outgoing("您好"), dedup="hello", kind="answer", now_ms=now_ms)

    now_ms = to_ms(stage.clock.now())
    await stage.store.run(tell_many)
    await stage.store.run(answer)
    async with asyncio.timeout(5):
        while len(stage.channel.heard) < 2:
            await asyncio.sleep(0.01)
    assert [heard.text for heard in stage.channel.heard] == ["【约稿】", "您好"]


async def test_a_channel_that_is_down_keeps_everything_waiting(stage: Stage) -> None:
    stage.channel.up = False
    await put(stage, "一")
    assert [parcel.attempts for parcel in await parcels(stage)] == [0]
    stage.channel.up = True
    await later(stage, 1)
    assert stage.channel.heard == [Heard(GROUP, "一")]


async def draw(name: str) -> Outgoing:
    """An artist who knows one document."""
    if name != "bulletin:1:docx":
        raise BaosongError(reason=f"没有“{name}”")
    return Outgoing("", file_name="通报.docx", file_base64="UEs=")


async def put_drawn(stage: Stage, name: str) -> None:
    await stage.courier.close(1)

    def queue(tx: Tx) -> None:
        outbox.put(
            tx, "onebot", f"g:{GROUP}", Outgoing("", drawn=name), dedup=name, kind="test",
            now_ms=to_ms(stage.clock.now()),
        )  # fmt: skip

    await stage.store.run(queue)
    stage.courier = Courier(stage.store, stage.clock, {"onebot": stage.channel}, draw)
    await stage.courier.start()
    await stage.quiet()


async def test_a_document_for_hundreds_is_drawn_when_it_leaves_and_not_stored_with_each_message(stage: Stage) -> None:
    await put_drawn(stage, "bulletin:1:docx")
    stage.courier.wake("onebot", f"g:{GROUP}")
    await stage.quiet()
    [(to, sent)] = stage.channel.sent
    assert (to, sent.file_name, sent.file_base64) == (GROUP, "通报.docx", "UEs=")
    [parcel] = await parcels(stage)
    assert parcel.state is Sending.SENT
    assert parcel.message.file_base64 == ""


async def test_what_cannot_be_drawn_is_refused_with_the_reason_and_the_next_goes_out(stage: Stage) -> None:
    await put_drawn(stage, "bulletin:2:docx")
    stage.courier.wake("onebot", f"g:{GROUP}")
    await put(stage, "后面的话")
    await stage.quiet()
    to_chat, to_head = stage.channel.heard
    assert to_chat.text == "后面的话"
    assert "没有送达" in to_head.text
    assert "bulletin:2:docx" in to_head.text
    refused = next(parcel for parcel in await parcels(stage) if parcel.message.drawn)
    assert (refused.state, refused.error) == (Sending.REFUSED, "没有办成：没有“bulletin:2:docx”")
