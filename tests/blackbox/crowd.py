"""People who go on working whatever happens to the bot: reporters send items, the office adopts them, and each says
again what got no answer, as people do."""

from __future__ import annotations

import asyncio
import random
import re
from collections.abc import Callable
from contextlib import suppress

from tests.peers.onebot import Heard, OneBotPeer

from .roster import account

PATIENCE = 0.5
"""Seconds after which somebody who got no answer says it again, and so long a dead line keeps people from talking."""

REPEATED = 0.2
"""So often the platform delivers once more what it has delivered already."""

_NUMBER = re.compile(r"\d{4}-\d{4}")


class Crowd:
    """`received`: titles whose receipt was heard, with the number it gave; `adopted`: numbers whose adoption was."""

    def __init__(self, peer: OneBotPeer, chance: random.Random) -> None:
        self.received: dict[str, str] = {}
        self.adopted: set[str] = set()
        self._peer = peer
        self._chance = chance
        self._home = asyncio.Event()
        self._to_adopt: asyncio.Queue[str] = asyncio.Queue()
        self._work: list[asyncio.Task[None]] = []

    def start(self) -> None:
        """Everybody begins to work."""
        for group in self._peer.world.groups.values():
            for member in group.members:
                if member != self._peer.world.self_id:
                    self._work.append(asyncio.create_task(self._reports(member, group.group_id)))
        self._work.append(asyncio.create_task(self._adopts(account("周科长"))))

    async def go_home(self, seconds: float) -> None:
        """Nobody begins anything new; everybody still waits for the answer to what they said last."""
        self._home.set()
        async with asyncio.timeout(seconds):
            await asyncio.gather(*self._work)

    async def _reports(self, member: int, group: int) -> None:
        name, number = self._peer.world.nickname_of(member), 0
        while not self._home.is_set():
            number += 1
            title = f"{name}第{number}号情况"
            receipt = await self._until_answered(member, f"/报送 {title}\n{title}的正文。", group)
            assert f"《{title}》" in receipt.text, receipt.text
            self.received[title] = _number_in(receipt)
            self._to_adopt.put_nowait(self.received[title])

    async def _adopts(self, clerk: int) -> None:
        issue = 0
        while not self._home.is_set():
            with suppress(TimeoutError):
                number = await asyncio.wait_for(self._to_adopt.get(), 0.1)
                issue += 1
                answer = await self._until_answered(clerk, f"/采用 {number} 每日要情 {issue}", None)
                assert _number_in(answer) == number, answer.text
                self.adopted.add(number)

    async def _until_answered(self, who: int, text: str, group: int | None) -> Heard:
        """Say it, and again, until the bot answers one of the messages."""
        said: list[int] = []
        while True:
            with suppress(TimeoutError):
                await self._peer.connected(PATIENCE)
            said.append(await self._peer.say(who, text, group))
            if self._chance.random() < REPEATED:
                await self._peer.repeat(said[-1])
            with suppress(AssertionError):
                return await self._peer.wait_for(_answers(said), PATIENCE)


def _answers(said: list[int]) -> Callable[[Heard], bool]:
    return lambda heard: heard.quote_of in said


def _number_in(answer: Heard) -> str:
    found = _NUMBER.search(answer.text)
    assert found is not None, answer.text
    return found[0]
