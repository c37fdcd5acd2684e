"""The adapter's access tokens, kept in our database: every process on it uses one token and renews it once.

The database opens after the adapter is made, so the store is given later (`keep_in`). A database that fails counts as
a service that was not reached: nothing was sent, and it is tried again.
"""

from __future__ import annotations

import asyncio
import json
import secrets
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import asdict

from bot.channels.wecom import NetworkError, TokenRecord
from storage import token
from storage.engine import Store, StoreFault

HELD_MS = 30_000
"""How long a renewal may take: longer than connecting to the service and waiting for its answer."""

LOOK_AGAIN_SECONDS = 0.05


class StoredTokens:
    """A `TokenStore` over the house's database. `now` gives Unix seconds."""

    def __init__(self, now: Callable[[], float] = time.time) -> None:
        self._now = now
        self._store: Store | None = None

    def keep_in(self, store: Store) -> None:
        """From now on records lie in this store."""
        self._store = store

    @asynccontextmanager
    async def lock(self, key: str) -> AsyncIterator[None]:
        """Be the only one, in all processes, who renews this record. Raises NetworkError."""
        holder = secrets.token_hex(8)
        while not await self._seize(key, holder):
            await asyncio.sleep(LOOK_AGAIN_SECONDS)
        try:
            yield
        finally:
            with suppress(StoreFault):  # the row frees itself in half a minute
                await self._open().run(token.release, key, holder)

    async def _seize(self, key: str, holder: str) -> bool:
        now_ms = int(self._now() * 1000)
        try:
            return await self._open().run(token.seize, key, holder, now_ms, now_ms + HELD_MS)
        except StoreFault:
            raise NetworkError("the token store failed") from None

    async def load(self, key: str) -> TokenRecord | None:
        """The record; None if there is none, or none this program understands. Raises NetworkError."""
        try:
            # Through the writer: what another process has just saved must be seen.
            written = await self._open().run(token.load, key)
        except StoreFault:
            raise NetworkError("the token store failed") from None
        try:
            return TokenRecord(**json.loads(written)) if written else None
        except (ValueError, TypeError):
            return None

    async def save(self, key: str, record: TokenRecord) -> None:
        """Keep a record. Raises NetworkError."""
        try:
            await self._open().run(token.save, key, json.dumps(asdict(record)))
        except StoreFault:
            raise NetworkError("the token store failed") from None

    def _open(self) -> Store:
        if self._store is None:
            raise StoreFault("the store is not open")
        return self._store
