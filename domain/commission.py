"""A commission (约稿) and its assignments to units, from the draft to the last unit closed off (facts: domain §2.3).

What happens to an assignment is a list of facts, appended and never changed; where it stands is computed from them.
Overdue is no state: it is a comparison of the facts with the clock.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import Enum

from domain.errors import WrongState


class Source(Enum):
    """Who wants it; the value is stored and read."""

    STATE = "国办"
    PROVINCE = "省办"
    CITY = "市领导"
    OFFICE = "本办"


class Way(Enum):
    """How it reached the units. Phone and SMS commissions are logged afterwards and counted apart."""

    CHAT = "群内"
    SLIP = "交办单"
    PHONE = "电话"
    SMS = "短信"


class State(Enum):
    """Where a commission as a whole stands, until it is issued; from then on its assignments tell."""

    DRAFT = "draft"
    WAITING = "waiting"
    ISSUED = "issued"
    DROPPED = "dropped"

    @property
    def label(self) -> str:
        return {"draft": "待确认", "waiting": "待科长批准", "issued": "已下达", "dropped": "已放弃"}[self.value]


class Stage(Enum):
    """Where an assignment stands."""

    ISSUED = "issued"
    RECEIVED = "received"
    DECLINED = "declined"
    ANSWERED = "answered"
    CLOSED = "closed"

    @property
    def label(self) -> str:
        return {
            "issued": "待签收", "received": "已签收", "declined": "申请不报", "answered": "已报送", "closed": "已销号",
        }[self.value]  # fmt: skip


class Outcome(Enum):
    """Why an assignment was closed (销号); the value is stored and read."""

    ADOPTED = "已采用"
    SENT = "已报未采用"
    MERGED = "合并"
    EXEMPT = "免除"
    UNDONE = "未完成"


class Kind(Enum):
    """What can happen to an assignment."""

    RECEIVED = "received"
    ANSWERED = "answered"
    UNLINKED = "unlinked"
    DECLINED = "declined"
    DECLINE_REFUSED = "decline refused"
    EXTENSION_ASKED = "extension asked"
    EXTENSION_GRANTED = "extension granted"
    EXTENSION_REFUSED = "extension refused"
    CLOSED = "closed"
    REOPENED = "reopened"

    @property
    def action(self) -> str:
        """How people call it, behind “不能”."""
        return _ACTIONS[self]


_ACTIONS = {
    Kind.RECEIVED: "签收",
    Kind.ANSWERED: "报送",
    Kind.UNLINKED: "撤销关联",
    Kind.DECLINED: "申请不报",
    Kind.DECLINE_REFUSED: "退回不报申请",
    Kind.EXTENSION_ASKED: "申请延期",
    Kind.EXTENSION_GRANTED: "批准延期",
    Kind.EXTENSION_REFUSED: "不批准延期",
    Kind.CLOSED: "销号",
    Kind.REOPENED: "重开",
}

_OPEN = frozenset(Stage) - {Stage.CLOSED}

ALLOWED: dict[Kind, frozenset[Stage]] = {
    Kind.RECEIVED: _OPEN,
    Kind.ANSWERED: _OPEN,
    Kind.UNLINKED: _OPEN,
    Kind.DECLINED: frozenset({Stage.ISSUED, Stage.RECEIVED}),
    Kind.DECLINE_REFUSED: frozenset({Stage.DECLINED}),
    Kind.EXTENSION_ASKED: _OPEN - {Stage.ANSWERED},
    Kind.EXTENSION_GRANTED: _OPEN,
    Kind.EXTENSION_REFUSED: _OPEN,
    Kind.CLOSED: _OPEN,
    Kind.REOPENED: frozenset({Stage.CLOSED}),
}
"""What may happen at which stage. A second 收到 or a further item changes nothing else and is welcome."""


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened.

    `item_id` is the item of an answer, or of one that is taken back; None is an answer handed in elsewhere (OA, mail).
    `due_ms` is the due time asked for, granted or given with a reopening, UTC ms; `outcome` is of a closing.
    """

    kind: Kind
    at_ms: int
    person_id: int
    item_id: int | None = None
    due_ms: int = 0
    outcome: Outcome | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Standing:
    """Where an assignment stands. Times are UTC ms, 0 is not yet; `asked_due_ms` is an extension nobody decided yet."""

    stage: Stage
    due_ms: int
    received_ms: int = 0
    answered_ms: int = 0
    asked_due_ms: int = 0
    closed_ms: int = 0
    outcome: Outcome | None = None


def standing(due_ms: int, events: Iterable[Event]) -> Standing:
    """Where an assignment first due at `due_ms` stands after these events, in the order they were written down."""
    now = Standing(Stage.ISSUED, due_ms)
    answers: dict[int | None, int] = {}
    for event in events:
        _note_answer(answers, event)
        now = _after(now, event, min(answers.values(), default=0))
    return now


