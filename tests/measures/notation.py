"""What happened, in the few fixed Chinese words of docs/measures.md, as the facts the rules of a measure read.

`甲县、乙县：3月2日转报《省专报》单篇采用，上级计8分；市级副职批示` is one item of two units, used and noted.
Happenings stand between `；`. They are about one item, until a unit is named, `另一条` begins the next, or `3条` makes
some of their own. Without a unit it is 甲县, without a day 5 March.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from domain.journal import LEVEL_NAMES
from domain.measure import Measure
from domain.measure.events import EVENTS
from domain.scoring import Fact

SOMEBODY = "甲县"

_LEVELS = {name: level for level, name in LEVEL_NAMES.items()}
_ROUTES = {"直报": "direct", "转报": "forwarded", None: ""}
_UP = {"市": "city", "省": "province", "国办": "state"}
_EVENTS = {name: event for event, name in EVENTS.items()}

_FRAME = re.compile(
    r"(?:(?P<who>[^：]+)：)?(?P<other>另一条)?"
    r"(?:(?:(?P<from>\d+)至(?P<to>\d+)月)?(?P<each>每月)|(?P<month>\d+)月(?:(?P<day>\d+)日)?)?(?P<what>.+)"
)
_ITEMS = r"(?:(?P<number>\d+)条)?"
_ADOPTION = re.compile(
    r"(?P<asked>约稿)?(?P<route>直报|转报)?(?:《(?P<journal>[^》]+)》|(?P<level>县级|市级|省级|国家级)刊物)"
    rf"(?P<form>\D*)采用{_ITEMS}(?:，上级计(?P<points>[\d.]+)分)?(?:，改写(?P<share>\d+)%)?"
)
_SUBMISSION = re.compile(rf"报送(?P<form>\D*){_ITEMS}")
_ACCEPTABLE = re.compile(rf"可用未采用{_ITEMS}")
_UPWARD = re.compile(rf"(?P<form>\D*)上报(?P<up>市|省|国办){_ITEMS}")
_INSTRUCTION = re.compile(r"(?P<rank>.+?)(?P<deputy>副职)?批示(?:(?P<times>\d+)次)?")
_EVENT = re.compile(r"(?P<event>.+?)(?:(?P<times>\d+)次)?(?:，记(?P<value>-?[\d.]+)分)?")
_KINDS = (
    ("adoption", _ADOPTION),
    ("submission", _SUBMISSION),
    ("acceptable", _ACCEPTABLE),
    ("upward", _UPWARD),
    ("instruction", _INSTRUCTION),
    ("event", _EVENT),
)

Words = Mapping[str, str | None]


def hundredths(number: str) -> int:
    """`7.5` as 750."""
    return int(Decimal(number) * 100)


@dataclass
class Reader:
    """Reads rows of happenings in one year under measures that name the journals and ranks.

    `units` gives every unit named so far its number.
    """

    measures: tuple[Measure, ...]
    year: int
    units: dict[str, int] = field(default_factory=dict)
    _facts: int = 0
    _items: int = 0

    def unit(self, name: str) -> int:
        return self.units.setdefault(name, len(self.units) + 1)

    def facts(self, row: str, somebody: str = SOMEBODY) -> list[Fact]:
        """The facts of one row. Raises ValueError when it says something this notation has no words for."""
        found: list[Fact] = []
        units: tuple[int, ...] = (self.unit(somebody),)
        item = 0
        for happening in row.split("；"):
            frame = _FRAME.fullmatch(happening.strip())
            if frame is None:
                raise ValueError(f"nothing happened in {row!r}")
            if frame["who"]:
                units, item = tuple(self.unit(name) for name in frame["who"].split("、")), 0
            if frame["other"]:
                item = 0
            kind, words = _kind_of(frame["what"])
            if kind != "event" and words.get("number") is None:
                item = item or self._next_item()
            for day in self._days(frame):
                found += self._several(kind, words, day, units, item)
        return found

    def _several(self, kind: str, words: Words, day: date, units: tuple[int, ...], item: int) -> Iterator[Fact]:
        for _ in range(int(words.get("number") or words.get("times") or 1)):
            self._facts += 1
            if kind == "event":
                yield self._event(words, day, units)
                continue
            its = self._next_item() if words.get("number") else item
            yield self._detailed(Fact(self._facts, kind, its, day, units, None), words)

    def _detailed(self, fact: Fact, words: Words) -> Fact:
        journal, level = self._journal(words.get("journal"))
        level = level or _LEVELS.get(words.get("level") or "") or _UP.get(words.get("up") or "")
        given = words.get("points")
        return replace(
            fact,
            journal=journal,
            level=level,
            form=words.get("form") or None,
            rank=self._rank(words.get("rank")),
            commissioned=bool(words.get("asked")),
            route=_ROUTES[words.get("route")],
            points=hundredths(given) if given else None,
            share=int(words.get("share") or 0),
            detail="deputy" if words.get("deputy") else "",
        )

    def _event(self, words: Words, day: date, units: tuple[int, ...]) -> Fact:
        name, value = words["event"] or "", words.get("value")
        points = hundredths(value) if value else None
        event = _EVENTS.get(name, name)
        return Fact(-self._facts, "event", 0, day, units, None, points=points, detail=event)

    def _journal(self, name: str | None) -> tuple[str | None, str | None]:
        if name is None:
            return None, None
        for measure in self.measures:
            for journal in measure.journals.values():
                if journal.name == name:
                    return journal.code, journal.level
        raise ValueError(f"no measure here names the journal {name}")

    def _rank(self, name: str | None) -> str | None:
        if name is None or name in _LEVELS:
            return _LEVELS.get(name or "")
        for measure in self.measures:
            for rank, known in measure.ranks.items():
                if known == name:
                    return rank
        raise ValueError(f"no measure here knows the rank {name}")

    def _days(self, frame: re.Match[str]) -> list[date]:
        if frame["each"]:
            months = range(int(frame["from"] or 1), int(frame["to"] or 12) + 1)
            return [date(self.year, month, 5) for month in months]
        return [date(self.year, int(frame["month"] or 3), int(frame["day"] or 5))]

    def _next_item(self) -> int:
        self._items += 1
        return self._items


def _kind_of(words: str) -> tuple[str, Words]:
    for kind, pattern in _KINDS:
        match = pattern.fullmatch(words)
        if match is not None and (kind == "event" or words not in _EVENTS):
            return kind, match.groupdict()
    raise ValueError(f"not understood: {words}")
