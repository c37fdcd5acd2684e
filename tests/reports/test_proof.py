"""The proof sheet: what the one who signs reads first."""

from __future__ import annotations

import io
from dataclasses import replace

from docx import Document

from domain.bulletin import write_bulletin
from domain.bulletin_proof import prove
from domain.snapshot import Snapshot
from reports.layouts import STANDARD, layout_named
from reports.proof import verdict, write_proof
from tests.reports.snapshots import BRIEF, city

PENDING = ("《省政府专报》第9期《某事》：省里分值未知",)


def sheet(frozen: Snapshot, pending: tuple[str, ...] = ()) -> list[list[list[str]]]:
    """The tables of a proof sheet as words."""
    content = write_proof(frozen, write_bulletin(frozen, BRIEF, layout_named(STANDARD)), pending)
    document = Document(io.BytesIO(content))
    return [[[cell.text for cell in row.cells] for row in table.rows] for table in document.tables]


def test_it_says_first_whether_text_and_tables_agree() -> None:
    summary = dict(sheet(city())[0])
    assert summary["结论"].startswith("文中 28 个数字与附表全部一致，")
    assert summary["数据截至"] == "2026-11-02 10:00"
    assert len(summary["快照校验码"]) == 64
    assert summary["起止日期"] == "2026-10-01 至 2026-10-31，共 7 个单位"


def test_each_figure_of_the_text_has_its_origin_and_its_recount() -> None:
    _, figures, columns, *_ = sheet(city())
    assert figures[1] == ["46", "报送条数", "附表合计：34＋12", "46", "一致"]
    assert ["43.5%", "采用率", "20÷46", "43.5%", "一致"] in figures
    assert ["附件1", "本期得分·合计", "142", "142", "一致"] in columns


def test_ties_adjustments_and_what_is_pending_are_listed() -> None:
    *_, ties, adjustments, pending = sheet(city(), PENDING)
    assert ties[1:] == [["县（市、区）", "第2名", "34分", "清河区、临江市"]]
    assert adjustments[1:] == [["云山县", "3", "补计9月：《每日要情》第188期采用", "第六条", "2026-10-12"]]
    assert pending[1:] == [list(PENDING)]


def test_what_there_is_nothing_of_has_no_heading() -> None:
    quiet = replace(city(), adjustments=())
    assert len(sheet(quiet)) == 4


def test_joint_items_explain_why_sums_are_more_than_items() -> None:
    period = {"submitted": 46, "adopted": 20, "items.submitted": 46, "items.adopted": 18}
    joint = replace(city(), whole={"period": period})
    assert dict(sheet(joint)[0])["联合报送"] == "采用：表中合计 20 条，联合报送的只算一次为 18 条"


def test_a_fault_is_the_first_thing_that_is_said() -> None:
    written = write_bulletin(city(), BRIEF, layout_named(STANDARD))
    first, *others = written.tables
    wrong = replace(first, rows=first.rows[1:])
    assert verdict(prove(city(), replace(written, tables=(wrong, *others)))).startswith("有 ")


def test_the_same_snapshot_gives_the_same_sheet() -> None:
    written = write_bulletin(city(), BRIEF, layout_named(STANDARD))
    assert write_proof(city(), written, PENDING) == write_proof(city(), written, PENDING)
