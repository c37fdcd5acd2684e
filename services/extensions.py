"""More time for an assignment: asked for by the unit with a reason, granted or refused by the office; all of it stays.

One request at a time, for a later time than the due one, and before it or soon after.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from domain.commission import Event, Kind, check
from domain.due import Due, read_due
from domain.errors import BadInput, BaosongError
from domain.moment import from_ms, to_ms
from domain.roster import Person
from services import cards
from services.assignments import Share, allowed, happened, reason_of
from services.calendar import with_calendar
from services.commissions.texts import short_number, show_due
from services.office import Office
from storage import commission as commissions
from storage.engine import Tx

MATTER = "extension:{id}"
"""What the cards about a request are about; deciding it settles them all."""

LATEST = timedelta(hours=24)
"""So long after the due time more time can still be asked for."""

LONGEST_DUE = 4
"""A due time is said in at most so many words with blanks between: 11月28日 下午 5点 前."""

EXAMPLE = "/延期 {short} 到周一 数据要等统计局"

_FROM_THE_DUE_TIME = re.compile(
    r"(?:周|星期|礼拜)[一二三四五六日天]|[一两二三四五六七八九十\d]+(?:天|个?工作日|个?小时)"
)
_BETWEEN = " \u3000\n，,；;。"
_WORD = re.compile(f"[^{_BETWEEN}]+")

_OPENINGS = ("延期到", "延长到", "延到", "推迟到", "到", "至")


@dataclass(frozen=True, slots=True)
class Asked:
    """A request for more time: until when, as it was read, and why. `too_late` says that a superior wants it sooner."""

    share: Share
    due: Due
    reason: str
    too_late: bool


def ask(tx: Tx, office: Office, person: Person, own: Sequence[Share], words: str, now: datetime) -> list[Asked]:
    """Ask for more time, in words like `到周一 数据未出`. Raises BadInput, WrongState."""
    commission = own[0].commission
    example = EXAMPLE.format(short=short_number(commission))
    due, rest = due_and_reason(tx, office, words, now, example, _latest_due(own))
    reason = reason_of(rest, "申请延期", example)
    fitting = allowed(own, Kind.EXTENSION_ASKED)
    for share in fitting:
        _check(share, due, now)
    event = Event(Kind.EXTENSION_ASKED, to_ms(now), person.id, due_ms=to_ms(due.moment), note=reason)
    asked = [
        happened(tx, share, event, "extension asked", f"{due.moment:%Y-%m-%d %H:%M} {reason}") for share in fitting
    ]
    upper_ms = commission.upper_due_ms
    return [Asked(share, due, reason, 0 < upper_ms < to_ms(due.moment)) for share in asked]


def _latest_due(given: Sequence[Share]) -> int:
    return max((share.assignment.now.due_ms for share in given), default=0)


def _check(share: Share, due: Due, now: datetime) -> None:
    standing = share.assignment.now
    if standing.asked_due_ms:
        raise BadInput(
            reason=f"{share.commission.name}已经申请延期到{show_due(standing.asked_due_ms)}，还没有答复，不必再申请。"
        )
    if to_ms(due.moment) <= standing.due_ms:
        raise BadInput(
            reason=f"{share.commission.name}的截止时间是{show_due(standing.due_ms)}，"
            f"{show_due(to_ms(due.moment))}不比它晚，没有登记延期。"
        )
    if now > from_ms(standing.due_ms) + LATEST:
        raise BadInput(
            reason=f"{share.commission.name}已在{show_due(standing.due_ms)}截止，超过一天，不能再申请延期。请直接联系信息科。"
        )


def due_and_reason(
    tx: Tx, office: Office, words: str, now: datetime, example: str, after_ms: int = 0
) -> tuple[Due, str]:
    """The due time the words begin with, as many of them as make one, and the reason behind it. Raises BadInput.

    A weekday alone, or so many days, are counted from `after_ms` if that is later, the due time that is to be extended
    (UTC ms; 0: there is none).
    """
    opening = next((one for one in _OPENINGS if words.startswith(one)), "")
    words = words.removeprefix(opening).strip()
    said = list(_WORD.finditer(words))
    if not said:
        raise BadInput(reason=f"没有写延期到什么时候，例如：{example}")
    calendar = with_calendar(tx, office).calendar
    first: BaosongError | None = None
    for count in range(min(LONGEST_DUE, len(said)), 0, -1):
        try:
            when = " ".join(word[0] for word in said[:count])
            due = read_due(when, now, calendar)
            if to_ms(due.moment) <= after_ms and _FROM_THE_DUE_TIME.match(when):
                due = read_due(when, from_ms(after_ms), calendar)
            return due, words[said[count - 1].end() :].strip(_BETWEEN)
        except BaosongError as error:
            first = error
    assert first is not None, "there is a word"
    raise first


def opens_with_due(words: str) -> bool:
    """Whether words begin with 到, as a due time does and a reason does not."""
    return words.startswith(_OPENINGS)


def waiting(given: Sequence[Share]) -> list[Share]:
    """Those whose request nobody has decided yet."""
    return [share for share in given if share.assignment.is_open and share.assignment.now.asked_due_ms]


@dataclass(frozen=True, slots=True)
class Decided:
    """A decision: the share as it stands now, and who had asked (a person's id)."""

    share: Share
    asked_by: int


def grant(tx: Tx, office: Office, person: Person, asked: Sequence[Share], words: str, now: datetime) -> list[Decided]:
    """Grant the time asked for, or another one (`words`). Raises WrongState, BadInput."""
    example = "/批准延期 约18 云山县 到周二"
    other = due_and_reason(tx, office, words, now, example, _latest_due(asked))[0] if words else None
    decided = []
    for share in asked:
        check(share.assignment, Kind.EXTENSION_GRANTED, share.name)
        due_ms = to_ms(other.moment) if other else share.assignment.now.asked_due_ms
        if due_ms <= to_ms(now):
            raise BadInput(
                reason=f"{share.name}申请的{show_due(due_ms)}已经过了。请另给时间，例如：/批准延期 "
                f"{short_number(share.commission)} {share.unit} 到明天下班前"
            )
        event = Event(Kind.EXTENSION_GRANTED, to_ms(now), person.id, due_ms=due_ms)
        decided.append(_decide(tx, share, event, "extension granted", f"{from_ms(due_ms):%Y-%m-%d %H:%M}"))
    return decided


def refuse(tx: Tx, person: Person, asked: Sequence[Share], reason: str, now: datetime) -> list[Decided]:
    """Refuse more time, with a reason. Raises WrongState."""
    event = Event(Kind.EXTENSION_REFUSED, to_ms(now), person.id, note=reason)
    for share in asked:
        check(share.assignment, Kind.EXTENSION_REFUSED, share.name)
    return [_decide(tx, share, event, "extension refused", reason) for share in asked]


def _decide(tx: Tx, share: Share, event: Event, action: str, detail: str) -> Decided:
    history = commissions.events(tx, share.assignment.id)
    asked_by = next(one.person_id for one in reversed(history) if one.kind is Kind.EXTENSION_ASKED)
    now = happened(tx, share, event, action, detail)
    settle(tx, now, "已批准" if event.kind is Kind.EXTENSION_GRANTED else "不批准", event.person_id, event.at_ms)
    return Decided(now, asked_by)


def matter_of(share: Share) -> str:
    return MATTER.format(id=share.assignment.id)


def settle(tx: Tx, share: Share, verdict: str, by: int, at_ms: int) -> None:
    """Whoever still sees the request as a card sees that it is decided."""
    cards.settle(tx, matter_of(share), verdict, by, from_ms(at_ms))
