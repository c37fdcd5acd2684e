"""`/每日提醒`: everybody chooses when the digest comes, or that it does not."""

from __future__ import annotations

import pytest

from scheduler import texts_reminding
from services import digests, reminders
from tests.support.asking import issued
from tests.support.office import moment
from tests.support.stage import GROUP, Heard, Stage

YUNSHAN = 2


async def owing(stage: Stage) -> None:
    """On Monday 云山县 is asked for something by Friday; then it is Tuesday, just after midnight."""
    due, now = moment("11-27", "17:00"), stage.clock.now()
    await stage.store.run(issued, "冬修水利进展", [YUNSHAN], due, now)
    stage.clock.moment = moment("11-24", "00:05")
    await stage.store.run(digests.plan_day, stage.office, stage.clock.now())


async def at(stage: Stage, time: str, day: str = "11-24") -> list[Heard]:
    """What everybody hears when the clock looks at this time."""
    before = len(stage.channel.heard)
    stage.clock.moment = moment(day, time)
    await stage.store.run(reminders.remind, stage.office, stage.clock.now(), texts_reminding.letter)
    await stage.quiet()
    return stage.channel.heard[before:]


async def test_it_comes_at_half_past_eight_as_long_as_nobody_says_otherwise(stage: Stage) -> None:
    (heard,) = await stage.say("张三", "/每日提醒")
    assert heard.text == (
        "每日提醒：工作日 08:30，有约稿要报时私聊发给您，当天不再另发提醒。\n"
        "改时间发“/每日提醒 15:00”，不要了发“/每日提醒 关”。"
    )
    await owing(stage)
    (heard,) = await at(stage, "08:30")
    assert heard.to == "张三"
    assert heard.text.startswith("每日提醒 11月24日（周二）：您有1件约稿要报\n1. 约 2026-001《冬修水利进展》")


async def test_a_chosen_time_holds_from_today_and_the_day_has_no_other_reminder(stage: Stage) -> None:
    await owing(stage)
    stage.clock.moment = moment("11-24", "08:00")
    (heard,) = await stage.say("张三", "/每日提醒 15点")
    assert heard.text == "每日提醒：工作日 15:00，有约稿要报时私聊发给您，当天不再另发提醒。\n今天就开始。"
    assert await at(stage, "08:30") == []
    (heard,) = await at(stage, "15:00")
    assert heard.text.startswith("每日提醒")
    assert await at(stage, "17:00") == []


async def test_it_comes_between_two_milliseconds_as_well(stage: Stage) -> None:
    await owing(stage)
    assert [heard.to for heard in await at(stage, "08:30:00.123600")] == ["张三"]


async def test_switched_off_the_reminders_come_by_themselves(stage: Stage) -> None:
    await owing(stage)
    (heard,) = await stage.say("张三", "/每日提醒 关")
    assert heard.text.startswith("每日提醒已关。")
    (heard,) = await at(stage, "08:30")
    assert heard.text.startswith("【约稿提醒】约 2026-001")
    (heard,) = await stage.say("张三", "/digest")
    assert heard.text == "您没有开每日提醒。要打开请发“/每日提醒 8:30”。"
    (heard,) = await stage.say("张三", "/每日提醒 开")
    assert heard.text.endswith("从下一个工作日开始。")


async def test_a_deputy_gets_one_only_if_they_ask(stage: Stage) -> None:
    (heard,) = await stage.say("钱八", "/每日提醒 9：30")
    assert "工作日 09:30" in heard.text
    await owing(stage)
    assert [heard.to for heard in await at(stage, "09:30")] == ["张三", "钱八"]


async def test_asked_in_the_group_the_answer_is_private(stage: Stage) -> None:
    heard = await stage.say("张三", "/每日提醒", GROUP)
    assert all("每日提醒：" not in one.text for one in heard if one.to == GROUP)
    assert any("每日提醒：" in one.text for one in heard if one.to == "张三")


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        ("/每日提醒 明天", "没有看懂。可以发：/每日提醒、/每日提醒 8:30、/每日提醒 关。"),
        ("/每日提醒 25:00", "没有看懂。"),
        ("/每日提醒 8:75", "没有看懂。"),
        ("/每日提醒 12:30", "12:30 不在工作时间，请选 08:30–11:45、14:30–17:30 之间的时间。"),
        ("/每日提醒 22点半", "22:30 不在工作时间"),
    ],
)
async def test_a_time_that_is_none_or_outside_hours_is_refused(stage: Stage, said: str, answer: str) -> None:
    (heard,) = await stage.say("张三", said)
    assert answer in heard.text


async def test_the_office_has_nothing_to_choose(stage: Stage) -> None:
    (heard,) = await stage.say("周科长", "/每日提醒")
    assert heard.text.startswith("您没有“/每日提醒”的权限。")