def _after(now: Standing, event: Event, answered_ms: int) -> Standing:
    """Where it stands after one more event; `answered_ms` is when the first of the answers that now count came."""
    match event.kind:
        case Kind.RECEIVED:
            return _received(now, event.at_ms)
        case Kind.ANSWERED:
            # Whoever answers has received it.
            return replace(_received(now, event.at_ms), stage=Stage.ANSWERED, answered_ms=answered_ms)
        case Kind.UNLINKED:
            stage = Stage.RECEIVED if now.stage is Stage.ANSWERED and not answered_ms else now.stage
            return replace(now, stage=stage, answered_ms=answered_ms)
        case Kind.DECLINED:
            return replace(_received(now, event.at_ms), stage=Stage.DECLINED)
        case Kind.DECLINE_REFUSED:
            return replace(now, stage=Stage.RECEIVED)
        case Kind.EXTENSION_ASKED:
            # Whoever asks for more time means to send something after all.
            return replace(_received(now, event.at_ms), stage=Stage.RECEIVED, asked_due_ms=event.due_ms)
        case Kind.EXTENSION_GRANTED:
            return replace(now, due_ms=event.due_ms, asked_due_ms=0)
        case Kind.EXTENSION_REFUSED:
            return replace(now, asked_due_ms=0)
        case Kind.CLOSED:
            return replace(now, stage=Stage.CLOSED, closed_ms=event.at_ms, outcome=event.outcome, asked_due_ms=0)
        case Kind.REOPENED:
            stage = Stage.ANSWERED if now.answered_ms else Stage.RECEIVED if now.received_ms else Stage.ISSUED
            return replace(now, stage=stage, due_ms=event.due_ms or now.due_ms, closed_ms=0, outcome=None)


def standing_answers(events: Iterable[Event]) -> dict[int | None, int]:
    """The items that answer an assignment by now, with when each came, UTC ms; None stands for one sent elsewhere."""
    answers: dict[int | None, int] = {}
    for event in events:
        _note_answer(answers, event)
    return answers


def _note_answer(answers: dict[int | None, int], event: Event) -> None:
    if event.kind is Kind.ANSWERED:
        answers.setdefault(event.item_id, event.at_ms)
    elif event.kind is Kind.UNLINKED:
        answers.pop(event.item_id, None)


def _received(now: Standing, at_ms: int) -> Standing:
    stage = Stage.RECEIVED if now.stage is Stage.ISSUED else now.stage
    return replace(now, stage=stage, received_ms=now.received_ms or at_ms)


@dataclass(frozen=True, slots=True)
class Commission:
    """A commission. `number` is `约 2026-018`, '' until it is issued; times are UTC ms.

    `off_chat` (不在群内): the topic may not be in a chat at all; everybody sees the number, never the topic. `theme`
    binds commissions, items and adoptions of one theme; `upper_*` is the demand it was derived from.
    """

    id: int
    number: str
    year: int
    topic: str
    requirement: str
    class_name: str
    length: str
    source: Source
    way: Way
    theme: str
    upper_number: str
    upper_due_ms: int
    due_ms: int
    due_said: str
    urgent: bool
    off_chat: bool
    state: State
    drafted_by: int
    drafted_ms: int
    approved_by: int
    issued_by: int
    issued_ms: int

    @property
    def name(self) -> str:
        """`约 2026-018《…》` as every message names it; without the topic if that may not be in a chat."""
        return self.number if self.off_chat else f"{self.number}《{self.topic}》"

    def spoken(self, year: int) -> str:
        """`约18`, as people write it in that year; `约2025-18` of another one, since numbers begin anew."""
        before = "" if self.year == year else f"{self.year}-"
        return f"约{before}{int(self.number.rpartition('-')[2])}"


@dataclass(frozen=True, slots=True)
class Assignment:
    """What one unit is to do in a commission. `part` numbers the sub-topics (0: not decomposed); `leads` tells the
    lead unit (牵头) of a part from its members. `first_due_ms` is the due time it was issued with."""

    id: int
    commission_id: int
    unit_id: int
    place: int
    part: int
    leads: bool
    angle: str
    length: str
    first_due_ms: int
    now: Standing

    @property
    def is_open(self) -> bool:
        return self.now.stage is not Stage.CLOSED

    def is_overdue(self, now_ms: int) -> bool:
        """Whether nothing came by the due time: it came too late, or nothing was here when it was closed, or by now."""
        return self.now.due_ms < (self.now.answered_ms or self.now.closed_ms or now_ms)


def check(assignment: Assignment, kind: Kind, what: str) -> None:
    """Refuse what may not happen at this stage; `what` names the assignment for people. Raises WrongState."""
    now = assignment.now
    if now.stage not in ALLOWED[kind]:
        raise WrongState(what=what, state=now.stage.label, action=kind.action, possible=_possible(now))
    if kind in (Kind.EXTENSION_GRANTED, Kind.EXTENSION_REFUSED) and not now.asked_due_ms:
        raise WrongState(what=what, state=now.stage.label, action=kind.action, possible="没有待批的延期申请。")


def _possible(now: Standing) -> str:
    return f"销号原因：{now.outcome.value}。要改请信息科先重开。" if now.outcome else ""
