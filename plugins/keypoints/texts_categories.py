"""What the office reads about the ten categories."""

from __future__ import annotations

from collections.abc import Sequence

from domain.category import Candidate, Category
from domain.item import Item
from services.categories import Shelf

HOW_TO_ADD = "请写类别和候选题目，例如：/十大类 加 乡村振兴 冬枣产业转型 单位：云山县。"
HOW_TO_DROP = "请写类别和候选题目的序号，例如：/十大类 删 乡村振兴 2。发“/十大类 乡村振兴”看序号。"
HOW_TO_MARK = "请写信息编号和类别，例如：/十大类 标记 137 乡村振兴。"
HOW_TO_CLOSE = "请写要停用的类别，例如：/十大类 停用 改革开放。"
EMPTY = "还没有类别。发“/十大类 新类 名称”添加。"


def overview(shelves: Sequence[Shelf], year: int) -> str:
    """Every category with its items of a year; which are untouched comes first to the eye."""
    if not shelves:
        return EMPTY
    untouched = [shelf.category.name for shelf in shelves if not shelf.items]
    head = f"{year}年没有碰过的：{'、'.join(untouched)}" if untouched else f"{year}年每一类都有信息。"
    lines = [f"十大类信息要点（{len(shelves)} 类），{head}"]
    for shelf in shelves:
        waiting = f"，候选题目 {len(shelf.candidates)} 个" if shelf.candidates else ""
        lines.append(f"{shelf.category.place}. {shelf.category.name} {_counted(shelf)}{waiting}")
    lines.append("发“/十大类 类别”看候选题目，“/十大类 标记 137 类别”归类。")
    return "\n".join(lines)


def _counted(shelf: Shelf) -> str:
    return f"{shelf.items}条采{shelf.adopted}" if shelf.items else "—"


def category(shelf: Shelf, year: int) -> str:
    """One category with its candidate topics."""
    one = shelf.category
    hint = f"（{one.hint}）" if one.hint else ""
    lines = [f"{one.place}. {one.name}{hint}：{year}年{_counted(shelf)}"]
    for number, (text, units) in enumerate(shelf.candidates, 1):
        lines.append(f"  {number}) {text}" + (f"（{units}）" if units else ""))
    if not shelf.candidates:
        lines.append(f"还没有候选题目。发“/十大类 加 {one.name} 候选题目”添加。")
    return "\n".join(lines)


def added(one: Category, candidate: Candidate) -> str:
    return f"已加入“{one.name}”的候选题目：{candidate.text}"


def dropped(one: Category, candidate: Candidate) -> str:
    return f"已从“{one.name}”删去候选题目：{candidate.text}"


def marked(item: Item, one: Category, new: bool) -> str:
    return f"{item.name}：已归入“{one.name}”。" if new else f"{item.name}本来就在“{one.name}”里。"


def unmarked(item: Item, one: Category) -> str:
    return f"{item.name}：已从“{one.name}”移出。"


def opened(one: Category) -> str:
    return f"已增加第{one.place}类“{one.name}”。"


def closed(one: Category) -> str:
    return f"已停用“{one.name}”，已归入这一类的信息不变。"
