"""`/要点`: the office issues a list, reporters tag what they send, and everybody sees what is covered."""

from __future__ import annotations

import pytest

from tests.support.office import moment
from tests.support.stage import GROUP, OFFICE, Stage

THREE = "/要点 下达 12月\n1. 岁末年初民生保障\n2. 冬春森林防火\n3、规上企业“开门红”"


async def issue(stage: Stage, text: str = THREE) -> None:
    await stage.say("吴科员", text)
    await stage.say("吴科员", "/要点 确认")


async def one(stage: Stage, who: str, text: str, group: str = "") -> str:
    """The only thing anybody hears when this is said."""
    (heard,) = await stage.say(who, text, group)
    return heard.text


async def test_a_list_is_shown_before_it_is_issued_and_goes_to_the_groups_when_confirmed(stage: Stage) -> None:
    assert await one(stage, "吴科员", THREE) == (
        "请核对2026年12月报送要点（12-01 至 12-31），共 3 条：\n"
        "1. 岁末年初民生保障\n2. 冬春森林防火\n3. 规上企业“开门红”\n"
        "现在下达，12-01 起有效。\n"
        "确认后发到 1 个群：全市政务信息群。\n"
        "没有问题请发“/要点 确认”；不发了请发“/要点 取消”；要改请重发“/要点 下达”。"
    )
    heard = await stage.say("吴科员", "/要点 确认")
    assert {(each.to, each.text) for each in heard} == {
        ("吴科员", "已下达2026年12月报送要点（12-01 至 12-31），马上发到 1 个群。发“/要点 覆盖”看报送情况。"),
        (
            GROUP,
            "【报送要点】2026年12月报送要点（12-01 至 12-31）\n"
            "1. 岁末年初民生保障\n2. 冬春森林防火\n3. 规上企业“开门红”\n"
            "报的时候在标题前写 #要点1，或在正文末尾另起一行写“要点：1”。发“/要点”看本单位报到了哪几条。",
        ),
    }


async def test_confirming_twice_sends_once_and_says_so(stage: Stage) -> None:
    await issue(stage)
    assert await one(stage, "吴科员", "/要点 确认") == (
        "2026年12月报送要点现在是“11-23 09:41 已下达”，不能再下达一次。发“/要点”查看。"
    )


async def test_after_hours_the_groups_hear_of_it_the_next_morning(stage: Stage) -> None:
    stage.clock.moment = moment("11-23", "19:00")
    await stage.say("吴科员", THREE)
    assert "11-24 08:30 起发到 1 个群" in await one(stage, "吴科员", "/要点 确认")


async def test_a_draft_can_be_given_up_and_then_nothing_is_issued(stage: Stage) -> None:
    await stage.say("吴科员", THREE)
    assert await one(stage, "吴科员", "/要点 取消") == "已放弃，没有下达。"
    assert (await one(stage, "吴科员", "/要点 确认")).startswith("没有找到待确认的要点。")
    assert (await one(stage, "吴科员", "/要点 取消")).startswith("没有找到待确认的要点。")
    assert (await one(stage, "张三", "/要点")).startswith("没有找到有效的报送要点。")


async def test_a_reporter_tags_what_is_sent_and_the_title_stays_clean(stage: Stage) -> None:
    await issue(stage)
    assert await one(stage, "张三", "/报送 #要点2 云山县森林防火进入战时状态\n全县设卡86处。", GROUP) == (
        "收到 2026-0001《云山县森林防火进入战时状态》 云山县 11-23 09:41\n要点2：冬春森林防火"
    )
    assert await one(stage, "张三", "/要点") == (
        "2026年12月报送要点（12-01 至 12-31），12-01 起有效\n"
        "云山县已报 1/3 条 ▇▁▁▁▁\n"
        "1. 岁末年初民生保障\n2. 冬春森林防火 ✓\n3. 规上企业“开门红”\n"
        "报的时候在标题前写 #要点1，或在正文末尾另起一行写“要点：1”。"
    )


