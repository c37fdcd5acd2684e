"""The ten categories (十大类): kinds of topics with candidates, and which of them nobody has touched this year."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from domain.category import LONGEST_CANDIDATE, LONGEST_NAME, Candidate, Category, sample
from domain.errors import BadInput, NotFound
from domain.item import Item
from domain.moment import to_ms
from domain.roster import Person
from domain.unit_names import in_order
from services.items import item_for_desk, unit_label
from services.units import find_unit
from storage import audit, category
from storage.engine import Tx


@dataclass(frozen=True, slots=True)
class Shelf:
    """A category as people see it: its items of the year (all and adopted), its candidate topics with their units."""

    category: Category
    items: int
    adopted: int
    candidates: tuple[tuple[str, str], ...]


def overview(tx: Tx, year: int, now: datetime) -> list[Shelf]:
    """All categories in order."""
    _fill(tx)
    counted, waiting = category.counts(tx, year), category.candidates(tx)
    return [_shelf(tx, one, counted.get(one.id, (0, 0)), waiting, now) for one in category.all_open(tx)]


def _shelf(tx: Tx, one: Category, counted: tuple[int, int], waiting: Sequence[Candidate], now: datetime) -> Shelf:
    own = [candidate for candidate in waiting if candidate.category_id == one.id]
    shown = tuple((each.text, "、".join(unit_label(tx, id, now.year) for id in each.unit_ids)) for each in own)
    return Shelf(one, *counted, shown)


def _fill(tx: Tx) -> None:
    """An office that never had a list starts with the sample."""
    if category.is_empty(tx):
        for one in sample():
            category.add(tx, one.name, one.hint)


def find_category(tx: Tx, word: str) -> Category:
    """The category of a name, a part of it, or a number. Raises BadInput, NotFound."""
    _fill(tx)
    known = category.all_open(tx)
    exact = [one for one in known if word in (one.name, str(one.place))]
    found = exact or [one for one in known if len(word) > 1 and in_order(word, one.name)]
    if len(found) == 1:
        return found[0]
    names = "、".join(f"{one.place}{one.name}" for one in known)
    if found:
        raise BadInput(reason=f"“{word[:20]}”对得上几类，请写全：{'、'.join(one.name for one in found)}。")
    raise NotFound(what=f"类别“{word[:20]}”", hint=f"现有：{names}。" if names else "")


def add_category(tx: Tx, person: Person, name: str, now: datetime) -> Category:
    """A further category. Raises BadInput for a name that is too long, a number, or there already."""
    _fill(tx)
    if not name or len(name) > LONGEST_NAME or name.isdecimal():
        raise BadInput(reason=f"类别名称请写 1 至 {LONGEST_NAME} 个字，例如：/十大类 新类 数字政府。")
    if any(one.name == name for one in category.all_open(tx)):
        raise BadInput(reason=f"已经有“{name}”这一类了。")
    made = category.add(tx, name)
    _note(tx, person, "category add", f"category:{made.id}", name, now)
    return made


def close_category(tx: Tx, person: Person, word: str, now: datetime) -> Category:
    """Take a category out of the list; what was marked with it stays marked."""
    one = find_category(tx, word)
    category.close(tx, one, to_ms(now))
    _note(tx, person, "category close", f"category:{one.id}", one.name, now)
    return one


def add_candidate(
    tx: Tx, person: Person, word: str, text: str, units: Sequence[str], now: datetime
) -> tuple[Category, Candidate]:
    """A candidate topic of a category, for these units if any are named. Raises BadInput, NotFound."""
    one = find_category(tx, word)
    text = " ".join(text.split())
    if not text:
        raise BadInput(reason=f"没有写候选题目，例如：/十大类 加 {one.name} 冬枣产业转型 单位：云山县")
    if len(text) > LONGEST_CANDIDATE:
        raise BadInput(reason=f"候选题目有 {len(text)} 个字，太长了（不超过 {LONGEST_CANDIDATE} 字）。")
    if any((each.category_id, each.text) == (one.id, text) for each in category.candidates(tx)):
        raise BadInput(reason=f"“{one.name}”里已经有这个候选题目了。")
    unit_ids = tuple(dict.fromkeys(find_unit(tx, unit, now.date()).id for unit in units))
    made = category.add_candidate(tx, one.id, text, unit_ids, person.id, to_ms(now))
    _note(tx, person, "candidate add", f"category:{one.id}", f"candidate {made.id}", now)
    return one, made


def drop_candidate(tx: Tx, person: Person, word: str, number: int, now: datetime) -> tuple[Category, Candidate]:
    """Strike the candidate of a number (from 1) within its category. Raises NotFound."""
    one = find_category(tx, word)
    own = [each for each in category.candidates(tx) if each.category_id == one.id]
    if not 1 <= number <= len(own):
        raise NotFound(what=f"“{one.name}”的第{number}个候选题目", hint=f"现有 {len(own)} 个。")
    category.drop_candidate(tx, own[number - 1].id)
    _note(tx, person, "candidate drop", f"category:{one.id}", f"candidate {own[number - 1].id}", now)
    return one, own[number - 1]


def mark(tx: Tx, person: Person, number: str, word: str, now: datetime) -> tuple[Item, Category, bool]:
    """Say that an item belongs to a category; the last value is False if that was said before."""
    item, one = item_for_desk(tx, number, now), find_category(tx, word)
    new = category.mark(tx, item.id, one.id, person.id, to_ms(now))
    if new:
        _note(tx, person, "category mark", item.number, f"category:{one.id}", now)
    return item, one, new


def unmark(tx: Tx, person: Person, number: str, word: str, now: datetime) -> tuple[Item, Category]:
    """Take a mark back. Raises NotFound."""
    item, one = item_for_desk(tx, number, now), find_category(tx, word)
    if not category.unmark(tx, item.id, one.id):
        raise NotFound(what=f"{item.name}的“{one.name}”标记")
    _note(tx, person, "category unmark", item.number, f"category:{one.id}", now)
    return item, one


def _note(tx: Tx, person: Person, action: str, object: str, detail: str, now: datetime) -> None:
    audit.write(tx, to_ms(now), f"person:{person.id}", action, object, detail)
