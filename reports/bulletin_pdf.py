"""The bulletin as a PDF, set from the same `Bulletin` as the Word document and with the same measures."""

from __future__ import annotations

from pathlib import Path

from domain.board_table import Cell, Table
from domain.bulletin import Bulletin, day_in_words
from domain.bulletin_marks import Listing
from domain.bulletin_parts import Sentence, text_of
from reports.bulletin_page import fit, title_lines
from reports.fonts import missing_glyphs
from reports.typst_engine import typeset


def write_pdf(bulletin: Bulletin, folder: Path | None = None) -> bytes:
    """The PDF; `folder` has the office's own typefaces. The same bulletin is the same bytes."""
    return typeset("bulletin", _data(bulletin), as_of_ms=bulletin.as_of_ms, folder=folder)


def unprintable(bulletin: Bulletin, folder: Path | None = None) -> set[str]:
    """The characters of a bulletin that no typeface has: they would be empty boxes in the PDF."""
    return missing_glyphs("".join(_words(_data(bulletin))), folder)


def _words(value: object) -> list[str]:
    if isinstance(value, str):
        return [value]
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [word for part in parts for word in _words(part)]


def _data(bulletin: Bulletin) -> dict[str, object]:
    """What the template prints, as plain data."""
    return {
        "head": bulletin.head,
        "number": bulletin.number,
        "title": list(bulletin.title),
        "addressees": bulletin.addressees,
        "body": [*_lines(bulletin.opening), *_sections(bulletin)],
        "annexes": list(bulletin.annexes),
        "signer": bulletin.signer,
        "day": day_in_words(bulletin.day),
        "contact": bulletin.contact,
        "tables": [_table(table) for table in bulletin.tables],
        "listing": _listing(bulletin.listing) if bulletin.listing else None,
        "copies": bulletin.copies,
        "printer": bulletin.printer or bulletin.signer,
        "remark": bulletin.remark,
    }


def _lines(sentences: tuple[Sentence, ...], *, heading: bool = False) -> list[dict[str, object]]:
    return [{"text": text_of(sentence), "heading": heading} for sentence in sentences]


def _sections(bulletin: Bulletin) -> list[dict[str, object]]:
    return [
        line
        for section in bulletin.sections
        for line in (*_lines(((section.heading,),), heading=True), *_lines(section.paragraphs))
    ]


def _table(table: Table) -> dict[str, object]:
    fitted = fit(table) if table.columns else None
    return {
        "title": list(title_lines(table.title)),
        "size": fitted.size if fitted else 0,
        "widths": list(fitted.widths) if fitted else [],
        "turned": bool(fitted and fitted.turned),
        "depth": table.depth,
        "head": [
            {"text": cell.text, "x": cell.place, "y": cell.line, "columns": cell.places, "rows": cell.lines}
            for cell in table.head
        ],
        "rows": [[_cell(cell) for cell in row] for row in table.rows],
        "sums": [_cell(cell) for cell in table.sums],
        "apart": f"{table.apart_title}：{'、'.join(table.apart)}" if table.apart else "",
        "clause": f"{table.clause}。" if table.clause else "",
    }


def _cell(cell: Cell) -> dict[str, object]:
    return {"text": cell.text, "lines": cell.lines, "left": cell.kind in ("unit", "note")}


def _listing(listing: Listing) -> dict[str, object]:
    classes = [
        {"name": name, "units": [{"name": unit.heading, "lines": list(unit.numbered)} for unit in units]}
        for name, units in listing.classes
    ]
    return {"title": [listing.title], "classes": classes, "legend": listing.legend_words}
