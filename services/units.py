"""Finding the unit somebody means: by full name, short name, alias, or its characters in order (人社局)."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterable
from datetime import date

from domain.errors import BadInput, NotFound
from domain.roster import Unit
from domain.words import tidy_line
from storage import roster
from storage.engine import Tx

SHOWN = 6
"""At most this many candidates are listed; more would be a wall of text in a chat."""

Names = Iterable[tuple[str, int]]
"""(name or alias, id of the unit), as `storage.roster.unit_names` gives them."""

_PREFIX = re.compile(r"^(?:[本我全]?[省市县区])(?=..)")
_SUFFIX = re.compile(r"(?<=..)(?:人民政府|街道办事处|街道|[省市县区乡镇])$")


def find_unit(tx: Tx, words: str, day: date) -> Unit:
    """The one unit of the day that is meant. Raises BadInput if several could be, NotFound if none can."""
    names = roster.unit_names(tx, day)
    known = {unit.id: unit for unit in roster.units(tx, day)}
    hits = match_units(words, names)
    if len(hits) == 1:
        return known[hits[0]]
    if hits:
        raise BadInput(reason=_ambiguous(words, [known[hit].label for hit in hits]))
    near = dict.fromkeys(known[id].label for id in nearest_units(words, names))
    hint = f"您是不是想写：{'、'.join(near)}？" if near else "请写单位的全称或简称。"
    raise NotFound(what=f"单位“{tidy_line(words)[:20]}”", hint=hint)


def match_units(words: str, names: Names) -> list[int]:
    """The units that fit best, by the strictest way of reading that fits any. Pure.

    Strictest first: the very name or alias; without 市 or 县 in front; also without 县 or 人民政府 behind;
    all characters in order, which for abbreviations hits better than any measure of likeness.
    """
    wanted = spelled(words)
    if not wanted:
        return []
    known = [(spelled(name), id) for name, id in names]
    for fits in _ways(wanted):
        hits = dict.fromkeys(id for name, id in known if fits(name))
        if hits:
            return list(hits)
    return []


def _ways(wanted: str) -> tuple[Callable[[str], bool], ...]:
    bare = _PREFIX.sub("", wanted)
    core = _SUFFIX.sub("", bare)
    return (
        lambda name: name == wanted,
        lambda name: _PREFIX.sub("", name) == bare,
        lambda name: _SUFFIX.sub("", _PREFIX.sub("", name)) == core,
        lambda name: len(wanted) > 1 and in_order(wanted, name),
        lambda name: len(bare) > 1 and in_order(bare, name),
    )


def in_order(short: str, name: str) -> bool:
    """Whether all characters of `short` stand in `name`, in this order: 人社局 in 市人力资源和社会保障局."""
    rest = iter(name)
    return all(character in rest for character in short)


def nearest_units(words: str, names: Names, limit: int = 3) -> list[int]:
    """Units whose name or alias looks most like a mistyped one, nearest first."""
    by_name: dict[str, int] = {}
    for name, id in names:
        by_name.setdefault(spelled(name), id)
    close = difflib.get_close_matches(spelled(words)[:40], by_name, n=2 * limit, cutoff=0.4)
    return list(dict.fromkeys(by_name[name] for name in close))[:limit]


def spelled(words: str) -> str:
    """The one spelling in which names of units are compared: no blanks, no quotes, no case."""
    return "".join(tidy_line(words).split()).strip("“”\"'《》()").casefold()


def _ambiguous(words: str, labels: list[str]) -> str:
    shown = "、".join(labels[:SHOWN])
    more = f"等 {len(labels)} 个" if len(labels) > SHOWN else ""
    return f"“{tidy_line(words)[:20]}”可能是：{shown}{more}。请写得再完整一些。"
