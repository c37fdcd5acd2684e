"""The messages that carry a commission to its units: one row per chat, and what became of each.

The message itself is an outbox row with the same `dedup` key; pacing, crashes and doubt are the outbox's business. A
push that names no assignment is for all of the commission: a group that serves every unit.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from domain.speech import Outgoing
from storage import outbox
from storage.engine import Row, Tx, Value
from storage.outbox import Posting, Sending

KIND = "commission"

FAILED = (Sending.REFUSED, Sending.DEAD)
"""It certainly did not arrive and nobody will try again by himself."""

NOT_REACHED = (Sending.UNKNOWN, *FAILED)

HELD = "平台连续拒收，暂停推送"
"""Why a push is held back: dropped from the outbox until somebody lets the wave go on."""

TURNED = "平台连续拒收，改走其他平台"
"""Why a push that was held back does not go on: another one goes instead of it."""


@dataclass(frozen=True, slots=True)
class NewPush:
    """A push to queue. `assignment_ids` is empty if it is for all of the commission; `person_id` is 0 for a group;
    `instead_of` is the push that failed elsewhere."""

    platform: str
    target: str
    message: Outgoing
    person_id: int = 0
    assignment_ids: tuple[int, ...] = ()
    instead_of: int | None = None


@dataclass(frozen=True, slots=True)
class Pushed:
    """A push and what became of its message. Times are UTC ms; `assignment_ids` as in `NewPush`."""

    id: int
    commission_id: int
    wave: int
    platform: str
    target: str
    person_id: int
    instead_of: int | None
    queued_ms: int
    state: Sending
    error: str
    parcel_id: int
    assignment_ids: tuple[int, ...]

    @property
    def held(self) -> bool:
        """Whether it waits because the platform kept refusing."""
        return self.state is Sending.DROPPED and self.error == HELD

    @property
    def turned(self) -> bool:
        """Whether another push goes instead of it, over a platform that does not refuse."""
        return self.state is Sending.DROPPED and self.error == TURNED

    def is_for(self, assignment_id: int) -> bool:
        return not self.assignment_ids or assignment_id in self.assignment_ids


_PUSHED = (
    "SELECT p.id, p.commission_id, p.wave, p.platform, p.target, p.person_id, p.instead_of, p.queued_ms, o.state,"
    " o.error, o.id FROM push p JOIN outbox o ON o.dedup = p.dedup"
)


def dedup_of(commission_id: int, wave: int, one: NewPush) -> str:
    """The key of a push and of its message."""
    return f"push:{commission_id}:{wave}:{one.platform}:{one.target}"


def add(tx: Tx, commission_id: int, wave: int, pushes: Sequence[NewPush], now_ms: int, not_before_ms: int = 0) -> None:
    """Queue pushes of a wave, with their messages; a chat that has one of this wave gets no second."""
    keys = [dedup_of(commission_id, wave, one) for one in pushes]
    tx.many(
        "INSERT INTO push (commission_id, wave, platform, target, person_id, dedup, instead_of, queued_ms)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (dedup) DO NOTHING",
        [
            (commission_id, wave, one.platform, one.target, one.person_id, key, one.instead_of, now_ms)
            for key, one in zip(keys, pushes, strict=True)
        ],
    )
    ids: dict[str, int] = dict(
        tx.all("SELECT dedup, id FROM push WHERE commission_id = ? AND wave = ?", commission_id, wave)
    )
    tx.many(
        "INSERT INTO push_unit (push_id, assignment_id) VALUES (?, ?) ON CONFLICT (push_id, assignment_id) DO NOTHING",
        [(ids[key], one) for key, push in zip(keys, pushes, strict=True) for one in push.assignment_ids],
    )
    postings = [Posting(one.platform, one.target, one.message, key) for key, one in zip(keys, pushes, strict=True)]
    outbox.put_many(tx, postings, kind=KIND, now_ms=now_ms, not_before_ms=not_before_ms)
    tx.touch("commission")


def of_commission(tx: Tx, commission_id: int) -> list[Pushed]:
    """Every push of a commission, in the order they were queued."""
    return _find(tx, "p.commission_id = ?", commission_id)


def find_by_message(tx: Tx, platform: str, platform_id: str) -> Pushed | None:
    """The push whose message somebody quotes, by the id the platform gave it; the latest if an id came twice."""
    found = _find(
        tx, "o.platform = ? AND o.platform_id = ? AND o.kind = 'commission' AND o.platform_id <> ''",
        platform, platform_id,
    )  # fmt: skip
    return found[-1] if found else None


def to_detour(tx: Tx, since_ms: int) -> list[Pushed]:
    """Pushes to people that failed for good since a moment and were not tried elsewhere yet.

    One that was itself sent instead of another is not followed further.
    """
    # `state <> 3` is what the index on open messages wants to hear.
    return _find(
        tx, "o.state IN (?, ?) AND o.state <> 3 AND o.kind = 'commission' AND p.person_id <> 0"
        " AND p.instead_of IS NULL AND p.queued_ms >= ?"
        " AND NOT EXISTS (SELECT 1 FROM push q WHERE q.commission_id = p.commission_id AND q.instead_of = p.id)",
        *map(int, FAILED), since_ms,
    )  # fmt: skip


def _find(tx: Tx, where: str, *values: Value) -> list[Pushed]:
    rows = tx.all(f"{_PUSHED} WHERE {where} ORDER BY p.id", *values)
    served: dict[int, list[int]] = {}
    if rows:
        pairs = tx.all(
            "SELECT u.push_id, u.assignment_id FROM push p JOIN outbox o ON o.dedup = p.dedup"
            f" JOIN push_unit u ON u.push_id = p.id WHERE {where} ORDER BY u.push_id, u.assignment_id",
            *values,
        )
        for push_id, assignment_id in pairs:
            served.setdefault(push_id, []).append(assignment_id)
    return [_pushed(row, served.get(row[0], ())) for row in rows]


def _pushed(row: Row, assignment_ids: Sequence[int]) -> Pushed:
    fields: list[Any] = [*row[:8], Sending(row[8]), *row[9:], tuple(assignment_ids)]
    return Pushed(*fields)


def last_wave(tx: Tx, commission_id: int) -> int:
    """The number of a commission's latest wave; 0 if nothing was pushed."""
    row = tx.one("SELECT MAX(wave) FROM push WHERE commission_id = ?", commission_id)
    return (row[0] or 0) if row else 0


