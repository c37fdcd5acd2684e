"""At the desk: what the office does, what it reads, and what the reporters are told."""

from __future__ import annotations

from domain.item import State
from tests.plugins.item_stories import item, send, told
from tests.support.stage import GROUP, OFFICE, Stage


async def test_the_pile_is_shown_oldest_first_with_its_age(stage: Stage) -> None:
    assert told(await stage.say("吴科员", "/待办", OFFICE), OFFICE) == "没有待处理的信息。"
    await send(stage, "张三", "春耕备耕进展顺利")
    stage.clock.forward(days=3, hours=1)
    await send(stage, "王五", "清河招商引资开门红")
    assert told(await stage.say("吴科员", "/待办", OFFICE), OFFICE) == (
        "待处理 2 条，最早的已等 3 天：\n"
        "2026-0001《春耕备耕进展顺利》云山县 11-23 09:41（3 天）\n"
        "2026-0002《清河招商引资开门红》清河区 11-26 10:41（0 分钟）\n"
        "看全文请发“/查看 编号”。"
    )
    one_unit = told(await stage.say("吴科员", "/pending 清河", OFFICE), OFFICE)
    assert one_unit.startswith("清河区待处理 1 条")
    assert "云山县" not in one_unit


async def test_a_high_pile_says_how_much_is_not_shown(stage: Stage) -> None:
    for at in range(22):
        await send(stage, "张三", f"第{at}号工程开工")
    text = told(await stage.say("吴科员", "/待办"), "吴科员")
    assert text.startswith("待处理 22 条")
    assert "还有 2 条没有列出" in text


async def test_an_item_is_returned_with_the_reason_and_what_to_do(stage: Stage) -> None:
    await send(stage, "张三", "春耕备耕进展顺利")
    heard = await stage.say("吴科员", "/退回 1 数据请注明\n截止日期", OFFICE)
    assert told(heard, OFFICE) == (
        "2026-0001《春耕备耕进展顺利》：已收 → 退回修改\n原因：数据请注明 截止日期\n已私聊告知：云山县 张三。"
    )
    letter = told(heard, "张三")
    assert letter.startswith("您报送的 2026-0001《春耕备耕进展顺利》退回修改。\n原因：数据请注明 截止日期\n")
    assert "“/报送 2026-0001 标题”" in letter


async def test_a_returned_item_comes_back_as_a_new_version(stage: Stage) -> None:
    await send(stage, "张三", "春耕备耕进展顺利")
    await stage.say("吴科员", "/退回 1 数据请注明截止日期")
    assert "第2版" in told(await stage.say("张三", "/报送 春耕备耕进展顺利\n改过的正文。"), "张三")
    assert (await item(stage, "2026-0001")).state is State.RECEIVED
    assert "2026-0001《春耕备耕进展顺利》第2版 " in told(await stage.say("吴科员", "/待办"), "吴科员")


async def test_an_item_is_rejected_and_may_be_adopted_later(stage: Stage) -> None:
    await send(stage, "张三", "春耕备耕进展顺利")
    heard = await stage.say("吴科员", "/不采用 1 上期已有同类信息", OFFICE)
    assert "已收 → 不采用" in told(heard, OFFICE)
    assert "这次没有采用。\n原因：上期已有同类信息" in told(heard, "张三")
    assert "不采用 → 已采用" in told(await stage.say("吴科员", "/采用 1 每日要情 128", OFFICE), OFFICE)


async def test_an_adoption_says_the_points_and_the_article(stage: Stage) -> None:
    await send(stage, "张三", "春耕备耕进展顺利")
    heard = await stage.say("吴科员", "/adopt 1 简讯 第128期 每日要情 11-20", OFFICE)
    assert told(heard, OFFICE) == (
        "2026-0001《春耕备耕进展顺利》：已收 → 已采用\n《每日要情》第128期简讯（11-20）\n"
        "云山县 +1 分（第六条）\n已私聊告知：云山县 张三。"
    )
    assert told(heard, "张三") == (
        "您报送的 2026-0001《春耕备耕进展顺利》被《每日要情》第128期简讯（11-20）采用。\n"
        "云山县 +1 分（第六条）\n发“/我的得分”看全部得分。"
    )


async def test_every_unit_of_a_joint_item_is_told_its_own_points(stage: Stage) -> None:
    await send(stage, "张三", "两地联动保春耕", "联合报送：清河区")
    heard = await stage.say("吴科员", "/采用 1 省专报 12", OFFICE)
    assert "云山县 +15 分（第七条）\n清河区 +15 分（第七条）\n已私聊告知：云山县 张三、清河区 王五。" in told(
        heard, OFFICE
    )
    assert told(heard, "张三").startswith("您报送的 ")
    assert told(heard, "王五").startswith("贵单位联合报送的 2026-0001《两地联动保春耕》被《省政府专报》第12期专报")
    assert "清河区 +15 分" in told(heard, "王五")
    assert "云山县" not in told(heard, "王五")


