"""Which commission an item answers: by its mark (#约18), by what it replies to, or by its title; and taking that back.

A mark or a quote is the reporter's word. A title is a guess: it counts only if exactly one open share fits, and never
again once somebody took it back.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from domain.commission import Assignment, Commission, Event, Kind, Stage, check, standing_answers
from domain.errors import BadInput, NotFound
from domain.item import Item, State
from domain.moment import to_ms
from domain.reference import split_reference
from domain.roster import Person
from domain.speech import Incoming
from domain.tags import take_tags
from services.assignments import Share, allowed, happened, own_shares, quoted, shares, shares_answered_by, unlink
from services.commissions.finding import find_commission
from services.desk import is_clerk
from services.items import item_for_desk, unit_label, visible_item
from services.office import Office
from services.submission import SAME_TITLE, Draft, Taken, likeness, plain, submit
from storage import commission as commissions
from storage import item as items
from storage.engine import Tx

SHORTEST_TOPIC = 6
"""A topic of fewer characters fits too many titles to be guessed from."""

SHORTEST_FIELD = 4
"""The same for what somebody wrote behind 约稿：, which is meant for one."""

OFF_CHAT = (
    "{number} 的材料不能在这里报送，没有收下，也没有保存，请撤回刚才那条消息。"
    "请从 OA 报送，报送后发“/已报 {number}”登记。"
)


@dataclass(frozen=True, slots=True)
class HandedIn:
    """What became of a draft, the shares it answers, and whether that was guessed. `missed` says why a commission
    that was named is not answered."""

    taken: Taken
    answered: tuple[Share, ...]
    guessed: bool
    missed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Named:
    """The commissions a draft names, each with the assignments the quoted push was for (None: all)."""

    commissions: tuple[tuple[Commission, frozenset[int] | None], ...]
    missed: tuple[str, ...]


def hand_in(tx: Tx, office: Office, person: Person, draft: Draft, incoming: Incoming, now: datetime) -> HandedIn:
    """Take a draft in and link it to what it answers. Raises as `submit`, and BadInput for what is not for a chat."""
    named = _named(tx, draft, incoming, now)
    taken = submit(
        tx, office, person, draft, platform=incoming.platform, chat=incoming.group, event_key=incoming.key, now=now
    )
    if named.commissions or named.missed:
        found, missed = _named_shares(tx, taken.item, named, now)
        guessed = False
    else:
        found, missed, guessed = _guess(tx, taken.item, draft.answers, now), (), True
    answered = _link(tx, person, taken.item, found, taken.at_ms)
    if answered:
        taken = replace(taken, item=replace(taken.item, commissioned=True))
    return HandedIn(taken, answered, guessed, missed)


def _named(tx: Tx, draft: Draft, incoming: Incoming, now: datetime) -> _Named:
    """What the reporter says it answers, before anything is kept."""
    found: dict[int, tuple[Commission, frozenset[int] | None]] = {}
    missed = []
    number, rest = split_reference(draft.answers)
    in_field = (number,) if number and not rest else ()
    in_name = take_tags(draft.file[0], "")[2].commissions if draft.file else ()
    for words in dict.fromkeys((*draft.tags.commissions, *in_field, *in_name)):
        try:
            commission = find_commission(tx, words, now.year)
        except NotFound as error:
            missed.append(f"{error}这条没有关联约稿。")
        else:
            found[commission.id] = commission, None
    about = quoted(tx, incoming)
    if about is not None:
        found.setdefault(about.commission.id, (about.commission, frozenset(about.assignment_ids) or None))
    for commission, _ in found.values():
        if commission.off_chat:
            raise BadInput(reason=OFF_CHAT.format(number=commission.number))
    return _Named(tuple(found.values()), tuple(missed))


def _named_shares(tx: Tx, item: Item, named: _Named, now: datetime) -> tuple[list[Share], tuple[str, ...]]:
    found: list[Share] = []
    missed = list(named.missed)
    for commission, only in named.commissions:
        given = commissions.assignments_of(tx, commission.id, item.units)
        open_ones = [one for one in given if one.is_open and (only is None or one.id in only)]
        found += shares(tx, commission, _one_per_unit(open_ones, item), now.year)
        if not given:
            missed.append(f"{commission.number} 没有安排您单位，这条没有关联约稿。")
        elif not open_ones:
            missed.append(f"{commission.number} 您单位已经销号，这条没有关联约稿。")
    return found, tuple(missed)


def _one_per_unit(given: Sequence[Assignment], item: Item) -> list[Assignment]:
    """Of several parts a unit has, the one whose angle the title names, else the first that has no answer."""
    by_unit: dict[int, list[Assignment]] = {}
    for one in given:
        by_unit.setdefault(one.unit_id, []).append(one)

    def rank(one: Assignment) -> tuple[bool, bool, int]:
        return not _fits(one.angle, item.title, SHORTEST_FIELD), bool(one.now.answered_ms), one.place

    return [min(parts, key=rank) for parts in by_unit.values()]


def _guess(tx: Tx, item: Item, field: str, now: datetime) -> list[Share]:
    """The shares of the one commission whose topic the title (or the field 约稿：) names; none if it is not plain, or
    if the item answers one already."""
    if commissions.assignments_of_item(tx, item.id):
        return []
    fitting: dict[int, tuple[Commission, list[Assignment]]] = {}
    for commission, given in commissions.open_of_units(tx, item.units):
        if given.now.stage is Stage.ANSWERED or commission.off_chat or _taken_back(tx, given.id, item.id):
            continue
        named = _fits(commission.topic, item.title, SHORTEST_TOPIC) or _fits(given.angle, item.title, SHORTEST_TOPIC)
        if named or _is_called(field, commission.topic):
            fitting.setdefault(commission.id, (commission, []))[1].append(given)
    if len(fitting) != 1:
        return []
    ((commission, own),) = fitting.values()
    return shares(tx, commission, _one_per_unit(own, item), now.year)


def _fits(topic: str, title: str, shortest: int) -> bool:
    """Whether a title contains a topic or says nearly the same."""
    short, long = plain(topic), plain(title)
    return len(short) >= shortest and (short in long or likeness(short, long) >= SAME_TITLE)


def _is_called(field: str, topic: str) -> bool:
    """Whether somebody wrote behind 约稿： what this topic is called."""
    said, known = plain(field), plain(topic)
    return len(said) >= SHORTEST_FIELD and (said in known or known in said or likeness(said, known) >= SAME_TITLE)


def _taken_back(tx: Tx, assignment_id: int, item_id: int) -> bool:
    return any(one.kind is Kind.UNLINKED and one.item_id == item_id for one in commissions.events(tx, assignment_id))


def _link(tx: Tx, person: Person, item: Item, found: Sequence[Share], came_ms: int) -> tuple[Share, ...]:
    """Record the answers that are new, as of when the item came, UTC ms."""
    if not found:
        return ()
    known = {one.id for one in commissions.assignments_of_item(tx, item.id)}
    linked = [
        happened(tx, share, _answered(share, person, item, came_ms), "answer", item.number)
        for share in found
        if share.assignment.id not in known
    ]
    if linked and not item.commissioned:
        items.describe(tx, replace(item, commissioned=True))
    return tuple(linked)


def _answered(share: Share, person: Person, item: Item, came_ms: int) -> Event:
    return Event(Kind.ANSWERED, max(came_ms, share.commission.issued_ms), person.id, item.id)


def answer(tx: Tx, share: Share, item: Item, person: Person, now: datetime) -> Share:
    """An item answers an assignment. Raises WrongState if that is closed."""
    check(share.assignment, Kind.ANSWERED, share.name)
    linked = _link(tx, person, item, [share], to_ms(now))
    return linked[0] if linked else share


def link_item(tx: Tx, person: Person, item_words: str, words: str, now: datetime) -> tuple[Item, list[Share]]:
    """Say afterwards which commission an item answers; it counts from when the item came. Raises NotFound, WrongState,
    BadInput if the item answers it already."""
    item = _item_of(tx, person, item_words, now)
    commission = find_commission(tx, words, now.year)
    if commission.off_chat:
        raise BadInput(reason=OFF_CHAT.format(number=commission.number))
    if item.state is State.WITHDRAWN:
        raise BadInput(reason=f"{item.name}已经撤回，不能作为报送。")
    given = commissions.assignments_of(tx, commission.id, item.units)
    if not given:
        units = "、".join(unit_label(tx, unit_id, now.year) for unit_id in item.units)
        raise NotFound(what=f"{units}在 {commission.number} 里的任务", hint="发“/任务”看有哪些约稿。")
    fitting = allowed(shares(tx, commission, given, now.year), Kind.ANSWERED)
    chosen = {one.id for one in _one_per_unit([share.assignment for share in fitting], item)}
    linked = _link(tx, person, item, [one for one in fitting if one.assignment.id in chosen], item.submitted_ms)
    if not linked:
        raise BadInput(reason=f"{item.name}已经是 {commission.number} 的报送。")
    return item, list(linked)


def unlink_item(tx: Tx, person: Person, words: str, now: datetime) -> tuple[Item, list[Share]]:
    """An item answers no commission after all. Raises NotFound, WrongState if the office has closed it."""
    item = _item_of(tx, person, words, now)
    answered = shares_answered_by(tx, item, now)
    if not answered:
        raise NotFound(what=f"{item.name}关联的约稿", hint=f"要关联请发“/关联 {item.number} 约18”。")
    return item, unlink(tx, person, item, allowed(answered, Kind.UNLINKED), now)


def _item_of(tx: Tx, person: Person, words: str, now: datetime) -> Item:
    return item_for_desk(tx, words, now) if is_clerk(person) else visible_item(tx, person, words, now)


def sent_elsewhere(tx: Tx, person: Person, answering: Sequence[Share], note: str, now: datetime) -> list[Share]:
    """The units handed it in by another way (OA, mail). Raises WrongState; BadInput if that is written down already."""
    fitting = [share for share in allowed(answering, Kind.ANSWERED) if not _is_elsewhere(tx, share)]
    if not fitting:
        raise BadInput(reason=f"{answering[0].name}已经登记过从其他渠道报送。")
    event = Event(Kind.ANSWERED, to_ms(now), person.id, note=note)
    return [happened(tx, share, event, "answer elsewhere", note) for share in fitting]


def not_sent_elsewhere(tx: Tx, person: Person, words: str, now: datetime) -> list[Share]:
    """Take back what was written down as sent by another way. Raises NotFound, WrongState."""
    own = [share for share in own_shares(tx, person, words, now) if _is_elsewhere(tx, share)]
    if not own:
        raise NotFound(what="从其他渠道报送的登记", hint="发“/任务”看您单位的约稿。")
    event = Event(Kind.UNLINKED, to_ms(now), person.id)
    return [happened(tx, share, event, "unlink elsewhere") for share in allowed(own, Kind.UNLINKED)]


def _is_elsewhere(tx: Tx, share: Share) -> bool:
    return None in standing_answers(commissions.events(tx, share.assignment.id))
