"""Moving the city's time on: what falls due on the way is done at its own moment."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime
from typing import Protocol

from domain.moment import to_ms
from domain.workday import WorkCalendar
from practice.chats import Chats
from practice.clock import Leap, PracticeClock, target, write_offset
from storage.engine import Store


class Ticks(Protocol):
    """The bot's ticker, as far as it concerns us."""

    async def travel(self, until: datetime, set_clock: Callable[[datetime], None]) -> None:
        """Move the clock on, stopping wherever something is due on the way."""


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
            await self._ticker.travel(until, self._clock.forward)
            self._chats.show({"type": "clock", "now_ms": self.now_ms()})
