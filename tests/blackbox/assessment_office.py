"""The small city as an office assesses it: the settings of its bulletin, its clock, and how people talk to the bot."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from domain.moment import ZONE
from tests.peers.onebot import Heard, OneBotPeer
from tests.peers.process import CliResult

from .clock import TownClock
from .roster import account, small_world
from .town import QUIET, Town

NOVEMBER = datetime(2026, 11, 23, 9, 41, tzinfo=ZONE)
FIRST_WORKING_DAY = datetime(2026, 12, 1, 9, 9, 57, tzinfo=ZONE)
"""Three seconds before the clock drafts the bulletin."""
AFTER_CHECKING = datetime(2026, 12, 4, 9, 10, tzinfo=ZONE)
"""The units could object until the end of work of the day before."""

SETTINGS = f"""
[bulletin]
leaders = ["李副", "郑保密", "何市长"]
number = "云政办通报〔{{year}}〕{{n}}号"
signer = "云山市人民政府办公室"
{QUIET}"""
"""李副 gets it as the leader of a unit too, 何市长 is in no roster."""


@dataclass
class Assessment:
    """The town with its endpoint; everything is said and heard over the wire."""

    town: Town
    peer: OneBotPeer

    async def says(self, who: str, text: str, group: int | None = None) -> str:
        """Somebody says something; the bot's answer that quotes it."""
        message = await self.peer.say(account(who), text, group)
        return (await self.peer.answer_to(message, seconds=20)).text

    async def told(self, who: str, containing: str) -> str:
        """What the bot told somebody in private."""
        return (await self.peer.private_to(account(who), containing, seconds=20)).text

    def received(self, who: str) -> dict[str, bytes]:
        """The files somebody was sent in private, by name."""
        return dict(file for heard in self.private(who) for file in heard.files.items())

    def private(self, who: str) -> list[Heard]:
        """All that somebody was told in private."""
        return [heard for heard in self.peer.heard if (heard.chat, heard.target) == ("private", account(who))]

    async def measure(self, *words: str, text: str, name: str = "办法") -> CliResult:
        """Run `baosong WORDS FILE` with a measure in a file of that name."""
        path = self.town.folder / f"{name}.toml"
        path.write_text(text, encoding="utf-8")
        return await self.town.cli(*words, str(path))

    def pictures(self) -> list[bytes]:
        """Those the groups were sent, in their order."""
        return [png for heard in self.peer.heard if heard.chat == "group" for png in heard.images]

    async def goes_on_at(self, moment: datetime) -> None:
        """The bot is stopped, the clock put to the moment, the bot started again."""
        assert await self.town.bot.terminate() == 0
        self.town.put_clock(moment)
        await self.town.bot.start()
        await self.peer.connected()


def town_of(folder: Path, imported: Path, settings: str = SETTINGS) -> Town:
    """The small city in November, everybody bound; the bot is not started yet."""
    clock = TownClock(NOVEMBER)
    town = Town(folder, small_world(clock), clock, more_config=settings, call_seconds=2)
    town.settle_from(imported)
    return town
