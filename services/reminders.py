"""Reminders of commissions: ladders are planned, climbed, merged for each person, and every step ends with its reason.

A round looks at all that is due and writes steps and messages in one transaction. It is right after any outage: what
was missed is superseded, too late, or goes now. Everything is said in private; nothing ever goes to a group.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import groupby

from domain.commission import Assignment, Commission
from domain.ladder import (
    Planned,
    Span,
    Step,
    Times,
    Verdict,
    Waiting,
    Whom,
    Why,
    judge,
    obstacle,
    plan,
    step_of,
    when_capped,
)
from domain.moment import from_ms, to_ms
from domain.roster import DESK, Role
from services import digests
from services.mail import tell
from services.office import Office
from storage import commission as commissions
from storage import reminder as reminders
from storage import roster
from storage.engine import Tx
from storage.reminder import Reminder

KIND, URGENT_KIND = "reminder", "reminder urgent"
"""Kinds of messages in the outbox; the second does not wait for speaking hours."""

LADDERS_AT_ONCE = 100
PEOPLE_AT_ONCE = 100
"""What one round does at most: chat is answered between two rounds, and the next tick goes on."""

_ROLES = {
    Whom.REPORTER: Role.REPORTER,
    Whom.DEPUTY: Role.DEPUTY_REPORTER,
    Whom.LEADER: Role.LEADER,
}
_TO_DO = frozenset({Whom.REPORTER, Whom.DEPUTY})


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a message: what is owed, by whom, and (for a leader or the office) who was reminded when, UTC ms."""

    commission: Commission
    assignment: Assignment
    unit: str
    told: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Letter:
    """What one person is told at once: what they owe, what their unit owes, what units owe the office."""

    person: str
    now: datetime
    to_do: tuple[Entry, ...] = ()
    led: tuple[Entry, ...] = ()
    overdue: tuple[Entry, ...] = ()
    digest: bool = False


Word = Callable[[Letter], str]


@dataclass(frozen=True, slots=True)
class Done:
    """What a round did: ladders planned, messages sent, steps put off."""

    planned: int
    sent: int
    put_off: int


@dataclass(frozen=True, slots=True)
class Case:
    """A step with what it is about."""

    row: Reminder
    step: Step
    assignment: Assignment
    commission: Commission

    @property
    def due(self) -> datetime:
        return from_ms(self.row.due_ms)

    @property
    def waiting(self) -> Waiting:
        return Waiting(self.row.id, self.step, from_ms(self.row.planned_ms), self.row.person_id)


def begin_ladders(tx: Tx, office: Office, now: datetime) -> int:
    """Plan the ladders of what was issued or extended since; returns how many."""
    found = reminders.unplanned(tx, LADDERS_AT_ONCE)
    for assignment_id, is_issued in found:
        assignment = _assignment(tx, assignment_id)
        due_ms = assignment.now.due_ms
        if not is_issued:
            reminders.mark_planned(tx, assignment_id, due_ms)
            continue
        commission = commissions.by_id(tx, assignment.commission_id)
        assert commission is not None, "an assignment has a commission"
        since_ms = reminders.since_ms(tx, assignment_id, due_ms) or commission.issued_ms
        rungs = plan(from_ms(due_ms), from_ms(since_ms), office.reminders.ladder, _times(office, commission))
        reminders.begin(tx, assignment_id, due_ms, list(map(_rung, rungs)), to_ms(now))
    return len(found)


def _rung(rung: Planned) -> tuple[str, int, Why | None]:
    return rung.step.code, to_ms(rung.moment), rung.why


def _times(office: Office, commission: Commission) -> Times:
    return Times(office.calendar, office.hours, commission.urgent)


def _assignment(tx: Tx, assignment_id: int) -> Assignment:
    found = commissions.assignment(tx, assignment_id)
    assert found is not None, "assignments that were issued stay"
    return found


def remind(tx: Tx, office: Office, now: datetime, word: Word) -> Done:
    """One round: plan, judge what is due, and tell everybody what is theirs, in the words `word` gives."""
    planned = begin_ladders(tx, office, now)
    one = Round(tx, office, now, word)
    one.go()
    return Done(planned, one.sent, one.put_off)


