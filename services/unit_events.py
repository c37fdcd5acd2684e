"""What happened to a unit apart from its items: penalties, training, organisation, values left to a person.

Registered and taken back in somebody's name; each says which article it rests on and what it is worth.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from domain.errors import BadInput, BaosongError, NotFound
from domain.measure import Measure, measure_on
from domain.roster import HEAD, REPORTERS, UNIT_SIDE, Person, Unit
from domain.scoring import Entry
from domain.unit_event import UnitEvent, grounds
from services import points
from services.desk import Clerk, Move
from services.items import unit_label
from services.office import Office
from storage import audit, roster, unit_event, unit_fact
from storage.engine import Tx
from storage.unit_event import Listed
from storage.unit_fact import NewUnitFact

_MATTER = re.compile(r"20\d\d-\d{3,6}|约\d+")


@dataclass(frozen=True, slots=True)
class Recorded:
    """What a registration (or its revocation) changed. `articles` are (`第八条`, text); `to_tell` whom it concerns."""

    id: int
    event: str
    unit: Unit
    day: date
    note: str
    moves: tuple[Move, ...]
    articles: tuple[tuple[str, str], ...]
    to_tell: tuple[Person, ...]


def measure_in_force(office: Office, day: date) -> Measure:
    """The measure of a day. Raises NotFound."""
    measure = measure_on(day, office.measures)
    if measure is None:
        raise NotFound(what=f"{day:%Y-%m-%d} 施行的考评办法", hint="请联系信息科。")
    return measure


def record(clerk: Clerk, unit: Unit, read: UnitEvent) -> Recorded:
    """Register what happened. Refuses the same event of the same day and note a second time."""
    tx = clerk.tx
    for one in unit_fact.live(tx, unit.id):
        if (one.event, one.day, one.reason) == (read.event, read.day, read.note):
            by = roster.name_of(tx, one.person_id)
            raise BadInput(
                reason=f"{unit.label}{read.day:%m-%d}的“{read.name}”已经登记过（编号 {one.id}，{by}），没有重复登记。"
                "确有两次，请写上不同的说明。"
            )
    matter = _MATTER.search(read.note)
    fact = NewUnitFact(
        read.event, unit.id, read.day, clerk.person.id, points=read.points, reason=read.note,
        matter=matter[0] if matter else "",
    )  # fmt: skip
    before = _booked(tx, unit.id)
    fact_id = points.record_unit_fact(tx, clerk.office, fact, clerk.now)
    moves = _moved(clerk, before, _booked(tx, unit.id))
    detail = f"{read.event} {read.day} {read.points if read.points is not None else ''} {read.note}"
    audit.write(tx, clerk.now_ms, f"person:{clerk.person.id}", "unit event", f"unit:{unit.id}", detail)
    articles = tuple(grounds(read.event, measure_in_force(clerk.office, read.day)))
    told = _concerned(clerk, unit.id, any(move.points < 0 for move in moves))
    return Recorded(fact_id, read.event, unit, read.day, read.note, moves, articles, told)


def revoke(clerk: Clerk, id: int, reason: str) -> Recorded:
    """Take a registration back. Who registered it may, and the head of the section."""
    tx = clerk.tx
    found = unit_fact.by_id(tx, id)
    if found is None:
        raise NotFound(what=f"编号 {id} 的加减分登记", hint="发“/事项”看现有的登记。")
    if not reason:
        raise BadInput(reason=f"没有写原因。请这样写：/记事 撤销 {id} 原因")
    if found.person_id != clerk.person.id and not clerk.person.has(HEAD):
        by = roster.name_of(tx, found.person_id)
        raise BaosongError(reason=f"这是{by}登记的，撤销别人的登记要由信息科长办理。")
    unit = roster.unit(tx, found.unit_id, found.day.year)
    assert unit is not None, "facts are about units of the roster"
    before = _booked(tx, found.unit_id)
    points.revoke_unit_fact(tx, clerk.office, id, clerk.person.id, reason, clerk.now)
    moves = _moved(clerk, before, _booked(tx, found.unit_id))
    audit.write(tx, clerk.now_ms, f"person:{clerk.person.id}", "revoke event", f"unit:{unit.id}", f"{id} {reason}")
    told = _concerned(clerk, unit.id, any(move.points > 0 for move in moves))
    return Recorded(id, found.event, unit, found.day, reason, moves, (), told)


def _booked(tx: Tx, unit_id: int) -> dict[int, Entry]:
    return {one.seq: one.entry for one in unit_fact.standing(tx, unit_id)}


def _moved(clerk: Clerk, before: dict[int, Entry], after: dict[int, Entry]) -> tuple[Move, ...]:
    gone = [(entry, -entry.points) for seq, entry in before.items() if seq not in after]
    new = [(entry, entry.points) for seq, entry in after.items() if seq not in before]
    return tuple(
        Move(unit_label(clerk.tx, entry.unit_id, clerk.now.year), entry.unit_id, moved, entry.article, entry.reason)
        for entry, moved in gone + new
    )


def _concerned(clerk: Clerk, unit_id: int, penalty: bool) -> tuple[Person, ...]:
    """The unit's first reporter; of a penalty also its leader."""
    roles = UNIT_SIDE if penalty else REPORTERS
    people = roster.people_in(clerk.tx, unit_id, roles, clerk.today)
    reporters = [person for person in people if person.has(REPORTERS)][:1]
    leaders = [person for person in people if not person.has(REPORTERS)]
    return tuple(person for person in (*reporters, *leaders) if person.id != clerk.person.id)


def listed(tx: Tx, first: date, last: date, unit_id: int | None = None) -> list[Listed]:
    """What happened from day to day to all units, or to one, newest first."""
    return unit_event.listed(tx, first, last, unit_id)


__all__ = ["Listed", "Recorded", "listed", "measure_in_force", "record", "revoke"]
