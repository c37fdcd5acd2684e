"""`/event` and `/events`: what happens to a unit beside its items, in the words of people and of the measure."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.plugins.item_stories import told, totals
from tests.plugins.measure_stories import with_measure
from tests.plugins.test_why import sheet_of
from tests.support.stage import OFFICE, Stage


@pytest.fixture
async def full(tmp_path: Path) -> AsyncIterator[Stage]:
    async with with_measure(tmp_path) as stage:
        yield stage


async def test_a_penalty_quotes_its_article_and_is_told_to_reporter_and_leader(full: Stage) -> None:
    heard = await full.say("吴科员", "/记事 云山县 迟报 11-20 台风灾情晚报3小时", OFFICE)
    assert told(heard, OFFICE) == (
        "已登记 云山县 紧急信息迟报（11-20），编号 1。\n说明：台风灾情晚报3小时\n云山县 -5 分（第五条）\n"
        "第五条：紧急信息迟报一次扣5分，漏报一次扣10分，瞒报一次扣20分。\n已私聊告知：云山县 张三、云山县 李副。"
    )
    for person in ("张三", "李副"):
        assert told(heard, person).startswith("登记了云山县 紧急信息迟报（11-20）。\n云山县 -5 分（第五条）")
    assert await totals(full, 2) == (-500, 0, 0)
    why = told(await full.say("张三", "/得分明细 加减分"), "张三")
    assert "11-20 紧急信息迟报" in why
    assert "-5分（第五条，吴科员）" in why


async def test_what_earns_points_is_told_to_the_reporter_alone(full: Stage) -> None:
    heard = await full.say("吴科员", "/记事 清河区 培训 昨天 业务培训班")
    assert "清河区 +2 分（第六条）" in told(heard, "王五")
    assert {one.to for one in heard} == {"吴科员", "王五"}


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        ("/记事", "里有：紧急信息迟报、紧急信息漏报、紧急信息瞒报、培训、取材较多"),
        ("/记事 云山县", "里有：紧急信息迟报"),
        ("/记事 云山县 旷工", "没有找到事项“旷工”"),
        ("/记事 云山县 迟报 扣8分", "“紧急信息迟报”的分值由办法规定，不用写分值"),
        ("/记事 云山县 取材较多", "请写分值：1 至 5 分（第六条）"),
        ("/记事 云山县 取材较多 8分 很多", "写了 8 分，办法规定 1 至 5 分（第六条）"),
        ("/记事 云山县 取材较多 3分", "请写明理由"),
        ("/记事 云山县 迟报 12-31", "还没有到"),
        ("/记事 月亮县 迟报", "没有找到单位“月亮县”"),
        ("/记事 撤销 9 写错", "没有找到编号 9 的加减分登记"),
        ("/记事 撤销 编号", "请写编号和原因"),
    ],
)
async def test_what_cannot_be_registered_is_answered_with_what_can(full: Stage, words: str, answer: str) -> None:
    assert answer in told(await full.say("吴科员", words), "吴科员")


async def test_a_value_left_to_a_person_counts_with_the_reason(full: Stage) -> None:
    heard = await full.say("吴科员", "/event 云山县 取材较多 3.5分 11-20 调研报告")
    assert "说明：调研报告\n云山县 +3.5 分（第六条）" in told(heard, "吴科员")
    assert await totals(full, 2) == (350, 0, 0)


async def test_the_same_thing_is_not_registered_twice(full: Stage) -> None:
    await full.say("吴科员", "/记事 云山县 漏报 11-20")
    assert "已经登记过（编号 1，吴科员）" in told(await full.say("周科长", "/记事 云山县 漏报 11-20"), "周科长")
    await full.say("周科长", "/记事 云山县 漏报 11-20 第二起")
    assert await totals(full, 2) == (-2000, 0, 0)


async def test_a_registration_is_taken_back_with_a_reason_and_everybody_concerned_hears_of_it(full: Stage) -> None:
    await full.say("吴科员", "/记事 云山县 瞒报 11-20 矿难")
    assert "没有写原因" in told(await full.say("吴科员", "/记事 撤销 1"), "吴科员")
    heard = await full.say("周科长", "/记事 撤销 编号1 经查不属实", OFFICE)
    assert told(heard, OFFICE).startswith(
        "已撤销编号 1：云山县 紧急信息瞒报（11-20）。\n原因：经查不属实\n云山县 +20 分（第五条）"
    )
    for person in ("张三", "李副"):
        assert "原因：经查不属实" in told(heard, person)
    assert await totals(full, 2) == (0, 0, 0)
    assert "没有找到编号 1" in told(await full.say("周科长", "/记事 撤销 1 再撤"), "周科长")


async def test_somebody_elses_registration_is_for_the_head(full: Stage) -> None:
    await full.say("周科长", "/记事 云山县 迟报")
    assert "由信息科长办理" in told(await full.say("吴科员", "/记事 撤销 1 不对"), "吴科员")


async def test_the_list_has_what_stands_and_what_was_taken_back(full: Stage) -> None:
    await full.say("吴科员", "/记事 云山县 迟报 11-20 台风")
    await full.say("吴科员", "/记事 清河区 培训 11-21")
    await full.say("吴科员", "/记事 云山县 漏报 11-22")
    await full.say("吴科员", "/记事 撤销 3 重复")
    assert told(await full.say("吴科员", "/事项", OFFICE), OFFICE).split("\n") == [
        "加减分事项 2026年11月：2件，-3分",
        "3. 11-22 云山县 紧急信息漏报 0分（吴科员，吴科员已撤销：重复）",
        "2. 11-21 清河区 培训 +2分（吴科员）",
        "1. 11-20 云山县 紧急信息迟报 -5分 台风（吴科员）",
    ]
    assert told(await full.say("张三", "/事项"), "张三").split("\n")[0] == "加减分事项 云山县 2026年11月：1件，-5分"
    assert "清河区" not in told(await full.say("张三", "/事项"), "张三")
    assert "权限" in told(await full.say("张三", "/事项 清河区"), "张三")
    assert told(await full.say("吴科员", "/events 上月"), "吴科员") == "加减分事项 2026年10月：没有登记。"
    await full.say("吴科员", "/事项 今年 导出")
    _, rows = await full.store.read(sheet_of)
    assert [row[5] for row in rows[1:]] == ["分值", 0, 2, -5, -3]


async def test_registering_is_for_the_desk(full: Stage) -> None:
    assert "权限" in told(await full.say("张三", "/记事 清河区 迟报"), "张三")
