"""What the office has decided: its journals, measures, calendar, hours and limits, handed to every operation."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, time
from typing import Literal

from domain.cycle import WORKDAYS_TO_OBJECT
from domain.journal import Journal
from domain.ladder import DEFAULT, Ladder
from domain.measure import Measure
from domain.quiet import SpeakingHours
from domain.urgent import UrgentRules
from domain.workday import WorkCalendar
from storage import roster
from storage.engine import Tx


@dataclass(frozen=True, slots=True)
class Audience:
    """Who reads what: `private` or `chat`. Points shown before a group are a matter of policy (facts: §6.1)."""

    my_score: str = "private"
    rank: str = "chat"


@dataclass(frozen=True, slots=True)
class NudgePolicy:
    """When a unit lags, whom it reaches and how often at most.

    `silent_by_workday` 0 switches the rule off, as 0 does for the quota and the rate rule's `rate_from`.
    """

    silent_by_workday: int = 10
    quota_by_workday: int = 15
    rate_from: int = 5
    leader_after_workdays: int = 3
    per_person_per_day: int = 1
    per_matter: int = 3
    approval: bool = True


@dataclass(frozen=True, slots=True)
class CommissionPolicy:
    """Whether a chief approves a commission before it is issued, and after how many messages in a row that did not
    arrive a platform is left alone."""

    approval: bool = False
    stop_after: int = 10


@dataclass(frozen=True, slots=True)
class ReminderPolicy:
    """Whom commissions are called to mind to and when, how often at most, and when the daily digest comes (None: to
    those alone who chose a time)."""

    ladder: Ladder = DEFAULT
    per_person_per_day: int = 1
    digest_at: time | None = time(8, 30)


@dataclass(frozen=True, slots=True)
class BulletinPolicy:
    """What the office decided about bulletins: who reads them, whether ranks are shown, what is printed.

    `leaders` are names of the roster, `groups` are written `onebot:200001` (none: every group with the purpose 报送).
    `number` is a pattern with {year} and {n}; `layout` is the text of the annexes' layout, `template` the office's own
    .docx (b'': ours). A unit has `objection_days` working days to check its figures; 0: units are not asked.
    """

    enabled: bool = True
    audience: Literal["group", "unit", "document"] = "group"
    ranks: bool = True
    unit_leaders: bool = True
    leaders: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    number: str = ""
    head: str = ""
    addressees: str = ""
    contact: str = ""
    signer: str = ""
    requirements: tuple[str, ...] = ()
    copies_to: str = ""
    praise: int = 3
    zeros: Literal["name", "count", "none"] = "name"
    items: bool = True
    layout: str = ""
    template: bytes = field(default=b"", repr=False)
    objection_days: int = WORKDAYS_TO_OBJECT


@dataclass(frozen=True, slots=True)
class Office:
    """The office's rules as they are in force. Pure data; the calendar and the journals may be the office's own, and
    `measures` may follow the store (`services.measures.Shelf`)."""

    name: str
    refused_to: str
    journals: tuple[Journal, ...]
    measures: Sequence[Measure]
    calendar: WorkCalendar
    hours: SpeakingHours
    audience: Audience = field(default_factory=Audience)
    nudges: NudgePolicy = field(default_factory=NudgePolicy)
    reminders: ReminderPolicy = field(default_factory=ReminderPolicy)
    commissions: CommissionPolicy = field(default_factory=CommissionPolicy)
    urgent: UrgentRules = field(default_factory=UrgentRules)
    bulletins: BulletinPolicy = field(default_factory=BulletinPolicy)


def class_lookup(tx: Tx) -> Callable[[int, date], str]:
    """`class_of(unit, day)` for the scoring rules, asking the roster once per unit and year."""

    def class_of(unit_id: int, day: date) -> str:
        key = ("class", unit_id, day.year)
        if key not in tx.memo:
            tx.memo[key] = roster.class_of(tx, unit_id, day)
        found: str = tx.memo[key]
        return found

    return class_of


def parent_lookup(tx: Tx) -> Callable[[int, date], int | None]:
    """`parent_of(unit, day)` for the scoring rules, asking the roster once per unit."""

    def parent_of(unit_id: int, day: date) -> int | None:
        key = ("parent", unit_id)
        if key not in tx.memo:
            tx.memo[key] = roster.parent_of(tx, unit_id)
        found: int | None = tx.memo[key]
        return found

    return parent_of
