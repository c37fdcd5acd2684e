"""What goes out: rows written with the change that caused them, and what became of each.

    pending → sending → sent | refused | unknown | pending (again, later) | dead

`sending` is committed just before the platform is called. A row found in `sending` after a crash is `unknown`: it may
have arrived. Unknown rows are settled by evidence or by a person, never by sending again blindly.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

from domain.speech import Mention, Outgoing
from storage.card import as_fields, from_fields
from storage.engine import Row, Tx


class Sending(IntEnum):
    """The state of a row; values are stored."""

    PENDING = 0
    SENDING = 2
    SENT = 3
    UNKNOWN = 4
    DEAD = 5
    REFUSED = 6
    DROPPED = 7


LABELS: Mapping[Sending, str] = {
    Sending.PENDING: "待发",
    Sending.SENDING: "发送中",
    Sending.SENT: "已发",
    Sending.UNKNOWN: "不明",
    Sending.DEAD: "发送失败",
    Sending.REFUSED: "平台拒收",
    Sending.DROPPED: "已取消",
}


@dataclass(frozen=True, slots=True)
class Parcel:
    """A message on its way. Times are UTC ms; `expires_ms` 0 means never."""

    id: int
    platform: str
    target: str
    kind: str
    message: Outgoing
    attempts: int
    state: Sending
    created_ms: int
    error: str


TOLD_TOGETHER = frozenset({"nudge", "points", "merged", "handover"})
"""Kinds of messages to people that may be read in one, besides what the desk decided (`desk ...`)."""

MOST_TOGETHER = 20
LONGEST_TOGETHER = 600
"""Characters: what an app of WeChat Work sends in one piece (2048 bytes)."""

# How many rows around a message count as "at about the same time".
NEIGHBOURS = 1_000

_COLUMNS = "id, platform, target, kind, payload, attempts, state, created_ms, error"


def _parcel(row: Row) -> Parcel:
    id, platform, target, kind, payload, attempts, state, created_ms, error = row
    fields = json.loads(payload)
    if "card" in fields:
        fields["card"] = from_fields(fields["card"])
    if "mentions" in fields:
        fields["mentions"] = tuple(Mention(*pair) for pair in fields["mentions"])
    message = Outgoing(**fields)
    return Parcel(id, platform, target, kind, message, attempts, Sending(state), created_ms, error)


_PUT = (
    "INSERT INTO outbox (platform, target, dedup, kind, payload, state, not_before_ms, expires_ms, created_ms)"
    " VALUES (?, ?, ?, ?, ?, 0, ?, ?, ?) ON CONFLICT (dedup) DO NOTHING"
)


def put(
    tx: Tx,
    platform: str,
    target: str,
    message: Outgoing,
    *,
    dedup: str,
    kind: str,
    now_ms: int,
    not_before_ms: int = 0,
    expires_ms: int = 0,
) -> bool:
    """Queue a message; False if one with the same `dedup` key was queued before (then nothing happens)."""
    written = tx.run(
        _PUT,
        platform, target, dedup, kind, _payload(message), max(not_before_ms, now_ms), expires_ms, now_ms,
    )  # fmt: skip
    if written:
        tx.touch("outbox", platform, target)
    return bool(written)


@dataclass(frozen=True, slots=True)
class Posting:
    """One of many messages queued at once."""

    platform: str
    target: str
    message: Outgoing
    dedup: str


def put_many(tx: Tx, postings: Sequence[Posting], *, kind: str, now_ms: int, not_before_ms: int = 0) -> None:
    """Queue many messages of one kind; those whose `dedup` key was queued before are left out."""
    start_ms = max(not_before_ms, now_ms)
    tx.many(
        _PUT,
        [(one.platform, one.target, one.dedup, kind, _payload(one.message), start_ms, 0, now_ms) for one in postings],
    )
    for one in postings:
        tx.touch("outbox", one.platform, one.target)


def _payload(message: Outgoing) -> str:
    fields: dict[str, Any] = {"text": message.text, "quote": message.quote}
    if message.source:
        fields["source"] = message.source
    if message.way_back:
        fields["way_back"] = message.way_back
    if message.file_name:
        fields |= {"file_name": message.file_name, "file_base64": message.file_base64}
    if message.picture:
        fields["picture"] = True
    if message.drawn:
        fields["drawn"] = message.drawn
    if message.mentions:
        fields["mentions"] = message.mentions
    if message.card is not None:
        fields["card"] = as_fields(message.card)
    return json.dumps(fields, ensure_ascii=False)


def take(tx: Tx, platform: str, target: str, now_ms: int) -> Parcel | None:
    """Mark the first due message of a target as sending and hand it over."""
    row = tx.one(
        "UPDATE outbox SET state = 2, attempts = attempts + 1 WHERE id = (SELECT id FROM outbox WHERE state = 0"
        " AND platform = ? AND target = ? AND not_before_ms <= ? AND (expires_ms = 0 OR expires_ms > ?)"
        f" ORDER BY id LIMIT 1) RETURNING {_COLUMNS}",
        platform, target, now_ms, now_ms,
    )  # fmt: skip
    return _parcel(row) if row else None


def drop_expired(tx: Tx, now_ms: int) -> int:
    """Give up what nobody wants to read any more, with the reason; returns how many."""
    return tx.run(
        "UPDATE outbox SET state = ?, error = ? WHERE state = 0 AND expires_ms > 0 AND expires_ms <= ?",
        int(Sending.DROPPED), "过了时限，不再发送", now_ms,
    )  # fmt: skip


def call_off(tx: Tx, kind: str, beginning: str, error: str) -> int:
    """Give up what waits of a kind and has a `dedup` key that begins so, with the reason; returns how many."""
    return tx.run(
        "UPDATE outbox SET state = ?, error = ?"
        " WHERE state = 0 AND kind = ? AND substr(dedup, 1, CAST(? AS INTEGER)) = ?",
        int(Sending.DROPPED), error, kind, len(beginning), beginning,
    )  # fmt: skip


def settle(tx: Tx, parcel_id: int, state: Sending, now_ms: int, *, platform_id: str = "", error: str = "") -> None:
    """Write what became of a message."""
    tx.run(
        "UPDATE outbox SET state = ?, sent_ms = ?, platform_id = ?, error = ? WHERE id = ?",
        int(state), now_ms if state is Sending.SENT else 0, platform_id, error, parcel_id,
    )  # fmt: skip


def postpone(tx: Tx, parcel_id: int, not_before_ms: int, error: str, *, tried: bool = True) -> None:
    """Put a message that certainly did not go out back in the queue; one that was not even tried keeps its tries."""
    tx.run(
        "UPDATE outbox SET state = 0, not_before_ms = ?, error = ?, attempts = attempts - ? WHERE id = ?",
        not_before_ms, error, int(not tried), parcel_id,
    )  # fmt: skip


def merge(tx: Tx, parcel: Parcel, now_ms: int) -> int:
    """Add what else is due to the same person to a message that has to wait anyway; returns how many were added.

    Only words, in their order, and only kinds whose delivery nobody looks up (`TOLD_TOGETHER`). A message that was
    added is dropped with the number of the one it went into.
    """
    if not parcel.target.startswith("p:") or not _is_word(parcel.kind, parcel.message):
        return 0
    text, added = parcel.message.text, list[int]()
    rows = tx.all(
        f"SELECT {_COLUMNS} FROM outbox WHERE state = 0 AND platform = ? AND target = ? AND not_before_ms <= ?"
        " AND id > ? ORDER BY id LIMIT ?",
        parcel.platform, parcel.target, now_ms, parcel.id, MOST_TOGETHER,
    )  # fmt: skip
    for row in rows:
        other = _parcel(row)
        joined = f"{text}\n\n{other.message.text}"
        if not _is_word(other.kind, other.message) or len(joined) > LONGEST_TOGETHER:
            break
        text = joined
        added.append(other.id)
    if added:
        tx.run("UPDATE outbox SET payload = ? WHERE id = ?", _payload(Outgoing(text)), parcel.id)
        reason = f"并入第{parcel.id}条一起发送"
        tx.many("UPDATE outbox SET state = 7, error = ? WHERE id = ?", [(reason, one) for one in added])
    return len(added)


def _is_word(kind: str, message: Outgoing) -> bool:
    return message == Outgoing(message.text) and (kind in TOLD_TOGETHER or kind.startswith("desk "))


def is_any_due(tx: Tx, kinds: Sequence[str], now_ms: int) -> bool:
    """Whether a message of one of these kinds may go out by now and has not."""
    row = tx.one(
        f"SELECT 1 FROM outbox WHERE state = 0 AND {_of(kinds)} AND not_before_ms <= ? LIMIT 1", *kinds, now_ms
    )
    return row is not None


def put_off(tx: Tx, kinds: Sequence[str], now_ms: int, not_before_ms: int) -> int:
    """Let every message of these kinds that is due wait until later; returns how many."""
    return tx.run(
        f"UPDATE outbox SET not_before_ms = ? WHERE state = 0 AND {_of(kinds)} AND not_before_ms <= ?",
        not_before_ms, *kinds, now_ms,
    )  # fmt: skip


def _of(kinds: Sequence[str]) -> str:
    return f"kind IN ({', '.join('?' * len(kinds))})"


def due_targets(tx: Tx, now_ms: int) -> list[tuple[str, str]]:
    """Every (platform, target) that has a message due."""
    return [
        (row[0], row[1])
        for row in tx.all("SELECT DISTINCT platform, target FROM outbox WHERE state = 0 AND not_before_ms <= ?", now_ms)
    ]


def orphans_to_unknown(tx: Tx, error: str) -> int:
    """At start: what was being sent when the process died may have arrived."""
    return tx.run("UPDATE outbox SET state = ?, error = ? WHERE state = 2", int(Sending.UNKNOWN), error)


def pace(tx: Tx, platform: str, target: str, now_ms: int, interval_ms: int, burst: int) -> int:
    """Spend one message of a target's budget (GCRA); returns 0, or how many ms to wait if the budget is used up.

    The state is a row, so the limit holds across restarts.
    """
    row = tx.one("SELECT tat_ms FROM pace WHERE platform = ? AND target = ?", platform, target)
    tat = max(row[0] if row else 0, now_ms)
    wait: int = tat - (burst - 1) * interval_ms - now_ms
    if wait > 0:
        return wait
    tx.run(
        "INSERT INTO pace (platform, target, tat_ms) VALUES (?, ?, ?)"
        " ON CONFLICT (platform, target) DO UPDATE SET tat_ms = excluded.tat_ms",
        platform, target, tat + interval_ms,
    )  # fmt: skip
    return 0


def find(tx: Tx, parcel_id: int) -> Parcel | None:
    row = tx.one(f"SELECT {_COLUMNS} FROM outbox WHERE id = ?", parcel_id)
    return _parcel(row) if row else None


def counts(tx: Tx) -> dict[Sending, int]:
    """How many rows are in each state that is not SENT."""
    return {
        Sending(state): n for state, n in tx.all("SELECT state, COUNT(*) FROM outbox WHERE state <> 3 GROUP BY state")
    }


def due_kind(tx: Tx, platform: str, target: str, now_ms: int) -> str | None:
    """The kind of the message a target is sent next; None if none is due now."""
    row = tx.one(
        "SELECT kind FROM outbox WHERE state = 0 AND platform = ? AND target = ? AND not_before_ms <= ?"
        " ORDER BY id LIMIT 1",
        platform, target, now_ms,
    )  # fmt: skip
    return row[0] if row else None


def has_expired(tx: Tx, now_ms: int) -> bool:
    """Whether a message waits past its time."""
    row = tx.one("SELECT 1 FROM outbox WHERE state = 0 AND expires_ms > 0 AND expires_ms <= ? LIMIT 1", now_ms)
    return row is not None


def in_states(tx: Tx, states: Sequence[Sending], limit: int) -> list[Parcel]:
    """Messages in any of these states, newest first."""
    marks = ", ".join("?" * len(states))
    rows = tx.all(
        f"SELECT {_COLUMNS} FROM outbox WHERE state IN ({marks}) ORDER BY id DESC LIMIT ?", *map(int, states), limit
    )
    return [_parcel(row) for row in rows]


def doubtful(tx: Tx, since_ms: int) -> list[Parcel]:
    """Messages queued since a moment of which nobody knows whether they arrived, oldest first."""
    rows = tx.all(f"SELECT {_COLUMNS} FROM outbox WHERE state = 4 AND created_ms >= ? ORDER BY id", since_ms)
    return [_parcel(row) for row in rows]


def has_twin(tx: Tx, parcel: Parcel) -> bool:
    """Whether the same text went to the same chat at about the same time: then a history proves nothing."""
    rows = tx.all(
        "SELECT payload FROM outbox WHERE id BETWEEN ? AND ? AND id <> ? AND platform = ? AND target = ?"
        " AND state IN (2, 3, 4)",
        parcel.id - NEIGHBOURS, parcel.id + NEIGHBOURS, parcel.id, parcel.platform, parcel.target,
    )  # fmt: skip
    return any(json.loads(payload)["text"] == parcel.message.text for (payload,) in rows)


def change(tx: Tx, parcel: Parcel, state: Sending, now_ms: int, error: str) -> bool:
    """Give a message another state by evidence or by a person's word; False if it is not in the old one any more.

    One that is to be sent again begins anew: no time limit, all its tries.
    """
    again = state is Sending.PENDING
    changed = tx.run(
        "UPDATE outbox SET state = ?, error = ?, sent_ms = ?, attempts = CASE WHEN ? = 1 THEN 0 ELSE attempts END,"
        " not_before_ms = CASE WHEN ? = 1 THEN ? ELSE not_before_ms END,"
        " expires_ms = CASE WHEN ? = 1 THEN 0 ELSE expires_ms END WHERE id = ? AND state = ?",
        int(state), error, now_ms if state is Sending.SENT else 0, int(again), int(again), now_ms, int(again),
        parcel.id, int(parcel.state),
    )  # fmt: skip
    if changed and again:
        tx.touch("outbox", parcel.platform, parcel.target)
    return bool(changed)


def identify(tx: Tx, parcel_id: int, platform_id: str) -> None:
    """Keep the id the platform gave a message: whoever quotes it, quotes that."""
    tx.run("UPDATE outbox SET platform_id = ? WHERE id = ?", platform_id, parcel_id)


def oldest_due_ms(tx: Tx, now_ms: int) -> int:
    """When the oldest message that could go out now was queued, UTC ms; 0 if none waits."""
    row = tx.one("SELECT MIN(created_ms) FROM outbox WHERE state = 0 AND not_before_ms <= ?", now_ms)
    return row[0] if row and row[0] else 0
