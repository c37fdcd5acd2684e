"""From a draft to a commission that is issued: confirmed, approved where the settings ask for it, numbered, pushed.

Whatever is confirmed twice is issued once: the state is looked at in the transaction that changes it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from domain.commission import Commission, State, Way
from domain.errors import BadInput, NotAllowed, NotFound, WrongState
from domain.moment import to_ms
from domain.roster import HEAD, Person
from domain.speech import Button, Card
from services import cards
from services.commissions.pushing import Queued, push_out
from services.mail import tell
from services.office import Office
from storage import audit, roster
from storage import commission as commissions
from storage.commission import NewAssignment, NewCommission
from storage.engine import Tx

PUSHED = frozenset({Way.CHAT, Way.SLIP})
"""What the phone or an SMS has told already is not told again."""

WAITS = (
    "{who}拟了一件约稿等您批准，草稿 {id}：{topic}。\n"
    "发“/批准约稿”看全文，“/批准约稿 {id}”下达，“/退回约稿 {id} 原因”退回。"
)
APPROVED = "您拟的约稿（草稿 {id}）已经批准下达，编号 {number}。"
SENT_BACK = "您拟的约稿（草稿 {id}）没有批准。\n原因：{reason}"
HIDDEN = "（内容见 OA）"


@dataclass(frozen=True, slots=True)
class Issued:
    """What a confirmation did: the commission as it now is, and what was queued if it was issued by this very step.

    `state` WAITING: a chief has to approve it first.
    """

    commission: Commission
    queued: Queued | None = None
    again: bool = False


def issue(tx: Tx, office: Office, commission_id: int, person: Person, now: datetime) -> Issued:
    """Issue a draft, or lay it before the chief where the settings ask for it. A second time changes nothing.

    Raises NotFound, WrongState if it was given up, BadInput if its due time is over.
    """
    commission = find_draft(tx, commission_id)
    if commission.state is State.ISSUED:
        return Issued(commission, again=True)
    if commission.state is State.DROPPED:
        raise WrongState(what=f"草稿 {commission.id} ", state=commission.state.label, action="下达")
    _check_due(commission, now)
    head = person.has(HEAD)
    if office.commissions.approval and not head:
        return _lay_before_chief(tx, commission, person, now)
    approved_by = person.id if commission.state is State.WAITING or office.commissions.approval else 0
    issued = _number(tx, commission, person, approved_by, now)
    queued = push_out(tx, office, issued, now) if issued.way in PUSHED else None
    if commission.drafted_by != person.id:
        text = APPROVED.format(id=commission.id, number=issued.number)
        dedup = f"commission:{commission.id}:approved"
        tell(tx, commission.drafted_by, text, dedup=dedup, kind="commission approved", now=now)
    return Issued(issued, queued)


def find_draft(tx: Tx, commission_id: int) -> Commission:
    """A commission by the number of its draft. Raises NotFound."""
    commission = commissions.by_id(tx, commission_id)
    if commission is None:
        raise NotFound(what=f"约稿草稿 {commission_id}", hint="发“/约稿 标题”重新拟一件。")
    return commission


def _check_due(commission: Commission, now: datetime) -> None:
    if commission.way in PUSHED and commission.due_ms <= to_ms(now):
        raise BadInput(reason="截止时间已经过了，没有下达。请发“改 时间 周五下班前”这样的话改了再确认。")


def _number(tx: Tx, commission: Commission, person: Person, approved_by: int, now: datetime) -> Commission:
    number = commissions.next_number(tx, now.year)
    issued_by = person.id if not approved_by else commission.drafted_by
    commissions.issue(tx, commission.id, number, now.year, issued_by, approved_by, to_ms(now))
    verdict = "已批准下达" if approved_by else "已下达"
    cards.settle(tx, cards.draft_matter(commission.id), verdict, person.id, now)
    detail = f"{number} {commission.way.value}" + (f" approved by {approved_by}" if approved_by else "")
    audit.write(tx, to_ms(now), f"person:{person.id}", "commission issue", f"commission:{commission.id}", detail)
    return find_draft(tx, commission.id)


def _lay_before_chief(tx: Tx, commission: Commission, person: Person, now: datetime) -> Issued:
    """A second confirmation finds it waiting and tells nobody again."""
    if commission.state is State.WAITING:
        return Issued(commission, again=True)
    commissions.wait_for_approval(tx, commission.id)
    audit.write(tx, to_ms(now), f"person:{person.id}", "commission propose", f"commission:{commission.id}")
    matter = cards.draft_matter(commission.id)
    cards.settle(tx, matter, "已报科长批准", person.id, now)
    topic = HIDDEN if commission.off_chat else f"《{commission.topic}》"
    text = WAITS.format(who=person.name, id=commission.id, topic=topic)
    card = Card(matter, "约稿等您批准", topic, (Button("批准下达", f"/批准约稿 {commission.id}"),), "")
    for chief in roster.people(tx, HEAD, now.date()):
        dedup = f"commission:{commission.id}:waits"
        tell(tx, chief.id, text, dedup=dedup, kind="commission waits", now=now, card=card)
    return Issued(find_draft(tx, commission.id))


def give_up(tx: Tx, commission_id: int, person: Person, now: datetime) -> None:
    """Drop a draft that was not issued."""
    commission = find_draft(tx, commission_id)
    if commission.state is State.ISSUED:
        raise WrongState(what=commission.number, state=commission.state.label, action="放弃", possible="不要了请销号。")
    if commission.state is not State.DROPPED:
        commissions.drop(tx, commission_id)
        cards.settle(tx, cards.draft_matter(commission_id), "已放弃", person.id, now)
        audit.write(tx, to_ms(now), f"person:{person.id}", "commission drop", f"commission:{commission_id}")


def withdraw(tx: Tx, commission_id: int, person: Person, now: datetime) -> None:
    """Who drafted it, or the chief, gives a draft up. Raises NotFound, NotAllowed, WrongState if it was issued."""
    if find_draft(tx, commission_id).drafted_by != person.id and not person.has(HEAD):
        raise NotAllowed(action="放弃别人拟的约稿")
    give_up(tx, commission_id, person, now)


def send_back(tx: Tx, commission_id: int, reason: str, chief: Person, now: datetime) -> Commission:
    """The chief does not approve a draft; who drafted it is told why. Raises NotFound, WrongState, BadInput."""
    if not chief.has(HEAD):
        raise NotAllowed(action="退回约稿")
    commission = find_draft(tx, commission_id)
    if commission.state is not State.WAITING:
        raise WrongState(what=f"草稿 {commission_id} ", state=commission.state.label, action="退回")
    if not reason:
        raise BadInput(reason=f"请写明原因，例如：/退回约稿 {commission_id} 范围再小一些")
    cards.settle(tx, cards.draft_matter(commission_id), "已退回", chief.id, now)
    give_up(tx, commission_id, chief, now)
    text = SENT_BACK.format(id=commission_id, reason=reason)
    dedup = f"commission:{commission_id}:sent back"
    tell(tx, commission.drafted_by, text, dedup=dedup, kind="commission sent back", now=now)
    return commission


def log_afterwards(
    tx: Tx, new: NewCommission, targets: Sequence[NewAssignment], person: Person, now: datetime
) -> Commission:
    """Keep a commission that was given by phone or SMS: numbered like the others, pushed to nobody."""
    commission = commissions.draft(tx, new, targets, person.id, to_ms(now))
    return _number(tx, commission, person, 0, now)
