"""`/tally`: what persons and sections did."""

from __future__ import annotations

from datetime import date

import pytest

from storage.engine import Tx
from tests.plugins.asking_stories import adopted, lines, only, submitted
from tests.plugins.test_why import sheet_of
from tests.support.stage import OFFICE, Stage


@pytest.fixture
async def busy(stage: Stage) -> Stage:
    def sections(tx: Tx) -> None:
        tx.run("INSERT INTO section (id, unit_id, name, valid_from) VALUES (1, 2, '综合科', '2026-01-01')")
        tx.run("UPDATE post SET section_id = 1 WHERE person_id = 5")

    await stage.store.run(sections)
    await submitted(stage, "张三", "春耕备耕进展顺利", "夏粮收购工作有序推进")
    await submitted(stage, "钱八", "秸秆综合利用率提高")
    await submitted(stage, "王五", "清河区推进河道治理")
    await adopted(stage, 1, "每日要情", "128")
    await adopted(stage, 4, "每日要情", "110", day=date(2026, 10, 20))
    return stage


async def test_the_office_reads_everybody_best_first(busy: Stage) -> None:
    assert lines(only(await busy.say("吴科员", "/统计 个人", OFFICE), OFFICE)) == [
        "个人统计 2026年11月",
        "1. 云山县 综合科 张三 4分（报2 采1）",
        "2. 云山县 钱八 0.5分（报1 采0）",
        "3. 清河区 王五 0.5分（报1 采0）",
        "合计5分，报4 采1",
        "截至 11-23 09:41",
    ]
    assert "清河区 王五 3分（报0 采1）" in only(await busy.say("吴科员", "/统计 上月"), "吴科员")


async def test_sections_are_the_sums_of_their_people(busy: Stage) -> None:
    text = only(await busy.say("吴科员", "/tally 科室 四季度"), "吴科员")
    assert lines(text)[:4] == [
        "科室统计 2026年四季度",
        "1. 云山县 综合科 4分（报2 采1）",
        "2. 清河区 未分科室 3.5分（报1 采1）",
        "3. 云山县 未分科室 0.5分（报1 采0）",
    ]


async def test_a_unit_reads_its_own_people_and_no_others(busy: Stage) -> None:
    text = only(await busy.say("李副", "/统计"), "李副")
    assert lines(text)[:3] == [
        "个人统计 云山县 2026年11月", "1. 综合科 张三 4分（报2 采1）", "2. 钱八 0.5分（报1 采0）",
    ]  # fmt: skip
    assert "权限" in only(await busy.say("李副", "/统计 清河区"), "李副")


async def test_what_a_joint_item_brings_another_unit_is_not_the_authors(busy: Stage) -> None:
    await busy.say("赵六", "/报送 两地联动保春耕\n联合报送：清河区\n正文写在这里。")
    assert "市发改委 赵六 0.25分（报1 采0）" in only(await busy.say("吴科员", "/统计 市发改委"), "吴科员").replace(
        "1. 赵六", "市发改委 赵六"
    )
    assert lines(only(await busy.say("王五", "/统计"), "王五"))[1] == "1. 王五 0.5分（报1 采0）"


async def test_the_tally_comes_as_a_workbook(busy: Stage) -> None:
    await busy.say("吴科员", "/统计 科室 四季度 导出")
    name, rows = await busy.store.read(sheet_of)
    assert name == "科室统计-2026年四季度-20261123.xlsx"
    assert rows[1] == ["序号", "单位", "科室", "得分", "报送", "采用"]
    assert rows[2] == [1, "云山县", "综合科", 4, 2, 1]
    assert rows[-1] == ["合计", "", "", 8, 4, 2]


async def test_a_period_without_anything_says_so(stage: Stage) -> None:
    assert "没有报送、采用和得分。" in only(await stage.say("吴科员", "/统计 上月"), "吴科员")
