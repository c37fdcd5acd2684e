"""The board's workbook, read back: what a clerk filters and prints, and what another program works out of it."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from datetime import date
from pathlib import Path
from xml.etree.ElementTree import Element, fromstring

import pdfplumber
import pytest
from python_calamine import CalamineWorkbook

from domain.snapshot import Adjustment, Snapshot, from_bytes, to_bytes
from reports.board_xlsx import ADJUSTED, ADOPTED, BY_MONTH, PRICES, TREND, board_xlsx
from reports.layouts import layout_named, layout_names
from tests.reports.office_suite import convert, needs_libreoffice, without_values
from tests.reports.snapshots import city, crowd, snapshot, unit

SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
COUNTIES = "县（市、区）"


@pytest.fixture(scope="module")
def data() -> bytes:
    return board_xlsx(city())


def cells(data: bytes, sheet: str) -> list[list[object]]:
    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    return [list(row) for row in book.get_sheet_by_name(sheet).to_python(skip_empty_area=False)]


def xml(data: bytes, number: int) -> Element:
    return fromstring(zipfile.ZipFile(io.BytesIO(data)).read(f"xl/worksheets/sheet{number}.xml"))


def formulas(data: bytes, number: int = 1) -> dict[str, str]:
    """The formulas of a sheet by their cell."""
    found = {}
    for cell in xml(data, number).iter(f"{SHEET}c"):
        formula, place = cell.find(f"{SHEET}f"), cell.get("r")
        if formula is not None and formula.text and place:
            found[place] = formula.text
    return found


def test_the_same_snapshot_gives_the_same_bytes(data: bytes) -> None:
    assert board_xlsx(from_bytes(to_bytes(city()))) == data


def test_the_file_bears_the_date_of_the_snapshot_and_no_other(data: bytes) -> None:
    core = zipfile.ZipFile(io.BytesIO(data)).read("docProps/core.xml").decode()
    assert core.count("2026-11-02T10:00:00Z") == 2


def test_there_is_a_sheet_per_class_then_items_adjustments_and_months(data: bytes) -> None:
    names = CalamineWorkbook.from_filelike(io.BytesIO(data)).sheet_names
    assert names == [COUNTIES, "重点部门", ADOPTED, ADJUSTED, TREND, BY_MONTH, PRICES]


def test_the_sheet_of_a_class_reads_like_the_bulletins_table(data: bytes) -> None:
    title, remark, above, below, *rows = cells(data, COUNTIES)
    assert title[0] == "县（市、区）2026年10月政务信息报送采用情况表"
    assert "截至 2026-11-02 10:00" in str(remark[0])
    assert "依据：云山市政务信息工作考评办法（云政办发〔2026〕1号）" in str(remark[0])
    assert above[:5] == ["排名", "单位", "报送", "采用", "刊用条次"]
    assert below[3:7] == ["", "市级", "省级", "国家级"]
    assert rows[0] == [1, "云山县人民政府", 16, 8, 7, 1, 0, 0.5, 32, 37, 5, 74, 160, 80, 740]
    assert [row[0] for row in rows[:4]] == [1, 2, 2, 4]
    assert rows[4][1:4] == ["合计", 34, 16]


def test_sums_rates_ranks_and_totals_are_formulas(data: bytes) -> None:
    said = formulas(data)
    assert said["A6"] == "RANK(L6,$L$5:$L$8)"
    assert said["H6"] == 'IF(C6=0,"—",D6/C6)'
    assert said["L6"] == "SUM(I6:K6)"
    assert said["C9"] == "SUM(C5:C8)"
    assert said["H9"] == 'IF(C9=0,"—",D9/C9)'


def test_points_that_are_so_many_each_follow_from_a_price_that_can_be_changed(data: bytes) -> None:
    assert formulas(data)["I6"] == f"C6*'{PRICES}'!$C$3"
    assert cells(data, PRICES)[2][:3] == [COUNTIES, "报送分", 2]


def test_points_that_no_single_price_explains_stay_figures() -> None:
    frozen = city()
    rows = frozen.classes[0].rows
    limited = replace(rows[0], period={**rows[0].period, "points.category.报送分": 3000, "points": 7200})
    board = replace(frozen.classes[0], rows=(limited, *rows[1:]))
    said = formulas(board_xlsx(replace(frozen, classes=(board,))))
    assert "I5" not in said
    assert said["L5"] == "SUM(I5:K5)"


def test_a_total_that_is_more_than_its_categories_stays_a_figure() -> None:
    frozen = city()
    rows = frozen.classes[0].rows
    more = replace(rows[0], period={**rows[0].period, "points": 8000})
    board = replace(frozen.classes[0], rows=(more, *rows[1:]))
    said = formulas(board_xlsx(replace(frozen, classes=(board,))))
    assert "L5" not in said
    assert said["L6"] == "SUM(I6:K6)"


def test_ranks_by_further_criteria_stay_figures() -> None:
    frozen = city()
    rows = frozen.classes[0].rows
    board = replace(frozen.classes[0], rows=(*rows[:2], replace(rows[2], rank=3), rows[3]))
    data = board_xlsx(replace(frozen, classes=(board,)))
    assert not any(formula.startswith("RANK") for formula in formulas(data).values())
    assert [row[0] for row in cells(data, COUNTIES)[4:8]] == [1, 2, 3, 4]


def test_who_is_not_ranked_says_why_and_does_not_count_in_the_ranks(data: bytes) -> None:
    rows = cells(data, "重点部门")[4:7]
    assert [(row[0], row[1]) for row in rows] == [
        (1, "市发展和改革委员会"),
        (2, "市文化和旅游局"),
        ("免考评", "市档案馆"),
    ]
    assert formulas(data, 2)["A5"] == "RANK(L5,$L$5:$L$6)"


def test_a_class_named_like_a_sheet_of_ours_does_not_take_its_place() -> None:
    frozen = city()
    named = replace(frozen, classes=(replace(frozen.classes[0], name=PRICES),))
    assert CalamineWorkbook.from_filelike(io.BytesIO(board_xlsx(named))).sheet_names[0] == "分值（类别）"
    assert cells(board_xlsx(named), PRICES)[2][:3] == [PRICES, "报送分", 2]


def test_what_people_wrote_is_never_a_formula() -> None:
    frozen = snapshot(
        {"=1+1": [unit(1, "=HYPERLINK(\"http://x\")", 3, short="@SUM(1)", MRYQ=1)]},
        adjustments=[Adjustment("+乙", 100, "-1+2", "=第六条", date(2026, 10, 1))],
    )  # fmt: skip
    data = board_xlsx(frozen)
    assert cells(data, "=1+1")[4][1] == '=HYPERLINK("http://x")'
    assert cells(data, ADJUSTED)[2][1:5] == ["+乙", 1, "-1+2", "=第六条"]
    assert all("HYPERLINK" not in formula for number in (1, 2, 3) for formula in formulas(data, number).values())


def test_the_items_stand_with_real_dates_and_names_of_journals(data: bytes) -> None:
    title, header, first, *_ = cells(data, ADOPTED)
    assert title[0] == "2026年10月采用信息（20 条次）"
    item = dict(zip(header, first, strict=True))
    assert item["采用日期"] == date(2026, 10, 2)
    assert (item["刊物"], item["级别"], item["领导批示"], item["期号"]) == ("每日要情", "市级", "市级", "第200期")


def test_adjustments_are_added_up_and_none_are_said_to_be_none(data: bytes) -> None:
    rows = cells(data, ADJUSTED)
    assert rows[2] == [1, "云山县", 3, "补计9月：《每日要情》第188期采用", "第六条", date(2026, 10, 12)]
    assert rows[3][1:3] == ["合计", 3]
    assert cells(board_xlsx(replace(city(), adjustments=())), ADJUSTED)[2][0] == "没有。"


def test_the_months_have_a_chart_and_every_unit_its_months(data: bytes) -> None:
    rows = cells(data, TREND)
    assert rows[2][:3] == ["1月", 27, 12]
    names = zipfile.ZipFile(io.BytesIO(data)).namelist()
    assert "xl/charts/chart1.xml" in names
    by_month = cells(data, BY_MONTH)
    assert by_month[1][:3] == ["类别", "单位", "1月"]
    assert by_month[2][-1] == pytest.approx(sum(float(str(points)) for points in by_month[2][2:-1]))


def test_a_board_of_the_first_days_without_months_has_no_such_sheets() -> None:
    data = board_xlsx(replace(city(), trend=(), trend_units={}))
    assert CalamineWorkbook.from_filelike(io.BytesIO(data)).sheet_names == [
        COUNTIES,
        "重点部门",
        ADOPTED,
        ADJUSTED,
        PRICES,
    ]


def test_headings_and_names_stay_in_sight_and_rows_can_be_filtered_without_the_sums(data: bytes) -> None:
    pane, filtered = xml(data, 1).find(f".//{SHEET}pane"), xml(data, 1).find(f".//{SHEET}autoFilter")
    assert pane is not None
    assert filtered is not None
    assert (pane.get("xSplit"), pane.get("ySplit"), pane.get("state")) == ("2", "4", "frozen")
    assert filtered.get("ref") == "A4:O8"


def test_every_sheet_prints_landscape_on_the_width_of_a_page_with_its_headings(data: bytes) -> None:
    pages = [xml(data, number).find(f".//{SHEET}pageSetup") for number in range(1, 8)]
    assert {page.get("orientation") for page in pages if page is not None} == {"landscape"}
    names = zipfile.ZipFile(io.BytesIO(data)).read("xl/workbook.xml").decode()
    assert names.count("_xlnm.Print_Titles") == 7


@pytest.mark.parametrize("layout", layout_names())
def test_every_layout_makes_a_workbook(layout: str) -> None:
    rows = cells(board_xlsx(city(), layout_named(layout)), COUNTIES)
    assert any("云山县" in str(cell) for row in rows for cell in row)


def test_a_nought_that_is_not_shown_is_still_a_number() -> None:
    rows = cells(board_xlsx(city(), layout_named("dazhou-year")), COUNTIES)
    assert rows[-1] == ["石桥县人民政府", 0, 0, 0]


def values(path: Path) -> dict[tuple[str, int, int], object]:
    book = CalamineWorkbook.from_path(path)
    return {
        (name, at, place): value
        for name in book.sheet_names
        for at, row in enumerate(book.get_sheet_by_name(name).to_python(skip_empty_area=False))
        for place, value in enumerate(row)
        if value != ""
    }


def office() -> Snapshot:
    """What is hard for another program: decimals, noughts, exempt units, names like formulas."""
    frozen = city()
    rows = frozen.classes[0].rows
    figures = {**rows[2].period, "points.category.采用分": 1225, "points": 3025}
    odd = replace(rows[2], name="=丙县", period=figures, rank=3, tied=False)
    board = replace(frozen.classes[0], rows=(rows[0], replace(rows[1], tied=False), odd, rows[3]))
    return replace(frozen, classes=(board, *frozen.classes[1:], *crowd(30, 1).classes))


@needs_libreoffice
@pytest.mark.slow
@pytest.mark.parametrize("layout", ["standard", "xining-rate", "zhalantun-quarter"])
def test_libreoffice_works_out_the_values_we_wrote(tmp_path: Path, layout: str) -> None:
    source, bare = tmp_path / "board.xlsx", tmp_path / "bare.xlsx"
    source.write_bytes(board_xlsx(office(), layout_named(layout)))
    without_values(source, bare)
    ours, theirs = values(source), values(convert(bare, "xlsx", tmp_path))
    assert ours.keys() == theirs.keys()
    assert {at: (ours[at], theirs[at]) for at in ours if not _same(ours[at], theirs[at])} == {}


def _same(mine: object, other: object) -> bool:
    if isinstance(mine, float | int) and isinstance(other, float | int):
        return mine == pytest.approx(other, abs=1e-9)
    return mine == other


@needs_libreoffice
@pytest.mark.slow
def test_libreoffice_prints_every_column_on_the_width_of_a_page(tmp_path: Path) -> None:
    source = tmp_path / "board.xlsx"
    source.write_bytes(board_xlsx(office(), layout_named("tongzhou-month")))
    with pdfplumber.open(convert(source, "pdf", tmp_path)) as document:
        texts = [page.extract_text() for page in document.pages]
    for text in texts[:3]:
        assert "本月报送" in text
        assert "累计分数" in text
    assert not any("###" in text for text in texts)
