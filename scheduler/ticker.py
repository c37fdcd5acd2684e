"""The clock only ticks; what is due lies in tables."""

from __future__ import annotations

from typing import Any

from domain.moment import Clock
from storage.engine import Store


class Ticker:
    def __init__(self, store: Store, clock: Clock, jobs: Any) -> None:
        self._store, self._clock, self._jobs = store, clock, jobs

    def start(self) -> None:
        return None

    async def close(self) -> None:
        return None
