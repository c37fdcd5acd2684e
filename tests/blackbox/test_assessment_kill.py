"""SIGKILL at random instants while a bulletin is drafted, signed and published: nobody gets a part twice, everybody is
in the list with what became of it, and the frozen board is the one that was signed."""

from __future__ import annotations

import asyncio
import os
import random
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import pytest

from storage.outbox import Sending
from tests.peers.onebot import ANSWER_LOST, FAILED, OneBotPeer, Script, World

from . import roster
from .assessment_evidence import check_list, frozen_hash, list_of, parts_seen
from .assessment_office import FIRST_WORKING_DAY, NOVEMBER
from .clock import TownClock
from .evidence import until
from .roster import account
from .town import QUIET, Town

pytestmark = [pytest.mark.blackbox, pytest.mark.slow]

GROUPS, MEMBERS = 6, 2
KILLS = 3
"""So many while it is signed, and as many while it is published."""
HEAD = account("周科长")
SHEET = "2026年11月通报送达情况.xlsx"
REFUSED = Script(carried_out=False, retcode=1404)


@pytest.fixture
def chance(capsys: pytest.CaptureFixture[str]) -> random.Random:
    """The run's randomness; ASSESSMENT_SEED repeats a run."""
    seed = int(os.environ.get("ASSESSMENT_SEED") or random.SystemRandom().randrange(1_000_000))
    with capsys.disabled():
        print(f" ASSESSMENT_SEED={seed}", end=" ")
    return random.Random(seed)


async def test_a_bulletin_that_is_killed_again_and_again_reaches_everybody_at_most_once(
    tmp_path: Path, chance: random.Random
) -> None:
    town = _wide_town(tmp_path)
    await town.settle(roster.wide(town.world))
    async with town.peer() as peer, _stopped_at_the_end(town):
        await november_is_reported(town, peer)
        await it_is_killed_while_it_is_drafted_and_signed(town, peer, chance)
        kept = frozen_hash(town.evidence())
        await it_is_killed_while_it_is_published(town, peer, chance)
        await until(lambda: not _waiting(town), seconds=30)
        listed = list_of(await _list(peer))
        ended = check_list(listed, _chats(town.world), parts_seen(peer.heard))
        assert await town.bot.terminate() == 0
    assert {line.name for line in listed} == _chats(town.world).keys()
    assert ended.total() == GROUPS * 3 + GROUPS * MEMBERS * 2 + 4, "text, board, trend; text and PDF; four to the head"
    assert ended["已送达"] > ended.total() // 2
    assert frozen_hash(town.evidence()) == kept
    town.evidence().check_laws()


@asynccontextmanager
async def _stopped_at_the_end(town: Town) -> AsyncIterator[None]:
    """No bot is left behind, also when the test fails."""
    try:
        yield
    finally:
        if town.bot.running():
            await town.bot.kill()


def _wide_town(folder: Path) -> Town:
    """Every reporter is on the leaders' list, so that there is much to send; the units are not asked, so that the
    month can be signed as soon as it is drafted."""
    clock, world = TownClock(NOVEMBER), roster.wide_world(GROUPS, MEMBERS)
    world.clock = clock.now
    leaders = ", ".join(f'"{name}"' for name, _ in _leaders(world))
    settings = f"""
[bulletin]
objection_days = 0
leaders = [{leaders}]
signer = "云山市人民政府办公室"
{QUIET}"""
    town = Town(folder, world, clock, more_config=settings, call_seconds=0.5)
    town.bot.env = {"BAOSONG_ONEBOT__PACE__ALL_MS": "30", "BAOSONG_ONEBOT__PACE__ALL_BURST": "1"}
    return town


def _leaders(world: World) -> Iterator[tuple[str, str]]:
    """(name, chat) of everybody in the groups."""
    for group in world.groups.values():
        for member in group.members:
            if member != world.self_id:
                yield world.nickname_of(member), f"p:{member}"


def _chats(world: World) -> dict[str, str]:
    """The chat of every name on the list."""
    found = {group.name: f"g:{number}" for number, group in world.groups.items()}
    for at, (name, chat) in enumerate(_leaders(world)):
        found[f"第{at // MEMBERS + 1}局 {name}"] = chat
    return found | {"市府办 周科长": f"p:{HEAD}"}


async def november_is_reported(town: Town, peer: OneBotPeer) -> None:
    await town.bot.start()
    await peer.connected()
    for number, group in enumerate(town.world.groups.values(), 1):
        reporter = next(member for member in group.members if member != town.world.self_id)
        said = await peer.say(reporter, f"/报送 第{number}局的情况\n第{number}局的正文。", group.group_id)
        await peer.answer_to(said)
    for number in (1, 2):
        assert "已采用" in (await peer.answer_to(await peer.say(HEAD, f"/采用 {number} 每日要情 {number}"))).text
    assert await town.bot.terminate() == 0
    town.put_clock(FIRST_WORKING_DAY)


async def it_is_killed_while_it_is_drafted_and_signed(town: Town, peer: OneBotPeer, chance: random.Random) -> None:
    """The head says it to every bot that lives, until it is signed."""
    for _ in range(KILLS):
        await town.bot.launch()
        await asyncio.sleep(chance.uniform(0.5, 2))
        if town.bot.running():
            await town.bot.kill()
    while not _is_signed(town):
        await town.bot.start()
        await peer.connected()
        await peer.say(HEAD, "/通报 签发 11月")
        await asyncio.sleep(chance.uniform(0, 0.4))
        await town.bot.kill()


async def it_is_killed_while_it_is_published(town: Town, peer: OneBotPeer, chance: random.Random) -> None:
    for one in chance.sample([ANSWER_LOST, FAILED, REFUSED, REFUSED, *[Script()] * 20], 24):
        peer.faults.next("send", one)
    for instant in sorted(chance.sample(range(1, 40), KILLS)):
        await town.bot.start()
        with suppress(AssertionError):
            await so_many_parts_are_seen(peer, instant)
        await asyncio.sleep(chance.uniform(0, 0.05))
        await town.bot.kill()
    await town.bot.start()
    await peer.connected()


async def so_many_parts_are_seen(peer: OneBotPeer, count: int) -> None:
    await until(lambda: parts_seen(peer.heard).total() >= count, seconds=5)


def _is_signed(town: Town) -> bool:
    return bool(town.evidence().rows("SELECT 1 FROM bulletin WHERE signed_ms > 0"))


def _waiting(town: Town) -> bool:
    return bool(town.evidence().outbox().keys() & {Sending.PENDING, Sending.SENDING})


async def _list(peer: OneBotPeer) -> bytes:
    await peer.say(HEAD, "/通报 送达 11月 表格")
    return (await peer.wait_for(lambda one: SHEET in one.files)).files[SHEET]
