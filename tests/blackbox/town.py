"""A town for a black-box test: a folder with config.toml and a database, the bot's process, the endpoint's peer."""

from __future__ import annotations

import contextlib
import json
import shutil
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from tests.peers.onebot import OneBotPeer, World
from tests.peers.process import BotProcess, CliResult, free_port, run_cli

from .clock import TownClock
from .evidence import Evidence
from .roster import Sheets, small_world

TOKEN = "gateway-token"

_CONFIG = """\
[server]
host = "127.0.0.1"
port = {port}
stop_seconds = 10

[storage]
url = "sqlite:data/baosong.db"

[onebot]
token = "{token}"
call_seconds = {call_seconds}
fetch_seconds = 1

[onebot.pace]
per_chat_ms = 0
all_ms = 0
"""

QUIET = """
[scoreboard]
enabled = false

[nudges]
enabled = false
"""
"""For tests that are not about the clock and must not depend on the day they run."""


@dataclass
class Town:
    """Where a test plays. `call_seconds`: after so long without an answer the bot gives a call up."""

    folder: Path
    world: World
    clock: TownClock = field(default_factory=TownClock)
    more_config: str = QUIET
    call_seconds: float = 15
    port: int = field(default_factory=free_port)

    def __post_init__(self) -> None:
        self.config = self.folder / "config.toml"
        self.database = self.folder / "data" / "baosong.db"
        words = _CONFIG.format(port=self.port, token=TOKEN, call_seconds=self.call_seconds)
        self.config.write_text(words + self.more_config, encoding="utf-8")
        self.bot = BotProcess(self.config, self.port, self.folder / "bot.log", command=self.command)

    @property
    def command(self) -> tuple[str, ...]:
        """The program: the bot itself, or the bot with its clock moved."""
        if not self.clock.shift:
            return (sys.executable, "-m", "bot")
        return (sys.executable, "-m", "tests.blackbox.bot_at", str(self.clock.shift.total_seconds()))

    def put_clock(self, moment: datetime) -> None:
        """From the bot's next start on it is this moment, and time runs on from there."""
        self.clock.put_to(moment)
        self.bot.command = self.command

    async def cli(self, *arguments: str) -> CliResult:
        """Run `baosong ARGUMENTS` to its end."""
        return await run_cli(self.config, *arguments, command=self.command)

    async def settle(self, sheets: Sheets) -> None:
        """Import a roster the way an office does."""
        workbook = self.folder / "roster.xlsx"
        sheets.write(workbook)
        result = await self.cli("import", str(workbook), "--apply")
        assert result.status == 0, result.out + result.err

    def settle_from(self, database: Path) -> None:
        """Begin with a copy of another town's closed database."""
        self.database.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(database, self.database)

    def peer(self) -> OneBotPeer:
        """The endpoint, which comes back by itself whenever the bot is there."""
        return OneBotPeer.reverse(self.world, port=self.port, token=TOKEN, reconnect_after=0.05)

    def evidence(self) -> Evidence:
        """What the database says now."""
        return Evidence(self.database)

    @contextlib.asynccontextmanager
    async def open(self) -> AsyncIterator[OneBotPeer]:
        """The bot runs and the peer is connected inside."""
        async with self.bot, self.peer() as peer:
            await peer.connected()
            yield peer


def small_town(folder: Path, roster: Path, *, call_seconds: float = 15) -> Town:
    """The small city with everybody bound already."""
    town = Town(folder, small_world(), call_seconds=call_seconds)
    town.settle_from(roster)
    return town


def spelled(text: str) -> list[bytes]:
    """A text in every spelling in which it could stand in a file."""
    escaped = json.dumps(text).strip('"')
    return [text.encode("utf-8"), text.encode("gb18030"), text.encode("utf-16-le"), escaped.encode("ascii")]
