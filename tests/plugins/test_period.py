"""A month on its way to the bulletin, as the office goes it and as the units see it."""

from __future__ import annotations

from datetime import datetime

from domain.moment import ZONE
from services.cycles import snapshot
from tests.plugins.item_stories import send, told
from tests.support.stage import OFFICE, Heard, Stage


def december(day: int, time: str = "09:00") -> datetime:
    return datetime.fromisoformat(f"2026-12-{day:02d}T{time}").replace(tzinfo=ZONE)


async def november(stage: Stage) -> None:
    """An item of 云山县 is used in November, one of 清河区 is not; then it is the first of December."""
    await send(stage, "张三", "春耕备耕进展顺利")
    await send(stage, "王五", "清河招商引资开门红")
    await stage.say("吴科员", "/采用 1 省专报 45 单篇 11-20")
    stage.clock.moment = december(1)


async def office(stage: Stage, text: str, who: str = "周科长") -> str:
    """What the office's group reads."""
    return told(await stage.say(who, text, OFFICE), OFFICE)


async def shown(stage: Stage) -> list[Heard]:
    """November is cut off, computed and shown to the units; everything that was heard of it."""
    await november(stage)
    heard = []
    for step in ("截止", "计分", "核对"):
        heard += await stage.say("吴科员", f"/考评 {step} 11月", OFFICE)
    return heard


async def frozen(stage: Stage) -> str:
    """November is frozen after the units had their time; what the office reads."""
    await shown(stage)
    stage.clock.moment = december(4)
    return await office(stage, "/考评 冻结")


async def test_without_words_the_office_reads_where_last_month_stands_and_what_comes_next(stage: Stage) -> None:
    await november(stage)
    assert await office(stage, "/考评") == "2026年11月考评：登记中\n下一步：/考评 截止 11月"


async def test_a_month_goes_its_way_step_by_step(stage: Stage) -> None:
    await november(stage)
    assert await office(stage, "/考评 截止", "吴科员") == (
        "2026年11月已截止。之后补登的照样计入，直到冻结。\n下一步：/考评 计分 11月"
    )
    assert await office(stage, "/考评 计分", "吴科员") == (
        "2026年11月已计分，按期结算的（任务、基础分、封顶等）入账0笔。\n下一步：/考评 核对 11月"
    )
    assert await office(stage, "/考评 核对", "吴科员") == (
        "2026年11月已私聊4个单位核对，12月3日(周四) 17:30前可以申诉。\n"
        "下一步：/考评 冻结 11月，信息科长办理，12月3日(周四) 17:30以后"
    )
    stage.clock.moment = december(4)
    assert (await office(stage, "/period freeze")).startswith("2026年11月已冻结，校验码 ")
    assert await office(stage, "/考评 签发 云政办信〔2026〕12号") == (
        "2026年11月已签发：云政办信〔2026〕12号。\n下一步：/考评 通报 11月"
    )
    assert await office(stage, "/考评 通报 11月") == "2026年11月已通报。\n都办完了。以后的更正记入下一个月。"


async def test_each_unit_reads_its_own_figures_alone_and_how_to_object(stage: Stage) -> None:
    heard = await shown(stage)
    assert told(heard, "张三") == (
        "【得分核对】2026年11月政务信息\n"
        "云山县：30.5分，县（市、区）第1名，共2个单位\n"
        "报送1条，采用1条\n"
        "明细2笔，合计30.5分\n"
        "逐笔明细请发“/我的得分 11月”。\n"
        "有不同意见，请在12月3日(周四) 17:30前发：/申诉 11月 信息编号 理由（不是某一条信息的，不写编号）。\n"
        "没有意见不用回复；到时按此冻结、通报。"
    )
    assert "清河区" not in told(heard, "张三")
    assert told(heard, "王五").startswith("【得分核对】2026年11月政务信息\n清河区：0.5分，县（市、区）第2名")
    assert "市发改委：0分，重点部门第1名，共1个单位" in told(heard, "赵六")


