"""How the office says that an item was chosen and sent up."""

from __future__ import annotations

import contextlib
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import BadInput, BaosongError
from domain.upward import Upward, read_upward
from tests.domain.test_item import ITEM

TODAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("words", "level", "form", "day"),
    [
        ("省", "province", "单条", TODAY),
        ("省政府办公厅 调研 11-20", "province", "调研", date(2026, 11, 20)),
        ("报省", "province", "单条", TODAY),
        ("11月20日 国办 简讯", "state", "简讯", date(2026, 11, 20)),
        ("国务院办公厅", "state", "单条", TODAY),
        ("中办", "state", "单条", TODAY),
        ("市府办 专报", "city", "专报", TODAY),
    ],
)
def test_where_to_form_and_day_may_come_in_any_order(words: str, level: str, form: str, day: date) -> None:
    assert read_upward(words, ITEM, TODAY, ["专报"]) == Upward(level, form, day)


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        ("", "没有写报到哪里"),
        ("省 国办", "写了两个上报的级别"),
        ("省 头条", "看不懂“头条”。形式可以写：单条、简讯、综合、调研"),
        ("省 12-31", "还没有到"),
    ],
)
def test_what_is_missing_twice_there_or_unknown_is_said(words: str, answer: str) -> None:
    with pytest.raises(BadInput, match=answer):
        read_upward(words, ITEM, TODAY)


@given(st.text(max_size=80))
def test_whatever_is_typed_is_read_or_answered(words: str) -> None:
    with contextlib.suppress(BaosongError):
        read_upward(words, ITEM, TODAY)
