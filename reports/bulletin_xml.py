"""Paragraphs and tables of a bulletin as WordprocessingML text, which is parsed once and put into the document.

Everything is formatted on the spot, so that it looks the same in a template that has none of our styles. The order of
the elements is the schema's: Word repairs a file in which it is another.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from xml.sax.saxutils import escape, quoteattr

from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.oxml.xmlchemy import BaseOxmlElement

from domain.board_table import Cell, HeadCell, Table
from domain.bulletin_marks import Listing
from reports.bulletin_page import Fit, title_lines

TITLE, BODY, LABEL, SECOND = "方正小标宋简体", "仿宋_GB2312", "黑体", "楷体_GB2312"
LINE = 579
"""A line of the type area in twentieths of a point: 22 of them are 225 mm."""

_TWIPS_MM = 1440 / 25.4
_ROW, _FLAT_ROW = 454, 340
"""The least height of a row: 8 mm, in plain tables 6."""


def put_before(place: BaseOxmlElement, paragraphs_and_tables: str) -> None:
    """The elements of such texts in front of a place.

    They come over together and are unpacked there: one by one, each costs lxml a walk through its old document.
    """
    carrier = parse_xml(f"<w:body {nsdecls('w')}>{paragraphs_and_tables}</w:body>")
    place.addprevious(carrier)
    for element in list(carrier):
        carrier.addprevious(element)
    carrier.getparent().remove(carrier)


def paragraph(
    text: str,
    font: str = BODY,
    size: float = 16,
    *,
    align: str = "both",
    line: int = LINE,
    indent: str = "",
    new_page: bool = False,
    keep: bool = False,
) -> str:
    """A paragraph; `size` in points, `line` exact in twentieths of a point, `\\n` a new line within it."""
    before = "<w:keepNext/>" * keep + "<w:pageBreakBefore/>" * new_page
    spacing = f'<w:snapToGrid w:val="0"/><w:spacing w:before="0" w:after="0" w:line="{line}" w:lineRule="exact"/>'
    return f'<w:p><w:pPr>{before}{spacing}{indent}<w:jc w:val="{align}"/></w:pPr>{run(text, font, size)}</w:p>'


def run(text: str, font: str, size: float) -> str:
    """Text in one typeface; the hint makes quotation marks and dashes Chinese ones."""
    half = round(size * 2)
    name = quoteattr(font)
    fonts = f'<w:rFonts w:hint="eastAsia" w:ascii={name} w:hAnsi={name} w:eastAsia={name}/>'
    inner = "<w:br/>".join(f'<w:t xml:space="preserve">{escape(line)}</w:t>' for line in text.split("\n"))
    return f'<w:r><w:rPr>{fonts}<w:sz w:val="{half}"/><w:szCs w:val="{half}"/></w:rPr>{inner}</w:r>'


def annex_table(number: int, table: Table, fitted: Fit | None, remark: str) -> str:
    """A table on a page of its own, under its number and title; the units named apart and the remark stand below."""
    parts = [annex_heading(number, table.title)]
    if fitted is not None:
        parts.append(_table(table, fitted))
    if table.clause:
        parts.append(paragraph(f"{table.clause}。", indent=_FIRST_LINE))
    if table.apart:
        parts.append(_small(f"{table.apart_title}：{'、'.join(table.apart)}"))
    return "".join([*parts, _small(remark)])


def annex_heading(number: int, title: str) -> str:
    """`附件1` at the top of a new page and the title in the middle."""
    name = paragraph(f"附件{number}", LABEL, align="left", new_page=True, keep=True)
    lines = "\n".join(title_lines(title))
    empty = paragraph("", line=280, keep=True)
    return name + empty + paragraph(lines, TITLE, 22, align="center", line=700, keep=True) + empty


def listing(items: Listing, number: int, remark: str) -> str:
    """The list of items used: classes, their units, the titles with marks, the legend."""
    parts = [annex_heading(number, items.title)]
    for class_name, units in items.classes:
        parts.append(paragraph(class_name, LABEL, 14, line=500, indent=_FIRST_LINE_SMALL, keep=True))
        for unit in units:
            parts.append(paragraph(unit.heading, SECOND, 14, line=500, indent=_FIRST_LINE_SMALL, keep=True))
            parts += [paragraph(text, size=14, line=500, indent=_FIRST_LINE_SMALL) for text in unit.numbered]
    if items.legend:
        parts.append(_small(f"标记：{items.legend_words}。"))
    return "".join([*parts, _small(remark)])


_FIRST_LINE = '<w:ind w:firstLine="640" w:firstLineChars="200"/>'
_FIRST_LINE_SMALL = '<w:ind w:firstLine="560" w:firstLineChars="200"/>'


def _small(text: str) -> str:
    return paragraph(text, size=10.5, line=360, align="left")


def plain_table(
    headings: Sequence[str], rows: Iterable[Sequence[str]], widths: Sequence[float], size: float = 9
) -> str:
    """A table with one line of headings; widths in millimetres, every cell from the left."""
    twips = [round(width * _TWIPS_MM) for width in widths]
    cells = [_cell(word, at, LABEL, size, "center") for word, at in zip(headings, twips, strict=True)]
    lines = [_row(cells, heads=True, least=_FLAT_ROW)]
    for row in rows:
        cells = [_cell(word, at, BODY, size, "left") for word, at in zip(row, twips, strict=True)]
        lines.append(_row(cells, least=_FLAT_ROW))
    return _framed(twips, lines)


def _table(table: Table, fitted: Fit) -> str:
    widths = [round(width * _TWIPS_MM) for width in fitted.widths]
    return _framed(widths, [*_head_rows(table, widths, fitted.size), *_rows(table, widths, fitted.size)])


def _framed(widths: Sequence[int], rows: Iterable[str]) -> str:
    edges = "".join(
        f'<w:{edge} w:val="single" w:sz="4" w:space="0" w:color="000000"/>'
        for edge in ("top", "left", "bottom", "right", "insideH", "insideV")
    )
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    return (
        f'<w:tbl><w:tblPr><w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:jc w:val="center"/>'
        f'<w:tblBorders>{edges}</w:tblBorders><w:tblLayout w:type="fixed"/>'
        '<w:tblCellMar><w:left w:w="40" w:type="dxa"/><w:right w:w="40" w:type="dxa"/></w:tblCellMar></w:tblPr>'
        f"<w:tblGrid>{grid}</w:tblGrid>{''.join(rows)}</w:tbl>"
    )


def _head_rows(table: Table, widths: Sequence[int], size: float) -> Iterable[str]:
    for line in range(table.depth):
        cells, place = [], 0
        while place < len(widths):
            head = _over(table.head, line, place)
            width = sum(widths[place : place + head.places])
            merged = ("restart" if head.line == line else "continue") if head.lines > 1 else ""
            text = head.text if head.line == line else ""
            cells.append(_cell(text, width, LABEL, size, "center", span=head.places, merged=merged))
            place += head.places
        yield _row(cells, heads=True)


def _over(head: Sequence[HeadCell], line: int, place: int) -> HeadCell:
    """The heading that covers this line of this column."""
    return next(
        cell
        for cell in head
        if cell.line <= line < cell.line + cell.lines and cell.place <= place < cell.place + cell.places
    )


def _rows(table: Table, widths: Sequence[int], size: float) -> Iterable[str]:
    for row in table.rows:
        yield _row([_body_cell(cell, width, BODY, size) for cell, width in zip(row, widths, strict=True)])
    if table.sums:
        yield _row([_body_cell(cell, width, LABEL, size) for cell, width in zip(table.sums, widths, strict=True)])


def _body_cell(cell: Cell, width: int, font: str, size: float) -> str:
    align = "left" if cell.kind in ("unit", "note") and font == BODY else "center"
    merged = {0: "continue", 1: ""}.get(cell.lines, "restart")
    return _cell(cell.text if cell.lines else "", width, font, size, align, merged=merged)


def _cell(text: str, width: int, font: str, size: float, align: str, *, span: int = 1, merged: str = "") -> str:
    spans = f'<w:gridSpan w:val="{span}"/>' if span > 1 else ""
    merge = f'<w:vMerge w:val="{merged}"/>' if merged else ""
    inner = paragraph(text, font, size, align=align, line=round(size * 26))
    how = f'<w:tcW w:w="{width}" w:type="dxa"/>{spans}{merge}<w:vAlign w:val="center"/>'
    return f"<w:tc><w:tcPr>{how}</w:tcPr>{inner}</w:tc>"


def _row(cells: Iterable[str], *, heads: bool = False, least: int = _ROW) -> str:
    how = f'<w:cantSplit/><w:trHeight w:val="{least}" w:hRule="atLeast"/>{"<w:tblHeader/>" * heads}'
    return f"<w:tr><w:trPr>{how}</w:trPr>{''.join(cells)}</w:tr>"
