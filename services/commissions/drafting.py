"""From a brief to a draft: what its words mean, whom it reaches, and what is odd about it, before it is confirmed."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from domain.commission import Assignment, Commission, State, Way
from domain.day_words import moment_label
from domain.due import Due, earlier_due, read_due
from domain.errors import BadInput
from domain.moment import from_ms, to_ms
from domain.roster import Person
from domain.targets import City, read_targets
from services import cards
from services.calendar import with_calendar
from services.commissions.brief import Brief, PartBrief, read_length, read_part, read_source, read_upper
from services.commissions.pushing import Reach, find_reach, unit_labels
from services.office import Office
from storage import commission as commissions
from storage import roster
from storage.commission import NewAssignment, NewCommission
from storage.engine import Tx

LOOKED_BACK = timedelta(days=14)
"""A commission of the same topic issued within so long may be the same one."""

ALIKE = 0.85

_SPELLING = re.compile(r"[\s，。、；：！？《》“”（）()\-—·.,]")


@dataclass(frozen=True, slots=True)
class Drafted:
    """A draft as it is looked over: `readings` how its due times were read, `targets` how its units were, `notes` what
    is odd about either, `doubles` commissions that may be the same. `labels` names its units."""

    commission: Commission
    assigned: tuple[Assignment, ...]
    labels: dict[int, str]
    readings: tuple[str, ...]
    targets: str
    notes: tuple[str, ...]
    reach: Reach
    doubles: tuple[Commission, ...]

    @property
    def unit_ids(self) -> tuple[int, ...]:
        return tuple(dict.fromkeys(one.unit_id for one in self.assigned))


def missing(brief: Brief) -> list[str]:
    """The fields a commission cannot be without that the brief does not have, in the order they are asked."""
    parts = [read_part(line) for line in brief.parts.splitlines()]
    has_due = brief.due or read_upper(brief.upper)[1] or (parts and all(part.due for part in parts))
    fields = (("topic", brief.topic or brief.off_chat), ("due", has_due), ("units", brief.units or parts))
    return [field for field, there in fields if not there]


def draft(tx: Tx, office: Office, brief: Brief, person: Person, now: datetime, *, instead_of: int = 0) -> Drafted:
    """Keep a draft of the brief, in place of an earlier one, and look it over.

    Raises BadInput or NotFound for a due time or a unit that is not understood, BadInput if something is missing.
    """
    reading = _Reading(tx, with_calendar(tx, office), now)
    new, targets = reading.commission(brief)
    before = commissions.by_id(tx, instead_of) if instead_of else None
    if before is not None and before.state is State.DRAFT:
        commissions.drop(tx, before.id)
        cards.settle(tx, cards.draft_matter(before.id), "已修改", person.id, now)
    drafted = commissions.draft(tx, new, targets, person.id, to_ms(now))
    found = look_over(tx, drafted, now)
    notes = tuple(dict.fromkeys(reading.notes))
    return replace(found, readings=tuple(reading.readings), targets=reading.targets, notes=notes)


def read_afterwards(
    tx: Tx, office: Office, brief: Brief, way: Way, now: datetime
) -> tuple[NewCommission, list[NewAssignment]]:
    """What a commission given by phone or SMS earlier today asked for. Raises BadInput, NotFound."""
    office = with_calendar(tx, office)
    try:
        new, targets = _Reading(tx, office, now).commission(brief)
    except BadInput:
        # What was due at noon is logged in the afternoon: the words are read as they were said, today.
        morning = now.replace(hour=0, minute=0, second=0, microsecond=0)
        new, targets = _Reading(tx, office, morning).commission(brief)
    return replace(new, way=way), targets


def read_due_words(tx: Tx, office: Office, words: str, now: datetime) -> Due:
    """A due time by itself, as a form's step checks it. Raises BadInput."""
    return read_due(words, now, with_calendar(tx, office).calendar)


def name_units(tx: Tx, words: str, now: datetime) -> list[str]:
    """The units that are meant, as people call them. Raises BadInput, NotFound."""
    labels = unit_labels(tx, now.date())
    return [labels[id] for id in read_targets(words, _city(tx, now)).unit_ids]


def _city(tx: Tx, now: datetime) -> City:
    return City(tuple(roster.units(tx, now.date())), tuple(roster.unit_names(tx, now.date())))


def look_over(tx: Tx, commission: Commission, now: datetime) -> Drafted:
    """A draft as it stands: whom it reaches today, what it may double."""
    assigned = tuple(commissions.assignments(tx, commission.id))
    unit_ids = list(dict.fromkeys(one.unit_id for one in assigned))
    return Drafted(
        commission,
        assigned,
        unit_labels(tx, now.date()),
        (),
        "",
        (),
        find_reach(tx, commission.id, unit_ids, now.date()),
        tuple(_doubles(tx, commission, now)),
    )


