"""`baosong jobs` and `baosong calendar` as the operator types them."""

from __future__ import annotations

import argparse
from pathlib import Path

import pytest

from bot.cli.jobs import TOOLS
from bot.cli.kit import Kit
from bot.cli.tools import in_files
from bot.settings import Settings
from storage.engine import Store
from tests.services.test_calendar import TABLE
from tests.support.office import moment, sample_office
from tests.support.stage import HandClock


async def typed(store: Store, *words: str, settings: Settings | None = None) -> tuple[int, str]:
    """What `baosong WORDS` answers on Monday, 2026-11-23."""
    tool = next(tool for tool in TOOLS if tool.name == words[0])
    parser = argparse.ArgumentParser()
    tool.arguments(parser)
    kit = Kit(settings or Settings(), store, HandClock(moment("11-23", "09:41")), sample_office())
    arguments = parser.parse_args(words[1:])
    for file in in_files(arguments):
        file.read()
    return await tool.run(kit, arguments)


async def test_the_list_says_what_is_next_and_what_was_last(store: Store) -> None:
    await typed(store, "jobs", "run", "scoreboard")
    assert await typed(store, "jobs") == (
        0,
        "scoreboard  每月通报报送采用情况\n"
        "  下次 2026-12-01 09:00\n"
        "  上次 scoreboard 2026-10，11-23 09:41 完成：已通报，收件对象1个\n"
        "bulletin  每月拟上月通报，送信息科签发\n"
        "  下次 2026-12-01 09:10\n"
        "  上次 还没有执行过\n"
        "nudges  每个工作日检查报送进度，拟定催报\n"
        "  下次 2026-11-24 09:30\n"
        "  上次 还没有执行过\n"
        "new-year  1月1日沿用去年的考评类别，提醒信息科长核对\n"
        "  下次 2027-01-01 00:00\n"
        "  上次 还没有执行过\n"
        "calendar-check  11月起检查下一年的放假安排是否已录入\n"
        "  下次 2026-11-24 09:00\n"
        "  上次 还没有执行过\n"
        "housekeeping  每夜清理过期记录，核对得分合计与审计链\n"
        "  下次 2026-11-24 02:30\n"
        "  上次 还没有执行过\n"
        "digests  每个工作日拟定各人的每日提醒\n"
        "  下次 2026-11-24 00:05\n"
        "  上次 还没有执行过",
    )


async def test_a_job_runs_by_hand_and_not_twice(store: Store) -> None:
    assert await typed(store, "jobs", "run", "scoreboard", "--period", "2026-10") == (
        0, "scoreboard 2026-10：已通报，收件对象1个",
    )  # fmt: skip
    code, said = await typed(store, "jobs", "run", "scoreboard", "--period", "2026-10", "--again")
    assert (code, said) == (
        1,
        "scoreboard 2026-10 现在是“已于 11-23 09:41 执行：已通报，收件对象1个”，不能再执行一次。"
        "为免重复打扰，同一期间只发一次；确需补发给个别人，请直接转发原消息。",
    )


async def test_a_harmless_job_runs_again_when_asked(store: Store) -> None:
    await typed(store, "jobs", "run", "housekeeping")
    code, said = await typed(store, "jobs", "run", "housekeeping")
    assert code == 1
    assert said.endswith("确需再做一次，请加 --again。")
    code, said = await typed(store, "jobs", "run", "housekeeping", "--again")
    assert code == 0
    assert "（此前 11-23 09:41：" in said


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("jobs", "run", "nonsense"), "没有找到名为“nonsense”的任务。可用：scoreboard、bulletin、nudges、"),
        (("jobs", "run", "scoreboard", "--period", "2026-13"), "没有13月"),
        (("jobs", "run", "housekeeping", "--period", "昨天"), "只能写今天"),
        (("jobs", "run", "calendar-check", "--period", "明年"), "“明年”不是年份"),
        (("jobs", "walk"), "用法：baosong jobs"),
        (("calendar", "set", "01-01", "off"), "请写全年月日"),
        (("calendar", "set", "2027-02-30", "off"), "2027年2月没有30日"),
        (("calendar", "set", "2027-01-01", "perhaps"), "用法：baosong calendar"),
    ],
)
async def test_a_mistake_is_answered_with_what_to_do(store: Store, words: tuple[str, ...], said: str) -> None:
    code, answer = await typed(store, *words)
    assert code != 0
    assert said in answer


async def test_a_job_that_is_switched_off_says_by_which_setting(store: Store) -> None:
    settings = Settings.model_validate({"scoreboard": {"enabled": False}})
    assert await typed(store, "jobs", "run", "scoreboard", settings=settings) == (
        1, "任务 scoreboard 在配置里关闭了：scoreboard.enabled = false。要执行，请改成 true 并重新启动。",
    )  # fmt: skip


async def test_a_day_is_set_and_shown(store: Store) -> None:
    assert await typed(store, "calendar", "set", "2027-01-01", "off", "--source", "预估") == (
        0, "2027-01-01 已设为放假。",
    )  # fmt: skip
    code, said = await typed(store, "calendar", "2027")
    assert code == 0
    assert "工作日放假：1月1日\n" in said


async def test_a_table_is_read_where_the_command_is_typed(store: Store, tmp_path: Path) -> None:
    (tmp_path / "calendar.toml").write_text(TABLE, "utf-8")
    code, said = await typed(store, "calendar", "import", str(tmp_path / "calendar.toml"))
    assert code == 0
    assert said.startswith("已录入2027年的放假安排，共4天。\n2027年工作日（已录入放假安排）")


async def test_without_words_this_year_is_shown(store: Store) -> None:
    code, said = await typed(store, "calendar")
    assert (code, said.splitlines()[0]) == (0, "2026年工作日（已录入放假安排）")
