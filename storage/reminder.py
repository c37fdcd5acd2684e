"""Reminders as rows: every step of every ladder, the messages that carried them, and the daily digest of each person.

planned → sent (it caused a message) | merged (another message carried it) | skipped (with the reason)
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from domain.ladder import Why
from domain.roster import Role
from storage.engine import Tx
from storage.outbox import Sending

PLANNED, SENT, MERGED, SKIPPED = "planned", "sent", "merged", "skipped"
OFF = -1
"""The minute of a digest that never comes."""


@dataclass(frozen=True, slots=True)
class Reminder:
    """One step for one assignment and due time. `person_id` 0 is not addressed yet; times are UTC ms, 0 is not yet."""

    id: int
    assignment_id: int
    due_ms: int
    step: str
    person_id: int
    planned_ms: int
    state: str
    settled_ms: int
    reason: str


@dataclass(frozen=True, slots=True)
class Digest:
    """The digest of one person on one day."""

    person_id: int
    day: date
    planned_ms: int


@dataclass(frozen=True, slots=True)
class Recipient:
    """Somebody with a role in a unit whom a private message reaches."""

    unit_id: int
    role: Role
    person_id: int


_COLUMNS = "r.id, r.assignment_id, r.due_ms, r.step, r.person_id, r.planned_ms, r.state, r.settled_ms, r.reason"


def is_any_due(tx: Tx, now_ms: int) -> bool:
    """Whether a step or a digest is due, or a ladder not planned yet: asked at every tick, three looks in an index."""
    row = tx.one(
        "SELECT 1 WHERE EXISTS (SELECT 1 FROM reminder WHERE state = 'planned' AND planned_ms <= ?)"
        " OR EXISTS (SELECT 1 FROM digest WHERE state = 'planned' AND planned_ms <= ?)"
        f" OR EXISTS (SELECT 1 FROM assignment a JOIN commission c ON c.id = a.commission_id WHERE {_UNPLANNED})",
        now_ms, now_ms,
    )  # fmt: skip
    return row is not None


# Drafts wait until they are issued; what was dropped leaves the index.
_UNPLANNED = "a.stage <> 'closed' AND a.ladder_due_ms <> a.due_ms AND c.state IN ('issued', 'dropped')"


def unplanned(tx: Tx, limit: int) -> list[tuple[int, bool]]:
    """(assignment, whether its commission is issued) of those whose due time has no ladder yet."""
    rows = tx.all(
        "SELECT a.id, c.state FROM assignment a JOIN commission c ON c.id = a.commission_id"
        f" WHERE {_UNPLANNED} ORDER BY a.id LIMIT ?",
        limit,
    )  # fmt: skip
    return [(id, state == "issued") for id, state in rows]


def since_ms(tx: Tx, assignment_id: int, due_ms: int) -> int:
    """When this due time was given by an extension or on reopening, UTC ms; 0 if it is the first."""
    row = tx.one(
        "SELECT MAX(at_ms) FROM assignment_event WHERE assignment_id = ? AND due_ms = ?"
        " AND kind IN ('extension granted', 'reopened')",
        assignment_id, due_ms,
    )  # fmt: skip
    return row[0] or 0 if row else 0


def begin(tx: Tx, assignment_id: int, due_ms: int, rungs: Sequence[tuple[str, int, Why | None]], now_ms: int) -> None:
    """Plan the ladder of a due time: (step, moment, why it is skipped at once). What another due time still waits
    for is given up."""
    tx.run(
        "UPDATE reminder SET state = 'skipped', settled_ms = ?, reason = ?"
        " WHERE assignment_id = ? AND due_ms <> ? AND state = 'planned'",
        now_ms, Why.EXTENDED.value, assignment_id, due_ms,
    )  # fmt: skip
    tx.many(
        "INSERT INTO reminder (assignment_id, due_ms, step, planned_ms, state, settled_ms, reason)"
        " VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (assignment_id, due_ms, step, person_id) DO NOTHING",
        [
            (assignment_id, due_ms, step, planned_ms, SKIPPED if why else PLANNED, now_ms if why else 0,
             why.value if why else "")
            for step, planned_ms, why in rungs
        ],
    )  # fmt: skip
    mark_planned(tx, assignment_id, due_ms)


def mark_planned(tx: Tx, assignment_id: int, due_ms: int) -> None:
    """Nothing is to be planned for this due time any more."""
    tx.run("UPDATE assignment SET ladder_due_ms = ? WHERE id = ?", due_ms, assignment_id)


def due(tx: Tx, now_ms: int) -> list[Reminder]:
    """Every step whose moment has come, first to last."""
    rows = tx.all(
        f"SELECT {_COLUMNS} FROM reminder r WHERE r.state = 'planned' AND r.planned_ms <= ?"
        " ORDER BY r.planned_ms, r.id",
        now_ms,
    )  # fmt: skip
    return [Reminder(*row) for row in rows]


def ahead(tx: Tx, unit_ids: Sequence[int], after_ms: int, before_ms: int) -> list[tuple[int, Reminder]]:
    """(unit, step) of what is planned in (after, before) for any of these units, first to last."""
    if not unit_ids:
        return []
    marks = ", ".join("?" * len(unit_ids))
    rows = tx.all(
        f"SELECT a.unit_id, {_COLUMNS} FROM reminder r JOIN assignment a ON a.id = r.assignment_id"
        f" WHERE r.state = 'planned' AND r.planned_ms > ? AND r.planned_ms < ? AND a.unit_id IN ({marks})"
        " ORDER BY r.planned_ms, r.id",
        after_ms, before_ms, *unit_ids,
    )  # fmt: skip
    return [(row[0], Reminder(*row[1:])) for row in rows]


def of_assignment(tx: Tx, assignment_id: int) -> list[Reminder]:
    """Every step of an assignment, of all its due times, in the order of their moments."""
    rows = tx.all(
        f"SELECT {_COLUMNS} FROM reminder r WHERE r.assignment_id = ? ORDER BY r.planned_ms, r.id", assignment_id
    )
    return [Reminder(*row) for row in rows]


def address(tx: Tx, reminder: Reminder, person_ids: Sequence[int]) -> list[Reminder]:
    """Give a step that is not addressed yet to people: a row each."""
    first, *others = person_ids
    tx.run("UPDATE reminder SET person_id = ? WHERE id = ?", first, reminder.id)
    for person_id in others:
        tx.run(
            "INSERT INTO reminder (assignment_id, due_ms, step, person_id, planned_ms, state)"
            " VALUES (?, ?, ?, ?, ?, 'planned') ON CONFLICT (assignment_id, due_ms, step, person_id) DO NOTHING",
            reminder.assignment_id, reminder.due_ms, reminder.step, person_id, reminder.planned_ms,
        )  # fmt: skip
    marks = ", ".join("?" * len(person_ids))
    rows = tx.all(
        f"SELECT {_COLUMNS} FROM reminder r WHERE r.assignment_id = ? AND r.due_ms = ? AND r.step = ?"
        f" AND r.state = 'planned' AND r.person_id IN ({marks}) ORDER BY r.id",
        reminder.assignment_id, reminder.due_ms, reminder.step, *person_ids,
    )  # fmt: skip
    return [Reminder(*row) for row in rows]


def put_off(tx: Tx, reminder_id: int, planned_ms: int) -> None:
    """Let a step wait until later."""
    tx.run("UPDATE reminder SET planned_ms = ? WHERE id = ?", planned_ms, reminder_id)


def skip(tx: Tx, reminder_id: int, why: Why, now_ms: int) -> None:
    tx.run(
        "UPDATE reminder SET state = 'skipped', settled_ms = ?, reason = ? WHERE id = ?",
        now_ms, why.value, reminder_id,
    )  # fmt: skip


def carried(tx: Tx, reminder_id: int, message_id: int, why: Why | None, now_ms: int) -> None:
    """A message went out for this step; `why` says what the step was merged into, if it did not cause the message."""
    tx.run(
        "UPDATE reminder SET state = ?, settled_ms = ?, reason = ?, message_id = ? WHERE id = ?",
        MERGED if why else SENT, now_ms, why.value if why else "", message_id, reminder_id,
    )  # fmt: skip


def new_message(tx: Tx, person_id: int, now_ms: int, *, free: bool) -> int:
    """Note that a message of the clock goes to a person; returns its id. `free` does not count against the cap."""
    row = tx.one(
        "INSERT INTO reminder_message (person_id, at_ms, free) VALUES (?, ?, ?) RETURNING id",
        person_id, now_ms, int(free),
    )  # fmt: skip
    assert row is not None
    id: int = row[0]
    return id


def told_since(tx: Tx, person_id: int, since_ms: int) -> int:
    """How many messages that count a person was sent since a moment."""
    row = tx.one(
        "SELECT COUNT(*) FROM reminder_message WHERE person_id = ? AND at_ms >= ? AND free = 0", person_id, since_ms
    )
    return row[0] if row else 0


def dedup(message_id: int) -> str:
    """The key under which a message lies in the outbox; the person is added to it there."""
    return f"reminder:{message_id}"


def reached(tx: Tx, assignment_id: int, due_ms: int) -> list[tuple[str, str, int]]:
    """(step, name, UTC ms) of every reminder of an assignment and due time that arrived, first to last.

    What the platform refused or nobody knows about is not held against a person.
    """
    rows = tx.all(
        "SELECT r.step, p.name, o.sent_ms FROM reminder r JOIN reminder_message m ON m.id = r.message_id"
        " JOIN person p ON p.id = r.person_id"
        " JOIN outbox o ON o.dedup = 'reminder:' || m.id || ':' || m.person_id"
        " WHERE r.assignment_id = ? AND r.due_ms = ? AND o.state = ? ORDER BY o.sent_ms, r.id",
        assignment_id, due_ms, int(Sending.SENT),
    )  # fmt: skip
    return [(step, name, sent_ms) for step, name, sent_ms in rows]


def recipients(tx: Tx, unit_ids: Sequence[int], roles: frozenset[Role], day: date) -> list[Recipient]:
    """Who of a day can be reached in private with one of these roles in one of these units, in the roster's order."""
    if not unit_ids:
        return []
    iso = day.isoformat()
    rows = tx.all(
        f"SELECT o.unit_id, o.role, p.id FROM post o JOIN person p ON p.id = o.person_id"
        f" WHERE o.unit_id IN ({', '.join('?' * len(unit_ids))}) AND o.role IN ({', '.join('?' * len(roles))})"
        " AND o.valid_from <= ? AND (o.valid_to = '' OR o.valid_to >= ?)"
        " AND p.valid_from <= ? AND (p.valid_to = '' OR p.valid_to >= ?)"
        f" AND {_REACHABLE} ORDER BY o.id",
        *unit_ids, *sorted(role.value for role in roles), iso, iso, iso, iso,
    )  # fmt: skip
    return [Recipient(unit_id, Role(role), person_id) for unit_id, role, person_id in rows]


