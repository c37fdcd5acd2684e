"""What happened to a unit, as the office says it, understood by the measure in force."""

from __future__ import annotations

import contextlib
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import BadInput, BaosongError, NotFound
from domain.measure import parse_measure
from domain.unit_event import UnitEvent, events_of, find_event, grounds, how_to_record, read_unit_event
from tests.plugins.measure_stories import MEASURE

TODAY = date(2026, 11, 23)
FULL = parse_measure(MEASURE)


@pytest.mark.parametrize(
    ("words", "event", "day", "points", "note"),
    [
        ("迟报", "urgent.late", TODAY, None, ""),
        ("紧急信息迟报 11-20 台风灾情", "urgent.late", date(2026, 11, 20), None, "台风灾情"),
        ("urgent.missed 昨天", "urgent.missed", date(2026, 11, 22), None, ""),
        ("瞒报 11月20日 11人 被困", "urgent.concealed", date(2026, 11, 20), None, "11人 被困"),
        ("培训", "培训", TODAY, None, ""),
        ("迟报，台风，洪水", "urgent.late", TODAY, None, "台风,洪水"),
        ("取材较多 加3分 11-20 调研 报告", "取材较多", date(2026, 11, 20), 300, "调研 报告"),
        ("取材 11-20 2.5分 报告", "取材较多", date(2026, 11, 20), 250, "报告"),
    ],
)
def test_the_event_comes_first_then_day_and_points_then_the_note(
    words: str, event: str, day: date, points: int | None, note: str
) -> None:
    assert read_unit_event(words, FULL, TODAY) == UnitEvent(event, day, points, note)


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        ("", "没有写是什么事。《云山市政务信息考评办法》里有：紧急信息迟报、"),
        ("旷工", "没有找到事项“旷工”"),
        ("紧急", "可以是：紧急信息迟报、紧急信息漏报、紧急信息瞒报。请写得再全一些。"),
        ("迟报 -3分", "分值由办法规定"),
        ("取材较多 理由", "请写分值：1 至 5 分（第六条）"),
        ("取材较多 0.5分 理由", "办法规定 1 至 5 分（第六条）"),
        ("取材较多 3分", "请写明理由"),
        ("迟报 " + "字" * 300, "太长了"),
        ("迟报 2-30", "2月没有30日"),
    ],
)
def test_what_is_missing_unknown_or_out_of_range_is_said(words: str, answer: str) -> None:
    with pytest.raises((BadInput, NotFound)) as caught:
        read_unit_event(words, FULL, TODAY)
    assert answer in str(caught.value)


def test_the_example_is_of_an_event_the_measure_knows() -> None:
    assert how_to_record(FULL).endswith("例如：/记事 云山县 紧急信息迟报 11-20 情况说明。")
    with pytest.raises(BadInput) as caught:
        read_unit_event("取材较多 3分", FULL, TODAY)
    assert str(caught.value).endswith("例如：/记事 云山县 取材较多 11-20 5分 情况说明。")
    without = replace(FULL, rules=(), vetoes=())
    assert how_to_record(without) == "《云山市政务信息考评办法》没有规定加减分事项。"


def test_an_event_stands_with_every_article_that_speaks_of_it() -> None:
    assert [name for name, _ in grounds("urgent.concealed", FULL)] == ["第五条", "第十条"]
    assert list(events_of(FULL)) == ["urgent.late", "urgent.missed", "urgent.concealed", "培训", "取材较多"]
    assert find_event("瞒报", FULL) == "urgent.concealed"


@given(st.text(max_size=60))
def test_whatever_is_typed_is_read_or_answered(words: str) -> None:
    with contextlib.suppress(BaosongError):
        read_unit_event(words, FULL, TODAY)
