"""Commissions of the small city as rows: issued, answered, closed, without the commands that do it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from domain.commission import Assignment, Commission, Event, Kind, Outcome
from domain.moment import to_ms
from storage import commission as commissions
from storage.commission import NewAssignment, NewCommission
from storage.engine import Tx

HEAD, CLERK, ZHANG, WANG, ZHAO, SUN = 1, 2, 5, 7, 8, 9
"""Person ids of the small city: 周科长, 吴科员, 张三 (云山县), 王五 (清河区), 赵六 (市发改委), 孙七 (市文旅局)."""


def issued(
    tx: Tx, new: NewCommission, units: Sequence[int | NewAssignment], at: datetime
) -> tuple[Commission, list[Assignment]]:
    """A commission issued to units at a moment, with its assignments in order."""
    targets = [unit if isinstance(unit, NewAssignment) else NewAssignment(unit) for unit in units]
    draft = commissions.draft(tx, new, targets, CLERK, to_ms(at))
    commissions.issue(tx, draft.id, commissions.next_number(tx, at.year), at.year, CLERK, 0, to_ms(at))
    commission = commissions.by_id(tx, draft.id)
    assert commission is not None
    return commission, commissions.assignments(tx, commission.id)


def happened(
    tx: Tx,
    assignment: Assignment,
    kind: Kind,
    at: datetime,
    person_id: int,
    *,
    item_id: int | None = None,
    due: datetime | None = None,
    outcome: Outcome | None = None,
    note: str = "",
) -> Assignment:
    """Something happened to an assignment; returns it as it stands then."""
    event = Event(kind, to_ms(at), person_id, item_id, to_ms(due) if due else 0, outcome, note)
    return commissions.record(tx, assignment, event)


def item(tx: Tx, number: str, unit_id: int, person_id: int, at: datetime, state: str = "received") -> int:
    """An item as it lies in the store; returns its id."""
    row = tx.one(
        "INSERT INTO item (number, year, title, kind, form, state, author_id, unit_id, platform, chat, submitted_ms,"
        " updated_ms, version) VALUES (?, ?, '标题', '动态', '单条', ?, ?, ?, 'onebot', '', ?, ?, 1) RETURNING id",
        number, at.year, state, person_id, unit_id, to_ms(at), to_ms(at),
    )  # fmt: skip
    assert row is not None
    item_id: int = row[0]
    return item_id


def adopted(tx: Tx, item_id: int, day: str, journal: str = "meiri", issue: str = "128") -> None:
    """An item was adopted by a journal."""
    tx.run("UPDATE item SET state = 'adopted' WHERE id = ?", item_id)
    tx.run(
        "INSERT INTO fact (kind, item_id, day, journal, level, form, issue, at_ms, person_id)"
        " VALUES ('adoption', ?, ?, ?, 'city', '单条', ?, 0, 1)",
        item_id, day, journal, issue,
    )  # fmt: skip
