"""Who did what, in an append-only chain: each line carries the hash of the one before it.

Texts of items never stand here; `detail` names numbers, states and reasons.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from storage.engine import Tx

START = "0" * 64


@dataclass(frozen=True, slots=True)
class AuditLine:
    seq: int
    at_ms: int
    actor: str
    action: str
    object: str
    detail: str


def write(tx: Tx, at_ms: int, actor: str, action: str, object: str, detail: str = "") -> None:
    """Append a line. `actor` is `person:12`, `clock` or `cli`."""
    last = tx.memo.get("audit") or tx.one("SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1")
    seq, previous = (last[0] + 1, last[1]) if last else (1, START)
    hash = _hash(seq, at_ms, actor, action, object, detail, previous)
    tx.run(
        "INSERT INTO audit (seq, at_ms, actor, action, object, detail, previous, hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        seq, at_ms, actor, action, object, detail, previous, hash,
    )  # fmt: skip
    tx.memo["audit"] = (seq, hash)


def _hash(*fields: int | str) -> str:
    return hashlib.sha256("\x1f".join(map(str, fields)).encode()).hexdigest()


def first_break(tx: Tx) -> int | None:
    """The seq of the first line whose hash does not follow from the one before; None if the chain holds."""
    previous = START
    columns = "seq, at_ms, actor, action, object, detail, previous, hash"
    for row in tx.all(f"SELECT {columns} FROM audit ORDER BY seq"):
        if row[6] != previous or row[7] != _hash(*row[:7]):
            return int(row[0])
        previous = row[7]
    return None


def latest(tx: Tx, object: str, limit: int) -> list[AuditLine]:
    """The last lines about an object, newest first."""
    rows = tx.all(
        "SELECT seq, at_ms, actor, action, object, detail FROM audit WHERE object = ? ORDER BY seq DESC LIMIT ?",
        object, limit,
    )  # fmt: skip
    return [AuditLine(*row) for row in rows]
