"""How a leader's instruction is said: level, whether the leader is the chief, day; never the text of it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from domain.adoption import not_ahead
from domain.desk_words import RANKS, is_day, once, split_words
from domain.errors import BadInput
from domain.journal import LEVEL_NAMES
from domain.period import parse_day

DEPUTY = "deputy"
"""`detail` of an instruction whose leader is not the chief."""
CHIEF_LEADER, OTHER_LEADER = "主要领导", "非主要领导"

HOW_TO_INSTRUCT = "请这样写：/批示 编号 级别 [日期]，例如：/批示 137 市级 11-23。"

_PLACE = r"(?:(?P<place>县|区|市|省|国)(?:区|家|务院)?(?:委|政府)?级?)?"
_LEADER = re.compile(_PLACE + r"(?P<which>主要|分管|其他)?(?:负责)?(?:领导人?|人)?(?:同志)?(?:批示)?")
_TITLE = re.compile(
    _PLACE + r"(?:主要|分管)?(?P<deputy>常务副|副)?(?P<title>书记|市长|县长|区长|省长|总理|国务委员)(?:同志)?(?:批示)?"
)
_TITLE_PLACES = {"市长": "市", "县长": "县", "区长": "区", "省长": "省", "总理": "国", "国务委员": "国"}
_DEPUTIES = frozenset({"国务委员"})


@dataclass(frozen=True, slots=True)
class Instruction:
    """What was read: the rank (a level, or one the measure names itself), the day, and whether the leader is not the
    chief."""

    rank: str
    day: date
    deputy: bool = False


def read_instruction(words: str, today: date, ranks: Mapping[str, str] | None = None) -> Instruction:
    """Read the words behind the number of an item; `ranks` are those the measure names itself, code → name.

    Without 主要领导 or 分管领导 the leader is taken for a chief. Raises BadInput; a text of the instruction is never
    echoed.
    """
    own = {name: code for code, name in (ranks or {}).items()}
    day: date | None = None
    rank: str | None = None
    which: str | None = None
    for word in split_words(words):
        if is_day(word):
            day = once(day, parse_day(word, today), "日期")
            continue
        place, leader = _leader(word, own)
        rank = once(rank, place, "级别") if place else rank
        which = once(which, leader, "领导") if leader else which
    if not rank:
        raise BadInput(reason=f"没有写批示领导的级别（{'、'.join([*LEVEL_NAMES.values(), *own])}）。{HOW_TO_INSTRUCT}")
    return Instruction(own.get(rank) or RANKS[rank], not_ahead(day, today), which == OTHER_LEADER)


def _leader(word: str, own: Mapping[str, str]) -> tuple[str, str]:
    """(the place or the measure's own name, chief or other leader); '' for what the word does not say."""
    bare = word.removesuffix("批示")
    if bare in own:
        return bare, ""
    if match := _TITLE.fullmatch(word):
        place, title = match["place"] or _TITLE_PLACES.get(match["title"], ""), match["title"]
        return place, OTHER_LEADER if match["deputy"] or title in _DEPUTIES else CHIEF_LEADER
    match = _LEADER.fullmatch(word)
    if match is None:
        raise BadInput(reason=f"只登记批示的级别和日期，批示内容请不要发到这里。{HOW_TO_INSTRUCT}")
    if not match["which"]:
        return match["place"] or "", ""
    return match["place"] or "", CHIEF_LEADER if match["which"] == "主要" else OTHER_LEADER


def rank_name(rank: str, ranks: Mapping[str, str] | None = None) -> str:
    """A rank for people: 市级, or the name the measure gives it."""
    return (ranks or {}).get(rank) or LEVEL_NAMES.get(rank, "")


def leader_name(rank: str, deputy: bool, ranks: Mapping[str, str] | None = None) -> str:
    """Whose instruction: 市级领导, 市级领导（非主要）, or the measure's own name."""
    own = (ranks or {}).get(rank)
    return (own or f"{LEVEL_NAMES.get(rank, '')}领导") + (f"（{OTHER_LEADER}）" if deputy else "")
