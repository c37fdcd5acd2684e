"""Looking for what became of sends that ended unknown: the platform's own history may show the message.

A few looks after it became unknown, and again after a restart; what is not found stays unknown for a person.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from datetime import timedelta

from bot.channels.base import Channel
from domain.moment import Clock, to_ms
from services import dispatch
from storage import outbox
from storage.engine import Store, StoreFault
from storage.outbox import Parcel

logger = logging.getLogger("baosong.courier")

LOOK_SECONDS = 1.0
LOOKS_AFTER_MS = (5_000, 30_000, 120_000)
"""Ms between noticing an unknown send and the first look, and between the looks."""
WORTH_LOOKING = timedelta(days=1)


class Evidence:
    """Runs beside the courier; `found` counts by platform."""

    def __init__(self, store: Store, clock: Clock, channels: Mapping[str, Channel]) -> None:
        self._store = store
        self._clock = clock
        self._channels = channels
        self._looks: dict[int, tuple[int, int]] = {}
        self.found: dict[str, int] = {}

    async def run(self) -> None:
        """Look again and again, until cancelled."""
        while True:
            try:
                await self.look()
            except StoreFault as fault:
                logger.error("unknown sends were not looked at: %s", fault)
            await asyncio.sleep(LOOK_SECONDS)

    async def look(self) -> None:
        """One round over everything unknown that is due for a look."""
        now = self._clock.now()
        doubtful = await self._store.read(outbox.doubtful, to_ms(now - WORTH_LOOKING))
        still = {parcel.id for parcel in doubtful}
        self._looks = {id: look for id, look in self._looks.items() if id in still}
        for parcel in doubtful:
            channel = self._channels.get(parcel.platform)
            if channel is not None and channel.up and self._is_due(parcel, to_ms(now)):
                await self._ask(channel, parcel)

    def _is_due(self, parcel: Parcel, now_ms: int) -> bool:
        count, at_ms = self._looks.setdefault(parcel.id, (0, now_ms + LOOKS_AFTER_MS[0]))
        if count >= len(LOOKS_AFTER_MS) or now_ms < at_ms:
            return False
        wait = LOOKS_AFTER_MS[min(count + 1, len(LOOKS_AFTER_MS) - 1)]
        self._looks[parcel.id] = (count + 1, now_ms + wait)
        return True

    async def _ask(self, channel: Channel, parcel: Parcel) -> None:
        ambiguous = await self._store.read(outbox.has_twin, parcel)
        if ambiguous or parcel.message.file_base64 or parcel.message.drawn:
            return
        platform_id = await channel.find_sent(parcel.target, parcel.message.text, parcel.created_ms)
        if platform_id is None:
            return
        if await self._store.run(dispatch.settle_found, parcel, platform_id, self._clock.now()):
            self.found[parcel.platform] = self.found.get(parcel.platform, 0) + 1
            logger.info("message %d was found in the platform's history: it was sent", parcel.id)
