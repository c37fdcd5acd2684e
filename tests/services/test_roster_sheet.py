"""Tables as people save them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import BadInput
from services.roster_sheet import Table, letters, read_sheets, spell, write_workbook

HEADER = ("姓名", "单位", "角色", "手机")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_folder_of_csv_is_read_in_the_encodings_offices_use(encoding: str) -> None:
    text = "姓名,单位,角色,手机\r\n张三,云山县,信息员,13800000001\r\n"
    sheets = read_sheets({"名册/人员.csv": text.encode(encoding)})
    assert sheets.of("人员")[0]["姓名"] == "张三"


def test_a_number_is_read_as_the_text_people_meant() -> None:
    assert spell(13800138000.0) == "13800138000"
    assert spell(2.5) == "2.5"
    assert spell(" １３８　００１ ") == "138 001"
    assert spell(True) == "是"


def test_a_title_above_the_table_and_remarks_in_its_header_do_no_harm() -> None:
    data = write_workbook(
        [
            Table(
                "人员",
                ("全市信息员名册",),
                [["姓名*", "单位（全称）", "角色", "备注"], ["张三", "云山县", "信息员", "x"]],
            )
        ]
    )
    sheets = read_sheets({"a.xlsx": data})
    (record,) = sheets.of("人员")
    assert (record["单位"], record.fault("单位", "").place) == ("云山县", "人员!B3")
    assert not record.has("手机")


def test_a_missing_column_is_named() -> None:
    sheets = read_sheets({"a.xlsx": write_workbook([Table("人员", ("姓名", "手机"), [["张三", "1"]])])})
    assert [str(fault) for fault in sheets.faults] == ["人员!A1：缺少列“单位”“角色”"]


def test_blank_rows_are_passed_over_and_the_numbers_of_rows_stay_true() -> None:
    sheets = read_sheets(
        {"a.xlsx": write_workbook([Table("人员", HEADER, [["", "", "", ""], ["张三", "云山县", "信息员", ""]])])}
    )
    assert [record.row for record in sheets.of("人员")] == [3]


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("a.xlsx", b"not a workbook", "读不了"),
        ("a.xlsx", b"PK\x03\x04", "读不了"),
        ("a.xlsx", b"", "读不了"),
        ("人员.csv", b"\xff\xff\xff\xff", "编码"),
        ("名单.csv", b"a,b", "没有找到可用的工作表"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_with_what_to_do(name: str, data: bytes, words: str) -> None:
    with pytest.raises(BadInput, match=words):
        read_sheets({name: data})


def test_a_text_that_looks_like_a_formula_stays_a_text() -> None:
    data = write_workbook([Table("人员", HEADER, [["=1+1", "@x", "+2", "-3"]])])
    assert dict(read_sheets({"a.xlsx": data}).of("人员")[0].values) == dict(
        zip(HEADER, ["=1+1", "@x", "+2", "-3"], strict=True)
    )


def test_columns_are_lettered_as_in_the_office() -> None:
    assert [letters(n) for n in (0, 25, 26, 701, 702)] == ["A", "Z", "AA", "ZZ", "AAA"]


@given(data=st.binary(max_size=200))
def test_no_file_whatever_breaks_the_reader(data: bytes) -> None:
    for name in ("a.xlsx", "人员.csv"):
        try:
            read_sheets({name: data})
        except BadInput:
            continue
