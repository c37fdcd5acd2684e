"""Looking at items: one's own list, and one item with all that is known about it."""

from __future__ import annotations

from tests.plugins.item_stories import send, told
from tests.support.stage import GROUP, OFFICE, Stage


async def test_a_reporter_sees_what_became_of_the_own_items_newest_first(stage: Stage) -> None:
    await send(stage, "张三", "春耕备耕进展顺利")
    await stage.say("吴科员", "/采用 1 每日要情 128")
    stage.clock.forward(days=1)
    await send(stage, "张三", "招商引资实现开门红")
    await stage.say("吴科员", "/退回 2 请补充数据")
    await send(stage, "钱八", "别人的信息")
    assert told(await stage.say("张三", "/我的信息"), "张三") == (
        "您报送的信息共 2 条，最新的在前：\n"
        "2026-0002《招商引资实现开门红》11-24 退回修改：请补充数据\n"
        "2026-0001《春耕备耕进展顺利》11-23 已采用：《每日要情》第128期\n"
        "看一条的全文和办理情况请发“/查看 编号”。"
    )


async def test_the_list_can_be_asked_for_a_period(stage: Stage) -> None:
    await send(stage, "张三", "春耕备耕进展顺利")
    assert "您2026年11月报送的信息共 1 条" in told(await stage.say("张三", "/my-items 本月"), "张三")
    assert "您2026年10月还没有报送过信息" in told(await stage.say("张三", "/我的信息 上月"), "张三")
    assert "一年只有四个季度" in told(await stage.say("张三", "/我的信息 五季度"), "张三")


async def test_a_long_list_is_cut_and_says_how_to_see_more(stage: Stage) -> None:
    for at in range(21):
        await send(stage, "张三", f"第{at}号工程开工")
    text = told(await stage.say("张三", "/我的信息"), "张三")
    assert "共 21 条" in text
    assert "只列出最新的 20 条。要看更早的，请写期间" in text
    assert "2026-0001《" not in text


async def test_an_item_that_went_into_a_digest_shows_where_the_digest_appeared(stage: Stage) -> None:
    await send(stage, "张三", "春耕备耕进展顺利")
    await send(stage, "王五", "清河春耕面积过半")
    await stage.say("吴科员", "/合并 1 2 全市春耕备耕进展顺利")
    await stage.say("吴科员", "/采用 3 每日要情 128")
    assert "并入综合：《每日要情》第128期" in told(await stage.say("张三", "/我的信息"), "张三")


async def test_in_the_group_the_answer_comes_in_private(stage: Stage) -> None:
    await send(stage, "张三", "春耕备耕进展顺利")
    heard = await stage.say("张三", "/查看 1", GROUP)
    assert told(heard, GROUP) == "已私聊发给您。"
    assert "春耕备耕进展顺利的正文。" in told(heard, "张三")


async def test_an_item_is_shown_with_all_that_happened_to_it(stage: Stage) -> None:
    await send(stage, "张三", "春耕备耕进展顺利", "类型：经验", "撰稿：张三", "电话：13812345678")
    stage.clock.forward(minutes=9)
    await stage.say("张三", "/报送 春耕备耕进展顺利\n改过的正文。")
    await stage.say("吴科员", "/采用 1 每日要情 128 11-20")
    await stage.say("吴科员", "/批示 1 市级")
    await stage.say("吴科员", "/撤销采用 1 登记错了")
    assert told(await stage.say("吴科员", "/查看 1"), "吴科员") == (
        "2026-0001《春耕备耕进展顺利》 第2版 已收\n"
        "单位：云山县　报送人：张三　11-23 09:41\n"
        "类型：经验　形式：单条\n"
        "撰稿：张三　电话：13812345678\n"
        "版本：第1版 11-23 09:41 张三；第2版 11-23 09:50 张三\n"
        "《每日要情》第128期单条采用，11-20（吴科员 11-23 09:50 登记），已撤销\n"
        "市级领导批示，11-23（吴科员 11-23 09:50 登记）\n"
        "撤销登记（吴科员 11-23 09:50 登记），原因：登记错了\n"
        "正文（6 字）：\n改过的正文。\n"
        "办理：/采用 1 刊物 期号；/退回 1 原因；/不采用 1 原因"
    )


async def test_phones_are_masked_in_the_offices_group(stage: Stage) -> None:
    await send(stage, "张三", "春耕备耕进展顺利", "电话：13812345678")
    text = told(await stage.say("吴科员", "/查看 1", OFFICE), OFFICE)
    assert "138****5678" in text
    assert "13812345678" not in text


async def test_a_long_text_is_cut_with_the_count(stage: Stage) -> None:
    await stage.say("张三", "/报送 春耕备耕进展顺利\n" + "春" * 3000)
    text = told(await stage.say("张三", "/查看 1"), "张三")
    assert "正文（共 3000 字，只显示前 1200 字）：" in text
    assert text.count("春") < 1300


async def test_files_are_named_with_their_size(stage: Stage) -> None:
    text = "云山县春耕备耕进展顺利\n截至3月10日，全县春耕面积过半，旱地作物已经全部完成播种。"
    await stage.drop_file("张三", "终稿.txt", text.encode(), GROUP)
    assert "附件：终稿.txt（1 KB）" in told(await stage.say("张三", "/查看 1"), "张三")


async def test_colleagues_and_the_units_leader_may_read_it_and_others_may_not(stage: Stage) -> None:
    await send(stage, "张三", "春耕备耕进展顺利", "联合报送：市发改委")
    for who in ("张三", "钱八", "李副", "赵六", "周科长"):
        assert "春耕备耕进展顺利的正文。" in told(await stage.say(who, "/查看 1"), who)
    for who in ("王五", "孙七"):
        assert told(await stage.say(who, "/查看 1"), who) == "没有找到编号为 2026-0001 的信息。请核对编号。"
    for who in ("管理员", "郑保密"):
        assert "权限" in told(await stage.say(who, "/查看 1"), who)
