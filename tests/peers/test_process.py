"""Starting, stopping and killing the bot from outside, tried on a program that stands in for it."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from .process import BotDidNotStart, BotProcess, free_port, run_cli

STAND_IN = (sys.executable, str(Path(__file__).with_name("stand_in_bot.py")))


def bot(folder: Path, **settings: object) -> BotProcess:
    port = free_port()
    config = folder / "config.json"
    config.write_text(json.dumps({"port": port} | settings))
    return BotProcess(config, port, folder / "bot.log", command=STAND_IN)


async def test_a_bot_is_ready_inside_the_block_and_gone_after_it(tmp_path: Path) -> None:
    async with bot(tmp_path) as process:
        assert process.running()
    assert not process.running()
    assert "bye" in process.log_text()


async def test_a_killed_bot_says_nothing_and_can_be_started_again(tmp_path: Path) -> None:
    async with bot(tmp_path) as process:
        first = process.pid
        await process.kill()
        assert "bye" not in process.log_text()
        await process.restart()
        assert process.running()
        assert process.pid != first
        assert process.log_text().count("hello") == 2


async def test_a_bot_that_refuses_to_start_shows_the_end_of_its_log(tmp_path: Path) -> None:
    with pytest.raises(BotDidNotStart, match=r"ended with 1:\nonebot.token is missing"):
        await bot(tmp_path, refuse="onebot.token is missing").start()


async def test_a_bot_that_is_expected_to_refuse_is_only_launched(tmp_path: Path) -> None:
    process = bot(tmp_path, refuse=2)
    await process.launch()
    assert await process.exit_status() == 2


async def test_a_bot_that_does_not_stop_in_time_fails_the_test_and_is_killed(tmp_path: Path) -> None:
    process = bot(tmp_path, stubborn=True)
    await process.start()
    with pytest.raises(AssertionError, match="did not stop"):
        await process.terminate(seconds=0.1)
    assert not process.running()


async def test_a_command_brings_back_what_it_printed_and_how_it_ended(tmp_path: Path) -> None:
    config = bot(tmp_path).config
    result = await run_cli(config, "export", "roster", stdin="名册", command=STAND_IN)
    assert (result.status, result.out.split(), result.err) == (
        3,
        ["export", "roster", "Asia/Shanghai", "名册"],
        "warned\n",
    )
