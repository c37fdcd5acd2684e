"""Corrections as a set: collected, previewed, approved by the head, told to the units they move."""

from __future__ import annotations

from tests.plugins.item_stories import told, totals
from tests.plugins.test_period import december, frozen, november, office
from tests.support.stage import OFFICE, Stage


async def test_without_a_set_the_office_reads_how_to_begin_one(stage: Stage) -> None:
    assert await office(stage, "/更正", "吴科员") == (
        "没有正在拟的更正。加一项：\n"
        "/更正 撤销 137 每日要情 128 登记错了\n"
        "/更正 补登 137 省专报 45 单篇 11-20\n"
        "/更正 批示 137 市级 11-23\n"
        "/更正 调整 云山县 -2 第十二条 原因\n"
        "/更正 办法（下面贴办法文件）"
    )


async def test_changes_are_collected_one_by_one(stage: Stage) -> None:
    await november(stage)
    assert await office(stage, "/更正 撤销 1 省专报 45 期号登记错了", "吴科员") == (
        "更正1：第1项 撤销 2026-0001 《省政府专报》第45期采用（期号登记错了）\n"
        "共1项。看影响请发“/更正 预览”；删去请发“/更正 删 1”。"
    )
    assert await office(stage, "/更正 补登 1 省专报 46 单篇 11-20", "吴科员") == (
        "更正1：第2项 补登 2026-0001 省专报 46 单篇 11-20\n共2项。看影响请发“/更正 预览”；删去请发“/更正 删 2”。"
    )
    assert await office(stage, "/correction adjust 清河区 -1.5 第六条 迟报约稿材料", "吴科员") == (
        "更正1：第3项 调整 清河区 -1.5分（第六条，迟报约稿材料）\n共3项。看影响请发“/更正 预览”；删去请发“/更正 删 3”。"
    )
    assert await office(stage, "/更正 删 3") == "第3项已删去，更正1还有2项。"
    assert await office(stage, "/更正") == (
        "更正1，2项：\n"
        "1. 撤销 2026-0001 《省政府专报》第45期采用（期号登记错了）\n"
        "2. 补登 2026-0001 省专报 46 单篇 11-20\n"
        "看影响请发“/更正 预览”，删去一项请发“/更正 删 1”。"
    )


async def test_the_preview_says_who_moves_and_by_how_much_and_the_head_is_asked(stage: Stage) -> None:
    await november(stage)
    await office(stage, "/更正 补登 2 省要情 46 11-20", "吴科员")
    await office(stage, "/更正 补登 2 省专报 47 11-21", "吴科员")
    heard = await stage.say("吴科员", "/更正 预览", OFFICE)
    shown = (
        "更正1的影响（还没有改，入账2笔）：\n"
        "【2026年】2个单位\n"
        "清河区 0.5→40.5分（+40），第2→1名，采0→1条\n"
        "云山县 第1→2名\n"
        "【2026年11月】2个单位\n"
        "清河区 0.5→40.5分（+40），第2→1名，采0→1条\n"
        "云山县 第1→2名\n"
        "批准请信息科长发“/更正 批准”，不要了请发“/更正 放弃”。"
    )
    assert told(heard, OFFICE) == shown
    assert told(heard, "周科长") == f"【更正待批准】吴科员拟的\n{shown}"
    assert await totals(stage, 3) == (50, 1, 0)


async def test_the_head_approves_and_the_units_that_move_are_told_their_own_lines(stage: Stage) -> None:
    await november(stage)
    await office(stage, "/更正 补登 2 省专报 47 单篇 11-21", "吴科员")
    await office(stage, "/更正 调整 云山县 -2 第六条 重复计分", "吴科员")
    await stage.say("吴科员", "/更正 预览")
    heard = await stage.say("周科长", "/更正 批准", OFFICE)
    assert told(heard, OFFICE) == "更正1已批准，入账2笔。\n已私聊告知2个单位。"
    assert told(heard, "王五") == (
        "【得分更正】清河区\n+30分（第七条）《省政府专报》第47期单篇采用\n逐笔明细请发“/我的得分”；有疑问请联系信息科。"
    )
    assert "【得分更正】云山县\n-2分（第六条）人工调整：重复计分" in told(heard, "张三")
    assert await totals(stage, 3) == (3050, 1, 1)


async def test_a_clerk_does_not_approve(stage: Stage) -> None:
    await november(stage)
    await office(stage, "/更正 补登 2 省专报 47 11-21", "吴科员")
    await stage.say("周科长", "/更正 预览", OFFICE)
    assert "您没有“/更正 批准”的权限" in await office(stage, "/更正 批准", "吴科员")
    assert await totals(stage, 3) == (50, 1, 0)


async def test_the_head_sees_what_would_happen_before_the_first_approval(stage: Stage) -> None:
    await november(stage)
    await office(stage, "/更正 补登 2 省专报 47 11-21", "吴科员")
    first = await office(stage, "/更正 批准")
    assert first.startswith("预览以后情况有变化，还没有批准。请看新的预览，没有问题再发一次“/更正 批准”。\n更正1的影响")
    assert (await office(stage, "/更正 批准")).startswith("更正1已批准")


