"""Whom a commission is for, as people say it: 全部县区, 一类部门、直报点, 文旅局, 全市（除云山县、临江县外）.

A collective word (全部, 县区, 一类) stands for the units of the day; anything else is the name of a unit. The office
itself is what asks: it is never meant by a collective word, only by its own name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from domain.collectives import plain_line, read_collective
from domain.errors import BadInput, NotFound
from domain.roster import Unit
from domain.unit_names import SHOWN, ambiguous, match_spelled, nearest_units, spell, unknown

TARGET_EXAMPLES = "可以写：全部县区、市直部门、一类部门、直报点、单位的全称或简称，或“全部县区，除云山县外”。"


@dataclass(frozen=True, slots=True)
class City:
    """The units of the day and every name they are called by, as `storage.roster` gives them."""

    units: tuple[Unit, ...]
    names: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Targets:
    """The units in the office's order, each once; `reading` says how the words were read, `notes` what is odd."""

    unit_ids: tuple[int, ...]
    reading: str
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Part:
    """One thing that was named: a unit, or many by a collective word."""

    label: str
    units: tuple[Unit, ...]
    collective: bool


def read_targets(words: str, city: City) -> Targets:
    """The units somebody means by `words`.

    Raises BadInput if nothing was written, a name fits several units or nobody is left, NotFound with the nearest
    names for one that nobody has.
    """
    line, excepted_names = _without_exceptions(plain_line(words))
    wanted = _read(line, city)
    excepted = [part for names in excepted_names for part in _read(names, city)]
    if not wanted and excepted:
        wanted = _read("全市", city)
    if not wanted:
        raise BadInput(reason=f"没有写发给哪些单位。{TARGET_EXAMPLES}")
    out = {unit.id for part in excepted for unit in part.units}
    named = {unit.id: unit for part in wanted for unit in part.units}
    left = sorted((unit for id, unit in named.items() if id not in out), key=lambda unit: (unit.place, unit.id))
    if not left:
        raise BadInput(reason=_nobody(wanted, excepted))
    except_for = f"，除{_listed(excepted)}" if excepted else ""
    reading = f"{_listed(wanted, counted=True)}{except_for}：{len(left)}个单位"
    return Targets(tuple(unit.id for unit in left), reading, tuple(_notes(wanted, excepted, set(named))))


# 外 ends the exception only where nothing of a name follows: 除市外办外.
_ENDS = r"(?:以|之)?外(?=$|[、,;。() ]|的|全|各|所有|其[他它余])的?"
_EXCEPT = re.compile(
    r"\(? ?(?:(?<![消解清拆扣])除(?!外(?:$|[、,;。) ]))[了去]?|不含|不包括|不包含)(?P<names>.*?)"
    rf"(?:{_ENDS}|(?=\))|$)\)?"
)
_EXCEPT_BEHIND = re.compile(r"(?:^|[,;。(])(?P<names>[^,;。()]*)除外\)?")
_LIST = re.compile("[、,;/。]+")
_LOOSE = re.compile("[ ()]+")
_JOINED = re.compile("(以及|[和及与跟暨])")
_REST_OF = re.compile("^(?:其他|其它|其余)(?=.)")
_LONGEST_NAME = 4
"""A unit's name has at most this many parts around 和: 市住房和城乡建设局 has two."""


def _without_exceptions(line: str) -> tuple[str, list[str]]:
    """The line without what it excepts, and the names of that."""
    names: list[str] = []

    def take(match: re.Match[str]) -> str:
        names.append(match["names"])
        return "、"

    return _EXCEPT_BEHIND.sub(take, _EXCEPT.sub(take, line)), names


def _read(line: str, city: City) -> list[_Part]:
    known = {unit.id: unit for unit in city.units}
    reader = _Reader(city, known, tuple((name, id) for name, id in spell(city.names) if id in known))
    pieces = [_REST_OF.sub("", piece.strip()) for piece in _LIST.split(line)]
    return [part for piece in pieces if piece for part in reader.parts(piece)]


@dataclass(frozen=True, slots=True)
class _Reader:
    """Reads one piece of a list after the other; the names are spelled once."""

    city: City
    known: dict[int, Unit]
    spellings: Sequence[tuple[str, int]]

    def parts(self, piece: str) -> Iterator[_Part]:
        """A piece is one name if it can be; otherwise blanks, and then 和, part it."""
        whole = self._one(piece)
        if whole:
            yield whole
            return
        for words in filter(None, _LOOSE.split(piece)):
            yield from self._joined(words)

    def _joined(self, words: str) -> Iterator[_Part]:
        """Names with 和 between them: the longest that is a name first, since 和 stands within names as well."""
        pieces = _JOINED.split(words)
        while pieces:
            if not pieces[0]:
                pieces = pieces[2:]
                continue
            for count in range(min(2 * _LONGEST_NAME - 1, len(pieces)), 0, -2):
                part = self._one("".join(pieces[:count]))
                if part:
                    break
            else:
                raise self._unknown(pieces[0])
            yield part
            pieces = pieces[count + 1 :]

    def _one(self, words: str) -> _Part | None:
        collective = read_collective(words, self.city.units)
        if collective:
            return _Part(collective.label, collective.units, collective=True)
        hits = [self.known[id] for id in match_spelled(words, self.spellings)]
        if len(hits) > 1:
            raise ambiguous(words, hits)
        return _Part(hits[0].label, (hits[0],), collective=False) if hits else None

    def _unknown(self, words: str) -> NotFound:
        near = [self.known[id] for id in nearest_units(words, self.spellings)]
        return unknown(words, near, TARGET_EXAMPLES)


def _listed(parts: Sequence[_Part], *, counted: bool = False) -> str:
    """The parts as they were understood; a collective word with how many it stands for, if asked."""
    labels = list(dict.fromkeys(_counted(part) if counted and part.collective else part.label for part in parts))
    return "、".join(labels[:SHOWN]) + (f"等{len(labels)}项" if len(labels) > SHOWN else "")


def _counted(part: _Part) -> str:
    return f"全部{part.label}（{len(part.units)}个）"


def _nobody(wanted: Sequence[_Part], excepted: Sequence[_Part]) -> str:
    if any(part.units for part in wanted):
        return f"{_listed(wanted)}除去{_listed(excepted)}以后，一个单位也不剩。请检查。"
    return f"名册里现在没有{_listed(wanted)}。{TARGET_EXAMPLES}"


def _notes(wanted: Sequence[_Part], excepted: Sequence[_Part], named: set[int]) -> Iterator[str]:
    for part in wanted:
        if not part.units:
            yield f"名册里现在没有{part.label}"
    for part in excepted:
        if not any(unit.id in named for unit in part.units):
            yield f"{part.label}本来就不在其中，除外没有作用"
