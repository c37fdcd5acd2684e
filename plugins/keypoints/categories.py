"""`/十大类`: the categories of topics, their candidates, and what is untouched this year."""

from __future__ import annotations

import re
from collections.abc import Callable

from bot.commands import Answer, Call, command
from domain.errors import BadInput
from domain.roster import DESK
from plugins._discretion import discreet
from plugins.keypoints import texts_categories as texts
from services import categories
from services.items import split_number

_UNITS = re.compile(r"\s*单位\s*[:：]\s*(.+)$")
_BETWEEN = re.compile(r"[\s、,，;；/]+")
_YEAR = re.compile(r"(20\d\d)年?")


@command(
    "categories",
    "十大类",
    who=DESK,
    family="要点",
    summary="十大类信息要点：今年各类报了几条、哪类没有碰过、有哪些候选题目",
    usage="/十大类 [类别｜年份]；加 类别 候选题目 [单位：…]、删 类别 序号、标记 编号 类别、去标 编号 类别、"
    "新类 名称、停用 类别",
    example="/十大类 加 乡村振兴 冬枣产业转型 单位：云山县",
)
@discreet
def ten_categories(call: Call) -> Answer:
    for words, action in _ACTIONS.items():
        word = next((word for word in words if call.words.casefold().startswith(word)), None)
        if word is not None:
            return action(call, call.words[len(word) :].strip())
    year = _YEAR.fullmatch(call.words)
    if year is not None or not call.words:
        asked = int(year[1]) if year else call.now.year
        return texts.overview(categories.overview(call.tx, asked, call.now), asked)
    one = categories.find_category(call.tx, call.words)
    shelves = categories.overview(call.tx, call.now.year, call.now)
    return texts.category(next(shelf for shelf in shelves if shelf.category.id == one.id), call.now.year)


def _add(call: Call, rest: str) -> str:
    word, _, text = f"{rest} {' '.join(call.body.split())}".strip().partition(" ")
    units = _UNITS.search(text)
    named = [unit for unit in _BETWEEN.split(units[1]) if unit] if units else []
    text = text[: units.start()] if units else text
    if not word:
        raise BadInput(reason=texts.HOW_TO_ADD)
    return texts.added(*categories.add_candidate(call.tx, call.person, word, text, named, call.now))


def _drop(call: Call, rest: str) -> str:
    word, _, number = rest.rpartition(" ")
    if not word or not number.strip("第个").isdecimal():
        raise BadInput(reason=texts.HOW_TO_DROP)
    return texts.dropped(
        *categories.drop_candidate(call.tx, call.person, word.strip(), int(number.strip("第个")[:6]), call.now)
    )


def _mark(call: Call, rest: str) -> str:
    number, word = _item_and_category(rest)
    return texts.marked(*categories.mark(call.tx, call.person, number, word, call.now))


def _unmark(call: Call, rest: str) -> str:
    number, word = _item_and_category(rest)
    return texts.unmarked(*categories.unmark(call.tx, call.person, number, word, call.now))


def _item_and_category(rest: str) -> tuple[str, str]:
    number, word = split_number(rest)
    if not word:
        raise BadInput(reason=texts.HOW_TO_MARK)
    return number, word


def _new(call: Call, rest: str) -> str:
    return texts.opened(categories.add_category(call.tx, call.person, rest, call.now))


def _close(call: Call, rest: str) -> str:
    if not rest:
        raise BadInput(reason=texts.HOW_TO_CLOSE)
    return texts.closed(categories.close_category(call.tx, call.person, rest, call.now))


_ACTIONS: dict[tuple[str, ...], Callable[[Call, str], str]] = {
    ("加", "添加", "add"): _add,
    ("删", "drop"): _drop,
    ("标记", "mark"): _mark,
    ("去标", "unmark"): _unmark,
    ("新类", "new"): _new,
    ("停用", "close"): _close,
}
