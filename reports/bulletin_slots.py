"""The slots of a template (`{主送}`, `{附表}`) and how they are filled, in whatever way Word or WPS cut the text.

A slot within a line takes words; a slot alone in its paragraph may take many paragraphs, which look like it. A
paragraph whose slots all stay empty is left out with what else is in it: `抄送：{抄送}` leaves no label behind.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from copy import deepcopy

from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement

from domain.errors import BadInput

WORDS = {
    "机关标志": "红头，如“云山市人民政府办公室文件”；太长时自动缩小到一行",
    "文号": "发文字号",
    "标题": "通报标题，自动分行",
    "主送": "主送机关，带冒号",
    "署名": "发文机关署名",
    "成文日期": "成文日期",
    "联系": "联系人和电话",
    "截至": "数据截至时间和校验码",
    "抄送": "抄送机关",
    "印发机关": "印发机关",
    "印发日期": "印发日期",
}
"""Slots within a line, and what the office is told about them."""

BLOCKS = {
    "正文": "从开头到要求的全部正文，各部分标题按一、二、三编号",
    "开头": "开头的总数和对比",
    "表扬": "表扬的单位",
    "任务": "任务完成情况",
    "零报送": "未报送信息的单位",
    "问题": "存在的问题",
    "要求": "工作要求",
    "附件说明": "“附件：1.……”各行",
    "附表": "各类单位的附表，每表另起一页，宽表自动横排",
    "目录": "采用信息目录和标记说明",
}
"""Slots alone in their paragraph: paragraphs, tables and pages take their place."""

SLOTS = WORDS | BLOCKS

_SLOT = re.compile(r"[{｛]\s*([^{}｛｝\s]{1,20})\s*[}｝]")


def slots_in(root: BaseOxmlElement) -> Iterator[tuple[BaseOxmlElement, str]]:
    """Every paragraph that has slots, with its text. Raises BadInput for a slot that does not exist, or one for
    paragraphs that does not stand alone."""
    for paragraph in list(root.iter(qn("w:p"))):
        text = "".join(part.text or "" for part in _texts(paragraph))
        names = _SLOT.findall(text)
        for name in names:
            if name not in SLOTS:
                raise BadInput(reason=f"模板里的“{{{name}}}”不认识。可以用：{_listed(SLOTS)}。")
            if name in BLOCKS and not _SLOT.fullmatch(text.strip()):
                raise BadInput(reason=f"模板里的“{{{name}}}”要单独占一个段落，前后不要写别的字。")
        if names:
            yield paragraph, text


def block_of(text: str) -> str:
    """The name of the block slot that a paragraph is, or ''."""
    match = _SLOT.fullmatch(text.strip())
    return match[1] if match and match[1] in BLOCKS else ""


def fill_words(paragraph: BaseOxmlElement, words: Mapping[str, str]) -> bool:
    """Put the words into a paragraph; False if all its slots are empty."""
    texts = list(_texts(paragraph))
    whole = "".join(part.text or "" for part in texts)
    found = list(_SLOT.finditer(whole))
    for match in reversed(found):
        _replace(texts, match.start(), match.end(), words[match[1]])
    for part in texts:
        _break_lines(part)
    return any(words[match[1]] for match in found)


def like(paragraph: BaseOxmlElement, text: str, font: str = "") -> BaseOxmlElement:
    """A paragraph that looks like the slot, with this text; in another typeface if one is named."""
    made = deepcopy(paragraph)
    first = next(part for part in _texts(made) if (part.text or "").strip())
    keeping = _run_of(first)
    for child in list(made):
        if child.tag != qn("w:pPr") and child is not keeping:
            made.remove(child)
    for part in list(_texts(made)):
        if part is not first:
            keeping.remove(part)
    _write(first, text)
    if font:
        fonts = keeping.get_or_add_rPr().get_or_add_rFonts()
        for name in ("ascii", "hAnsi", "eastAsia"):
            fonts.set(qn(f"w:{name}"), font)
    return made


def leave_out(paragraph: BaseOxmlElement) -> None:
    """Take a paragraph away; a row of a table that has no words left goes with it."""
    cell = paragraph.getparent()
    if cell.tag != qn("w:tc"):
        cell.remove(paragraph)
        return
    for part in _texts(paragraph):
        part.text = ""
    row = cell.getparent()
    if not any((part.text or "").strip() for part in row.iter(qn("w:t"))):
        row.getparent().remove(row)


def _texts(paragraph: BaseOxmlElement) -> Iterator[BaseOxmlElement]:
    """The texts of a paragraph, also of inserted runs, but not of a text box that hangs on it."""
    for part in paragraph.iter(qn("w:t")):
        if next(part.iterancestors(qn("w:p"))) is paragraph:
            yield part


def _run_of(text: BaseOxmlElement) -> BaseOxmlElement:
    run: BaseOxmlElement = next(text.iterancestors(qn("w:r")))
    return run


def _replace(texts: list[BaseOxmlElement], start: int, end: int, words: str) -> None:
    """Characters start to end of all texts together become `words`, in the look of the first of them."""
    at, put = 0, False
    for part in texts:
        own = part.text or ""
        first, last = max(start - at, 0), min(end - at, len(own))
        at += len(own)
        if first < last:
            _write(part, own[:first] + ("" if put else words) + own[last:])
            put = True


def _write(part: BaseOxmlElement, text: str) -> None:
    part.text = text
    part.set(qn("xml:space"), "preserve")


def _break_lines(part: BaseOxmlElement) -> None:
    """Line breaks in a text become breaks of the document."""
    first, *others = (part.text or "").split("\n")
    if not others:
        return
    _write(part, first)
    after = part
    for line in others:
        for tag, text in (("w:br", None), ("w:t", line)):
            made = part.makeelement(qn(tag))
            after.addnext(made)
            after = made
            if text is not None:
                _write(made, text)


def _listed(names: Iterable[str]) -> str:
    return "".join(f"{{{name}}}" for name in names)
