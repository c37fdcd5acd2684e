"""The small city on WeChat Work: the real process, and beside it the service with the city's people in it."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Literal

from tests.peers.process import BotProcess, CliResult, free_port, run_cli
from tests.peers.wecom import Heard, WeComService, World
from tests.support import city

from .clock import TownClock
from .evidence import Evidence
from .roster import Sheets, small
from .town import TOKEN

GROUP, OFFICE = "wrReporters", "wrOffice"
Transport = Literal["websocket", "callback"]

USERIDS = {
    "周科长": "zhoukezhang",
    "吴科员": "wukeyuan",
    "张三": "zhangsan",
    "王五": "wangwu",
    "赵六": "zhaoliu",
    "孙七": "sunqi",
    "钱八": "qianba",
}

_CONFIG = """\
[server]
host = "127.0.0.1"
port = {port}
stop_seconds = 10

[storage]
url = "sqlite:data/baosong.db"

[wecom]
corp_id = "{world.corp_id}"
api_base = "{service.api_base}"
ws_url = "{service.ws_url}"

[wecom.app]
agent_id = {app.agent_id}
secret = "{app.secret}"
token = "{app.seal.token}"
encoding_aes_key = "{app.seal.encoding_aes_key}"

[wecom.aibot]
bot_id = "{bot.bot_id}"
name = "{bot.name}"
transport = "{transport}"
secret = "{bot.secret}"
token = "{bot.seal.token}"
encoding_aes_key = "{bot.seal.encoding_aes_key}"

[wecom.pace]
per_chat_ms = 0
all_ms = 0
"""

ONEBOT = f"""
[onebot]
token = "{TOKEN}"

[onebot.pace]
per_chat_ms = 0
all_ms = 0
"""


def sheets(*, on_qq: tuple[str, ...] = (), without_account: tuple[str, ...] = ()) -> Sheets:
    """The small city's roster with its accounts on WeChat Work; those `on_qq` keep their QQ number beside."""
    known = small()
    unit_of = {name: row[1] for name, row in zip(city.PEOPLE, known.people, strict=True)}
    on_work = [
        (name, unit_of[name], "企业微信", userid) for name, userid in USERIDS.items() if name not in without_account
    ]
    on_both = [row for row in known.accounts if row[0] in on_qq]
    groups = [("企业微信", GROUP, "全市政务信息群", "报送"), *(known.groups if on_qq else [])]
    return Sheets(known.units, known.people, [*on_both, *on_work], groups)


def work_world(port: int, transport: Transport) -> World:
    """Everybody in the reporters' group, the office in its own too; one of each identity."""
    world = World()
    for name, userid in USERIDS.items():
        world.add_member(userid, name)
    world.add_member("luguo", "路过")
    app = world.add_app(1000002)
    app.callback_url = f"http://127.0.0.1:{port}/wecom/app/{world.corp_id}/{app.agent_id}"
    bot = world.add_bot("信息报送")
    if transport == "callback":
        bot.callback_url = f"http://127.0.0.1:{port}/wecom/aibot/{bot.bot_id}"
    world.add_group(GROUP, "全市政务信息群", [*USERIDS.values(), "luguo"], [bot.bot_id])
    world.add_group(OFFICE, "信息科", ["zhoukezhang", "wukeyuan"], [bot.bot_id])
    world.add_webhook(GROUP)
    return world


@dataclass
class WorkTown:
    """Where a test plays."""

    folder: Path
    service: WeComService
    port: int
    transport: Transport
    clock: TownClock
    more: str = ""
    bot: BotProcess = field(init=False)

    def __post_init__(self) -> None:
        world = self.service.world
        self.config = self.folder / "config.toml"
        words = _CONFIG.format(
            port=self.port, world=world, service=self.service, app=world.app, bot=world.bot, transport=self.transport
        )
        self.config.write_text(words + self.more, encoding="utf-8")
        self.bot = BotProcess(self.config, self.port, self.folder / "bot.log", command=self.command)

    @property
    def command(self) -> tuple[str, ...]:
        return (sys.executable, "-m", "tests.blackbox.bot_at", str(self.clock.shift.total_seconds()))

    async def settle(self, roster: Sheets) -> CliResult:
        """Import the roster the way an office does."""
        workbook = self.folder / "roster.xlsx"
        roster.write(workbook)
        return await self.cli("import", str(workbook), "--apply")

    async def cli(self, *arguments: str) -> CliResult:
        """Run `baosong ARGUMENTS` to its end."""
        return await run_cli(self.config, *arguments, command=self.command)

    def evidence(self) -> Evidence:
        return Evidence(self.folder / "data" / "baosong.db")

    async def starts(self) -> None:
        await self.bot.start()
        if self.transport == "websocket":
            await self.service.subscribed()

    async def goes_on_at(self, moment: datetime) -> None:
        """The bot is stopped, the clock put to the moment, the bot started again."""
        if self.bot.running():
            assert await self.bot.terminate() == 0
            await self._vacant()
        self.clock.put_to(moment)
        self.bot.command = self.command
        await self.starts()

    async def _vacant(self) -> None:
        if self.transport == "websocket":
            await self.service.vacant()

    async def restart(self) -> None:
        assert await self.bot.terminate() == 0
        await self._vacant()
        await self.starts()

    async def privately(self, who: str, text: str, answer: str) -> Heard:
        """Somebody writes to the app; what the app says in return."""
        since, user = self.service.mark(), USERIDS.get(who, who)
        await self.service.say(user, text, to=self.service.world.app)
        return await self.service.private_to(user, answer, since=since, via="app")

    async def in_group(self, who: str, text: str, group: str = GROUP) -> Heard:
        """Somebody mentions the AI bot in a group; its answer there."""
        spoken = await self.service.say(USERIDS.get(who, who), text, group)
        return await self.service.answer_to(spoken)

    async def told(self, who: str, containing: str) -> Heard:
        return await self.service.private_to(USERIDS.get(who, who), containing)


@contextlib.asynccontextmanager
async def work_town(
    folder: Path, transport: Transport, moment: datetime | None = None, more: str = ""
) -> AsyncIterator[WorkTown]:
    """The service runs inside; the bot does not yet, and is ended after."""
    port = free_port()
    async with WeComService(work_world(port, transport)) as service:
        town = WorkTown(folder, service, port, transport, TownClock(moment), more)
        try:
            yield town
        finally:
            if town.bot.running():
                await town.bot.terminate()
        assert service.violations == []
        assert service.dropped == []
