"""How an adoption is said: `每日要情 第128期 单条 11-23 约稿`, in any order, also run together."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from domain.desk_words import is_day, once, read_points, read_share, split_words
from domain.errors import BadInput, BaosongError
from domain.item import Item
from domain.journal import Journal, find_form, find_journal
from domain.period import parse_day

_ISSUE = re.compile(r"总?第?(\d{1,5}|20\d\d-\d{1,3})[期号]?")

DIGEST = "综合"

ROUTES = {"直报": "direct", "直接报送": "direct", "转报": "forwarded", "经转报": "forwarded"}
"""How an item came to the superior's journal: past the middle, or through it (adopt.route)."""
ROUTE_NAMES = {"direct": "直报", "forwarded": "转报"}

HOW_TO_ADOPT = "请这样写：/采用 编号 刊物 期号 [形式] [日期] [约稿]，例如：/采用 137 每日要情 128 单条 11-23。"


@dataclass(frozen=True, slots=True)
class Adoption:
    """What was read. `commissioned` None means that nothing was said about it.

    `route` is direct, forwarded or '' (not said); `points` (hundredths) are the superior's own, None while nobody knows
    them; `share` is the percent of the text the office rewrote.
    """

    journal: Journal
    issue: str
    form: str
    day: date
    commissioned: bool | None
    route: str = ""
    points: int | None = None
    share: int = 0


@dataclass(slots=True)
class _Said:
    """What was said so far, word by word."""

    issue: str | None = None
    day: date | None = None
    commissioned: bool | None = None
    route: str | None = None
    points: int | None = None
    share: int | None = None

    def takes(self, word: str, today: date) -> bool:
        """Whether the word says one of these things; then it is noted."""
        if word in ("约稿", "非约稿"):
            self.commissioned = word == "约稿"
        elif word in ROUTES:
            self.route = once(self.route, ROUTES[word], "报送途径")
        elif (points := read_points(word)) is not None:
            self.points = once(self.points, points, "上级分值")
        elif (share := read_share(word)) is not None:
            self.share = once(self.share, share, "改写比例")
        elif is_day(word):
            self.day = once(self.day, parse_day(word, today), "日期")
        elif number := _ISSUE.fullmatch(word):
            self.issue = once(self.issue, number[1].lstrip("0"), "期号")
        else:
            return False
        return True


def read_adoption(words: str, item: Item, journals: Sequence[Journal], today: date) -> Adoption:
    """Read the words behind the number of an item that is adopted.

    Without a day it is today's issue; without a form it is the journal's first, for a 综合 item 综合. Raises BadInput
    or NotFound saying what is missing, twice there or unknown; of an unknown journal they list those that exist.
    """
    said = _Said()
    names = [word for word in split_words(words) if not said.takes(word, today)]
    if not names:
        raise BadInput(reason=f"没有写刊物。现有刊物：{'、'.join(one.name for one in journals)}。{HOW_TO_ADOPT}")
    journal, form = _journal_and_form(names, item, journals)
    if not said.issue:
        raise BadInput(reason=f"没有写《{journal.name}》的期号。{HOW_TO_ADOPT}")
    if said.points is not None and said.points < 0:
        raise BadInput(reason="上级给的分值不能小于0。写作“得8分”。")
    day = not_ahead(said.day, today)
    return Adoption(
        journal, said.issue, form, day, said.commissioned, said.route or "", said.points, said.share or 0
    )  # fmt: skip


def not_ahead(day: date | None, today: date) -> date:
    """The day, today if none was said. Raises BadInput for one that has not come."""
    if day is not None and day > today:
        raise BadInput(reason=f"{day:%Y-%m-%d} 还没有到，不能登记。请核对日期。")
    return day or today


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
