"""When a platform was last heard: what was said later, and before it is heard again, has to be caught up with."""

from __future__ import annotations

from storage.engine import Tx


def note_heard(tx: Tx, platform: str, at_ms: int) -> None:
    """Remember a moment (UTC ms); an earlier one changes nothing."""
    tx.run(
        "INSERT INTO counter (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value"
        " WHERE counter.value < excluded.value",
        f"heard:{platform}", at_ms,
    )  # fmt: skip


def last_heard(tx: Tx, platform: str) -> int:
    """UTC ms; 0 if the platform was never heard."""
    row = tx.one("SELECT value FROM counter WHERE name = ?", f"heard:{platform}")
    return row[0] if row else 0


def schema(tx: Tx) -> int:
    """The number of the newest step the database was brought to."""
    row = tx.one("SELECT MAX(number) FROM schema_step")
    return row[0] if row else 0


def probe(tx: Tx, at_ms: int) -> None:
    """A write that shows that the store can be written."""
    tx.run(
        "INSERT INTO counter (name, value) VALUES ('probe', ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        at_ms,
    )