async def test_a_unit_whose_reporter_has_no_account_is_told_by_its_second_or_named_to_the_office(stage: Stage) -> None:
    await november(stage)
    for who in ("张三 云山县", "孙七 文旅局"):
        await stage.say("吴科员", f"/解绑 {who}")
    for step in ("截止", "计分"):
        await office(stage, f"/考评 {step}")
    heard = await stage.say("周科长", "/考评 核对", OFFICE)
    assert "云山县：30.5分" in told(heard, "钱八")
    assert "已私聊3个单位核对" in told(heard, OFFICE)
    assert "没有能私聊的信息员，请电话核对：市文旅局。" in told(heard, OFFICE)


async def test_outside_speaking_hours_the_figures_wait_for_the_morning(stage: Stage) -> None:
    await november(stage)
    stage.clock.moment = december(1, "20:00")
    for step in ("截止", "计分"):
        await office(stage, f"/考评 {step}")
    heard = await stage.say("周科长", "/考评 核对", OFFICE)
    assert "已私聊4个单位核对，12-02 08:30 起发出，12月4日(周五) 17:30前可以申诉。" in told(heard, OFFICE)
    assert [one.to for one in heard] == [OFFICE]


async def test_a_running_month_is_not_cut_off(stage: Stage) -> None:
    assert await office(stage, "/考评 截止 11月") == "2026年11月还没有过完，12-01 起可以截止。"


async def test_a_step_out_of_turn_names_the_next(stage: Stage) -> None:
    await november(stage)
    assert await office(stage, "/考评 冻结 11月") == "2026年11月考评现在是“登记中”，不能冻结。下一步是“截止”。"


async def test_only_the_head_freezes(stage: Stage) -> None:
    await shown(stage)
    stage.clock.moment = december(4)
    assert await office(stage, "/考评 冻结", "吴科员") == "您没有“/考评 冻结”的权限。如有需要，请联系信息科。"


async def test_the_units_keep_the_time_they_were_promised(stage: Stage) -> None:
    await shown(stage)
    stage.clock.moment = december(3, "17:00")
    assert await office(stage, "/考评 冻结") == (
        "没有办成：核对期到12月3日(周四) 17:30为止，各单位都收到了这个时间，过了再冻结。"
    )


async def test_after_a_mistake_the_month_is_computed_and_shown_again(stage: Stage) -> None:
    await shown(stage)
    stage.clock.forward(minutes=5)
    await stage.say("吴科员", "/撤销采用 1 期号登记错了")
    assert "2026年11月已计分" in await office(stage, "/考评 计分")
    heard = await stage.say("吴科员", "/考评 核对", OFFICE)
    assert "云山县：0.5分，县（市、区）第1名（并列），共2个单位\n报送1条，采用0条\n明细3笔，合计0.5分" in told(
        heard, "张三"
    )


async def test_the_state_lists_the_steps_with_who_took_them(stage: Stage) -> None:
    await shown(stage)
    assert await office(stage, "/考评") == (
        "2026年11月考评：核对中\n"
        "12-01 09:00 截止（吴科员）\n"
        "12-01 09:00 计分（吴科员）\n"
        "12-01 09:00 核对（吴科员），12月3日(周四) 17:30前可申诉\n"
        "下一步：/考评 冻结 11月，信息科长办理，12月3日(周四) 17:30以后"
    )


async def test_an_objection_nobody_answered_keeps_the_month_open(stage: Stage) -> None:
    await shown(stage)
    await stage.say("王五", "/申诉 11月 2 省专报46期也采用了，没有计分")
    stage.clock.moment = december(4)
    assert await office(stage, "/考评 冻结") == (
        "没有办成：2026年11月还不能冻结。\n"
        "申诉没有答复，1件：\n"
        "申诉1 清河区：省专报46期也采用了，没有计分\n"
        "发“/申诉 编号”看全文、答复。"
    )
    assert "申诉没有答复，1件：\n申诉1 清河区" in await office(stage, "/考评 11月")


