"""Nudges to units that lag: planned by the rules, approved by the office, sent when one may speak, or dropped.

Every nudge is a row with its reason. Before one goes out it is judged again: if the unit has sent meanwhile, the
month is over or nobody can be reached, it is dropped and the row says why. A nudge that may not go out now
(quiet hours, the day's cap of a person) waits.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from domain.errors import BadInput, NotFound
from domain.measure import Measure, measure_on
from domain.moment import day_of, to_ms
from domain.nudge import Case, Matter, Progress, Rules, cases, next_contact, reason, workdays_so_far
from domain.period import month_of
from domain.roster import Person, Unit
from services.mail import next_allowed_ms, tell
from services.office import Office
from storage import audit, ledger, roster
from storage import nudge as nudges
from storage.engine import Tx
from storage.nudge import APPROVED, DROPPED, PLANNED, SENT, STOPPED, Nudge

NO_ACCOUNT = "没有绑定账号，联系不上"
NO_CONTACT = "单位没有登记信息员"
NOT_IN_POST = "本人已不在岗"
MONTH_OVER = "当月已结束"
OFFICE_KIND = "办公室"


@dataclass(frozen=True, slots=True)
class Shown:
    """A nudge with the names people read."""

    nudge: Nudge
    unit: str
    person: str


@dataclass(frozen=True, slots=True)
class Overview:
    """What the office sees: waiting for its word, on its way, and what did not go out this month."""

    planned: list[Shown]
    approved: list[Shown]
    dropped: list[Shown]


@dataclass(frozen=True, slots=True)
class Notice:
    """What a nudge has to say: to whom, about which unit and case, until when, and who was told before."""

    person: str
    unit: Unit
    stage: int
    case: Case
    deadline: date
    told: list[tuple[str, date]]


@dataclass(frozen=True, slots=True)
class Delivered:
    """How many went out, wait for another day, or were dropped."""

    sent: int
    put_off: int
    dropped: int


def plan(tx: Tx, office: Office, now: datetime) -> list[int]:
    """Plan today's nudges by the rules; returns the new ones that wait for approval."""
    refresh(tx, office, now)
    today, period = now.date(), month_of(now.date())
    done = ledger.totals(tx, [period.code])
    workday = workdays_so_far(office.calendar, today)
    measure = measure_on(today, office.measures)
    planned: list[int] = []
    for unit in roster.units(tx, today):
        if not unit.class_name or unit.kind == OFFICE_KIND:
            continue
        own = done.get(unit.id)
        progress = Progress(unit.class_name, own.submitted if own else 0, own.adopted if own else 0, workday)
        for case in cases(progress, measure, rules(office)):
            new = _plan_case(tx, office, unit, case, now)
            planned += [new] if new else []
    return planned


def rules(office: Office) -> Rules:
    policy = office.nudges
    return Rules(
        policy.silent_by_workday, policy.quota_by_workday, policy.rate_from, policy.leader_after_workdays,
        policy.per_matter,
    )  # fmt: skip


def _plan_case(tx: Tx, office: Office, unit: Unit, case: Case, now: datetime) -> int | None:
    """Plan the next nudge of a matter; somebody without an account is recorded and passed over."""
    period, matter = month_of(now.date()).code, case.matter.value
    history = nudges.of_matter(tx, period, matter, unit.id)
    if any(nudge.state in (PLANNED, APPROVED, STOPPED) for nudge in history):
        return None
    contacts = nudges.contacts(tx, unit.id, now.date())
    while True:
        told = [nudges.told(nudge) for nudge in nudges.of_matter(tx, period, matter, unit.id)]
        contact = next_contact(contacts, told, now.date(), office.calendar, rules(office))
        if contact is None:
            break
        new = nudges.add(tx, period, matter, unit.id, contact.stage, contact.person_id, reason(case), to_ms(now))
        assert new is not None, "the rules name nobody twice"
        if contact.reachable:
            _audit(tx, now, "clock", "nudge plan", new, reason(case))
            return new
        _settle(tx, new, DROPPED, now, NO_ACCOUNT)
    if not contacts and not history:
        nobody = nudges.add(tx, period, matter, unit.id, 1, 0, reason(case), to_ms(now))
        assert nobody is not None, "there was no history"
        _settle(tx, nobody, DROPPED, now, NO_CONTACT)
    return None


