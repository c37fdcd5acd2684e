"""`/why`: every number down to its lines, and the lines always sum up to the number."""

from __future__ import annotations

import base64
import io
import json

from python_calamine import CalamineWorkbook

from storage.engine import Tx
from tests.plugins.asking_stories import adopted, lines, only, revoked, submitted
from tests.support.stage import GROUP, OFFICE, Stage


async def test_a_reporter_reads_the_parts_of_the_own_score_and_how_to_see_every_line(stage: Stage) -> None:
    await submitted(stage, "张三", "春耕备耕进展顺利", "夏粮收购有序")
    await adopted(stage, 1, "每日要情", "128")
    assert lines(only(await stage.say("张三", "/得分明细"), "张三")) == [
        "云山县 2026年11月得分4分，县（市、区）第1名",
        "报送分 1分（2笔）",
        "采用分 3分（1笔）",
        "合计4分；报送2条，采用1条",
        "逐笔看：“/得分明细 云山县 报送分”或加“全部”；是哪些信息加“条数”；要表格加“导出”。",
        "截至 11-23 09:41",
    ]


async def test_every_line_names_item_issue_article_and_who_registered_it(stage: Stage) -> None:
    await submitted(stage, "张三", "春耕备耕进展顺利")
    await stage.say("吴科员", "/采用 1 每日要情 128 单条 11-20")
    await stage.say("周科长", "/采用 1 省要情 9 11-21")
    assert lines(only(await stage.say("周科长", "/why 云山县 采用分"), "周科长")) == [
        "云山县 2026年11月采用分：13分",
        "11-21 2026-0001《春耕备耕进展顺利》《省政府每日要情》第9期单条采用 +10分（第七条，周科长）",
        "11-20 2026-0001《春耕备耕进展顺利》《每日要情》第128期单条采用 +3分（第六条，吴科员）",
        "共2笔，合计13分。",
        "截至 11-23 09:41",
    ]
    one = only(await stage.say("张三", "/得分明细 《每日要情》 本月"), "张三")
    assert "云山县 2026年11月《每日要情》：3分" in one
    assert "省政府" not in one


async def test_what_was_taken_back_is_told_with_who_took_it_back(stage: Stage) -> None:
    await submitted(stage, "张三", "春耕备耕进展顺利")
    await stage.say("吴科员", "/采用 1 每日要情 128 单条 11-20")
    await stage.say("周科长", "/撤销采用 1 期号写错")
    assert "采用分 0分（2笔，含扣回1笔）" in only(await stage.say("张三", "/得分明细"), "张三")
    told = only(await stage.say("张三", "/得分明细 采用"), "张三")
    assert "扣回：《每日要情》第128期单条采用 -3分（第六条，周科长）" in told
    assert "《每日要情》第128期单条采用 +3分（第六条，吴科员）" in told


async def test_what_scores_nothing_is_counted_and_says_why(stage: Stage) -> None:
    await submitted(stage, "张三", "春耕备耕进展顺利")
    for words in ("/采用 1 每日要情 128", "/批示 1 市级 11-20", "/批示 1 市级 11-22"):
        await stage.say("吴科员", words)
    assert "另有1笔登记了不计分" in only(await stage.say("张三", "/得分明细"), "张三")
    assert "同级领导再次批示，不重复计分 0分" in only(await stage.say("张三", "/得分明细 批示"), "张三")


async def test_what_came_after_a_month_was_frozen_stands_in_the_open_one_and_says_so(stage: Stage) -> None:
    await submitted(stage, "张三", "春耕备耕进展顺利")
    await stage.store.run(_freeze_october)
    await stage.say("吴科员", "/采用 1 每日要情 100 单条 10-20")
    assert "得分0分" in only(await stage.say("张三", "/得分明细 10月"), "张三")
    text = only(await stage.say("张三", "/得分明细"), "张三")
    assert "采用分 3分（1笔）\n合计3.5分；报送1条，采用0条\n其中补计、更正1笔，+3分。" in text
    line = "11-23 2026-0001《春耕备耕进展顺利》补计10月：《每日要情》第100期单条采用 +3分（第六条，吴科员）"
    assert line in only(await stage.say("张三", "/得分明细 采用分"), "张三")


