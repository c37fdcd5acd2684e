"""The office goes by the measures of the store: what the settings name is loaded into it at start, and a version loaded
later, by whatever way, holds without a restart."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import replace
from datetime import datetime

from bot.office import measure_texts
from bot.settings import Settings, SettingsFault
from domain.tables import TableFault
from services.measures import Shelf, take_settings
from services.office import Office
from storage.engine import Store, StoreFault, Topic

logger = logging.getLogger("baosong.measures")

NOT_TAKEN = "office.measures: %s"


async def follow_measures(settings: Settings, office: Office, store: Store, now: datetime) -> Office:
    """The office with measures that follow the store. What the settings name and the store refuses is left out with a
    warning: the version that holds goes on. Raises SettingsFault if a stored text cannot be read any more."""
    shelf = Shelf(office.measures)
    office = replace(office, measures=shelf)
    for fault in await store.run(take_settings, office, measure_texts(settings), now):
        logger.warning(NOT_TAKEN, fault)
    try:
        shelf.put(*await store.read(shelf.read))
    except TableFault as fault:
        raise SettingsFault(f"a loaded measure is not understood by this program: {fault}") from None
    _Follower(store, shelf)
    return office


class _Follower:
    """Reads the shelf anew after each commit that loaded a version."""

    def __init__(self, store: Store, shelf: Shelf) -> None:
        self._store, self._shelf = store, shelf
        self._readings: set[asyncio.Task[None]] = set()
        store.listen("measure", self._loaded)

    def _loaded(self, _: Topic) -> None:
        task = asyncio.ensure_future(self._read())
        self._readings.add(task)
        task.add_done_callback(self._readings.discard)

    async def _read(self) -> None:
        try:
            self._shelf.put(*await self._store.read(self._shelf.read))
        except StoreFault:
            logger.warning("the loaded measures could not be read; transactions read them by themselves", exc_info=True)
