"""An answer that was stored but not said when the program ended: after the next start it goes the way it would have."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.courier import Courier
from tests.bot.harness import Served, served, until
from tests.bot.workchat_town import BOUND, GROUP, Transport, enrol, section
from tests.peers.process import free_port
from tests.peers.wecom import Heard, Spoken, WeComService, World
from tests.peers.wecom.faults import refusing

# NoneBot's httpx driver hands cookies over in a way httpx means to give up.
pytestmark = pytest.mark.filterwarnings("ignore:Setting per-request cookies:DeprecationWarning")

ITEM = "报送 云山县春耕备耕进展顺利\n截至3月10日，全县已备足化肥农药，完成春耕整地八成。"


@dataclass(frozen=True)
class Street:
    """The service, which stays, and the house, which is started in it as often as one likes."""

    service: WeComService
    transport: Transport
    folder: Path
    monkeypatch: pytest.MonkeyPatch
    port: int

    @contextlib.asynccontextmanager
    async def house(self) -> AsyncIterator[Served]:
        settings = section(self.service, self.transport, webhooks=None)
        async with served(self.folder, self.monkeypatch, wecom=settings, port=self.port) as house:
            await until(lambda: house.parts.channels["wecom"].up)
            yield house

    async def say_and_stop(self) -> Spoken:
        """Somebody reports; the house stores the item and its answer, and ends before it is said."""
        with self.monkeypatch.context() as silent:
            silent.setattr(Courier, "wake", lambda *_: None)
            async with self.house() as house:
                await house.parts.store.run(enrol, BOUND)
                await house.parts.store.read(house.parts.directory.fill, house.clock.now().date())
                if self.transport == "websocket":
                    await self.service.subscribed()
                spoken = await self.service.say("zhangsan", ITEM, GROUP)
                await until(lambda: house.parts.gateway.handled["submit"] == 1)
        assert self.service.heard == []
        return spoken

    async def hears(self) -> Heard:
        async with self.house():
            return await self.service.group_hears(GROUP, "收到 2026-0001")


@contextlib.asynccontextmanager
async def street(folder: Path, monkeypatch: pytest.MonkeyPatch, transport: Transport) -> AsyncIterator[Street]:
    port, world = free_port(), World.small()
    world.bot.callback_url = (
        f"http://127.0.0.1:{port}/wecom/aibot/{world.bot.bot_id}" if transport == "callback" else None
    )
    async with WeComService(world) as service:
        yield Street(service, transport, folder, monkeypatch, port)
        assert service.violations == []


async def test_over_http_the_answer_is_said_at_the_address_that_came_with_the_message(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with street(tmp_path, monkeypatch, "callback") as it:
        spoken = await it.say_and_stop()
        heard = await it.hears()
        assert (heard.via, heard.answers) == ("aibot", spoken.message_id)


async def test_on_a_long_connection_the_answer_is_pushed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with street(tmp_path, monkeypatch, "websocket") as it:
        await it.say_and_stop()
        assert (await it.hears()).via == "aibot"
        assert it.service.calls_of("aibot_send_msg")


async def test_an_address_that_has_run_out_leaves_the_answer_in_the_list_of_what_was_not_sent(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with street(tmp_path, monkeypatch, "callback") as it:
        await it.say_and_stop()
        it.service.faults.next("aibot/response", refusing(60140))
        async with it.house() as house:
            await until(lambda: house.parts.courier.settled["wecom refused"] == 1)
        assert it.service.heard == []
