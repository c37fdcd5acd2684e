"""Sending items, as people do it."""

from __future__ import annotations

import pytest

from tests.plugins.item_stories import body, item, send, told, totals
from tests.support.stage import GROUP, OFFICE, Stage

TEXT = "截至3月10日，全县春耕面积过半：旱地已完成。"


async def test_a_reporter_submits_in_the_group_and_gets_a_receipt_that_quotes_the_message(stage: Stage) -> None:
    heard = await stage.say("张三", f"/报送 春耕备耕进展顺利\n{TEXT}", GROUP, message_id="77")
    assert [(one.to, one.quote, one.text) for one in heard] == [
        (GROUP, "77", "收到 2026-0001《春耕备耕进展顺利》 云山县 11-23 09:41")
    ]
    assert await body(stage, "2026-0001") == TEXT


async def test_chatter_is_left_alone(stage: Stage) -> None:
    assert await stage.say("张三", "今天开会吗？", GROUP) == []


@pytest.mark.parametrize(
    "message",
    [
        "/submit “三夏”生产：早谋划，早行动\n{text}",
        "／报送　“三夏”生产：早谋划，早行动\n{text}",
        "/报送：“三夏”生产：早谋划，早行动\n\n{text}\n",
        "/报送\n“三夏”生产：早谋划，早行动\n{text}",
        "/报送 标题：“三夏”生产：早谋划，早行动\n正文：{text}",
        "【信息报送】“三夏”生产：早谋划，早行动\n{text}",
        "【信息报送】\n“三夏”生产：早谋划，早行动\n{text}",
        "【信息报送】\n标题：“三夏”生产：早谋划，早行动\n报送单位：云山县\n\n{text}",
        "【信息报送】\n报送单位：云山县\n“三夏”生产：早谋划，早行动\n{text}",
    ],
)
async def test_however_it_is_headed_title_and_text_are_kept_as_written(stage: Stage, message: str) -> None:
    heard = await stage.say("张三", message.format(text=TEXT), GROUP)
    assert told(heard, GROUP) == "收到 2026-0001《“三夏”生产：早谋划，早行动》 云山县 11-23 09:41"
    assert await body(stage, "2026-0001") == TEXT


async def test_whoever_mentions_the_bot_needs_no_slash(stage: Stage) -> None:
    heard = await stage.say("张三", f"报送 春耕备耕进展顺利\n{TEXT}", GROUP, at_bot=True)
    assert told(heard, GROUP).startswith("收到 2026-0001《春耕备耕进展顺利》")


async def test_fields_around_the_text_are_taken_out_and_kept(stage: Stage) -> None:
    heard = await stage.say(
        "张三",
        f"/报送 春耕遇到农资涨价问题\n类别：问题\n形式：调研\n{TEXT}\n撰稿：张三 签发：李局长\n（电话：13800000000）",
        GROUP,
    )
    assert told(heard, GROUP) == ("收到 2026-0001《春耕遇到农资涨价问题》 云山县 11-23 09:41\n类型：问题　形式：调研")
    stored = await item(stage, "2026-0001")
    assert await body(stage, "2026-0001") == TEXT
    assert (stored.kind, stored.form, stored.writer, stored.signer, stored.phone) == (
        "问题", "调研", "张三", "李局长", "13800000000",
    )  # fmt: skip


async def test_a_commissioned_item_is_marked(stage: Stage) -> None:
    await stage.say("张三", f"/报送 春耕\n约稿：省政府办公厅第12号\n{TEXT}", GROUP)
    assert (await item(stage, "2026-0001")).commissioned


async def test_a_joint_item_counts_for_every_unit_that_signs(stage: Stage) -> None:
    heard = await stage.say("张三", f"/报送 两地联动保春耕\n联合报送：清河区、发改委\n{TEXT}", GROUP)
    assert told(heard, GROUP) == "收到 2026-0001《两地联动保春耕》 云山县、清河区、市发改委 11-23 09:41"
    assert [(await totals(stage, unit))[1] for unit in (2, 3, 4)] == [1, 1, 1]