def _freeze_october(tx: Tx) -> None:
    tx.run(
        "INSERT INTO score_cycle (period, state, first_day, last_day, changed_ms)"
        " VALUES ('2026-10', 'frozen', '2026-10-01', '2026-10-31', 0)"
    )


async def test_the_items_behind_the_counts_are_told_too(stage: Stage) -> None:
    await submitted(stage, "张三", "春耕备耕进展顺利", "夏粮收购有序")
    await stage.say("吴科员", "/采用 1 每日要情 128 单条 11-20")
    await stage.say("吴科员", "/采用 1 省要情 9 11-21")
    assert lines(only(await stage.say("张三", "/得分明细 条数"), "张三")) == [
        "云山县 2026年11月：报送2条，采用1条",
        "11-23 报送 2026-0002《夏粮收购有序》（张三）",
        "11-23 报送 2026-0001《春耕备耕进展顺利》（张三）",
        "11-20 采用 2026-0001《春耕备耕进展顺利》（《每日要情》第128期，吴科员）",
        "截至 11-23 09:41",
    ]


async def test_units_see_their_own_and_the_office_all(stage: Stage) -> None:
    await submitted(stage, "张三", "春耕备耕进展顺利")
    assert "没有“查看其他单位得分明细”的权限" in only(await stage.say("王五", "/得分明细 云山县"), "王五")
    assert "云山县 2026年11月得分0.5分" in only(await stage.say("李副", "/得分明细"), "李副")
    assert "云山县 2026年11月得分0.5分" in only(await stage.say("吴科员", "/得分明细 云山", OFFICE), OFFICE)
    assert only(await stage.say("吴科员", "/得分明细"), "吴科员").startswith("看哪个单位？")


async def test_asked_before_everybody_the_answer_comes_in_private(stage: Stage) -> None:
    await submitted(stage, "张三", "春耕备耕进展顺利")
    heard = await stage.say("张三", "/得分明细", GROUP)
    assert only(heard, GROUP) == "已私聊发给您。"
    assert "合计0.5分" in only(heard, "张三")


async def test_a_long_account_is_cut_and_says_how_to_get_all_of_it(stage: Stage) -> None:
    await submitted(stage, "张三", *(f"{matter * 6}情况" for matter in "粮教医养路水林电房车桥港"))
    text = only(await stage.say("张三", "/得分明细 报送分"), "张三")
    assert lines(text)[-2] == "还有2笔，发“/得分明细 云山县 报送分 全部”，或发“/得分明细 云山县 报送分 导出”。"
    assert len(lines(only(await stage.say("张三", "/得分明细 报送分 全部"), "张三"))) == 15


def sheet_of(tx: Tx) -> tuple[str, list[list[object]]]:
    """The workbook that was sent last: its name and the rows of its first sheet."""
    found = [json.loads(payload) for (payload,) in tx.all("SELECT payload FROM outbox ORDER BY id")]
    name, data = next((one["file_name"], one["file_base64"]) for one in reversed(found) if one.get("file_name"))
    book = CalamineWorkbook.from_filelike(io.BytesIO(base64.b64decode(data)))
    return name, [list(row) for row in book.get_sheet_by_index(0).to_python()]


async def test_the_whole_account_comes_as_a_workbook_whose_sum_is_the_number_on_the_board(stage: Stage) -> None:
    await submitted(stage, "张三", "春耕备耕进展顺利")
    await adopted(stage, 1, "每日要情", "128")
    await revoked(stage, 1)
    await adopted(stage, 1, "领导参阅", "3", form="调研")
    heard = await stage.say("张三", "/得分明细 导出", GROUP)
    assert (
        only([one for one in heard if one.text], "张三") == "已发《得分明细-云山县-2026年11月-20261123.xlsx》，共4行。"
    )
    name, rows = await stage.store.read(sheet_of)
    assert name == "得分明细-云山县-2026年11月-20261123.xlsx"
    points = rows[1].index("分值")
    assert [row[points] for row in rows[2:]] == [3, -3, 20, 0.5, 20.5]
    assert rows[2][rows[1].index("登记人")] == "周科长"


async def test_a_period_without_anything_says_so(stage: Stage) -> None:
    text = only(await stage.say("张三", "/得分明细 10月"), "张三")
    assert lines(text)[0].startswith("云山县 2026年10月得分0分")
    assert lines(text)[1] == "没有计分记录。"
