"""What came in: one row per message meant for us, under the platform's natural key.

The row of a text is written in the transaction that acts on it, so a message is either done or was never here. Files
and pictures must first be fetched: the row waits as OPEN with what is needed to fetch them, and survives a restart.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass

from domain.speech import FileRef, Incoming
from storage.engine import Tx

OPEN, DONE = 0, 1

# The two announcements of one group file lie at most this far apart (NapCat emits them concurrently).
SAME_FILE_MS = 60_000


@dataclass(frozen=True, slots=True)
class OpenFile:
    """A message announced with a file or pictures, and not yet taken in."""

    inbox_id: int
    incoming: Incoming


def record(tx: Tx, incoming: Incoming, now_ms: int, *, done: bool = True) -> int | None:
    """Write the row of a message; None if the same message was here before (redelivery)."""
    payload = "" if done else json.dumps(asdict(incoming), ensure_ascii=False)
    row = tx.one(
        "INSERT INTO inbox (platform, bot_id, event_key, received_ms, state, payload) VALUES (?, ?, ?, ?, ?, ?)"
        " ON CONFLICT (platform, bot_id, event_key) DO NOTHING RETURNING id",
        incoming.platform, incoming.bot_id, incoming.key, now_ms, DONE if done else OPEN, payload,
    )  # fmt: skip
    return row[0] if row else None


def note_result(tx: Tx, inbox_id: int, result: str) -> None:
    """What became of it, in a word for the operator: a command's name, or a reference number."""
    tx.run("UPDATE inbox SET result = ?, state = ?, payload = '' WHERE id = ?", result, DONE, inbox_id)


def note_fault(tx: Tx, incoming: Incoming, reference: str) -> None:
    """The number under which the fault that met this message stands in the log."""
    tx.run(
        "UPDATE inbox SET result = ? WHERE platform = ? AND bot_id = ? AND event_key = ?",
        reference, incoming.platform, incoming.bot_id, incoming.key,
    )  # fmt: skip


def is_open(tx: Tx, inbox_id: int) -> bool:
    row = tx.one("SELECT state FROM inbox WHERE id = ?", inbox_id)
    return row is not None and row[0] == OPEN


def same_file_announced(tx: Tx, incoming: Incoming, inbox_id: int) -> bool:
    """Whether the other announcement of this file is already here; if not, this one is noted.

    One upload is announced as a message and as a notice, with different ids and in either order; they are joined on
    chat, sender, name, size and a minute.
    """
    file = incoming.file
    assert file is not None
    row = tx.one(
        "SELECT id FROM file_notice WHERE platform = ? AND chat = ? AND account = ? AND name = ? AND size = ?"
        " AND at_ms BETWEEN ? AND ?",
        incoming.platform, incoming.group, incoming.account, file.name, file.size,
        incoming.at_ms - SAME_FILE_MS, incoming.at_ms + SAME_FILE_MS,
    )  # fmt: skip
    if row:
        return True
    tx.run(
        "INSERT INTO file_notice (platform, chat, account, name, size, at_ms, inbox_id) VALUES (?, ?, ?, ?, ?, ?, ?)",
        incoming.platform, incoming.group, incoming.account, file.name, file.size, incoming.at_ms, inbox_id,
    )  # fmt: skip
    return False


def open_files(tx: Tx) -> list[OpenFile]:
    """Files announced before a restart and not yet taken in, oldest first."""
    found = []
    for inbox_id, payload in tx.all("SELECT id, payload FROM inbox WHERE state = ? ORDER BY id", OPEN):
        fields = json.loads(payload)
        fields["file"] = FileRef(**fields["file"]) if fields["file"] else None
        fields["pictures"] = tuple(FileRef(**picture) for picture in fields.get("pictures", ()))
        found.append(OpenFile(inbox_id, Incoming(**fields)))
    return found


def forget_before(tx: Tx, before_ms: int) -> int:
    """Drop rows no platform will deliver again; returns how many."""
    tx.run("DELETE FROM file_notice WHERE at_ms < ?", before_ms)
    return tx.run("DELETE FROM inbox WHERE received_ms < ? AND state = ?", before_ms, DONE)