def give_up(tx: Tx, failed: Pushed, now_ms: int) -> None:
    """Note that there is no other way for a push that failed: a row instead of it, without a message."""
    tx.run(
        "INSERT INTO push (commission_id, wave, platform, target, person_id, dedup, instead_of, queued_ms)"
        " VALUES (?, ?, '', '', ?, ?, ?, ?) ON CONFLICT (dedup) DO NOTHING",
        failed.commission_id, failed.wave, failed.person_id, f"push:{failed.commission_id}:no way:{failed.id}",
        failed.id, now_ms,
    )  # fmt: skip


# Pushes that are due, of commissions nobody marked urgent.
_CALM = (
    "state = 0 AND kind = 'commission' AND not_before_ms <= ? AND EXISTS (SELECT 1 FROM push p"
    " JOIN commission c ON c.id = p.commission_id WHERE p.dedup = outbox.dedup AND c.urgent = 0)"
)


def is_calm_due(tx: Tx, now_ms: int) -> bool:
    """Whether a push that is not urgent may go out by now and has not."""
    return tx.one(f"SELECT 1 FROM outbox WHERE {_CALM} LIMIT 1", now_ms) is not None


def put_off_calm(tx: Tx, now_ms: int, not_before_ms: int) -> int:
    """Let every push that is due and not urgent wait until later; returns how many."""
    return tx.run(f"UPDATE outbox SET not_before_ms = ? WHERE {_CALM}", not_before_ms, now_ms)


def waves_with_pending(tx: Tx, since_ms: int) -> list[tuple[int, int, str]]:
    """(commission, wave, platform) of pushes that wait to be sent, queued since a moment."""
    rows = tx.all(
        "SELECT DISTINCT p.commission_id, p.wave, p.platform FROM outbox o JOIN push p ON p.dedup = o.dedup"
        " WHERE o.state = 0 AND o.kind = 'commission' AND p.queued_ms >= ?"
        " ORDER BY p.commission_id, p.wave, p.platform",
        since_ms,
    )
    return [(commission_id, wave, platform) for commission_id, wave, platform in rows]


def failed_in_a_row(tx: Tx, commission_id: int, wave: int, platform: str, count: int) -> bool:
    """Whether the last `count` messages of a wave that were tried on a platform all did not arrive, as far as known."""
    rows = tx.all(
        "SELECT o.state FROM push p JOIN outbox o ON o.dedup = p.dedup WHERE p.commission_id = ? AND p.wave = ?"
        " AND p.platform = ? AND o.state IN (3, 4, 5, 6) ORDER BY o.id DESC LIMIT ?",
        commission_id, wave, platform, count,
    )  # fmt: skip
    return len(rows) == count and all(Sending(state) in NOT_REACHED for (state,) in rows)


def hold(tx: Tx, commission_id: int, wave: int, platform: str) -> int:
    """Take what still waits of a wave on a platform out of the queue; returns how many."""
    return tx.run(
        "UPDATE outbox SET state = ?, error = ? WHERE state = 0 AND dedup IN"
        " (SELECT dedup FROM push WHERE commission_id = ? AND wave = ? AND platform = ?)",
        int(Sending.DROPPED), HELD, commission_id, wave, platform,
    )  # fmt: skip


def turn(tx: Tx, held: Sequence[Pushed]) -> None:
    """Other pushes go instead of these that were held back."""
    tx.many("UPDATE outbox SET error = ? WHERE id = ?", [(TURNED, one.parcel_id) for one in held])


def let_go_on(tx: Tx, commission_id: int, not_before_ms: int) -> int:
    """Put what was held back in the queue again, as a new wave; returns how many."""
    held = tx.all(
        "SELECT p.id, p.dedup, p.platform, p.target FROM push p JOIN outbox o ON o.dedup = p.dedup"
        " WHERE p.commission_id = ? AND o.state = ? AND o.error = ? ORDER BY p.id",
        commission_id, int(Sending.DROPPED), HELD,
    )  # fmt: skip
    wave = last_wave(tx, commission_id) + 1
    tx.many("UPDATE push SET wave = ? WHERE id = ?", [(wave, row[0]) for row in held])
    tx.many(
        "UPDATE outbox SET state = 0, attempts = 0, error = '', not_before_ms = ? WHERE dedup = ?",
        [(not_before_ms, row[1]) for row in held],
    )
    for _, _, platform, target in held:
        tx.touch("outbox", platform, target)
    return len(held)