async def test_the_same_adoption_is_not_registered_twice(stage: Stage) -> None:
    await send(stage, "张三", "春耕备耕进展顺利")
    await stage.say("吴科员", "/采用 1 每日要情 128")
    heard = await stage.say("周科长", "/采用 1 要情 第128期 简讯", OFFICE)
    assert told(heard, OFFICE) == (
        "2026-0001《春耕备耕进展顺利》已经登记过《每日要情》第128期采用（11-23，吴科员登记），没有重复登记。"
    )
    assert "省政府每日要情" in told(await stage.say("周科长", "/采用 1 省要情 9", OFFICE), OFFICE)


async def test_who_registered_an_adoption_may_revoke_it_others_need_the_head(stage: Stage) -> None:
    await send(stage, "张三", "春耕备耕进展顺利")
    await stage.say("周科长", "/采用 1 每日要情 128")
    heard = await stage.say("吴科员", "/撤销采用 1 登记错了", OFFICE)
    assert told(heard, OFFICE) == "没有办成：这是周科长登记的，撤销别人的登记要由信息科长办理。"
    heard = await stage.say("周科长", "/撤销采用 1 登记错了", OFFICE)
    assert told(heard, OFFICE) == (
        "2026-0001《春耕备耕进展顺利》：已采用 → 已收\n撤销《每日要情》第128期单条（11-23）采用登记\n"
        "云山县 -3 分（第六条）\n已私聊告知：云山县 张三。"
    )
    assert "登记已撤销，现在是“已收”。\n原因：登记错了\n云山县 -3 分（第六条）" in told(heard, "张三")


async def test_the_head_revokes_what_others_registered(stage: Stage) -> None:
    await send(stage, "张三", "春耕备耕进展顺利")
    await stage.say("吴科员", "/采用 1 每日要情 128")
    assert "已采用 → 已收" in told(await stage.say("周科长", "/revoke 1", OFFICE), OFFICE)


async def test_the_successor_hears_of_the_predecessors_item_as_of_one_of_the_unit(stage: Stage) -> None:
    await send(stage, "张三", "春耕备耕进展顺利")
    await stage.say("吴科员", "/采用 1 每日要情 128")
    await stage.say("吴科员", "/交接 张三 钱八 云山县")
    heard = await stage.say("吴科员", "/撤销采用 1")
    assert told(heard, "钱八").startswith("贵单位报送的 2026-0001《春耕备耕进展顺利》的《每日要情》第128期单条")


async def test_of_two_adoptions_the_one_named_is_revoked(stage: Stage) -> None:
    await send(stage, "张三", "春耕备耕进展顺利")
    await stage.say("吴科员", "/采用 1 每日要情 128")
    await stage.say("吴科员", "/采用 1 省要情 9")
    text = told(await stage.say("吴科员", "/撤销采用 1 每日要情 第128期 重复", OFFICE), OFFICE)
    assert "《春耕备耕进展顺利》：已采用\n撤销《每日要情》第128期单条（11-23）采用登记\n云山县 -3 分" in text
    heard = await stage.say("吴科员", "/撤销采用 1 每日要情", OFFICE)
    assert "没有找到2026-0001《春耕备耕进展顺利》可以撤销的登记" in told(heard, OFFICE)


async def test_several_items_become_a_digest(stage: Stage) -> None:
    await send(stage, "张三", "春耕备耕进展顺利")
    await send(stage, "王五", "清河春耕面积过半")
    heard = await stage.say("吴科员", "/合并 1、2 全市春耕：进展顺利", OFFICE)
    assert told(heard, OFFICE) == (
        "2026-0001《春耕备耕进展顺利》：已收 → 并入综合\n2026-0002《清河春耕面积过半》：已收 → 并入综合\n"
        "综合稿：2026-0003《全市春耕：进展顺利》 云山县、清河区。采用它请发“/采用 2026-0003 刊物 期号”。\n"
        "已私聊告知：张三、王五。"
    )
    assert "您报送的 2026-0001《春耕备耕进展顺利》 已并入综合稿 2026-0003" in told(heard, "张三")
    view = told(await stage.say("吴科员", "/查看 3"), "吴科员")
    assert "由以下信息合并：2026-0001《春耕备耕进展顺利》、2026-0002《清河春耕面积过半》" in view
    assert "〔2026-0002《清河春耕面积过半》〕\n清河春耕面积过半的正文。" in view


