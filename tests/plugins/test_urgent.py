"""`/紧急`: a clock, not a transport. It starts, it is stopped, and nothing of what happened is kept anywhere."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.section_urgent import Urgent
from bot.settings import Settings
from storage.engine import Tx
from tests.support.office import moment
from tests.support.stage import GROUP, Heard, Stage, staged


def to(heard: list[Heard], who: str) -> str:
    """What one person or group hears; once, or it fails."""
    (text,) = [each.text for each in heard if each.to == who]
    return text


async def one(stage: Stage, who: str, text: str) -> str:
    return to(await stage.say(who, text), who)


async def test_a_reporter_starts_the_clock_and_the_office_knows_at_once(stage: Stage) -> None:
    heard = await stage.say("张三", "/紧急 重大 事发09:20")
    assert to(heard, "张三") == (
        "急 2026-001（重大）云山县已开始计时，09:41 起算，事发 09:20。\n"
        "电话报告：09:56 前，请打值班电话。\n"
        "书面首报：10:16 前，走机要渠道或政务内网。\n"
        "续报：每天 08:00、17:00 前，直到终报。\n"
        "这里只记时间：不要在群里或对机器人写事件内容。\n"
        "报了就发：/紧急 电话已报 急1；/紧急 首报 急1"
    )
    told = (
        "【紧急】急 2026-001（重大）云山县，张三登记，09:41 起算，事发 09:20。\n"
        "电话 09:56 前，书面 10:16 前。\n"
        "内容不在这里。发“/紧急”看进度；登记错了发“/紧急 作废 急1 原因”。"
    )
    assert to(heard, "周科长") == to(heard, "吴科员") == told
    assert len(heard) == 3


async def test_at_night_on_a_holiday_the_office_is_told_all_the_same(stage: Stage) -> None:
    stage.clock.moment = moment("10-03", "02:15")
    heard = await stage.say("张三", "/紧急 特别重大")
    assert "电话 02:30 前，书面 02:50 前。" in to(heard, "周科长")


async def test_said_in_the_group_it_is_answered_in_private(stage: Stage) -> None:
    heard = await stage.say("张三", "/紧急 重大", GROUP)
    assert to(heard, "张三").startswith("急 2026-001（重大）云山县已开始计时")
    assert all("重大" not in each.text and "云山" not in each.text for each in heard if each.to == GROUP)


async def test_each_report_stops_its_timer_with_a_verdict(stage: Stage) -> None:
    await stage.say("张三", "/紧急 重大")
    stage.clock.forward(minutes=12)
    heard = await stage.say("张三", "/紧急 电话已报 急1")
    assert to(heard, "张三") == "急 2026-001（重大）云山县：电话报告 09:53，按时（时限 09:56）。"
    assert to(heard, "周科长") == "急 2026-001（重大）云山县：电话报告 09:53，按时（时限 09:56），张三登记。"
    stage.clock.forward(minutes=28)
    assert await one(stage, "李副", "/紧急 首报") == (
        "急 2026-001（重大）云山县：首报 10:21，迟 5分钟（时限 10:16）。\n"
        "续报：每天 08:00、17:00 前；结束了发“/紧急 终报 急1”。"
    )
    stage.clock.moment = moment("11-23", "16:30")
    assert (await one(stage, "张三", "/紧急 续报 1")).startswith(
        "急 2026-001（重大）云山县：续报一 16:30，按时（时限 17:00）。"
    )
    stage.clock.moment = moment("11-24", "08:20")
    assert (await one(stage, "张三", "/紧急 续报 急2026-001")).startswith(
        "急 2026-001（重大）云山县：续报二 08:20，迟 20分钟（时限 08:00）。"
    )
    assert await one(stage, "张三", "/紧急 终报 急1") == (
        "急 2026-001（重大）云山县：终报 08:20。\n已终报，计时结束，不再提醒。"
    )
    assert (await one(stage, "吴科员", "/紧急")).startswith("没有未终报的紧急信息。")


async def test_the_office_may_say_when_it_was_called_and_a_reporter_may_not(stage: Stage) -> None:
    await stage.say("张三", "/紧急 重大")
    stage.clock.forward(minutes=20)
    assert await one(stage, "张三", "/紧急 首报 急1 09:50") == (
        "急 2026-001（重大）云山县：首报 10:01，按时（时限 10:16）。\n"
        "时间以发出这条消息为准；要更正请联系信息科。\n"
        "续报：每天 08:00、17:00 前；结束了发“/紧急 终报 急1”。"
    )
    assert "电话报告 09:50，按时（时限 09:56）" in await one(stage, "吴科员", "/紧急 电话已报 急1 09:50")


SECRET = "宏达化工厂反应釜爆燃"


def everything(tx: Tx) -> str:
    """Every text in the database."""
    tables = [name for (name,) in tx.all("SELECT name FROM sqlite_master WHERE type = 'table'")]
    return "\n".join(str(row) for table in tables for row in tx.all(f'SELECT * FROM "{table}"'))


@pytest.mark.parametrize(
    "said",
    [
        f"/紧急 重大 {SECRET}",
        f"/紧急 重大 事发09:20 云山县 {SECRET}",
        f"/紧急 重大\n{SECRET}",
        f"/紧急 重大{SECRET}",
        f"/紧急 首报 急1 {SECRET}",
        f"/紧急 首报 急1\n{SECRET}",
        f"/紧急 {SECRET}",
        f"/紧急 急1 {SECRET}",
        f"/紧急\n{SECRET}",
    ],
)
async def test_content_is_neither_kept_nor_repeated_and_the_sender_is_told(stage: Stage, said: str) -> None:
    await stage.say("张三", "/紧急 较大")
    heard = await stage.say("张三", said, GROUP)
    assert "多写的文字没有看，也没有保存。请马上撤回群里那条消息。" in to(heard, "张三")
    assert "请走机要渠道或政务内网" in to(heard, "张三")
    assert all("爆燃" not in each.text for each in stage.channel.heard)
    assert "爆燃" not in await stage.store.read(everything)


async def test_a_line_that_is_no_other_word_starts_and_stops_nothing(stage: Stage) -> None:
    await stage.say("张三", "/紧急 重大")
    assert "没有看懂，没有开始计时" in await one(stage, "张三", "/紧急 电话线被挖断")
    assert "电话报告未报" in await one(stage, "张三", "/紧急 急1")


async def test_the_desk_lists_what_is_open(stage: Stage) -> None:
    await stage.say("张三", "/紧急 重大")
    await stage.say("吴科员", "/紧急 一般 接报09:00 市文旅局")
    stage.clock.forward(minutes=20)
    await stage.say("张三", "/紧急 首报 急1")
    assert await one(stage, "周科长", "/紧急") == (
        "未终报的紧急信息 2 件：\n"
        "急 2026-001（重大）云山县 09:41 起算\n"
        "  首报 10:01 按时；电话报告未报，09:56 已超过 5分钟；续报未报，17:00 前\n"
        "急 2026-002（一般）市文旅局 09:00 起算\n"
        "  首报未报，15:00 前"
    )
    assert "急 2026-002" not in await one(stage, "张三", "/紧急")
    assert "没有找到紧急信息 急 2026-002" in await one(stage, "张三", "/紧急 急2")


async def test_with_several_open_the_number_is_asked_for(stage: Stage) -> None:
    await stage.say("张三", "/紧急 重大")
    opened = await one(stage, "张三", "/紧急 较大")
    assert opened.endswith("本单位另有未终报的：急 2026-001。如果是同一件，请信息科作废一件。")
    assert await one(stage, "张三", "/紧急 首报") == "有 2 件未终报，请写编号：急 2026-001、急 2026-002。"


async def test_one_opened_by_mistake_is_struck_by_the_office(stage: Stage) -> None:
    await stage.say("张三", "/紧急 重大")
    assert await one(stage, "张三", "/紧急 作废 急1 误操作") == "您没有“/紧急 作废”的权限。如有需要，请联系信息科。"
    assert "请写作废的原因" in await one(stage, "吴科员", "/紧急 作废 急1")
    heard = await stage.say("吴科员", "/紧急 作废 急1 误操作")
    assert to(heard, "吴科员") == "急 2026-001已作废，不再计时、不再提醒。"
    assert to(heard, "张三").startswith("您登记的 急 2026-001（重大）已由信息科作废")
    assert "作废原因：误操作" in await one(stage, "吴科员", "/紧急 急1")
    assert await one(stage, "吴科员", "/紧急 作废 急1 再来") == "急 2026-001现在是“已作废”，不能作废。"


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        ("/紧急 电话已报 急1", "急 2026-001现在是“09:41 已电话报告”，不能登记电话报告。"),
        ("/紧急 续报 急1", "急 2026-001现在是“还没有首报”，不能登记续报。请先发“/紧急 首报 急1”。"),
        ("/紧急 终报 急1", "急 2026-001现在是“还没有首报”，不能登记终报。请先发“/紧急 首报 急1”。"),
        ("/紧急 首报 急9", "没有找到紧急信息 急 2026-009。编号可以写：急3、急 2026-003。"),
        ("/紧急 严重", "没有看懂，没有开始计时。请只写级别"),
        ("/紧急 重大 事发11-24 8:00", "11-24 08:00 还没有到，请核对时间。"),
    ],
)
async def test_what_cannot_be_is_answered_with_what_can(stage: Stage, said: str, answer: str) -> None:
    await stage.say("张三", "/紧急 重大")
    await stage.say("张三", "/紧急 电话已报 急1")
    assert answer in await one(stage, "张三", said)


async def test_a_department_that_names_a_county_opens_it_for_itself(stage: Stage) -> None:
    said = await one(stage, "孙七", "/紧急 较大 云山县")
    assert said.startswith("急 2026-001（较大）市文旅局已开始计时")
    assert "已按本单位登记，事发地请写在书面报告里。" in said
    assert "多写的文字" not in said


async def test_the_offices_own_limits_and_phone_are_used(tmp_path: Path) -> None:
    section = Urgent(
        duty_phone="0888-1234567", start="事发", grades=["Ⅰ级 电话20分钟 书面40分钟", "Ⅱ级 书面2小时"], follow_up_at=[]
    )  # fmt: skip
    async with staged(tmp_path, settings=Settings(urgent=section)) as stage:
        said = await one(stage, "张三", "/紧急 I级 事发09:30")
        assert said.split("\n")[:3] == [
            "急 2026-001（Ⅰ级）云山县已开始计时，09:30 起算，事发 09:30。",
            "电话报告：09:50 前，值班电话 0888-1234567。",
            "书面首报：10:10 前，走机要渠道或政务内网。",
        ]
        assert "电话报告：09:10 前（已超过 31分钟）" in await one(stage, "王五", "/紧急 Ⅰ级 事发08:50")