async def test_an_earlier_month_in_hand_is_frozen_first(stage: Stage) -> None:
    await shown(stage)
    stage.clock.moment = december(4)
    for step in ("截止 10月", "计分 10月"):
        await office(stage, f"/考评 {step}")
    assert "2026年10月还在办理（已计分），请先冻结2026年10月，再冻结2026年11月。" in await office(
        stage, "/考评 冻结 11月"
    )


async def test_what_is_adopted_late_is_booked_into_the_next_month_and_the_frozen_board_stays(stage: Stage) -> None:
    code = (await frozen(stage)).split("校验码 ")[1][:12]
    await stage.say("吴科员", "/采用 2 省专报 46 单篇 11-25")
    assert "补计11月：《省政府专报》第46期单篇采用 +30分" in await office(stage, "/单位得分 清河区 12月")
    kept = await stage.store.read(snapshot.frozen, "2026-11")
    assert kept is not None
    rows = {row.short: row.period for board in kept.classes for row in board.rows}
    assert rows["清河区"]["points"] == 50
    assert f"校验码 {code}" not in await office(stage, "/考评")


async def test_the_ranking_of_a_frozen_month_is_read_as_it_was_frozen(stage: Stage) -> None:
    await frozen(stage)
    board = await office(stage, "/排名 11月")
    assert "2. 清河区 0.5分（报1 采0）" in board
    assert board.endswith("\n12-04 09:00 已冻结；以后登记的，分数记入以后的月份。")
    await stage.say("吴科员", "/采用 2 省专报 46 单篇 11-25")
    stage.clock.moment = december(7)
    assert await office(stage, "/排名 11月") == board
    assert "清河区 30分（报0 采0）" in await office(stage, "/排名 县区")
    assert (await office(stage, "/排名 11月 县区")).count("【") == 1


async def test_merged_months_are_settled_together(stage: Stage) -> None:
    await november(stage)
    assert await office(stage, "/考评 截止 10-11月") == (
        "2026年10-11月已截止。之后补登的照样计入，直到冻结。\n下一步：/考评 计分 10-11月"
    )


async def test_words_nobody_understands_are_answered_with_the_steps(stage: Stage) -> None:
    await november(stage)
    assert "看不懂“关账”。可以写：截止、计分、核对、冻结、签发、通报" in await office(stage, "/考评 关账")


async def test_glued_words_are_taken_apart(stage: Stage) -> None:
    await november(stage)
    assert (await office(stage, "/考评11月截止")).startswith("2026年11月已截止")


async def test_the_office_in_a_reporters_group_is_answered_in_private(stage: Stage) -> None:
    await november(stage)
    heard = await stage.say("吴科员", "/考评", "200001")
    assert told(heard, "吴科员").startswith("2026年11月考评")
    assert "考评" not in told(heard, "200001")


async def test_a_reporter_has_no_business_with_it(stage: Stage) -> None:
    assert told(await stage.say("张三", "/考评"), "张三") == "您没有“/考评”的权限。如有需要，请联系信息科。"


async def test_what_comes_after_freezing_is_told_beside_the_counts_and_leaves_the_points(stage: Stage) -> None:
    await frozen(stage)
    before = (await stage.say("王五", "/我的得分 11月"))[-1].text
    assert "冻结以后" not in before
    await stage.say("吴科员", "/采用 2 每日要情 131 11-25")
    late = "冻结以后有变动：采用多1条，榜上不变，分数记在以后的月份。"
    after = (await stage.say("王五", "/我的得分 11月"))[-1].text.splitlines()
    assert after[1] == before.splitlines()[1]
    assert after[2:4] == ["报送1条，采用1条，采用率100.0%", late]
    assert late in (await stage.say("王五", "/得分明细 11月"))[-1].text
    assert "补计11月" in (await stage.say("王五", "/得分明细 12月 采用分"))[-1].text
