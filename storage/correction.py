"""Corrections as a set: changes collected one by one, applied together or dropped; what was collected is kept."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import date
from enum import Enum

from storage.appeal import Result
from storage.engine import Tx


class Stage(Enum):
    COLLECTING = "collecting"
    APPLIED = "applied"
    DROPPED = "dropped"


@dataclass(frozen=True, slots=True)
class Change:
    """One change of a set. `kind` says which operation, `words` are what it is given; `place` counts from 1."""

    place: int
    kind: str
    words: dict[str, str]
    person_id: int
    at_ms: int


@dataclass(frozen=True, slots=True)
class Correction:
    """A set with the changes that are in it. `previewed` is the hash of what its last preview showed ('' if it was
    changed since); the entries of an applied set lie in (`from_seq`, `upto_seq`]. Times are UTC milliseconds."""

    id: int
    stage: Stage
    opened_by: int
    opened_ms: int
    previewed: str
    settled_by: int
    settled_ms: int
    from_seq: int
    upto_seq: int
    changes: tuple[Change, ...] = ()


_COLUMNS = "id, state, opened_by, opened_ms, previewed, settled_by, settled_ms, from_seq, upto_seq"


def collecting(tx: Tx) -> Correction | None:
    """The set that is being collected; there is one at a time, so that no preview is overtaken by another."""
    return _first(tx, "state = 'collecting' ORDER BY id DESC LIMIT 1")


def by_id(tx: Tx, id: int) -> Correction | None:
    return _first(tx, "id = ?", id)


def latest(tx: Tx) -> Correction | None:
    """The set that was settled last."""
    return _first(tx, "state <> 'collecting' ORDER BY settled_ms DESC, id DESC LIMIT 1")


def _first(tx: Tx, where: str, *values: int) -> Correction | None:
    row = tx.one(f"SELECT {_COLUMNS} FROM correction WHERE {where}", *values)
    if row is None:
        return None
    changes = tx.all(
        "SELECT place, kind, words, person_id, at_ms FROM correction_change WHERE correction_id = ? AND dropped = 0"
        " ORDER BY place",
        row[0],
    )
    collected = tuple(Change(place, kind, json.loads(words), *rest) for place, kind, words, *rest in changes)
    id, stage, *rest = row
    return replace(Correction(id, Stage(stage), *rest), changes=collected)


def begin(tx: Tx, person_id: int, now_ms: int) -> int:
    """Open an empty set; returns its number."""
    row = tx.one(
        "INSERT INTO correction (state, opened_by, opened_ms) VALUES (?, ?, ?) RETURNING id",
        Stage.COLLECTING.value, person_id, now_ms,
    )  # fmt: skip
    assert row is not None
    id: int = row[0]
    return id


def add(tx: Tx, id: int, kind: str, words: dict[str, str], person_id: int, now_ms: int) -> int:
    """Add a change; returns its place in the set, which nothing else ever gets."""
    row = tx.one("SELECT COALESCE(MAX(place), 0) + 1 FROM correction_change WHERE correction_id = ?", id)
    assert row is not None
    place: int = row[0]
    tx.run(
        "INSERT INTO correction_change (correction_id, place, kind, words, person_id, at_ms) VALUES (?, ?, ?, ?, ?, ?)",
        id, place, kind, json.dumps(words, ensure_ascii=False, sort_keys=True), person_id, now_ms,
    )  # fmt: skip
    note_preview(tx, id, "")
    return place


def drop_change(tx: Tx, id: int, place: int) -> bool:
    """Take a change out of the set; False if it has none there."""
    done = tx.run(
        "UPDATE correction_change SET dropped = 1 WHERE correction_id = ? AND place = ? AND dropped = 0", id, place
    )
    note_preview(tx, id, "")
    return bool(done)


def note_preview(tx: Tx, id: int, hash: str) -> None:
    """What was shown last; '' asks for another look."""
    tx.run("UPDATE correction SET previewed = ? WHERE id = ?", hash, id)


def settle(tx: Tx, id: int, stage: Stage, by: int, now_ms: int, from_seq: int = 0, upto_seq: int = 0) -> None:
    """Close a set as applied or dropped."""
    tx.run(
        "UPDATE correction SET state = ?, settled_by = ?, settled_ms = ?, from_seq = ?, upto_seq = ? WHERE id = ?",
        stage.value, by, now_ms, from_seq, upto_seq, id,
    )  # fmt: skip


def last_fact(tx: Tx) -> int:
    """The newest fact about an item."""
    row = tx.one("SELECT COALESCE(MAX(id), 0) FROM fact")
    return row[0] if row else 0


def months_touched(tx: Tx, seq: int, fact: int) -> list[date]:
    """The first days of the months that entries after `seq` are booked in, or that facts after `fact` count in."""
    rows = tx.all(
        "SELECT DISTINCT substr(day, 1, 7) FROM entry WHERE seq > ?"
        " UNION SELECT DISTINCT substr(COALESCE(r.day, f.day), 1, 7) FROM fact f LEFT JOIN fact r ON r.id = f.revokes"
        " WHERE f.id > ? ORDER BY 1",
        seq, fact,
    )  # fmt: skip
    return [date.fromisoformat(f"{month}-01") for (month,) in rows]


def booked_for(tx: Tx, applied: Correction, unit_id: int) -> list[Result]:
    """What an applied set booked for a unit, line by line."""
    rows = tx.all(
        "SELECT points, reason, article FROM entry WHERE unit_id = ? AND seq > ? AND seq <= ? ORDER BY seq",
        unit_id, applied.from_seq, applied.upto_seq,
    )  # fmt: skip
    return [Result(*row) for row in rows]
