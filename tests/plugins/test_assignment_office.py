"""More time, declining, closing off: what a unit asks, what the office decides, and who hears of it."""

from __future__ import annotations

import pytest

from domain.moment import to_ms
from tests.plugins.commission_stories import FRIDAY, issue, share, stage_of
from tests.plugins.item_stories import send, told
from tests.support.office import moment
from tests.support.stage import GROUP, OFFICE, Stage

NAME = "约 2026-001《冬季农业生产情况》"
MONDAY = moment("11-30", "17:30")


async def test_more_time_is_asked_for_with_a_reason_and_the_desk_hears_of_it(stage: Stage) -> None:
    commission = await issue(stage)
    heard = await stage.say("张三", "/延期 约1 到下周一 数据要等统计局")
    assert told(heard, "张三").startswith(f"已申请延期：{NAME}\n")
    assert "11月30日(周一) 17:30" in told(heard, "张三")
    assert told(heard, "张三").endswith("\n批准之前，原来的截止时间不变。已私聊告知信息科。")
    said = (
        f"云山县 张三 申请延期 {NAME}\n11月27日(周五) 17:30 → 11月30日(周一) 17:30\n原因：数据要等统计局\n"
        "批准请发“/批准延期 约2026-001 云山县”，不批准请发“/不批准延期 约2026-001 云山县 原因”。"
    )
    assert (told(heard, "周科长"), told(heard, "吴科员")) == (said, said)
    assert (await share(stage, commission)).now.asked_due_ms == to_ms(MONDAY)


async def test_granted_the_due_time_moves_and_the_asker_hears_it(stage: Stage) -> None:
    commission = await issue(stage)
    await stage.say("钱八", "/延期 约1 到下周一 数据要等统计局")
    heard = await stage.say("吴科员", "/批准延期 约2026-001 云山县")
    assert told(heard, "吴科员") == (
        f"已批准：{NAME}云山县延期到11月30日(周一) 17:30。\n已私聊告知：云山县 钱八。"
    )  # fmt: skip
    assert told(heard, "钱八") == f"延期已批准：{NAME}，截止时间改为11月30日(周一) 17:30。"
    assert (await share(stage, commission)).now.due_ms == to_ms(MONDAY)
    (heard_again,) = await stage.say("周科长", "/批准延期 约1 云山县")
    assert "没有待批的延期申请" in heard_again.text


async def test_the_office_may_grant_another_time(stage: Stage) -> None:
    commission = await issue(stage)
    await stage.say("张三", "/延期 约1 到下周一 数据要等统计局")
    await stage.say("吴科员", "/批准延期 约1 云山县 到11月28日12:00")
    assert (await share(stage, commission)).now.due_ms == to_ms(moment("11-28", "12:00"))


async def test_the_only_request_need_not_be_named(stage: Stage) -> None:
    commission = await issue(stage)
    await stage.say("张三", "/延期 约1 到下周一 数据要等统计局")
    await stage.say("吴科员", "/批准延期 约1")
    assert (await share(stage, commission)).now.due_ms == to_ms(MONDAY)


async def test_of_several_requests_one_is_named_or_all(stage: Stage) -> None:
    commission = await issue(stage)
    for who in ("张三", "王五"):
        await stage.say(who, "/延期 约1 到下周一 数据要等统计局")
    (heard,) = await stage.say("吴科员", "/批准延期 约1")
    assert heard.text == "约 2026-001 有 2 家申请延期：云山县、清河区。请写明单位，或写“全部”。"
    await stage.say("吴科员", "/批准延期 约1 全部")
    assert [(await share(stage, commission, unit)).now.due_ms for unit in (2, 3)] == [to_ms(MONDAY)] * 2


async def test_refused_the_due_time_stays_and_the_unit_may_ask_again(stage: Stage) -> None:
    commission = await issue(stage)
    await stage.say("张三", "/延期 约1 到下周一 数据要等统计局")
    heard = await stage.say("吴科员", "/不批准延期 约1 云山县 省里周五要")
    assert told(heard, "张三") == (
        f"延期没有批准：{NAME}，请仍在11月27日(周五) 17:30前报送。\n原因：省里周五要"
    )  # fmt: skip
    assert (await share(stage, commission)).now.due_ms == to_ms(FRIDAY)
    heard = await stage.say("张三", "/延期 约1 到周六 12:00 书记要看")
    assert "已申请延期" in told(heard, "张三") or "已私聊" in told(heard, "张三")
    (heard_now,) = await stage.say("张三", "/任务 约1")
    for event in ("张三 申请延期到11月30日(周一) 17:30（数据要等统计局）", "吴科员 不批准延期（省里周五要）"):
        assert event in heard_now.text


