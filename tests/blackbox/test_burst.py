"""Everybody at once: 5,000 messages over 50 groups, and a stop in the middle of it."""

from __future__ import annotations

import asyncio
import functools
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import pytest
import pytest_asyncio

from storage.outbox import Sending
from tests.peers.onebot import OneBotPeer

from . import roster
from .evidence import until
from .town import Town

pytestmark = pytest.mark.blackbox

GROUPS, MEMBERS, MESSAGES = 50, 10, 5_000
MEGABYTES = 250
CHATTER = (
    "收到",
    "好的，大家辛苦了！",
    "@全体成员 明天下午三点开会",
    "[图片]",
    "/\\",
    "【通知】请报送信息",
    "？",
)


def is_report(number: int) -> bool:
    """In every other round of all groups, everybody reports; in between they chat."""
    return number // GROUPS % 2 == 0


def words(number: int) -> str:
    if is_report(number):
        return f"/报送 第{number}号情况\n正文第{number}号，不与别的相同。"
    return CHATTER[number % len(CHATTER)]


def words_from(first: int, place: int) -> str:
    return words(first + place)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def wide_roster(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The database after importing 50 units with their groups and reporters."""
    world = roster.wide_world(GROUPS, MEMBERS)
    town = Town(tmp_path_factory.mktemp("wide"), world)
    await town.settle(roster.wide(world))
    return town.database


@pytest.fixture
def town(tmp_path: Path, wide_roster: Path) -> Town:
    town = Town(tmp_path, roster.wide_world(GROUPS, MEMBERS))
    town.settle_from(wide_roster)
    return town


def peak_megabytes(pid: int) -> float:
    """The most memory a process ever had in its hands."""
    status = Path(f"/proc/{pid}/status").read_text()
    [line] = [line for line in status.splitlines() if line.startswith("VmHWM:")]
    return int(line.split()[1]) / 1024


def answered_in(peer: OneBotPeer, group: int) -> list[int | None]:
    """The messages the bot quoted in a group, in the order in which it answered."""
    return [heard.quote_of for heard in peer.heard if heard.target == group]


def reports_in(group_place: int, ids: Sequence[int]) -> list[int]:
    """The ids of all reports said in the group, in order."""
    return [ids[number] for number in range(group_place, len(ids), GROUPS) if is_report(number)]


@pytest.mark.slow
async def test_in_a_burst_every_report_is_answered_once_in_the_order_of_its_group(town: Town) -> None:
    groups = sorted(town.world.groups)
    async with town.open() as peer:
        ids = await peer.burst(MESSAGES, groups, words)
        expected = sum(map(is_report, range(MESSAGES)))
        await until(lambda: len(peer.heard) >= expected, seconds=60)
        await until(lambda: town.evidence().outbox() == {Sending.SENT: expected}, seconds=30)
        assert peak_megabytes(town.bot.pid) < MEGABYTES
    for place, group in enumerate(groups):
        assert answered_in(peer, group) == reports_in(place, ids)
    assert sorted(town.evidence().titles()) == sorted(
        f"第{number}号情况" for number in range(MESSAGES) if is_report(number)
    )
    town.evidence().check_laws()


async def keep_talking(peer: OneBotPeer, stopped: asyncio.Event) -> list[int]:
    """One message after the other in every group until told to stop; the ids of the reports among them."""
    reports: list[int] = []
    groups = sorted(peer.world.groups)
    said = 0
    while not stopped.is_set():
        ids = await peer.burst(GROUPS, groups, functools.partial(words_from, said))
        reports += ids if is_report(said) else []
        said += GROUPS
        await asyncio.sleep(0.1)
    return reports


async def test_a_stop_while_everybody_talks_loses_nothing_that_was_taken_in(town: Town) -> None:
    stopped = asyncio.Event()
    async with town.bot, town.peer() as peer:
        await peer.connected()
        peer.faults.delay = 0.5
        talking = asyncio.create_task(keep_talking(peer, stopped))
        await until(lambda: len(peer.heard) >= 100)
        assert await town.bot.terminate() == 0
        stopped.set()
        reports = set(await talking)
        taken_in = reports & town.evidence().message_ids()
        assert {heard.quote_of for heard in peer.heard} < taken_in, "some receipts are still to come"

        peer.faults.delay = 0
        await town.bot.start()
        await peer.connected()
        await until(lambda: len(peer.heard) >= len(taken_in), seconds=30)
        assert reports - taken_in, "somebody spoke after the stop, and can say it again"
        for message in reports - taken_in:
            await peer.repeat(message)
        await until(lambda: len(peer.heard) >= len(reports), seconds=30)
        await until(lambda: town.evidence().outbox() == {Sending.SENT: len(reports)}, seconds=30)
    assert Counter(heard.quote_of for heard in peer.heard) == Counter(reports)
    town.evidence().check_laws()
