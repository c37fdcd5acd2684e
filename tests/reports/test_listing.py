"""A list as a workbook, read back as a clerk opens it."""

from __future__ import annotations

import io

from python_calamine import CalamineWorkbook

from domain.moment import to_ms
from reports.book import Column
from reports.listing import Sheet, write_listing
from tests.support.office import moment

NOW = to_ms(moment("11-23", "09:41"))
COLUMNS = (Column("序号", 6, "number"), Column("单位", 20), Column("分值", 9, "points"))
SHEET = Sheet("明细", COLUMNS, ((1, "云山县", 750), (2, "=清河区", -25)), ("分值",))


def test_points_are_decimals_text_is_never_a_formula_and_the_sum_stands_below() -> None:
    book = CalamineWorkbook.from_filelike(io.BytesIO(write_listing("得分明细", NOW, [SHEET])))
    assert book.get_sheet_by_name("明细").to_python() == [
        ["得分明细（截至 2026-11-23 09:41）", "", ""],
        ["序号", "单位", "分值"],
        [1, "云山县", 7.5],
        [2, "=清河区", -0.25],
        ["合计", "", 7.25],
    ]


def test_the_same_list_gives_the_same_bytes_and_an_empty_one_is_no_fault() -> None:
    assert write_listing("得分明细", NOW, [SHEET]) == write_listing("得分明细", NOW, [SHEET])
    assert write_listing("得分明细", NOW, [Sheet("明细", COLUMNS, (), ("分值",))])
