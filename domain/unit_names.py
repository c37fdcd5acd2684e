"""Telling units by what people call them: full name, short name, alias, or its characters in order (人社局)."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache

from domain.errors import BadInput, NotFound
from domain.roster import Unit
from domain.words import tidy_line

SHOWN = 6
"""At most this many candidates are listed; more would be a wall of text in a chat."""

Names = Iterable[tuple[str, int]]
"""(name or alias, id of the unit), as `storage.roster.unit_names` gives them."""

_PREFIX = re.compile(r"^(?:[本我全]?[省市县区])(?=..)")
_SUFFIX = re.compile(r"(?<=..)(?:人民政府|街道办事处|街道|[省市县区乡镇])$")


def the_unit(words: str, units: Iterable[Unit], names: Names) -> Unit:
    """The one unit that is meant. Raises BadInput if several could be, NotFound with the nearest if none can."""
    known = {unit.id: unit for unit in units}
    spellings = [(name, id) for name, id in spell(names) if id in known]
    hits = [known[hit] for hit in match_spelled(words, spellings)]
    if len(hits) == 1:
        return hits[0]
    if hits:
        raise ambiguous(words, hits)
    raise unknown(words, [known[id] for id in nearest_units(words, spellings)])


def match_units(words: str, names: Names) -> list[int]:
    """The units that fit best, by the strictest way of reading that fits any.

    Strictest first: the very name or alias; without 市 or 县 in front; also without 县 or 人民政府 behind;
    all characters in order, which for abbreviations hits better than any measure of likeness.
    """
    return match_spelled(words, spell(names))


def spell(names: Names) -> list[tuple[str, int]]:
    """The names in the spelling in which they are compared: once, where many words are looked up in them."""
    return [(spelled(name), id) for name, id in names]


def match_spelled(words: str, spellings: Sequence[tuple[str, int]]) -> list[int]:
    """`match_units` over names that went through `spell` already."""
    wanted = spelled(words)
    if not wanted:
        return []
    for fits in _ways(wanted):
        hits = dict.fromkeys(id for name, id in spellings if fits(name))
        if hits:
            return list(hits)
    return []


def _ways(wanted: str) -> tuple[Callable[[str], bool], ...]:
    bare = _PREFIX.sub("", wanted)
    core = _SUFFIX.sub("", bare)
    return (
        lambda name: name == wanted,
        lambda name: _bare_and_core(name)[0] == bare,
        lambda name: _bare_and_core(name)[1] == core,
        lambda name: len(wanted) > 1 and in_order(wanted, name),
        lambda name: len(bare) > 1 and in_order(bare, name),
    )


@lru_cache(maxsize=1 << 14)
def _bare_and_core(name: str) -> tuple[str, str]:
    """A name of the roster without 市 in front, and also without 县 behind: a list asks for the same ones again."""
    bare = _PREFIX.sub("", name)
    return bare, _SUFFIX.sub("", bare)


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


def ambiguous(words: str, hits: Sequence[Unit]) -> BadInput:
    """The question which of several units is meant."""
    shown = "、".join(unit.label for unit in hits[:SHOWN])
    more = f"等 {len(hits)} 个" if len(hits) > SHOWN else ""
    return BadInput(reason=f"“{tidy_line(words)[:20]}”可能是：{shown}{more}。请写得再完整一些。")


def unknown(words: str, near: Sequence[Unit], otherwise: str = "请写单位的全称或简称。") -> NotFound:
    """The answer to a name nobody has: the nearest ones, or what to do instead."""
    labels = "、".join(dict.fromkeys(unit.label for unit in near))
    return NotFound(what=f"单位“{tidy_line(words)[:20]}”", hint=f"您是不是想写：{labels}？" if near else otherwise)
