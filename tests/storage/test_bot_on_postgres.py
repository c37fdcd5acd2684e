"""The real bot on a real PostgreSQL: what an office does on its first day, with the server restarting meanwhile."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from storage import audit
from storage import item as items
from storage.engine import Tx
from storage.postgres import PostgresStore
from tests.blackbox import roster
from tests.blackbox.roster import SUBMIT_GROUP, account
from tests.blackbox.town import Town
from tests.support.postgres import PostgresServer

pytestmark = [pytest.mark.blackbox, pytest.mark.postgres]


@pytest.fixture
def town(tmp_path: Path, postgres_url: str) -> Town:
    town = Town(tmp_path, roster.small_world())
    config = town.config.read_text("utf-8")
    town.config.write_text(config.replace("sqlite:data/baosong.db", postgres_url), "utf-8")
    return town


def titles(tx: Tx) -> list[str]:
    assert audit.first_break(tx) is None
    return [item.title for item in items.pending(tx, 10)]


async def test_an_office_works_on_postgresql_and_hardly_notices_its_restart(
    town: Town, server: PostgresServer, postgres_url: str
) -> None:
    await town.settle(roster.small())
    async with town.open() as peer:
        said = await peer.say(account("张三"), "/报送 春耕进展顺利\n全县春耕面积过半。", SUBMIT_GROUP)
        assert "0001《春耕进展顺利》" in (await peer.answer_to(said)).text
        await asyncio.to_thread(server.stop)
        said = await peer.say(account("王五"), "/报送 夏粮收购启动\n全区开设收购点42个。", SUBMIT_GROUP)
        await asyncio.to_thread(server.start)
        assert "0002《夏粮收购启动》" in (await peer.answer_to(said, 30)).text
        before = peer.mark()
        await peer.say(account("张三"), "/我的信息")
        await peer.private_to(account("张三"), "春耕进展顺利", 10, since=before)
    store = PostgresStore(postgres_url)
    await store.open()
    assert await store.read(titles) == ["春耕进展顺利", "夏粮收购启动"]
    await store.close()
