"""Small measures and facts about one item, for tests of what the item is worth."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from domain.measure import Measure, parse_measure
from domain.scoring import Entry, Fact, score_item

MARCH = date(2026, 3, 2)
COUNTY, BUREAU, POINT = 1, 2, 3
NAMES = {COUNTY: "县区", BUREAU: "部门", POINT: "直报点"}

HEAD = """
id = "test"
title = "测试办法"
effective_from = 2026-01-01
classes = ["县区", "部门", "直报点"]
[articles]
1 = "采用分。"
2 = "批示分。"
3 = "合报信息的分数均分。"
4 = "不重复计分。"
5 = "只登记不计分。"
6 = "约稿采用加分。"
7 = "报送分。"
8 = "上报分。"
9 = "加减分。"
10 = "并入。"
[[journal]]
code = "DAILY"
name = "每日要情"
level = "city"
[[journal]]
code = "EXTRA"
name = "增刊"
level = "city"
[[journal]]
code = "SPECIAL"
name = "专报信息"
level = "city"
[[journal]]
code = "PROV"
name = "省每日要情"
level = "province"
[[journal]]
code = "PROVX"
name = "省专报"
level = "province"
[ranks]
office_head = "办公室负责人"
"""

ADOPTIONS = """
[[rule]]
kind = "adoption"
article = 1
journals = ["DAILY"]
points = 3
[[rule]]
kind = "adoption"
article = 1
journals = ["EXTRA", "SPECIAL"]
points = 10
[[rule]]
kind = "adoption"
article = 1
levels = ["province"]
points = 20
[[rule]]
kind = "adoption"
article = 1
levels = ["state"]
points = 50
"""
NOTES = """
[[rule]]
kind = "instruction"
article = 2
by_rank = { city = 10, province = 50 }
same_rank_once = true
"""
BONUS = '[[rule]]\nkind = "commission"\noutcome = "adopted"\narticle = 6\npoints = 5\n'
SENDING = '[[rule]]\nkind = "submission"\narticle = 7\npoints = 0.5\n'
SPLIT = '[joint]\narticle = 3\nmode = "split_equal"\n'


def combine(mode: str) -> str:
    return f'[combine]\narticle = 4\nmode = "{mode}"\n'


def a_measure(*parts: str) -> Measure:
    """A measure of some parts of a file; without any, adoptions and notes, joint items split."""
    return parse_measure(HEAD + "\n".join(parts or (ADOPTIONS, NOTES, SPLIT)))


def submission(number: int, *units: int, day: date = MARCH, commissioned: bool = False) -> Fact:
    return Fact(number, "submission", 1, day, units or (COUNTY,), 7, commissioned=commissioned)


def acceptable(number: int, *units: int, day: date = MARCH) -> Fact:
    return Fact(number, "acceptable", 1, day, units or (COUNTY,), 7)


def upward(number: int, level: str, *units: int, form: str = "单条", day: date = MARCH) -> Fact:
    return Fact(number, "upward", 1, day, units or (COUNTY,), 7, level=level, form=form)


def adoption(
    number: int,
    journal: str,
    *units: int,
    form: str = "单条",
    level: str = "city",
    day: date = MARCH,
    commissioned: bool = False,
    issue: str = "",
    route: str = "",
    points: int | None = None,
    share: int = 0,
) -> Fact:
    return Fact(
        number, "adoption", 1, day, units or (COUNTY,), 7, journal, level, form, commissioned=commissioned, issue=issue,
        route=route, points=points, share=share,
    )  # fmt: skip


def instruction(number: int, rank: str, *units: int, day: date = MARCH, detail: str = "", journal: str = "") -> Fact:
    return Fact(number, "instruction", 1, day, units or (COUNTY,), 7, journal or None, rank=rank, detail=detail)


def event(number: int, detail: str, *units: int, day: date = MARCH) -> Fact:
    return Fact(number, "event", 1, day, units or (COUNTY,), 7, detail=detail)


def class_of(unit_id: int, day: date) -> str:
    return NAMES.get(unit_id, "其他")


def scored(measure: Measure, *facts: Fact) -> list[Entry]:
    return score_item(facts, [measure], class_of)


def total(entries: Sequence[Entry], unit_id: int = COUNTY) -> int:
    return sum(entry.points for entry in entries if entry.unit_id == unit_id)


def brief(entries: Sequence[Entry]) -> list[tuple[int, str]]:
    """Points and reason of each entry."""
    return [(entry.points, entry.reason) for entry in entries]
