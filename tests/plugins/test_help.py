"""Help, and the page of all commands: both come from the declarations."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.commands import VOCABULARY
from bot.manual import page
from storage import roster
from tests.plugins.asking_stories import lines, only
from tests.support.stage import ACCOUNTS, GROUP, MONDAY, Stage

COMMANDS = Path(__file__).parents[2] / "docs" / "commands.md"


@pytest.mark.parametrize("words", ["帮助", "/帮助", "/help", "?", "？", "／？"])
async def test_help_lists_by_family_what_the_person_can_use(stage: Stage, words: str) -> None:
    text = only(await stage.say("张三", words), "张三")
    assert lines(text)[:2] == ["【报送】", "/报送 报送一条信息"]
    assert "/我的得分 看本单位和您本人的得分、名次和明细" in lines(text)
    assert lines(text)[-1] == "看一个命令怎么用：/帮助 报送"


@pytest.mark.parametrize("who", ["张三", "李副", "周科长", "郑保密", "管理员"])
async def test_nobody_is_shown_a_command_they_may_not_use_and_nobody_misses_one(stage: Stage, who: str) -> None:
    text = only(await stage.say(who, "帮助"), who)
    shown = {line.split()[0] for line in lines(text) if line.startswith("/")}
    person = await stage.store.read(roster.person_of_account, "onebot", ACCOUNTS[who], MONDAY.date())
    assert shown == {f"/{each.label}" for each in VOCABULARY.commands if each.open_to(person)}


async def test_the_example_under_the_list_is_a_command_of_ones_own(stage: Stage) -> None:
    assert lines(only(await stage.say("郑保密", "帮助"), "郑保密"))[-1] == "看一个命令怎么用：/帮助 我的得分"


async def test_help_asked_in_the_group_does_not_fill_it(stage: Stage) -> None:
    heard = await stage.say("张三", "/帮助", GROUP)
    assert only(heard, GROUP) == "已私聊发给您。"
    assert "【报送】" in only(heard, "张三")


@pytest.mark.parametrize("words", ["帮助 报送", "/help /submit", "/帮助 ／报送"])
async def test_help_for_one_command_shows_how_it_is_written(stage: Stage, words: str) -> None:
    text = only(await stage.say("张三", words), "张三")
    assert text.startswith("/报送：")
    assert "\n写法：/报送" in text
    assert "\n例如：/报送" in text
    assert "/submit" in lines(text)[-1]


async def test_help_for_a_command_of_others_says_whose_it_is(stage: Stage) -> None:
    text = only(await stage.say("吴科员", "帮助 报送"), "吴科员")
    assert text == (
        "“/报送”供信息员、信息员B角使用。这一类里您能用的：\n/取消 放弃正在填写的表单\n"
        "/查看 看一条信息的全文和办理情况（信息员看本单位的）\n/附件 把一条信息的原文件和附图私聊发给您"
    )
    text = only(await stage.say("郑保密", "帮助 销号"), "郑保密")
    assert text == "“/销号”供信息科、信息科长使用，您用不到。发“/帮助”看您能用的命令。"


async def test_help_for_a_mistyped_command_names_the_nearest(stage: Stage) -> None:
    assert "您是想看“/帮助 我的得分”吗？" in only(await stage.say("张三", "帮助 我的得份"), "张三")
    assert "发“/帮助”看您能用的命令。" in only(await stage.say("张三", "帮助 zzzzzz"), "张三")


async def test_somebody_unknown_learns_how_to_be_bound_and_nothing_else(stage: Stage) -> None:
    text = only(await stage.say("99999", "帮助"), "99999")
    assert "请向信息科要一个绑定码" in text
    assert "/我的得分" not in text
    assert only(await stage.say("99999", "帮助 我的得分"), "99999") == text


def test_the_page_of_commands_is_what_the_declarations_say() -> None:
    assert COMMANDS.read_text("utf-8") == page(VOCABULARY), "write it anew: python -m bot.manual > docs/commands.md"


def test_every_command_has_a_chinese_name_and_is_explained() -> None:
    for each in VOCABULARY.commands:
        assert each.words, each.name
        assert not each.label.isascii(), each.name
        assert each.summary, each.name
        assert each.family, each.name
        assert each.usage.startswith("/"), each.name
