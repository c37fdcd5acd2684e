"""Word files of the years before .docx, which WPS writes as .wps: OLE containers, read by legacy-doc.

legacy-doc is pure Python without dependencies, checks every size, and read real WPS-written files
correctly. It gives headers and tracked-deleted text in one piece with the body, and so do we.
"""

from __future__ import annotations

from legacy_doc import ExtractionOptions, LegacyDocError, extract_text
from legacy_doc.ole import OLE_MAGIC, OleReader

from domain.errors import DocumentDamaged, DocumentEncrypted, DocumentUnsupported

__all__ = ["OLE_MAGIC", "check_ole", "read_doc"]

# Where a .doc keeps the flag of a password ([MS-DOC] 2.5.2, FibBase).
FLAGS_OFFSET, FLAG_ENCRYPTED = 0x0B, 0x01


def check_ole(data: bytes, name: str) -> None:
    """Tell a Word file from the other things that live in an OLE container.

    A .docx with a password is an OLE container with a stream named EncryptedPackage ([MS-OFFCRYPTO] 2.3.4);
    a .doc with a password has a bit set in its first block. Raises DocumentEncrypted for both,
    DocumentUnsupported for workbooks, slides and mails, DocumentDamaged when the directory cannot be
    followed.
    """
    try:
        container = OleReader(data, options=ExtractionOptions())
        encrypted = container.has_stream("EncryptedPackage")
        word = container.has_stream("WordDocument")
        flags = container.read_stream("WordDocument")[FLAGS_OFFSET : FLAGS_OFFSET + 1] if word else b""
    except LegacyDocError:
        raise DocumentDamaged(name=name) from None
    if encrypted or (flags and flags[0] & FLAG_ENCRYPTED):
        raise DocumentEncrypted(name=name)
    if not word:
        raise DocumentUnsupported(name=name)


def read_doc(data: bytes, name: str) -> tuple[list[str], list[str]]:
    """The lines of a Word 97-2003 file; headers and deleted text are among them, so nothing is left aside."""
    return str(extract_text(data).text).split("\n"), []