async def test_the_units_that_sign_must_include_ones_own(stage: Stage) -> None:
    heard = await stage.say("张三", f"/报送 春耕\n报送单位：清河区\n{TEXT}", GROUP)
    assert "没有您的单位" in told(heard, GROUP)


async def test_an_office_inside_ones_own_unit_is_ones_own_unit(stage: Stage) -> None:
    heard = await stage.say("张三", f"/报送 春耕\n报送单位：云山县农业农村局种植业股\n{TEXT}", GROUP)
    assert told(heard, GROUP) == "收到 2026-0001《春耕》 云山县 11-23 09:41"


async def test_a_unit_nobody_knows_is_asked_about(stage: Stage) -> None:
    heard = await stage.say("张三", f"/报送 春耕\n联合报送：火星局\n{TEXT}", GROUP)
    assert "没有找到单位“火星局”" in told(heard, GROUP)


async def test_title_and_text_on_one_line_are_answered_with_how_to_write_them(stage: Stage) -> None:
    heard = await stage.say("张三", f"/报送 春耕备耕进展顺利。{TEXT}", GROUP)
    assert "标题和正文连在一起了" in told(heard, GROUP)
    assert "也可以只发“/报送”" in told(heard, GROUP)


async def test_a_title_without_a_text_is_not_an_item(stage: Stage) -> None:
    heard = await stage.say("张三", "/报送 春耕备耕进展顺利", GROUP)
    assert "《春耕备耕进展顺利》还没有正文" in told(heard, GROUP)


async def test_a_corrected_text_becomes_a_new_version_and_the_receipt_says_how_to_make_it_a_new_one(
    stage: Stage,
) -> None:
    await stage.say("张三", f"/报送 春耕备耕进展顺利\n{TEXT}", GROUP)
    stage.clock.forward(minutes=9)
    heard = await stage.say("张三", f"/报送 春耕备耕进展很顺利\n{TEXT}另有补充。", GROUP)
    assert told(heard, GROUP) == (
        "收到 2026-0001《春耕备耕进展很顺利》第2版 云山县 11-23 09:50。替换了 09:41 的第1版。"
        "如果这是另一条信息，请发“/报送 新稿 标题”。"
    )
    assert await totals(stage, 2) == (50, 1, 0)


async def test_a_new_item_can_be_forced(stage: Stage) -> None:
    await stage.say("张三", f"/报送 春耕备耕进展顺利\n{TEXT}", GROUP)
    heard = await stage.say("张三", f"/报送 新稿 春耕备耕进展顺利\n{TEXT}", GROUP)
    assert told(heard, GROUP).startswith("收到 2026-0002《春耕备耕进展顺利》")


async def test_the_same_text_again_is_not_stored_again(stage: Stage) -> None:
    await stage.say("张三", f"/报送 春耕备耕进展顺利\n{TEXT}", GROUP)
    stage.clock.forward(hours=5)
    heard = await stage.say("张三", f"/报送 春耕备耕进展顺利\n{TEXT}")
    assert told(heard, "张三") == (
        "2026-0001《春耕备耕进展顺利》已经收到过了（11-23 09:41，第1版，已收），没有重复登记。"
    )
    assert (await item(stage, "2026-0001")).version == 1


async def test_the_same_text_after_its_adoption_earns_nothing_again(stage: Stage) -> None:
    number = await send(stage, "张三", "春耕备耕进展顺利")
    await stage.say("吴科员", f"/采用 {number} 每日要情 128")
    heard = await stage.say("张三", "/报送 春耕备耕进展顺利\n春耕备耕进展顺利的正文。")
    assert "已经收到过了" in told(heard, "张三")
    assert (await totals(stage, 2))[1] == 1


