"""The months of the history but the newest, settled as an office does it: computed, shown to the units, an objection
answered, frozen, signed and published.

`plan` is pure; each act is done by the real operations at its own moment, in between what the units send. The newest
month that is over is left open, so that the newcomer takes its next step.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from enum import Enum

from domain.moment import ZONE, to_ms
from domain.period import Period, month_of
from domain.roster import HEAD, REPORTERS
from domain.workday import WorkCalendar
from practice.history import first_day
from services.bulletins import drafting, signing
from services.cycles import appeals
from services.desk import Clerk
from services.office import Office
from storage import appeal, outbox, roster
from storage.engine import Tx
from storage.outbox import Sending

SETTLED = 2
"""So many months are settled."""

OBJECTING_UNIT = 21
OBJECTION = "《每日要情》第251期综合稿用了我单位的材料，没有计分"
ANSWER = "该期综合稿由三个县区供稿，没有采用贵单位的材料"


class Act(Enum):
    """What is done; the value is on which working day of the following month, and when."""

    DRAFT = (1, time(9, 10))
    OBJECT = (2, time(10, 20))
    ANSWER = (3, time(9, 30))
    SIGN = (4, time(10, 0))


@dataclass(frozen=True, slots=True)
class Moment:
    """An act of the settlement of a month."""

    at: datetime
    act: Act
    period: Period


def plan(now: datetime, calendar: WorkCalendar) -> list[Moment]:
    """Everything that was done with the months of the history, in order; one objection, to the latest of them."""
    first = first_day(now.date())
    periods = [month_of(_months_on(first, at)) for at in range(SETTLED)]
    wanted = [
        (period, act) for period in periods for act in Act if act in (Act.DRAFT, Act.SIGN) or period is periods[-1]
    ]
    return [Moment(_moment(calendar, period, act), act, period) for period, act in wanted]


def _months_on(first: date, count: int) -> date:
    months = first.year * 12 + first.month - 1 + count
    return date(months // 12, months % 12 + 1, 1)


def _moment(calendar: WorkCalendar, period: Period, act: Act) -> datetime:
    workday, clock = act.value
    return datetime.combine(calendar.add_workdays(period.last, workday), clock, ZONE)


def carry_out(tx: Tx, office: Office, moment: Moment) -> None:
    """Do it; what it says to people counts as delivered, for nobody is told of the past."""
    if moment.act is Act.DRAFT:
        drafting.prepare(tx, office, moment.period, moment.at)
        drafting.draft(tx, office, moment.period, moment.at)
    elif moment.act is Act.OBJECT:
        _object(tx, office, moment)
    elif moment.act is Act.ANSWER:
        (one,) = appeal.open_ones(tx)
        appeals.refuse(_head(tx, office, moment), one.id, ANSWER)
    else:
        signing.sign(_head(tx, office, moment), moment.period)
    for (parcel_id,) in tx.all("SELECT id FROM outbox WHERE state = ? ORDER BY id", Sending.PENDING.value):
        outbox.settle(tx, parcel_id, Sending.SENT, to_ms(moment.at))


def _object(tx: Tx, office: Office, moment: Moment) -> None:
    reporter = roster.people_in(tx, OBJECTING_UNIT, REPORTERS, moment.at.date())[0]
    appeals.raise_one(tx, office, reporter, moment.period, "", OBJECTION, moment.at)


def _head(tx: Tx, office: Office, moment: Moment) -> Clerk:
    return Clerk(tx, office, roster.people(tx, HEAD, moment.at.date())[0], moment.at)
