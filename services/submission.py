"""Taking items in: new ones, corrected ones, withdrawn ones (facts: domain §2.3, §7.2)."""

from __future__ import annotations

import difflib
import hashlib
import re
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Literal

from domain.errors import BadInput, NotAllowed
from domain.item import ALLOWED, FORMS, KINDS, Item, State, Step, check_step
from domain.moment import to_ms
from domain.roster import REPORTERS, Person
from domain.tags import NO_TAGS, Tags
from services import cards, points
from services.assignments import let_go
from services.items import full_number, own_item
from services.office import Office
from storage import audit
from storage import item as items
from storage.engine import Tx
from storage.ledger import NewFact

TITLE_LIMIT = 100
BODY_LIMIT = 50_000
REVISION_DAYS = 30
NEWER = "已有第{version}版"
# Titles at least this alike, by the same reporter and not yet adopted, are the same item corrected.
SAME_TITLE = 0.8

HOW_TO_SUBMIT = "/报送 标题\n正文（另起一行）\n也可以只发“/报送”，我一步一步问您。"

# A full stop inside a line that should be a title alone: title and body ran together.
_SENTENCE = re.compile(r"[。；！？].")
_PLAIN = re.compile(r"\W+")
_NUMERAL = re.compile(r"[0-9一二三四五六七八九十百千万两]")


