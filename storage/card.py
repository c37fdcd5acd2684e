"""Copies of cards: who was shown which card about which matter, how it can be changed, and how the matter ended."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from domain.speech import Button, Card, Choice, Option
from storage.engine import Row, Tx

_COLUMNS = "key, platform, target, content, handle, until_ms, settled_ms, settled_by, verdict"


@dataclass(frozen=True, slots=True)
class Copy:
    """A card in somebody's chat. `handle` changes it once until `until_ms`, '' if nothing does; `settled_ms` is 0 while
    the matter is open. Times are UTC ms."""

    key: str
    platform: str
    target: str
    card: Card
    handle: str
    until_ms: int
    settled_ms: int
    settled_by: int
    verdict: str


def as_fields(card: Card) -> dict[str, Any]:
    """A card as JSON holds it."""
    return asdict(card)


def from_fields(fields: Mapping[str, Any]) -> Card:
    """A card from its JSON."""
    buttons = tuple(Button(**one) for one in fields["buttons"])
    choice = fields["choice"] and Choice(
        fields["choice"]["label"], tuple(Option(**one) for one in fields["choice"]["options"])
    )
    return Card(**{**fields, "buttons": buttons, "choice": choice or None})


def add(tx: Tx, card: Card, platform: str, target: str, now_ms: int) -> None:
    """A copy is on its way to somebody; one that is known already stays as it is."""
    tx.run(
        "INSERT INTO card (key, matter, platform, target, content, offered_ms) VALUES (?, ?, ?, ?, ?, ?)"
        " ON CONFLICT (key) DO NOTHING",
        card.key, card.matter, platform, target, json.dumps(as_fields(card), ensure_ascii=False), now_ms,
    )  # fmt: skip


def find(tx: Tx, key: str) -> Copy | None:
    row = tx.one(f"SELECT {_COLUMNS} FROM card WHERE key = ?", key)
    return _copy(row) if row else None


def keep_handle(tx: Tx, key: str, handle: str, until_ms: int) -> None:
    """The newest way to change a copy; '' once it is used."""
    tx.run("UPDATE card SET handle = ?, until_ms = ? WHERE key = ?", handle, until_ms, key)


def settle(tx: Tx, matter: str, verdict: str, person_id: int, now_ms: int) -> list[Copy]:
    """End a matter for all its open copies; those, as they stand then, in the order they were offered."""
    rows = tx.all(
        "UPDATE card SET verdict = ?, settled_by = ?, settled_ms = ? WHERE matter = ? AND settled_ms = 0"
        f" RETURNING {_COLUMNS}, offered_ms",
        verdict, person_id, now_ms, matter,
    )  # fmt: skip
    return [_copy(row[:-1]) for row in sorted(rows, key=lambda row: (row[-1], row[0]))]


def forget_before(tx: Tx, before_ms: int) -> int:
    """Drop copies offered before a moment; returns how many. Whoever taps one later is told that it is too old."""
    return tx.run("DELETE FROM card WHERE offered_ms < ?", before_ms)


def _copy(row: Row) -> Copy:
    key, platform, target, content, *rest = row
    return Copy(key, platform, target, from_fields(json.loads(content)), *rest)
