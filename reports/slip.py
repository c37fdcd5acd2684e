"""The slip of a commission (约稿交办单) as a Word document, for those who want it on paper and signed for.

Page and type follow the national layout of official documents (GB/T 9704: A4, 37/35/28/26 mm, body in size three
仿宋). The same slip is the same bytes: nothing in the file tells when it was written.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from docx import Document
from docx.document import Document as DocxDocument
from docx.enum.table import WD_ROW_HEIGHT_RULE, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from docx.table import Table, _Cell
from docx.text.paragraph import Paragraph

from reports.package import without_times

TITLE = "政务信息约稿交办单"

_HEADING, _LABEL, _TEXT = "方正小标宋简体", "黑体", "仿宋_GB2312"
_MARGINS = (37, 35, 28, 26)
_WIDTHS = (24, 48, 26, 58)
_SIGNED = (
    ("签收", ("承办单位签收人：", "签收时间：　　　月　　日　　时")),
    ("签发", ("单位负责人（签字）：", "　　　　　　　　月　　日")),
    ("办理结果", ("",)),
)


@dataclass(frozen=True, slots=True)
class Slip:
    """What stands on a slip; '' or () leaves a place to be filled in by hand, `parts` '' leaves its row out.

    `due` is written out for people; `contact` is who to ask.
    """

    office: str
    number: str
    day: date
    topic: str
    requirement: str
    source: str
    class_name: str
    length: str
    due: str
    units: Sequence[str]
    parts: Sequence[str]
    contact: str


def write_slip(slip: Slip) -> bytes:
    """The slip as a .docx."""
    document = Document()
    _lay_out(document, slip)
    title = document.add_paragraph()
    _write(title, TITLE, _HEADING, 22, WD_ALIGN_PARAGRAPH.CENTER)
    title.paragraph_format.space_after = Pt(8)
    _fill(document.add_table(rows=0, cols=len(_WIDTHS)), slip)
    signed = f"{slip.office}　{slip.day.year}年{slip.day.month}月{slip.day.day}日"
    _write(document.add_paragraph(), signed, _TEXT, 16, WD_ALIGN_PARAGRAPH.RIGHT)
    written = io.BytesIO()
    document.save(written)
    return without_times(written.getvalue())


def _lay_out(document: DocxDocument, slip: Slip) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    top, bottom, left, right = _MARGINS
    section.top_margin, section.bottom_margin = Mm(top), Mm(bottom)
    section.left_margin, section.right_margin = Mm(left), Mm(right)
    about = document.core_properties
    about.title, about.author, about.comments, about.keywords = f"{TITLE} {slip.number}", slip.office, "", ""
    # The library asks for a time without a zone.
    about.created = about.modified = datetime(slip.day.year, slip.day.month, slip.day.day)  # noqa: DTZ001


def _fill(table: Table, slip: Slip) -> None:
    table.style = "Table Grid"
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    table.autofit = False
    day = f"{slip.day.year}年{slip.day.month}月{slip.day.day}日"
    _row_of_four(table, ("编号", slip.number, "交办日期", day))
    _row_of_four(table, ("来源", slip.source, "类别", slip.class_name))
    _row_of_four(table, ("字数", slip.length, "报送时限", slip.due))
    _row_of_two(table, "主题", [slip.topic])
    _row_of_two(table, "要求", slip.requirement.split("\n"), height=36)
    _row_of_two(table, "承办单位", ["、".join(slip.units)])
    if slip.parts:
        _row_of_two(table, "任务分解", slip.parts)
    _row_of_two(table, "联系人", [slip.contact])
    for label, lines in _SIGNED:
        _row_of_two(table, label, lines, height=17)


def _row_of_four(table: Table, words: Sequence[str]) -> None:
    for column, (cell, word) in enumerate(zip(_row(table, 12), words, strict=True)):
        _put(cell, [word], label=column % 2 == 0)


def _row_of_two(table: Table, label: str, lines: Sequence[str], height: int = 12) -> None:
    first, second, *_, last = _row(table, height)
    _put(first, [label], label=True)
    _put(second.merge(last), lines, label=False)


def _row(table: Table, height: int) -> Sequence[_Cell]:
    row = table.add_row()  # type: ignore[no-untyped-call]  # the library types everything but this
    row.height, row.height_rule = Mm(height), WD_ROW_HEIGHT_RULE.AT_LEAST
    for cell, width in zip(row.cells, _WIDTHS, strict=True):
        cell.width = Mm(width)
    return list(row.cells)


def _put(cell: _Cell, lines: Sequence[str], *, label: bool) -> None:
    """Lines into a cell, a paragraph each."""
    align = WD_ALIGN_PARAGRAPH.CENTER if label else WD_ALIGN_PARAGRAPH.LEFT
    for paragraph in cell.paragraphs[1:]:
        paragraph._p.getparent().remove(paragraph._p)
    for number, line in enumerate(lines):
        paragraph = cell.add_paragraph() if number else cell.paragraphs[0]
        _write(paragraph, line, _LABEL if label else _TEXT, 14, align)


def _write(paragraph: Paragraph, text: str, font: str, size: int, align: WD_ALIGN_PARAGRAPH) -> None:
    paragraph.alignment = align
    space = paragraph.paragraph_format
    space.space_before = space.space_after = Pt(0)
    space.line_spacing_rule, space.line_spacing = WD_LINE_SPACING.AT_LEAST, Pt(size * 1.6)
    run = paragraph.add_run(text)
    run.font.size, run.font.name = Pt(size), font
    run._r.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), font)
