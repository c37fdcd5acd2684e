"""`/progress`: what is asked of a unit, what should be done by today, what is."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.plugins.asking_stories import adopted, lines, only, submitted
from tests.plugins.measure_stories import with_measure
from tests.plugins.test_why import sheet_of
from tests.support.stage import OFFICE, Stage


@pytest.fixture
async def full(tmp_path: Path) -> AsyncIterator[Stage]:
    async with with_measure(tmp_path) as stage:
        yield stage


async def test_a_unit_reads_every_quota_with_what_is_due_by_today(full: Stage) -> None:
    await submitted(full, "张三", "春耕备耕进展顺利", "夏粮收购工作有序推进")
    assert lines(only(await full.say("张三", "/任务进度"), "张三")) == [
        "云山县任务进度",
        "11月报送：任务8条，应完成6条，已完成2条，差4条（第七条）",
        "全年采用率：要求不低于20.0%，现为0.0%（报送2条、采用0条），再采用1条可达到（第七条）",
        "截至 11-23 09:41",
    ]


async def test_the_office_reads_who_lags_behind(full: Stage) -> None:
    titles = [f"{matter * 6}情况" for matter in "粮教医养路水"]
    await submitted(full, "张三", *titles)
    await adopted(full, 1, "每日要情", "128")
    await adopted(full, 2, "每日要情", "128")
    text = only(await full.say("吴科员", "/进度", OFFICE), OFFICE)
    assert lines(text)[0] == "任务进度：有任务的4个单位，落后3个"
    assert "云山县" not in text
    assert "清河区：11月报送：任务8条，应完成6条，已完成0条，差6条" in text
    assert "到今天都跟上了进度。" in only(await full.say("吴科员", "/progress 云山县"), "吴科员")
    await full.say("吴科员", "/任务进度 导出")
    _, rows = await full.store.read(sheet_of)
    assert rows[2][1:9] == [
        "云山县人民政府", "县（市、区）", "11月报送：任务8条，应完成6条，已完成6条", 8, 6, 6, 0, "第七条",
    ]  # fmt: skip


async def test_units_see_their_own(full: Stage) -> None:
    assert "权限" in only(await full.say("张三", "/任务进度 清河区"), "张三")
