"""What a file is, by its first bytes and its inner directory. The extension is never asked: people rename
files, WPS writes Word files under `.wps`, and old office systems export web pages under `.doc`.

Every function takes the display name only to name the file in its error.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from documents.doc import OLE_MAGIC, check_ole
from documents.limits import (
    MAX_ZIP_BYTES,
    MAX_ZIP_ENTRIES,
    MAX_ZIP_PART_BYTES,
    MAX_ZIP_RATIO,
    MEGABYTE,
)
from domain.errors import DocumentDamaged, DocumentEncrypted, DocumentTooBig, DocumentUnsupported

ZIP_MAGICS = (b"PK\x03\x04", b"PK\x05\x06")
BYTE_ORDER_MARK = b"\xef\xbb\xbf"

# Office Online names the main part document2.xml now and then.
MAIN_PART = re.compile(r"word/document\d*\.xml")
ZIP_ENCRYPTED = 0x01
CHUNK = 64 * 1024


def recognise(data: bytes, name: str) -> str:
    """The kind of a file: 'docx', 'doc', 'pdf', 'rtf', or 'txt' when it is nothing else we know.

    Raises DocumentUnsupported, DocumentEncrypted, DocumentTooBig or DocumentDamaged for archives and OLE
    containers that are no readable text. An archive has passed `guard_zip` when this returns.
    """
    if data.startswith(ZIP_MAGICS):
        with open_zip(data, name) as archive:
            main_part(archive, name)
        return "docx"
    if data.startswith(OLE_MAGIC):
        check_ole(data, name)
        return "doc"
    head = data[:1024].removeprefix(BYTE_ORDER_MARK).lstrip()
    if head.startswith(b"%PDF-"):
        return "pdf"
    if head.startswith(b"{\\rtf"):
        return "rtf"
    return "txt"


def open_zip(data: bytes, name: str) -> ZipFile:
    """Open an archive and guard it. Raises DocumentDamaged when it is none, otherwise as `guard_zip`."""
    try:
        archive = ZipFile(BytesIO(data))
    except (BadZipFile, ValueError, NotImplementedError, UnicodeDecodeError):
        raise DocumentDamaged(name=name) from None
    guard_zip(archive, name)
    return archive


def guard_zip(archive: ZipFile, name: str) -> None:
    """Refuse bombs and macros by the archive's directory, before a byte is unpacked.

    Raises DocumentTooBig, DocumentUnsupported (macros) or DocumentDamaged (a packing no office program uses).
    The directory may lie about sizes, so `read_part` counts again.
    """
    entries = archive.infolist()
    unpacked = sum(entry.file_size for entry in entries)
    packed = sum(entry.compress_size for entry in entries)
    if len(entries) > MAX_ZIP_ENTRIES:
        raise DocumentTooBig(name=name, limit=f"压缩包内 {MAX_ZIP_ENTRIES} 个部分")
    if unpacked > MAX_ZIP_BYTES or any(entry.file_size > MAX_ZIP_PART_BYTES for entry in entries):
        raise DocumentTooBig(name=name, limit=f"解压后 {MAX_ZIP_BYTES // MEGABYTE} MB")
    if unpacked > MAX_ZIP_RATIO * max(packed, 1):
        raise DocumentTooBig(name=name, limit=f"压缩比 {MAX_ZIP_RATIO}")
    if any(entry.filename.lower().endswith("vbaproject.bin") for entry in entries):
        raise DocumentUnsupported(name=name)
    if any(entry.compress_type not in (ZIP_STORED, ZIP_DEFLATED) for entry in entries):
        raise DocumentDamaged(name=name)


def main_part(archive: ZipFile, name: str) -> ZipInfo:
    """The part with the text of a Word file. Raises DocumentUnsupported (a workbook, slides, any other
    archive) or DocumentEncrypted."""
    for entry in archive.infolist():
        if MAIN_PART.fullmatch(entry.filename):
            if entry.flag_bits & ZIP_ENCRYPTED:
                raise DocumentEncrypted(name=name)
            return entry
    raise DocumentUnsupported(name=name)


def read_part(archive: ZipFile, part: ZipInfo, name: str) -> Iterator[bytes]:
    """Unpack one part in small chunks. Raises DocumentTooBig as soon as it holds more than it may."""
    size = 0
    with archive.open(part) as stream:
        while chunk := stream.read(CHUNK):
            size += len(chunk)
            if size > MAX_ZIP_PART_BYTES:
                raise DocumentTooBig(name=name, limit=f"解压后 {MAX_ZIP_BYTES // MEGABYTE} MB")
            yield chunk
