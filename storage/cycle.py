"""Where a period stands on its way to the bulletin, and who took which step when. Steps are appended, never changed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from domain.cycle import State, Step
from domain.period import Period
from storage import ledger
from storage.engine import Tx


@dataclass(frozen=True, slots=True)
class Cycle:
    """A period somebody has begun to settle; `period` is its code. `changed_ms` is UTC."""

    period: str
    state: State
    first: date
    last: date
    changed_ms: int


@dataclass(frozen=True, slots=True)
class Taken:
    """A step that was taken. `until_ms` (UTC; 0: none) is until when the units may object to what it showed them;
    `note` is what was said with it (the number of the bulletin)."""

    step: Step
    at_ms: int
    person_id: int
    until_ms: int
    note: str


def find(tx: Tx, period: str) -> Cycle | None:
    """The cycle of a period's code; None while nothing was done with it: it is open."""
    row = tx.one("SELECT period, state, first_day, last_day, changed_ms FROM score_cycle WHERE period = ?", period)
    return _cycle(*row) if row else None


def state_of(tx: Tx, period: str) -> State:
    found = find(tx, period)
    return found.state if found else State.OPEN


def cycles(tx: Tx) -> list[Cycle]:
    """Every period somebody has begun to settle, by their last days."""
    rows = tx.all(
        "SELECT period, state, first_day, last_day, changed_ms FROM score_cycle ORDER BY last_day, first_day DESC"
    )
    return [_cycle(*row) for row in rows]


def _cycle(period: str, state: str, first: str, last: str, changed_ms: int) -> Cycle:
    return Cycle(period, State(state), date.fromisoformat(first), date.fromisoformat(last), changed_ms)


def move(tx: Tx, period: Period, state: State, taken: Taken) -> None:
    """Put a period in another state by a step somebody took."""
    tx.run(
        "INSERT INTO score_cycle (period, state, first_day, last_day, changed_ms) VALUES (?, ?, ?, ?, ?)"
        " ON CONFLICT (period) DO UPDATE SET state = excluded.state, changed_ms = excluded.changed_ms",
        period.code, state.value, period.first.isoformat(), period.last.isoformat(), taken.at_ms,
    )  # fmt: skip
    tx.run(
        "INSERT INTO cycle_step (period, step, at_ms, person_id, until_ms, note) VALUES (?, ?, ?, ?, ?, ?)",
        period.code, taken.step.name.lower(), taken.at_ms, taken.person_id, taken.until_ms, taken.note,
    )  # fmt: skip
    ledger.forget_cycle(tx)


def steps(tx: Tx, period: str) -> list[Taken]:
    """Every step taken with a period, oldest first."""
    rows = tx.all("SELECT step, at_ms, person_id, until_ms, note FROM cycle_step WHERE period = ? ORDER BY id", period)
    return [Taken(Step[step.upper()], *rest) for step, *rest in rows]


def last_step(tx: Tx, period: str, step: Step) -> Taken | None:
    """The last time a step was taken."""
    return next((one for one in reversed(steps(tx, period)) if one.step is step), None)


@dataclass(frozen=True, slots=True)
class Pending:
    """An entry that waits for the superior's points."""

    unit_id: int
    item_id: int
    number: str
    title: str
    journal: str
    issue: str


def pending(tx: Tx, first: date, last: date) -> list[Pending]:
    """The entries of a span whose points are not known yet, oldest first."""
    rows = tx.all(
        "SELECT e.unit_id, e.item_id, COALESCE(i.number, ''), COALESCE(i.title, ''), COALESCE(f.journal, ''),"
        " COALESCE(f.issue, '') FROM entry e LEFT JOIN item i ON i.id = e.item_id LEFT JOIN fact f ON f.id = e.fact_id"
        " WHERE e.pending = 1 AND e.ym BETWEEN ? AND ? AND e.day BETWEEN ? AND ? AND e.reverses IS NULL"
        " AND NOT EXISTS (SELECT 1 FROM entry r WHERE r.item_id = e.item_id AND r.reverses = e.seq) ORDER BY e.seq",
        first.year * 100 + first.month, last.year * 100 + last.month, first.isoformat(), last.isoformat(),
    )  # fmt: skip
    return [Pending(*row) for row in rows]


def entry_counts(tx: Tx, first: date, last: date) -> dict[int, tuple[int, int]]:
    """unit → how many entries a span has and their sum in hundredths, reversals counted like the rest."""
    rows = tx.all(
        "SELECT unit_id, COUNT(*), CAST(SUM(points) AS BIGINT) FROM entry WHERE ym BETWEEN ? AND ?"
        " AND day BETWEEN ? AND ? GROUP BY unit_id",
        first.year * 100 + first.month, last.year * 100 + last.month, first.isoformat(), last.isoformat(),
    )  # fmt: skip
    return {unit: (count, points) for unit, count, points in rows}
