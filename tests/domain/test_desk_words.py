"""The words the desk registers with: points, percents, days."""

from __future__ import annotations

import pytest

from domain.desk_words import is_day, read_points, read_share, split_words
from domain.errors import BadInput


@pytest.mark.parametrize(
    ("word", "points"),
    [
        ("8分", 800), ("得8分", 800), ("得分8", 800), ("7.5分", 750), ("0.25分", 25), ("+5", 500), ("加5分", 500),
        ("扣20分", -2000), ("-3", -300), ("减1.5分", -150), ("得0分", 0),
        ("8", None), ("128", None), ("分", None), ("8.125分", None), ("11-23", None), ("第8期", None),
    ],
)  # fmt: skip
def test_points_have_a_sign_or_their_unit(word: str, points: int | None) -> None:
    assert read_points(word) == points


def test_a_share_is_a_percent_of_the_text() -> None:
    assert (read_share("改写60%"), read_share("改写了100%"), read_share("60%")) == (60, 100, None)
    with pytest.raises(BadInput, match="最多 100%"):
        read_share("改写101%")


def test_what_was_run_together_is_taken_apart() -> None:
    assert split_words("《每日要情》第128期单条，11-20，得8分") == ["《每日要情》", "第128期", "单条", "11-20", "得8分"]
    assert split_words("要情128 改写60%") == ["要情", "128", "改写60%"]
    assert [is_day(word) for word in ("11-20", "昨天", "单条")] == [True, True, False]
