"""An AI bot that was taken over: whoever watches the page sees it, and the 系统管理员 is told once, another way."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx
import pytest

from storage.engine import Tx
from tests.bot.harness import Served, until
from tests.bot.workchat_town import Town, town

ADMIN = "wangwu"


def appoint(tx: Tx) -> None:
    """王五's account belongs to the 系统管理员 of the small city."""
    tx.run(
        "INSERT INTO account (platform, account, person_id, valid_from_ms, bound_by)"
        " VALUES ('wecom', ?, 4, 0, 'import')",
        ADMIN,
    )  # fmt: skip


async def page(house: Served, path: str) -> httpx.Response:
    async with httpx.AsyncClient(trust_env=False) as client:
        return await client.get(f"{house.url}/{path}")


async def identities(city: Town) -> Any:
    return (await page(city.house, "readyz")).json()["identities"]["wecom"]


async def test_a_bot_that_was_taken_over_shows_and_is_told_once_by_the_app(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with town(tmp_path, monkeypatch) as city:
        await city.house.parts.store.run(appoint)
        assert await identities(city) == {"自建应用": "up", "智能机器人": "up"}
        await city.service.kick()
        told = await city.told(ADMIN, "被另一个程序顶替")
        assert told.via == "app"
        assert told.text.startswith("【报警】智能机器人停了")
        await city.house.parts.watch.look()
        await city.service.silence()
        assert (await identities(city))["智能机器人"].startswith("被另一个程序顶替")
        figures = (await page(city.house, "metrics")).text
        assert 'baosong_identity_up{channel="wecom",identity="智能机器人"} 0.0' in figures
        assert 'baosong_identity_up{channel="wecom",identity="自建应用"} 1.0' in figures


async def test_a_connection_that_only_broke_is_no_alarm(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with town(tmp_path, monkeypatch) as city:
        await city.house.parts.store.run(appoint)
        await city.service.hang_up()
        await until(lambda: city.house.parts.channels["wecom"].up)
        await city.house.parts.watch.look()
        await city.service.subscribed()
        await city.service.silence()


async def test_in_url_mode_there_is_no_connection_to_lose(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with town(tmp_path, monkeypatch, "callback") as city:
        assert await identities(city) == {"自建应用": "up", "智能机器人": "up"}
