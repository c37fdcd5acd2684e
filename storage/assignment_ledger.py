"""Reading the ledger of commissions: its lines, what stands behind them, and counts.

What is counted follows `domain.assignment_ledger.Line` word for word; a contract test compares the two.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import Enum

from domain.assignment_ledger import Counts, Head, Line, Progress
from domain.commission import Outcome, Source, Stage, Way
from domain.roster import REPORTERS, UNIT_SIDE, Role
from storage.engine import Row, Tx, Value


@dataclass(frozen=True, slots=True)
class Selection:
    """Which assignments of issued commissions; each field narrows it down. Times are UTC ms, ends are not included.

    `unit_ids` None is every unit. `issued_before_ms` 0 is any time; with `carried` what is still open from before is
    there too (结转). `missing_at_ms` keeps what was due by then and is not here. `missed_from_ms` and
    `missed_before_ms` keep what was due between them and was not done on time.
    """

    commission_id: int = 0
    unit_ids: tuple[int, ...] | None = None
    issued_from_ms: int = 0
    issued_before_ms: int = 0
    carried: bool = False
    open_only: bool = False
    missing_at_ms: int = 0
    missed_from_ms: int = 0
    missed_before_ms: int = 0


class By(Enum):
    """What counts can be grouped by; the value is the column."""

    UNIT = "a.unit_id"
    THEME = "c.theme"
    CHAT_THEME = "CASE WHEN c.off_chat = 1 THEN '' ELSE c.theme END"
    SOURCE = "c.source"
    WAY = "c.way"


_FROM = "FROM commission c JOIN assignment a ON a.commission_id = c.id"
_ANSWERS = (
    "JOIN assignment_event e ON e.assignment_id = a.id AND e.kind = 'answered' AND e.item_id IS NOT NULL"
    " JOIN item i ON i.id = e.item_id LEFT JOIN item m ON m.id = i.merged_into"
)
_ITEM_ADOPTED = (
    "(a.answered_ms > 0 AND EXISTS (SELECT 1 FROM assignment_event e JOIN item i ON i.id = e.item_id"
    " LEFT JOIN item m ON m.id = i.merged_into WHERE e.assignment_id = a.id AND e.kind = 'answered'"
    " AND COALESCE(m.state, i.state) = 'adopted'))"
)

# Every comparison is made for each of ten thousand rows, so these say the same as the rules in fewer of them.
_EXCUSED = "(a.outcome = '免除' OR (a.outcome = '合并' AND a.answered_ms = 0))"
_ANSWERED = "(a.answered_ms > 0 AND a.outcome <> '免除')"
_DELIVERED = f"({_ANSWERED} OR a.outcome IN ('已采用', '已报未采用'))"
_LATE = "(a.answered_ms > a.due_ms AND a.outcome <> '免除')"
_ADOPTED = f"(a.outcome = '已采用' OR ({_ANSWERED} AND {_ITEM_ADOPTED}))"
_MISSED = f"(a.outcome = '未完成' OR {_LATE})"
_MISSING = "(a.stage <> 'closed' AND a.answered_ms = 0 AND a.due_ms < ?)"


def _where(chosen: Selection) -> tuple[str, list[Value]]:
    """The condition of a selection and its values."""
    parts, values = ["c.state = 'issued'"], list[Value]()

    def narrow(condition: str, *given: Value) -> None:
        parts.append(condition)
        values.extend(given)

    if chosen.commission_id:
        narrow("c.id = ?", chosen.commission_id)
    if chosen.unit_ids is not None:
        narrow(f"a.unit_id IN ({', '.join('?' * len(chosen.unit_ids)) or 'NULL'})", *chosen.unit_ids)
    if chosen.issued_before_ms:
        span = (chosen.issued_from_ms, chosen.issued_before_ms)
        if chosen.carried:
            old = "SELECT commission_id FROM assignment WHERE stage <> 'closed'"
            narrow(
                f"c.id IN (SELECT id FROM commission WHERE issued_ms >= ? AND issued_ms < ? UNION {old})"
                " AND c.issued_ms < ? AND (c.issued_ms >= ? OR a.stage <> 'closed')",
                *span, chosen.issued_before_ms, chosen.issued_from_ms,
            )  # fmt: skip
        else:
            narrow("c.issued_ms >= ? AND c.issued_ms < ?", *span)
    if chosen.open_only:
        narrow("a.stage <> 'closed'")
    if chosen.missing_at_ms:
        narrow(_MISSING, chosen.missing_at_ms)
    if chosen.missed_before_ms:
        narrow(f"a.due_ms >= ? AND a.due_ms < ? AND {_MISSED}", chosen.missed_from_ms, chosen.missed_before_ms)
    return " AND ".join(parts), values


_STAGES = {stage.value: stage for stage in Stage}
_OUTCOMES: dict[str, Outcome | None] = {"": None, **{outcome.value: outcome for outcome in Outcome}}


def lines(tx: Tx, chosen: Selection) -> list[Line]:
    """The lines of a selection: commissions as they were issued, units in the order they were given."""
    where, values = _where(chosen)
    rows = tx.all(
        "SELECT a.commission_id, a.id, a.unit_id, a.due_ms, a.stage, a.received_ms, a.answered_ms, a.closed_ms,"
        f" a.outcome, CASE WHEN {_ITEM_ADOPTED} THEN 1 ELSE 0 END {_FROM} WHERE {where}"
        " ORDER BY c.issued_ms, c.id, a.id",
        *values,
    )  # fmt: skip
    heads = _heads(tx, (row[0] for row in rows))
    return [
        Line(heads[commission], id, unit, due, _STAGES[stage], received, answered, closed, _OUTCOMES[outcome], adopted)
        for commission, id, unit, due, stage, received, answered, closed, outcome, adopted in rows
    ]


def _heads(tx: Tx, ids: Iterable[int]) -> dict[int, Head]:
    wanted = list(dict.fromkeys(ids))
    rows = tx.all(
        "SELECT h.id, h.number, h.topic, h.requirement, h.class, h.source, h.way, h.theme, h.off_chat, h.due_ms,"
        " h.issued_ms, COALESCE(p.name, '') FROM commission h LEFT JOIN person p ON p.id = h.issued_by"
        f" WHERE h.id IN ({', '.join('?' * len(wanted)) or 'NULL'})",
        *wanted,
    )  # fmt: skip
    return {row[0]: _head(row) for row in rows}


def _head(row: Row) -> Head:
    fields = list(row)
    fields[5:9] = Source(row[5]), Way(row[6]), row[7], bool(row[8])
    return Head(*fields)


def count(tx: Tx, chosen: Selection, by: By, now_ms: int) -> dict[str | int, Counts]:
    """What is counted over a selection, one Counts for each value that occurs, in order of the value."""
    where, values = _where(chosen)
    rows = tx.all(
        f"SELECT {by.value} AS word, COUNT(DISTINCT a.commission_id), {_COUNTED} {_FROM} WHERE {where}"
        " GROUP BY 1 ORDER BY 1",
        now_ms, *values,
    )  # fmt: skip
    return {row[0]: _counts([int(number) for number in row[1:]]) for row in rows}


def by_commission(tx: Tx, chosen: Selection, now_ms: int) -> list[Progress]:
    """What is counted over each commission of a selection, as they were drafted."""
    where, values = _where(chosen)
    next_due = "COALESCE(MIN(CASE WHEN a.stage <> 'closed' THEN a.due_ms END), 0)"
    rows = tx.all(
        f"SELECT c.id, {next_due}, 1, {_COUNTED} {_FROM} WHERE {where} GROUP BY c.id ORDER BY c.id", now_ms, *values
    )
    heads = _heads(tx, (row[0] for row in rows))
    return [Progress(heads[row[0]], row[1], _counts([int(number) for number in row[2:]])) for row in rows]


_SUMS = (
    _EXCUSED,
    "a.received_ms > 0",
    _DELIVERED,
    f"{_DELIVERED} AND a.answered_ms <= a.due_ms",
    _ADOPTED,
    "a.stage <> 'closed'",
    _MISSING,
    *(f"a.outcome = '{outcome.value}'" for outcome in Outcome),
)


_COUNTED = ", ".join(("COUNT(*)", *(f"SUM(CASE WHEN {condition} THEN 1 ELSE 0 END)" for condition in _SUMS)))


def _counts(numbers: list[int]) -> Counts:
    outcomes = dict(zip(Outcome, numbers[-len(Outcome) :], strict=True))
    return Counts({outcome: number for outcome, number in outcomes.items() if number}, *numbers[: -len(Outcome)])


def numbers(tx: Tx, chosen: Selection) -> dict[int, tuple[str, ...]]:
    """The numbers of the items sent in answer, by assignment."""
    where, values = _where(chosen)
    found: dict[int, tuple[str, ...]] = {}
    for id, number in tx.all(f"SELECT a.id, i.number {_FROM} {_ANSWERS} WHERE {where} ORDER BY e.id", *values):
        found[id] = (*found.get(id, ()), number)
    return found


def angles(tx: Tx, chosen: Selection) -> dict[int, str]:
    """What a unit was to write about, where that was said, by assignment."""
    where, values = _where(chosen)
    rows = tx.all(f"SELECT a.id, a.angle {_FROM} WHERE {where} AND a.angle <> ''", *values)
    return {row[0]: row[1] for row in rows}


def signers(tx: Tx, chosen: Selection) -> dict[int, str]:
    """Who of the unit was the first to do something about an assignment, by assignment."""
    where, values = _where(chosen)
    roles = sorted(role.value for role in UNIT_SIDE)
    of_the_unit = (
        "SELECT 1 FROM post o WHERE o.person_id = e.person_id AND o.unit_id = a.unit_id"
        f" AND o.role IN ({', '.join('?' * len(roles))})"
    )
    rows = tx.all(
        f"SELECT a.id, p.name {_FROM} JOIN assignment_event e ON e.assignment_id = a.id"
        f" JOIN person p ON p.id = e.person_id WHERE {where} AND EXISTS ({of_the_unit}) ORDER BY e.id",
        *values, *roles,
    )  # fmt: skip
    found: dict[int, str] = {}
    for id, name in rows:
        found.setdefault(id, name)
    return found


def reporters(tx: Tx, day: date) -> dict[int, str]:
    """Each unit's reporter of a day, A before B."""
    iso = day.isoformat()
    roles = sorted(role.value for role in REPORTERS)
    rows = tx.all(
        "SELECT o.unit_id, p.name FROM post o JOIN person p ON p.id = o.person_id"
        f" WHERE o.role IN ({', '.join('?' * len(roles))})"
        " AND o.valid_from <= ? AND (o.valid_to = '' OR o.valid_to >= ?)"
        " ORDER BY CASE WHEN o.role = ? THEN 0 ELSE 1 END, o.id",
        *roles, iso, iso, Role.REPORTER.value,
    )  # fmt: skip
    found: dict[int, str] = {}
    for unit_id, name in rows:
        found.setdefault(unit_id, name)
    return found


