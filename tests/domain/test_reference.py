"""Commissions are referred to as people write them."""

from __future__ import annotations

import pytest

from domain.reference import find_number, is_marked, is_number, split_reference


@pytest.mark.parametrize("text", ["#约18", " ＃约18 春耕\n正文", "#约 2026-18 春耕", "#约稿18号 春耕"])
def test_a_text_may_open_with_a_mark(text: str) -> None:
    assert is_marked(text)


@pytest.mark.parametrize("text", ["约18 春耕", "春耕 #约18", "#春耕#", "", "#约定"])
def test_nothing_else_opens_with_one(text: str) -> None:
    assert not is_marked(text)


@pytest.mark.parametrize(
    ("words", "number", "rest"),
    [
        ("约18 云山县 原因", "18", "云山县 原因"),
        ("18 云山县", "18", "云山县"),
        ("#约18，本县无此项工作", "18", "本县无此项工作"),
        ("约 2026-018 到周一", "2026-018", "到周一"),
        ("约18到周一", "18", "到周一"),
        ("约稿18号 云山县", "18", "云山县"),
        ("云山县 约18", "", "云山县 约18"),
        ("", "", ""),
    ],
)
def test_the_number_of_a_command_stands_first(words: str, number: str, rest: str) -> None:
    assert split_reference(words) == (number, rest)


def test_a_number_that_is_written_out_is_found_in_a_text() -> None:
    assert find_number("【约稿】约 2026-018《春耕》") == "约 2026-018"
    assert is_number("约 2026-018")
    assert (find_number("约18 春耕"), is_number("【约稿】约 2026-018")) == ("", False)
