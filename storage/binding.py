"""One-time codes, tries to use them, and the accounts they bind."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from storage.engine import Tx

_TRY = "bind try"
"""Wrong tries are kept in `told` (an account, a moment, no text), one row each, until they are too old to count."""


@dataclass(frozen=True, slots=True)
class Code:
    """A code that was issued. Times are UTC ms; `used_ms` 0 means nobody has used it."""

    person_id: int
    issued_by: int
    expires_ms: int
    used_ms: int


def issue(tx: Tx, hash: str, person_id: int, issued_by: int, now_ms: int, expires_ms: int) -> None:
    """Keep the hash of a new code; an older one of the same person ends now."""
    end_codes(tx, person_id, now_ms)
    tx.run(
        "INSERT INTO bind_code (hash, person_id, issued_by, issued_ms, expires_ms) VALUES (?, ?, ?, ?, ?)",
        hash, person_id, issued_by, now_ms, expires_ms,
    )  # fmt: skip


def end_codes(tx: Tx, person_id: int, now_ms: int) -> None:
    """No code of this person can be used any more."""
    tx.run(
        "UPDATE bind_code SET expires_ms = ? WHERE person_id = ? AND used_ms = 0 AND expires_ms > ?",
        now_ms, person_id, now_ms,
    )  # fmt: skip


def find_code(tx: Tx, hash: str) -> Code | None:
    row = tx.one("SELECT person_id, issued_by, expires_ms, used_ms FROM bind_code WHERE hash = ?", hash)
    return Code(*row) if row else None


def use_code(tx: Tx, hash: str, now_ms: int) -> None:
    tx.run("UPDATE bind_code SET used_ms = ? WHERE hash = ?", now_ms, hash)


def wrong_tries(tx: Tx, platform: str, account: str, since_ms: int) -> int:
    """How often an account tried in vain since a moment; older tries are forgotten."""
    tx.run(
        "DELETE FROM told WHERE platform = ? AND account = ? AND matter LIKE ? AND at_ms < ?",
        platform, account, f"{_TRY} %", since_ms,
    )  # fmt: skip
    row = tx.one(
        "SELECT COUNT(*) FROM told WHERE platform = ? AND account = ? AND matter LIKE ?",
        platform, account, f"{_TRY} %",
    )  # fmt: skip
    return row[0] if row else 0


def note_wrong_try(tx: Tx, platform: str, account: str, event_key: str, now_ms: int) -> None:
    tx.run(
        "INSERT INTO told (platform, account, matter, at_ms) VALUES (?, ?, ?, ?)"
        " ON CONFLICT (platform, account, matter) DO NOTHING",
        platform, account, f"{_TRY} {event_key}", now_ms,
    )  # fmt: skip


def end_accounts(tx: Tx, person_id: int, because: str, now_ms: int) -> list[tuple[str, str]]:
    """End every account of a person, keeping the rows; returns (platform, account) of those that ended."""
    rows = tx.all(
        "UPDATE account SET valid_to_ms = ?, ended_because = ? WHERE person_id = ? AND valid_to_ms = 0"
        " RETURNING platform, account",
        now_ms, because, person_id,
    )  # fmt: skip
    return sorted((platform, account) for platform, account in rows)


def ids_named(tx: Tx, name: str, day: date) -> list[int]:
    """Everybody of this name who is in the roster on a day."""
    iso = day.isoformat()
    rows = tx.all(
        "SELECT id FROM person WHERE name = ? AND valid_from <= ? AND (valid_to = '' OR valid_to >= ?) ORDER BY id",
        name, iso, iso,
    )  # fmt: skip
    return [row[0] for row in rows]


def names(tx: Tx, day: date) -> list[str]:
    """Every name in the roster of a day."""
    iso = day.isoformat()
    rows = tx.all(
        "SELECT DISTINCT name FROM person WHERE valid_from <= ? AND (valid_to = '' OR valid_to >= ?) ORDER BY name",
        iso, iso,
    )  # fmt: skip
    return [row[0] for row in rows]


def members(tx: Tx, unit_id: int, day: date) -> list[int]:
    """Everybody with a post in a unit on a day, in the order the posts were given."""
    iso = day.isoformat()
    rows = tx.all(
        "SELECT person_id, MIN(id) FROM post WHERE unit_id = ? AND valid_from <= ?"
        " AND (valid_to = '' OR valid_to >= ?) GROUP BY person_id ORDER BY MIN(id)",
        unit_id, iso, iso,
    )  # fmt: skip
    return [row[0] for row in rows]


def open_posts(tx: Tx, person_id: int) -> list[tuple[int, int, str]]:
    """(id, unit, role) of the posts of a person that have no end yet."""
    rows = tx.all("SELECT id, unit_id, role FROM post WHERE person_id = ? AND valid_to = '' ORDER BY id", person_id)
    return [(id, unit_id, role) for id, unit_id, role in rows]
