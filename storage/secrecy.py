"""What was refused at the door: when, where, by which rule. Nothing of the content, not even its length."""

from __future__ import annotations

from storage.engine import Tx


def record(tx: Tx, at_ms: int, platform: str, chat: str, rule: str) -> None:
    """`chat` is the group's number, or '' for a private chat."""
    tx.run("INSERT INTO secrecy_hit (at_ms, platform, chat, rule) VALUES (?, ?, ?, ?)", at_ms, platform, chat, rule)


def latest(tx: Tx, limit: int) -> list[tuple[int, str, str, str]]:
    """(at_ms, platform, chat, rule), newest first."""
    rows = tx.all("SELECT at_ms, platform, chat, rule FROM secrecy_hit ORDER BY id DESC LIMIT ?", limit)
    return [(a, p, c, r) for a, p, c, r in rows]