def is_reachable(tx: Tx, person_id: int) -> bool:
    """Whether a private message reaches a person."""
    return tx.one(f"SELECT 1 FROM person p WHERE p.id = ? AND {_REACHABLE}", person_id) is not None


# An account with a slash is one of a group alone (domain.speech.has_private_chat).
_REACHABLE = (
    "EXISTS (SELECT 1 FROM account t WHERE t.person_id = p.id AND t.valid_to_ms = 0 AND t.account NOT LIKE '%/%')"
)


def choose_digest(tx: Tx, person_id: int, minute: int) -> None:
    """Keep when a person wants the digest, in minutes after midnight, or OFF."""
    tx.run(
        "INSERT INTO digest_choice (person_id, at_minute) VALUES (?, ?)"
        " ON CONFLICT (person_id) DO UPDATE SET at_minute = excluded.at_minute",
        person_id, minute,
    )  # fmt: skip


def digest_choice(tx: Tx, person_id: int) -> int | None:
    """The minute a person chose, OFF, or None if nothing was chosen."""
    row = tx.one("SELECT at_minute FROM digest_choice WHERE person_id = ?", person_id)
    return row[0] if row else None


def digest_readers(tx: Tx, day: date) -> list[tuple[int, Role, int | None]]:
    """(person, role, chosen minute) of every reporter and deputy whose unit owes something, each post once."""
    iso = day.isoformat()
    rows = tx.all(
        "SELECT DISTINCT o.person_id, o.role, d.at_minute FROM assignment a"
        " JOIN commission c ON c.id = a.commission_id JOIN post o ON o.unit_id = a.unit_id"
        " LEFT JOIN digest_choice d ON d.person_id = o.person_id"
        " WHERE a.stage <> 'closed' AND a.stage IN ('issued', 'received') AND c.state = 'issued' AND o.role IN (?, ?)"
        " AND o.valid_from <= ? AND (o.valid_to = '' OR o.valid_to >= ?) ORDER BY o.person_id",
        Role.REPORTER.value, Role.DEPUTY_REPORTER.value, iso, iso,
    )  # fmt: skip
    return [(person_id, Role(role), minute) for person_id, role, minute in rows]


