"""Finding the item somebody means, and only if it is theirs to see."""

from __future__ import annotations

import re
from datetime import datetime

from domain.errors import BadInput, NotFound
from domain.item import Item
from domain.roster import DESK, Person
from storage import item as items
from storage.engine import Tx

_NUMBER = re.compile(r"(?:(?P<year>20\d\d)\s*[-—–年/]\s*)?0*(?P<n>\d{1,6})\s*号?")


def full_number(word: str, year: int) -> str:
    """`137`, `0137`, `2026-137` as `2026-0137`. Raises BadInput if it is no number at all."""
    match = _NUMBER.fullmatch(word.strip().strip("《》[]【】()（）"))
    if match is None:
        raise BadInput(reason=f"“{word[:20]}”不是信息编号。编号写作 {year}-0137，今年的可以只写 137。")
    return f"{match['year'] or year}-{int(match['n']):04d}"


def looks_like_number(word: str) -> bool:
    return _NUMBER.fullmatch(word) is not None


def item_for_desk(tx: Tx, word: str, now: datetime) -> Item:
    """The item the office means. Raises NotFound."""
    return _found(tx, full_number(word, now.year))


def own_item(tx: Tx, person: Person, number: str) -> Item:
    """An item the person wrote. Somebody else's is answered as if it did not exist: numbers are easy to guess."""
    item = items.by_number(tx, number)
    if item is None or item.author_id != person.id:
        raise NotFound(what=f"您报送的 {number}", hint="发“/我的信息”看您报过的信息。")
    return item


def visible_item(tx: Tx, person: Person, word: str, now: datetime) -> Item:
    """An item the person may read: the office all, a unit's people those of their unit."""
    number = full_number(word, now.year)
    item = _found(tx, number)
    if person.has(DESK) or person.unit_ids & set(item.units) or item.author_id == person.id:
        return item
    raise NotFound(what=f"编号为 {number} 的信息", hint="")


def _found(tx: Tx, number: str) -> Item:
    item = items.by_number(tx, number)
    if item is None:
        raise NotFound(what=f"编号为 {number} 的信息", hint="请核对编号。")
    return item
