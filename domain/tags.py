"""Tags people put on an item: `#约18` answers a commission, `#要点3` belongs to a key point.

They stand in the title or on the first or last lines of the text and are taken out of both; a `#` in the middle of a
sentence is text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from domain.words import tidy_line

LOOKED_AT = 3
"""So many lines of text at either end may begin or end with tags."""

LONGEST = 80
"""So many characters of such a line, at either end of it, may be tags."""

_COMMISSION = r"约稿?\s*(?P<commission>(?:20\d\d\s*[-—–年/]\s*)?\d{1,6}(?!\d))"
_POINTS = r"(?:报送)?要点\s*(?P<points>\d{1,2}(?!\d)(?:\s*[、/+]\s*\d{1,2}(?!\d))*)"
# A closing # as some networks write it, unless it opens the next tag.
_TAG = rf"[#＃]\s*(?:{_COMMISSION}|{_POINTS})(?![月日年])号?(?:[#＃](?!\s*(?:约|要点|报送)))?"
_ANYWHERE = re.compile(_TAG)
_UNNAMED = re.sub(r"\?P<\w+>", "?:", _TAG)
_AT_BEGIN = re.compile(rf"\s*(?:{_UNNAMED}[\s,，、;；:：]*)+")
_AT_END = re.compile(rf"(?:[\s,，、;；]*{_UNNAMED})+\s*$")
_NUMBER = re.compile(r"\d+")
_YEAR = re.compile(r"\s*[-—–年/]\s*")
_AROUND = " \u3000\t,，、;；:："


@dataclass(frozen=True, slots=True)
class Tags:
    """What an item is tagged with. `commissions` are numbers as written (`18`, `2026-018`), `points` numbers in the
    key-point list that is in force."""

    commissions: tuple[str, ...] = ()
    points: tuple[int, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.commissions or self.points)

    def and_points(self, words: str) -> Tags:
        """These, and the points written in a field (`要点：3、5`)."""
        return Tags(self.commissions, tuple(dict.fromkeys((*self.points, *_numbers(words)))))


NO_TAGS = Tags()


def take_tags(title: str, body: str) -> tuple[str, str, Tags]:
    """The title and the body without their tags, and the tags in the order they stand. Pure."""
    taken: list[str] = []
    if "#" in title or "＃" in title:
        taken += [match[0] for match in _ANYWHERE.finditer(title)]
    if taken:
        title = " ".join(_ANYWHERE.sub(" ", title).split()).strip(_AROUND)
    if "#" in body or "＃" in body:
        body = _take_lines(body, taken)
    return title, body, _tags("".join(taken)) if taken else NO_TAGS


def _take_lines(body: str, taken: list[str]) -> str:
    lines = body.split("\n")
    written = [at for at, line in enumerate(lines) if line.strip()]
    gone = set()
    for at in dict.fromkeys(written[:LOOKED_AT] + written[-LOOKED_AT:]):
        rest = _take_ends(lines[at], taken)
        if rest != lines[at] and not rest.strip():
            gone.add(at)
        lines[at] = rest
    return "\n".join(line for at, line in enumerate(lines) if at not in gone)


def _take_ends(line: str, taken: list[str]) -> str:
    """A line without the tags it begins or ends with."""
    begin = _AT_BEGIN.match(line, 0, LONGEST)
    if begin is not None:
        taken.append(begin[0])
        line = line[begin.end() :]
    end = _AT_END.search(line, max(0, len(line) - LONGEST))
    if end is not None:
        taken.append(end[0])
        line = line[: end.start()]
    return line


def _tags(text: str) -> Tags:
    commissions: dict[str, None] = {}
    points: dict[int, None] = {}
    for match in _ANYWHERE.finditer(text):
        if match["commission"]:
            commissions[_YEAR.sub("-", tidy_line(match["commission"]))] = None
        else:
            points.update(dict.fromkeys(_numbers(match["points"])))
    return Tags(tuple(commissions), tuple(points))


def _numbers(words: str) -> tuple[int, ...]:
    return tuple(int(number) for number in _NUMBER.findall(words))
