"""更正: changes collected as a set, previewed, then approved by the head of the section or dropped.

The preview carries the set out with the very operations of the approval and undoes it, so it shows what will be; if
something else happened in between, the approval shows the new preview instead of applying what nobody has seen.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from domain.cycle import Change
from domain.errors import BadInput, NotAllowed, NotFound
from domain.period import Period, month_of, parse_period
from domain.roster import HEAD, Person, Post, Role
from services import measures
from services.board import Row, boards
from services.cycles import changes
from services.desk import Clerk
from services.office import Office
from storage import audit, ledger, roster
from storage import correction as store
from storage.correction import Correction, Stage
from storage.engine import Tx

LARGEST = 50
"""So many changes make a set; more are another set."""


_MEASURE = Change.MEASURE.name.lower()


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a unit stands on a board. Points in hundredths."""

    rank: int | None
    points: int
    submitted: int
    adopted: int


@dataclass(frozen=True, slots=True)
class Move:
    """A unit that stands otherwise after a correction."""

    unit_id: int
    unit: str
    class_name: str
    before: Spot
    after: Spot


@dataclass(frozen=True, slots=True)
class Effect:
    """What a correction does to the board of a period: everybody who moves, in the order of the board after it."""

    period: Period
    moves: tuple[Move, ...]


