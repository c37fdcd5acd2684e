"""The bulletin as PDF: the words of the Word document, the same bytes every time, no glyph missing."""

from __future__ import annotations

import io
from dataclasses import replace

import pdfplumber
import pytest

from domain.bulletin import Bulletin, write_bulletin
from domain.bulletin_parts import Brief
from domain.snapshot import Snapshot, from_bytes, to_bytes
from reports.bulletin_pdf import unprintable, write_pdf
from reports.layouts import STANDARD, layout_named, layout_names
from tests.reports.snapshots import BRIEF, city, crowd, snapshot, unit

A4 = (595, 842)


def bulletin(frozen: Snapshot, brief: Brief = BRIEF, layout: str = STANDARD) -> Bulletin:
    return write_bulletin(frozen, brief, layout_named(layout))


def pages(content: bytes) -> list[str]:
    with pdfplumber.open(io.BytesIO(content)) as document:
        return ["".join((page.extract_text() or "").split()) for page in document.pages]


def sizes(content: bytes) -> list[tuple[int, int]]:
    with pdfplumber.open(io.BytesIO(content)) as document:
        return [(round(page.width), round(page.height)) for page in document.pages]


def test_the_pages_have_the_text_and_their_numbers() -> None:
    found = pages(write_pdf(bulletin(city())))
    assert found[0].startswith("云山市人民政府办公室文件云政办字〔2026〕105号")
    assert "共收到各单位报送信息46条，采用20条" in found[0]
    assert [page[-3:] for page in found[:3]] == ["—1—", "—2—", "—3—"]
    assert "抄送：市委办公室" in found[-1]
    assert "★获领导批示" in found[-1]


def test_the_signature_is_never_alone_on_a_page() -> None:
    found = pages(write_pdf(bulletin(city())))
    page = next(page for page in found if "2026年11月3日（联系人" in page)
    assert page.startswith("（二）请将此件送本单位主管领导阅。附件：")


def test_wide_tables_are_on_turned_pages_and_narrow_ones_upright() -> None:
    assert A4[::-1] in sizes(write_pdf(bulletin(city())))
    assert set(sizes(write_pdf(bulletin(city(), layout="dazhou-year")))) == {A4}


@pytest.mark.parametrize("layout", layout_names())
def test_every_layout_is_printed_and_no_column_is_cut_off(layout: str) -> None:
    with pdfplumber.open(io.BytesIO(write_pdf(bulletin(city(), layout=layout)))) as document:
        for page in document.pages:
            right = page.width - 26 * 72 / 25.4
            # A mark at the end of a line is drawn half as wide as its box.
            beyond = [
                one["text"]
                for one in page.chars
                if one["text"].isalnum() and not 0 <= one["x0"] < one["x1"] <= right + 1
            ]
            assert beyond == []


def test_the_same_snapshot_gives_the_same_bytes() -> None:
    assert write_pdf(bulletin(city())) == write_pdf(bulletin(from_bytes(to_bytes(city()))))


def test_overlong_names_are_broken_inside_their_column() -> None:
    name = "云山市退役军人事务和社会保障综合服务与监督管理局直属事业单位信息中心"
    text = pages(write_pdf(bulletin(snapshot({"部门": [unit(1, name, 5, MRYQ=2)]}))))
    assert any("直属事业" in page for page in text)


def test_an_empty_period_and_an_empty_brief_make_a_document() -> None:
    found = pages(write_pdf(bulletin(snapshot({"县": [unit(1, "甲县", 0)]}), Brief(day=BRIEF.day))))
    assert "也没有信息被采用" in found[0]
    assert "抄送" not in found[-1]
    assert pages(write_pdf(bulletin(snapshot({}), replace(BRIEF, demands=()))))


def test_a_hundred_units_repeat_their_heading_on_every_page() -> None:
    found = pages(write_pdf(bulletin(crowd(100))))
    tables = [page for page in found if "住房和城乡建设局" in page and "采用信息目录" not in page]
    assert len(tables) > 1
    assert all("排名" in page for page in tables)


def test_characters_without_a_typeface_are_named_before_anything_is_printed() -> None:
    assert unprintable(bulletin(city())) == set()
    assert unprintable(bulletin(snapshot({"县": [unit(1, "𠀀县", 1, MRYQ=1)]}))) == {"𠀀"}
