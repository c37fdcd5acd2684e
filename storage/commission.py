"""Commissions as rows: what was asked, of whom, and everything that happened to it.

What happens to an assignment is appended; the columns that follow from it are renewed with every event by the same
rule that recomputes them (`domain.commission.standing`).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Any

from domain.commission import (
    Assignment,
    Commission,
    Event,
    Kind,
    Outcome,
    Source,
    Stage,
    Standing,
    State,
    Way,
    standing,
    standing_answers,
)
from storage.engine import Row, Tx

_COMMISSION = (
    "id, number, year, topic, requirement, class, length, source, way, theme, upper_number, upper_due_ms, due_ms,"
    " due_said, urgent, off_chat, state, drafted_by, drafted_ms, approved_by, issued_by, issued_ms"
)
_ASSIGNMENT = (
    "a.id, a.commission_id, a.unit_id, a.place, a.part, a.leads, a.angle, a.length, a.first_due_ms, a.stage, a.due_ms,"
    " a.received_ms, a.answered_ms, a.asked_due_ms, a.closed_ms, a.outcome"
)


@dataclass(frozen=True, slots=True)
class NewCommission:
    """A commission as it is drafted; `domain.commission.Commission` says what the fields mean."""

    topic: str
    due_ms: int
    source: Source = Source.OFFICE
    way: Way = Way.CHAT
    requirement: str = ""
    class_name: str = ""
    length: str = ""
    theme: str = ""
    upper_number: str = ""
    upper_due_ms: int = 0
    due_said: str = ""
    urgent: bool = False
    off_chat: bool = False


@dataclass(frozen=True, slots=True)
class NewAssignment:
    """One unit's share; see `domain.commission.Assignment`. `due_ms` 0 is the commission's own due time."""

    unit_id: int
    part: int = 0
    leads: bool = False
    angle: str = ""
    length: str = ""
    due_ms: int = 0


def draft(tx: Tx, new: NewCommission, targets: Sequence[NewAssignment], person_id: int, now_ms: int) -> Commission:
    """Keep a commission that is not issued yet, with its assignments in the order given."""
    row = tx.one(
        "INSERT INTO commission (topic, requirement, class, length, source, way, theme, upper_number, upper_due_ms,"
        " due_ms, due_said, urgent, off_chat, state, drafted_by, drafted_ms)"
        f" VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING {_COMMISSION}",
        new.topic, new.requirement, new.class_name, new.length, new.source.value, new.way.value, new.theme,
        new.upper_number, new.upper_due_ms, new.due_ms, new.due_said, int(new.urgent), int(new.off_chat),
        State.DRAFT.value, person_id, now_ms,
    )  # fmt: skip
    assert row is not None
    commission = _commission(row)
    assign(tx, commission, targets)
    return commission


def assign(tx: Tx, commission: Commission, targets: Sequence[NewAssignment]) -> None:
    """Add assignments behind those that are there."""
    first = tx.one("SELECT COUNT(*) FROM assignment WHERE commission_id = ?", commission.id)
    place = first[0] if first else 0
    tx.many(
        "INSERT INTO assignment (commission_id, unit_id, place, part, leads, angle, length, first_due_ms, due_ms,"
        " stage) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            (commission.id, one.unit_id, place + number, one.part, int(one.leads), one.angle, one.length,
             one.due_ms or commission.due_ms, one.due_ms or commission.due_ms, Stage.ISSUED.value)
            for number, one in enumerate(targets)
        ],
    )  # fmt: skip


def unassign(tx: Tx, commission_id: int) -> None:
    """Take the assignments of a draft back, to give it others."""
    tx.run("DELETE FROM assignment WHERE commission_id = ?", commission_id)


def wait_for_approval(tx: Tx, commission_id: int) -> None:
    """A draft the chief has to approve before it is issued."""
    tx.run("UPDATE commission SET state = ? WHERE id = ?", State.WAITING.value, commission_id)


def issue(tx: Tx, commission_id: int, number: str, year: int, issued_by: int, approved_by: int, now_ms: int) -> None:
    """Issue a draft under its number; `approved_by` 0 if nobody had to."""
    tx.run(
        "UPDATE commission SET state = ?, number = ?, year = ?, issued_by = ?, approved_by = ?, issued_ms = ?"
        " WHERE id = ?",
        State.ISSUED.value, number, year, issued_by, approved_by, now_ms, commission_id,
    )  # fmt: skip
    tx.touch("commission")


def drop(tx: Tx, commission_id: int) -> None:
    """Give a draft up."""
    tx.run("UPDATE commission SET state = ? WHERE id = ?", State.DROPPED.value, commission_id)


def next_number(tx: Tx, year: int) -> str:
    """`约 2026-018`: without gaps within a year."""
    row = tx.one(
        "INSERT INTO counter (name, value) VALUES (?, 1)"
        " ON CONFLICT (name) DO UPDATE SET value = counter.value + 1 RETURNING value",
        f"commission:{year}",
    )  # fmt: skip
    assert row is not None
    return f"约 {year}-{row[0]:03d}"


def by_id(tx: Tx, commission_id: int) -> Commission | None:
    row = tx.one(f"SELECT {_COMMISSION} FROM commission WHERE id = ?", commission_id)
    return _commission(row) if row else None


def by_number(tx: Tx, number: str) -> Commission | None:
    row = tx.one(f"SELECT {_COMMISSION} FROM commission WHERE number = ?", number)
    return _commission(row) if row else None


def in_state(tx: Tx, state: State, limit: int) -> list[Commission]:
    """Commissions in a state, newest first."""
    rows = tx.all(f"SELECT {_COMMISSION} FROM commission WHERE state = ? ORDER BY id DESC LIMIT ?", state.value, limit)
    return [_commission(row) for row in rows]


def issued_between(tx: Tx, from_ms: int, to_ms: int) -> list[Commission]:
    """Commissions issued in [from, to), UTC ms, oldest first."""
    rows = tx.all(
        f"SELECT {_COMMISSION} FROM commission WHERE issued_ms >= ? AND issued_ms < ? AND issued_ms > 0"
        " ORDER BY issued_ms, id",
        from_ms, to_ms,
    )  # fmt: skip
    return [_commission(row) for row in rows]


def assignments(tx: Tx, commission_id: int) -> list[Assignment]:
    """All assignments of a commission, in order."""
    rows = tx.all(f"SELECT {_ASSIGNMENT} FROM assignment a WHERE a.commission_id = ? ORDER BY a.place", commission_id)
    return [_assignment(row) for row in rows]


def assignments_of(tx: Tx, commission_id: int, unit_ids: Collection[int]) -> list[Assignment]:
    """The assignments of some units in a commission, in order."""
    if not unit_ids:
        return []
    rows = tx.all(
        f"SELECT {_ASSIGNMENT} FROM assignment a WHERE a.commission_id = ? AND a.unit_id IN ({_marks(unit_ids)})"
        " ORDER BY a.place",
        commission_id, *sorted(unit_ids),
    )  # fmt: skip
    return [_assignment(row) for row in rows]


def assignment(tx: Tx, assignment_id: int) -> Assignment | None:
    row = tx.one(f"SELECT {_ASSIGNMENT} FROM assignment a WHERE a.id = ?", assignment_id)
    return _assignment(row) if row else None


def open_of_units(tx: Tx, unit_ids: Collection[int]) -> list[tuple[Commission, Assignment]]:
    """What is open for any of these units in commissions that are issued, nearest due time first."""
    if not unit_ids:
        return []
    columns = ", ".join(f"c.{name.strip()}" for name in _COMMISSION.split(","))
    rows = tx.all(
        f"SELECT {_ASSIGNMENT}, {columns} FROM assignment a JOIN commission c ON c.id = a.commission_id"
        f" WHERE a.unit_id IN ({_marks(unit_ids)}) AND a.stage <> 'closed' AND c.state = 'issued'"
        " ORDER BY a.due_ms, a.id",
        *sorted(unit_ids),
    )  # fmt: skip
    return [(_commission(row[16:]), _assignment(row[:16])) for row in rows]


def open_counts(tx: Tx) -> list[tuple[Commission, dict[Stage, int]]]:
    """Every issued commission with an open assignment, nearest due time first, and how many stand at each stage."""
    counted: dict[int, dict[Stage, int]] = {}
    rows = tx.all(
        "SELECT commission_id, stage, COUNT(*) FROM assignment WHERE commission_id IN"
        " (SELECT commission_id FROM assignment WHERE stage <> 'closed') GROUP BY commission_id, stage"
    )
    for commission_id, stage, count in rows:
        counted.setdefault(commission_id, {})[Stage(stage)] = count
    found = (by_id(tx, commission_id) for commission_id in counted)
    issued = [one for one in found if one is not None and one.state is State.ISSUED]
    return [(one, counted[one.id]) for one in sorted(issued, key=lambda one: (one.due_ms, one.id))]


def requests(tx: Tx) -> list[tuple[Commission, Assignment]]:
    """Open assignments that wait for a word of the office: more time was asked for, or the unit declined."""
    columns = ", ".join(f"c.{name.strip()}" for name in _COMMISSION.split(","))
    rows = tx.all(
        f"SELECT {_ASSIGNMENT}, {columns} FROM assignment a JOIN commission c ON c.id = a.commission_id"
        " WHERE a.stage <> 'closed' AND (a.stage = 'declined' OR a.asked_due_ms > 0) AND c.state = 'issued'"
        " ORDER BY a.due_ms, a.id"
    )
    return [(_commission(row[16:]), _assignment(row[:16])) for row in rows]


def record(tx: Tx, assignment: Assignment, event: Event) -> Assignment:
    """Append what happened and return the assignment as it stands now. Whether it may happen is checked before."""
    now = standing(assignment.first_due_ms, [*events(tx, assignment.id), event])
    tx.run(
        "INSERT INTO assignment_event (assignment_id, kind, at_ms, person_id, item_id, due_ms, outcome, note)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        assignment.id, event.kind.value, event.at_ms, event.person_id, event.item_id, event.due_ms,
        event.outcome.value if event.outcome else "", event.note,
    )  # fmt: skip
    tx.run(
        "UPDATE assignment SET stage = ?, due_ms = ?, received_ms = ?, answered_ms = ?, asked_due_ms = ?,"
        " closed_ms = ?, outcome = ? WHERE id = ?",
        now.stage.value, now.due_ms, now.received_ms, now.answered_ms, now.asked_due_ms, now.closed_ms,
        now.outcome.value if now.outcome else "", assignment.id,
    )  # fmt: skip
    tx.touch("commission")
    return replace(assignment, now=now)


def events(tx: Tx, assignment_id: int) -> list[Event]:
    """Everything that happened to an assignment, oldest first."""
    rows = tx.all(
        "SELECT kind, at_ms, person_id, item_id, due_ms, outcome, note FROM assignment_event"
        " WHERE assignment_id = ? ORDER BY id",
        assignment_id,
    )  # fmt: skip
    return [_event(row) for row in rows]


def answers(tx: Tx, assignment_id: int) -> list[int]:
    """The items that answer an assignment by now, first come first."""
    return [item_id for item_id in standing_answers(events(tx, assignment_id)) if item_id is not None]


def assignments_of_item(tx: Tx, item_id: int) -> list[Assignment]:
    """The assignments an item answers; one it was taken back from is none."""
    rows = tx.all(
        f"SELECT {_ASSIGNMENT} FROM assignment a WHERE a.id IN (SELECT e.assignment_id FROM assignment_event e"
        " WHERE e.item_id = ? AND e.kind = ? AND NOT EXISTS (SELECT 1 FROM assignment_event u"
        " WHERE u.item_id = e.item_id AND u.assignment_id = e.assignment_id AND u.kind = ? AND u.id > e.id))"
        " ORDER BY a.id",
        item_id, Kind.ANSWERED.value, Kind.UNLINKED.value,
    )  # fmt: skip
    return [_assignment(row) for row in rows]


def _marks(values: Collection[int]) -> str:
    return ", ".join("?" * len(values))


def _commission(row: Row) -> Commission:
    fields = list(row)
    fields[7:9] = Source(row[7]), Way(row[8])
    fields[14:17] = bool(row[14]), bool(row[15]), State(row[16])
    return Commission(*fields)


def _assignment(row: Row) -> Assignment:
    now: list[Any] = [Stage(row[9]), *row[10:15], _outcome(row[15])]
    return Assignment(*[*row[:5], bool(row[5]), *row[6:9], Standing(*now)])


def _event(row: Row) -> Event:
    kind, at_ms, person_id, item_id, due_ms, outcome, note = row
    return Event(Kind(kind), at_ms, person_id, item_id, due_ms, _outcome(outcome), note)


def _outcome(word: str) -> Outcome | None:
    return Outcome(word) if word else None