async def test_the_contributors_of_a_digest_are_told_of_its_adoption(stage: Stage) -> None:
    await send(stage, "张三", "春耕备耕进展顺利")
    await send(stage, "王五", "清河春耕面积过半")
    await stage.say("吴科员", "/合并 1 2 全市春耕备耕进展顺利")
    heard = await stage.say("吴科员", "/采用 3 每日要情 128", OFFICE)
    assert "《每日要情》第128期综合" in told(heard, OFFICE)
    assert told(heard, "王五").startswith("贵单位供稿的综合稿 2026-0003《全市春耕备耕进展顺利》被《每日要情》")
    assert "清河区 +1 分（第九条）" in told(heard, "王五")


async def test_who_wrote_several_pieces_of_a_digest_is_told_once(stage: Stage) -> None:
    await send(stage, "张三", "春耕备耕进展顺利")
    await send(stage, "张三", "农资储备充足")
    heard = await stage.say("吴科员", "/合并 1 2 春耕综合", OFFICE)
    assert "2026-0001《春耕备耕进展顺利》、2026-0002《农资储备充足》" in told(heard, "张三")


async def test_an_instruction_is_registered_without_its_text(stage: Stage) -> None:
    await send(stage, "张三", "春耕备耕进展顺利")
    await stage.say("吴科员", "/采用 1 每日要情 128")
    heard = await stage.say("吴科员", "/批示 1 市级 请认真研究", OFFICE)
    assert "批示内容请不要发到这里" in told(heard, OFFICE)
    assert "认真研究" not in told(heard, OFFICE)
    heard = await stage.say("吴科员", "/批示 1 市级 昨天", OFFICE)
    assert told(heard, OFFICE) == (
        "2026-0001《春耕备耕进展顺利》：已登记市级领导批示（11-22）\n云山县 +10 分（第十条）\n已私聊告知：云山县 张三。"
    )
    assert "没有重复登记" in told(await stage.say("吴科员", "/批示 1 市 11-22", OFFICE), OFFICE)


async def test_a_wrong_instruction_is_taken_back(stage: Stage) -> None:
    await send(stage, "张三", "春耕备耕进展顺利")
    await stage.say("吴科员", "/采用 1 每日要情 128")
    await stage.say("吴科员", "/批示 1 省级")
    text = told(await stage.say("吴科员", "/撤销采用 1 批示 级别写错", OFFICE), OFFICE)
    assert "《春耕备耕进展顺利》：已采用\n撤销省级领导批示（11-23）登记\n云山县 -30 分（第十条）" in text


async def test_a_step_that_is_not_allowed_says_what_is(stage: Stage) -> None:
    await send(stage, "张三", "春耕备耕进展顺利")
    await stage.say("吴科员", "/采用 1 每日要情 128")
    assert told(await stage.say("吴科员", "/退回 1 原因", OFFICE), OFFICE) == (
        "2026-0001《春耕备耕进展顺利》现在是“已采用”，不能退回。"
        "可以：/采用 2026-0001 刊物 期号；/撤销采用 2026-0001；/批示 2026-0001 级别。"
    )
    heard = await stage.say("吴科员", "/批示 2 市级", OFFICE)
    assert told(heard, OFFICE) == "没有找到编号为 2026-0002 的信息。请核对编号。"


async def test_a_step_that_failed_changes_nothing(stage: Stage) -> None:
    await send(stage, "张三", "春耕备耕进展顺利")
    await stage.say("吴科员", "/采用 1 没有的 128")
    assert (await item(stage, "2026-0001")).reviewed_ms == 0
    assert "已撤回" in told(await stage.say("张三", "/撤回 1"), "张三")


async def test_in_a_group_of_reporters_the_office_is_answered_in_private(stage: Stage) -> None:
    await send(stage, "张三", "春耕备耕进展顺利")
    for words in ("/待办", "/查看 1", "/退回 1 请补充数据", "/退回 1 再来", "/采用 9 每日要情 1"):
        heard = await stage.say("吴科员", words, GROUP)
        assert told(heard, GROUP) == "已私聊发给您。"
        assert told(heard, "吴科员")


async def test_reporters_may_not_work_at_the_desk(stage: Stage) -> None:
    await send(stage, "张三", "春耕备耕进展顺利")
    for words in ("/待办", "/退回 1 原因", "/采用 1 每日要情 1", "/合并 1 2 标题", "/撤销采用 1", "/批示 1 市"):
        assert "权限" in told(await stage.say("张三", words), "张三")


async def test_a_reporter_without_an_account_is_named_to_the_office(stage: Stage) -> None:
    await send(stage, "孙七", "文旅市场回暖")
    await stage.store.run(lambda tx: tx.run("UPDATE account SET valid_to_ms = 1 WHERE account = '20005'"))
    heard = await stage.say("吴科员", "/退回 1 请补充数据", OFFICE)
    assert "没有绑定账号、未能告知：市文旅局 孙七。" in told(heard, OFFICE)
