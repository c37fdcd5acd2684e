"""Key points (报送要点): the topics the office wants in a period, and who has touched which (facts: domain §1.2, §2.3).

A list is in force until its period is over or the next list of the same period is issued; that it has expired is
computed, and items keep the tags they were given.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import Enum

from domain.errors import BadInput, BadPeriod
from domain.period import Period, parse_day, parse_period
from domain.words import shorten, tidy_body, tidy_line

MOST_POINTS = 40
LONGEST_POINT = 120

SPAN_EXAMPLES = "可以写：12月、下月、一季度、下半年、2027年、到12月10日。"
HOW_TO_ISSUE = "请这样写，一行一条要点：\n/要点 下达 12月\n岁末年初民生保障\n冬春森林防火"


class Standing(Enum):
    """Where a list stands; the value is what people read."""

    UPCOMING = "未到期间"
    IN_FORCE = "有效"
    EXPIRED = "已到期"
    REPLACED = "已被新的要点代替"


@dataclass(frozen=True, slots=True)
class Point:
    """One topic of a list; `place` is its number for people, from 1."""

    id: int
    place: int
    text: str


@dataclass(frozen=True, slots=True)
class PointList:
    """A list as it was issued. `issued_ms` 0 is a draft, `replaced_ms` 0 one nothing has replaced; times are UTC ms."""

    id: int
    span: Period
    issued_ms: int
    replaced_ms: int
    points: tuple[Point, ...]

    def numbered(self, place: int) -> Point | None:
        return next((point for point in self.points if point.place == place), None)


def standing(one: PointList, today: date) -> Standing:
    """Where an issued list stands on a day."""
    if one.replaced_ms:
        return Standing.REPLACED
    if today > one.span.last:
        return Standing.EXPIRED
    return Standing.IN_FORCE if today >= one.span.first else Standing.UPCOMING


def in_use(lists: Iterable[PointList], today: date) -> list[PointList]:
    """The lists people can mean today, the one meant by a bare number first.

    That is the one in force with the shortest period; a list for a period to come is meant if none is in force.
    """
    live = [one for one in lists if standing(one, today) in (Standing.IN_FORCE, Standing.UPCOMING)]
    return sorted(live, key=lambda one: _closeness(one, today))


def _closeness(one: PointList, today: date) -> tuple[int, int, int]:
    wait = max(0, (one.span.first - today).days)
    return wait, (one.span.last - one.span.first).days, -one.issued_ms


_NEXT = {
    "下月": "month",
    "下个月": "month",
    "下月份": "month",
    "下季度": "quarter",
    "下个季度": "quarter",
    "明年": "year",
}
_RELATIVE = re.compile(r"[本这当今去前]|上一?个?[月季年]")
_UNTIL = re.compile(r"(?:从?今天?)?[到至](?P<day>.+)")
_HALF_A_YEAR = timedelta(days=183)


def read_span(words: str, today: date) -> Period:
    """The period a list is for, said on `today`; unlike a period to be looked at it may lie ahead, never behind.

    Raises BadPeriod for what is no period, or is over.
    """
    line = tidy_line(words).replace(" ", "")
    if not line:
        raise BadPeriod(reason=f"没有写期间。{HOW_TO_ISSUE}")
    period = _read_span(line, today)
    if period.last < today:
        raise BadPeriod(reason=f"{period.label}已经过去了，不能再下达要点。{SPAN_EXAMPLES}")
    return period


def _read_span(line: str, today: date) -> Period:
    if line in _NEXT:
        return _next(_NEXT[line], today)
    until = _UNTIL.fullmatch(line)
    if until is not None:
        return _until(until["day"], today)
    try:
        return parse_period(line, today if _RELATIVE.search(line) else today + _HALF_A_YEAR)
    except BadPeriod:
        raise BadPeriod(reason=f"看不懂要点的期间“{shorten(line, 20)}”。{SPAN_EXAMPLES}") from None


def _next(kind: str, today: date) -> Period:
    if kind == "year":
        return parse_period(f"{today.year + 1}年", date(today.year + 1, 1, 1))
    months = 1 if kind == "month" else 3
    index = (today.year * 12 + today.month - 1) // months * months + months
    first = date(index // 12, index % 12 + 1, 1)
    return parse_period("本月" if kind == "month" else "本季度", first)


def _until(words: str, today: date) -> Period:
    try:
        last = parse_day(words, today)
        if last < today and not re.search(r"\d{4}", words):
            last = parse_day(words, today + _HALF_A_YEAR)
    except BadInput:
        raise BadPeriod(reason=f"看不懂到哪一天“{shorten(words, 20)}”。{SPAN_EXAMPLES}") from None
    return Period(today, last, f"{today.month}月{today.day}日至{last.month}月{last.day}日")


_BLANKS = r"[\s\u3000]*"
_NUMBER = r"(?:要点)?[(（]?[0-9０-９一二三四五六七八九十]{1,3}[)）]?[.．、:：)）]"
_NUMBERING = re.compile(rf"{_BLANKS}(?:{_NUMBER}|[-·•●*])?{_BLANKS}")


def read_points(body: str) -> tuple[str, ...]:
    """The points of a list, one a line, without the numbers people put before them.

    Raises BadInput for none, too many, one that is too long, or one written twice.
    """
    lines = [" ".join(_NUMBERING.sub("", line, count=1).split()) for line in tidy_body(body).split("\n")]
    points = [line for line in lines if line]
    if not points:
        raise BadInput(reason=f"没有看到要点。{HOW_TO_ISSUE}")
    if len(points) > MOST_POINTS:
        raise BadInput(reason=f"要点有 {len(points)} 条，太多了（不超过 {MOST_POINTS} 条），没有下达。")
    for number, point in enumerate(points, 1):
        if len(point) > LONGEST_POINT:
            raise BadInput(reason=f"第{number}条有 {len(point)} 个字，太长了（不超过 {LONGEST_POINT} 字），没有下达。")
        if point in points[: number - 1]:
            raise BadInput(reason=f"“{shorten(point, 20)}”写了两遍，没有下达。")
    return tuple(points)


@dataclass(frozen=True, slots=True)
class Touch:
    """An item of a unit that is tagged with a point."""

    point_id: int
    unit_id: int
    item_id: int


@dataclass(frozen=True, slots=True)
class Coverage:
    """Who has touched what. `units` are the ids of those that have touched a point, `items` counts its items;
    `points` are the ids of those a unit has touched, with an entry for every unit asked for; `counts` are items by
    (unit, point)."""

    units: dict[int, frozenset[int]] = field(default_factory=dict)
    items: dict[int, int] = field(default_factory=dict)
    points: dict[int, frozenset[int]] = field(default_factory=dict)
    counts: Counter[tuple[int, int]] = field(default_factory=Counter)


def cover(points: Sequence[Point], unit_ids: Iterable[int], touches: Iterable[Touch]) -> Coverage:
    """The coverage of a list by these units. An item of a unit not asked for counts for its point only as an item."""
    asked, known = set(unit_ids), {point.id for point in points}
    met = [touch for touch in touches if touch.point_id in known]
    return Coverage(
        {id: frozenset(t.unit_id for t in met if t.point_id == id and t.unit_id in asked) for id in known},
        {id: len({t.item_id for t in met if t.point_id == id}) for id in known},
        {unit: frozenset(t.point_id for t in met if t.unit_id == unit) for unit in asked},
        Counter((t.unit_id, t.point_id) for t in met if t.unit_id in asked),
    )


def bar(done: int, total: int, width: int = 5) -> str:
    """`▇▇▁▁▁`: a share one can see; something is never nothing, and full is only what is whole."""
    if total <= 0:
        return "▁" * width
    filled = width if done >= total else min(width - 1, max(done * width // total, 1 if done > 0 else 0))
    return "▇" * filled + "▁" * (width - filled)
