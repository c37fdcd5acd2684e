"""The bulletin in Word: the page of the national layout, the office's own template, the same bytes every time."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from docx import Document
from docx.document import Document as DocxDocument
from docx.oxml.ns import qn
from docx.shared import Mm

from domain.bulletin import Bulletin, write_bulletin
from domain.bulletin_parts import Brief
from domain.errors import BadInput
from domain.snapshot import Snapshot, from_bytes, to_bytes
from reports.bulletin_docx import builtin_template, check_template, write_docx
from reports.layouts import STANDARD, layout_named
from tests.reports.snapshots import BRIEF, city, crowd, snapshot, unit

ORDER = re.findall(
    r"\w+",
    "pStyle keepNext keepLines pageBreakBefore framePr widowControl numPr suppressLineNumbers pBdr shd tabs "
    "suppressAutoHyphens kinsoku wordWrap overflowPunct topLinePunct autoSpaceDE autoSpaceDN bidi adjustRightInd "
    "snapToGrid spacing ind contextualSpacing mirrorIndents suppressOverlap jc textDirection textAlignment "
    "textboxTightWrap outlineLvl divId cnfStyle rPr sectPr pPrChange",
)
"""The children of a w:pPr in the only order the schema allows."""


def bulletin(frozen: Snapshot, brief: Brief = BRIEF, layout: str = STANDARD) -> Bulletin:
    return write_bulletin(frozen, brief, layout_named(layout))


def opened(content: bytes) -> DocxDocument:
    return Document(io.BytesIO(content))


def lines(document: DocxDocument) -> list[str]:
    return [paragraph.text for paragraph in document.paragraphs if paragraph.text.strip()]


def template(*texts: str, parts: tuple[str, ...] = ()) -> bytes:
    """A template as somebody writes it in WPS: paragraphs, the last one of several runs."""
    document = Document()
    for text in texts:
        document.add_paragraph(text)
    if parts:
        paragraph = document.add_paragraph()
        for part in parts:
            paragraph.add_run(part)
    written = io.BytesIO()
    document.save(written)
    return written.getvalue()


def test_the_page_is_that_of_the_national_layout() -> None:
    document = opened(write_docx(bulletin(city())))
    section = document.sections[0]
    edges = (section.top_margin, section.bottom_margin, section.left_margin, section.right_margin)
    assert [round((edge or 0) / Mm(1)) for edge in edges] == [37, 35, 28, 26]
    grid = section._sectPr.find(qn("w:docGrid"))
    assert grid is not None
    assert grid.get(qn("w:linePitch")) == "579"
    assert document.settings.odd_and_even_pages_header_footer
    assert section.footer.paragraphs[0].alignment != section.even_page_footer.paragraphs[0].alignment


def test_the_text_stands_in_the_official_order() -> None:
    found = lines(opened(write_docx(bulletin(city()))))
    assert found[:5] == [
        "云山市人民政府办公室文件",
        "云政办字〔2026〕105号",
        "云山市人民政府办公室关于2026年10月份\n政务信息报送及采用情况的通报",
        "各县（市、区）人民政府，市政府各部门、各直属机构：",
        "".join(part if isinstance(part, str) else part.shown for part in bulletin(city()).opening[0]),
    ]
    at = found.index("云山市人民政府办公室")
    assert found[at - 1].endswith("3.采用信息目录")
    assert found[at + 1 : at + 4] == ["2026年11月3日", "（联系人：信息科，0000-8120001）", "附件1"]


def test_chinese_typefaces_are_named_for_chinese_text() -> None:
    document = opened(write_docx(bulletin(city())))
    by_text = {paragraph.text: paragraph for paragraph in document.paragraphs}
    faces = {text: _face(by_text[text]._p) for text in ("云山市人民政府办公室文件", "一、报送采用较好的单位", "附件1")}
    assert list(faces.values()) == ["方正小标宋简体", "黑体", "黑体"]
    for fonts in document.element.iter(qn("w:rFonts")):
        assert fonts.get(qn("w:hint")) == "eastAsia"


def _face(paragraph: object) -> str:
    fonts = next(paragraph.iter(qn("w:rFonts")))  # type: ignore[attr-defined]  # an element of lxml, which has no types
    return str(fonts.get(qn("w:eastAsia")))


def test_every_paragraph_keeps_the_order_of_the_schema() -> None:
    document = opened(write_docx(bulletin(city())))
    for properties in document.element.iter(qn("w:pPr")):
        names = [child.tag.split("}")[1] for child in properties]
        assert names == sorted(names, key=ORDER.index)


@pytest.mark.parametrize("layout", [STANDARD, "dazhou-year", "tongzhou-month"])
def test_tables_fill_the_page_and_repeat_their_heading(layout: str) -> None:
    document = opened(write_docx(bulletin(city(), layout=layout)))
    boards = document.tables[:2]
    for table in boards:
        widths = [int(column.get(qn("w:w")) or 0) for column in table._tbl.tblGrid]
        assert abs(sum(widths) / 56.7 - (156 if sum(widths) < 9000 else 225)) < 0.5
        heads = [
            row for row in table._tbl.tr_lst if row.trPr is not None and row.trPr.find(qn("w:tblHeader")) is not None
        ]
        assert len(heads) == max(len(column.heading) for column in layout_named(layout).columns)
        assert all(row.trPr is not None and row.trPr.find(qn("w:cantSplit")) is not None for row in table._tbl.tr_lst)


def test_a_wide_table_turns_its_page_and_a_narrow_one_does_not() -> None:
    def landscape(layout: str) -> list[bool]:
        document = opened(write_docx(bulletin(city(), layout=layout)))
        return [(section.page_width or 0) > (section.page_height or 0) for section in document.sections]

    assert landscape(STANDARD) == [False, True, False]
    assert landscape("dazhou-year") == [False]


def test_a_clause_takes_the_place_of_a_table() -> None:
    found = lines(opened(write_docx(bulletin(city(), layout="wenxian-clause"))))
    assert "云山县8条，清河区、临江市各4条。" in found


def test_the_same_snapshot_gives_the_same_bytes() -> None:
    first = write_docx(bulletin(city()))
    assert write_docx(bulletin(from_bytes(to_bytes(city())))) == first
    assert write_docx(bulletin(city()), builtin_template()) == first


def test_the_properties_tell_the_office_and_the_as_of() -> None:
    about = opened(write_docx(bulletin(city()))).core_properties
    assert (about.author, about.title) == (
        "云山市人民政府办公室",
        "云山市人民政府办公室关于2026年10月份政务信息报送及采用情况的通报",
    )
    assert about.created is not None
    assert about.created.isoformat() == "2026-11-02T02:00:00+00:00"
    assert about.keywords == bulletin(city()).stamp


def test_what_the_office_leaves_open_leaves_no_label_behind() -> None:
    bare = Brief(day=BRIEF.day)
    text = "\n".join(_all_text(opened(write_docx(bulletin(city(), bare)))))
    assert "联系人" not in text
    assert "抄送" not in text
    assert "{" not in text


def _all_text(document: DocxDocument) -> Iterator[str]:
    for paragraph in document.element.iter(qn("w:p")):
        yield "".join(part.text or "" for part in paragraph.iter(qn("w:t")))


def test_the_office_changes_our_template_and_gets_its_own() -> None:
    document = opened(builtin_template())
    document.paragraphs[0].insert_paragraph_before("内部资料")
    written = io.BytesIO()
    document.save(written)
    assert lines(opened(write_docx(bulletin(city()), written.getvalue())))[:2] == [
        "内部资料",
        "云山市人民政府办公室文件",
    ]


def test_a_slot_is_found_however_word_has_cut_it() -> None:
    own = template("{正文}", parts=("落款：{署", "名", "}，", "｛成文日期｝。"))
    assert lines(opened(write_docx(bulletin(city()), own)))[-1] == "落款：云山市人民政府办公室，2026年11月3日。"


def test_parts_of_the_text_stand_where_the_office_wants_them() -> None:
    own = template("{标题}", "突出单位", "{表扬}", "{任务}", "下步要求", "{要求}")
    found = lines(opened(write_docx(bulletin(city()), own)))
    assert found[1] == "突出单位"
    assert found[2].startswith("县（市、区）：云山县采用8条")
    assert found[-3:] == ["下步要求", *BRIEF.demands]


@pytest.mark.parametrize(
    ("texts", "words"),
    [
        (("{表杨}",), "“{表杨}”不认识.*{表扬}"),
        (("见{附表}",), "要单独占一个段落"),
        (("没有",), "没有一个插入位置"),
    ],
)
def test_a_slot_that_cannot_be_filled_is_named(texts: tuple[str, ...], words: str) -> None:
    with pytest.raises(BadInput, match=words):
        check_template(template(*texts))


def test_our_own_template_is_in_order() -> None:
    assert "{正文}" in check_template(builtin_template())


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7", b"PK\x05\x06" + bytes(18)])
def test_what_is_no_word_document_is_refused(content: bytes) -> None:
    with pytest.raises(BadInput, match=r"\.docx"):
        check_template(content)


def test_a_heading_too_long_for_its_line_gets_smaller() -> None:
    long = replace(city(), office="云山市人民政府政务服务和数据资源管理办公室")
    sizes = [
        int(size.get(qn("w:val"))) for size in opened(write_docx(bulletin(long))).paragraphs[0]._p.iter(qn("w:sz"))
    ]
    assert sizes
    assert max(sizes) / 2 * len(long.office + "文件") <= 443


def test_the_name_of_the_office_stands_over_the_middle_of_the_date() -> None:
    found = opened(write_docx(bulletin(city()))).paragraphs
    at = next(at for at, paragraph in enumerate(found) if paragraph.text == "2026年11月3日")
    name, day = (found[at - 1 + step].paragraph_format.right_indent for step in (0, 1))
    assert name is not None
    assert day is not None
    assert (name.pt + 10 * 16 / 2) == pytest.approx(day.pt + 6.5 * 16 / 2, abs=0.1)


def test_overlong_names_stay_inside_their_column() -> None:
    name = "云山市退役军人事务和社会保障综合服务与监督管理局直属事业单位信息中心"
    document = opened(write_docx(bulletin(snapshot({"部门": [unit(1, name, 5, MRYQ=2)]}))))
    widths = [int(column.get(qn("w:w")) or 0) for column in document.tables[0]._tbl.tblGrid]
    assert min(widths) > 400
    assert abs(sum(widths) / 56.7 - 225) < 0.5


def test_a_hundred_units_take_half_a_second_at_most() -> None:
    frozen = crowd(100)
    write_docx(bulletin(frozen))
    started = time.process_time()
    content = write_docx(bulletin(frozen))
    took = time.process_time() - started
    assert len(opened(content).tables) == 5
    assert took < 0.5


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
@pytest.mark.parametrize("layout", [STANDARD, "jiangxi-year"])
def test_libreoffice_turns_it_into_pages_without_a_complaint(tmp_path: Path, layout: str) -> None:
    (tmp_path / "bulletin.docx").write_bytes(write_docx(bulletin(crowd(30), layout=layout)))
    command = ["soffice", f"-env:UserInstallation=file://{tmp_path}/profile", "--headless", "--convert-to", "pdf"]
    done = subprocess.run(
        [*command, "--outdir", str(tmp_path), str(tmp_path / "bulletin.docx")],
        capture_output=True, text=True, timeout=120, check=True,
    )  # fmt: skip
    complaints = [line for line in done.stderr.splitlines() if "javaldx" not in line and line.strip()]
    assert complaints == []
    assert len(re.findall(rb"/Type\s*/Page\b", (tmp_path / "bulletin.pdf").read_bytes())) > 3
