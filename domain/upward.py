"""How it is said that an item was chosen and sent up: `省 单条 11-23`, `国办`, before the superior decides."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from domain.adoption import not_ahead
from domain.desk_words import RANKS, is_day, once, split_words
from domain.errors import BadInput
from domain.item import FORMS, Item
from domain.period import parse_day

HOW_TO_SEND_UP = "请这样写：/上报 编号 省 [形式] [日期]，例如：/上报 137 省 11-23；报国办写 /上报 137 国办。"

_PLACE = re.compile(
    r"(?:上?报|选报|转报)?(?:(?P<place>市|省|国)(?:政府|务院|家)?(?:办公厅|办公室|办|府办|委办|级)?|(?P<state>中办|两办))"
)
PLACE_NAMES = {"city": "市", "province": "省", "state": "国办"}


@dataclass(frozen=True, slots=True)
class Upward:
    """What was read: to which level, in which form, on which day."""

    level: str
    form: str
    day: date


def read_upward(words: str, item: Item, today: date, forms: Collection[str] = ()) -> Upward:
    """Read the words behind the number of an item that is sent up; `forms` are further ones the measure names.

    Without a form it is the item's own, without a day today. Raises BadInput.
    """
    level: str | None = None
    form: str | None = None
    day: date | None = None
    known = dict.fromkeys((*FORMS, *forms))
    for word in split_words(words):
        if is_day(word):
            day = once(day, parse_day(word, today), "日期")
        elif match := _PLACE.fullmatch(word):
            level = once(level, RANKS[match["place"]] if match["place"] else "state", "上报的级别")
        elif word in known:
            form = once(form, word, "形式")
        else:
            raise BadInput(reason=f"看不懂“{word[:12]}”。形式可以写：{'、'.join(known)}。{HOW_TO_SEND_UP}")
    if level is None:
        raise BadInput(reason=f"没有写报到哪里（市、省、国办）。{HOW_TO_SEND_UP}")
    return Upward(level, form or item.form, not_ahead(day, today))
