"""What a file says, kind by kind, and what people hear when it cannot be read."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from documents.readers import read
from domain.errors import (
    DocumentDamaged,
    DocumentEmpty,
    DocumentEncrypted,
    DocumentProblem,
    DocumentTooBig,
    DocumentUnsupported,
)
from tests.documents import samples
from tests.documents.samples import PARAGRAPH, TITLE

NAME = "秋粮收购.docx"
SEVERAL = (TITLE, PARAGRAPH, "下一步，将继续做好服务。")


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (samples.word_file(*SEVERAL), "docx"),
        (samples.old_word_file(*SEVERAL), "doc"),
        (samples.pdf_file(list(SEVERAL)), "pdf"),
        (samples.rtf_file(*SEVERAL), "rtf"),
        ("\r\n".join(SEVERAL).encode(), "txt"),
        ("\r\n".join(SEVERAL).encode("utf-8-sig"), "txt"),
        ("\r\n".join(SEVERAL).encode("gbk"), "txt"),
        ("\r\n".join(SEVERAL).encode("utf-16"), "txt"),
        (b"\xfe\xff" + "\r\n".join(SEVERAL).encode("utf-16-be"), "txt"),
    ],
    ids=["docx", "doc", "pdf", "rtf", "utf-8", "utf-8 with mark", "gbk", "utf-16", "utf-16 big"],
)
def test_the_same_words_come_out_of_every_kind_of_file(data: bytes, kind: str) -> None:
    document = read(data, NAME)
    assert document.kind == kind
    assert document.title == TITLE
    assert document.body == "\n".join(SEVERAL[1:])


def test_a_word_file_gives_tables_insertions_and_a_text_box_once() -> None:
    document = read(samples.rich_word_file(), NAME)
    assert document.body.splitlines() == [
        PARAGRAPH,
        "乡镇\t吨数",
        "青石镇\t1200",
        "截至目前，新增收购点12个。",
        "见右。",
        "文本框里的话",
    ]


def test_deleted_text_and_headers_are_kept_aside_for_the_door() -> None:
    document = read(samples.rich_word_file(), NAME)
    assert document.aside.splitlines() == ["撤销收购点", "页眉里的话"]
    assert "页眉里的话" in document.all_text
    assert TITLE in document.all_text
    assert PARAGRAPH in document.all_text


def test_a_mark_of_secrecy_above_the_title_or_in_the_header_reaches_the_door() -> None:
    document = read(samples.word_file("密级：秘密", TITLE, PARAGRAPH, header="机密★一年"), NAME)
    assert document.title == TITLE
    assert document.aside.splitlines() == ["密级：秘密", "机密★一年"]


def test_a_page_laid_out_in_one_table_cell_keeps_its_paragraphs() -> None:
    cell = f"<w:p><w:r><w:t>{TITLE}</w:t></w:r></w:p><w:p><w:r><w:t>{PARAGRAPH}</w:t></w:r></w:p>"
    document = read(samples.bare_word_file(f"<w:tbl><w:tr><w:tc>{cell}</w:tc></w:tr></w:tbl>"), NAME)
    assert (document.title, document.body) == (TITLE, PARAGRAPH)


def test_line_breaks_tabs_and_pinyin_over_a_name_are_read_as_people_see_them() -> None:
    base = "<w:rubyBase><w:r><w:t>垚</w:t></w:r></w:rubyBase>"
    ruby = f"<w:ruby><w:rt><w:r><w:t>yáo</w:t></w:r></w:rt>{base}</w:ruby>"
    stops = '<w:pPr><w:tabs><w:tab w:val="left"/></w:tabs></w:pPr>'
    text = f"<w:p>{stops}<w:r><w:t>会议由王</w:t>{ruby}<w:br/><w:t>甲</w:t><w:tab/><w:t>乙</w:t></w:r></w:p>"
    document = read(samples.bare_word_file(text), NAME)
    assert (document.title, document.body) == ("会议由王垚", "甲\t乙")


def test_a_document_type_declaration_is_refused() -> None:
    prolog = '<!DOCTYPE x [<!ENTITY e "隐藏的话">]>'
    with pytest.raises(DocumentDamaged, match="另存为"):
        read(samples.bare_word_file("<w:p><w:r><w:t>&e;</w:t></w:r></w:p>", prolog), NAME)


def test_a_hundred_thousand_nested_elements_overflow_nothing() -> None:
    depth = 100_000
    nested = "<w:sdt>" * depth + f"<w:p><w:r><w:t>{TITLE}</w:t></w:r></w:p>" + "</w:sdt>" * depth
    padding = "".join(f"<w:x{number}/>" for number in range(5_000))
    assert read(samples.bare_word_file(nested + padding), NAME).title == TITLE


def test_page_numbers_of_a_pdf_are_left_out() -> None:
    document = read(samples.pdf_file([TITLE, PARAGRAPH, "— 1 —"], ["下页的话。", "— 2 —"]), NAME)
    assert document.body == f"{PARAGRAPH}\n下页的话。"


def test_a_scanned_pdf_is_told_that_it_has_no_text() -> None:
    with pytest.raises(DocumentEmpty, match="扫描件"):
        read(samples.pdf_file([]), NAME)


def test_a_pdf_with_a_password_is_told_to_come_back_without() -> None:
    with pytest.raises(DocumentEncrypted):
        read(samples.pdf_file([TITLE], encrypted=True), NAME)


def test_a_pdf_of_sixty_one_pages_is_too_big() -> None:
    with pytest.raises(DocumentTooBig, match="60 页"):
        read(samples.pdf_file(*[[] for _ in range(61)]), NAME)


@pytest.mark.parametrize(
    "data",
    [samples.word_file("", "　　"), b"", b" \r\n\t", samples.rtf_file("")],
    ids=["docx", "nothing", "blanks", "rtf"],
)
def test_an_empty_page_is_told_that_it_is_empty(data: bytes) -> None:
    with pytest.raises(DocumentEmpty, match="没有文字"):
        read(data, NAME)


@pytest.mark.parametrize(
    "data",
    [
        b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR",
        b"\xff\xd8\xff\xe0\x00\x10JFIF",
        b"MZ\x90\x00\x03\x00\x00\x00",
        b"<html><body>x</body></html>",
        b"\xef\xbb\xbf\r\n<?xml version='1.0'?><x/>",
        b"MIME-Version: 1.0\r\n",
        "云山县".encode("utf-32"),
        "云山县".encode("gbk")[:-1],
    ],
    ids=["png", "jpeg", "exe", "web page", "xml", "web archive", "utf-32", "half a character"],
)
def test_what_is_no_text_is_told_which_formats_can_be_sent(data: bytes) -> None:
    with pytest.raises(DocumentUnsupported, match="可以发"):
        read(data, "稿件.txt")


@pytest.mark.parametrize(
    "data",
    [
        ("长" * 200_001).encode(),
        samples.word_file(*["".join(map(chr, range(0x4E00, 0x9000)))] * 12),
        samples.word_file(TITLE, header="".join(map(chr, range(0x4E00, 0x9000))) * 12),
        b"a\n" * 100_001,
    ],
    ids=["txt", "docx", "docx header", "short lines"],
)
def test_a_text_of_more_than_two_hundred_thousand_characters_is_too_big(data: bytes) -> None:
    with pytest.raises(DocumentTooBig, match="20 万字"):
        read(data, NAME)


def test_characters_that_no_database_takes_are_dropped() -> None:
    document = read("云山县\ufeff抓好\x85秋粮收购\n正文。".encode(), NAME)
    assert document.title == "云山县抓好秋粮收购"


_WHOLE_FILES = {
    "docx": samples.word_file(*SEVERAL),
    "doc": samples.old_word_file(*SEVERAL),
    "pdf": samples.pdf_file(list(SEVERAL)),
    "rtf": samples.rtf_file(*SEVERAL),
    "txt": "\n".join(SEVERAL).encode("gbk"),
}
_HURTS = st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 255)), max_size=8)


def _hurt(data: bytes, hurts: list[tuple[float, int]], kept: float) -> bytes:
    broken = bytearray(data)
    for place, byte in hurts:
        broken[int(place * len(broken))] = byte
    return bytes(broken[: int(kept * len(broken))])


# The same examples every time: a parser that loops on some bytes is the business of the child process.
@pytest.mark.parametrize("kind", sorted(_WHOLE_FILES))
@settings(max_examples=40, deadline=None, derandomize=True)
@given(hurts=_HURTS, kept=st.floats(0.05, 1))
def test_a_broken_file_is_a_document_problem_or_still_a_document(
    kind: str, hurts: list[tuple[float, int]], kept: float
) -> None:
    _is_read_or_refused(_hurt(_WHOLE_FILES[kind], hurts, kept))


@settings(max_examples=60, deadline=None, derandomize=True)
@given(hurts=_HURTS, kept=st.floats(0.05, 1))
def test_broken_xml_inside_a_sound_archive_is_a_document_problem(hurts: list[tuple[float, int]], kept: float) -> None:
    xml = f"<w><p><r><t>{TITLE}</t><tbl><tr><tc><p/></tc></tr></tbl></r></p></w>".encode()
    _is_read_or_refused(samples.archive({"word/document.xml": _hurt(xml, hurts, kept)}))


@settings(max_examples=60, deadline=None, derandomize=True)
@given(st.binary(max_size=200))
def test_any_bytes_are_a_document_or_a_document_problem(data: bytes) -> None:
    _is_read_or_refused(data)


def _is_read_or_refused(data: bytes) -> None:
    """Anything but a DocumentProblem passes through and fails the test."""
    with suppress(DocumentProblem):
        document = read(data, NAME)
        assert 0 < len(document.title) <= 100
        assert "\x00" not in document.all_text
        document.all_text.encode("utf-8")
