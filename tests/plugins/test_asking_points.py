"""`/my-score` and `/unit-score`, as people ask and read them."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.office import SAMPLES
from bot.settings import AudienceSection, Settings
from domain.errors import BadInput
from domain.period import parse_period
from domain.words import tidy_line
from tests.plugins.asking_stories import adopted, lines, more_counties, only, revoked, submitted
from tests.support.stage import GROUP, MONDAY, OFFICE, Stage, staged

OCTOBER = date(2026, 10, 8)
MATTERS = tuple("粮教医养路水林电房车桥港税法农渔矿")


async def test_a_reporter_reads_total_place_task_own_part_and_every_line_with_its_article(stage: Stage) -> None:
    await submitted(stage, "张三", "春耕备耕进展顺利")
    await submitted(stage, "钱八", "夏粮收购工作有序推进")
    await submitted(stage, "王五", "清河区推进河道治理")
    await adopted(stage, 1, "每日要情", "128")
    await adopted(stage, 3, "省要情", "9")

    assert lines(only(await stage.say("张三", "/我的得分"), "张三")) == [
        "云山县 2026年11月",
        "得分4分，县（市、区）第2名（共2个单位），距第1名差6.5分",
        "报送2条，采用1条，采用率50.0%",
        "本月任务（报送8条、采用2条）：还差报送6条、采用1条",
        "其中您本人3.5分，报送1条，采用1条",
        "",
        "计分明细（新的在前，★是您报的）：",
        "2026-0002《夏粮收购工作有序推进》报送信息 +0.5分（第五条）",
        "★2026-0001《春耕备耕进展顺利》报送信息 +0.5分（第五条）",
        "★2026-0001《春耕备耕进展顺利》《每日要情》第128期单条采用 +3分（第六条）",
        "截至 11-23 09:41",
    ]


@pytest.mark.parametrize("words", ["/my-score", "／我的得分", "得分", "/得分本月", "/我的得分　2026-11"])
async def test_the_question_may_be_written_in_many_ways(stage: Stage, words: str) -> None:
    assert only(await stage.say("张三", words), "张三").startswith("云山县 2026年11月\n得分0分，")


async def test_asked_in_the_group_the_answer_comes_in_private(stage: Stage) -> None:
    heard = await stage.say("张三", "/我的得分", GROUP, message_id="77")
    assert only(heard, "张三").startswith("云山县 2026年11月")
    assert only(heard, GROUP) == "已私聊发给您。"
    assert [each.quote for each in heard if each.to == GROUP] == ["77"]


async def test_an_office_that_wants_scores_in_the_group_gets_them_there(tmp_path: Path) -> None:
    async with staged(tmp_path, settings=Settings(audience=AudienceSection(my_score="chat"))) as stage:
        assert only(await stage.say("张三", "/我的得分", GROUP), GROUP).startswith("云山县 2026年11月")


async def test_nothing_sent_is_no_rate_and_says_so_in_figures(stage: Stage) -> None:
    text = only(await stage.say("张三", "/我的得分"), "张三")
    assert "得分0分，县（市、区）共2个单位，没有报送和采用的不排名次\n报送0条，采用0条，采用率—\n" in text
    assert "其中您本人0分，报送0条，采用0条" in text
    assert "这段时间没有计分记录。" in text


async def test_a_late_adoption_scores_in_the_month_of_the_issue(stage: Stage) -> None:
    await submitted(stage, "张三", "春耕备耕进展顺利")
    await adopted(stage, 1, "领导参阅", "3", form="调研", day=OCTOBER)
    text = only(await stage.say("张三", "/我的得分 上月"), "张三")
    assert "得分20分，县（市、区）第1名（共2个单位）\n" in text
    assert "报送0条，采用1条（含以前报送、本期采用的），采用率—" in text
    assert "当月任务（报送8条、采用2条）：未完成，差报送8条、采用1条" in text
    assert "其中您本人20分，报送0条，采用1条" in text


async def test_an_item_in_two_journals_is_two_lines_but_one_adopted_item(stage: Stage) -> None:
    await submitted(stage, "张三", "春耕备耕进展顺利")
    await adopted(stage, 1, "每日要情", "100", day=OCTOBER)
    await adopted(stage, 1, "省要情", "9")
    november = only(await stage.say("张三", "/我的得分"), "张三")
    assert "报送1条，采用0条，采用率0.0%" in november
    assert "其中您本人10.5分，报送1条，采用0条" in november
    assert "采用1条，采用率100.0%" in only(await stage.say("张三", "/我的得分 四季度"), "张三")


async def test_points_taken_back_stand_beside_the_points_given(stage: Stage) -> None:
    await submitted(stage, "张三", "春耕备耕进展顺利")
    await adopted(stage, 1, "每日要情", "128")
    await revoked(stage, 1)
    text = only(await stage.say("张三", "/我的得分"), "张三")
    assert "得分0.5分" in text
    assert "★2026-0001《春耕备耕进展顺利》扣回：《每日要情》第128期单条采用 -3分（第六条）" in text
    assert "★2026-0001《春耕备耕进展顺利》《每日要情》第128期单条采用 +3分（第六条）" in text


async def test_what_the_desk_registers_is_what_the_reporter_reads(stage: Stage) -> None:
    await stage.say("张三", "/报送 春耕备耕进展顺利\n截至3月10日，全县春耕面积过半。", GROUP)
    await stage.say("周科长", "/采用 1 每日要情 128 单条 11-20", OFFICE)
    text = only(await stage.say("张三", "/我的得分"), "张三")
    assert "★2026-0001《春耕备耕进展顺利》《每日要情》第128期单条采用 +3分（第六条）" in text
    await stage.say("周科长", "/撤销采用 1 登记错了", OFFICE)
    text = only(await stage.say("张三", "/我的得分"), "张三")
    assert "得分0.5分" in text
    assert "扣回：《每日要情》第128期单条采用 -3分（第六条）" in text


async def test_what_earned_nothing_says_why(tmp_path: Path) -> None:
    measure = tmp_path / "measure.toml"
    sample = (SAMPLES / "measure-sample.toml").read_text("utf-8")
    measure.write_text(sample.replace("levels = []", 'levels = ["state"]'), "utf-8")
    settings = Settings.model_validate({"office": {"measures": [str(measure)]}})
    async with staged(tmp_path, settings=settings) as stage:
        await submitted(stage, "张三", "春耕备耕进展顺利")
        await adopted(stage, 1, "国办信息", "31")
        text = only(await stage.say("张三", "/我的得分"), "张三")
    assert "★2026-0001《春耕备耕进展顺利》《国办信息》第31期单条采用，只登记不计分 0分（第十五条）" in text
    assert "得分0.5分" in text


async def test_a_journal_the_measure_knows_by_its_level_alone_is_still_named(tmp_path: Path) -> None:
    measure = tmp_path / "measure.toml"
    sample = (SAMPLES / "measure-sample.toml").read_text("utf-8")
    without = sample.replace('[[journal]]\ncode = "SXX"\nname = "省政府政务信息"\nlevel = "province"\n', "")
    assert without != sample
    measure.write_text(without.replace('"SYQ", "SXX"', '"SYQ"'), "utf-8")
    settings = Settings.model_validate({"office": {"measures": [str(measure)]}})
    async with staged(tmp_path, settings=settings) as stage:
        await submitted(stage, "张三", "春耕备耕进展顺利")
        await adopted(stage, 1, "省信息", "31", form="单篇")
        assert "《省政府政务信息》第31期单篇采用 +15分（第七条）" in only(await stage.say("张三", "得分"), "张三")


async def test_a_long_list_is_cut_and_says_how_to_see_the_rest(stage: Stage) -> None:
    await submitted(stage, "张三", *(f"{matter * 6}情况" for matter in MATTERS))
    text = only(await stage.say("张三", "/我的得分"), "张三")
    assert len([line for line in lines(text) if line.startswith("★")]) == 15
    assert lines(text)[-2] == "还有2条，发“/我的得分 全部”看全部。"
    assert "本月任务（报送8条、采用2条）：还差采用2条" in text
    whole = only(await stage.say("张三", "/我的得分全部"), "张三")
    assert whole == only(await stage.say("张三", "/我的得分 本月全部"), "张三")
    assert len([line for line in lines(whole) if line.startswith("★")]) == 17
    assert "还有" not in whole.replace("还差", "")
    quarter = only(await stage.say("周科长", "/单位得分 四季度 云山"), "周科长")
    assert "还有2条，发“/单位得分 云山县 2026年四季度 全部”看全部。" in quarter
    assert "还有" not in only(await stage.say("周科长", "单位得分 云山县 2026年四季度 全部"), "周科长")


async def test_the_lines_people_read_add_up_to_the_total_they_read(stage: Stage) -> None:
    await submitted(stage, "张三", "春耕备耕进展顺利", "粮食储备情况")
    await submitted(stage, "钱八", "夏粮收购工作有序推进")
    await adopted(stage, 1, "每日要情", "128")
    await adopted(stage, 2, "省要情", "7")
    await adopted(stage, 3, "每日要情", "129", form="简讯")
    await revoked(stage, 2)
    text = only(await stage.say("张三", "/我的得分"), "张三")
    found = [(line.startswith("★"), re.search(r" ([+-]?[0-9.]+)分", line)) for line in lines(text) if "《" in line]
    shown = [(own, float(match[1])) for own, match in found if match]
    assert f"得分{sum(points for _, points in shown):g}分" in text
    assert f"其中您本人{sum(points for own, points in shown if own):g}分" in text


async def test_the_leader_in_charge_reads_the_unit_without_own_items(stage: Stage) -> None:
    await submitted(stage, "张三", "春耕备耕进展顺利")
    text = only(await stage.say("李副", "/我的得分"), "李副")
    assert text.startswith("云山县 2026年11月\n得分0.5分")
    assert "★" not in text
    assert "本人" not in text


async def test_people_of_the_office_are_told_what_to_use_instead(stage: Stage) -> None:
    text = only(await stage.say("周科长", "/我的得分"), "周科长")
    assert "您不在报送单位任职" in text
    assert "/排名" in text
    assert "/单位得分 云山县 10月" in text


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("/我的得分 2026-12", "2026年12月还没有开始（今天是2026年11月23日）"),
        ("/我的得分 13月", "没有13月"),
        ("/我的得分 五季度", "一年只有四个季度"),
        ("/我的得分 11-2月", "起止月份写反了"),
        ("/我的得分 上上个月", "看不懂期间“上上个月”"),
        ("/我的得分 10月 云山县", "看不懂期间“云山县”"),
        ("/我的得分 10月 11月", "一次只能查一个期间"),
        ("/我的得分 2026-11-23", "看不懂期间“2026-11-23”"),
        ("/我的得分 " + "9" * 3000, "问得太长了，看不懂"),
    ],
)
async def test_a_period_that_cannot_be_is_answered_with_what_is_wrong_and_the_forms(
    stage: Stage, words: str, said: str
) -> None:
    text = only(await stage.say("张三", words), "张三")
    assert said in text
    assert "可以写：本月、上月、10月、2026-10、三季度" in text


@pytest.mark.parametrize(
    ("words", "label"),
    [
        ("上月", "2026年10月"),
        ("2026-10", "2026年10月"),
        ("12月", "2025年12月"),
        ("三季度", "2026年三季度"),
        ("今年", "2026年"),
        ("1-2月", "2026年1-2月"),
        ("2026年 三季度", "2026年三季度"),
    ],
)
async def test_periods_are_understood_as_people_say_them(stage: Stage, words: str, label: str) -> None:
    assert lines(only(await stage.say("张三", f"/我的得分 {words}"), "张三"))[0] == f"云山县 {label}"


async def test_the_distance_to_the_next_rank_counts_to_the_next_better_points(stage: Stage) -> None:
    await more_counties(stage, {"甲县": 9, "乙县": 5, "丙县": 5, "丁县": 0})
    await submitted(stage, "张三", "春耕备耕进展顺利")
    text = only(await stage.say("张三", "/我的得分"), "张三")
    assert "得分0.5分，县（市、区）第4名（共6个单位），距第2名差4.5分" in text


async def test_the_desk_reads_any_unit_in_its_own_group_and_elsewhere_in_private(stage: Stage) -> None:
    await submitted(stage, "王五", "清河区推进河道治理")
    text = only(await stage.say("吴科员", "/单位得分 清河", OFFICE), OFFICE)
    assert text.startswith("清河区 2026年11月\n得分0.5分")
    assert "本人" not in text
    elsewhere = await stage.say("吴科员", "/单位得分 清河", GROUP)
    assert only(elsewhere, GROUP) == "已私聊发给您。"
    assert only(elsewhere, "吴科员") == text


async def test_a_unit_that_is_not_assessed_has_points_but_no_place(stage: Stage) -> None:
    text = only(await stage.say("周科长", "/单位得分 市府办"), "周科长")
    assert text.startswith("市府办 2026年11月\n得分0分（不参加考评排名）\n")


async def test_ones_own_unit_may_be_asked_by_name_or_without_another_may_not(stage: Stage) -> None:
    own = only(await stage.say("张三", "/单位得分 云山县 上月", GROUP), "张三")
    assert own == only(await stage.say("张三", "/单位得分 上月"), "张三")
    refused = only(await stage.say("张三", "/单位得分 清河区"), "张三")
    assert refused == "您没有“查看其他单位得分”的权限。如有需要，请联系信息科。"


async def test_the_desk_that_names_no_unit_is_asked_which_one(stage: Stage) -> None:
    assert "看哪个单位？" in only(await stage.say("周科长", "/单位得分 10月"), "周科长")
    assert "没有找到单位“火星”" in only(await stage.say("周科长", "/单位得分 火星"), "周科长")


@pytest.mark.parametrize(
    ("typed", "meant"), [("/my-scroe", "/my-score"), ("/我的得份", "/我的得分"), ("/帮住", "/帮助")]
)
async def test_a_mistyped_command_is_answered_with_the_nearest(stage: Stage, typed: str, meant: str) -> None:
    said = only(await stage.say("张三", typed), "张三")
    assert said.startswith(f"不认识“{typed}”。您是想发“{meant}”吗？")


@given(
    st.text(
        alphabet=st.sampled_from(list("0123456789-年月季度上本今去全部县区 .Q至一二十")) | st.characters(), max_size=80
    )
)
def test_any_question_is_taken_apart_or_answered(question: str) -> None:
    from plugins._asked import take_apart  # only once the bot has loaded the plugin itself

    try:
        asked = take_apart(tidy_line(question), MONDAY.date())
    except BadInput:
        return
    assert asked.period.first <= MONDAY.date()


def test_a_question_may_be_repeated_with_the_name_the_answer_gave_the_period() -> None:
    for words in ("10月", "三季度", "上半年", "1-2月", "去年", "2025-12"):
        period = parse_period(words, MONDAY.date())
        assert parse_period(period.label, MONDAY.date()) == period
