"""A bot that cannot do its work says why and ends; it neither hangs nor runs half."""

from __future__ import annotations

import sqlite3

import pytest

from tests.peers.process import BotProcess

from .town import Town

pytestmark = pytest.mark.blackbox


async def refuses(bot: BotProcess, because: str) -> None:
    """The bot ends by itself, with a status that says so and the reason in its log."""
    await bot.launch()
    assert await bot.exit_status() != 0
    assert because in bot.log_text()


async def test_a_file_that_is_no_database_is_named(fresh_town: Town) -> None:
    fresh_town.database.write_bytes(b"no database at all" * 1000)
    await refuses(fresh_town.bot, "file is not a database")


async def test_a_database_that_lost_a_table_does_not_leave_a_bot_that_hangs(fresh_town: Town) -> None:
    with sqlite3.connect(fresh_town.database) as db:
        db.execute("DROP TABLE outbox")
    db.close()
    await refuses(fresh_town.bot, "no such table: outbox")


async def test_a_second_bot_on_the_same_file_is_told_who_holds_it(fresh_town: Town) -> None:
    async with fresh_town.bot as first:
        second = BotProcess(first.config, first.port, fresh_town.folder / "second.log")
        await refuses(second, f"pid {first.pid}")
        assert first.running()


async def test_a_port_that_is_taken_is_named(fresh_town: Town, peer: object, town: Town) -> None:
    words = fresh_town.config.read_text()
    fresh_town.config.write_text(words.replace(f"port = {fresh_town.port}", f"port = {town.port}"))
    await refuses(fresh_town.bot, f"127.0.0.1:{town.port}")