async def test_a_dropped_set_changes_nothing_and_stays_readable(stage: Stage) -> None:
    await november(stage)
    await office(stage, "/更正 调整 云山县 +2 第六条 漏计", "吴科员")
    assert await office(stage, "/更正 放弃", "吴科员") == "更正1已放弃，什么都没有改。"
    assert (await office(stage, "/更正")).startswith(
        "最近一份：更正1，吴科员 12-01 09:00 已放弃\n1. 调整 云山县 +2分（第六条，漏计）\n没有正在拟的更正。"
    )


async def test_corrections_of_a_frozen_month_move_the_next_one(stage: Stage) -> None:
    await frozen(stage)
    stage.clock.moment = december(8)
    await office(stage, "/更正 撤销 1 省专报 45 期号登记错了")
    shown = await office(stage, "/更正 预览")
    assert "【2026年12月】" in shown
    assert "【2026年11月】" not in shown
    assert "云山县 0→-30分（-30）" in shown
    assert (await office(stage, "/更正 批准")).startswith("更正1已批准，入账1笔。")
    assert (await totals(stage, 2, "2026-12"))[0] == -3000
    assert (await totals(stage, 2, "2026-11"))[0] == 3050


async def test_an_objection_is_granted_with_the_set_that_did_it(stage: Stage) -> None:
    await november(stage)
    await stage.say("王五", "/申诉 11月 省专报第47期采用了，没有计分")
    await office(stage, "/更正 补登 2 省专报 47 11-21")
    assert "没有找到已经批准的更正1" in await office(stage, "/申诉 1 成立 更正1")
    await office(stage, "/更正 预览")
    await office(stage, "/更正 批准")
    heard = await stage.say("吴科员", "/申诉 1 成立 更正1 已补登", OFFICE)
    assert "申诉1 清河区：成立。已补登\n+30分（第七条）" in told(heard, OFFICE)
    assert "吴科员：成立（更正1） 已补登" in await office(stage, "/申诉 1")


async def test_of_many_changes_in_many_months_a_phone_shows_the_year_the_last_month_and_counts_the_rest(
    stage: Stage,
) -> None:
    await november(stage)
    for at, day in enumerate(("9-2", "10-9", "11-21"), 1):
        await office(stage, f"/更正 补登 2 省要情 {at} {day}")
    for _ in range(11):
        await office(stage, "/更正 调整 云山县 1 第六条 漏计")
    assert "12. 调整 云山县 +1分（第六条，漏计）\n……还有2项" in await office(stage, "/更正")
    shown = (await office(stage, "/更正 预览")).split("\n")
    assert [line for line in shown if line.startswith(("【", "其他"))] == [
        "【2026年】2个单位", "【2026年12月】2个单位", "其他期间：9月2个、10月2个、11月1个单位",
    ]  # fmt: skip
    heard = await stage.say("周科长", "/更正 批准", OFFICE)
    assert "+1分（第六条）人工调整：漏计\n……共11笔，合计+11分" in told(heard, "张三")


async def test_a_set_that_did_nothing_for_the_unit_is_not_what_was_done_about_its_objection(stage: Stage) -> None:
    await november(stage)
    await stage.say("王五", "/申诉 11月 少了一条")
    await office(stage, "/更正 调整 云山县 1 第六条 漏计")
    await office(stage, "/更正 预览")
    await office(stage, "/更正 批准")
    said = await office(stage, "/申诉 1 成立 更正1")
    assert said == "没有办成：更正1没有改动清河区的得分，请核对编号。"


async def test_a_set_applied_before_the_objection_is_shown_with_what_it_booked_for_the_unit(stage: Stage) -> None:
    await november(stage)
    await office(stage, "/更正 补登 2 省专报 47 单篇 11-21")
    await office(stage, "/更正 预览")
    await office(stage, "/更正 批准")
    await stage.say("王五", "/申诉 11月 省专报第47期没有计分")
    assert "+30分（第七条）《省政府专报》第47期单篇采用" in await office(stage, "/申诉 1 成立 更正1 已在更正1里补登")


async def test_what_does_not_work_is_said_at_once(stage: Stage) -> None:
    await november(stage)
    assert "没有重复登记" in await office(stage, "/更正 补登 1 省专报 45", "吴科员")
    assert "不能撤销采用" in await office(stage, "/更正 撤销 2 登记错了", "吴科员")
    assert "请写明要改什么，例如：/更正 调整 云山县 -2 第十二条" in await office(stage, "/更正 调整", "吴科员")
    assert "看不懂“改分”" in await office(stage, "/更正 改分 云山县", "吴科员")
    assert (await office(stage, "/更正", "吴科员")).startswith("没有正在拟的更正")


async def test_a_unit_whose_reporter_cannot_be_told_is_named(stage: Stage) -> None:
    await november(stage)
    await stage.say("吴科员", "/解绑 孙七 文旅局")
    await office(stage, "/更正 调整 文旅局 1 第六条 漏计")
    await office(stage, "/更正 预览")
    assert await office(stage, "/更正 批准") == ("更正1已批准，入账1笔。\n没有能私聊的信息员，请电话告知：市文旅局。")


async def test_a_reporter_has_no_business_with_corrections(stage: Stage) -> None:
    assert told(await stage.say("张三", "/更正"), "张三") == "您没有“/更正”的权限。如有需要，请联系信息科。"
