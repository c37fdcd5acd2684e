"""How an adoption is said: `每日要情 第128期 单条 11-23 约稿`, in any order, also run together."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from domain.errors import BadInput, BaosongError
from domain.item import Item
from domain.journal import Journal, find_form, find_journal
from domain.period import parse_day
from domain.words import tidy_line

T = TypeVar("T")

_ISSUE = re.compile(r"总?第?(\d{1,5}|20\d\d-\d{1,3})[期号]?")
_DAY = re.compile(
    r"(?:20\d\d[-./年])?\d{1,2}[-./月]\d{1,2}[日号]?|20\d{6}|\d{1,2}日|[今昨前明后]天|[今昨前]日|20\d\d[-./年]\d+[-./月]\d+[日号]?"
)
_RUN_TOGETHER = re.compile(r"(?:20\d\d\s*[-年]\s*)?(?:总?第\s*|(?<=[^\d第-]))(\d{1,5})\s*期")
_GLUED_NUMBER = re.compile(r"([^\W\d]+[^\W\d第]》?)(\d{1,5})")
_AROUND = " ,，、;；。:：()（）"

DIGEST = "综合"
LONGEST = 200

RANKS = {"县": "county", "区": "county", "市": "city", "省": "province", "国": "state"}
"""First character of a leader's level → the level."""

_RANK = re.compile(r"(县|区|市|省|国)(?:区|家|务院)?级?(?:主要)?(?:领导人?)?(?:同志)?(?:批示)?")

HOW_TO_ADOPT = "请这样写：/采用 编号 刊物 期号 [形式] [日期] [约稿]，例如：/采用 137 每日要情 128 单条 11-23。"
HOW_TO_INSTRUCT = "请这样写：/批示 编号 级别 [日期]，例如：/批示 137 市级 11-23。"


@dataclass(frozen=True, slots=True)
class Adoption:
    """What was read. `commissioned` None means that nothing was said about it."""

    journal: Journal
    issue: str
    form: str
    day: date
    commissioned: bool | None


def read_adoption(words: str, item: Item, journals: Sequence[Journal], today: date) -> Adoption:
    """Read the words behind the number of an item that is adopted.

    Without a day it is today's issue; without a form it is the journal's first, for a 综合 item 综合. Raises BadInput
    or NotFound saying what is missing, twice there or unknown; of an unknown journal they list those that exist.
    """
    issue: str | None = None
    day: date | None = None
    commissioned: bool | None = None
    names: list[str] = []
    for word in _words(words):
        if word in ("约稿", "非约稿"):
            commissioned = word == "约稿"
        elif _DAY.fullmatch(word):
            day = _once(day, parse_day(word, today), "日期")
        elif number := _ISSUE.fullmatch(word):
            issue = _once(issue, number[1].lstrip("0"), "期号")
        else:
            names.append(word)
    if not names:
        raise BadInput(reason=f"没有写刊物。现有刊物：{'、'.join(one.name for one in journals)}。{HOW_TO_ADOPT}")
    journal, form = _journal_and_form(names, item, journals)
    if not issue:
        raise BadInput(reason=f"没有写《{journal.name}》的期号。{HOW_TO_ADOPT}")
    if day is not None and day > today:
        raise BadInput(reason=f"{day:%Y-%m-%d} 还没有到，不能登记。请核对日期。")
    return Adoption(journal, issue, form, day or today, commissioned)


def read_instruction(words: str, today: date) -> tuple[str, date]:
    """The level and the day of a leader's instruction. Raises BadInput; a text of the instruction is never echoed."""
    rank: str | None = None
    day: date | None = None
    for word in _words(words):
        match = _RANK.fullmatch(word)
        if match is not None:
            rank = _once(rank, match[1], "级别")
        elif _DAY.fullmatch(word):
            day = _once(day, parse_day(word, today), "日期")
        elif word not in ("批示", "领导"):
            raise BadInput(reason=f"只登记批示的级别和日期，批示内容请不要发到这里。{HOW_TO_INSTRUCT}")
    if not rank:
        raise BadInput(reason=f"没有写批示领导的级别（县级、市级、省级、国家级）。{HOW_TO_INSTRUCT}")
    if day is not None and day > today:
        raise BadInput(reason=f"{day:%Y-%m-%d} 还没有到，不能登记。请核对日期。")
    return RANKS[rank], day or today


def read_issue(word: str) -> str:
    """The number of an issue, '' if the word is none."""
    match = _ISSUE.fullmatch(word)
    return match[1].lstrip("0") if match else ""


def issues_to_offer(latest: str, day: date, today: date) -> tuple[str, ...]:
    """The issues an adoption of today is likely to name, after `latest` was used on `day`: the one of today goes on
    being filled, else the next. A number that cannot be counted on is offered as it is."""
    head, dash, number = latest.rpartition("-")
    following = (f"{head}{dash}{int(number) + 1}",) if number.isdecimal() else (latest,)
    return tuple(dict.fromkeys((latest, *following))) if day == today else following


def _once(before: T | None, now: T, what: str) -> T:
    if before is not None and before != now:
        raise BadInput(reason=f"写了两个{what}（{before}、{now}），不知道以哪个为准。")
    return now


def _words(words: str) -> list[str]:
    """The single words, with what was run together taken apart: 《每日要情》第128期单条."""
    if len(words) > LONGEST:
        raise BadInput(reason="写得太长了，看不懂。只写要登记的几项，用空格隔开。")
    line = _RUN_TOGETHER.sub(r" 第\1期 ", tidy_line(words))
    found: list[str] = []
    for word in re.split(r"[\s,，、;；]+", line):
        glued = _GLUED_NUMBER.fullmatch(word.strip(_AROUND))
        found += glued.groups() if glued else [word.strip(_AROUND)]
    return [word for word in found if word]


def _journal_and_form(names: list[str], item: Item, journals: Sequence[Journal]) -> tuple[Journal, str]:
    """One of the words is the journal, the others are the form; 专报 may be either."""
    unknown: BaosongError | None = None
    wrong_form: BaosongError | None = None
    for at, name in enumerate(names):
        rest = "".join(names[:at] + names[at + 1 :])
        try:
            journal = find_journal(name, journals)
        except BaosongError as error:
            unknown = unknown or error
            continue
        try:
            return journal, find_form(rest or _own_form(item, journal), journal)
        except BaosongError as error:
            wrong_form = wrong_form or error
    reason = wrong_form or unknown
    assert reason is not None, "there is at least one word"
    raise reason


def _own_form(item: Item, journal: Journal) -> str:
    """What nobody has to say: a piece made of several units' items is adopted as such."""
    return item.form if item.form == DIGEST and DIGEST in journal.forms else ""
