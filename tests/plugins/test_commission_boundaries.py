"""The corners of a commission's life: the year turns, a unit is gone, something was said that must not be."""

from __future__ import annotations

from dataclasses import replace

import pytest

from domain.moment import to_ms
from storage.engine import Tx
from tests.plugins.commission_stories import issue, share, stage_of
from tests.plugins.item_stories import told
from tests.support.office import moment
from tests.support.stage import GROUP, OFFICE, Stage

CLERK, CHIEF = "吴科员", "周科长"
BODY = "\n" + "我县抓早抓实，各项措施已经落实到位。" * 4


async def test_every_numbered_line_of_a_decomposition_is_a_part_even_below_a_requirement(stage: Stage) -> None:
    said = (
        "/课题分解 文旅融合\n时间：周五\n要求：数据准确\n"
        "1. 云山县、清河区：典型做法\n2. 文旅局牵头、发改委参加：产业数据 800字 周四前"
    )  # fmt: skip
    (heard,) = await stage.say(CLERK, said, OFFICE)
    assert "要求：数据准确\n" in heard.text
    assert "单位 4 个：云山县、清河区、市文旅局、市发改委" in heard.text
    assert "1. 典型做法（云山县、清河区） 11月27日(周五) 17:30" in heard.text


async def test_a_numbered_requirement_of_a_plain_commission_stays_a_requirement(stage: Stage) -> None:
    said = "/约稿 文旅融合\n时间：周五\n单位：云山县\n要求：\n1. 数据：要准\n2. 做法：要新"
    (heard,) = await stage.say(CLERK, said, OFFICE)
    assert "要求：1. 数据：要准 2. 做法：要新" in heard.text


@pytest.mark.parametrize(
    "said", ["/约稿 【OA】某项工作\n时间：周五\n单位：云山县", "/约稿记录 电话 【OA】某项工作 云山县 周五"]
)
async def test_a_topic_that_may_not_be_in_a_chat_is_not_repeated_and_is_to_be_recalled(stage: Stage, said: str) -> None:
    (heard,) = await stage.say(CLERK, said, OFFICE)
    assert "某项工作" not in heard.text
    assert "请撤回那条消息" in heard.text


async def test_going_back_in_the_form_does_not_say_such_a_topic_again(stage: Stage) -> None:
    await stage.say(CLERK, "/约稿 【OA】某项工作", OFFICE)
    (heard,) = await stage.say(CLERK, "返回", OFFICE)
    assert "请发约稿标题" in heard.text
    assert "某项工作" not in heard.text


async def test_a_commission_outside_the_chat_is_never_named_and_has_no_slip_here(stage: Stage) -> None:
    await stage.say(CLERK, "/约稿 【OA】某项工作\n时间：周五\n单位：云山县", OFFICE)
    heard = await stage.say(CLERK, "确认", OFFICE)
    assert told(heard, OFFICE).endswith("发“/约稿 约1”看推送情况。")
    for who, words in (("张三", "/任务 约1"), ("张三", "/台账"), (CLERK, "/任务"), (CLERK, "/台账 约1")):
        heard += await stage.say(who, words)
    heard += await stage.say("张三", "/延期 约1 到下周一 人手不够")
    granted = await stage.say(CLERK, "/批准延期 约1 云山县")
    assert "已批准：约 2026-001 云山县延期到" in told(granted, CLERK)
    assert not [one.text for one in (*heard, *granted) if "某项工作" in one.text]


async def test_a_weekday_in_an_extension_is_the_one_behind_the_due_time(stage: Stage) -> None:
    """It is Monday, due is Friday, and 周一 is of course not today."""
    commission = await issue(stage)
    heard = await stage.say("张三", "/延期 约1 到周一 数据要等统计局")
    assert "11月30日(周一) 17:30" in told(heard, "张三")
    await stage.say(CLERK, "/批准延期 约1 云山县 到周二")
    assert (await share(stage, commission)).now.due_ms == to_ms(moment("12-01", "17:30"))


async def test_so_many_days_more_are_counted_from_the_due_time_and_the_reason_stays_as_written(stage: Stage) -> None:
    await issue(stage)
    heard = await stage.say("张三", "/延期 约1 三天，人手不够，领导出差")
    assert "11月27日(周五) 17:30 → 11月30日(周一) 17:30\n原因：人手不够,领导出差\n" in told(heard, CLERK)


async def test_what_becomes_of_an_item_after_closing_is_pointed_out_to_the_desk(stage: Stage) -> None:
    await issue(stage)
    await stage.say("张三", f"#约1 云山县冬麦长势良好{BODY}", GROUP)
    await stage.say(CLERK, "/销号 约1 云山县")
    heard = await stage.say(CLERK, "/采用 1 每日要情 128", OFFICE)
    assert "云山县已按“已报未采用”销号；要改请科长发：/重开 约1 云山县 原因" in told(heard, OFFICE)
    await stage.say(CHIEF, "/重开 约1 云山县 已经采用")
    await stage.say(CLERK, "/销号 约1 云山县")
    heard = await stage.say(CLERK, "/撤销采用 1 登记错了", OFFICE)
    assert "云山县已按“已采用”销号；要改请科长发：/重开 约1 云山县 原因" in told(heard, OFFICE)


