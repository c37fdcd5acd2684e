"""What people type, in the form the rooms behind can work with."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.words import nearest, shorten, tidy, tidy_body, tidy_line

COMMANDS = ("submit", "my-score", "rank", "报送", "我的得分", "排名", "帮助")


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("／ｒａｎｋ　２０２６－１０", "/rank 2026-10"),
        ("  /adopt\t137  晨讯 ", "/adopt 137 晨讯"),
        ("/rank\u200b 本\ufeff月", "/rank 本月"),
        ("\u202e/rank 上月", "/rank 上月"),
        ("/return 137：缺数据", "/return 137:缺数据"),
        ("/rank\r\n本月", "/rank 本月"),
        ("", ""),
    ],
)
def test_a_command_line_is_read_however_it_was_typed(typed: str, read: str) -> None:
    assert tidy_line(typed) == read


def test_a_message_keeps_its_lines_and_its_chinese_punctuation() -> None:
    typed = "／报送　关于“双减”的做法\r\n标题：一，二。（三）《四》！\r正文\u2028完\x00"

    assert tidy(typed) == "/报送 关于“双减”的做法\n标题:一，二。（三）《四》！\n正文\n完"


def test_a_body_keeps_what_was_written_and_loses_what_nobody_sees() -> None:
    written = "\n　　一、增长１２％，\u202e户数：1137。 \t\r\n\n\n\n\n二、\x00无\u200b\ud800。\x07👨‍👩‍👧\n\n"

    assert tidy_body(written) == "　　一、增长１２％，户数：1137。\n\n\n二、无。👨👩👧"


def test_a_long_title_is_cut_to_the_width_with_a_mark() -> None:
    assert shorten("云山县多措并举稳就业", 6) == "云山县多措…"
    assert shorten("云山县", 3) == "云山县"
    assert shorten("云山\n  县", 10) == "云山 县"
    assert shorten("云山县", 1) == "…"
    assert shorten("云山县", 0) == ""


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("sumbit", "submit"),
        ("SUBMITT", "submit"),
        ("myscore", "my-score"),
        ("ｒａｎｋｓ", "rank"),
        ("我的积分", "我的得分"),
        ("帮忙", "帮助"),
        ("排行", "排名"),
        ("天气预报", None),
        ("", None),
        ("x" * 10_000, None),
    ],
)
def test_a_mistyped_command_suggests_the_nearest_one(typed: str, meant: str | None) -> None:
    assert nearest(typed, COMMANDS) == meant


def test_nothing_is_suggested_where_there_are_no_commands() -> None:
    assert nearest("rank", []) is None


@given(st.text())
def test_tidying_twice_changes_nothing_more(text: str) -> None:
    for clean in (tidy, tidy_line, tidy_body):
        assert clean(clean(text)) == clean(text)


@given(st.text(st.characters()))
def test_a_tidied_body_can_be_stored_and_hides_nothing(text: str) -> None:
    body = tidy_body(text)

    body.encode("utf-8")
    assert not set(body) & set("\x00\r\t\u200b\u202e\u2066\ufeff")
    assert "\n\n\n\n" not in body


@given(st.text(), st.integers(0, 30))
def test_shortened_text_never_exceeds_its_width(text: str, width: int) -> None:
    assert len(shorten(text, width)) <= width