@pytest.mark.parametrize(
    "sent",
    [
        "/报送 云山县森林防火 #要点2\n全县设卡86处。",
        "/报送 #要点2\n云山县森林防火\n全县设卡86处。",
        "/报送 云山县森林防火\n#要点2\n全县设卡86处。",
        "/报送 云山县森林防火\n全县设卡86处。\n#要点2",
        "/报送 云山县森林防火\n全县设卡86处。\n要点：2\n撰稿：张三 签发：李局长",
        "【信息报送】\n要点：2\n云山县森林防火\n全县设卡86处。",
        "【信息报送】\n＃要点２\n标题：云山县森林防火\n全县设卡86处。",
        "/报送 #约18 #要点2 云山县森林防火\n全县设卡86处。",
    ],
)
async def test_a_tag_may_stand_in_many_places(stage: Stage, sent: str) -> None:
    await issue(stage)
    said = await one(stage, "张三", sent)
    assert said.startswith("收到 2026-0001《云山县森林防火》 云山县")
    assert said.endswith("\n要点2：冬春森林防火")
    assert "正文（8 字）：\n全县设卡86处。" in await one(stage, "张三", "/查看 1")


async def test_a_number_that_is_in_no_list_never_stops_an_item(stage: Stage) -> None:
    said = await one(stage, "张三", "/报送 #要点2 云山县森林防火\n全县设卡86处。")
    assert said.endswith("\n要点2没有标记：现在没有有效的报送要点。发“/要点”查看。")
    await issue(stage)
    said = await one(stage, "张三", "/报送 #要点1 #要点9 云山县保障过冬\n全县供暖。")
    assert said.endswith("\n要点1：岁末年初民生保障\n要点9没有标记：2026年12月要点没有这一条。发“/要点”查看。")


async def test_the_tag_is_kept_when_the_list_has_expired(stage: Stage) -> None:
    await issue(stage)
    await stage.say("张三", "/报送 #要点2 云山县森林防火\n全县设卡86处。")
    stage.clock.moment = moment("01-04", year=2027)
    assert (await one(stage, "张三", "/要点")).startswith("没有找到有效的报送要点。")
    assert (await one(stage, "张三", "/要点 上月")).startswith(
        "2026年12月报送要点（12-01 至 12-31），已到期\n云山县已报 1/3 条 ▇▁▁▁▁"
    )


async def test_the_next_list_of_the_month_takes_the_place_of_the_first(stage: Stage) -> None:
    await issue(stage)
    preview = await one(stage, "周科长", "/要点 下达 12月\n冰雪旅游")
    assert "这个期间 11-23 09:41 已下达过 3 条，确认后由这份代替，已标记的信息不变。" in preview
    await stage.say("周科长", "/要点 确认")
    assert "1. 冰雪旅游" in await one(stage, "张三", "/要点")


async def test_the_narrower_list_is_meant_and_the_other_is_named(stage: Stage) -> None:
    await issue(stage, "/要点 下达 今年\n全年重点")
    await issue(stage, "/要点 下达 本月\n十一月的事")
    said = await one(stage, "张三", "/要点")
    assert said.startswith("2026年11月报送要点（11-01 至 11-30），还有 7 天")
    assert said.endswith("另有：2026年。发“/要点 2026年”查看。")
    assert "1. 全年重点" in await one(stage, "张三", "/要点 2026年")


async def test_the_office_sees_each_point_and_each_unit(stage: Stage) -> None:
    await issue(stage)
    await stage.say("张三", "/报送 #要点2 云山县森林防火\n全县设卡86处。")
    await stage.say("王五", "/报送 #要点1、2 清河区岁末保供\n全区储备充足。\n联合报送：市发改委")
    assert await one(stage, "周科长", "/要点") == (
        "2026年12月报送要点（12-01 至 12-31），12-01 起有效\n"
        "1. 岁末年初民生保障 ▇▇▁▁▁ 2/4家1条\n"
        "2. 冬春森林防火 ▇▇▇▁▁ 3/4家2条\n"
        "3. 规上企业“开门红” ▁▁▁▁▁ 0/4家0条\n"
        "发“/要点 覆盖”看各单位，“/要点 1”看一条要点的信息。"
    )
    said = await one(stage, "周科长", "/要点 覆盖", OFFICE)
    assert said.split("\n")[4:] == [
        "没有人报的要点：3",
        "按单位（共 4 个）：",
        "▇▇▇▁▁ 2 条（2 个）：清河区、市发改委",
        "▇▁▁▁▁ 1 条（1 个）：云山县",
        "▁▁▁▁▁ 一条也没有（1 个）：市文旅局",
    ]
    assert await one(stage, "周科长", "/要点 2") == (
        "2026年12月要点2 冬春森林防火\n共 2 条信息：\n"
        "2026-0001《云山县森林防火》云山县 已收\n"
        "2026-0002《清河区岁末保供》清河区、市发改委 已收"
    )
    assert "共 1 条信息：\n2026-0001" in await one(stage, "张三", "/要点 2")
    assert "还没有信息。" in await one(stage, "张三", "/要点 3")


