"""A file is what its bytes say, and nothing dangerous is unpacked."""

from __future__ import annotations

import zipfile
from io import BytesIO

import pytest

from documents import kinds
from documents.kinds import open_zip, read_part, recognise
from domain.errors import (
    DocumentDamaged,
    DocumentEncrypted,
    DocumentProblem,
    DocumentTooBig,
    DocumentUnsupported,
)
from tests.documents import samples

NAME = "终稿2(1).docx"
MEGABYTE = 1024 * 1024


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (samples.word_file(samples.TITLE), "docx"),
        (samples.bare_word_file("<w:p/>"), "docx"),
        (samples.old_word_file(samples.TITLE), "doc"),
        (samples.pdf_file([samples.TITLE]), "pdf"),
        (b"\xef\xbb\xbf\r\n" + samples.pdf_file([samples.TITLE]), "pdf"),
        (samples.rtf_file(samples.TITLE), "rtf"),
        (samples.TITLE.encode("gbk"), "txt"),
    ],
    ids=["docx", "bare docx", "doc", "pdf", "pdf after a mark", "rtf", "txt"],
)
def test_a_file_is_known_by_its_bytes_whatever_it_is_called(data: bytes, kind: str) -> None:
    assert recognise(data, "稿件.wps") == kind


@pytest.mark.parametrize(
    "data",
    [
        samples.archive({"xl/workbook.xml": b"<x/>"}),
        samples.archive({"ppt/presentation.xml": b"<x/>"}),
        samples.archive({"稿件.txt": b"hello"}),
        samples.archive({}),
        samples.ole_container({"Workbook": b"x"}),
        samples.archive({"word/document.xml": b"<x/>", "word/vbaProject.bin": b"x"}),
    ],
    ids=["workbook", "slides", "any zip", "empty zip", "old workbook", "macros"],
)
def test_other_containers_are_told_which_formats_can_be_sent(data: bytes) -> None:
    with pytest.raises(DocumentUnsupported, match="可以发"):
        recognise(data, NAME)


@pytest.mark.parametrize(
    "data",
    [
        samples.ole_container({"EncryptionInfo": b"x", "EncryptedPackage": b"x"}),
        samples.old_word_file(samples.TITLE, password=True),
    ],
    ids=["docx", "doc"],
)
def test_a_file_with_a_password_is_told_to_come_back_without(data: bytes) -> None:
    with pytest.raises(DocumentEncrypted, match="去掉密码"):
        recognise(data, NAME)


def test_a_word_file_in_an_archive_with_a_password_is_encrypted() -> None:
    data = bytearray(samples.bare_word_file("<w:p/>"))
    flags_in_directory = data.rindex(b"PK\x01\x02") + 8
    data[flags_in_directory] |= 1
    with pytest.raises(DocumentEncrypted):
        recognise(bytes(data), NAME)


def test_a_zip_bomb_named_docx_is_refused_before_it_is_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    bomb = samples.archive({"word/document.xml": b"<x/>", "word/media/1.bin": bytes(31 * MEGABYTE)})
    assert len(bomb) < MEGABYTE
    monkeypatch.setattr(zipfile.ZipFile, "open", None)
    with pytest.raises(DocumentTooBig, match="解压后 60 MB"):
        recognise(bomb, NAME)


def test_many_middling_parts_are_a_bomb_too() -> None:
    part = bytes(16 * MEGABYTE)
    with pytest.raises(DocumentTooBig, match="解压后"):
        recognise(samples.archive({f"word/{number}.bin": part for number in range(4)}), NAME)


def test_a_part_that_shrank_a_thousandfold_is_suspicious_even_when_small() -> None:
    data = samples.archive({"word/document.xml": b"<x/>", "word/1.bin": bytes(2 * MEGABYTE)})
    with pytest.raises(DocumentTooBig, match="压缩比"):
        recognise(data, NAME)


def test_an_archive_of_thousands_of_parts_is_refused() -> None:
    with pytest.raises(DocumentTooBig, match="2000 个部分"):
        recognise(samples.archive({f"{number}": b"" for number in range(2001)}), NAME)


def test_a_packing_that_no_office_program_uses_is_refused() -> None:
    with pytest.raises(DocumentDamaged):
        recognise(samples.archive({"word/document.xml": b"<x/>"}, zipfile.ZIP_LZMA), NAME)


def test_a_part_is_counted_while_it_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    archive = open_zip(samples.archive({"word/document.xml": b"x" * 200_000}, zipfile.ZIP_STORED), NAME)
    monkeypatch.setattr(kinds, "MAX_ZIP_PART_BYTES", 100_000)
    with archive:
        chunks = read_part(archive, archive.infolist()[0], NAME)
        assert len(next(chunks)) <= 100_000
        with pytest.raises(DocumentTooBig):
            next(chunks)


def test_a_part_that_is_longer_than_its_directory_says_yields_no_more_than_that() -> None:
    data = bytearray(samples.archive({"word/document.xml": b"x" * 50_000}))
    size_in_directory = data.rindex(b"PK\x01\x02") + 24
    data[size_in_directory : size_in_directory + 4] = (100).to_bytes(4, "little")
    archive = open_zip(bytes(data), NAME)
    with archive, pytest.raises(zipfile.BadZipFile):
        assert sum(map(len, read_part(archive, archive.infolist()[0], NAME))) <= 100


@pytest.mark.parametrize("cut", [5, 100, 600, 2000])
def test_a_file_cut_short_on_its_way_is_damaged(cut: int) -> None:
    for whole in (samples.word_file(samples.TITLE), samples.old_word_file(samples.TITLE)):
        with pytest.raises(DocumentProblem):
            recognise(whole[:8] + whole[8:cut], NAME)


def test_an_archive_whose_directory_is_nonsense_is_damaged() -> None:
    stream = BytesIO(samples.word_file(samples.TITLE))
    data = stream.getvalue().replace(b"PK\x01\x02", b"PK\x09\x09")
    with pytest.raises(DocumentDamaged, match="另存为"):
        recognise(data, NAME)
