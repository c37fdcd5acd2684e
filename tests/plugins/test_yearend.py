"""`/yearend` and `/award`: what the year comes to, who comes into question and why not, and what people decide."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path

import pytest

from domain.moment import ZONE
from storage import audit
from storage.engine import Tx
from tests.plugins.asking_stories import adopted, lines, only, submitted
from tests.plugins.measure_stories import with_measure
from tests.plugins.test_why import sheet_of
from tests.support.stage import OFFICE, Stage

JANUARY = datetime(2027, 1, 8, 9, 30, tzinfo=ZONE)


@pytest.fixture
async def year(tmp_path: Path) -> AsyncIterator[Stage]:
    """The counties of 2026: 清河区 has most points but concealed something, 云山县 comes second."""
    async with with_measure(tmp_path) as stage:
        await submitted(stage, "张三", "春耕备耕进展顺利")
        await submitted(stage, "王五", "清河区推进河道治理")
        for issue in ("100", "101"):
            await adopted(stage, 1, "每日要情", issue)
        for number in range(12):
            await adopted(stage, 2, "每日要情", str(200 + number))
        await stage.say("吴科员", "/记事 清河区 瞒报 11-20 事故")
        yield stage


async def test_the_year_is_told_with_target_points_and_candidates(year: Stage) -> None:
    assert lines(only(await year.say("吴科员", "/年终", OFFICE), OFFICE)) == [
        "2026年年终（预看，截至11-23）",
        "【县（市、区）】1. 清河区 16.5分，折算10分；2. 云山县 6.5分，折算3.94分",
        "【重点部门】1. 市发改委 0分",
        "【一般部门】1. 市文旅局 0分",
        "先进单位（县（市、区），1个，第九条）建议：云山县；不能参评1个",
        "先进单位（重点部门，1个，第九条）不能参评1个",
        "先进单位（一般部门，1个，第九条）不能参评1个",
        "优秀信息员（县（市、区），1个，第九条）建议：清河区 王五",
        "优秀信息员（重点部门，1个，第九条）没有人选",
        "优秀信息员（一般部门，1个，第九条）没有人选",
        "逐类看“/年终 类别”，表格加“导出”；科长决定后发“/评先 单位 奖项”。",
    ]


async def test_a_class_is_told_in_full_with_the_grounds_against_whoever_is_out(year: Stage) -> None:
    text = only(await year.say("吴科员", "/年终 今年 县区"), "吴科员")
    assert lines(text)[0] == "2026年年终（预看，截至11-23） 县（市、区）"
    assert "清河区 不能参评：11月20日紧急信息瞒报，一票否决（第十条）" in text


async def test_in_january_the_year_that_is_over_is_meant(year: Stage) -> None:
    year.clock.moment = JANUARY
    assert lines(only(await year.say("吴科员", "/yearend"), "吴科员"))[0] == "2026年年终"
    assert "2028年还没有开始" in only(await year.say("吴科员", "/年终 2028年"), "吴科员")


async def test_the_head_decides_and_it_is_recorded_who_and_when(year: Stage) -> None:
    year.clock.moment = JANUARY
    assert "由信息科长决定" in only(await year.say("吴科员", "/评先 云山县 先进单位"), "吴科员")
    said = only(await year.say("周科长", "/评先 云山县 先进单位", OFFICE), OFFICE)
    assert said == "已登记：云山县 2026年先进单位。\n本类名额1个，已定1个。"
    assert "没有重复登记" in only(await year.say("周科长", "/award 云山县 先进"), "周科长")
    assert only(await year.say("吴科员", "/评先"), "吴科员") == (
        "2026年评先结果：\n先进单位 云山县（周科长 01-08 09:30）"
    )
    assert "已定1项" in only(await year.say("吴科员", "/年终"), "吴科员")

    def noted(tx: Tx) -> list[str]:
        return [line.detail for line in audit.latest(tx, "award", 5)]

    assert await year.store.read(noted) == ["2026 先进单位 云山县 proposed"]


async def test_whoever_was_not_proposed_needs_a_reason_and_what_was_computed_stays_on_record(year: Stage) -> None:
    refused = only(await year.say("周科长", "/评先 清河区 先进单位"), "周科长")
    assert (
        "清河区：11月20日紧急信息瞒报，一票否决（第十条）。仍要定的，请写明理由：/评先 清河区 先进单位 理由" in refused
    )
    said = only(await year.say("周科长", "/评先 清河区 先进单位 复核认定不属于瞒报"), "周科长")
    assert "计算结果：11月20日紧急信息瞒报，一票否决（第十条）" in said
    full = only(await year.say("周科长", "/评先 云山县 先进单位"), "周科长")
    assert "先进单位名额1个，已定1个。仍要定的，请写明理由" in full


async def test_a_decision_is_taken_back_with_a_reason_and_both_stay(year: Stage) -> None:
    await year.say("周科长", "/评先 王五 优秀信息员")
    assert "没有写原因" in only(await year.say("周科长", "/评先 取消 王五 优秀信息员"), "周科长")
    said = only(await year.say("周科长", "/评先 取消 王五 优秀信息员 公示期内有异议"), "周科长")
    assert said == "已取消：清河区 王五 2026年优秀信息员。\n原因：公示期内有异议"
    assert "没有找到" in only(await year.say("周科长", "/评先 取消 王五 优秀信息员 再取消"), "周科长")
    text = only(await year.say("吴科员", "/评先"), "吴科员")
    assert "优秀信息员 清河区 王五（周科长 11-23 09:41，11-23 09:41 周科长取消：公示期内有异议）" in text
    await year.say("周科长", "/评先 王五 优秀信息员")
    assert "已定1项" in only(await year.say("吴科员", "/年终"), "吴科员")


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        ("/评先", "2026年还没有登记评先结果。"),
        ("/评先 云山县", "请写单位（或姓名）和奖项"),
        ("/评先 云山县 最佳单位", "没有找到奖项“最佳单位”。考评办法里有：先进单位、优秀信息员。"),
        ("/评先 月亮县 先进单位", "没有找到单位“月亮县”"),
        ("/评先 李四 优秀信息员", "没有找到2026年有得分的信息员“李四”"),
    ],
)
async def test_what_cannot_be_decided_is_answered(year: Stage, words: str, answer: str) -> None:
    assert answer in only(await year.say("周科长", words), "周科长")


async def test_the_year_comes_as_a_workbook_with_formula_grounds_and_decisions(year: Stage) -> None:
    await year.say("周科长", "/评先 云山县 先进单位")
    await year.say("吴科员", "/年终 导出")
    name, rows = await year.store.read(sheet_of)
    assert name == "2026年年终-20261123.xlsx"
    assert rows[2][:8] == ["县（市、区）", 1, "清河区人民政府", 16.5, 1, 1, 10, "16.5分÷本类最高分16.5分×10分=10分"]
    await year.say("吴科员", "/评先 导出")
    _, decided = await year.store.read(sheet_of)
    assert decided[2][:5] == [2026, "先进单位", "县（市、区）", "云山县", "建议"]


async def test_where_the_measure_has_no_awards_that_is_said(stage: Stage) -> None:
    assert "考评办法没有规定奖项。" in only(await stage.say("吴科员", "/年终"), "吴科员")
    assert "没有规定奖项" in only(await stage.say("周科长", "/评先 云山县 先进单位"), "周科长")


async def test_the_year_is_for_the_office(year: Stage) -> None:
    for words in ("/年终", "/评先"):
        assert "权限" in only(await year.say("张三", words), "张三")
