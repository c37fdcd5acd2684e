"""Every text a measure ever had: versions are appended and never overwritten."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from storage.engine import Row, Tx


@dataclass(frozen=True, slots=True)
class NewVersion:
    """A text to keep; `hash` is the SHA-256 of its bytes."""

    measure_id: str
    hash: str
    title: str
    effective_from: date
    effective_to: date | None
    text: str
    loaded_by: str


@dataclass(frozen=True, slots=True)
class Version:
    """A kept text, or (without a text) that its wording was withdrawn; `loaded_ms` is UTC ms."""

    number: int
    measure_id: str
    hash: str
    title: str
    effective_from: date
    effective_to: date | None
    text: str
    loaded_by: str
    loaded_ms: int

    @property
    def is_withdrawal(self) -> bool:
        return not self.text

    @property
    def wording(self) -> tuple[str, date]:
        """Of versions with the same one, the newest holds."""
        return self.measure_id, self.effective_from


def add(tx: Tx, new: NewVersion, now_ms: int) -> int:
    """Keep a text; returns the number of the version."""
    row = tx.one(
        "INSERT INTO measure_version"
        " (measure_id, hash, title, effective_from, effective_to, text, loaded_by, loaded_ms)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?) RETURNING id",
        new.measure_id, new.hash, new.title, new.effective_from.isoformat(),
        new.effective_to.isoformat() if new.effective_to else "", new.text, new.loaded_by, now_ms,
    )  # fmt: skip
    assert row is not None
    number: int = row[0]
    tx.memo.pop(_NEWEST, None)
    tx.touch("measure")
    return number


def versions(tx: Tx) -> list[Version]:
    """All versions, oldest first."""
    rows = tx.all(
        "SELECT id, measure_id, hash, title, effective_from, effective_to, text, loaded_by, loaded_ms"
        " FROM measure_version ORDER BY id"
    )
    return [_version(row) for row in rows]


def in_force(kept: Iterable[Version]) -> list[Version]:
    """Those that hold, by their first day: of one wording the newest, unless that withdrew it."""
    newest = {version.wording: version for version in sorted(kept, key=lambda one: one.number)}
    held = (version for version in newest.values() if not version.is_withdrawal)
    return sorted(held, key=lambda one: (one.effective_from, one.measure_id))


_NEWEST = "measure version"


def newest(tx: Tx) -> int:
    """The number of the newest version, 0 if there is none; looked up once in a transaction."""
    if _NEWEST not in tx.memo:
        row = tx.one("SELECT COALESCE(MAX(id), 0) FROM measure_version")
        tx.memo[_NEWEST] = row[0] if row else 0
    found: int = tx.memo[_NEWEST]
    return found


def booked_between(tx: Tx, first: date, last: date) -> int:
    """How many entries are about days from `first` to `last`."""
    row = tx.one(
        "SELECT COUNT(*) FROM entry WHERE ym >= ? AND CASE WHEN due_day = '' THEN day ELSE due_day END BETWEEN ? AND ?",
        first.year * 100 + first.month, first.isoformat(), last.isoformat(),
    )  # fmt: skip
    return row[0] if row else 0


def first_day(tx: Tx) -> date | None:
    """The earliest day anything that was registered is about; None while nothing was."""
    row = tx.one("SELECT MIN(day) FROM fact")
    return date.fromisoformat(row[0]) if row and row[0] else None


def _version(row: Row) -> Version:
    number, measure_id, hash, title, first, last, text, by, at_ms = row
    return Version(
        number, measure_id, hash, title, date.fromisoformat(first), date.fromisoformat(last) if last else None, text,
        by, at_ms,
    )  # fmt: skip
