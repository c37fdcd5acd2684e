"""How a commission stands with its messages: what arrived, whom nothing reached and why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from domain.commission import Assignment, Commission, Stage
from domain.roster import Person
from services.commissions.pushing import Reach, find_reach, unit_labels
from services.dispatch import target_name
from storage import commission as commissions
from storage import push, roster
from storage.engine import Tx
from storage.outbox import LABELS, Sending
from storage.push import Pushed

NO_REPORTER = "没有信息员"
NO_ACCOUNT = "信息员没有绑定账号"
HELD = "已暂停"
TURNED = "改走其他平台"

_ORDER = (LABELS[Sending.SENT], LABELS[Sending.PENDING], LABELS[Sending.SENDING], HELD, TURNED)
"""What became of messages, as the office wants to know it: what went well first."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """A chat whose message did not arrive, as far as is known: what state it is in, and the platform's words."""

    to: str
    state: str
    error: str


@dataclass(frozen=True, slots=True)
class Progress:
    """Messages by what became of them (as people call it), units reached, the others with the reason why not."""

    commission: Commission
    issued_by: str
    units: int
    reached: int
    states: Mapping[str, int]
    trouble: tuple[Trouble, ...]
    not_reached: tuple[tuple[str, str], ...]
    stages: Mapping[Stage, int]

    @property
    def held(self) -> bool:
        return bool(self.states.get(HELD))


def progress(tx: Tx, commission: Commission, now: datetime) -> Progress:
    """How a commission that was issued stands."""
    day = now.date()
    assigned = commissions.assignments(tx, commission.id)
    unit_ids = list(dict.fromkeys(one.unit_id for one in assigned))
    pushes = push.of_commission(tx, commission.id)
    there = _reached(pushes, assigned)
    labels = unit_labels(tx, day)
    why = _Reasons(find_reach(tx, commission.id, unit_ids, day), pushes, assigned)
    failed = [one for one in pushes if one.state in push.NOT_REACHED]
    return Progress(
        commission,
        roster.name_of(tx, commission.issued_by),
        len(unit_ids),
        len(there),
        _counted(pushes),
        tuple(Trouble(target_name(tx, o.platform, o.target, day), LABELS[o.state], o.error) for o in failed),
        tuple((labels.get(id, ""), why.of(id)) for id in unit_ids if id not in there),
        Counter(one.now.stage for one in assigned),
    )


def _counted(pushes: list[Pushed]) -> dict[str, int]:
    counts = Counter(_state(one) for one in pushes)
    order = dict.fromkeys((*_ORDER, *LABELS.values()))
    return {state: counts[state] for state in order if counts[state]}


def _state(one: Pushed) -> str:
    return HELD if one.held else TURNED if one.turned else LABELS[one.state]


def _reached(pushes: list[Pushed], assigned: list[Assignment]) -> set[int]:
    """The units of which a message arrived, in a group or in private."""
    arrived = [one for one in pushes if one.state is Sending.SENT]
    if any(not one.assignment_ids for one in arrived):
        return {one.unit_id for one in assigned}
    ids = {id for one in arrived for id in one.assignment_ids}
    return {one.unit_id for one in assigned if one.id in ids}


class _Reasons:
    """Why a unit was not reached: what its own messages say, or what the roster lacks."""

    def __init__(self, found: Reach, pushes: list[Pushed], assigned: list[Assignment]) -> None:
        self._found = found
        self._everybody = [one for one in pushes if not one.assignment_ids]
        self._by_unit: dict[int, list[Pushed]] = {}
        unit_of = {one.id: one.unit_id for one in assigned}
        for one in pushes:
            for id in one.assignment_ids:
                self._by_unit.setdefault(unit_of[id], []).append(one)

    def of(self, unit_id: int) -> str:
        own = [*self._everybody, *self._by_unit.get(unit_id, ())]
        if own:
            return "、".join(dict.fromkeys(map(_state, own)))
        return NO_REPORTER if unit_id in self._found.no_reporter else NO_ACCOUNT


def contact(tx: Tx, commission: Commission, day: date) -> str:
    """Who to ask about a commission: who drafted it, with the phone if the roster has one."""
    person: Person | None = roster.person(tx, commission.drafted_by, day)
    return f"{person.name} {person.phone}".strip() if person else ""


def unit_names(tx: Tx, commission: Commission, day: date) -> tuple[list[Assignment], dict[int, str]]:
    """What each unit is to do, and what people call the units."""
    return commissions.assignments(tx, commission.id), unit_labels(tx, day)
