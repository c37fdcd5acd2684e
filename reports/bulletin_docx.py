"""The bulletin as a Word document: a template with slots, ours or the office's own, filled from the `Bulletin`.

Ours is laid out after GB/T 9704-2012. The same bulletin in the same template is the same bytes.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Sequence
from copy import deepcopy
from datetime import UTC, datetime
from pathlib import Path

from docx import Document
from docx.document import Document as DocxDocument
from docx.opc.exceptions import PackageNotFoundError
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.shared import Mm, Twips

from domain.bulletin import Bulletin, day_in_words, em
from domain.bulletin_parts import Section, Sentence, text_of
from domain.errors import BadInput
from reports.bulletin_page import NARROW, fit
from reports.bulletin_slots import block_of, fill_words, leave_out, like, slots_in
from reports.bulletin_xml import LABEL, annex_table, listing, put_before
from reports.package import packed, without_times

_PARTS = Path(__file__).parent / "templates" / "bulletin"
_PLACES = {
    "[Content_Types].xml": "content_types.xml",
    "_rels/.rels": "rels.xml",
    "docProps/core.xml": "core.xml",
    "word/document.xml": "document.xml",
    "word/_rels/document.xml.rels": "document_rels.xml",
    "word/styles.xml": "styles.xml",
    "word/settings.xml": "settings.xml",
    "word/footer_odd.xml": "footer_odd.xml",
    "word/footer_even.xml": "footer_even.xml",
}
_LARGEST = 20 << 20
"""Bytes a template may have when unpacked: a letterhead with a picture, not an archive."""

_TURNED = {"top": 28, "bottom": 26, "left": 37, "right": 35, "footer": 14}
_DATE_FROM_EDGE = 4.0


def builtin_template() -> bytes:
    """Our own template as a .docx, for the office to change in Word or WPS."""
    return packed((place, (_PARTS / name).read_bytes()) for place, name in _PLACES.items())


def check_template(template: bytes) -> tuple[str, ...]:
    """The slots of a template, in order. Raises BadInput when it is no .docx or has a slot that does not exist."""
    found = [text for root in _roots(_opened(template)) for _, text in slots_in(root)]
    if not found:
        raise BadInput(reason="模板里没有一个插入位置，如 {标题}、{正文}、{附表}。请从自带的模板改起。")
    return tuple(found)


def write_docx(bulletin: Bulletin, template: bytes | None = None) -> bytes:
    """The .docx. Raises BadInput for a template that cannot be used."""
    document = _opened(template or builtin_template())
    words, blocks = _words(bulletin), _blocks(bulletin)
    for root in _roots(document):
        for paragraph, text in list(slots_in(root)):
            name = block_of(text)
            if not name:
                _fill_line(paragraph, text, words)
            elif name in blocks:
                _put_lines(paragraph, blocks[name], kept=name == "正文")
            else:
                _put_pages(paragraph, bulletin, name, document.element.body)
    return saved(document, "".join(bulletin.title), bulletin)


def blank_page() -> DocxDocument:
    """A document of our page and type with nothing in it."""
    document = _opened(builtin_template())
    body = document.element.body
    for element in list(body):
        if element.tag != qn("w:sectPr"):
            body.remove(element)
    return document


def saved(document: DocxDocument, title: str, bulletin: Bulletin) -> bytes:
    """The .docx; its properties and its only date come from the bulletin."""
    about = document.core_properties
    about.title, about.author, about.last_modified_by = title, bulletin.signer, bulletin.signer
    about.comments, about.keywords, about.revision = "", bulletin.stamp, 1
    # The library asks for UTC without a zone.
    moment = datetime.fromtimestamp(bulletin.as_of_ms / 1000, UTC).replace(tzinfo=None)
    about.created = about.modified = moment
    written = io.BytesIO()
    document.save(written)
    return without_times(written.getvalue())


def _opened(template: bytes) -> DocxDocument:
    refused = BadInput(reason="模板不是 Word 文档（.docx）。请在 Word 或 WPS 里另存为 .docx。")
    try:
        with zipfile.ZipFile(io.BytesIO(template)) as package:
            if sum(part.file_size for part in package.infolist()) > _LARGEST:
                raise BadInput(reason="模板太大，请去掉里面的大图片。")
        return Document(io.BytesIO(template))
    except (zipfile.BadZipFile, PackageNotFoundError, KeyError, ValueError) as fault:
        raise refused from fault


def _roots(document: DocxDocument) -> Iterable[BaseOxmlElement]:
    """The body, then the headers and footers that are there."""
    yield document.element
    for part in document.part.package.iter_parts():
        if part.partname.startswith(("/word/header", "/word/footer")):
            yield part.element


def _words(bulletin: Bulletin) -> dict[str, str]:
    day = day_in_words(bulletin.day)
    return {
        "机关标志": bulletin.head,
        "文号": bulletin.number,
        "标题": "\n".join(bulletin.title),
        "主送": bulletin.addressees,
        "署名": bulletin.signer,
        "成文日期": day,
        "联系": bulletin.contact,
        "截至": bulletin.remark,
        "抄送": bulletin.copies,
        "印发机关": bulletin.printer or bulletin.signer,
        "印发日期": day,
    }


_Lines = list[tuple[str, str]]
"""Texts of paragraphs, each with the typeface it has to be in, '' for the slot's own."""


