"""The scoreboard in the chat: readable on a phone, nothing cut, nothing missing without a word."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from domain.board_layout import parse_layout
from domain.board_table import table_of
from domain.snapshot import ClassBoard, Snapshot, from_bytes, to_bytes
from reports.layouts import layout_named, layout_names
from reports.scoreboard_png import data_of, scoreboard_png
from tests.reports.seen import collisions, letters_of, lines_of, margins_of, size_of, text_of
from tests.reports.snapshots import city, crowd, snapshot, unit

LONG = "退役军人事务和社会保障综合服务与监督管理局经济技术开发区分局"


def data(frozen: Snapshot, board: ClassBoard, layout: str = "scoreboard") -> dict[str, object]:
    return data_of(frozen, board, table_of(frozen, board, layout_named(layout)))


def test_the_board_says_rank_unit_points_counts_rate_when_and_of_what() -> None:
    frozen = city()
    _, letters = letters_of("board", data(frozen, frozen.classes[0]))
    said = text_of(letters)
    for part in ("2026年10月政务信息积分榜", "县（市、区）", "截至11月2日10:00", "云山市人民政府办公室", "校验码"):
        assert part in said
    for row in ("1云山县7416850.0%", "2清河区349444.4%", "2临江市349444.4%", "4石桥县000—"):
        assert row in said


def test_a_board_read_a_year_later_says_the_year_of_its_as_of() -> None:
    december = replace(city(), first=date(2025, 12, 1), last=date(2025, 12, 31), label="2025年12月")
    assert data(december, december.classes[0])["as_of"] == "截至 2026年11月2日 10:00"


def test_equal_snapshots_give_equal_bytes() -> None:
    frozen, again = city(), from_bytes(to_bytes(city()))
    assert scoreboard_png(frozen, frozen.classes[0]) == scoreboard_png(again, again.classes[0])


def test_sixty_rows_fit_a_phone_and_the_limit_of_a_chat() -> None:
    frozen = crowd(60, classes=1)
    picture = scoreboard_png(frozen, frozen.classes[0])
    assert size_of(picture.png)[0] == 1040
    assert len(picture.png) < 1_000_000
    assert min(margins_of(picture.png)) >= 20
    assert picture.missing == ()


def test_two_hundred_rows_can_still_be_sent() -> None:
    frozen = crowd(200, classes=1)
    assert len(scoreboard_png(frozen, frozen.classes[0]).png) < 1_500_000


@pytest.mark.parametrize("layout", layout_names())
def test_no_column_of_any_layout_is_cut_and_no_figure_runs_into_another(layout: str) -> None:
    frozen = snapshot({"县（市、区）": [
        unit(1, LONG, 1234, MRYQ=321, ZWXX=99, SXX=12, noted=8), unit(2, "甲县", 100, MRYQ=33, GBXX=2),
        replace(unit(3, "乙县", 2), note="免考评"),
    ]})  # fmt: skip
    board = frozen.classes[0]
    assert min(margins_of(scoreboard_png(frozen, board, layout_named(layout)).png)) >= 20
    width, letters = letters_of("board", data(frozen, board, layout))
    assert all(10 < letter.left < letter.right < width - 10 for letter in letters)
    assert collisions(letters) == []
    assert LONG[:-3] in text_of(letters)


def test_figures_stand_on_one_line_whatever_their_length() -> None:
    frozen = snapshot({"县": [unit(1, "甲县", 123456, MRYQ=4321), unit(2, "乙县", 1)]})
    _, letters = letters_of("board", data(frozen, frozen.classes[0], "standard"))
    assert any("123456" in line and "1234560" in line for line in lines_of(letters))


def test_an_overlong_name_takes_two_lines() -> None:
    short, long = (snapshot({"部门": [unit(1, name, 3, MRYQ=1)]}) for name in ("市局", LONG))
    heights = [size_of(scoreboard_png(one, one.classes[0]).png)[1] for one in (short, long)]
    assert heights[1] > heights[0]


def test_a_character_that_no_typeface_has_is_reported() -> None:
    frozen = snapshot({"部门": [unit(1, "𠀀县😀", 3)]})
    assert scoreboard_png(frozen, frozen.classes[0]).missing == ("😀", "𠀀")


def test_who_is_not_ranked_stands_below_with_the_reason() -> None:
    frozen = city()
    _, letters = letters_of("board", data(frozen, frozen.classes[1]))
    assert "免考评市档案馆" in text_of(letters)


def test_a_clause_can_be_a_picture_too() -> None:
    frozen = city()
    _, letters = letters_of("board", data(frozen, frozen.classes[0], "wenxian-clause"))
    assert "云山县8条，清河区、临江市各4条" in text_of(letters)


def test_names_are_text_and_never_markup() -> None:
    frozen = snapshot({"#部*门*": [unit(1, '#panic("x") *乙* $y$ @z', 3)]})
    _, letters = letters_of("board", data(frozen, frozen.classes[0]))
    assert '#panic("x")*乙*$y$@z' in text_of(letters)
    assert "#部*门*" in text_of(letters)


def test_a_board_without_units_is_a_picture_without_rows() -> None:
    frozen = city()
    assert scoreboard_png(frozen, ClassBoard("新设类别", ())).png.startswith(b"\x89PNG")


def test_an_offices_own_layout_is_drawn() -> None:
    layout = parse_layout(
        'title = "{class}榜"\n[[column]]\nheading = ["单位"]\nkind = "unit"\n'
        '[[column]]\nheading = ["全年", "得分"]\nfigure = "year:points"\n'
    )
    frozen = city()
    picture = scoreboard_png(frozen, frozen.classes[0], layout)
    assert size_of(picture.png)[0] == 1040
