"""SIGKILL at twenty random instants, while people go on working: nothing acknowledged is lost, nothing is stored twice,
nothing is sent twice."""

from __future__ import annotations

import asyncio
import os
import random
from collections import Counter
from pathlib import Path

import pytest

from storage.outbox import Sending
from tests.peers.onebot import OneBotPeer

from . import roster
from .crowd import Crowd
from .evidence import Evidence, until
from .town import Town

pytestmark = [pytest.mark.blackbox, pytest.mark.slow]

KILLS = 20
GROUPS, MEMBERS = 4, 3
LONGEST_LIFE = 0.8
"""Seconds a bot works at most before it is killed."""
LONGEST_BIRTH = 1.2
"""Every fourth one is killed within so many seconds of its launch, ready or not."""


@pytest.fixture
def chance(capsys: pytest.CaptureFixture[str]) -> random.Random:
    """The run's randomness; KILL_SEED repeats a run."""
    seed = int(os.environ.get("KILL_SEED") or random.SystemRandom().randrange(1_000_000))
    with capsys.disabled():
        print(f" KILL_SEED={seed}", end=" ")
    return random.Random(seed)


async def test_twenty_kills_lose_nothing_acknowledged_and_double_nothing(tmp_path: Path, chance: random.Random) -> None:
    town = Town(tmp_path, roster.wide_world(GROUPS, MEMBERS))
    await town.settle(roster.wide(town.world))
    async with town.peer() as peer:
        crowd = Crowd(peer, chance)
        crowd.start()
        for number in range(KILLS):
            await live_and_die(town, chance, at_birth=number % 4 == 3)
        await town.bot.start()
        await crowd.go_home(seconds=30)
        await until(lambda: town.evidence().outbox().keys() <= {Sending.SENT, Sending.UNKNOWN})
        assert await town.bot.terminate() == 0
    evidence = town.evidence()
    evidence.check_laws()
    all_that_was_acknowledged_is_there(crowd, evidence)
    all_that_was_answered_is_there(peer, evidence)
    nothing_was_sent_twice(peer)
    assert len(crowd.received) > KILLS, "the bot lived long enough to work"
    assert len(crowd.adopted) > KILLS // 4


async def live_and_die(town: Town, chance: random.Random, *, at_birth: bool) -> None:
    """One life of the bot, ended by SIGKILL."""
    await town.bot.launch()
    if not at_birth:
        await town.bot.ready()
    await asyncio.sleep(chance.uniform(0, LONGEST_BIRTH if at_birth else LONGEST_LIFE))
    await town.bot.kill()


def all_that_was_acknowledged_is_there(crowd: Crowd, evidence: Evidence) -> None:
    stored: dict[str, str] = dict(evidence.rows("SELECT title, number FROM item"))
    assert crowd.received.items() <= stored.items()
    adopted = evidence.rows("SELECT i.number FROM fact f JOIN item i ON i.id = f.item_id WHERE f.kind = 'adoption'")
    assert crowd.adopted <= {number for (number,) in adopted}
    assert Counter(adopted).most_common(1)[0][1] == 1


def all_that_was_answered_is_there(peer: OneBotPeer, evidence: Evidence) -> None:
    answered = {heard.quote_of for heard in peer.heard if heard.quote_of is not None}
    assert answered <= evidence.message_ids()


def nothing_was_sent_twice(peer: OneBotPeer) -> None:
    """Stricter than it must be: not even after an unknown end does anybody see the same message again."""
    seen = Counter((heard.target, heard.quote_of, heard.text) for heard in peer.heard)
    twice = [message for message, times in seen.items() if times > 1]
    assert not twice, twice[:3]
