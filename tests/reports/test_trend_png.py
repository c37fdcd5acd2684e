"""The trend in the chat: twelve months and the first units of a class."""

from __future__ import annotations

from dataclasses import replace

import pytest

from domain.snapshot import ClassBoard, Month, Snapshot
from reports.trend_png import FIRST_UNITS, data_of, trend_png
from tests.reports.seen import collisions, letters_of, lines_of, margins_of, size_of, text_of
from tests.reports.snapshots import city, crowd, snapshot, unit


def months(count: int, most: int = 40) -> tuple[Month, ...]:
    return tuple(Month(f"{(at + 10) % 12 + 1}月", most - at, (most - at) // 2, 100 * at) for at in range(count))


def seen(frozen: Snapshot, board: ClassBoard | None = None) -> list[str]:
    _, letters = letters_of("trend", data_of(frozen, board))
    return lines_of(letters)


def test_twelve_months_stand_side_by_side_over_their_names() -> None:
    said = seen(replace(city(), trend=months(12)))
    assert "至2026年10月，共12个月截至11月2日10:00" in said
    assert "11月12月1月2月3月4月5月6月7月8月9月10月" in said
    assert any("40" in line for line in said)


def test_the_units_of_a_class_stand_with_their_points_and_nobody_without() -> None:
    frozen = city()
    said = seen(frozen, frozen.classes[0])
    assert [line for line in said if line in {"云山县74", "清河区34", "临江市34", "石桥县0"}] == [
        "云山县74",
        "清河区34",
        "临江市34",
    ]


def test_no_more_than_ten_units_are_drawn() -> None:
    frozen = crowd(60, classes=1)
    assert text_of(letters_of("trend", data_of(frozen, frozen.classes[0]))[1]).count("号") == FIRST_UNITS


@pytest.mark.parametrize("count", [0, 1, 2, 12])
@pytest.mark.parametrize("most", [40, 123456])
def test_nothing_is_cut_and_no_figure_runs_into_another(count: int, most: int) -> None:
    frozen = replace(
        snapshot({"县": [unit(1, "退役军人事务和社会保障服务中心", most, MRYQ=9), unit(2, "甲县", 1)]}),
        trend=months(count, most),
        trend_units={1: tuple(range(count))},
    )
    picture = trend_png(frozen, frozen.classes[0])
    assert size_of(picture.png)[0] == 1040
    assert min(margins_of(picture.png)) >= 20
    assert picture.missing == ()
    _, letters = letters_of("trend", data_of(frozen, frozen.classes[0]))
    assert collisions(letters) == []


def test_equal_snapshots_give_equal_bytes() -> None:
    assert trend_png(city()) == trend_png(city())


def test_the_picture_is_small_enough_for_a_chat() -> None:
    frozen = crowd(60, classes=1)
    assert len(trend_png(frozen, frozen.classes[0]).png) < 400_000
