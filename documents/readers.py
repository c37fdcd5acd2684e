"""From bytes to a document: one small reader per kind, each resting on the library that read real files best.

.pdf: pdfplumber (the faster ones misplace Chinese quotation marks). .rtf: striprtf. .txt: three strict
attempts, for guessing libraries take a short GBK text for Big5. .docx and .doc: see `docx.py` and `doc.py`.

This runs in the child process of `worker.extract`. No text of the file may leave it other than in the
result: errors carry the name of the file and a limit, and no cause that could quote the content.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from io import BytesIO

from documents.doc import read_doc
from documents.docx import read_docx
from documents.kinds import recognise
from documents.limits import MAX_PDF_PAGES, MAX_TEXT_CHARS
from documents.title import split_title
from domain.document import Document
from domain.errors import (
    DocumentDamaged,
    DocumentEmpty,
    DocumentEncrypted,
    DocumentProblem,
    DocumentTooBig,
    DocumentUnsupported,
)

Lines = tuple[list[str], list[str]]

ENCODINGS_BY_MARK = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
MARKUP = re.compile(r"\s*(?:<\?xml|<!doctype|<html|mime-version:)", re.IGNORECASE)
# An old text file may end with the end-of-file character of DOS.
CONTROLS = re.compile(r"[\x00-\x08\x0e-\x19\x1c-\x1f\x7f]")
UNPRINTABLE = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x9f\ufeff\ufffe\uffff]")
BREAKS = re.compile(r"[\n\r\v\f\u2028\u2029]+")
PAGE_NUMBER = re.compile(r"\s*(?:[-—–]\s*\d{1,3}\s*[-—–]|第\s*\d{1,3}\s*页.{0,12})\s*")


def read(data: bytes, name: str) -> Document:
    """Read a file of any kind; `name` is the file name as people may see it (see `names.safe_name`).

    Raises a DocumentProblem and nothing else, whatever the bytes are.
    """
    kind, (lines, aside) = _read_any(data, name)
    lines, aside = _tidy(lines), _tidy(aside)
    if not lines:
        raise DocumentEmpty(name=name)
    if len("\n".join([*lines, *aside])) > MAX_TEXT_CHARS:
        raise _too_long(name)
    parts = split_title(lines, name)
    return Document(title=parts.title, body="\n".join(parts.body), kind=kind, aside="\n".join([*parts.above, *aside]))


def _read_any(data: bytes, name: str) -> tuple[str, Lines]:
    try:
        kind = recognise(data, name)
        return kind, READERS[kind](data, name)
    except DocumentProblem:
        raise
    # The boundary to foreign parsers: on broken bytes they raise whatever their inner loops run into
    # (KeyError, struct.error, RecursionError, MemoryError ...). All of it means one thing to the sender.
    except Exception:
        raise DocumentDamaged(name=name) from None


def read_pdf(data: bytes, name: str) -> Lines:
    """The lines of a PDF as they stand on the page, without page numbers.

    Raises DocumentEncrypted when a password is needed to open it; a PDF that merely forbids copying is read.
    """
    import pdfplumber
    from pdfminer.pdfdocument import PDFEncryptionError, PDFPasswordIncorrect
    from pdfplumber.utils.exceptions import PdfminerException

    lines: list[str] = []
    try:
        # One page more than allowed, to see that there is one.
        pdf = pdfplumber.open(BytesIO(data), pages=list(range(1, MAX_PDF_PAGES + 2)))
    except PdfminerException as problem:
        if isinstance(problem.args[0], PDFPasswordIncorrect | PDFEncryptionError):
            raise DocumentEncrypted(name=name) from None
        raise
    with pdf:
        if len(pdf.pages) > MAX_PDF_PAGES:
            raise DocumentTooBig(name=name, limit=f"{MAX_PDF_PAGES} 页")
        chars = 0
        for page in pdf.pages:
            text = page.extract_text()
            page.close()
            chars += len(text)
            if chars > MAX_TEXT_CHARS:
                raise _too_long(name)
            lines += [line for line in text.split("\n") if not PAGE_NUMBER.fullmatch(line)]
    return lines, []


def read_rtf(data: bytes, name: str) -> Lines:
    """Rich text; characters outside ASCII are escapes, of code page 936 where the file names none."""
    from striprtf.striprtf import rtf_to_text

    # striprtf says that it is typed, and leaves this one function out.
    text: str = rtf_to_text(data.decode("latin-1"), "gbk", "replace")  # type: ignore[no-untyped-call]
    # A character outside the basic plane is two escapes, which only make sense together.
    return [text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")], []


def read_txt(data: bytes, name: str) -> Lines:
    """Plain text: by its byte order mark, else strict UTF-8, else strict GB18030.

    Raises DocumentUnsupported for everything that is no text: pictures, programs, web pages in disguise.
    """
    text = _decode(data)
    if text is None or CONTROLS.search(text) or MARKUP.match(text):
        raise DocumentUnsupported(name=name)
    return [text], []


def _decode(data: bytes) -> str | None:
    marked = [encoding for mark, encoding in ENCODINGS_BY_MARK.items() if data.startswith(mark)]
    for encoding in marked or ("utf-8", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None


def _tidy(texts: list[str]) -> list[str]:
    """One line a paragraph: no blank lines, no indents, nothing a database or a screen cannot take."""
    pieces = (piece for text in texts for piece in BREAKS.split(text))
    return [line for piece in pieces if (line := UNPRINTABLE.sub("", piece).strip())]


def _too_long(name: str) -> DocumentTooBig:
    return DocumentTooBig(name=name, limit=f"{MAX_TEXT_CHARS // 10_000} 万字")


READERS: dict[str, Callable[[bytes, str], Lines]] = {
    "docx": read_docx,
    "doc": read_doc,
    "pdf": read_pdf,
    "rtf": read_rtf,
    "txt": read_txt,
}
