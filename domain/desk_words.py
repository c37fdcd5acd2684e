"""The words the desk registers with: days, points, percents, levels, in any order and also run together."""

from __future__ import annotations

import re
from typing import TypeVar

from domain.errors import BadInput
from domain.words import tidy_line

T = TypeVar("T")

LONGEST = 200

RANKS = {"县": "county", "区": "county", "市": "city", "省": "province", "国": "state"}
"""First character of a level → the level."""

_DAY = re.compile(
    r"(?:20\d\d[-./年])?\d{1,2}[-./月]\d{1,2}[日号]?|20\d{6}|\d{1,2}日|[今昨前明后]天|[今昨前]日|20\d\d[-./年]\d+[-./月]\d+[日号]?"
)
_RUN_TOGETHER = re.compile(r"(?:20\d\d\s*[-年]\s*)?(?:总?第\s*|(?<=[^\d第-]))(\d{1,5})\s*期")
_GLUED_NUMBER = re.compile(r"([^\W\d]+[^\W\d第]》?)(\d{1,5})")
_AROUND = " ,，、;；。:：()（）"
_POINTS = re.compile(r"(?P<sign>得分?|加分?|扣分?|减分?|计|[+-])?(?P<number>\d{1,4}(?:\.\d{1,2})?)(?P<unit>分?)")
_SHARE = re.compile(r"(?:改写|改|重写)(?:了|约)?(\d{1,3})%?")


def split_words(words: str) -> list[str]:
    """The single words, with what was run together taken apart: 《每日要情》第128期单条.

    Raises BadInput for a letter.
    """
    if len(words) > LONGEST:
        raise BadInput(reason="写得太长了，看不懂。只写要登记的几项，用空格隔开。")
    line = _RUN_TOGETHER.sub(r" 第\1期 ", tidy_line(words))
    found: list[str] = []
    for word in re.split(r"[\s,，、;；]+", line):
        bare = word.strip(_AROUND)
        glued = None if read_points(bare) is not None or read_share(bare) is not None else _GLUED_NUMBER.fullmatch(bare)
        found += glued.groups() if glued else [bare]
    return [word for word in found if word]


def is_day(word: str) -> bool:
    """Whether a word has the shape of a day."""
    return _DAY.fullmatch(word) is not None


def read_points(word: str) -> int | None:
    """Points in hundredths: `8分`, `得7.5分`, `+5`, `扣20分`; a number alone is none (it may be an issue)."""
    match = _POINTS.fullmatch(word)
    if match is None or not (match["sign"] or match["unit"]):
        return None
    whole, _, decimals = match["number"].partition(".")
    points = int(whole) * 100 + int(decimals.ljust(2, "0") or 0)
    return -points if (match["sign"] or "")[:1] in ("扣", "减", "-") else points


def read_share(word: str) -> int | None:
    """The percent of a text the office rewrote: `改写60%`. Raises BadInput for more than all of it."""
    match = _SHARE.fullmatch(word)
    if match is None:
        return None
    share = int(match[1])
    if share > 100:
        raise BadInput(reason=f"改写比例写的是 {share}%，最多 100%。")
    return share


def once(before: T | None, now: T, what: str) -> T:
    """`now`, unless something else was said before. Raises BadInput."""
    if before is not None and before != now:
        raise BadInput(reason=f"写了两个{what}（{before}、{now}），不知道以哪个为准。")
    return now