async def test_one_request_at_a_time(stage: Stage) -> None:
    await issue(stage)
    await stage.say("张三", "/延期 约1 到下周一 数据要等统计局")
    (heard,) = await stage.say("张三", "/延期 约1 到下周二 数据要等统计局")
    assert heard.text == f"{NAME}已经申请延期到11月30日(周一) 17:30，还没有答复，不必再申请。"


async def test_a_superiors_earlier_time_is_pointed_out_to_the_desk(stage: Stage) -> None:
    await issue(stage, upper=moment("11-28", "12:00"))
    heard = await stage.say("张三", "/延期 约1 到下周一 数据要等统计局")
    assert "⚠ 晚于上级要求的时间。" in told(heard, "吴科员")


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        ("/延期", "没有写约稿编号"),
        ("/延期 约1", "没有写延期到什么时候，例如：/延期 约1 到周一 数据要等统计局"),
        ("/延期 约1 到下周一", "申请延期要写原因，例如：/延期 约1 到周一 数据要等统计局"),
        ("/延期 约1 到本周四 数据未出", "不比它晚，没有登记延期"),
        ("/延期 约1 到猴年 数据未出", "猴年"),
        ("/延期 约9 到下周一 数据未出", "没有找到约稿 约 2026-009"),
        ("/不报 约1", "申请不报要写原因"),
        ("/关联 137", "请这样写：/关联 信息编号 约稿编号"),
    ],
)
async def test_bad_words_of_a_unit_are_answered_with_the_form(stage: Stage, said: str, answer: str) -> None:
    await issue(stage)
    (heard,) = await stage.say("张三", said)
    assert answer in heard.text


async def test_too_late_is_too_late(stage: Stage) -> None:
    await issue(stage)
    stage.clock.moment = moment("11-28", "12:00")
    heard = await stage.say("张三", "/延期 约1 到周一 数据未出")
    assert "已申请延期" in told(heard, "张三")
    stage.clock.moment = moment("11-29", "12:00")
    (late,) = await stage.say("王五", "/延期 约1 到周一 数据未出")
    assert "超过一天，不能再申请延期" in late.text


async def test_declined_the_desk_reads_both_ways_out_and_the_head_exempts(stage: Stage) -> None:
    commission = await issue(stage)
    heard = await stage.say("张三", "/不报 约1 本县无此项工作")
    assert told(heard, "张三") == f"已登记申请不报：{NAME}云山县。信息科同意之前，任务还在。已私聊告知信息科。"
    assert told(heard, "周科长") == (
        f"云山县 张三 申请不报 {NAME}。\n原因：本县无此项工作\n"
        "同意（科长）：/销号 约1 云山县 免除 原因\n不同意：/不同意不报 约1 云山县 原因"
    )
    assert await stage_of(stage, commission) == "申请不报"
    (refused,) = await stage.say("吴科员", "/销号 约1 云山县 免除 情况属实")
    assert refused.text == "没有办成：按“免除”销号要由信息科长办理。"
    heard = await stage.say("周科长", "/销号 约1 云山县 免除 情况属实")
    assert told(heard, "周科长") == (
        f"{NAME}已销号 1 家：\n免除：云山县\n还有 2 家没有销号：清河区、市发改委。\n"
        "已私聊告知：云山县 张三、云山县 钱八。"
    )
    assert told(heard, "张三") == f"{NAME}云山县按“免除”销号。\n原因：情况属实\n有疑问请联系信息科。"


async def test_a_decline_that_is_not_accepted_leaves_the_task(stage: Stage) -> None:
    commission = await issue(stage)
    await stage.say("张三", "/不报 约1 本县无此项工作")
    heard = await stage.say("吴科员", "/不同意不报 约1 云山县 请报本县的做法")
    assert "不报的申请没有同意，还要报送" in told(heard, "张三")
    assert "原因：请报本县的做法" in told(heard, "钱八")
    assert await stage_of(stage, commission) == "已签收"
    (again,) = await stage.say("吴科员", "/不同意不报 约1 云山县 请报")
    assert "不能退回不报申请" in again.text


