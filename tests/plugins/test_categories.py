"""`/十大类`: a list the office edits, and what nobody has touched this year."""

from __future__ import annotations

import pytest

from tests.support.stage import Stage


async def say(stage: Stage, text: str) -> str:
    (heard,) = await stage.say("吴科员", text)
    return heard.text


async def test_the_list_begins_with_the_sample_and_says_what_is_untouched(stage: Stage) -> None:
    await stage.say("张三", "/报送 云山县冬枣丰收\n全县冬枣面积4万亩。")
    assert await say(stage, "/十大类 标记 1 乡村") == "2026-0001《云山县冬枣丰收》：已归入“乡村振兴”。"
    assert await say(stage, "/十大类 标记 1 5") == "2026-0001《云山县冬枣丰收》本来就在“乡村振兴”里。"
    said = (await say(stage, "/十大类")).split("\n")
    assert said[0] == (
        "十大类信息要点（10 类），2026年没有碰过的："
        "决策落实、经济运行、项目投资、产业创新、城市建设、民生保障、生态环境、改革开放、安全稳定"
    )
    assert said[5] == "5. 乡村振兴 1条采0"
    assert said[1] == "1. 决策落实 —"
    assert await say(stage, "/十大类 去标 1 乡村振兴") == "2026-0001《云山县冬枣丰收》：已从“乡村振兴”移出。"


async def test_candidates_are_added_for_units_and_struck(stage: Stage) -> None:
    assert await say(stage, "/十大类 加 乡村振兴 冬枣产业转型 单位：云山县、市文旅局") == (
        "已加入“乡村振兴”的候选题目：冬枣产业转型"
    )
    await say(stage, "/十大类 加 乡村振兴 和美乡村建设")
    assert await say(stage, "/十大类 乡村振兴") == (
        "5. 乡村振兴（农业生产、农民增收、乡村建设）：2026年—\n  1) 冬枣产业转型（云山县、市文旅局）\n  2) 和美乡村建设"
    )
    assert "5. 乡村振兴 —，候选题目 2 个" in await say(stage, "/十大类")
    assert await say(stage, "/十大类 删 乡村振兴 1") == "已从“乡村振兴”删去候选题目：冬枣产业转型"
    assert "1) 和美乡村建设" in await say(stage, "/十大类 乡村振兴")


async def test_the_office_changes_the_list_itself(stage: Stage) -> None:
    assert await say(stage, "/十大类 新类 数字政府") == "已增加第11类“数字政府”。"
    assert await say(stage, "/十大类 停用 改革开放") == "已停用“改革开放”，已归入这一类的信息不变。"
    said = await say(stage, "/十大类")
    assert "10. 数字政府 —" in said
    assert "改革开放" not in said


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        ("/十大类 体育", "没有找到类别“体育”。现有：1决策落实、"),
        ("/十大类 加", "请写类别和候选题目"),
        ("/十大类 加 乡村振兴", "没有写候选题目"),
        ("/十大类 加 乡村振兴 冬枣 单位：火星县", "没有找到单位“火星县”"),
        ("/十大类 删 乡村振兴 3", "没有找到“乡村振兴”的第3个候选题目。现有 0 个。"),
        ("/十大类 删 乡村振兴", "请写类别和候选题目的序号"),
        ("/十大类 标记 1", "请写信息编号和类别"),
        ("/十大类 标记 99 乡村振兴", "没有找到编号为 2026-0099 的信息"),
        ("/十大类 新类 乡村振兴", "已经有“乡村振兴”这一类了"),
        ("/十大类 新类 5", "类别名称请写"),
        ("/十大类 停用", "请写要停用的类别"),
    ],
)
async def test_what_is_wrong_is_answered_with_what_to_write(stage: Stage, said: str, answer: str) -> None:
    assert answer in await say(stage, said)


async def test_a_reporter_has_no_use_for_it(stage: Stage) -> None:
    (heard,) = await stage.say("张三", "/十大类")
    assert heard.text == "您没有“/十大类”的权限。如有需要，请联系信息科。"
