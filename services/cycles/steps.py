"""The steps of a period: cut-off, points, showing, freezing, signing, publishing (rules: `domain.cycle`)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from domain.cycle import NEXT, State, Step, check, check_order, check_whole, objections_until
from domain.errors import BaosongError
from domain.moment import from_ms, to_ms
from domain.period import Period, month_of, previous_month
from services import cards, points
from services.calendar import with_calendar
from services.cycles import appeals, showing, snapshot, texts
from services.cycles.showing import Shown
from services.desk import Clerk
from services.items import unit_label
from services.office import Office
from storage import audit, ledger, roster
from storage import cycle as store
from storage.appeal import Appeal
from storage.cycle import Pending, Taken
from storage.engine import Tx
from storage.snapshot import Kept


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a period stands: its steps with the names of who took them, and what has to be settled before freezing."""

    period: Period
    state: State
    steps: tuple[tuple[Taken, str], ...]
    pending: tuple[Pending, ...]
    appeals: tuple[Appeal, ...]

    @property
    def following(self) -> Step | None:
        return NEXT.get(self.state)

    @property
    def until_ms(self) -> int:
        """Until when the units may object to what they were shown last (UTC); 0 before that."""
        return next((one.until_ms for one, _ in reversed(self.steps) if one.step is Step.SHOW), 0)


@dataclass(frozen=True, slots=True)
class Done:
    """A step that was taken: where the period stands now, how many entries it booked, whom it was shown to, the board
    that was frozen."""

    standing: Standing
    booked: int = 0
    shown: Shown | None = None
    kept: Kept | None = None


def current(tx: Tx, today: date) -> Period:
    """The period the office most likely means: the oldest one in hand, else the first unpublished, else last month."""
    cycles = store.cycles(tx)
    for wanted in (lambda state: state.in_hand, lambda state: state in (State.FROZEN, State.SIGNED)):
        for one in cycles:
            if wanted(one.state):
                return snapshot.period_of(one.period)
    last = previous_month(today)
    begun = any(one.period == last.code for one in cycles)
    return month_of(today) if begun else last


def look(tx: Tx, period: Period) -> Standing:
    """How a period stands. Raises BadInput for a span that is not made of whole months."""
    check_whole(period)
    return Standing(
        period,
        store.state_of(tx, period.code),
        tuple((one, roster.name_of(tx, one.person_id) or texts.BY_ITSELF) for one in store.steps(tx, period.code)),
        tuple(store.pending(tx, period.first, period.last)),
        tuple(appeals.open_in(tx, period)),
    )


def take(clerk: Clerk, period: Period, step: Step, note: str = "") -> Done:
    """Take a step. Raises NotAllowed, WrongState, BadInput, and BaosongError for what stands in its way."""
    tx, now = clerk.tx, clerk.now
    check_whole(period)
    before, seq = store.state_of(tx, period.code), ledger.last_seq(tx)
    after = check(step, before, period, clerk.person, clerk.today)
    office = with_calendar(tx, clerk.office)
    until = _until(office, now) if step is Step.SHOW else None
    kept = _frozen(clerk, period) if step is Step.FREEZE else None
    taken = Taken(step, clerk.now_ms, clerk.person.id, to_ms(until) if until else 0, note)
    if step is Step.COMPUTE:
        _compute(clerk, period)
    store.move(tx, period, after, taken)
    shown = showing.show(tx, office, period, until, now) if until else None
    detail = f"{note} {kept.hash if kept else ''}".strip()
    by = f"person:{clerk.person.id}" if clerk.person.id else "clock"
    audit.write(tx, clerk.now_ms, by, f"cycle {step.name.lower()}", period.code, detail)
    cards.settle(tx, matter(period, before), after.label, clerk.person.id, now)
    return Done(look(tx, period), ledger.last_seq(tx) - seq, shown, kept)


def matter(period: Period, state: State) -> str:
    """What the cards that offer the next step are about."""
    return f"cycle:{period.code}:{state.value}"


def _until(office: Office, now: datetime) -> datetime | None:
    """Until when the units may object: counted from when the messages go out. None where units are not asked."""
    days = office.bulletins.objection_days
    shown = office.hours.next_allowed(now, office.calendar)
    return objections_until(shown, office.calendar, days) if days else None


def _compute(clerk: Clerk, period: Period) -> None:
    """Book what follows from the year up to the period's end: quotas, limits, bases. What is frozen stays as it is."""
    frozen = ledger.frozen_through(clerk.tx)
    if frozen is None or period.last > frozen:
        points.settle_month(clerk.tx, clerk.office, period.last, clerk.now)


def _frozen(clerk: Clerk, period: Period) -> Kept:
    tx = clerk.tx
    others = [(snapshot.period_of(one.period), one.state) for one in store.cycles(tx)]
    check_order(period, others)
    standing = look(tx, period)
    said = obstacles(clerk.tx, clerk.office, standing, clerk.now)
    if said:
        raise BaosongError(reason=f"{period.label}还不能冻结。\n{said}")
    if clerk.now_ms <= standing.until_ms:
        raise BaosongError(reason=texts.STILL_CHECKING.format(until=texts.show_until(from_ms(standing.until_ms))))
    return snapshot.freeze(tx, clerk.office, period, clerk.now)


def obstacles(tx: Tx, office: Office, standing: Standing, now: datetime) -> str:
    """What has to be settled before a period can be frozen, in words; '' if nothing."""
    objections = [(one, appeals.unit_of(tx, one, now.year)) for one in standing.appeals]
    units = [unit_label(tx, one.unit_id, now.year) for one in standing.pending]
    return texts.obstacles(standing.pending, units, objections, office.journals)
