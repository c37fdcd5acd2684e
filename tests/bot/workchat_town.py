"""The house on WeChat Work: the whole bot in the test's loop, the faithful service beside it, the small city bound."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import pytest

from bot.settings import Commissions, OneBot, WeCom
from storage import outbox
from storage.engine import Tx
from storage.outbox import Parcel, Sending
from tests.bot.harness import Served, served, until
from tests.peers.process import free_port
from tests.peers.wecom import Heard, Spoken, WeComService, World

GROUP, OFFICE = "wrReporters", "wrOffice"
QUICK = {"per_chat_ms": 0, "all_ms": 0}
BOUND = {"zhangsan": 5, "zhaozhuren": 1}
"""Who is who in the small city: 张三 the reporter of 云山县, 周科长 of the office."""

Transport = Literal["websocket", "callback"]


@dataclass(frozen=True)
class Town:
    """The service with its people, and the house."""

    service: WeComService
    house: Served

    async def answered(self, spoken: Spoken) -> str:
        """What the AI bot answered to this."""
        return (await self.service.answer_to(spoken)).text

    async def told(self, user: str, containing: str) -> Heard:
        """What somebody was told in private."""
        return await self.service.private_to(user, containing)

    async def parcels(self, *states: Sending) -> list[Parcel]:
        return await self.house.parts.store.read(outbox.in_states, states or tuple(Sending), 50)

    async def parcel(self, state: Sending) -> Parcel:
        """The message nobody asked for that ended so."""
        async with asyncio.timeout(5):
            while not (found := [one for one in await self.parcels(state) if one.kind == "test"]):
                await asyncio.sleep(0.02)
        return found[0]

    async def known_as(self, chat: str, purpose: str) -> None:
        """Wait until the door knows what a group is for."""
        groups = self.house.parts.directory
        await until(lambda: (group := groups.groups.get(("wecom", chat))) and group.purpose == purpose)

    async def count(self, table: str) -> int:
        def rows(tx: Tx) -> int:
            row = tx.one(f"SELECT COUNT(*) FROM {table}")
            return int(row[0]) if row else 0

        return await self.house.parts.store.read(rows)


def section(service: WeComService, transport: Transport, **more: Any) -> WeCom:
    """The [wecom] section of an office that has all three identities."""
    world = service.world
    app, bot = world.app, world.bot
    seal = {"token": app.seal.token, "encoding_aes_key": app.seal.encoding_aes_key}
    aibot = {"bot_id": bot.bot_id, "name": bot.name, "transport": transport, "secret": bot.secret}
    aibot |= {"token": bot.seal.token, "encoding_aes_key": bot.seal.encoding_aes_key}
    known: dict[str, Any] = {
        "corp_id": world.corp_id,
        "api_base": service.api_base,
        "ws_url": service.ws_url,
        "fetch_seconds": 5.0,
        "webhooks": f"{world.webhook.chatid} = {world.webhook.key}",
        "app": {"agent_id": app.agent_id, "secret": app.secret, **seal},
        "aibot": aibot,
        "pace": QUICK,
    }
    return WeCom.model_validate({name: value for name, value in (known | more).items() if value is not None})


@contextlib.asynccontextmanager
async def town(
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    transport: Transport = "websocket",
    *,
    qq: OneBot | None = None,
    commissions: Commissions | None = None,
    **more: Any,
) -> AsyncIterator[Town]:
    """`more` replaces keys of the section; None takes one out. With `qq` the house is on QQ as well."""
    port = free_port()
    world = World.small()
    world.app.callback_url = f"http://127.0.0.1:{port}/wecom/app/{world.corp_id}/{world.app.agent_id}"
    if transport == "callback":
        world.bot.callback_url = f"http://127.0.0.1:{port}/wecom/aibot/{world.bot.bot_id}"
    async with WeComService(world) as service:
        settings = section(service, transport, **more)
        async with served(folder, monkeypatch, wecom=settings, onebot=qq, commissions=commissions, port=port) as house:
            await house.parts.store.run(enrol, BOUND)
            await house.parts.store.read(house.parts.directory.fill, house.clock.now().date())
            await until(lambda: house.parts.channels["wecom"].up)
            if settings.aibot is not None and transport == "websocket":
                await service.subscribed()
            yield Town(service, house)
        assert service.violations == []


def bind(tx: Tx, bound: Mapping[str, int]) -> None:
    """Accounts and whose they are."""
    for account, person_id in bound.items():
        tx.run(
            "INSERT INTO account (platform, account, person_id, valid_from_ms, bound_by)"
            " VALUES ('wecom', ?, ?, 0, 'import')",
            account, person_id,
        )  # fmt: skip


def enrol(tx: Tx, bound: Mapping[str, int]) -> None:
    """The bound accounts, and the reporters' group."""
    bind(tx, bound)
    tx.run(
        "INSERT INTO chat_group (platform, group_no, name, purpose, valid_from)"
        " VALUES ('wecom', ?, '信息报送群', '报送', '2026-01-01')",
        GROUP,
    )
