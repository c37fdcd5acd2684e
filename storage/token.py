"""Access tokens of apps, for all processes on one database. A record is a secret: never exported, never logged.

One holder at a time renews a record. It holds the row for a bounded time: a process that dies in the middle of it
keeps the others waiting no longer than that.
"""

from __future__ import annotations

from storage.engine import Tx


def load(tx: Tx, app: str) -> str:
    """The record as it was saved; '' if there is none."""
    row = tx.one("SELECT record FROM app_token WHERE app = ?", app)
    return str(row[0]) if row else ""


def save(tx: Tx, app: str, record: str) -> None:
    """Keep a record; an earlier one is replaced, whoever holds the row goes on holding it."""
    tx.run(
        "INSERT INTO app_token (app, record) VALUES (?, ?) ON CONFLICT (app) DO UPDATE SET record = excluded.record",
        app, record,
    )  # fmt: skip


def seize(tx: Tx, app: str, holder: str, now_ms: int, until_ms: int) -> bool:
    """Hold the row until a moment (UTC ms); False if somebody else holds it now."""
    tx.run("INSERT INTO app_token (app) VALUES (?) ON CONFLICT (app) DO NOTHING", app)
    held = tx.run(
        "UPDATE app_token SET holder = ?, held_until_ms = ? WHERE app = ? AND (holder = '' OR held_until_ms <= ?)",
        holder, until_ms, app, now_ms,
    )  # fmt: skip
    return bool(held)


def release(tx: Tx, app: str, holder: str) -> None:
    """Let the row go; one that was taken over meanwhile is left alone."""
    tx.run("UPDATE app_token SET holder = '', held_until_ms = 0 WHERE app = ? AND holder = ?", app, holder)