@dataclass(frozen=True, slots=True)
class Draft:
    """What a reporter sends; '' is what was not written.

    `unit` is the reporter's unit it is signed for (None: the one they report for), `units` are the further units of a
    joint item; `answers` is what was written behind 约稿：; `revises` names an item on purpose; `new` says that it is a
    new item even if it looks like an old one.
    """

    title: str
    body: str
    unit: int | None = None
    units: tuple[int, ...] = ()
    kind: str = ""
    form: str = ""
    writer: str = ""
    signer: str = ""
    phone: str = ""
    commissioned: bool = False
    answers: str = ""
    revises: str = ""
    new: bool = False
    tags: Tags = NO_TAGS
    file: tuple[str, bytes] | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a draft: a new item, a new version, or nothing because the same text is here already.

    `at_ms` is when the text that stands came in, `before_ms` when the version it replaced had come in.
    """

    item: Item
    outcome: Literal["new", "version", "same"]
    at_ms: int
    before_ms: int = 0


def submit(tx: Tx, office: Office, person: Person, draft: Draft, *, platform: str, chat: str, event_key: str,
           now: datetime) -> Taken:  # fmt: skip
    """Take a draft in for a reporter. Raises BadInput for what cannot be an item, NotAllowed for a non-reporter."""
    if not person.has(REPORTERS):
        raise NotAllowed(action="报送信息")
    named = own_item(tx, person, draft.revises) if draft.revises else None
    if named is not None and not draft.title:
        draft = replace(draft, title=named.title)
    check_title(draft.title)
    check_body(draft.title, draft.body)
    earlier = named or _earlier_item(tx, person, draft, now)
    if earlier is not None:
        return _revise(tx, office, earlier, person, draft, event_key, now)
    return _add(tx, office, person, draft, platform, chat, event_key, now)


def check_title(title: str) -> None:
    """Raises BadInput for what cannot be a title."""
    if not _PLAIN.sub("", title):
        raise BadInput(reason=f"没有看到标题。请这样发：\n{HOW_TO_SUBMIT}")
    if len(title) > TITLE_LIMIT:
        raise BadInput(
            reason=f"标题有 {len(title)} 个字，太长了（不超过 {TITLE_LIMIT} 字），正文要另起一行。请这样发：\n"
            f"{HOW_TO_SUBMIT}"
        )


def check_body(title: str, body: str) -> None:
    """Raises BadInput for what cannot be a body."""
    if not body.strip() and _SENTENCE.search(title):
        raise BadInput(reason=f"标题和正文连在一起了，分不清楚，没有收下。请这样发：\n{HOW_TO_SUBMIT}")
    if not body.strip():
        raise BadInput(reason=f"《{title}》还没有正文，没有收下。请把标题和正文一起发：\n{HOW_TO_SUBMIT}")
    if len(body) > BODY_LIMIT:
        raise BadInput(reason=f"正文有 {len(body)} 个字，太长了（不超过 {BODY_LIMIT} 字）。请精简后再发。")


def _add(tx: Tx, office: Office, person: Person, draft: Draft, platform: str, chat: str, event_key: str,
         now: datetime) -> Taken:  # fmt: skip
    number = items.next_number(tx, now.year)
    units = _credited(person, draft)
    new = items.NewItem(
        draft.title, draft.body, draft.kind or KINDS[0], draft.form or FORMS[0], person.id, units, platform, chat,
        draft.commissioned, draft.writer, draft.signer, draft.phone,
    )  # fmt: skip
    now_ms = to_ms(now)
    item = items.add(tx, new, number, now_ms, event_key)
    points.record_first(tx, office, item, NewFact("submission", item.id, now.date(), person.id), now)
    _attach(tx, item.id, 1, draft)
    audit.write(tx, now_ms, f"person:{person.id}", "submit", number, f"version 1, units {units}")
    return Taken(item, "new", now_ms)


def _credited(person: Person, draft: Draft) -> tuple[int, ...]:
    own = person.unit_id if draft.unit is None else draft.unit
    assert own is not None, "a reporter has a unit"
    return (own, *(unit for unit in dict.fromkeys(draft.units) if unit != own))


def _earlier_item(tx: Tx, person: Person, draft: Draft, now: datetime) -> Item | None:
    """The item this text repeats or corrects: one with the very same text, whatever became of it, else an open one
    of the same reporter with (nearly) this title."""
    if draft.new:
        return None
    since = to_ms(now - timedelta(days=REVISION_DAYS))
    recent = items.recent(tx, person.id, since)
    for one in recent:
        if one.title == draft.title and items.has_body(tx, one.id, draft.body):
            return items.by_id(tx, one.id)
    open_ones = [one for one in recent if one.state in ALLOWED[Step.REVISE]]
    title = plain(draft.title)
    likest = max(((likeness(title, plain(one.title)), -at) for at, one in enumerate(open_ones)), default=(0.0, 0))
    return items.by_id(tx, open_ones[-likest[1]].id) if likest[0] >= SAME_TITLE else None


def plain(title: str) -> str:
    """A title without what only separates its words."""
    return _PLAIN.sub("", title)


def likeness(one: str, other: str) -> float:
    """How alike two plain titles are, 0 to 1; with other numerals they are two matters."""
    if one == other:
        return 1.0
    if 2 * min(len(one), len(other)) < SAME_TITLE * (len(one) + len(other)):
        return 0.0  # too different in length for any likeness
    if _numerals(one) != _numerals(other):
        return 0.0  # 一季度 and 二季度, 第3期 and 第4期 are two matters however alike the rest is
    return difflib.SequenceMatcher(None, one, other).ratio()


def _numerals(title: str) -> list[str]:
    return _NUMERAL.findall(title)


def _revise(tx: Tx, office: Office, item: Item, person: Person, draft: Draft, event_key: str, now: datetime) -> Taken:
    current = items.latest_version(tx, item)
    changed = _with_particulars(item, person, draft)
    if (current.title, current.body, item) == (draft.title, draft.body, changed) and item.state is not State.RETURNED:
        return Taken(item, "same", current.at_ms)
    check_step(item, Step.REVISE)
    now_ms, version = to_ms(now), item.version + 1
    items.revise(tx, item, draft.title, draft.body, now_ms, person.id, event_key)
    cards.settle(tx, cards.item_matter(item.id), NEWER.format(version=version), person.id, now)
    items.describe(tx, changed)
    if changed.units != item.units:
        before = points.facts_of(tx, item)
        items.set_units(tx, item.id, changed.units)
        points.rebook(tx, office, changed, before, points.facts_of(tx, changed), now)
    _attach(tx, item.id, version, draft)
    audit.write(tx, now_ms, f"person:{person.id}", "revise", item.number, f"version {version}, units {changed.units}")
    renewed = items.by_id(tx, item.id)
    assert renewed is not None
    return Taken(renewed, "version", now_ms, current.at_ms)


def _with_particulars(item: Item, person: Person, draft: Draft) -> Item:
    """The item as the draft describes it; what the draft does not mention stays."""
    units = _credited(person, draft) if draft.units else item.units
    return replace(
        item,
        units=units,
        kind=draft.kind or item.kind,
        form=draft.form or item.form,
        writer=draft.writer or item.writer,
        signer=draft.signer or item.signer,
        phone=draft.phone or item.phone,
        commissioned=draft.commissioned or item.commissioned,
    )


def _attach(tx: Tx, item_id: int, version: int, draft: Draft) -> None:
    if draft.file is not None:
        name, content = draft.file
        items.attach(tx, item_id, version, name, hashlib.sha256(content).hexdigest(), content)


def withdraw(tx: Tx, office: Office, person: Person, word: str, now: datetime) -> Item:
    """Take an own item back, until the office has first looked at it; its submission no longer counts, and the
    commission it answered is open again."""
    item = own_item(tx, person, full_number(word, now.year))
    check_step(item, Step.WITHDRAW)
    for fact in points.facts_of(tx, item):
        points.revoke(tx, office, item, fact, person.id, "撤回", now)
    items.move(tx, item, State.WITHDRAWN, to_ms(now))
    cards.settle(tx, cards.item_matter(item.id), State.WITHDRAWN.label, person.id, now)
    let_go(tx, person, item, now)
    audit.write(tx, to_ms(now), f"person:{person.id}", "withdraw", item.number)
    return item
