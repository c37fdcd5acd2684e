"""Moving the city's time on: what falls due on the way is done, and said, at its own moment."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import datetime
from typing import Protocol

from domain.moment import from_ms, to_ms
from domain.workday import WorkCalendar
from practice.chats import Chats
from practice.clock import Leap, PracticeClock, is_quiet, next_outgoing, target, write_offset
from storage.engine import Store

POLL_SECONDS = 0.05
PATIENCE_SECONDS = 5.0
"""How long a stop waits for its messages to go out; a channel that is down must not stop the clock."""


class Ticks(Protocol):
    """The bot's ticker, as far as it concerns us."""

    async def travel(self, until: datetime, set_clock: Callable[[datetime], None]) -> None:
        """Move the clock on, stopping wherever something is due on the way."""

    async def next_times(self) -> Mapping[str, datetime]:
        """When each job is due next."""


class Timeline:
    """One leap at a time; `now_ms` is the city's time."""

    def __init__(self, clock: PracticeClock, store: Store, ticker: Ticks, calendar: WorkCalendar, chats: Chats) -> None:
        self._clock = clock
        self._store = store
        self._ticker = ticker
        self._calendar = calendar
        self._chats = chats
        self._turn = asyncio.Lock()

    def now_ms(self) -> int:
        return to_ms(self._clock.now())

    async def leap(self, leap: Leap) -> None:
        """Move the clock and do on the way what is due there."""
        async with self._turn:
            until = target(leap, self._clock.now(), self._calendar)
            # Stored first: should the process die on the way, it wakes up at the end of it and catches up.
            await self._store.run(write_offset, self._clock.offset_at(until))
            while self._clock.now() < until:
                await self._ticker.travel(await self._next_stop(until), self._clock.forward)
                self._chats.show({"type": "clock", "now_ms": self.now_ms()})
                await self._let_go_out()

    async def _next_stop(self, until: datetime) -> datetime:
        """The next moment at which a job is due or a message may go out, but no later than `until`."""
        waiting = await self._store.read(next_outgoing, self.now_ms())
        stops = [*(await self._ticker.next_times()).values(), until]
        return min([from_ms(waiting), *stops] if waiting else stops)

    async def _let_go_out(self) -> None:
        """Stay until people have heard what was said at this moment."""
        with suppress(TimeoutError):
            async with asyncio.timeout(PATIENCE_SECONDS):
                while not await self._store.read(is_quiet, self.now_ms()):
                    await asyncio.sleep(POLL_SECONDS)