def plan_digest(tx: Tx, person_id: int, day: date, planned_ms: int) -> bool:
    """Plan or move the digest of a day; False if that day's is settled already."""
    return bool(
        tx.run(
            "INSERT INTO digest (person_id, day, planned_ms, state) VALUES (?, ?, ?, 'planned')"
            " ON CONFLICT (person_id, day) DO UPDATE SET planned_ms = excluded.planned_ms"
            " WHERE digest.state = 'planned'",
            person_id, day.isoformat(), planned_ms,
        )
    )  # fmt: skip


def due_digests(tx: Tx, now_ms: int) -> list[Digest]:
    """Every digest whose moment has come."""
    rows = tx.all(
        "SELECT person_id, day, planned_ms FROM digest WHERE state = 'planned' AND planned_ms <= ?"
        " ORDER BY planned_ms, person_id",
        now_ms,
    )  # fmt: skip
    return [Digest(person_id, date.fromisoformat(day), planned_ms) for person_id, day, planned_ms in rows]


def digest_ms(tx: Tx, person_id: int, day: date) -> int:
    """When a person's digest of a day is still to come, UTC ms; 0 if none is."""
    row = tx.one(
        "SELECT planned_ms FROM digest WHERE person_id = ? AND day = ? AND state = 'planned'",
        person_id, day.isoformat(),
    )  # fmt: skip
    return row[0] if row else 0


def settle_digest(tx: Tx, person_id: int, day: date, reason: str, message_id: int | None, now_ms: int) -> None:
    """Write what became of a digest: the message it went out with, or why there was none."""
    tx.run(
        "UPDATE digest SET state = ?, settled_ms = ?, reason = ?, message_id = ? WHERE person_id = ? AND day = ?"
        " AND state = 'planned'",
        SKIPPED if message_id is None else SENT, now_ms, reason, message_id, person_id, day.isoformat(),
    )  # fmt: skip


def counts(tx: Tx) -> list[tuple[str, str, int]]:
    """(state, reason, how many) of all steps."""
    rows = tx.all("SELECT state, reason, COUNT(*) FROM reminder GROUP BY state, reason ORDER BY state, reason")
    return [(state, reason, number) for state, reason, number in rows]
