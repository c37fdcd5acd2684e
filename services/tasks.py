"""How commissions stand: what is open for a unit, what for the office, who has not received or answered. Reads only."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from domain.commission import Assignment, Commission, Event, Stage
from domain.item import Item, State
from domain.moment import from_ms, to_ms
from services.assignments import Share, shares
from services.items import unit_label
from storage import commission as commissions
from storage import item as items
from storage import roster
from storage.engine import Tx


@dataclass(frozen=True, slots=True)
class Standing:
    """Who stands where in a commission, by the names of the units, in the office's order."""

    commission: Commission
    not_received: tuple[str, ...]
    not_answered: tuple[str, ...]
    declined: tuple[str, ...]
    asked: tuple[str, ...]
    answered: tuple[str, ...]
    closed: tuple[str, ...]
    overdue: tuple[str, ...]


def standing(tx: Tx, commission: Commission, now: datetime) -> Standing:
    """Who has not received a commission, not answered it, answered it; for the office's eyes alone."""
    given = shares(tx, commission, commissions.assignments(tx, commission.id), now.year)

    def units(stage: Stage) -> tuple[str, ...]:
        return _names(share for share in given if share.assignment.now.stage is stage)

    open_ones = [share for share in given if share.assignment.is_open and not share.assignment.now.answered_ms]
    return Standing(
        commission,
        units(Stage.ISSUED),
        units(Stage.RECEIVED),
        units(Stage.DECLINED),
        _names(share for share in given if share.assignment.now.asked_due_ms),
        units(Stage.ANSWERED),
        units(Stage.CLOSED),
        _names(share for share in open_ones if share.assignment.is_overdue(to_ms(now))),
    )


def _names(found: Iterable[Share]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(share.unit for share in found))


@dataclass(frozen=True, slots=True)
class Task:
    """Something open for a unit; `returned` are items that answer it and were sent back to be corrected."""

    share: Share
    returned: tuple[Item, ...]

    @property
    def waits_for_the_unit(self) -> bool:
        return self.share.assignment.now.stage is not Stage.ANSWERED or bool(self.returned)


def _open_task(tx: Tx, commission: Commission, given: Assignment, now: datetime) -> Task:
    answers = commissions.answers(tx, given.id) if given.now.stage is Stage.ANSWERED else []
    known = [item for item in (items.by_id(tx, id) for id in answers) if item is not None]
    returned = tuple(item for item in known if item.state is State.RETURNED)
    # One that was sent back is no matter if another one stands.
    sent_back = returned if len(returned) == len(known) else ()
    return Task(Share(commission, given, unit_label(tx, given.unit_id, now.year)), sent_back)


def tasks(tx: Tx, units: Collection[int], now: datetime) -> list[Task]:
    """Everything open for these units, nearest due time first."""
    return [_open_task(tx, commission, given, now) for commission, given in commissions.open_of_units(tx, units)]


@dataclass(frozen=True, slots=True)
class DeskTasks:
    """What the office sees: every commission with something open and how many stand where, and what waits for it."""

    commissions: tuple[tuple[Commission, dict[Stage, int]], ...]
    asked: tuple[Share, ...]
    declined: tuple[Share, ...]


def desk_tasks(tx: Tx, now: datetime) -> DeskTasks:
    """All that is open, nearest due time first."""
    waiting = [
        Share(commission, given, unit_label(tx, given.unit_id, now.year))
        for commission, given in commissions.requests(tx)
    ]
    return DeskTasks(
        tuple(commissions.open_counts(tx)),
        tuple(share for share in waiting if share.assignment.now.asked_due_ms),
        tuple(share for share in waiting if share.assignment.now.stage is Stage.DECLINED),
    )


@dataclass(frozen=True, slots=True)
class History:
    """A share with everything that happened to it, each with who did it, and the items that were ever linked to it."""

    task: Task
    events: tuple[tuple[Event, str], ...]
    items: tuple[Item, ...]

    @property
    def share(self) -> Share:
        return self.task.share


def history(tx: Tx, share: Share, now: datetime) -> History:
    """What happened to a share, oldest first."""
    events = commissions.events(tx, share.assignment.id)
    named = dict.fromkeys(event.item_id for event in events if event.item_id)
    found = (items.by_id(tx, id) for id in named)
    return History(
        _open_task(tx, share.commission, share.assignment, now),
        tuple((event, roster.name_of(tx, event.person_id)) for event in events),
        tuple(item for item in found if item is not None),
    )


def overdue_days(due_ms: int, now: datetime) -> int:
    """How many calendar days something is overdue; 0 on the very day."""
    return max(0, (now.date() - from_ms(due_ms).date()).days)
