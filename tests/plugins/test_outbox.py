"""The outbox, as the office and the administrator see it."""

from __future__ import annotations

import pytest

from bot.channels.base import Delivery
from domain.moment import to_ms
from domain.speech import Outgoing
from storage import audit, outbox
from storage.engine import Tx
from storage.outbox import Sending
from tests.support.stage import GROUP, OFFICE, Heard, Stage

UNCLEAR = Delivery(Sending.UNKNOWN, error="没有回音")
REFUSED = Delivery(Sending.REFUSED, error="不是群成员")


async def trouble(stage: Stage, *deliveries: Delivery) -> None:
    """Messages to the group (1, 2, ...) that end like this; whoever is alarmed is not what the test is about."""
    stage.channel.next_delivery = list(deliveries)

    def queue(tx: Tx) -> None:
        for number in range(len(deliveries)):
            outbox.put(
                tx, "onebot", f"g:{GROUP}", Outgoing(f"十月通报第{number}条"), dedup=f"{number}", kind="test",
                now_ms=to_ms(stage.clock.now()),
            )  # fmt: skip

    await stage.store.run(queue)
    await stage.quiet()
    stage.channel.heard.clear()
    stage.clock.forward(minutes=12)


async def said(stage: Stage, who: str, text: str) -> str:
    [heard] = await stage.say(who, text)
    return heard.text


async def test_an_empty_outbox_is_said_to_be_empty(stage: Stage) -> None:
    assert await said(stage, "吴科员", "/发件箱") == "发件箱里没有需要处理的消息。"


async def test_the_office_sees_number_state_chat_age_reason_and_how_it_begins(stage: Stage) -> None:
    await trouble(stage, UNCLEAR, REFUSED)
    text = await said(stage, "吴科员", "/发件箱")
    assert "不明 1，平台拒收 1" in text
    assert "1 号 不明 给全市政务信息群 12分钟前（没有回音）“十月通报第0条”" in text


async def test_the_administrator_sees_everything_but_the_words(stage: Stage) -> None:
    await trouble(stage, UNCLEAR)
    text = await said(stage, "管理员", "/outbox")
    assert "1 号 不明 给全市政务信息群" in text
    assert "通报" not in text


@pytest.mark.parametrize("who", ["张三", "李副", "郑保密"])
async def test_nobody_else_sees_it(stage: Stage, who: str) -> None:
    assert "没有“" in await said(stage, who, "/发件箱")


async def test_one_kind_can_be_asked_for(stage: Stage) -> None:
    await trouble(stage, UNCLEAR, REFUSED)
    text = await said(stage, "周科长", "/发件箱 拒收")
    assert "2 号 平台拒收" in text
    assert "1 号" not in text
    assert "这一类没有" in await said(stage, "周科长", "/发件箱 失败")


async def test_a_message_is_sent_again_on_a_person_s_word(stage: Stage) -> None:
    await trouble(stage, UNCLEAR)
    heard = await stage.say("吴科员", "/发件箱 重发 1")
    assert Heard(GROUP, "十月通报第0条") in heard
    assert "1 号消息（给全市政务信息群）马上重发。" in [one.text for one in heard]
    [line] = await stage.store.read(audit.latest, "outbox:1", 5)
    assert (line.actor, line.action, line.detail) == ("person:2", "outbox pending", "was UNKNOWN")


async def test_a_message_that_arrived_in_another_way_is_settled(stage: Stage) -> None:
    await trouble(stage, UNCLEAR)
    assert "已记为送达" in await said(stage, "管理员", "/outbox done 1")
    assert await said(stage, "管理员", "/发件箱") == "发件箱里没有需要处理的消息。"


async def test_a_message_that_waits_can_be_given_up(stage: Stage) -> None:
    await trouble(stage, Delivery(Sending.PENDING, error="没有连接", retry_ms=10**9))
    assert "已取消" in await said(stage, "周科长", "/发件箱 取消 1")
    parcel = await stage.store.read(outbox.find, 1)
    assert parcel is not None
    assert parcel.state is Sending.DROPPED


async def test_what_is_sent_already_is_not_touched(stage: Stage) -> None:
    await trouble(stage, Delivery(Sending.SENT))
    assert "现在是“已发”" in await said(stage, "周科长", "/发件箱 重发 1")


@pytest.mark.parametrize("words", ["重发", "重发 一", "重发 1 2", "随便", "重发 9999999999999999999999"])
async def test_what_cannot_be_understood_is_answered_with_the_forms(stage: Stage, words: str) -> None:
    assert "可以这样发" in await said(stage, "周科长", f"/发件箱 {words}")


async def test_a_number_that_does_not_exist_is_said_so(stage: Stage) -> None:
    assert "没有找到发件箱 77 号消息" in await said(stage, "周科长", "/发件箱 重发 77号")


async def test_asked_in_a_group_of_reporters_it_is_answered_in_private(stage: Stage) -> None:
    await trouble(stage, UNCLEAR)
    heard = await stage.say("周科长", "/发件箱", GROUP)
    assert {one.to for one in heard if "通报" in one.text} == {"周科长"}
    in_the_office = await stage.say("周科长", "/发件箱", OFFICE)
    assert [one.to for one in in_the_office] == [OFFICE]
