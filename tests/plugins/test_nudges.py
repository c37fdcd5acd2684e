"""`/催报`: the office sees who would get what and why, and decides."""

from __future__ import annotations

import pytest

from scheduler import texts
from services import nudges
from storage.engine import Tx
from tests.support.office import book, moment
from tests.support.stage import OFFICE, Stage


def lagging(tx: Tx) -> None:
    """云山县 has sent nothing, 市发改委 too little, on the fifteenth working day."""
    for unit_id, submitted in ((3, 8), (4, 2), (5, 3)):
        book(tx, unit_id, "11-02", submitted=submitted, adopted=submitted)


async def prepare(stage: Stage) -> None:
    stage.clock.moment = moment("11-20", "09:41")
    await stage.store.run(lagging)
    await stage.store.run(nudges.plan, stage.office, stage.clock.now())


async def deliver(stage: Stage) -> None:
    await stage.store.run(nudges.deliver, stage.office, stage.clock.now(), texts.nudge)
    await stage.quiet()


async def test_the_list_says_who_would_get_what_and_why(stage: Stage) -> None:
    await prepare(stage)
    (heard,) = await stage.say("周科长", "/催报")
    assert heard.text == (
        "待批催报2条：\n"
        "1. 云山县 张三（信息员）：本月已过15个工作日，没有报送（任务8条）\n"
        "2. 市发改委 赵六（信息员）：本月已过15个工作日，报送2条，任务5条\n"
        "发“/催报 发送”全部批准，“/催报 发送 1”只批准一条，“/催报 取消 1 原因”不发。"
    )


async def test_approved_ones_reach_the_reporters_in_private(stage: Stage) -> None:
    await prepare(stage)
    (heard,) = await stage.say("吴科员", "/催报 发送")
    assert heard.text == ("已批准2条，马上私聊发出：云山县张三、市发改委赵六。发出前会再核对一次，已经报送的不再催。")
    await deliver(stage)
    assert {heard.to for heard in stage.channel.heard} == {"吴科员", "张三", "赵六"}
    (heard,) = await stage.say("周科长", "/nudges")
    assert heard.text == "现在没有待批的催报。"


async def test_one_is_sent_and_the_other_taken_back_with_a_reason(stage: Stage) -> None:
    await prepare(stage)
    (heard,) = await stage.say("周科长", "/nudges send 2")
    assert heard.text.startswith("已批准1条，马上私聊发出：市发改委赵六。")
    (heard,) = await stage.say("周科长", "/nudges drop 1 已电话说明")
    assert heard.text == "已取消 1：不催云山县张三，本月这件事也不再拟定。"
    await deliver(stage)
    (heard,) = await stage.say("周科长", "/催报")
    assert heard.text == (
        "现在没有待批的催报。\n"
        "\n"
        "本月最近没有发出的：\n"
        "1. 云山县 张三（信息员）：本月已过15个工作日，没有报送（任务8条）——已电话说明"
    )


async def test_after_hours_the_office_reads_when_it_goes(stage: Stage) -> None:
    await prepare(stage)
    stage.clock.moment = moment("11-20", "19:00")
    (heard,) = await stage.say("周科长", "/催报 发送 1")
    assert "现在不是发送时间，11-23 08:30 起私聊发出：云山县张三" in heard.text
    (heard,) = await stage.say("周科长", "/催报")
    assert "已批准、等候发送1条：\n1. 云山县 张三" in heard.text
    assert "（11-23 08:30 起发出）" in heard.text


async def test_a_unit_that_sent_meanwhile_is_off_the_list(stage: Stage) -> None:
    await prepare(stage)
    await stage.store.run(lambda tx: book(tx, 4, "11-20", submitted=3, adopted=0))
    (heard,) = await stage.say("周科长", "/催报 发送 2")
    assert heard.text == "没有可以发送的催报：情况已经变化。发“/催报”看原因。"
    (heard,) = await stage.say("周科长", "/催报")
    assert "2. 市发改委 赵六" in heard.text.split("本月最近没有发出的")[1]


async def test_asked_in_the_group_the_list_comes_in_private(stage: Stage) -> None:
    await prepare(stage)
    heard = await stage.say("周科长", "/催报", OFFICE)
    assert "云山县" in next(one.text for one in heard if one.to == "周科长")
    assert all("云山县" not in one.text for one in heard if one.to == OFFICE)


async def test_a_reporter_may_not(stage: Stage) -> None:
    await prepare(stage)
    (heard,) = await stage.say("张三", "/催报")
    assert heard.text == "您没有“/催报”的权限。如有需要，请联系信息科。"


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        ("/催报 取消", "没有看懂。"),
        ("/催报 也许", "没有看懂。"),
        ("/催报 发送 全部", "“全部”不是催报编号。"),
        ("/催报 发送 99", "没有找到待批的催报 99。"),
        ("/催报 取消 1", "请写明不催的原因，例如：/催报 取消 1 已电话说明"),
        ("/催报 取消 99 因为", "没有找到待批的催报 99。"),
        ("/催报 发送 " + "9" * 40, "不是催报编号。"),
    ],
)
async def test_a_mistyped_word_is_answered_with_the_forms(stage: Stage, said: str, answer: str) -> None:
    await prepare(stage)
    (heard,) = await stage.say("周科长", said)
    assert answer in heard.text


async def test_with_nothing_planned_there_is_nothing_to_send(stage: Stage) -> None:
    (heard,) = await stage.say("周科长", "/催报 发送")
    assert heard.text == "现在没有待批的催报。"