async def test_closing_all_closes_those_who_answered_each_by_what_became_of_it(stage: Stage) -> None:
    commission = await issue(stage)
    number = await send(stage, "张三", "#约1 云山县冬麦长势良好")
    await send(stage, "王五", "#约1 清河区冬麦长势良好")
    await stage.say("吴科员", f"/采用 {number} 每日要情 128")
    (heard,) = await stage.say("吴科员", "/销号 约1 全部")
    assert heard.text == (
        f"{NAME}已销号 2 家：\n已采用：云山县\n已报未采用：清河区\n还有 1 家没有销号：市发改委。\n"
        "注意：2026-0002 还没有登记采用或不采用，暂按“已报未采用”；以后采用了，请科长重开再销号。"
    )  # fmt: skip
    assert [await stage_of(stage, commission, unit) for unit in (2, 3, 4)] == ["已销号", "已销号", "待签收"]
    (again,) = await stage.say("吴科员", "/销号 约1 全部")
    assert "没有已报送、等销号的单位；市发改委还没有报送。" in again.text
    heard_by = await stage.say("周科长", "/销号 约1 全部 未完成 逾期未报")
    assert told(heard_by, "赵六") == f"{NAME}市发改委按“未完成”销号。\n原因：逾期未报\n有疑问请联系信息科。"
    assert "全部销号。" in told(heard_by, "周科长")
    (done,) = await stage.say("周科长", "/销号 约1 全部")
    assert done.text == "约 2026-001 已经全部销号。"


async def test_what_is_merged_into_another_task_needs_no_answer(stage: Stage) -> None:
    await issue(stage)
    (heard,) = await stage.say("吴科员", "/销号 约1 云山县、清河区 合并 并入约2")
    assert "合并：云山县、清河区" in heard.text
    (again,) = await stage.say("吴科员", "/销号 约1 云山县 已采用")
    assert "不能销号。销号原因：合并。要改请信息科先重开。" in again.text


async def test_one_unit_is_closed_by_what_became_of_its_item(stage: Stage) -> None:
    commission = await issue(stage)
    await send(stage, "张三", "#约1 云山县冬麦长势良好")
    (heard,) = await stage.say("吴科员", "/销号 约1 云山县")
    assert "已报未采用：云山县" in heard.text
    assert (await share(stage, commission)).now.stage.label == "已销号"


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        ("/销号", "没有写约稿编号"),
        ("/销号 约1", "没有写给谁销号"),
        ("/销号 约1 已采用", "没有写给谁销号"),
        ("/销号 约1 市文旅局 已采用", "没有找到市文旅局在 约 2026-001 里的任务"),
        ("/销号 约1 银山县 已采用", "没有找到单位“银山县”"),
        ("/销号 约1 云山县 随便", "看不懂“随便”。销号结果可以写：已采用"),
        ("/销号 约1 云山县", "还没有报送。从其他渠道报了的，先发“/已报 约 2026-001 云山县”"),
        ("/销号 约1 云山县 已采用", "还没有报送，不能按“已采用”销号"),
        ("/销号 约1 云山县 合并", "还没有报送，按“合并”销号要写明并到哪里"),
        ("/销号 约1 清河区 采用", "还没有登记采用。先发“/采用 2026-0001 刊物 期号”"),
        ("/销号 约1 云山县 免除", "按“免除”销号要写原因"),
        ("/重开 约1 云山县 补报", "不能重开"),
        ("/重开 约1", "没有写单位"),
        ("/批准延期 约1", "约 2026-001 没有待批的延期申请。"),
        ("/批准延期 约1 云山县", "没有待批的延期申请"),
    ],
)
async def test_bad_words_of_the_office_are_answered_with_the_form(stage: Stage, said: str, answer: str) -> None:
    await issue(stage)
    await send(stage, "王五", "#约1 清河区冬麦长势良好")
    (heard,) = await stage.say("周科长", said)
    assert answer in heard.text


async def test_closed_it_takes_no_answer_until_it_is_reopened(stage: Stage) -> None:
    commission = await issue(stage)
    await stage.say("周科长", "/销号 约1 云山县 未完成 逾期未报")
    (heard,) = await stage.say("张三", "/报送 #约1 云山县冬麦长势良好\n截至11月20日播种32万亩。")
    assert heard.text.startswith("收到 2026-0001")
    assert heard.text.endswith("约 2026-001 您单位已经销号，这条没有关联约稿。")
    (refused,) = await stage.say("吴科员", "/重开 约1 云山县 补报")
    assert "没有“/重开”的权限" in refused.text
    heard_by = await stage.say("周科长", "/重开 约1 云山县 到11月30日12:00 省里要求补报")
    assert told(heard_by, "周科长").startswith(f"已重开：{NAME}云山县，截止11月30日(周一) 12:00。")
    assert "原因：省里要求补报" in told(heard_by, "张三")
    (linked,) = await stage.say("张三", "/关联 1 约1")
    assert "已作为" in linked.text
    assert await stage_of(stage, commission) == "已报送"