def closers(tx: Tx, chosen: Selection) -> dict[int, tuple[str, str]]:
    """Who closed an assignment that is closed, and what was said, by assignment."""
    where, values = _where(chosen)
    rows = tx.all(
        f"SELECT a.id, p.name, e.note {_FROM} JOIN assignment_event e ON e.assignment_id = a.id AND e.kind = 'closed'"
        f" AND e.at_ms = a.closed_ms JOIN person p ON p.id = e.person_id WHERE {where} ORDER BY e.id",
        *values,
    )  # fmt: skip
    return {id: (name, note) for id, name, note in rows}


def adoptions(tx: Tx, chosen: Selection) -> dict[int, list[tuple[str, str]]]:
    """(journal's key, issue) of every adoption that holds of what was sent in answer, by assignment."""
    where, values = _where(chosen)
    rows = tx.all(
        f"SELECT a.id, f.journal, f.issue {_FROM} {_ANSWERS} JOIN fact f ON f.item_id = COALESCE(m.id, i.id)"
        f" WHERE {where} AND f.kind = 'adoption' AND NOT EXISTS (SELECT 1 FROM fact r WHERE r.revokes = f.id)"
        " ORDER BY f.day, f.id",
        *values,
    )  # fmt: skip
    found: dict[int, list[tuple[str, str]]] = {}
    for id, journal, issue in rows:
        found.setdefault(id, []).append((journal, issue))
    return found


def unit_labels(tx: Tx) -> dict[int, str]:
    """What people call each unit, closed ones too, in the office's order."""
    rows = tx.all(
        "SELECT u.id, COALESCE((SELECT MIN(alias) FROM unit_alias a WHERE a.unit_id = u.id AND a.short = 1), u.name)"
        " FROM unit u ORDER BY u.place, u.id"
    )
    return {row[0]: row[1] for row in rows}
