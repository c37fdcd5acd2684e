"""`/rank`, as people ask and read it."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.settings import AudienceSection, Settings
from tests.plugins.asking_stories import adopted, lines, more_counties, only, submitted
from tests.plugins.measure_stories import MEASURE, with_measure
from tests.support.stage import GROUP, OFFICE, Stage, staged


async def test_a_reporter_reads_the_board_of_its_class_with_its_own_unit_marked(stage: Stage) -> None:
    await more_counties(stage, {"甲县": 9, "乙县": 5, "丙县": 5, "丁县": 0})
    await submitted(stage, "张三", "春耕备耕进展顺利")
    await adopted(stage, 1, "省要情", "9")
    assert lines(only(await stage.say("张三", "/排名", GROUP), GROUP)) == [
        "2026年11月排名",
        "",
        "【县（市、区）】",
        "1. 云山县 10.5分（报1 采1） ◀ 本单位",
        "2. 甲县 9分（报1 采0）",
        "3. 乙县 5分（报1 采0） 并列",
        "3. 丙县 5分（报1 采0） 并列",
        "没有报送和采用：清河区、丁县，各0分",
        "合计6个单位：29.5分，报送4条，采用1条，采用率25.0%",
        "",
        "截至 11-23 09:41",
    ]


async def test_a_unit_far_down_still_sees_its_own_place_and_its_neighbours(stage: Stage) -> None:
    await more_counties(stage, {f"{word}县": 30 - at for at, word in enumerate("甲乙丙丁戊己庚辛壬癸子丑寅")})
    await submitted(stage, "张三", "春耕备耕进展顺利")
    text = only(await stage.say("张三", "/rank"), "张三")
    assert lines(text)[12:18] == [
        "10. 癸县 21分（报1 采0）",
        "……",
        "13. 寅县 18分（报1 采0）",
        "14. 云山县 0.5分（报1 采0） ◀ 本单位",
        "没有报送和采用：清河区，0分",
        "合计15个单位：312.5分，报送14条，采用0条，采用率0.0%",
    ]


async def test_a_unit_that_did_nothing_finds_itself_named_first_among_those(stage: Stage) -> None:
    await more_counties(stage, {"甲县": 9, **{f"第{at}区": 0 for at in range(40)}})
    text = only(await stage.say("王五", "/排名"), "王五")
    assert "没有报送和采用：清河区（本单位）、云山县、第0区、" in text
    assert "等42个单位，各0分" in text


async def test_a_board_that_was_cut_says_how_many_follow(stage: Stage) -> None:
    await more_counties(stage, {f"{word}县": 30 - at for at, word in enumerate("甲乙丙丁戊己庚")})
    text = only(await stage.say("周科长", "/排名"), "周科长")
    assert "5. 戊县 26分（报1 采0）\n……（后面还有2个单位）\n没有报送和采用：云山县、清河区，各0分" in text
    assert "\n\n发“/排名 全部”看所有单位。\n截至 " in text
    assert "6. " in only(await stage.say("周科长", "/排名 全部"), "周科长")


async def test_the_desk_reads_all_classes_at_once(stage: Stage) -> None:
    await submitted(stage, "孙七", "文旅市场回暖")
    text = only(await stage.say("周科长", "/排名", OFFICE), OFFICE)
    assert [line for line in lines(text) if line.startswith("【")] == [
        "【县（市、区）】",
        "【重点部门】",
        "【一般部门】",
    ]
    assert "1. 市文旅局 1分（报1 采0）" in text
    assert "没有报送和采用：市发改委，0分\n合计1个单位：0分，报送0条，采用0条，采用率—" in text


@pytest.mark.parametrize(
    ("words", "classes"),
    [
        ("上月 县区", ["县（市、区）"]),
        ("县区 上月", ["县（市、区）"]),
        ("区县 上月", ["县（市、区）"]),
        ("县 10月", ["县（市、区）"]),
        ("县(市、区) 10月", ["县（市、区）"]),
        ("一般 2026年 10月", ["一般部门"]),
        ("10月 部门", ["重点部门", "一般部门"]),
        ("重点部门10月", ["重点部门"]),
        ("10月重点部门", ["重点部门"]),
        ("10 月 重点", ["重点部门"]),
    ],
)
async def test_class_and_period_are_understood_in_any_order(stage: Stage, words: str, classes: list[str]) -> None:
    text = only(await stage.say("周科长", f"/排名 {words}"), "周科长")
    assert lines(text)[0] == "2026年10月排名"
    assert [line[1:-1] for line in lines(text) if line.startswith("【")] == classes


async def test_a_class_by_name_is_shown_whole(stage: Stage) -> None:
    await more_counties(stage, {f"{word}县": 30 - at for at, word in enumerate("甲乙丙丁戊己庚辛壬癸子丑")})
    text = only(await stage.say("周科长", "/排名 县区"), "周科长")
    assert "12. 丑县" in text
    assert "……" not in text


async def test_a_word_that_is_neither_class_nor_period_is_answered_with_both(stage: Stage) -> None:
    text = only(await stage.say("周科长", "/排名 乡镇"), "周科长")
    assert "没有找到考评类别“乡镇”。2026年的类别有：县（市、区）、重点部门、一般部门。期间可以写：本月" in text


async def test_an_office_may_keep_rankings_out_of_the_group(tmp_path: Path) -> None:
    async with staged(tmp_path, settings=Settings(audience=AudienceSection(rank="private"))) as stage:
        heard = await stage.say("张三", "/排名", GROUP)
        assert only(heard, GROUP) == "已私聊发给您。"
        assert only(heard, "张三").startswith("2026年11月排名")


async def test_a_year_without_classes_has_no_board(stage: Stage) -> None:
    assert only(await stage.say("周科长", "/排名 去年"), "周科长") == "2025年没有参加考评的单位。"


async def test_a_ranking_of_the_future_is_refused(stage: Stage) -> None:
    assert "还没有开始" in only(await stage.say("张三", "/排名 2026-12"), "张三")


async def test_a_unit_that_is_not_assessed_stands_last_without_a_rank(tmp_path: Path) -> None:
    clause = '\n[[exempt]]\narticle = 7\nunits = ["云山县"]\n'
    async with with_measure(tmp_path, MEASURE + clause) as stage:
        await submitted(stage, "张三", "春耕备耕进展顺利", "夏粮收购有序")
        await submitted(stage, "王五", "清河区推进河道治理")
        text = only(await stage.say("吴科员", "/排名 县区"), "吴科员")
        assert "1. 清河区 0.5分（报1 采0）\n－ 云山县 1分（报2 采0） 免考评" in text
        assert "得分1分（不参加考评排名）" in only(await stage.say("张三", "/我的得分"), "张三")
        assert lines(only(await stage.say("张三", "/得分明细"), "张三"))[0] == "云山县 2026年11月得分1分"