async def test_a_unit_that_is_gone_can_still_be_closed_off(stage: Stage) -> None:
    commission = await issue(stage, units=(2, 3))

    def dissolve(tx: Tx) -> None:
        tx.run("UPDATE unit SET valid_to = '2026-11-24' WHERE id = 3")
        tx.touch("roster")

    await stage.store.run(dissolve)
    stage.clock.forward(days=3)
    heard = await stage.say(CHIEF, "/销号 约1 清河区 免除 已经撤并")
    assert "免除：清河区" in told(heard, CHIEF)
    assert await stage_of(stage, commission, 3) == "已销号"


async def test_what_was_withdrawn_is_still_named_in_the_history(stage: Stage) -> None:
    await issue(stage)
    await stage.say("张三", f"#约1 云山县冬麦长势良好{BODY}", GROUP)
    await stage.say("张三", "/撤回 1")
    (heard,) = await stage.say("张三", "/任务 约1")
    assert "报送 2026-0001《云山县冬麦长势良好》" in heard.text
    assert "云山县：已签收，待报送" in heard.text


async def test_what_was_sent_back_waits_for_the_unit_in_the_list_and_by_itself(stage: Stage) -> None:
    await issue(stage)
    await stage.say("张三", f"#约1 云山县冬麦长势良好{BODY}", GROUP)
    await stage.say(CLERK, "/退回 1 数据不对", OFFICE)
    for words in ("/任务", "/任务 约1"):
        (heard,) = await stage.say("张三", words)
        assert "2026-0001 被退回，请改好再报" in heard.text


async def test_a_reopened_share_with_an_answer_is_not_chased_and_the_head_knows(stage: Stage) -> None:
    await issue(stage)
    await stage.say("张三", f"#约1 云山县冬麦长势良好{BODY}", GROUP)
    await stage.say(CLERK, "/销号 约1 云山县")
    heard = await stage.say(CHIEF, "/重开 约1 云山县 到下周三 省里要求补报")
    assert "云山县已有报送，仍算已报送，不再催报" in told(heard, CHIEF)


async def test_in_january_last_years_number_is_said_with_its_year(stage: Stage) -> None:
    commission = await issue(stage)
    january = moment("12-31", "09:00").replace(year=2027, month=1, day=4)
    assert commission.spoken(2026) == "约1"
    assert replace(commission, off_chat=True).spoken(2027) == "约2026-1"
    stage.clock.moment = january
    (heard,) = await stage.say("张三", "/任务 约1")
    assert "报送时写上“#约2026-1”" in heard.text
    (heard,) = await stage.say("张三", f"#约2026-1 云山县冬麦长势良好{BODY}")
    assert "已作为 约 2026-001" in heard.text


async def test_whoever_takes_over_hears_how_many_commissions_are_open(stage: Stage) -> None:
    await issue(stage)
    heard = await stage.say(CLERK, "/交接 张三 钱八")
    assert "没有办完的约稿 1 件，发“/任务”看。" in told(heard, "钱八")
    (heard_now,) = await stage.say("钱八", "/任务")
    assert "约 2026-001" in heard_now.text


async def test_a_reporter_asking_for_help_with_commissions_gets_the_commands_of_that_family(stage: Stage) -> None:
    (heard,) = await stage.say("张三", "/帮助 约稿")
    assert heard.text.startswith("“/约稿”供信息科、信息科长使用。这一类里您能用的：\n/收到 ")
    assert "/延期 " in heard.text
    assert "/销号" not in heard.text


async def test_in_a_group_of_many_units_everybody_reads_whether_they_are_meant(stage: Stage) -> None:
    def grow(tx: Tx) -> None:
        for id in range(6, 30):
            tx.run(
                "INSERT INTO unit (id, name, kind, place, valid_from) VALUES (?, ?, '部门', ?, '2026-01-01')",
                id, f"市第{id}局", id,
            )  # fmt: skip
        tx.touch("roster")

    await stage.store.run(grow)
    await stage.say(CLERK, "/约稿 冬季供暖\n时间：周五\n单位：市直部门，云山县", OFFICE)
    heard = await stage.say(CLERK, "确认", OFFICE)
    assert "\n单位：全部单位（除清河区外），共 27 个\n" in told(heard, GROUP)
    (standing,) = await stage.say(CLERK, "/任务 约1", OFFICE)
    assert "未签收 27 家：" in standing.text
    assert "市第29局" in standing.text
