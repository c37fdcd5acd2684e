"""Closing a unit's share off (销号) with a reason, and opening it again: the office's business alone (facts: §2.3).
What that means for the measure is written down with it.

Exempting and 未完成 need the head of the section. What counts as 已采用 must have been registered as adopted.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from domain.commission import Commission, Event, Kind, Outcome, Stage, check
from domain.errors import BadInput, BaosongError, NotFound
from domain.item import Item, State
from domain.moment import day_of, from_ms
from domain.roster import HEAD, Unit
from services.assignments import Share, happened, shares, shares_answered_by
from services.commissions.texts import NAMED
from services.consequences import share_closed, share_reopened
from services.desk import Clerk
from services.extensions import settle
from services.units import find_unit
from storage import commission as commissions
from storage import item as items
from storage.engine import Tx

BY_THE_HEAD = frozenset({Outcome.EXEMPT, Outcome.UNDONE})
"""Only the head of the section closes so; and these need no answer, but a reason."""

OUTCOME_WORDS = {
    "采用": Outcome.ADOPTED, "已采用": Outcome.ADOPTED,
    "已报未采用": Outcome.SENT, "未采用": Outcome.SENT, "已报": Outcome.SENT, "报送": Outcome.SENT,
    "合并": Outcome.MERGED, "已合并": Outcome.MERGED,
    "免除": Outcome.EXEMPT, "免报": Outcome.EXEMPT,
    "未完成": Outcome.UNDONE, "没完成": Outcome.UNDONE, "未报": Outcome.UNDONE,
}  # fmt: skip
"""What people write for an outcome."""

ALL = frozenset({"全部", "所有", "全体", "all"})

EXAMPLE = "/销号 约18 云山县 {outcome} 本县无此项工作"

_UNDECIDED = frozenset({State.RECEIVED, State.RETURNED})

CLOSED = "已销号"
"""What a card about more time shows then."""

_MANY = str.maketrans(dict.fromkeys(",，;；+/", "、"))


def shares_of(tx: Tx, commission: Commission, now: datetime) -> list[Share]:
    """Every unit's share, in the office's order."""
    return shares(tx, commission, commissions.assignments(tx, commission.id), now.year)


def shares_named(tx: Tx, commission: Commission, words: str, now: datetime) -> list[Share]:
    """The shares of the units somebody names (云山县、清河区). Raises NotFound, BadInput."""
    given = shares_of(tx, commission, now)
    found: dict[int, Share] = {}
    for word in filter(None, words.translate(_MANY).split("、")):
        unit = _unit_named(tx, commission, word, now)
        own = [share for share in given if share.assignment.unit_id == unit.id]
        if not own:
            raise NotFound(what=f"{unit.label}在 {commission.number} 里的任务", hint="请核对单位和编号。")
        found |= {share.assignment.id: share for share in own}
    return list(found.values())


def _unit_named(tx: Tx, commission: Commission, word: str, now: datetime) -> Unit:
    """A unit of today, or one that was there when the commission was issued and is gone (撤并)."""
    try:
        return find_unit(tx, word, now.date())
    except NotFound as unknown:
        try:
            return find_unit(tx, word, day_of(commission.issued_ms))
        except NotFound:
            raise unknown from None


def suggested(tx: Tx, share: Share) -> Outcome | None:
    """How a share can be closed as it stands: by what became of its items; None if nothing came."""
    if not share.assignment.now.answered_ms:
        return None
    states = {item.state for item in _items(tx, share)}
    if State.ADOPTED in states:
        return Outcome.ADOPTED
    return Outcome.MERGED if State.MERGED in states else Outcome.SENT


def _items(tx: Tx, share: Share) -> list[Item]:
    found = (items.by_id(tx, id) for id in commissions.answers(tx, share.assignment.id))
    return [item for item in found if item is not None]


@dataclass(frozen=True, slots=True)
class Closed:
    """What was closed, each as it stands now, and who is still open. `undecided` are items the office has neither
    adopted nor rejected: closed as 已报未采用, they may yet be adopted."""

    shares: tuple[Share, ...]
    remaining: tuple[Share, ...]
    undecided: tuple[Item, ...]


def close(clerk: Clerk, chosen: Sequence[Share], outcome: Outcome | None, reason: str) -> Closed:
    """Close shares; without an outcome each by what became of its items. Raises WrongState, BadInput."""
    _check_right(clerk, outcome, reason)
    open_ones = [share for share in chosen if share.assignment.is_open]
    if not open_ones:
        check(chosen[0].assignment, Kind.CLOSED, chosen[0].name)
    ways = [(share, _way(clerk.tx, share, outcome, reason)) for share in open_ones]
    return _closed(clerk, chosen[0].commission, ways, reason)


def close_all(clerk: Clerk, commission: Commission, outcome: Outcome | None, reason: str) -> Closed:
    """Close all that may be closed so: with 免除 or 未完成 everybody who has not answered, else everybody who has.

    Raises BadInput if that is nobody.
    """
    _check_right(clerk, outcome, reason)
    open_ones = [share for share in shares_of(clerk.tx, commission, clerk.now) if share.assignment.is_open]
    answered = outcome not in BY_THE_HEAD
    fitting = [share for share in open_ones if bool(share.assignment.now.answered_ms) is answered]
    if not fitting:
        raise BadInput(reason=_nobody(commission, open_ones, answered))
    ways = [(share, outcome or _way(clerk.tx, share, None, reason)) for share in fitting]
    for share, way in ways:
        _check_way(clerk.tx, share, way, reason)
    return _closed(clerk, commission, ways, reason)


def _nobody(commission: Commission, open_ones: Sequence[Share], answered: bool) -> str:
    if not open_ones:
        return f"{commission.number} 已经全部销号。"
    if answered:
        units = "、".join(dict.fromkeys(share.unit for share in open_ones[:NAMED]))
        more = f"等 {len(open_ones)} 家" if len(open_ones) > NAMED else ""
        return (
            f"{commission.number} 没有已报送、等销号的单位；{units}{more}还没有报送。"
            "要免除或记未完成，请写明原因，由信息科长办理。"
        )
    return f"{commission.number} 没有未报送的单位。已报送的请发“/销号 {commission.number} 全部”。"


def _way(tx: Tx, share: Share, outcome: Outcome | None, reason: str) -> Outcome:
    """The outcome a share is closed with, checked against what came. Raises BadInput."""
    way = outcome or suggested(tx, share)
    if way is None:
        raise BadInput(
            reason=f"{share.name}还没有报送。从其他渠道报了的，先发“/已报 {share.commission.number} {share.unit}”；"
            f"不用报或没有完成的，由信息科长销号：/销号 {share.commission.number} {share.unit} 免除 原因"
        )
    _check_way(tx, share, way, reason)
    return way


def _check_way(tx: Tx, share: Share, way: Outcome, reason: str) -> None:
    if way in BY_THE_HEAD:
        return
    if not share.assignment.now.answered_ms and way is Outcome.MERGED:
        if not reason:
            raise BadInput(reason=f"{share.name}还没有报送，按“合并”销号要写明并到哪里。")
    elif not share.assignment.now.answered_ms:
        raise BadInput(
            reason=f"{share.name}还没有报送，不能按“{way.value}”销号。从其他渠道报了的，"
            f"先发“/已报 {share.commission.number} {share.unit}”。"
        )
    known = _items(tx, share)
    if way is Outcome.ADOPTED and known and suggested(tx, share) is Outcome.SENT:
        names = "、".join(item.name for item in known)
        raise BadInput(
            reason=f"{share.name}报送的 {names} 还没有登记采用。先发“/采用 {known[0].number} 刊物 期号”，"
            "或按“已报未采用”销号。"
        )


def _check_right(clerk: Clerk, outcome: Outcome | None, reason: str) -> None:
    if outcome in BY_THE_HEAD:
        assert outcome is not None, "it is one of them"
        if not clerk.person.has(HEAD):
            raise BaosongError(reason=f"按“{outcome.value}”销号要由信息科长办理。")
        if not reason:
            raise BadInput(
                reason=f"按“{outcome.value}”销号要写原因，例如：/销号 约18 云山县 {outcome.value} 本县无此项工作"
            )


def _closed(clerk: Clerk, commission: Commission, ways: Sequence[tuple[Share, Outcome]], reason: str) -> Closed:
    done = tuple(
        happened(
            clerk.tx, share, Event(Kind.CLOSED, clerk.now_ms, clerk.person.id, outcome=way, note=reason), "close",
            f"{way.value} {reason}".strip(),
        )
        for share, way in ways
    )  # fmt: skip
    for share in done:
        settle(clerk.tx, share, CLOSED, clerk.person.id, clerk.now_ms)
        share_closed(clerk.tx, clerk.office, share, clerk.person.id, clerk.now)
    rest = tuple(share for share in shares_of(clerk.tx, commission, clerk.now) if share.assignment.is_open)
    sent = (share for share in done if share.assignment.now.outcome is Outcome.SENT)
    undecided = [item for share in sent for item in _items(clerk.tx, share) if item.state in _UNDECIDED]
    return Closed(done, rest, tuple({item.id: item for item in undecided}.values()))


def reopen(clerk: Clerk, chosen: Sequence[Share], due_ms: int, reason: str) -> list[Share]:
    """Open shares again, with another due time if one is given (UTC ms, 0: the old one). Raises WrongState."""
    closed = [share for share in chosen if not share.assignment.is_open]
    if not closed:
        check(chosen[0].assignment, Kind.REOPENED, chosen[0].name)
    event = Event(Kind.REOPENED, clerk.now_ms, clerk.person.id, due_ms=due_ms, note=reason)
    detail = f"{reason} {from_ms(due_ms):%Y-%m-%d %H:%M}" if due_ms else reason
    for share in closed:
        share_reopened(clerk.tx, clerk.office, share, clerk.person.id, clerk.now)
    return [happened(clerk.tx, share, event, "reopen", detail) for share in closed]


def closable(tx: Tx, item: Item, now: datetime) -> list[Share]:
    """The shares an item answers that the office could now close."""
    return [share for share in shares_answered_by(tx, item, now) if share.assignment.now.stage is Stage.ANSWERED]


def outdated(tx: Tx, item: Item, now: datetime) -> list[Share]:
    """The shares an item answers that were closed as 已采用 or 已报未采用 and would be closed as the other one now."""
    either = {Outcome.ADOPTED, Outcome.SENT}
    return [
        share
        for share in shares_answered_by(tx, item, now)
        if {share.assignment.now.outcome, suggested(tx, share)} == either
    ]