async def test_a_unit_sees_what_is_open_nearest_first_and_what_to_do(stage: Stage) -> None:
    await issue(stage, due=moment("11-26", "12:00"))
    await issue(stage, "秋粮收购进度")
    await issue(stage, "冬春旅游", off_chat=True, due=moment("11-30", "12:00"))
    await issue(stage, "早期的", due=moment("11-24", "12:00"))
    await stage.say("张三", "收到约2", GROUP)
    await send(stage, "张三", "#约4 云山县冬麦长势良好")
    stage.clock.moment = moment("11-27", "09:00")
    (heard,) = await stage.say("张三", "/任务")
    assert heard.text == (
        "您单位有 3 件约稿要办，快到期的在前：\n"
        "⚠ 约 2026-001《冬季农业生产情况》 11月26日(周四) 12:00，已超期1天 待签收\n"
        "约 2026-002《秋粮收购进度》 11月27日(周五) 17:30 已签收，待报送\n"
        "约 2026-003 11月30日(周一) 12:00 待签收\n"
        "已报送、等信息科销号 1 件：约4。\n"
        "报送时写上“#约1”；要求和经过：/任务 约1；延期：/延期 约1 到周一 原因；不报：/不报 约1 原因。"
    )
    (other,) = await stage.say("孙七", "/任务")
    assert other.text == "您单位没有没办完的约稿。"


async def test_an_item_sent_back_makes_it_a_task_again(stage: Stage) -> None:
    await issue(stage)
    number = await send(stage, "张三", "#约1 云山县冬麦长势良好")
    await stage.say("吴科员", f"/退回 {number} 请补数据")
    (heard,) = await stage.say("张三", "/任务")
    assert "2026-0001 被退回，请改好再报" in heard.text


async def test_one_task_shows_what_is_wanted_and_what_happened(stage: Stage) -> None:
    await issue(stage)
    await stage.say("张三", "收到", GROUP)
    await send(stage, "张三", "#约1 云山县冬麦长势良好")
    (heard,) = await stage.say("李副", "/任务 约1")
    assert heard.text == (
        f"{NAME}\n来源：省办\n要求：写清面积和进度\n截止：11月27日(周五) 17:30\n云山县：已报送\n"
        "11-23 09:41 张三 签收\n11-23 09:41 张三 报送 2026-0001《云山县冬麦长势良好》"
    )
    (hidden,) = await stage.say("孙七", "/任务 约1")
    assert hidden.text == "没有找到您单位在 约 2026-001 里的任务。发“/任务”看您单位的约稿。"


async def test_the_topic_of_one_that_may_not_be_in_a_chat_is_never_said(stage: Stage) -> None:
    await issue(stage, "绝不能说的题目", off_chat=True)
    for who, said in (
        ("张三", "/任务"), ("张三", "/任务 约1"), ("张三", "/延期 约1 到下周一 数据未出"), ("张三", "/已报 约1"),
        ("吴科员", "/任务"), ("吴科员", "/任务 约1"), ("吴科员", "/批准延期 约1 云山县"),
        ("吴科员", "/销号 约1 云山县"),
    ):  # fmt: skip
        for heard in await stage.say(who, said):
            assert "绝不能说的题目" not in heard.text
            assert "写清面积" not in heard.text


async def test_the_office_sees_the_counts_and_who_is_missing_but_never_in_the_reporters_group(stage: Stage) -> None:
    await issue(stage)
    await stage.say("张三", "收到", GROUP)
    await stage.say("王五", "/延期 约1 到下周一 数据未出")
    (heard,) = await stage.say("吴科员", "/任务", OFFICE)
    assert heard.text == (
        "没办完的约稿 1 件，快到期的在前：\n"
        f"{NAME} 11月27日(周五) 17:30 待签收1、已签收2（共3）\n"
        "待批延期：约1 清河区 到11月30日(周一) 17:30（/批准延期 约2026-001 清河区）\n"
        "哪些单位没签收、没报送：/任务 约1。"
    )
    in_group = await stage.say("吴科员", "/任务 约1", GROUP)
    assert told(in_group, "吴科员") == (
        f"{NAME} 截止11月27日(周五) 17:30\n未签收 1 家：市发改委\n已签收未报送 2 家：云山县、清河区\n"
        "申请延期待批 1 家：清河区\n销号：/销号 约1 单位或全部 结果"
    )
    assert "市发改委" not in told(in_group, GROUP)


async def test_when_the_reporter_leaves_the_task_stays_with_the_unit(stage: Stage) -> None:
    commission = await issue(stage)
    await stage.say("张三", "/延期 约1 到下周一 数据要等统计局")
    await stage.say("管理员", "/交接 张三 钱八")
    heard = await stage.say("吴科员", "/批准延期 约1 云山县")
    assert "延期已批准" in told(heard, "钱八")
    (open_now,) = await stage.say("钱八", "/任务")
    assert NAME in open_now.text
    await stage.say("钱八", "/报送 #约1 云山县冬麦长势良好\n截至11月20日播种32万亩。")
    assert await stage_of(stage, commission) == "已报送"
