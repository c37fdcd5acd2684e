"""One access token per (corp, agent) (document 91039), shared by all processes through a store.

Asking again while a token is valid returns the same one, so processes do not harm each other; a wrong secret asked for
again and again gets the address blocked for an hour, so a refusal is remembered for all of them.
"""

from __future__ import annotations

import asyncio
import hashlib
import time
from collections import defaultdict
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import Protocol

from .errcode import TOO_OFTEN, WRONG_CORP, WRONG_SECRET
from .exception import ActionFailed, TokenRefused
from .log import keep_secret

EARLY_SECONDS = 300.0
FIRST_PAUSE = 300.0
LONGEST_PAUSE = 3600.0

REFUSALS = frozenset({WRONG_SECRET, WRONG_CORP, TOO_OFTEN})


@dataclass(frozen=True, slots=True)
class TokenRecord:
    """What is known about one app's token. Times are Unix seconds.

    `serial` grows with every token fetched, also when the service returned the same one. A refusal holds for the secret
    whose digest is `secret_mark`; a corrected secret is tried at once.
    """

    value: str = field(default="", repr=False)
    expires_at: float = 0.0
    serial: int = 0
    secret_mark: str = field(default="", repr=False)
    refusals: int = 0
    refused_code: int = 0
    refused_until: float = 0.0


class TokenStore(Protocol):
    """Where records are kept. Implement it over a database to share tokens between processes."""

    def lock(self, key: str) -> AbstractAsyncContextManager[None]:
        """Keep everybody else, in every process, from refreshing this record."""

    async def load(self, key: str) -> TokenRecord | None:
        """The record, or None."""

    async def save(self, key: str, record: TokenRecord) -> None:
        """Keep the record."""


class MemoryTokenStore:
    """For a single process."""

    def __init__(self) -> None:
        self._records: dict[str, TokenRecord] = {}
        self._locks: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    @asynccontextmanager
    async def lock(self, key: str) -> AsyncGenerator[None, None]:
        async with self._locks[key]:
            yield

    async def load(self, key: str) -> TokenRecord | None:
        return self._records.get(key)

    async def save(self, key: str, record: TokenRecord) -> None:
        self._records[key] = record


@dataclass(frozen=True, slots=True)
class Token:
    """A token in use; hand it back as `stale` when the service refuses it."""

    value: str = field(repr=False)
    serial: int


Fetch = Callable[[], Awaitable[tuple[str, float]]]
"""Asks the service: (token, seconds it is valid). Raises ActionFailed or NetworkError."""


class TokenHolder:
    """Gives out the token of one app and refreshes it once, whoever finds it stale first."""

    def __init__(
        self,
        store: TokenStore,
        corp_id: str,
        agent_id: int,
        secret: str,
        fetch: Fetch,
        now: Callable[[], float] = time.time,
    ) -> None:
        self._store = store
        self._key = hashlib.sha256(f"{corp_id}:{agent_id}".encode()).hexdigest()
        self._mark = hashlib.sha256(secret.encode()).hexdigest()[:16]
        self._fetch = fetch
        self._now = now
        self._record = TokenRecord()
        self._turn = asyncio.Lock()

    async def get(self, stale: Token | None = None) -> Token:
        """A token that is not `stale`. Raises TokenRefused, ActionFailed or NetworkError."""
        if not self._usable(self._record, stale):
            async with self._turn:
                if not self._usable(self._record, stale):
                    await self._renew(stale)
        return Token(self._record.value, self._record.serial)

    async def ask_anew(self) -> Token:
        """A token asked for now, though an old one may serve: shows whether the secret is right. Errors as in `get`."""
        async with self._turn, self._store.lock(self._key):
            record = await self._store.load(self._key) or TokenRecord()
            self._check_breaker(record)
            self._record = await self._ask(record)
        return Token(self._record.value, self._record.serial)

    def _usable(self, record: TokenRecord, stale: Token | None) -> bool:
        fresh = stale is None or record.serial > stale.serial
        return bool(record.value) and fresh and record.expires_at > self._now()

    async def _renew(self, stale: Token | None) -> None:
        """Under the store's lock: another process may have been faster."""
        async with self._store.lock(self._key):
            record = await self._store.load(self._key) or TokenRecord()
            keep_secret(record.value)  # another process may have fetched it
            if not self._usable(record, stale):
                self._check_breaker(record)
                # A store that was emptied must not fall back behind a serial that is already in use.
                serial = max(record.serial, self._record.serial, stale.serial if stale else 0)
                record = await self._ask(replace(record, serial=serial))
            self._record = record

    def _check_breaker(self, record: TokenRecord) -> None:
        if record.secret_mark == self._mark and record.refused_until > self._now():
            raise TokenRefused(record.refused_code, "not asked again yet", record.refused_until)

    async def _ask(self, record: TokenRecord) -> TokenRecord:
        try:
            value, seconds = await self._fetch()
        except ActionFailed as failed:
            if failed.errcode not in REFUSALS:
                raise
            refused = self._refused(record, failed.errcode)
            await self._store.save(self._key, refused)
            raise TokenRefused(failed.errcode, failed.errmsg, refused.refused_until) from None
        early = min(EARLY_SECONDS, seconds / 10)
        renewed = TokenRecord(value, self._now() + seconds - early, record.serial + 1, self._mark)
        await self._store.save(self._key, renewed)
        return renewed

    def _refused(self, record: TokenRecord, code: int) -> TokenRecord:
        """Five minutes, then twice as long each time, an hour at most; an hour at once if it is blocked already."""
        before = record.refusals if record.secret_mark == self._mark else 0
        pause = LONGEST_PAUSE if code == TOO_OFTEN else min(FIRST_PAUSE * 2**before, LONGEST_PAUSE)
        return replace(
            record,
            secret_mark=self._mark,
            refusals=before + 1,
            refused_code=code,
            refused_until=self._now() + pause,
        )
