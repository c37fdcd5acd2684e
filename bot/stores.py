"""From the storage setting to a store."""

from __future__ import annotations

from bot.settings import Settings
from storage.engine import Store
from storage.sqlite import SQLiteStore


def open_store(settings: Settings) -> Store:
    """The store the settings name, not yet opened. PostgreSQL's driver is loaded only if it is asked for."""
    url = settings.storage.url
    if url.startswith("sqlite:"):
        return SQLiteStore(settings.path(url.removeprefix("sqlite:")))
    from storage.postgres import PostgresStore

    return PostgresStore(url)
