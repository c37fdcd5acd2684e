"""Finding the item somebody means, only if it is theirs to see, and gathering what is known about it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from domain.errors import BadInput, NotFound
from domain.item import Item
from domain.journal import Journal
from domain.moment import ZONE, day_of, to_ms
from domain.period import Period
from domain.roster import DESK, Person
from domain.speech import Incoming
from storage import item as items
from storage import roster
from storage.engine import Tx
from storage.item import Happening

_NUMBER = re.compile(r"(?:(?P<year>20\d\d)\s*[-—–年/]\s*)?0*(?P<n>\d{1,6})\s*号?")
_OPENING_NUMBER = re.compile(
    r"((?:20\d\d\s*[-—–年/]\s*)?\d{1,6})(?:号|(?![\w-])|(?=[^\W\d_a-zA-Z年]))[\s,，、:：]*(.*)", re.DOTALL
)
_BRACKETS = "《》[]【】()（）"


def full_number(word: str, year: int) -> str:
    """`137`, `0137`, `2026-137` as `2026-0137`. Raises BadInput if it is no number at all."""
    match = _NUMBER.fullmatch(word.strip().strip(_BRACKETS))
    if match is None:
        what = f"“{word[:20]}”不是信息编号。" if word.strip() else "没有写信息编号。"
        raise BadInput(reason=f"{what}编号写作 {year}-0137，今年的可以只写 137。")
    return f"{match['year'] or year}-{int(match['n']):04d}"


def looks_like_number(word: str) -> bool:
    return _NUMBER.fullmatch(word) is not None


def split_number(words: str) -> tuple[str, str]:
    """The number a command's words begin with, and the words behind it: `137 数据不准`, `137号，数据不准`."""
    match = _OPENING_NUMBER.match(words.lstrip(_BRACKETS + " "))
    if match is not None:
        return match[1], match[2].strip()
    first, _, rest = words.partition(" ")
    return first, rest.strip()


def item_for_desk(tx: Tx, word: str, now: datetime) -> Item:
    """The item the office means. Raises NotFound."""
    return _found(tx, full_number(word, now.year))


def own_item(tx: Tx, person: Person, number: str) -> Item:
    """An item the person wrote. Somebody else's is answered as if it did not exist: numbers are easy to guess."""
    item = items.by_number(tx, number)
    if item is None or item.author_id != person.id:
        raise NotFound(what=f"您报送的 {number}", hint="发“/我的信息”看您报过的信息。")
    return item


def is_own_item(tx: Tx, person: Person, number: str) -> bool:
    """Whether a number names an item of this person."""
    item = items.by_number(tx, number)
    return item is not None and item.author_id == person.id


def visible_item(tx: Tx, person: Person, word: str, now: datetime) -> Item:
    """An item the person may read: the office all, a unit's people those of their unit."""
    number = full_number(word, now.year)
    item = items.by_number(tx, number)
    if item is None or not (person.has(DESK) or person.unit_ids & set(item.units) or item.author_id == person.id):
        raise NotFound(what=f"编号为 {number} 的信息", hint="请核对编号。")
    return item


def _found(tx: Tx, number: str) -> Item:
    item = items.by_number(tx, number)
    if item is None:
        raise NotFound(what=f"编号为 {number} 的信息", hint="请核对编号。")
    return item


def unit_label(tx: Tx, unit_id: int, year: int) -> str:
    """What people call a unit, also one that is closed."""
    key = ("unit label", unit_id, year)
    if key not in tx.memo:
        unit = roster.unit(tx, unit_id, year)
        tx.memo[key] = unit.label if unit else ""
    label: str = tx.memo[key]
    return label


def signed_by(tx: Tx, item: Item, year: int) -> str:
    """The units of an item as people call them: 云山县、市发改委."""
    return "、".join(unit_label(tx, unit_id, year) for unit_id in item.units)


def journal_name(code: str, journals: Iterable[Journal]) -> str:
    """A journal by its code; the code itself if the office no longer has it."""
    return next((journal.name for journal in journals if journal.code == code), code)


@dataclass(frozen=True, slots=True)
class Event:
    """A happening with the name of whoever registered it."""

    what: Happening
    by: str


@dataclass(frozen=True, slots=True)
class Details:
    """All that is known about an item. `versions` are (version, UTC ms, by whom), `files` (name, bytes)."""

    item: Item
    units: str
    author: str
    body: str
    versions: tuple[tuple[int, int, str], ...]
    files: tuple[tuple[str, int], ...]
    events: tuple[Event, ...]
    merged_into: Item | None
    sources: tuple[Item, ...]


def files_of(tx: Tx, item: Item) -> list[tuple[str, bytes]]:
    """(name, contents) of an item's files and pictures."""
    return items.files(tx, item.id)


def details(tx: Tx, item: Item) -> Details:
    """Gather what is known about an item."""
    year = day_of(item.submitted_ms).year
    versions = items.version_times(tx, item.id)
    events = items.happenings(tx, [item.id])[item.id]
    return Details(
        item=item,
        units=signed_by(tx, item, year),
        author=roster.name_of(tx, item.author_id),
        body=items.latest_version(tx, item).body,
        versions=tuple((version, at_ms, roster.name_of(tx, by)) for version, at_ms, by in versions),
        files=tuple(items.attachments(tx, item.id)),
        events=tuple(Event(what, roster.name_of(tx, what.person_id)) for what in events),
        merged_into=items.by_id(tx, item.merged_into) if item.merged_into else None,
        sources=tuple(items.merged_into(tx, item.id)),
    )


@dataclass(frozen=True, slots=True)
class OwnItem:
    """An own item with the adoptions that stand: its own, or those of the digest it went into."""

    item: Item
    adoptions: tuple[Happening, ...]


def own_items(tx: Tx, person: Person, period: Period | None, limit: int) -> tuple[list[OwnItem], int]:
    """A person's items of a period (None: of all time), newest first, and how many there are in all."""
    since, before = (0, items.FOREVER) if period is None else _span(period)
    found = items.of_author(tx, person.id, limit, since_ms=since, before_ms=before)
    happened = items.happenings(tx, [item.merged_into or item.id for item in found])
    adopted = {id: tuple(one for one in each if one.kind == "adoption" and one.stands) for id, each in happened.items()}
    return [OwnItem(item, adopted[item.merged_into or item.id]) for item in found], items.count_of_author(
        tx, person.id, since_ms=since, before_ms=before
    )


def _span(period: Period) -> tuple[int, int]:
    return _midnight_ms(period.first), _midnight_ms(period.last + timedelta(days=1))


def _midnight_ms(day: date) -> int:
    return to_ms(datetime.combine(day, time(), ZONE))


def before_the_office(tx: Tx, incoming: Incoming, day: date) -> bool:
    """Whether only the asker or the office reads the answer: in private, or in a group registered as 办公."""
    return incoming.private or any(
        group.purpose == "办公"
        for group in roster.groups(tx, day)
        if (group.platform, group.group_no) == (incoming.platform, incoming.group)
    )