def refresh(tx: Tx, office: Office, now: datetime) -> list[Nudge]:
    """Drop what is not to be sent any more; returns what was dropped."""
    gone = []
    for nudge in nudges.waiting(tx):
        obstacle = _obstacle(tx, office, nudge, now)
        if obstacle:
            _settle(tx, nudge.id, DROPPED, now, obstacle)
            gone.append(nudge)
    return gone


def _obstacle(tx: Tx, office: Office, nudge: Nudge, now: datetime) -> str:
    """Why a waiting nudge is not right any more; '' if it still is."""
    if nudge.period != month_of(now.date()).code:
        return MONTH_OVER
    if _case(tx, office, nudge, now) is None:
        _, submitted, adopted = ledger.sums_of(tx, nudge.unit_id, [nudge.period])
        return f"情况已变化：本月已报送{submitted}条、采用{adopted}条"
    contact = next(
        (c for c in nudges.contacts(tx, nudge.unit_id, now.date())
         if (c.person_id, c.stage) == (nudge.person_id, nudge.stage)),
        None,
    )  # fmt: skip
    if contact is None:
        return NOT_IN_POST
    return "" if contact.reachable else NO_ACCOUNT


def _case(tx: Tx, office: Office, nudge: Nudge, now: datetime) -> Case | None:
    """The nudge's matter as it stands now; None if it does not hold."""
    today = now.date()
    class_name = roster.class_of(tx, nudge.unit_id, today)
    _, submitted, adopted = ledger.sums_of(tx, nudge.unit_id, [nudge.period])
    progress = Progress(class_name, submitted, adopted, workdays_so_far(office.calendar, today))
    measure: Measure | None = measure_on(today, office.measures)
    found = cases(progress, measure, rules(office)) if class_name else []
    return next((case for case in found if case.matter is Matter(nudge.matter)), None)


def overview(tx: Tx, office: Office, now: datetime) -> Overview:
    """Who would get what and why, after dropping what no longer holds."""
    refresh(tx, office, now)
    waiting = nudges.waiting(tx)
    month = month_of(now.date())
    since = to_ms(datetime.combine(month.first, datetime.min.time(), tzinfo=now.tzinfo))
    return Overview(
        [show(tx, nudge, now) for nudge in waiting if nudge.state == PLANNED],
        [show(tx, nudge, now) for nudge in waiting if nudge.state == APPROVED],
        [show(tx, nudge, now) for nudge in nudges.dropped(tx, since, 5)],
    )


def show(tx: Tx, nudge: Nudge, now: datetime) -> Shown:
    unit = roster.unit(tx, nudge.unit_id, now.year)
    return Shown(nudge, unit.label if unit else "", roster.name_of(tx, nudge.person_id))


def approve(tx: Tx, office: Office, numbers: Iterable[int] | None, actor: str, now: datetime) -> list[Shown]:
    """Let planned nudges go: those named, or all. Raises NotFound for a number that does not wait."""
    planned = {nudge.id: nudge for nudge in nudges.waiting(tx) if nudge.state == PLANNED}
    wanted = list(planned) if numbers is None else list(dict.fromkeys(numbers))
    for number in wanted:
        if number not in planned:
            raise _not_waiting(number)
    due_ms = next_allowed_ms(office, now)
    for number in wanted:
        nudges.approve(tx, number, due_ms)
        _audit(tx, now, actor, "nudge approve", number)
    refresh(tx, office, now)
    still = {nudge.id: nudge for nudge in nudges.waiting(tx) if nudge.state == APPROVED}
    return [show(tx, still[number], now) for number in wanted if number in still]