class Round:
    """One look at everything that is due at one moment. Lives as long as its transaction."""

    def __init__(self, tx: Tx, office: Office, now: datetime, word: Word) -> None:
        self._tx, self._office, self._now, self._word = tx, office, now, word
        self._now_ms = to_ms(now)
        midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
        self._midnight_ms, self._tomorrow_ms = to_ms(midnight), to_ms(midnight + timedelta(days=1))
        self._reached: dict[int, dict[Role, list[int]]] = {}
        self._commissions: dict[int, Commission] = {}
        self._units: dict[int, str] = {}
        self._desk: list[int] | None = None
        self.sent = 0
        self.put_off = 0

    def go(self) -> None:
        """Settle what is due; of very many people some are left to the next round."""
        readers = digests.due(self._tx, self._office, self._now)
        theirs: dict[int, list[Case]] = {person_id: [] for person_id in readers}
        for case in self._addressed(self._standing()):
            theirs.setdefault(case.row.person_id, []).append(case)
        for person_id in list(theirs)[:PEOPLE_AT_ONCE]:
            if person_id not in readers or not self._send_digest(person_id, theirs[person_id]):
                self._remind(person_id, theirs[person_id])

    def _standing(self) -> list[Case]:
        """The due steps that go out now, after those that do not were settled or put off."""
        found = [self._case(row) for row in reminders.due(self._tx, self._now_ms)]
        found.sort(key=lambda case: (case.assignment.id, case.row.due_ms))
        going: list[Case] = []
        for _, ladder in groupby(found, key=lambda case: (case.assignment.id, case.row.due_ms)):
            going += self._judged(list(ladder))
        return sorted(going, key=lambda case: (case.row.planned_ms, case.row.id))

    def _judged(self, ladder: Sequence[Case]) -> list[Case]:
        """Those of one ladder's due steps that go out."""
        awaited = []
        for case in ladder:
            why = obstacle(case.assignment.now, case.row.due_ms, case.step)
            if why is None:
                awaited.append(case)
            else:
                reminders.skip(self._tx, case.row.id, why, self._now_ms)
        if not awaited:
            return []
        first = awaited[0]
        verdicts = judge([case.waiting for case in awaited], first.due, self._now, self._times(first))
        return [case for case, verdict in zip(awaited, verdicts, strict=True) if self._follow(verdict)]

    def _follow(self, verdict: Verdict) -> bool:
        """Write a verdict; whether the step goes out now."""
        if verdict.why is not None:
            reminders.skip(self._tx, verdict.id, verdict.why, self._now_ms)
        elif verdict.until is not None:
            reminders.put_off(self._tx, verdict.id, to_ms(verdict.until))
            self.put_off += 1
        return verdict.goes

    def _case(self, row: Reminder) -> Case:
        assignment = _assignment(self._tx, row.assignment_id)
        commission = self._commissions.get(assignment.commission_id)
        commission = commission or commissions.by_id(self._tx, assignment.commission_id)
        assert commission is not None, "an assignment has a commission"
        self._commissions[commission.id] = commission
        return Case(row, step_of(row.step), assignment, commission)

    def _times(self, case: Case) -> Times:
        return _times(self._office, case.commission)

    def _addressed(self, going: Sequence[Case]) -> list[Case]:
        """Every step with its person; one for several people is several."""
        self._look_up({case.assignment.unit_id for case in going})
        found: list[Case] = []
        for case in going:
            to = self._recipients(case)
            if case.row.person_id in to:
                found.append(case)
            elif case.row.person_id or not to:
                reminders.skip(self._tx, case.row.id, Why.LEFT if case.row.person_id else Why.NOBODY, self._now_ms)
            else:
                found += [replace(case, row=row) for row in reminders.address(self._tx, case.row, to)]
        return found

    def _look_up(self, unit_ids: Iterable[int]) -> None:
        unknown = sorted(set(unit_ids) - self._reached.keys())
        self._reached |= {unit_id: {} for unit_id in unknown}
        for one in reminders.recipients(self._tx, unknown, frozenset(_ROLES.values()), self._now.date()):
            self._reached[one.unit_id].setdefault(one.role, []).append(one.person_id)

    def _recipients(self, case: Case) -> list[int]:
        """Whom a step reaches today; where no reporter can be reached, the deputy stands in."""
        whom = case.step.whom
        if whom is Whom.OFFICE:
            return self._office_of(case.commission)
        found = self._reached[case.assignment.unit_id]
        people = found.get(_ROLES[whom], [])
        if not people and whom is Whom.REPORTER:
            people = found.get(Role.DEPUTY_REPORTER, [])
        return list(dict.fromkeys(people))

    def _office_of(self, commission: Commission) -> list[int]:
        """Whoever issued the commission, as long as they serve at the desk; otherwise the whole desk."""
        if self._desk is None:
            desk = roster.people(self._tx, DESK, self._now.date())
            self._desk = [one.id for one in desk if reminders.is_reachable(self._tx, one.id)]
        return [commission.issued_by] if commission.issued_by in self._desk else self._desk

    def _send_digest(self, person_id: int, cases: Sequence[Case]) -> bool:
        """The digest of today with everything else in it; False if there is none to send, and why is noted."""
        if self._is_told(person_id):
            digests.settle(self._tx, person_id, self._now, digests.TOLD)
            return False
        open_now = digests.worth_telling(self._tx, self._office, person_id, self._now)
        if not open_now or not reminders.is_reachable(self._tx, person_id):
            digests.settle(self._tx, person_id, self._now, digests.NOTHING)
            return False
        to_do = tuple(self._entry(commission, assignment) for commission, assignment in open_now)
        message_id = self._send(person_id, [], [*cases, *self._ahead(person_id)], Why.DIGEST, to_do)
        digests.settle(self._tx, person_id, self._now, "", message_id)
        return True

    def _remind(self, person_id: int, cases: Sequence[Case]) -> None:
        """One message with all that is theirs, unless they were told today: then only what is urgent goes."""
        if not cases:
            return
        told = self._is_told(person_id)
        digest_ms = digests.still_to_come_ms(self._tx, person_id, self._now)
        going: list[Case] = []
        for case in cases:
            if not case.commission.urgent and self._joins(case, digest_ms):
                self._follow(Verdict(case.row.id, until=from_ms(digest_ms)))
            elif told and not case.commission.urgent:
                self._follow(when_capped(case.waiting, case.due, self._now, self._times(case)))
            else:
                going.append(case)
        if going:
            uses_up = not all(case.commission.urgent for case in going)
            self._send(person_id, going, self._ahead(person_id) if uses_up else [], Why.TODAY, ())

    def _joins(self, case: Case, digest_ms: int) -> bool:
        """Whether a step waits for the person's digest of today: it does if it may be the only message of the day."""
        if not digest_ms or case.step.whom not in _TO_DO or (case.step.is_before and digest_ms >= case.row.due_ms):
            return False
        return case.step.span is Span.WORKDAYS or self._office.reminders.per_person_per_day == 1

    def _is_told(self, person_id: int, more: int = 0) -> bool:
        """Whether the day's cap of a person is used up, or will be with so many more messages."""
        told = reminders.told_since(self._tx, person_id, self._midnight_ms)
        return told + more >= self._office.reminders.per_person_per_day

    def _ahead(self, person_id: int) -> list[Case]:
        """What would be reminded later today, if the message that goes now is the last the person may get today."""
        person = roster.person(self._tx, person_id, self._now.date())
        if person is None or not self._is_told(person_id, more=1):
            return []
        rows = reminders.ahead(self._tx, sorted(person.unit_ids), self._now_ms, self._tomorrow_ms)
        self._look_up(unit_id for unit_id, _ in rows)
        found: list[Case] = []
        for case in (self._case(row) for _, row in rows):
            if self._may_be_told_early(case) and person_id in self._recipients(case):
                mine = (
                    [case.row] if case.row.person_id else reminders.address(self._tx, case.row, self._recipients(case))
                )
                found += [replace(case, row=row) for row in mine if row.person_id == person_id]
        return found

    def _may_be_told_early(self, case: Case) -> bool:
        """What is overdue only later today is not said now, and what is urgent keeps its own time."""
        awaited = obstacle(case.assignment.now, case.row.due_ms, case.step) is None
        return case.step.is_before and awaited and not case.commission.urgent

    def _send(
        self, person_id: int, own: Sequence[Case], others: Sequence[Case], why: Why, to_do: tuple[Entry, ...]
    ) -> int:
        """Queue one message, write what became of each step in it; returns the message's id.

        The first of `own` counts as what caused it, the rest went together with it; `others` were merged because of
        `why`. `to_do` is what a digest lists anyway.
        """
        cases = [*own, *others]
        free = bool(own) and all(case.commission.urgent for case in own)
        message_id = reminders.new_message(self._tx, person_id, self._now_ms, free=free)
        for place, case in enumerate(cases):
            merged_into = None if own and place == 0 else Why.TOGETHER if place < len(own) else why
            reminders.carried(self._tx, case.row.id, message_id, merged_into, self._now_ms)
        letter = self._letter(person_id, cases, to_do, digest=not own)
        urgent = any(case.commission.urgent for case in own)
        told = tell(
            self._tx, person_id, self._word(letter), dedup=reminders.dedup(message_id),
            kind=URGENT_KIND if urgent else KIND, now=self._now,
            expires_ms=0 if urgent else self._tomorrow_ms,
        )  # fmt: skip
        assert told, "only people who can be reached are recipients"
        self.sent += 1
        return message_id

    def _letter(self, person_id: int, cases: Sequence[Case], to_do: tuple[Entry, ...], *, digest: bool) -> Letter:
        """Each assignment once for each part of the letter, the nearest due time first."""
        parts: dict[str, dict[int, Entry]] = {"to_do": {e.assignment.id: e for e in to_do}, "led": {}, "overdue": {}}
        for case in sorted(cases, key=lambda case: (case.row.due_ms, case.commission.id, case.assignment.place)):
            whom = case.step.whom
            part = "to_do" if whom in _TO_DO else "led" if whom is Whom.LEADER else "overdue"
            told = reminders.reached(self._tx, case.assignment.id, case.row.due_ms) if part != "to_do" else []
            entry = self._entry(case.commission, case.assignment, told)
            parts[part].setdefault(case.assignment.id, entry)
        name = roster.name_of(self._tx, person_id)
        lists = {part: tuple(entries.values()) for part, entries in parts.items()}
        return Letter(name, self._now, lists["to_do"], lists["led"], lists["overdue"], digest)

    def _entry(
        self, commission: Commission, assignment: Assignment, told: Sequence[tuple[str, str, int]] = ()
    ) -> Entry:
        label = self._units.get(assignment.unit_id)
        if label is None:
            unit = roster.unit(self._tx, assignment.unit_id, self._now.year)
            label = self._units[assignment.unit_id] = unit.label if unit else ""
        return Entry(commission, assignment, label, tuple((name, at_ms) for _, name, at_ms in told))