async def test_who_lags_is_never_read_out_in_the_reporters_group(stage: Stage) -> None:
    await issue(stage)
    heard = await stage.say("周科长", "/要点 覆盖", GROUP)
    assert next(each.text for each in heard if each.to == "周科长").startswith("2026年12月报送要点覆盖情况")
    assert all("一条也没有" not in each.text for each in heard if each.to == GROUP)


async def test_the_office_tags_afterwards_and_takes_a_tag_off(stage: Stage) -> None:
    await issue(stage)
    await stage.say("张三", "/报送 云山县森林防火\n全县设卡86处。")
    assert await one(stage, "吴科员", "/要点 标记 1 2、3") == (
        "2026-0001《云山县森林防火》：已标记2026年12月要点2（冬春森林防火）、3（规上企业“开门红”）。"
    )
    assert await one(stage, "吴科员", "/要点 去标 1 3") == "2026-0001《云山县森林防火》：已去掉2026年12月要点3的标记。"
    assert "没有找到" in await one(stage, "吴科员", "/要点 去标 1 3")
    assert "云山县已报 1/3 条" in await one(stage, "李副", "/要点")


@pytest.mark.parametrize(
    ("who", "said", "answer"),
    [
        ("吴科员", "/要点 下达", "没有写期间。"),
        ("吴科员", "/要点 下达 12月", "没有看到要点。"),
        ("吴科员", "/要点 下达 10月\n防火", "2026年10月已经过去了"),
        ("吴科员", "/要点 下达 尽快\n防火", "看不懂要点的期间“尽快”"),
        ("吴科员", "/要点 下达 12月\n防火\n防火", "“防火”写了两遍"),
        ("吴科员", "/要点 标记 1", "请写信息编号和要点号"),
        ("吴科员", "/要点 标记 77 1", "没有找到编号为 2026-0077 的信息"),
        ("吴科员", "/要点 标记 1 9", "没有找到要点9。2026年12月报送要点共 3 条"),
        ("吴科员", "/要点 去标 1 1、2", "一次请写一个要点号"),
        ("吴科员", "/要点 9", "没有找到要点9。"),
        ("吴科员", "/要点 也许", "看不懂期间“也许”"),
        ("吴科员", "/要点 覆盖 9月", "没有找到2026年9月的报送要点"),
        ("张三", "/要点 下达 12月\n防火", "您没有“/要点 下达”的权限"),
        ("张三", "/要点 覆盖", "您没有“/要点 覆盖”的权限"),
    ],
)
async def test_what_is_wrong_is_answered_with_what_to_write(stage: Stage, who: str, said: str, answer: str) -> None:
    await issue(stage)
    await stage.say("张三", "/报送 云山县森林防火\n全县设卡86处。")
    assert answer in await one(stage, who, said)


async def test_the_coverage_comes_as_a_sheet_to_the_office_alone(stage: Stage) -> None:
    await issue(stage)
    heard = await stage.say("周科长", "/要点 表格", OFFICE)
    assert {each.to for each in heard} == {OFFICE}
    assert "2026年12月报送要点覆盖表已发：2026年12月报送要点覆盖表.xlsx。" in [each.text for each in heard]
    heard = await stage.say("周科长", "/要点 表格", GROUP)
    assert [each.to for each in heard if not each.text] == ["周科长"]