@dataclass(frozen=True, slots=True)
class Preview:
    """What a set does: to the months it books into and to their years, and how many entries it books."""

    effects: tuple[Effect, ...]
    entries: int

    @property
    def hash(self) -> str:
        """SHA-256 of what is shown; the same as long as it would do the same."""
        told = [(one.period.code, one.moves) for one in self.effects]
        return hashlib.sha256(repr((told, self.entries)).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Applied:
    """What became of an approval: applied, or not, because the preview shown is not what would happen now."""

    correction: Correction
    preview: Preview
    done: bool


def collect(clerk: Clerk, change: Change, line: str, body: str) -> tuple[Correction, store.Change]:
    """Add a change to the set that is being collected, which is begun with it; only what works now gets in.

    Raises BadInput, NotFound, and whatever the operation itself raises.
    """
    words = changes.read(clerk, change, line, body)
    found = store.collecting(clerk.tx)
    if found is not None and len(found.changes) >= LARGEST:
        raise BadInput(reason=f"更正{found.id}已有 {LARGEST} 项，请先办完这一份。")
    number = found.id if found else store.begin(clerk.tx, clerk.person.id, clerk.now_ms)
    store.add(clerk.tx, number, change.name.lower(), words, clerk.person.id, clerk.now_ms)
    collected = _renewed(clerk.tx, number)
    if all(one.kind != _MEASURE for one in collected.changes):  # booking a year anew is for the preview alone
        _tried(clerk, collected)
    return collected, collected.changes[-1]


def collect_file(tx: Tx, office: Office, text: str, now: datetime) -> tuple[Correction, store.Change]:
    """Add a measure that is to hold from a day that has points already; said at the command line, by nobody the roster
    knows. It is looked at and approved in the chat like every change. Raises MeasureFault, BadInput."""
    return collect(Clerk(tx, office, Person(0, "", "", ()), now), Change.MEASURE, "", text)


def remove(clerk: Clerk, place: int) -> Correction:
    """Take a change out of the set. Raises NotFound."""
    found = the_open_one(clerk.tx)
    if not store.drop_change(clerk.tx, found.id, place):
        raise NotFound(what=f"更正{found.id}的第{place}项", hint="发“/更正”看有哪些。")
    return _renewed(clerk.tx, found.id)


def the_open_one(tx: Tx) -> Correction:
    """The set that is being collected. Raises NotFound."""
    found = store.collecting(tx)
    if found is None or not found.changes:
        raise NotFound(what="正在拟的更正", hint=f"先加一项，例如：{changes.HOW_TO[Change.ADOPT]}")
    return found


def open_or_latest(tx: Tx) -> Correction | None:
    """The set that is being collected, else the one that was settled last."""
    return store.collecting(tx) or store.latest(tx)


def preview(clerk: Clerk) -> tuple[Correction, Preview]:
    """What the set would do now; it is remembered as shown. Raises NotFound, and what an operation raises."""
    found = the_open_one(clerk.tx)
    shown = _tried(clerk, found)
    store.note_preview(clerk.tx, found.id, shown.hash)
    return _renewed(clerk.tx, found.id), shown


def approve(clerk: Clerk) -> Applied:
    """Apply the set as it was shown. Raises NotAllowed, NotFound, and what an operation raises."""
    if not clerk.person.has(HEAD):
        raise NotAllowed(action="/更正 批准")
    found = the_open_one(clerk.tx)
    shown = _tried(clerk, found)
    if shown.hash != found.previewed:
        store.note_preview(clerk.tx, found.id, shown.hash)
        return Applied(_renewed(clerk.tx, found.id), shown, done=False)
    seq = ledger.last_seq(clerk.tx)
    _carry_out(clerk, found)
    now_seq = ledger.last_seq(clerk.tx)
    store.settle(clerk.tx, found.id, Stage.APPLIED, clerk.person.id, clerk.now_ms, seq, now_seq)
    _audit(clerk, found, "correction applied", f"{len(found.changes)} changes, entries {seq + 1} to {now_seq}")
    return Applied(_renewed(clerk.tx, found.id), shown, done=True)


def drop(clerk: Clerk) -> Correction:
    """Give the set up; it stays readable. Raises NotFound."""
    found = the_open_one(clerk.tx)
    store.settle(clerk.tx, found.id, Stage.DROPPED, clerk.person.id, clerk.now_ms)
    _audit(clerk, found, "correction dropped", f"{len(found.changes)} changes")
    return _renewed(clerk.tx, found.id)


def told(clerk: Clerk, found: Correction) -> list[tuple[int, str]]:
    """(place, words) of the changes of a set."""
    return [(change.place, changes.tell(clerk, change)) for change in found.changes]


def settled_by(tx: Tx, found: Correction) -> str:
    """Who approved or dropped a set."""
    return roster.name_of(tx, found.settled_by)


def heads(tx: Tx, day: date) -> list[Person]:
    """Who can approve a set on a day."""
    return roster.people(tx, HEAD, day)


def _audit(clerk: Clerk, found: Correction, action: str, detail: str) -> None:
    audit.write(clerk.tx, clerk.now_ms, f"person:{clerk.person.id}", action, f"correction:{found.id}", detail)


def _renewed(tx: Tx, id: int) -> Correction:
    found = store.by_id(tx, id)
    assert found is not None
    return found


def _carry_out(clerk: Clerk, found: Correction) -> None:
    for change in found.changes:
        changes.apply(clerk, change)


class _Undone(Exception):
    """Leaves the savepoint with what was seen in it."""

    def __init__(self, after: dict[str, dict[int, tuple[str, Row]]], entries: int) -> None:
        super().__init__()
        self.after, self.entries = after, entries


def _tried(clerk: Clerk, found: Correction) -> Preview:
    """Carry the set out, look, and undo it."""
    tx, seq = clerk.tx, ledger.last_seq(clerk.tx)
    fact = store.last_fact(tx)
    # A set is applied in the name of the head: who only looks at it sees what the head would bring about.
    as_head = replace(clerk.person, posts=(*clerk.person.posts, Post(clerk.person.unit_id or 0, Role.OFFICE_HEAD)))
    try:
        with tx.savepoint():
            _carry_out(replace(clerk, person=as_head), found)
            periods = list(_periods(tx, seq, fact))
            raise _Undone({one.code: _standings(clerk, one) for one in periods}, ledger.last_seq(tx) - seq)
    except _Undone as seen:
        effects = tuple(_effect(clerk, code, after) for code, after in seen.after.items())
        return Preview(tuple(one for one in effects if one.moves), seen.entries)


def _periods(tx: Tx, seq: int, fact: int) -> Iterator[Period]:
    """The open months something was booked into or counted in since, and their years."""
    frozen = ledger.frozen_through(tx) or date.min
    months = [month_of(day) for day in store.months_touched(tx, seq, fact)]
    yield from (one for one in months if one.last > frozen)
    for year in sorted({one.first.year for one in months}):
        yield parse_period(str(year), date(year, 12, 31))


def _standings(clerk: Clerk, period: Period) -> dict[int, tuple[str, Row]]:
    """unit → its class and its row."""
    held = measures.in_force(clerk.tx, clerk.office)
    return {row.unit.id: (name, row) for name, rows in boards(clerk.tx, period, held).items() for row in rows}


def _effect(clerk: Clerk, code: str, after: dict[int, tuple[str, Row]]) -> Effect:
    period = parse_period(code, date(int(code[:4]), 12, 31))
    before = _standings(clerk, period)
    moves = [
        Move(unit_id, row.unit.label, name, _spot(before[unit_id][1]), _spot(row))
        for unit_id, (name, row) in after.items()
        if unit_id in before and _spot(before[unit_id][1]) != _spot(row)
    ]
    return Effect(period, tuple(moves))


def _spot(row: Row) -> Spot:
    return Spot(row.rank, row.points, row.submitted, row.adopted)


def moved_units(found: Preview) -> Sequence[int]:
    """The units whose points move, in any of the periods."""
    moves = [move for effect in found.effects for move in effect.moves if move.before.points != move.after.points]
    return list(dict.fromkeys(move.unit_id for move in moves))
