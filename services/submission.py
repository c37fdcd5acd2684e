"""Taking items in: new ones, corrected ones, withdrawn ones (facts: domain §2.3, §7.2)."""

from __future__ import annotations

import difflib
import hashlib
import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from domain.errors import BadInput, NotAllowed
from domain.item import FORMS, KINDS, Item, State, Step, check_step
from domain.moment import to_ms
from domain.roster import REPORTERS, Person
from services import points
from services.items import own_item
from services.office import Office
from storage import audit, item as items
from storage.engine import Tx
from storage.ledger import NewFact

TITLE_LIMIT = 100
BODY_LIMIT = 50_000
REVISION_DAYS = 30
# Titles at least this alike, by the same reporter and not yet adopted, are the same item corrected.
SAME_TITLE = 0.8

_PLAIN = re.compile(r"\W+")


@dataclass(frozen=True, slots=True)
class Draft:
    """What a reporter sends. `units` are the further units of a joint item; `revises` names an item on purpose;
    `new` says that it is a new item even if it looks like an old one."""

    title: str
    body: str
    units: tuple[int, ...] = ()
    kind: str = KINDS[0]
    form: str = FORMS[0]
    writer: str = ""
    signer: str = ""
    phone: str = ""
    commissioned: bool = False
    revises: str = ""
    new: bool = False
    file: tuple[str, bytes] | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a draft: a new item, a new version, or nothing because the same text is here already."""

    item: Item
    outcome: str
    """`new`, `version` or `same`."""
    at_ms: int


def submit(tx: Tx, office: Office, person: Person, draft: Draft, *, platform: str, chat: str, event_key: str,
           now: datetime) -> Taken:  # fmt: skip
    """Take a draft in for a reporter. Raises BadInput for what cannot be an item, NotAllowed for a non-reporter."""
    _check(person, draft)
    earlier = _earlier_item(tx, person, draft, now)
    if earlier is not None:
        return _revise(tx, earlier, person, draft, event_key, now)
    number = items.next_number(tx, now.year)
    units = _credited(person, draft)
    new = items.NewItem(
        draft.title, draft.body, draft.kind, draft.form, person.id, units, platform, chat, draft.commissioned,
        draft.writer, draft.signer, draft.phone,
    )  # fmt: skip
    now_ms = to_ms(now)
    item_id = items.add(tx, new, number, now_ms, event_key)
    item = items.by_id(tx, item_id)
    assert item is not None
    points.record(tx, office, item, NewFact("submission", item_id, now.date(), person.id), now)
    _attach(tx, item_id, 1, draft)
    audit.write(tx, now_ms, f"person:{person.id}", "submit", number, f"version 1, units {units}")
    return Taken(item, "new", now_ms)


def _check(person: Person, draft: Draft) -> None:
    if not person.has(REPORTERS):
        raise NotAllowed(action="报送信息")
    if not draft.title:
        raise BadInput(reason="没有看到标题。请这样发：第一行“/报送 标题”，下面写正文。")
    if len(draft.title) > TITLE_LIMIT:
        raise BadInput(
            reason=f"标题有 {len(draft.title)} 个字，太长了（不超过 {TITLE_LIMIT} 字）。"
            "标题单独写在第一行，正文另起一行。"
        )
    if not draft.body:
        raise BadInput(reason=f"《{draft.title}》还没有正文。请把标题写在第一行，正文另起一行，一起发来。")
    if len(draft.body) > BODY_LIMIT:
        raise BadInput(reason=f"正文有 {len(draft.body)} 个字，太长了（不超过 {BODY_LIMIT} 字）。请精简，或发送文件。")


def _credited(person: Person, draft: Draft) -> tuple[int, ...]:
    own = person.unit_id
    assert own is not None, "a reporter has a unit"
    return (own, *(unit for unit in dict.fromkeys(draft.units) if unit != own))


def _earlier_item(tx: Tx, person: Person, draft: Draft, now: datetime) -> Item | None:
    """The item this text corrects: the one named, else an open one of the same reporter with (nearly) this title."""
    if draft.revises:
        return own_item(tx, person, draft.revises)
    if draft.new:
        return None
    since = to_ms(now - timedelta(days=REVISION_DAYS))
    title = _plain(draft.title)
    best: tuple[float, Item] | None = None
    for item in items.revisable(tx, person.id, since):
        likeness = _likeness(title, _plain(item.title))
        if likeness >= SAME_TITLE and (best is None or likeness > best[0]):
            best = (likeness, item)
    return best[1] if best else None


def _plain(title: str) -> str:
    return _PLAIN.sub("", title)


def _likeness(one: str, other: str) -> float:
    if one == other:
        return 1.0
    if _numerals(one) != _numerals(other):
        return 0.0  # 一季度 and 二季度, 第3期 and 第4期 are two matters however alike the rest is
    matcher = difflib.SequenceMatcher(None, one, other)
    return matcher.ratio() if matcher.real_quick_ratio() >= SAME_TITLE else 0.0


def _numerals(title: str) -> list[str]:
    return re.findall(r"[0-9一二三四五六七八九十百千万两]", title)


def _revise(tx: Tx, item: Item, person: Person, draft: Draft, event_key: str, now: datetime) -> Taken:
    current = items.latest_version(tx, item)
    now_ms = to_ms(now)
    if (current.title, current.body) == (draft.title, draft.body) and item.state is State.RECEIVED:
        return Taken(item, "same", item.updated_ms)
    check_step(item, Step.REVISE)
    items.revise(tx, item, draft.title, draft.body, now_ms, person.id, event_key)
    _attach(tx, item.id, item.version + 1, draft)
    audit.write(tx, now_ms, f"person:{person.id}", "revise", item.number, f"version {item.version + 1}")
    renewed = items.by_id(tx, item.id)
    assert renewed is not None
    return Taken(renewed, "version", now_ms)


def _attach(tx: Tx, item_id: int, version: int, draft: Draft) -> None:
    if draft.file is not None:
        name, content = draft.file
        items.attach(tx, item_id, version, name, hashlib.sha256(content).hexdigest(), content)


def withdraw(tx: Tx, office: Office, person: Person, number: str, now: datetime) -> Item:
    """Take an own item back, until the office has first looked at it; its submission no longer counts."""
    item = own_item(tx, person, number)
    check_step(item, Step.WITHDRAW)
    for fact in points.facts_of(tx, item):
        points.revoke(tx, office, item, fact, person.id, "撤回", now)
    items.move(tx, item, State.WITHDRAWN, to_ms(now))
    audit.write(tx, to_ms(now), f"person:{person.id}", "withdraw", item.number)
    return item
