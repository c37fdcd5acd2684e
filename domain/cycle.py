"""The life of a period (统计期): open → cut off → computed → shown → frozen → signed → published (facts: domain §2.3).

Until it is frozen a period can be computed again, also after the units have seen it. What is frozen never changes:
whatever is found later is booked into the next open month.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import Enum

from domain.due import DAY_END
from domain.errors import BadInput, NotAllowed, WrongState
from domain.moment import ZONE
from domain.period import Period
from domain.roster import DESK, HEAD, Person, Role
from domain.workday import WorkCalendar


class State(Enum):
    """Where a period stands; a period nothing was done with yet is open."""

    OPEN = "open"
    CUT_OFF = "cut_off"
    COMPUTED = "computed"
    SHOWN = "shown"
    FROZEN = "frozen"
    SIGNED = "signed"
    PUBLISHED = "published"

    @property
    def label(self) -> str:
        """What people call it."""
        return _LABELS[self]

    @property
    def is_closed(self) -> bool:
        """Whether its board is a stored one that nothing changes any more."""
        return self in CLOSED

    @property
    def in_hand(self) -> bool:
        """Whether somebody has begun to settle it and it is not frozen."""
        return self is not State.OPEN and not self.is_closed


_LABELS = {
    State.OPEN: "登记中",
    State.CUT_OFF: "已截止",
    State.COMPUTED: "已计分",
    State.SHOWN: "核对中",
    State.FROZEN: "已冻结",
    State.SIGNED: "已签发",
    State.PUBLISHED: "已通报",
}
CLOSED = frozenset({State.FROZEN, State.SIGNED, State.PUBLISHED})


class Step(Enum):
    """What is done with a period; the value is what the office types."""

    CUT_OFF = "截止"
    COMPUTE = "计分"
    SHOW = "核对"
    FREEZE = "冻结"
    SIGN = "签发"
    PUBLISH = "通报"


class Verdict(Enum):
    """What became of a unit's objection (申诉)."""

    OPEN = "open"
    GRANTED = "granted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class Change(Enum):
    """What a correction set can do; the value is what the office types."""

    REVOKE = "撤销"
    ADOPT = "补登"
    INSTRUCT = "批示"
    ADJUST = "调整"
    MEASURE = "办法"


@dataclass(frozen=True, slots=True)
class Rule:
    """From which states a step leads where, and who may take it."""

    before: tuple[State, ...]
    after: State
    who: frozenset[Role]


RULES = {
    Step.CUT_OFF: Rule((State.OPEN,), State.CUT_OFF, DESK),
    Step.COMPUTE: Rule((State.CUT_OFF, State.COMPUTED, State.SHOWN), State.COMPUTED, DESK),
    Step.SHOW: Rule((State.COMPUTED,), State.SHOWN, DESK),
    Step.FREEZE: Rule((State.SHOWN,), State.FROZEN, HEAD),
    Step.SIGN: Rule((State.FROZEN,), State.SIGNED, HEAD),
    Step.PUBLISH: Rule((State.SIGNED,), State.PUBLISHED, DESK),
}

NEXT = {
    State.OPEN: Step.CUT_OFF,
    State.CUT_OFF: Step.COMPUTE,
    State.COMPUTED: Step.SHOW,
    State.SHOWN: Step.FREEZE,
    State.FROZEN: Step.SIGN,
    State.SIGNED: Step.PUBLISH,
}
"""The step that leads on; after the last there is none."""

WORKDAYS_TO_OBJECT = 2
"""Working days the units have to check their figures unless the office decides otherwise, the day they are shown not
counted (facts: domain §9.4)."""

WORKDAYS_AFTER = 5
"""Working days after freezing in which a unit may still appeal; what is granted then is booked into the next month."""


def check(step: Step, state: State, period: Period, person: Person, today: date) -> State:
    """The state a step leads to. Raises NotAllowed, WrongState, BadInput."""
    rule = RULES[step]
    if not person.has(rule.who):
        raise NotAllowed(action=f"/考评 {step.value}")
    if state not in rule.before:
        following = NEXT.get(state)
        possible = f"下一步是“{following.value}”。" if following else "已经办完了。"
        raise WrongState(what=f"{period.label}考评", state=state.label, action=step.value, possible=possible)
    if step is Step.CUT_OFF and today <= period.last:
        begin = period.last + timedelta(days=1)
        raise BadInput(reason=f"{period.label}还没有过完，{begin:%m-%d} 起可以截止。")
    return rule.after


def check_whole(period: Period) -> None:
    """Only whole months of one year are settled: points are booked by the month. Raises BadInput."""
    if period.code == f"{period.first}..{period.last}":
        raise BadInput(reason=f"考评按整月办理，{period.label}不是整月。可以写：11月、1-2月、四季度、2026年。")


def check_order(period: Period, others: Iterable[tuple[Period, State]]) -> None:
    """Freezing draws a line: everything up to it is closed too. Raises BadInput while a period that ends before it, or
    lies in it, is in hand."""
    for other, state in others:
        inside = period.first <= other.first and other.last <= period.last
        if state.in_hand and other.code != period.code and (inside or other.last < period.last):
            raise BadInput(
                reason=f"{other.label}还在办理（{state.label}），请先冻结{other.label}，再冻结{period.label}。"
            )


def objections_until(shown: datetime, calendar: WorkCalendar, workdays: int = WORKDAYS_TO_OBJECT) -> datetime:
    """Until when the units may object to figures shown at a moment: the end of work some working days later."""
    return datetime.combine(calendar.add_workdays(shown.date(), workdays), DAY_END, ZONE)


def appeals_until(frozen: date, calendar: WorkCalendar) -> date:
    """The last day on which a unit may appeal against a board frozen on a day."""
    return calendar.add_workdays(frozen, WORKDAYS_AFTER)