def _blocks(bulletin: Bulletin) -> dict[str, _Lines]:
    """What fills the slots that take paragraphs of text."""
    opening = _plain(bulletin.opening)
    by_key = {section.key: _plain(section.paragraphs) for section in bulletin.sections}
    whole = [line for section in bulletin.sections for line in _with_heading(section)]
    return {
        "正文": opening + whole,
        "开头": opening,
        **{key: by_key.get(key, []) for key in ("表扬", "任务", "零报送", "问题", "要求")},
        "附件说明": [(line, "") for line in annex_lines(bulletin.annexes)],
    }


def annex_lines(annexes: Sequence[str]) -> list[str]:
    """`附件：1.…` and under it the others; a single annex has no number."""
    if len(annexes) == 1:
        return [f"附件：{annexes[0]}"]
    return [f"{'附件：' if at == 1 else '　　　'}{at}.{name}" for at, name in enumerate(annexes, 1)]


def _plain(sentences: Iterable[Sentence]) -> _Lines:
    return [(text_of(sentence), "") for sentence in sentences]


def _with_heading(section: Section) -> _Lines:
    return [(section.heading, LABEL), *_plain(section.paragraphs)]


def _put_lines(slot: BaseOxmlElement, lines: _Lines, *, kept: bool) -> None:
    """Paragraphs that look like the slot. A heading stays with what follows; so does, if `kept`, the last paragraph,
    because the signature may not be alone on a page."""
    for at, (line, font) in enumerate(lines, 1):
        made = like(slot, line, font)
        if font or (kept and at == len(lines)):
            made.get_or_add_pPr().get_or_add_keepNext()
        slot.addprevious(made)
    leave_out(slot)


def _put_pages(slot: BaseOxmlElement, bulletin: Bulletin, name: str, body: BaseOxmlElement) -> None:
    """The tables (`附表`) or the list of items used (`目录`)."""
    if name == "附表":
        _put_annexes(slot, bulletin, body)
    elif bulletin.listing:
        put_before(slot, listing(bulletin.listing, len(bulletin.tables) + 1, bulletin.remark))
    leave_out(slot)


def _fill_line(paragraph: BaseOxmlElement, text: str, words: dict[str, str]) -> None:
    if not fill_words(paragraph, words):
        leave_out(paragraph)
    elif "机关标志" in text:
        _shrink(paragraph, words["机关标志"])
    elif text.strip() in ("{署名}", "{成文日期}"):
        _set_right(paragraph, words["署名"], words["成文日期"], of_name="署名" in text)


def _shrink(paragraph: BaseOxmlElement, text: str) -> None:
    """A red heading stands in one line however long the office's name is."""
    room = Mm(NARROW).pt / max(em(text), 1)
    for size in paragraph.iter(qn("w:sz"), qn("w:szCs")):
        size.set(qn("w:val"), str(min(int(size.get(qn("w:val"))), int(room * 2))))


def _set_right(paragraph: BaseOxmlElement, name: str, day: str, *, of_name: bool) -> None:
    """Name and date stand over each other by their middles, the date four characters from the edge, or the name two
    if it is the longer one by much. A template that does not set them right keeps its own way."""
    properties = paragraph.get_or_add_pPr()
    if properties.jc is None or properties.jc.get(qn("w:val")) not in ("right", "end"):
        return
    name_at = _DATE_FROM_EDGE + (em(day) - em(name)) / 2
    date_at = _DATE_FROM_EDGE + max(0.0, 2 - name_at)
    characters = max(2.0, name_at) if of_name else date_at
    properties.get_or_add_ind().right = Twips(round(characters * 320))


def _put_annexes(slot: BaseOxmlElement, bulletin: Bulletin, body: BaseOxmlElement) -> None:
    """The pages of the tables, a wide one turned. The last section of the template goes on behind them."""
    turned = False
    for number, table in enumerate(bulletin.tables, 1):
        fitted = fit(table) if table.columns else None
        turns = fitted is not None and fitted.turned
        if turns != turned:
            _end_section(slot, body, turned=turned)
        put_before(slot, annex_table(number, table, fitted, bulletin.remark))
        turned = turns
    if turned:
        _end_section(slot, body, turned=True)


def _end_section(slot: BaseOxmlElement, body: BaseOxmlElement, *, turned: bool) -> None:
    """A paragraph of no height that ends a run of upright or turned pages."""
    put_before(slot, '<w:p><w:pPr><w:spacing w:line="20" w:lineRule="exact"/></w:pPr></w:p>')
    section = deepcopy(body.find(qn("w:sectPr")))
    if turned:
        page, margins = section.find(qn("w:pgSz")), section.find(qn("w:pgMar"))
        width, height = page.get(qn("w:w")), page.get(qn("w:h"))
        page.set(qn("w:w"), height)
        page.set(qn("w:h"), width)
        page.set(qn("w:orient"), "landscape")
        for edge, millimetres in _TURNED.items():
            margins.set(qn(f"w:{edge}"), str(round(Mm(millimetres).twips)))
    slot.getprevious().pPr.append(section)
