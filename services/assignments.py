"""A unit's share of a commission: whose it is, who has received it, who declined, what is open for whom.

Everything that happens is an event on the assignment, an audit line, and nothing else: who is told stands with the
commands. A share belongs to the unit; whoever reports for it now may act for it, and it stays when people leave.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from domain.commission import Assignment, Commission, Event, Kind, Stage, check
from domain.errors import BadInput, BaosongError, NotFound
from domain.item import Item
from domain.moment import from_ms, to_ms
from domain.receipt import Receipt
from domain.reference import is_number
from domain.roster import DESK, HEAD, REPORTERS, UNIT_SIDE, Person
from domain.speech import Incoming
from services import cards
from services.commissions.finding import find_commission
from services.items import unit_label
from storage import audit, push, receipt, roster
from storage import commission as commissions
from storage import item as items
from storage.engine import Tx

FRESH = timedelta(hours=24)
"""How long after a push a brief word (1, 好的, 👌) is taken for its receipt."""

REASON_LIMIT = 200


@dataclass(frozen=True, slots=True)
class Share:
    """What one unit has to do in a commission; `unit` is what people call it."""

    commission: Commission
    assignment: Assignment
    unit: str

    @property
    def name(self) -> str:
        """`约 2026-018《…》云山县`, as the office reads it."""
        return f"{self.commission.name}{' ' if self.commission.off_chat else ''}{self.unit}"


def own_units(person: Person) -> frozenset[int]:
    """The units a person speaks for."""
    return frozenset(post.unit_id for post in person.posts if post.role in UNIT_SIDE)


def shares(tx: Tx, commission: Commission, given: Iterable[Assignment], year: int) -> list[Share]:
    """Assignments of a commission with their units' names."""
    return [Share(commission, one, unit_label(tx, one.unit_id, year)) for one in given]


def own_shares(tx: Tx, person: Person, words: str, now: datetime) -> list[Share]:
    """The shares of a person's units in the commission of a number. Raises BadInput, NotFound."""
    if not words:
        raise BadInput(reason="没有写约稿编号，例如：约18。发“/任务”看您单位的约稿。")
    commission = find_commission(tx, words, now.year)
    given = commissions.assignments_of(tx, commission.id, own_units(person))
    if not given:
        raise NotFound(what=f"您单位在 {commission.number} 里的任务", hint="发“/任务”看您单位的约稿。")
    return shares(tx, commission, given, now.year)


def receive(tx: Tx, person: Person, commission: Commission, now: datetime, how: str) -> list[Share]:
    """The person's units have received a commission; `how` says by what way. Returns what that changed."""
    given = commissions.assignments_of(tx, commission.id, own_units(person))
    return _receive(tx, person, shares(tx, commission, given, now.year), now, how)


def receive_all(tx: Tx, person: Person, now: datetime, how: str) -> list[Share]:
    """The person's units have received whatever is open for them. Returns what that changed."""
    own = [
        Share(commission, given, unit_label(tx, given.unit_id, now.year))
        for commission, given in commissions.open_of_units(tx, own_units(person))
    ]
    return _receive(tx, person, own, now, how)


def way_of(incoming: Incoming) -> str:
    """Where a receipt was given; the words themselves are not kept."""
    if incoming.tap is not None:
        return "卡片"
    return "群内" if incoming.group else "私聊"


def acknowledge(tx: Tx, person: Person, incoming: Incoming, said: Receipt, now: datetime) -> list[Share]:
    """A receipt said in a chat counts for the speaker's units: for the commission it names or quotes, else for all
    that were pushed to this chat and not received. A clear one in private, where nothing was pushed, counts for all
    that is open: somebody else's push, or a reminder, is what it answers. Returns what that changed. Raises NotFound
    for an unknown number."""
    if said.number:
        return receive(tx, person, find_commission(tx, said.number, now.year), now, way_of(incoming))
    units = own_units(person)
    if incoming.quote:
        about = quoted(tx, incoming)
        if about is not None:
            given = commissions.assignments_of(tx, about.commission.id, units)
            return _received(tx, person, [one for one in given if about.is_for(one)], now, way_of(incoming))
        if incoming.group:
            return []  # what somebody else said was received
    since_ms = 0 if said.clear else to_ms(now - FRESH)
    awaited = receipt.awaited(tx, incoming.platform, incoming.target, units)
    if not awaited and said.clear and not incoming.group:
        return receive_all(tx, person, now, way_of(incoming))
    found = (commissions.assignment(tx, id) for _, id, at_ms in awaited if at_ms >= since_ms)
    return _received(tx, person, [one for one in found if one is not None], now, way_of(incoming))


@dataclass(frozen=True, slots=True)
class Quoted:
    """The commission whose push a message quotes, and the assignments that push was for (none: all)."""

    commission: Commission
    assignment_ids: tuple[int, ...]

    def is_for(self, assignment: Assignment) -> bool:
        return not self.assignment_ids or assignment.id in self.assignment_ids


def quoted(tx: Tx, incoming: Incoming) -> Quoted | None:
    """What a message quotes, if that is about a commission: by the push's own id, or by the number that stands in it
    where a platform gives no id."""
    if not incoming.quote:
        return None
    if is_number(incoming.quote):
        named = commissions.by_number(tx, incoming.quote)
        return Quoted(named, ()) if named is not None else None
    found = push.find_by_message(tx, incoming.platform, incoming.quote)
    about = commissions.by_id(tx, found.commission_id) if found is not None else None
    return Quoted(about, found.assignment_ids) if found is not None and about is not None else None