def stop(tx: Tx, number: int, why: str, person: Person, now: datetime) -> Shown:
    """The office takes a nudge back; its matter then rests for the month. Raises NotFound, BadInput."""
    if not why:
        raise BadInput(reason=f"请写明不催的原因，例如：/催报 取消 {number} 已电话说明")
    nudge = next((nudge for nudge in nudges.waiting(tx) if nudge.id == number), None)
    if nudge is None:
        raise _not_waiting(number)
    nudges.settle(tx, number, STOPPED, to_ms(now), why)
    _audit(tx, now, f"person:{person.id}", "nudge stop", number, why)
    return show(tx, nudge, now)


def _not_waiting(number: int) -> NotFound:
    return NotFound(what=f"待批的催报 {number}", hint="发“/催报”看现在有哪些。")


def deliver(tx: Tx, office: Office, now: datetime, word: Callable[[Notice], str]) -> Delivered:
    """Send what is approved and due, in the words `word` gives; each is judged again first."""
    due = [n for n in nudges.waiting(tx) if n.state == APPROVED and n.due_ms <= to_ms(now)]
    dropped = {nudge.id for nudge in refresh(tx, office, now)}
    allowed_ms = next_allowed_ms(office, now)
    sent = put_off = 0
    for nudge in due:
        if nudge.id in dropped:
            continue
        if allowed_ms > to_ms(now):
            nudges.approve(tx, nudge.id, allowed_ms)
            put_off += 1
        elif nudges.sent_to(tx, nudge.person_id, _midnight_ms(now)) >= office.nudges.per_person_per_day:
            nudges.approve(tx, nudge.id, next_allowed_ms(office, _tomorrow(now)))
            put_off += 1
        else:
            sent += _send(tx, office, nudge, now, word)
    return Delivered(sent, put_off, len(dropped))


def _send(tx: Tx, office: Office, nudge: Nudge, now: datetime, word: Callable[[Notice], str]) -> bool:
    history = nudges.of_matter(tx, nudge.period, nudge.matter, nudge.unit_id)
    before = [other for other in history if other.state == SENT]
    if len(before) >= office.nudges.per_matter:
        _settle(tx, nudge.id, DROPPED, now, f"这件事已催过{len(before)}次")
        return False
    unit, case = roster.unit(tx, nudge.unit_id, now.year), _case(tx, office, nudge, now)
    assert unit is not None, "refresh dropped what does not hold"
    assert case is not None, "refresh dropped what does not hold"
    deadline = office.calendar.last_workday(now.year, now.month)
    told = [(roster.name_of(tx, other.person_id), day_of(other.settled_ms)) for other in before]
    notice = Notice(roster.name_of(tx, nudge.person_id), unit, nudge.stage, case, deadline, told)
    tell(
        tx, nudge.person_id, word(notice), dedup=f"nudge:{nudge.id}", kind="nudge", now=now,
        expires_ms=_midnight_ms(_month_after(now)),
    )  # fmt: skip
    _settle(tx, nudge.id, SENT, now, "")
    return True


def _settle(tx: Tx, nudge_id: int, state: str, now: datetime, note: str) -> None:
    nudges.settle(tx, nudge_id, state, to_ms(now), note)
    _audit(tx, now, "clock", f"nudge {state}", nudge_id, note)


def _audit(tx: Tx, now: datetime, actor: str, action: str, nudge_id: int, detail: str = "") -> None:
    audit.write(tx, to_ms(now), actor, action, f"nudge:{nudge_id}", detail)


def _midnight_ms(now: datetime) -> int:
    return to_ms(now.replace(hour=0, minute=0, second=0, microsecond=0))


def _month_after(now: datetime) -> datetime:
    """A moment on the first day of the next month: then nobody wants to be told of this month's deadline."""
    return (now.replace(day=1) + timedelta(days=32)).replace(day=1)


def _tomorrow(now: datetime) -> datetime:
    return now.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
