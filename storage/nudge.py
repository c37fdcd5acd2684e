"""Nudges as rows: planned, approved, and what became of each.

planned → approved → sent
   ├→ stopped (by the office: the matter rests)   └→ dropped (by the clock, with the reason)
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from domain.moment import day_of
from domain.nudge import LEADER, REPORTER, Contact, Told
from domain.roster import Role
from storage.engine import Tx

PLANNED, APPROVED, SENT, STOPPED, DROPPED = "planned", "approved", "sent", "stopped", "dropped"


@dataclass(frozen=True, slots=True)
class Nudge:
    """One nudge to one person about one matter of one unit in one month. Times are UTC ms.

    `due_ms` is when an approved one goes out at the earliest; `person_id` 0 stands for nobody.
    """

    id: int
    period: str
    matter: str
    unit_id: int
    stage: int
    person_id: int
    reason: str
    state: str
    note: str
    planned_ms: int
    due_ms: int
    settled_ms: int


_COLUMNS = "id, period, matter, unit_id, stage, person_id, reason, state, note, planned_ms, due_ms, settled_ms"


def add(
    tx: Tx, period: str, matter: str, unit_id: int, stage: int, person_id: int, reason: str, planned_ms: int
) -> int | None:
    """Plan a nudge; None if this person was to be told of this before."""
    row = tx.one(
        "INSERT INTO nudge (period, matter, unit_id, stage, person_id, reason, state, planned_ms)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
        " ON CONFLICT (period, matter, unit_id, stage, person_id) DO NOTHING RETURNING id",
        period, matter, unit_id, stage, person_id, reason, PLANNED, planned_ms,
    )  # fmt: skip
    return row[0] if row else None


def approve(tx: Tx, nudge_id: int, due_ms: int) -> None:
    """Let it go out at this time, or put off when one that was approved goes out."""
    tx.run("UPDATE nudge SET state = ?, due_ms = ? WHERE id = ?", APPROVED, due_ms, nudge_id)


def settle(tx: Tx, nudge_id: int, state: str, now_ms: int, note: str = "") -> None:
    """Write what became of it, and why."""
    tx.run("UPDATE nudge SET state = ?, settled_ms = ?, note = ? WHERE id = ?", state, now_ms, note, nudge_id)


def waiting(tx: Tx) -> list[Nudge]:
    """What is planned or approved and has not gone out, oldest first."""
    rows = tx.all(f"SELECT {_COLUMNS} FROM nudge WHERE state IN ('planned', 'approved') ORDER BY id")
    return [Nudge(*row) for row in rows]


def has_due(tx: Tx, now_ms: int) -> bool:
    """Whether an approved one may go out by now."""
    row = tx.one(
        "SELECT 1 FROM nudge WHERE state IN ('planned', 'approved') AND state = ? AND due_ms <= ? LIMIT 1",
        APPROVED, now_ms,
    )  # fmt: skip
    return row is not None


def of_matter(tx: Tx, period: str, matter: str, unit_id: int) -> list[Nudge]:
    """The whole history of a matter of a unit in a month."""
    rows = tx.all(
        f"SELECT {_COLUMNS} FROM nudge WHERE period = ? AND matter = ? AND unit_id = ? ORDER BY id",
        period, matter, unit_id,
    )  # fmt: skip
    return [Nudge(*row) for row in rows]


def dropped(tx: Tx, since_ms: int, limit: int) -> list[Nudge]:
    """What did not go out lately, newest first."""
    rows = tx.all(
        f"SELECT {_COLUMNS} FROM nudge WHERE state IN ('dropped', 'stopped') AND settled_ms >= ?"
        " ORDER BY settled_ms DESC, id DESC LIMIT ?",
        since_ms, limit,
    )  # fmt: skip
    return [Nudge(*row) for row in rows]


def sent_to(tx: Tx, person_id: int, since_ms: int) -> int:
    """How many nudges a person was sent since a moment."""
    row = tx.one(
        "SELECT COUNT(*) FROM nudge WHERE person_id = ? AND settled_ms >= ? AND state = ?",
        person_id, since_ms, SENT,
    )  # fmt: skip
    return row[0] if row else 0


def told(nudge: Nudge) -> Told:
    """As the rules see it: one that waits or was dropped also used up its person's turn."""
    day = day_of(nudge.settled_ms or nudge.planned_ms)
    return Told(nudge.person_id, nudge.stage, day, nudge.state == SENT)


_STAGES = {
    Role.REPORTER.value: (0, REPORTER),
    Role.DEPUTY_REPORTER.value: (1, REPORTER),
    Role.LEADER.value: (2, LEADER),
}


def contacts(tx: Tx, unit_id: int, day: date) -> list[Contact]:
    """A unit's reporters (A before B) and leaders of a day, with whether an account is bound to each."""
    iso = day.isoformat()
    rows = tx.all(
        "SELECT o.role, o.id, p.id, p.name,"
        " EXISTS (SELECT 1 FROM account a WHERE a.person_id = p.id AND a.valid_to_ms = 0)"
        " FROM post o JOIN person p ON p.id = o.person_id WHERE o.unit_id = ? AND o.role IN (?, ?, ?)"
        " AND o.valid_from <= ? AND (o.valid_to = '' OR o.valid_to >= ?)"
        " AND p.valid_from <= ? AND (p.valid_to = '' OR p.valid_to >= ?)",
        unit_id, *_STAGES, iso, iso, iso, iso,
    )  # fmt: skip
    found: dict[tuple[int, int], Contact] = {}
    for role, _, person_id, name, reachable in sorted(rows, key=lambda row: (_STAGES[row[0]][0], row[1])):
        stage = _STAGES[role][1]
        found.setdefault((stage, person_id), Contact(person_id, name, stage, bool(reachable)))
    return list(found.values())
