"""Urgent reports: opening a case, noting what was reported and how late, reminding. Never what happened.

Nothing here waits for speaking hours: the office is told at once, and so is everybody a reminder concerns.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from domain.errors import BadInput, NotAllowed, NotFound, WrongState
from domain.moment import from_ms, to_ms
from domain.roster import DESK, REPORTERS, Person, Role
from domain.urgent import (
    HAPPENED,
    Grade,
    Kind,
    Report,
    State,
    Step,
    Urgent,
    UrgentRules,
    hour_answered,
    is_late,
    minutes_late,
    sort_due,
    steps,
)
from domain.urgent_words import HOW_NUMBERED, Moments, take_unit
from services.consequences import urgent_ended
from services.items import unit_label
from services.mail import tell
from services.office import Office
from storage import audit, roster, urgent
from storage.engine import Tx
from storage.urgent import LATE, SENT, SKIPPED, NewUrgent

KIND = "urgent"
"""The kind of its messages in the outbox; one that is never put off."""

REASON_LIMIT = 100
LEADERS = frozenset({Role.LEADER})

Words = Callable[["Notice"], str]
"""Phrases a reminder."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A case that was just opened, and the other open ones of the same unit."""

    case: Urgent
    unit: str
    others: tuple[Urgent, ...]


@dataclass(frozen=True, slots=True)
class Noted:
    """A report that was noted: the case as it stands now, the limit (None: none), whole minutes after it."""

    case: Urgent
    unit: str
    kind: Kind
    at: datetime
    limit: datetime | None
    late: int


@dataclass(frozen=True, slots=True)
class Notice:
    """What a reminder has to say; `late` says that it goes out after its time."""

    case: Urgent
    unit: str
    step: Step
    now: datetime
    late: bool
    duty_phone: str


@dataclass(frozen=True, slots=True)
class Shown:
    """A case with the name of its unit and everything reported (each with who said so)."""

    case: Urgent
    unit: str
    reports: tuple[tuple[Report, str], ...]
    open_limits: tuple[Step, ...]


def named_unit(tx: Tx, words: str, now: datetime) -> tuple[int | None, bool]:
    """The unit named in words, and whether anything else stands there (`domain.urgent_words.take_unit`)."""
    return take_unit(words, roster.unit_names(tx, now.date()))


def open_case(
    tx: Tx, office: Office, person: Person, grade: Grade, unit_id: int | None, said: Moments, now: datetime
) -> Opened:
    """Start the clock: from when it happened or was received, as the office's rules say, else from now.

    A unit's person opens it for one of their own units, the office for the unit it names (or none).
    """
    rules = office.urgent
    unit = unit_id if person.has(DESK) or unit_id in person.unit_ids else person.unit_id
    received = said.received or said.plain or now
    start = (said.happened or received) if rules.start == HAPPENED else received
    new = NewUrgent(
        grade, unit or 0, person.id, to_ms(now), to_ms(said.happened) if said.happened else 0, to_ms(start),
        to_ms(start + grade.phone) if grade.phone else 0, to_ms(start + grade.written),
    )  # fmt: skip
    others = tuple(one for one in urgent.open_ones(tx) if unit and one.unit_id == unit)
    case = _save(tx, rules, urgent.add(tx, new, now.year), now)
    _note(tx, person, "urgent open", case, f"{grade.name}, unit {case.unit_id}", now)
    return Opened(case, _unit_name(tx, case, now), others)


def tell_office(tx: Tx, case: Urgent, text: str, what: str, now: datetime, but: int = 0) -> int:
    """Tell everybody at the desk at once, whatever the hour, except the one who knows; returns how many."""
    return sum(
        tell(tx, person.id, text, dedup=f"{KIND}:{case.id}:{what}", kind=KIND, now=now)
        for person in roster.people(tx, DESK, now.date())
        if person.id != but
    )


def may_see(person: Person, case: Urgent) -> bool:
    """The office sees every case, a unit's people those of their unit, and who opened one sees it."""
    return person.has(DESK) or case.opened_by == person.id or case.unit_id in person.unit_ids


