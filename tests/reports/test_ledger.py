"""The ledger's workbook, read back: what a clerk opens, filters and prints."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import replace
from datetime import datetime
from xml.etree.ElementTree import Element, fromstring

import pytest
from python_calamine import CalamineWorkbook

from domain.assignment_ledger import Counts, Figures, Head, Ledger, Line, Missed, Record
from domain.commission import Outcome, Source, Stage, Way
from domain.moment import to_ms
from reports.book import free_name
from reports.ledger import ALL_COLUMNS, write_ledger
from tests.support.office import moment

NOW = moment("11-23", "09:41")
SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def ms(day: str, time: str = "09:00") -> int:
    return to_ms(moment(day, time))


WATER = Head(
    7, "约 2026-018", "小型水库管护：问题与建议/做法", "写问题" * 40, "问题", Source.CITY, Way.CHAT, "水利", False,
    ms("11-20", "17:30"), ms("11-16"), "吴科员",
)  # fmt: skip
OLD = replace(WATER, id=3, number="约 2025-112", topic="=森林防火", issued_ms=ms("01-02"))

DONE = Line(OLD, 1, 2, OLD.due_ms, Stage.CLOSED, ms("11-16", "09:30"), ms("11-18"), ms("11-21"), Outcome.ADOPTED, 1)
LATE = Line(WATER, 2, 2, WATER.due_ms, Stage.ANSWERED, ms("11-17"), ms("11-21"), 0, None, 0)
NOTHING = Line(WATER, 3, 3, WATER.due_ms, Stage.ISSUED, 0, 0, 0, None, 0)

BY_UNIT = Figures("责任单位", (
    ("云山县", Counts({Outcome.ADOPTED: 1}, 2, 2, 0, 2, 2, 1, 1, 1, 0)),
    ("清河区", Counts({}, 1, 1, 0, 0, 0, 0, 0, 1, 1)),
))  # fmt: skip

LEDGER = Ledger(
    "约稿台账 2026年", to_ms(NOW),
    (
        Record(DONE, "云山县", "张三", "", ("2026-0001", "2026-0002"), "《每日要情》第128期", "好稿", "周科长"),
        Record(LATE, "云山县", "张三", "管护经费", ("2026-0003",)),
        Record(NOTHING, "清河区", "王五"),
    ),
    (BY_UNIT,),
    (Missed("云山县", 2026, ("约 2026-003", "约 2026-018")),),
)  # fmt: skip


@pytest.fixture(scope="module")
def data() -> bytes:
    return write_ledger(LEDGER)


def cells(data: bytes, sheet: str) -> list[list[object]]:
    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    return [list(row) for row in book.get_sheet_by_name(sheet).to_python(skip_empty_area=False)]


def xml(data: bytes, number: int) -> Element:
    return fromstring(zipfile.ZipFile(io.BytesIO(data)).read(f"xl/worksheets/sheet{number}.xml"))


def found(data: bytes, number: int, tag: str) -> Element:
    element = xml(data, number).find(f".//{SHEET}{tag}")
    assert element is not None, tag
    return element


def test_the_same_ledger_gives_the_same_bytes(data: bytes) -> None:
    assert write_ledger(LEDGER) == data


def test_there_is_one_sheet_of_all_one_of_figures_and_one_per_commission(data: bytes) -> None:
    names = CalamineWorkbook.from_filelike(io.BytesIO(data)).sheet_names
    assert names == ["总台账", "完成率", "约2025-112 =森林防火", "约18 小型水库管护：问题与建议 做法"]


def test_the_columns_are_the_offices_and_times_are_real_dates(data: bytes) -> None:
    title, header, *rows = cells(data, "总台账")
    assert title[0] == "约稿台账 2026年（截至 2026-11-23 09:41）"
    assert header == [column.heading for column in ALL_COLUMNS]
    assert "，".join(map(str, header)) == (
        "序号，约稿编号，来源，类别，主题/内容，要求，责任单位，责任人，下达时间，截止时间，签收时间，报送时间，信息编号，状态，"
        "是否超期，采用情况，销号时间，销号原因，经办人"
    )
    done, late, nothing = (dict(zip(header, row, strict=True)) for row in rows)
    assert done["下达时间"] == datetime.fromisoformat("2026-01-02T09:00:00")
    assert done["签收时间"] == datetime.fromisoformat("2026-11-16T09:30:00")
    assert (done["主题/内容"], done["信息编号"]) == ("=森林防火", "2026-0001\n2026-0002")
    assert (done["状态"], done["是否超期"], done["销号原因"], done["经办人"]) == (
        "已销号",
        "否",
        "已采用：好稿",
        "周科长",
    )
    assert done["采用情况"] == "《每日要情》第128期"
    assert late["主题/内容"] == "小型水库管护：问题与建议/做法（管护经费）"
    assert (late["是否超期"], nothing["是否超期"]) == ("是", "是")
    assert (nothing["签收时间"], nothing["报送时间"], nothing["经办人"]) == ("", "", "吴科员")


def test_a_long_requirement_is_cut_in_the_ledger_and_whole_on_its_sheet(data: bytes) -> None:
    assert str(cells(data, "总台账")[2][5]).endswith("…")
    rows = cells(data, "约18 小型水库管护：问题与建议 做法")
    assert rows[2][0] == f"要求：{'写问题' * 40}"
    assert rows[1][0] == "市领导　问题　群内　2026-11-16 09:00 下达　2026-11-20 17:30 截止　共 2 个单位"
    assert rows[3][:3] == ["序号", "责任单位", "角度"]
    assert rows[4][:4] == [1.0, "云山县", "管护经费", "张三"]


@pytest.mark.parametrize(("sheet", "ref", "panes"), [(1, "A2:S5", ("2", "2")), (4, "A4:N6", ("2", "4"))])
def test_filters_and_frozen_panes_stand_where_the_table_begins(
    data: bytes, sheet: int, ref: str, panes: tuple[str, str]
) -> None:
    assert found(data, sheet, "autoFilter").get("ref") == ref
    pane = found(data, sheet, "pane")
    assert (pane.get("xSplit"), pane.get("ySplit"), pane.get("state")) == (*panes, "frozen")


@pytest.mark.parametrize("sheet", [1, 2, 3, 4])
def test_every_sheet_prints_landscape_on_the_width_of_a_page_with_its_header(data: bytes, sheet: int) -> None:
    page = found(data, sheet, "pageSetup")
    assert page.get("orientation") == "landscape"
    assert (page.get("fitToWidth", "1"), page.get("fitToHeight")) == ("1", "0")
    names = zipfile.ZipFile(io.BytesIO(data)).read("xl/workbook.xml").decode()
    assert names.count("_xlnm.Print_Titles") == 4


def test_formulas_bear_the_values_they_would_give(data: bytes) -> None:
    """Each formula of the figures is worked out from the cells beside it, as Excel will."""
    values: dict[str, float | str] = {}
    formulas: dict[str, str] = {}
    strings = [
        "".join(part.text or "" for part in each.iter(f"{SHEET}t"))
        for each in fromstring(zipfile.ZipFile(io.BytesIO(data)).read("xl/sharedStrings.xml"))
    ]
    for cell in xml(data, 2).iter(f"{SHEET}c"):
        place, value, formula = cell.get("r"), cell.find(f"{SHEET}v"), cell.find(f"{SHEET}f")
        if place is None or value is None or value.text is None:
            continue
        kind = cell.get("t")
        values[place] = strings[int(value.text)] if kind == "s" else value.text if kind == "str" else float(value.text)
        if formula is not None and formula.text:
            formulas[place] = formula.text
    assert len(formulas) > 20
    for place, said in formulas.items():
        assert worked_out(said, values) == pytest.approx(values[place]), (place, said)


def worked_out(formula: str, values: dict[str, float | str]) -> float | str:
    """The three kinds of formula that occur."""

    def number(place: str) -> float:
        value = values[place]
        assert isinstance(value, float)
        return value

    if match := re.fullmatch(r"SUM\(([A-Z]+)(\d+):\1(\d+)\)", formula):
        return sum(number(f"{match[1]}{row}") for row in range(int(match[2]), int(match[3]) + 1))
    if match := re.fullmatch(r"([A-Z]+\d+)-([A-Z]+\d+)", formula):
        return number(match[1]) - number(match[2])
    match = re.fullmatch(r'IF\(([A-Z]+\d+)=0,"—",([A-Z]+\d+)/\1\)', formula)
    assert match is not None, formula
    return number(match[2]) / number(match[1]) if number(match[1]) else "—"


def test_the_figures_say_rates_and_who_missed_twice(data: bytes) -> None:
    rows = cells(data, "完成率")
    header = next(row for row in rows if row[0] == "责任单位")
    unit = dict(zip(header, next(row for row in rows if row[0] == "云山县"), strict=True))
    assert (unit["应报"], unit["报送"], unit["迟报"], unit["完成率"], unit["按时率"]) == (2, 2, 1, 1, 0.5)
    everything = dict(zip(header, next(row for row in rows if row[0] == "合计"), strict=True))
    assert (everything["约稿件数"], everything["下达"], everything["超期未报"]) == (2, 3, 1)
    assert everything["完成率"] == pytest.approx(2 / 3)
    missed = [row for row in rows if row[0] == "云山县"][-1]
    assert missed[:4] == ["云山县", 2026, 2, "两次以上未按时完成"]
    assert missed[6] == "约 2026-003、约 2026-018"
    assert next(row for row in rows if row[0] == "清河区")[header.index("采用率")] == "—"


def test_nothing_at_all_is_still_a_workbook() -> None:
    empty = write_ledger(Ledger("约稿台账", to_ms(NOW), (), (Figures("来源", ()),), ()))
    assert "没有。" in [row[0] for row in cells(empty, "完成率")]
    assert len(cells(empty, "总台账")) == 2


@pytest.mark.parametrize(
    ("wanted", "name"),
    [
        ("约18 主题", "约18 主题"),
        ("约18 甲/乙:丙*丁?[戊]\\己", "约18 甲 乙 丙 丁 戊 己"),
        ("'约18'", "约18"),
        ("约18 " + "长" * 40, "约18 " + "长" * 27),
        ("约18 " + "\U00020bb7" * 40, "约18 " + "\U00020bb7" * 13),
        ("///", "表"),
    ],
)
def test_a_name_of_a_sheet_is_one_that_excel_takes(wanted: str, name: str) -> None:
    assert free_name(wanted, set()) == name


def test_two_sheets_never_have_one_name() -> None:
    taken: set[str] = set()
    names = [free_name("约18 " + "长" * 40, taken) for _ in range(12)]
    assert len({name.casefold() for name in names}) == 12
    assert max(map(len, names)) == 31
    assert names[11].endswith("(12)")