async def test_an_item_is_revised_on_purpose_by_its_number(stage: Stage) -> None:
    await send(stage, "张三", "春耕备耕进展顺利")
    heard = await stage.say("张三", f"/报送 2026-0001 全县夏粮丰收\n{TEXT}")
    assert told(heard, "张三") == "收到 2026-0001《全县夏粮丰收》第2版 云山县 11-23 09:41。替换了 09:41 的第1版。"
    heard = await stage.say("张三", f"/报送 ２０２６－１\n{TEXT}补充。")
    assert told(heard, "张三").startswith("收到 2026-0001《全县夏粮丰收》第3版")


async def test_a_span_of_years_is_a_title(stage: Stage) -> None:
    heard = await stage.say("张三", f"/报送 2026-2030 年规划编制启动\n{TEXT}", GROUP)
    assert told(heard, GROUP).startswith("收到 2026-0001《2026-2030 年规划编制启动》")


async def test_a_new_version_may_bring_another_unit_in(stage: Stage) -> None:
    await send(stage, "张三", "两地联动保春耕")
    heard = await stage.say("张三", f"/报送 两地联动保春耕\n联合报送：清河区\n{TEXT}")
    assert "第2版 云山县、清河区" in told(heard, "张三")
    assert [await totals(stage, unit) for unit in (2, 3)] == [(25, 1, 0), (25, 1, 0)]


async def test_an_adopted_item_is_not_revised(stage: Stage) -> None:
    number = await send(stage, "张三", "春耕备耕进展顺利")
    await stage.say("吴科员", f"/采用 {number} 每日要情 128")
    heard = await stage.say("张三", f"/报送 {number} 春耕备耕进展顺利\n{TEXT}")
    assert "现在是“已采用”，不能报送新版本" in told(heard, "张三")
    assert "/报送 新稿" in told(heard, "张三")


async def test_other_peoples_items_cannot_be_revised(stage: Stage) -> None:
    number = await send(stage, "张三", "春耕备耕进展顺利")
    heard = await stage.say("王五", f"/报送 {number} 春耕\n{TEXT}")
    assert f"没有找到您报送的 {number}" in told(heard, "王五")


async def test_who_is_no_reporter_is_told_so(stage: Stage) -> None:
    assert "您没有“/报送”的权限" in told(await stage.say("李副", f"/报送 春耕\n{TEXT}"), "李副")


async def test_a_dropped_file_is_an_item_with_its_fields(stage: Stage) -> None:
    text = (
        "云山县春耕备耕进展顺利\n截至3月10日，全县春耕面积过半，旱地作物已经全部完成播种。\n（云山县 张三 13800000000）"
    )
    heard = await stage.drop_file("张三", "终稿2(1).txt", text.encode(), GROUP)
    assert told(heard, GROUP) == "收到 2026-0001《云山县春耕备耕进展顺利》 云山县 11-23 09:41"
    stored = await item(stage, "2026-0001")
    assert (stored.writer, stored.phone) == ("云山县 张三", "13800000000")


async def test_a_file_the_office_hands_out_in_the_group_is_left_alone(stage: Stage) -> None:
    text = "关于报送三季度信息的通知\n请各单位于10日前报送。".encode()
    assert await stage.drop_file("吴科员", "通知.txt", text, GROUP) == []
    assert await stage.drop_file("吴科员", "通知.txt", text, OFFICE) == []


async def test_a_reporter_takes_an_item_back_until_the_office_has_looked_at_it(stage: Stage) -> None:
    await send(stage, "张三", "春耕备耕进展顺利")
    await send(stage, "张三", "秋收秋种有序推进")
    assert "已撤回 2026-0001《春耕备耕进展顺利》" in told(await stage.say("张三", "/撤回 1"), "张三")
    assert await totals(stage, 2) == (50, 1, 0)
    await stage.say("吴科员", "/查看 2")
    assert "信息科已开始审核" in told(await stage.say("张三", "/撤回 2026-0002"), "张三")


async def test_nobody_takes_back_other_peoples_items(stage: Stage) -> None:
    await send(stage, "张三", "春耕备耕进展顺利")
    assert "没有找到您报送的 2026-0001" in told(await stage.say("王五", "/撤回 1"), "王五")