def open_cases(tx: Tx, person: Person) -> list[Urgent]:
    """The open cases a person may see, oldest first."""
    return [case for case in urgent.open_ones(tx) if may_see(person, case)]


def find_case(tx: Tx, person: Person, number: str) -> Urgent:
    """The case of a number; without one the only open case there is. Raises NotFound, or BadInput if several are."""
    if number:
        case = urgent.by_number(tx, number)
        if case is None or not may_see(person, case):
            raise NotFound(what=f"紧急信息 {number}", hint=HOW_NUMBERED)
        return case
    found = open_cases(tx, person)
    if len(found) == 1:
        return found[0]
    if not found:
        raise NotFound(what="未终报的紧急信息", hint="开始计时请发“/紧急 级别”，例如：/紧急 重大。")
    raise BadInput(reason=f"有 {len(found)} 件未终报，请写编号：{'、'.join(case.number for case in found)}。")


def note(tx: Tx, office: Office, person: Person, case: Urgent, kind: Kind, at: datetime | None, now: datetime) -> Noted:
    """Note that something was reported, now or (the office's word alone) at a moment before.

    Raises WrongState if it was noted before, comes before the first report, or the case is closed.
    """
    _check(case, kind)
    said = at if at is not None and person.has(DESK) else now
    if to_ms(said) < case.start_ms and at is not None:
        raise BadInput(reason=f"{said:%m-%d %H:%M} 早于计时开始的 {from_ms(case.start_ms):%m-%d %H:%M}，请核对。")
    limit, changed = _after(case, office.urgent, kind, said)
    number = changed.follow_ups if kind is Kind.FOLLOW else 0
    reported = Report(kind, number, to_ms(said), to_ms(limit) if limit else 0, person.id)
    urgent.report(tx, case.id, reported, to_ms(now))
    _note(tx, person, f"urgent {kind.value}", case, f"at {to_ms(said)}", now)
    saved = _save(tx, office.urgent, changed, now)
    if kind is Kind.FINAL:
        urgent_ended(tx, office, saved, person.id, now)
    return Noted(saved, _unit_name(tx, case, now), kind, said, limit, minutes_late(limit, said) if limit else 0)


def _after(case: Urgent, rules: UrgentRules, kind: Kind, at: datetime) -> tuple[datetime | None, Urgent]:
    """The limit a report is held against, and the case after it."""
    if kind is Kind.PHONE:
        return from_ms(case.phone_due_ms) if case.phone_due_ms else None, replace(case, phone_ms=to_ms(at))
    if kind is Kind.FIRST:
        return from_ms(case.written_due_ms), replace(case, first_ms=to_ms(at))
    if kind is Kind.FOLLOW:
        hour = hour_answered(case, rules, at)
        answered = max(case.answered_ms, to_ms(hour)) if hour else case.answered_ms
        return hour, replace(case, follow_ups=case.follow_ups + 1, answered_ms=answered)
    return None, replace(case, state=State.CLOSED, closed_ms=to_ms(at))


_ACTIONS = {Kind.PHONE: "登记电话报告", Kind.FIRST: "登记首报", Kind.FOLLOW: "登记续报", Kind.FINAL: "登记终报"}


def _check(case: Urgent, kind: Kind) -> None:
    short = f"急{int(case.number.rpartition('-')[2])}"
    state, possible = "", ""
    if case.state is not State.OPEN:
        state = case.state.label
    elif kind is Kind.PHONE and case.phone_ms:
        state = f"{from_ms(case.phone_ms):%H:%M} 已电话报告"
    elif kind is Kind.FIRST and case.first_ms:
        state, possible = f"{from_ms(case.first_ms):%H:%M} 已首报", f"后面的请发“/紧急 续报 {short}”。"
    elif kind in (Kind.FOLLOW, Kind.FINAL) and not case.first_ms:
        state, possible = "还没有首报", f"请先发“/紧急 首报 {short}”。"
    if state:
        raise WrongState(what=case.number, state=state, action=_ACTIONS[kind], possible=possible)


