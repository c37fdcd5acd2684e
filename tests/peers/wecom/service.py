"""The whole service: used as `async with WeComService(World.small()) as service`."""

from __future__ import annotations

import asyncio

from .ear import Heard, Predicate, Via
from .people import People
from .sayings import Spoken
from .world import Chat


class WeComService(People):
    """People, machine, and the waiting for what the bot tells them."""

    def heard_by(self, user: str) -> list[Heard]:
        """All this person can read of the bot: in private and in their groups, without what was recalled."""
        return [heard for heard in self.heard if user in self.world.present(heard.chat) and not heard.recalled]

    def heard_in(self, chat: str) -> list[Heard]:
        """All of the bot in one group."""
        return [heard for heard in self.heard if heard.chat == ("group", chat) and not heard.recalled]

    def mark(self) -> int:
        """A place in `heard`; what was heard before it can be left out with `since=`."""
        return len(self.heard)

    async def wait_for(self, predicate: Predicate, seconds: float = 10, *, since: int = 0) -> Heard:
        """The first message people saw (from `since` on) that fits; AssertionError when none comes."""
        return await self._core.ear.wait_for(predicate, seconds, since)

    async def answer_to(self, spoken: Spoken, seconds: float = 10, *, since: int = 0) -> Heard:
        """The AI bot's finished answer to this message."""
        return await self.wait_for(
            lambda heard: heard.answers == spoken.message_id and heard.finished, seconds, since=since
        )

    async def private_to(
        self,
        user: str,
        containing: str = "",
        seconds: float = 10,
        *,
        via: Via | None = None,
        since: int = 0,
    ) -> Heard:
        """A private message of the bot to this person, through any identity or a certain one."""
        return await self._told_in(("private", user), containing, seconds, via, since)

    async def group_hears(
        self,
        chat: str,
        containing: str = "",
        seconds: float = 10,
        *,
        via: Via | None = None,
        since: int = 0,
    ) -> Heard:
        """A message of the bot in this group."""
        return await self._told_in(("group", chat), containing, seconds, via, since)

    async def silence(self, seconds: float = 0.3) -> None:
        """Nobody sees anything new for so long. Keep it short."""
        before = self.mark()
        await asyncio.sleep(seconds)
        news = self.heard[before:]
        assert not news, f"expected silence, heard {news[0].text!r} in {news[0].chat}"

    async def _told_in(self, chat: Chat, containing: str, seconds: float, via: Via | None, since: int) -> Heard:
        def fits(heard: Heard) -> bool:
            return heard.chat == chat and containing in heard.text and via in (None, heard.via)

        return await self.wait_for(fits, seconds, since=since)
