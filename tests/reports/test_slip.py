"""The slip as a Word file: what stands on it, and that the same slip is the same file."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from datetime import date

from docx import Document

from reports.slip import Slip, write_slip

SLIP = Slip(
    office="市政府办公室信息科",
    number="约 2026-018",
    day=date(2026, 11, 23),
    topic="全市夏粮收购情况",
    requirement="一、写清面积和进度；\n二、有问题有建议。",
    source="省办",
    class_name="专题",
    length="1500字",
    due="11月27日（周五）17:30",
    units=("云山县", "清河区", "市发改委"),
    parts=("1. 价格走势（市发改委牵头）800字 11月26日（周四）17:30",),
    contact="吴科员 13800000002",
)


def words(data: bytes) -> list[list[str]]:
    """The table, row by row; merged cells once."""
    (table,) = Document(io.BytesIO(data)).tables
    return [list(dict.fromkeys(cell.text for cell in row.cells)) for row in table.rows]


def test_a_slip_says_everything_and_leaves_room_to_sign() -> None:
    rows = words(write_slip(SLIP))
    assert rows[:8] == [
        ["编号", "约 2026-018", "交办日期", "2026年11月23日"],
        ["来源", "省办", "类别", "专题"],
        ["字数", "1500字", "报送时限", "11月27日（周五）17:30"],
        ["主题", "全市夏粮收购情况"],
        ["要求", "一、写清面积和进度；\n二、有问题有建议。"],
        ["承办单位", "云山县、清河区、市发改委"],
        ["任务分解", "1. 价格走势（市发改委牵头）800字 11月26日（周四）17:30"],
        ["联系人", "吴科员 13800000002"],
    ]
    assert [row[0] for row in rows[8:]] == ["签收", "签发", "办理结果"]
    assert "签收时间" in rows[8][1]


def test_a_slip_without_parts_has_no_row_for_them() -> None:
    assert "任务分解" not in [row[0] for row in words(write_slip(replace(SLIP, parts=())))]


def test_the_page_is_that_of_an_official_document() -> None:
    document = Document(io.BytesIO(write_slip(SLIP)))
    page = document.sections[0]
    sizes = (page.page_width, page.page_height, page.top_margin, page.left_margin)
    assert [round(size.mm) for size in sizes if size is not None] == [210, 297, 37, 28]
    title, signed = document.paragraphs
    assert (title.text, signed.text) == ("政务信息约稿交办单", "市政府办公室信息科　2026年11月23日")
    assert "仿宋_GB2312" in signed._p.xml


def test_the_same_slip_is_the_same_file_whenever_it_is_written() -> None:
    first = write_slip(SLIP)
    moments = {info.date_time for info in zipfile.ZipFile(io.BytesIO(first)).infolist()}
    assert moments == {(1980, 1, 1, 0, 0, 0)}
    about = zipfile.ZipFile(io.BytesIO(first)).read("docProps/core.xml").decode()
    assert about.count("2026-11-23T00:00:00Z") == 2
    assert write_slip(SLIP) == first
