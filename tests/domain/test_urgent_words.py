"""What is read behind `/紧急`, and what is not: content."""

from __future__ import annotations

import contextlib
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import BadInput
from domain.moment import ZONE
from domain.urgent_words import Moments, some, take_moments, take_number, take_unit

NOW = datetime(2026, 11, 23, 9, 41, tzinfo=ZONE)
NAMES = [("云山县人民政府", 2), ("云山县", 2), ("市文化和旅游局", 5), ("市文旅局", 5)]


def at(day: int, clock: str) -> datetime:
    return datetime.fromisoformat(f"2026-11-{day:02d}T{clock}").replace(tzinfo=ZONE)


@pytest.mark.parametrize(
    ("words", "number", "rest"),
    [
        ("急3", "急 2026-003", ""),
        ("急 3", "急 2026-003", ""),
        ("急2026-3 09:30", "急 2026-003", "09:30"),
        ("急 2025-012", "急 2025-012", ""),
        ("急3号，误报", "急 2026-003", "误报"),
        ("3", "急 2026-003", ""),
        ("3 误报", "急 2026-003", "误报"),
        ("2026-3", "急 2026-003", ""),
        ("09:30", "", "09:30"),
        ("9点半", "", "9点半"),
        ("", "", ""),
        ("误报", "", "误报"),
    ],
)
def test_a_number_is_read_as_people_write_it(words: str, number: str, rest: str) -> None:
    assert take_number(words, 2026) == (number, rest)


@pytest.mark.parametrize(
    ("words", "moments", "rest"),
    [
        ("事发09:20 云山县", Moments(happened=at(23, "09:20")), "云山县"),
        ("云山县 接报9点20分", Moments(received=at(23, "09:20")), "云山县"),
        ("事发23:50", Moments(happened=at(22, "23:50")), ""),
        ("事发昨天23:50 接报 00:10", Moments(at(22, "23:50"), at(23, "00:10")), ""),
        ("发生于11月22日8时", Moments(happened=at(22, "08:00")), ""),
        ("事发时间: 11-22 8点半", Moments(happened=at(22, "08:30")), ""),
        ("09:31", Moments(plain=at(23, "09:31")), ""),
        ("云山县", Moments(), "云山县"),
    ],
)
def test_moments_are_taken_out_of_the_words(words: str, moments: Moments, rest: str) -> None:
    assert take_moments(words, NOW) == (moments, rest)


@pytest.mark.parametrize("words", ["事发今天10:20", "事发11-24 8:00", "事发11-19 8:00"])
def test_a_moment_ahead_or_long_ago_is_refused(words: str) -> None:
    with pytest.raises(BadInput, match="请核对时间"):
        take_moments(words, NOW)


@pytest.mark.parametrize(
    ("words", "unit", "more"),
    [
        ("云山县", 2, False),
        ("", None, False),
        ("云山县 市文旅局", 2, True),
        ("云山县 发生燃气爆燃", 2, True),
        ("云山", None, True),
        ("云山县发生燃气爆燃", None, True),
    ],
)
def test_only_the_very_name_of_a_unit_is_one_and_the_rest_is_content(words: str, unit: int | None, more: bool) -> None:
    assert take_unit(words, NAMES) == (unit, more)


def test_marks_alone_are_no_content() -> None:
    assert not some(["", " 。\n"])
    assert some(["", "爆燃"])


@given(st.text(max_size=80))
def test_whatever_is_written_is_read_or_refused_in_words(text: str) -> None:
    number, rest = take_number(text, 2026)
    assert number == "" or number.startswith("急 ")
    with contextlib.suppress(BadInput):
        unit, _ = take_unit(take_moments(rest, NOW)[1], NAMES)
        assert unit in (None, 2, 5)