def _received(tx: Tx, person: Person, given: Sequence[Assignment], now: datetime, how: str) -> list[Share]:
    changed: list[Share] = []
    for commission_id in dict.fromkeys(one.commission_id for one in given):
        commission = commissions.by_id(tx, commission_id)
        assert commission is not None, "an assignment has its commission"
        own = [one for one in given if one.commission_id == commission_id]
        changed += _receive(tx, person, shares(tx, commission, own, now.year), now, how)
    return changed


def _receive(tx: Tx, person: Person, own: Sequence[Share], now: datetime, how: str) -> list[Share]:
    return [
        happened(tx, share, Event(Kind.RECEIVED, to_ms(now), person.id, note=how), "receive")
        for share in own
        if share.assignment.now.stage is Stage.ISSUED
    ]


def happened(tx: Tx, share: Share, event: Event, action: str, detail: str = "") -> Share:
    """Write an event down with its audit line; returns the share as it stands now. Whether it may be is checked."""
    assignment = commissions.record(tx, share.assignment, event)
    object = f"{share.commission.number} unit:{assignment.unit_id}"
    audit.write(tx, event.at_ms, f"person:{event.person_id}", f"assignment {action}", object, detail)
    if share.assignment.now.stage is Stage.ISSUED and assignment.now.stage is not Stage.ISSUED:
        matter = cards.assignment_matter(assignment.id)
        cards.settle(tx, matter, assignment.now.stage.label, event.person_id, from_ms(event.at_ms))
    return replace(share, assignment=assignment)


def allowed(own: Sequence[Share], kind: Kind) -> list[Share]:
    """Those to which this may happen now; raises WrongState, with the reason of the first, if it may to none."""
    refused: list[BaosongError] = []
    fitting = []
    for share in own:
        try:
            check(share.assignment, kind, share.name)
            fitting.append(share)
        except BaosongError as error:
            refused.append(error)
    if not fitting:
        raise refused[0]
    return fitting


def reason_of(words: str, action: str, example: str) -> str:
    """A reason fit to be kept and shown. Raises BadInput if there is none, or too much of it."""
    reason = " ".join(words.split())
    if not reason:
        raise BadInput(reason=f"{action}要写原因，例如：{example}")
    if len(reason) > REASON_LIMIT:
        raise BadInput(reason=f"原因有 {len(reason)} 个字，太长了（不超过 {REASON_LIMIT} 字）。")
    return reason


def decline(tx: Tx, person: Person, own: Sequence[Share], reason: str, now: datetime) -> list[Share]:
    """The units say that they will not answer; only the office closes. Raises WrongState."""
    event = Event(Kind.DECLINED, to_ms(now), person.id, note=reason)
    return [happened(tx, share, event, "decline", reason) for share in allowed(own, Kind.DECLINED)]


def refuse_decline(tx: Tx, person: Person, asked: Sequence[Share], reason: str, now: datetime) -> list[Share]:
    """The office wants an answer all the same. Raises WrongState."""
    event = Event(Kind.DECLINE_REFUSED, to_ms(now), person.id, note=reason)
    return [happened(tx, share, event, "decline refused", reason) for share in allowed(asked, Kind.DECLINE_REFUSED)]


def shares_answered_by(tx: Tx, item: Item, now: datetime) -> list[Share]:
    """The shares an item answers."""
    found = []
    for one in commissions.assignments_of_item(tx, item.id):
        commission = commissions.by_id(tx, one.commission_id)
        assert commission is not None, "an assignment has its commission"
        found += shares(tx, commission, [one], now.year)
    return found


def unlink(tx: Tx, person: Person, item: Item, answered: Sequence[Share], now: datetime) -> list[Share]:
    """An item does not answer these shares after all. Whether that may be is checked."""
    event = Event(Kind.UNLINKED, to_ms(now), person.id, item.id)
    done = [happened(tx, share, event, "unlink", item.number) for share in answered]
    if done and not commissions.assignments_of_item(tx, item.id):
        items.describe(tx, replace(item, commissioned=False))
    return done


def let_go(tx: Tx, person: Person, item: Item, now: datetime) -> list[Share]:
    """An item was withdrawn: what it answered waits again, unless the office has closed it."""
    answered = [share for share in shares_answered_by(tx, item, now) if share.assignment.is_open]
    return unlink(tx, person, item, answered, now)


def desk_of(tx: Tx, commission: Commission, day: date) -> list[Person]:
    """Who at the desk hears what a unit says about a commission: whoever drafted and issued it, and the head."""
    desk = roster.people(tx, DESK, day)
    about = {commission.drafted_by, commission.issued_by}
    return [person for person in desk if person.id in about or person.has(HEAD)] or desk


def speakers_of(tx: Tx, share: Share, day: date, asked_by: int = 0) -> list[Person]:
    """Who is told what was decided about a share: whoever asked, if still speaking for the unit, else its reporters."""
    asker = roster.person(tx, asked_by, day) if asked_by else None
    if asker is not None and share.assignment.unit_id in own_units(asker):
        return [asker]
    return roster.people_in(tx, share.assignment.unit_id, REPORTERS, day)
