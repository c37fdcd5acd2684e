"""A city of two hundred units, each with a group of its own and two reporters, on QQ and WeChat Work at once.

Units 1 to 120 have their group on QQ, the others on WeChat Work: half of those are spoken to by the group's webhook,
half by the AI bot. Reporters are on either platform, some on both, some on none; one has left the company, and into
one group nothing leads any more.
"""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from domain.moment import ZONE
from tests.peers.onebot import OneBotPeer
from tests.peers.onebot import World as QQWorld
from tests.peers.process import free_port
from tests.peers.wecom import WeComService
from tests.peers.wecom import World as WorkWorld

from .clock import TownClock
from .roster import Row, Sheets
from .town import QUIET, TOKEN
from .wecom_town import WorkTown

MORNING = datetime(2026, 11, 23, 9, 41, tzinfo=ZONE)
"""A working day, in the hours in which one may speak."""

UNITS = range(1, 201)
ON_QQ = range(1, 121)
BY_WEBHOOK = range(121, 161)
NO_WAY_IN = 181
"""Its group has no webhook, and nobody there ever spoke to the AI bot."""
HAS_LEFT = 171
"""Its first reporter is no member of the company any more; the second is on QQ."""
FIRST_WITHOUT_ACCOUNT = (21, 151)
BOTH_WITHOUT_ACCOUNT = (22, 152)
FIRST_ON_BOTH = range(101, 121)

HEAD = "周科长"
HEAD_ON_QQ, HEAD_ON_WORK = 90001, "zhoukezhang"

PACE_MS = 15

_MORE = f"""
[onebot]
token = "{TOKEN}"
call_seconds = 1

[onebot.pace]
per_chat_ms = 0
all_ms = {PACE_MS}
all_burst = 1

[commissions]
stop_after = 30

[reminders]
enabled = false
{QUIET}"""
"""Faults and kills come thicker here than anywhere; whether pushing stops then is not the question."""


@dataclass(frozen=True, slots=True)
class Unit:
    """One unit; its people are called after its number."""

    number: int

    @property
    def name(self) -> str:
        return f"第{self.number}局"

    @property
    def on_qq(self) -> bool:
        return self.number in ON_QQ

    @property
    def qq_group(self) -> int:
        return 300_000 + self.number

    @property
    def work_group(self) -> str:
        return f"wrUnit{self.number}"

    @property
    def group(self) -> tuple[str, str]:
        """(platform, target) of its group."""
        return ("onebot", f"g:{self.qq_group}") if self.on_qq else ("wecom", f"g:{self.work_group}")

    @property
    def people(self) -> tuple[str, str]:
        return f"甲{self.number}", f"乙{self.number}"

    @property
    def qq(self) -> tuple[int, int]:
        """The QQ numbers its reporters would have."""
        return 1_000_000 + self.number, 2_000_000 + self.number

    @property
    def userid(self) -> tuple[str, str]:
        """The userids its reporters would have on WeChat Work."""
        return f"a{self.number}", f"b{self.number}"

    def accounts(self, second: int) -> list[tuple[str, str]]:
        """(platform, account) of the first (0) or the second (1) reporter, in the order they are bound."""
        if self.number in BOTH_WITHOUT_ACCOUNT or (self.number in FIRST_WITHOUT_ACCOUNT and not second):
            return []
        qq, work = ("onebot", str(self.qq[second])), ("wecom", self.userid[second])
        if second:
            return [qq] if self.number <= 60 or self.number > 160 else [work]
        return [qq, work] if self.number in FIRST_ON_BOTH else [qq] if self.on_qq else [work]


CITY = {number: Unit(number) for number in UNITS}


def sheets() -> Sheets:
    """The roster an office would import: a group serves one unit."""
    office = "市政府办公室"
    people: list[Row] = [(HEAD, office, "信息科长", "")]
    accounts: list[Row] = [(HEAD, office, "onebot", str(HEAD_ON_QQ)), (HEAD, office, "wecom", HEAD_ON_WORK)]
    for unit in CITY.values():
        for second, role in enumerate(("信息员", "信息员B角")):
            people.append((unit.people[second], unit.name, role, ""))
            accounts += [(unit.people[second], unit.name, *found) for found in unit.accounts(second)]
    return Sheets(
        [(office, "市府办", "办公室", "", "", ""), *((one.name, "", "部门", "一类", "", "") for one in CITY.values())],
        people,
        accounts,
        [(one.group[0], one.group[1][2:], f"{one.name}工作群", "报送", one.name) for one in CITY.values()],
    )


