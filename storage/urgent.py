"""Urgent reports as rows: cases, what was reported when, and the reminders that went out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from domain.urgent import Grade, Kind, Report, State, Step, Urgent
from storage.engine import Row, Tx

SENT, LATE, SKIPPED = "sent", "late", "skipped"
"""What became of a reminder; the value is stored."""

_CASE = (
    "id, number, grade, follows, unit_id, opened_by, opened_ms, happened_ms, start_ms, phone_due_ms, written_due_ms,"
    " state, phone_ms, first_ms, follow_ups, answered_ms, closed_ms, next_ms, reason"
)


@dataclass(frozen=True, slots=True)
class NewUrgent:
    """A case as it is opened; `domain.urgent.Urgent` says what the fields mean."""

    grade: Grade
    unit_id: int
    opened_by: int
    opened_ms: int
    happened_ms: int
    start_ms: int
    phone_due_ms: int
    written_due_ms: int


def add(tx: Tx, new: NewUrgent, year: int) -> Urgent:
    """Open a case under the next number of the year, without gaps."""
    drawn = tx.one(
        "INSERT INTO counter (name, value) VALUES (?, 1)"
        " ON CONFLICT (name) DO UPDATE SET value = counter.value + 1 RETURNING value",
        f"urgent:{year}",
    )
    assert drawn is not None
    row = tx.one(
        "INSERT INTO urgent (number, grade, follows, unit_id, opened_by, opened_ms, happened_ms, start_ms,"
        f" phone_due_ms, written_due_ms, state) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING {_CASE}",
        f"急 {year}-{drawn[0]:03d}", new.grade.name, int(new.grade.follows), new.unit_id, new.opened_by, new.opened_ms,
        new.happened_ms, new.start_ms, new.phone_due_ms, new.written_due_ms, State.OPEN.value,
    )  # fmt: skip
    assert row is not None
    return _case(row)


def by_number(tx: Tx, number: str) -> Urgent | None:
    row = tx.one(f"SELECT {_CASE} FROM urgent WHERE number = ?", number)
    return _case(row) if row else None


def open_ones(tx: Tx) -> list[Urgent]:
    """Every case that is neither closed nor void, oldest first."""
    return [_case(row) for row in tx.all(f"SELECT {_CASE} FROM urgent WHERE state = 'open' ORDER BY id")]


def save(tx: Tx, case: Urgent) -> None:
    """Write where a case stands; what it was opened with never changes."""
    tx.run(
        "UPDATE urgent SET state = ?, phone_ms = ?, first_ms = ?, follow_ups = ?, answered_ms = ?, closed_ms = ?,"
        " next_ms = ?, reason = ? WHERE id = ?",
        case.state.value, case.phone_ms, case.first_ms, case.follow_ups, case.answered_ms, case.closed_ms, case.next_ms,
        case.reason, case.id,
    )  # fmt: skip


def report(tx: Tx, urgent_id: int, reported: Report, now_ms: int) -> bool:
    """Append a report; False if this one (kind and sequence) is there already."""
    written = tx.run(
        "INSERT INTO urgent_report (urgent_id, kind, sequence, at_ms, due_ms, person_id, recorded_ms)"
        " VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (urgent_id, kind, sequence) DO NOTHING",
        urgent_id, reported.kind.value, reported.sequence, reported.at_ms, reported.due_ms, reported.person_id, now_ms,
    )  # fmt: skip
    return bool(written)


def reports(tx: Tx, urgent_id: int) -> list[Report]:
    """What was reported of a case, in the order it was said."""
    rows = tx.all(
        "SELECT kind, sequence, at_ms, due_ms, person_id FROM urgent_report WHERE urgent_id = ? ORDER BY id", urgent_id
    )
    return [Report(Kind(kind), *rest) for kind, *rest in rows]


def is_due(tx: Tx, now_ms: int) -> bool:
    """Whether the clock has to look at a case by now."""
    row = tx.one("SELECT 1 FROM urgent WHERE state = 'open' AND next_ms > 0 AND next_ms <= ? LIMIT 1", now_ms)
    return row is not None


def due(tx: Tx, now_ms: int) -> list[Urgent]:
    """The cases the clock has to look at by now."""
    rows = tx.all(
        f"SELECT {_CASE} FROM urgent WHERE state = 'open' AND next_ms > 0 AND next_ms <= ? ORDER BY id", now_ms
    )
    return [_case(row) for row in rows]


def fresh(tx: Tx, urgent_id: int, steps: Sequence[tuple[Step, int]]) -> list[Step]:
    """Those of these reminders (each with its limit in UTC ms) that have neither gone out nor been passed over."""
    rows = tx.all("SELECT kind, warns, due_ms FROM urgent_reminder WHERE urgent_id = ?", urgent_id)
    done = {(kind, bool(warns), due_ms) for kind, warns, due_ms in rows}
    return [step for step, due_ms in steps if (step.kind.value, step.warns, due_ms) not in done]


def note_reminder(tx: Tx, urgent_id: int, step: Step, due_ms: int, state: str, now_ms: int) -> bool:
    """Write what became of a reminder; False if that was written before."""
    written = tx.run(
        "INSERT INTO urgent_reminder (urgent_id, kind, warns, due_ms, state, at_ms) VALUES (?, ?, ?, ?, ?, ?)"
        " ON CONFLICT (urgent_id, kind, warns, due_ms) DO NOTHING",
        urgent_id, step.kind.value, int(step.warns), due_ms, state, now_ms,
    )  # fmt: skip
    return bool(written)


def _case(row: Row) -> Urgent:
    id, number, grade, follows, *rest = row
    (unit_id, opened_by, opened_ms, happened_ms, start_ms, phone_due_ms, written_due_ms, state, *now) = rest
    return Urgent(
        id, number, grade, bool(follows), unit_id, opened_by, opened_ms, happened_ms, start_ms, phone_due_ms,
        written_due_ms, State(state), *now,
    )  # fmt: skip