@dataclass(frozen=True, slots=True)
class Waiting:
    """A draft that waits for the chief, and who drafted it."""

    drafted: Drafted
    by: str


def waiting(tx: Tx, now: datetime) -> list[Waiting]:
    """What waits for the chief, oldest first."""
    found = reversed(commissions.in_state(tx, State.WAITING, 50))
    return [Waiting(look_over(tx, one, now), roster.name_of(tx, one.drafted_by)) for one in found]


def _doubles(tx: Tx, commission: Commission, now: datetime) -> Iterator[Commission]:
    recent = commissions.issued_between(tx, to_ms(now - LOOKED_BACK), to_ms(now) + 1)
    recent += commissions.in_state(tx, State.WAITING, 50)
    for other in recent:
        if other.id != commission.id and commission.topic and is_alike(other.topic, commission.topic):
            yield other


def is_alike(one: str, other: str) -> bool:
    """Whether two topics say the same but for signs and a word."""
    bare = _SPELLING.sub("", one), _SPELLING.sub("", other)
    return bare[0] == bare[1] or difflib.SequenceMatcher(None, *bare).ratio() >= ALIKE


class _Reading:
    """Turns the words of one brief into a commission; gathers how due times were read and what is odd about them."""

    def __init__(self, tx: Tx, office: Office, now: datetime) -> None:
        self._calendar, self._now = office.calendar, now
        self._city = _city(tx, now)
        self.readings: list[str] = []
        self.targets = ""
        self.notes: list[str] = []

    def commission(self, brief: Brief) -> tuple[NewCommission, list[NewAssignment]]:
        parts = [read_part(line) for line in brief.parts.splitlines()]
        upper_number, upper_due_ms = self._upper(brief.upper)
        due_ms = self._own_due(brief.due, upper_due_ms)
        targets = list(self._parts(parts, due_ms))
        due_ms = due_ms or max((one.due_ms for one in targets), default=0)
        if not due_ms:
            raise BadInput(reason="没有写报送时间，例如：时间：周五下班前。")
        named = {one.unit_id for one in targets}
        whole = [NewAssignment(id) for id in self._whole(brief.units) if id not in named]
        if not whole and not targets:
            raise BadInput(reason="没有写单位，例如：单位：全部县区，除临江县。")
        new = NewCommission(
            topic=brief.topic,
            due_ms=due_ms,
            source=read_source(brief.source, brief.upper),
            requirement=brief.requirement,
            class_name=brief.class_name,
            length=read_length(brief.length),
            theme=brief.theme,
            upper_number=upper_number,
            upper_due_ms=upper_due_ms,
            due_said=brief.due,
            urgent=bool(brief.urgent),
            off_chat=bool(brief.off_chat),
        )
        return new, whole + targets

    def _own_due(self, words: str, upper_due_ms: int) -> int:
        """The due time that is written; else one early enough for the upper demand; 0 if there is neither."""
        if words:
            due_ms = self._due(words)
            if upper_due_ms and due_ms >= upper_due_ms:
                self.notes.append("比上级要求的时间还晚，或者正好相同")
            return due_ms
        if not upper_due_ms:
            return 0
        moment = earlier_due(from_ms(upper_due_ms), self._now, self._calendar)
        self.readings.append(f"比上级要求提前 → {moment_label(moment, self._now, self._calendar)}")
        return to_ms(moment)

    def _upper(self, words: str) -> tuple[str, int]:
        number, due = read_upper(words)
        return number, self._note(read_due(due, self._now, self._calendar), "上级要求：") if due else 0

    def _parts(self, parts: Sequence[PartBrief], due_ms: int) -> Iterator[NewAssignment]:
        for number, part in enumerate(parts, start=1):
            own_ms = self._due(part.due, f"分解 {number}：") if part.due else due_ms
            if not own_ms:
                raise BadInput(reason=f"分解 {number}“{part.angle}”没有写时间，总的时间也没有写。")
            if due_ms and own_ms > due_ms:
                self.notes.append(f"分解 {number} 的时间比总的时间晚")
            leads, joins = self._units(part.leads), self._units(part.joins)
            for unit_id in dict.fromkeys((*leads, *joins)):
                yield NewAssignment(unit_id, number, unit_id in leads, part.angle, part.length, own_ms)

    def _due(self, words: str, what: str = "") -> int:
        return self._note(read_due(words, self._now, self._calendar), what)

    def _note(self, due: Due, what: str = "") -> int:
        self.readings.append(what + due.reading)
        self.notes += [what + note for note in due.notes]
        return to_ms(due.moment)

    def _whole(self, words: str) -> tuple[int, ...]:
        """The units of the commission as a whole; how they were read is shown."""
        if not words:
            return ()
        found = read_targets(words, self._city)
        self.targets = found.reading.rpartition("：")[0]
        self.notes += found.notes
        return found.unit_ids

    def _units(self, words: str) -> tuple[int, ...]:
        if not words:
            return ()
        return read_targets(words, self._city).unit_ids