def qq_world(clock: TownClock) -> QQWorld:
    """Everybody with a QQ number, and the groups of the units that are there."""
    world = QQWorld(clock=clock.now)
    world.add_person(HEAD_ON_QQ, HEAD)
    for unit in CITY.values():
        there = [n for n in (0, 1) if ("onebot", str(unit.qq[n])) in unit.accounts(n)]
        for second in there:
            world.add_person(unit.qq[second], unit.people[second])
        if unit.on_qq:
            world.add_group(unit.qq_group, f"{unit.name}工作群", {unit.qq[n]: unit.people[n] for n in there})
    return world


def work_world(port: int) -> WorkWorld:
    """Everybody with a userid but one, the groups of the units that are there, an app and an AI bot."""
    world = WorkWorld()
    app = world.add_app(1000002)
    app.callback_url = f"http://127.0.0.1:{port}/wecom/app/{world.corp_id}/{app.agent_id}"
    bot = world.add_bot("信息报送")
    world.add_member(HEAD_ON_WORK, HEAD)
    for unit in CITY.values():
        there = [n for n in (0, 1) if ("wecom", unit.userid[n]) in unit.accounts(n)]
        there = [n for n in there if (unit.number, n) != (HAS_LEFT, 0)]
        for second in there:
            world.add_member(unit.userid[second], unit.people[second])
        if not unit.on_qq:
            world.add_group(unit.work_group, f"{unit.name}工作群", [unit.userid[n] for n in there], [bot.bot_id])
            _open_way(world, unit)
    return world


def _open_way(world: WorkWorld, unit: Unit) -> None:
    if unit.number in BY_WEBHOOK:
        world.add_webhook(unit.work_group)
    elif unit.number != NO_WAY_IN:
        world.bot.met.add(("group", unit.work_group))


@dataclass
class TwoWorlds:
    """The running city: the bot's process and both platforms around it."""

    town: WorkTown
    qq: OneBotPeer

    @property
    def work(self) -> WeComService:
        return self.town.service

    async def comes_back(self, later: timedelta = timedelta()) -> None:
        """The bot is started again, so much later, and both platforms find it."""
        self.town.clock.put_to(self.town.clock.now() + later)
        self.town.bot.command = self.town.command
        await self.town.starts()
        await self.qq.connected()

    async def head_says(self, words: str) -> str:
        """What the head of the office writes on QQ, and the answer."""
        return (await self.qq.answer_to(await self.qq.say(HEAD_ON_QQ, words))).text


@contextlib.asynccontextmanager
async def two_worlds(folder: Path) -> AsyncIterator[TwoWorlds]:
    """Both platforms run inside, the roster is imported, and the bot works."""
    port, clock = free_port(), TownClock(MORNING)
    async with WeComService(work_world(port)) as service:
        town = WorkTown(folder, service, port, "websocket", clock, _MORE)
        town.bot.env = _environment(service.world)
        imported = await town.settle(sheets())
        assert imported.status == 0, imported.out + imported.err
        qq = OneBotPeer.reverse(qq_world(clock), port=port, token=TOKEN, reconnect_after=0.05)
        async with town.bot, qq:
            await qq.connected()
            await service.subscribed()
            yield TwoWorlds(town, qq)
        assert service.violations == []
        assert service.dropped == []


def _environment(world: WorkWorld) -> dict[str, str]:
    hooks = ",".join(_hooks(world))
    return {
        "BAOSONG_WECOM__PACE__ALL_MS": str(PACE_MS),
        "BAOSONG_WECOM__PACE__ALL_BURST": "1",
        "BAOSONG_WECOM__WEBHOOKS": hooks,
    }


def _hooks(world: WorkWorld) -> Iterable[str]:
    return (f"{hook.chatid}={key}" for key, hook in world.webhooks.items())
