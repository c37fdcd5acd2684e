"""Bulletins as rows: what each is drawn with, and who was sent which part. What became of a part is in the outbox."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from storage.engine import Row, Tx
from storage.outbox import Sending


@dataclass(frozen=True, slots=True)
class Filed:
    """A bulletin. `wishes` is canonical JSON; `serial` (0: none) counts the numbers of a year; `hash` is that of its
    board. Times are UTC ms; `signed_ms` is 0 while it is a draft, `ready_ms` until the office was told that it can be
    signed."""

    id: int
    period: str
    number: str
    year: int
    serial: int
    hash: str
    wishes: str
    drafted_ms: int
    ready_ms: int
    signed_ms: int
    signed_by: int

    @property
    def is_signed(self) -> bool:
        return bool(self.signed_ms)


@dataclass(frozen=True, slots=True)
class Material:
    """All a bulletin is drawn from: its board's bytes, the wishes, the office's own template (b'': ours)."""

    filed: Filed
    content: bytes
    template: bytes


_COLUMNS = "id, period, number, year, serial, hash, wishes, drafted_ms, ready_ms, signed_ms, signed_by"


def find(tx: Tx, period: str) -> Filed | None:
    """The bulletin of a period's code."""
    return _one(tx, "period = ?", period)


def by_id(tx: Tx, id: int) -> Filed | None:
    return _one(tx, "id = ?", id)


def latest(tx: Tx) -> Filed | None:
    """The bulletin that was signed last."""
    return _one(tx, "signed_ms > 0 ORDER BY signed_ms DESC, id DESC LIMIT 1")


def _one(tx: Tx, where: str, *values: int | str) -> Filed | None:
    row = tx.one(f"SELECT {_COLUMNS} FROM bulletin WHERE {where}", *values)
    return Filed(*row) if row else None


def drafts(tx: Tx) -> list[Filed]:
    """The drafts whose office was not told yet that they can be signed, by period."""
    rows = tx.all(f"SELECT {_COLUMNS} FROM bulletin WHERE signed_ms = 0 AND ready_ms = 0 ORDER BY period")
    return [Filed(*row) for row in rows]


def draft(tx: Tx, period: str, hash: str, wishes: str, template: bytes, content: bytes, now_ms: int) -> int:
    """Keep a draft in place of the one before; returns the bulletin's id. A signed one is left as it is."""
    tx.run(
        "INSERT INTO bulletin (period, hash, wishes, template, content, drafted_ms) VALUES (?, ?, ?, ?, ?, ?)"
        " ON CONFLICT (period) DO UPDATE SET hash = excluded.hash, wishes = excluded.wishes,"
        " template = excluded.template, content = excluded.content, drafted_ms = excluded.drafted_ms"
        " WHERE bulletin.signed_ms = 0",
        period, hash, wishes, template, content, now_ms,
    )  # fmt: skip
    found = find(tx, period)
    assert found is not None
    return found.id


def told_ready(tx: Tx, id: int, now_ms: int) -> None:
    """The office was told that a draft can be signed."""
    tx.run("UPDATE bulletin SET ready_ms = ? WHERE id = ?", now_ms, id)


@dataclass(frozen=True, slots=True)
class Signature:
    """What signing fixes; the board is from now on the frozen one of the period."""

    number: str
    year: int
    serial: int
    hash: str
    wishes: str
    template: bytes
    person_id: int


def sign(tx: Tx, id: int, signature: Signature, now_ms: int) -> None:
    """Turn a draft into the bulletin."""
    one = signature
    tx.run(
        "UPDATE bulletin SET number = ?, year = ?, serial = ?, hash = ?, wishes = ?, template = ?, content = NULL,"
        " signed_by = ?, signed_ms = ? WHERE id = ? AND signed_ms = 0",
        one.number, one.year, one.serial, one.hash, one.wishes, one.template, one.person_id, now_ms, id,
    )  # fmt: skip


def last_serial(tx: Tx, year: int) -> int:
    """The highest number of a year so far; 0 for none."""
    row = tx.one("SELECT MAX(serial) FROM bulletin WHERE year = ?", year)
    return row[0] if row and row[0] else 0


def material(tx: Tx, id: int) -> Material | None:
    """What a bulletin is drawn from; None if there is no such bulletin."""
    columns = ", ".join(f"b.{name}" for name in _COLUMNS.split(", "))
    row = tx.one(
        f"SELECT {columns}, COALESCE(b.content, s.content), b.template FROM bulletin b"
        " LEFT JOIN snapshot s ON s.period = b.period WHERE b.id = ?",
        id,
    )
    return Material(Filed(*row[:-2]), bytes(row[-2]), bytes(row[-1] or b"")) if row else None


@dataclass(frozen=True, slots=True)
class NewCopy:
    """A part for a chat. Without `target` nobody could be written to."""

    kind: str
    name: str
    platform: str
    target: str
    part: str
    dedup: str


@dataclass(frozen=True, slots=True)
class Copy:
    """A part and what became of its message: `state` None when there was nowhere to send it. Times are UTC ms."""

    kind: str
    name: str
    platform: str
    target: str
    part: str
    state: Sending | None
    error: str
    sent_ms: int


def add_copies(tx: Tx, id: int, copies: Sequence[NewCopy]) -> None:
    """Remember who is sent what; who has a part already gets no second."""
    row = tx.one("SELECT COALESCE(MAX(place), 0) FROM bulletin_copy WHERE bulletin_id = ?", id)
    first = row[0] + 1 if row else 1
    tx.many(
        "INSERT INTO bulletin_copy (dedup, bulletin_id, kind, name, platform, target, part, place)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (dedup) DO NOTHING",
        [(one.dedup, id, one.kind, one.name, one.platform, one.target, one.part, first + at)
         for at, one in enumerate(copies)],
    )  # fmt: skip


def copies(tx: Tx, id: int) -> list[Copy]:
    """Every part of a bulletin for every chat, in the order they were queued."""
    rows = tx.all(
        "SELECT c.kind, c.name, c.platform, c.target, c.part, o.state, COALESCE(o.error, ''), COALESCE(o.sent_ms, 0)"
        " FROM bulletin_copy c LEFT JOIN outbox o ON o.dedup = c.dedup WHERE c.bulletin_id = ? ORDER BY c.place",
        id,
    )
    return [_copy(row) for row in rows]


def _copy(row: Row) -> Copy:
    kind, name, platform, target, part, state, error, sent_ms = row
    return Copy(kind, name, platform, target, part, None if state is None else Sending(state), error, sent_ms)
