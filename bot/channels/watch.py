"""Keeping an eye on the channels: says when one goes down or comes back, and catches up with what was said meanwhile.

OneBot endpoints do not keep events for a bot that is away (facts: §3.2), but groups have a history. What it shows is
fed through the same intake as live messages; the inbox key keeps out what was here already. Messages from before the
channel was last heard are left alone, and so is everything from before the very first connection.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Mapping

from bot.channels import texts
from bot.channels.base import Channel, Intake, Remembering, parts_of, trouble_of
from domain.moment import Clock, to_ms
from scheduler.alarm import alarm
from services.office import Office
from storage import presence, roster
from storage.engine import Store, StoreFault, Tx

logger = logging.getLogger("baosong.channels")

LOOK_SECONDS = 1.0
NOTE_SECONDS = 30.0
CLOCKS_APART_MS = 60_000
SILENT_PURPOSE = "通知"


class Watch:
    """Runs until closed."""

    def __init__(
        self, store: Store, clock: Clock, channels: Mapping[str, Channel], intake: Intake, office: Office
    ) -> None:
        self._store = store
        self._clock = clock
        self._channels = channels
        self._intake = intake
        self._office = office
        self._trouble: dict[str, str] = {}
        self._stuck: set[tuple[str, str]] = set()
        self._noted_ms: dict[str, int] = {}
        self._task: asyncio.Task[None] | None = None
        self.caught_up = 0
        """How many messages came out of histories, for the metrics."""

    async def start(self) -> None:
        """Begin where the last run of this program stopped listening."""
        for name, channel in self._channels.items():
            if isinstance(channel, Remembering):
                channel.resume_from(await self._store.read(presence.last_heard, name))
        self._task = asyncio.create_task(self._run(), name="channel watch")

    async def close(self) -> None:
        """Stop, and note when each channel was last heard."""
        if self._task is None:
            return
        self._task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self._task
        with contextlib.suppress(StoreFault):
            await self._note_heard(0)

    async def _run(self) -> None:
        while True:
            try:
                await self.look()
            except StoreFault as fault:
                logger.error("the channels' state was not written: %s", fault)
            await asyncio.sleep(LOOK_SECONDS)

    async def look(self) -> None:
        """One round: tell of changes, catch up with silences that have ended, note who was heard."""
        for name, channel in self._channels.items():
            self._tell(name, trouble_of(channel))
            await self._look_at_parts(name, channel)
            if isinstance(channel, Remembering) and channel.up:
                gap = channel.take_gap()
                if gap:
                    await self._catch_up(name, channel, gap)
        await self._note_heard(int(NOTE_SECONDS * 1000))

    def _tell(self, name: str, trouble: str) -> None:
        before = self._trouble.get(name, "")
        self._trouble[name] = trouble
        if trouble and not before:
            logger.warning("channel %s is down: %s", name, trouble)
        elif before and not trouble:
            logger.info("channel %s is up", name)

    async def _look_at_parts(self, name: str, channel: Channel) -> None:
        """An identity that does not come back by itself is an alarm, once each time it gets stuck."""
        for identity, part in parts_of(channel).items():
            if not part.stuck:
                self._stuck.discard((name, identity))
            elif (name, identity) not in self._stuck:
                await self._store.run(self._alarm, name, identity, part.trouble)
                self._stuck.add((name, identity))

    def _alarm(self, tx: Tx, name: str, identity: str, trouble: str) -> int:
        """Told on another platform if there is one; else the channel finds another of its identities."""
        now = self._clock.now()
        others = [other for other, channel in self._channels.items() if other != name and channel.up]
        text = texts.STUCK.format(channel=identity, trouble=trouble)
        dedup = f"stuck:{name}:{identity}:{to_ms(now)}"
        return alarm(tx, self._office, text, dedup=dedup, now=now, prefer=(others or [name])[0])

    async def _catch_up(self, platform: str, channel: Remembering, since_ms: int) -> None:
        found = 0
        for group in await self._store.read(self._groups, platform):
            for incoming in await channel.history(group, since_ms - CLOCKS_APART_MS):
                await self._intake.room()
                self._intake.accept(incoming)
                found += 1
        self.caught_up += found
        logger.info("channel %s: %d messages of the groups' histories were looked at", platform, found)

    def _groups(self, tx: Tx, platform: str) -> list[str]:
        groups = roster.groups(tx, self._clock.now().date())
        return [g.group_no for g in groups if g.platform == platform and g.purpose != SILENT_PURPOSE]

    async def _note_heard(self, at_least_ms: int) -> None:
        for name, channel in self._channels.items():
            heard = channel.heard_ms if isinstance(channel, Remembering) else 0
            if heard > self._noted_ms.get(name, 0) + at_least_ms:
                await self._store.run(presence.note_heard, name, heard)
                self._noted_ms[name] = heard