def void(tx: Tx, office: Office, person: Person, case: Urgent, reason: str, now: datetime) -> Urgent:
    """The office strikes a case opened by mistake; nobody is reminded of it any more. Raises BadInput, WrongState."""
    if not person.has(DESK):
        raise NotAllowed(action="/紧急 作废")
    if case.state is not State.OPEN:
        raise WrongState(what=case.number, state=case.state.label, action="作废")
    if not reason or len(reason) > REASON_LIMIT:
        raise BadInput(reason=f"请写作废的原因（不超过 {REASON_LIMIT} 字，不写事件内容），例如：/紧急 作废 急3 误操作")
    _note(tx, person, "urgent void", case, reason, now)
    return _save(tx, office.urgent, replace(case, state=State.VOID, reason=reason, closed_ms=to_ms(now)), now)


def concerned(tx: Tx, case: Urgent, now: datetime) -> list[Person]:
    """Who is reminded: who opened it, the unit's reporters and leaders, the office."""
    day = now.date()
    unit = roster.people_in(tx, case.unit_id, REPORTERS | LEADERS, day) if case.unit_id else []
    opener = roster.person(tx, case.opened_by, day)
    found = [*([opener] if opener else []), *unit, *roster.people(tx, DESK, day)]
    return list({person.id: person for person in found}.values())


def remind(tx: Tx, office: Office, words: Words, now: datetime) -> int:
    """Say what is due of every open case, each reminder once; returns how many messages were queued.

    After an outage the last limit that passed is said late, what came before it is passed over.
    """
    told = 0
    for case in urgent.due(tx, to_ms(now)):
        asked = [(step, to_ms(step.limit)) for step in steps(case, office.urgent, now)]
        found = sort_due(urgent.fresh(tx, case.id, asked), now)
        for step in found.skip:
            urgent.note_reminder(tx, case.id, step, to_ms(step.limit), SKIPPED, to_ms(now))
        for step in found.send:
            told += _remind(tx, office, case, step, words, now)
        _save(tx, office.urgent, case, now)
    return told


def _remind(tx: Tx, office: Office, case: Urgent, step: Step, words: Words, now: datetime) -> int:
    late = is_late(step, now)
    if not urgent.note_reminder(tx, case.id, step, to_ms(step.limit), LATE if late else SENT, to_ms(now)):
        return 0
    notice = Notice(case, _unit_name(tx, case, now), step, now, late, office.urgent.duty_phone)
    what = f"{step.kind.value}:{int(step.warns)}:{to_ms(step.limit)}"
    return sum(
        tell(tx, person.id, words(notice), dedup=f"{KIND}:{case.id}:{what}", kind=KIND, now=now)
        for person in concerned(tx, case, now)
    )


def show(tx: Tx, office: Office, cases: Sequence[Urgent], now: datetime) -> list[Shown]:
    """Cases with what was reported and the limits that are still open."""
    return [
        Shown(
            case,
            _unit_name(tx, case, now),
            tuple((each, roster.name_of(tx, each.person_id)) for each in urgent.reports(tx, case.id)),
            tuple(_open_limits(case, office.urgent, now)),
        )
        for case in cases
    ]


def _open_limits(case: Urgent, rules: UrgentRules, now: datetime) -> list[Step]:
    """What is to be reported next: both limits, and of the daily hours the last one missed, else the next."""
    limits = [step for step in steps(case, rules, now) if not step.warns]
    hour = hour_answered(case, rules, now)
    return [step for step in limits if step.kind is not Kind.FOLLOW or step.limit == hour]


def _save(tx: Tx, rules: UrgentRules, case: Urgent, now: datetime) -> Urgent:
    """Keep a case, and when the clock has to look at it next: at its first reminder that is still to be said."""
    asked = [(step, to_ms(step.limit)) for step in steps(case, rules, now)]
    moments = [step.moment for step in urgent.fresh(tx, case.id, asked)]
    saved = replace(case, next_ms=to_ms(min(moments)) if moments else 0)
    urgent.save(tx, saved)
    return saved


def _unit_name(tx: Tx, case: Urgent, now: datetime) -> str:
    return unit_label(tx, case.unit_id, now.year) if case.unit_id else ""


def _note(tx: Tx, person: Person, action: str, case: Urgent, detail: str, now: datetime) -> None:
    audit.write(tx, to_ms(now), f"person:{person.id}", action, case.number, detail)
