"""The keys of groups' webhook robots. Whoever has one can post into the group, so they are shown to nobody."""

from __future__ import annotations

from storage.engine import Tx


def keys(tx: Tx, platform: str) -> dict[str, str]:
    """The key by group number."""
    return dict(tx.all("SELECT group_no, secret FROM group_webhook WHERE platform = ?", platform))


def put(tx: Tx, platform: str, group_no: str, key: str) -> None:
    """Attach a key to a group; an earlier one is replaced."""
    tx.run(
        "INSERT INTO group_webhook (platform, group_no, secret) VALUES (?, ?, ?)"
        " ON CONFLICT (platform, group_no) DO UPDATE SET secret = excluded.secret",
        platform, group_no, key,
    )  # fmt: skip


def drop(tx: Tx, platform: str, group_no: str) -> bool:
    """Take a group's key away; False if it had none."""
    return bool(tx.run("DELETE FROM group_webhook WHERE platform = ? AND group_no = ?", platform, group_no))
