"""A class's board as a picture for the chat, readable on a phone.

Widths are worked out here from the texts themselves, so that no figure is ever cut or broken: a table of many columns
gets a wider picture, an overlong name takes two lines.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path

from domain.board_layout import Figure, Layout, Span, Term
from domain.board_table import Cell, Table, table_of
from domain.snapshot import ClassBoard, Snapshot
from reports.layouts import SCOREBOARD, layout_named
from reports.picture import Picture, as_of, drawn, ems, fingerprint
from reports.typst_engine import PPI

NARROWEST = 520
"""Points: on a phone of 390 points a 16 point letter of such a picture is 12 points high."""

SIZE = 16
_MARGINS = 28
_NAME_AT_MOST, _NAME_AT_LEAST = 16.0, 5.5
_INSET = 0.6
"""In ems: the room on both sides of a cell together."""

_FEW = 8
"""Columns a phone shows at a glance; a table with more gets lines between them, and no bars."""

_LONG = 60
"""Rows of a picture at full sharpness (650 KB); a longer one has fewer pixels, so that it can still be sent."""

_NAMES = ("unit", "short", "class", "note")


def scoreboard_png(
    snapshot: Snapshot, board: ClassBoard, layout: Layout | None = None, folder: Path | None = None
) -> Picture:
    """The picture of one class. `folder` has the office's own typefaces. Equal snapshots give equal bytes."""
    table = table_of(snapshot, board, layout or layout_named(SCOREBOARD))
    ppi = PPI * math.sqrt(_LONG / max(_LONG, len(table.rows)))
    return drawn("board", data_of(snapshot, board, table), folder, ppi)


def data_of(snapshot: Snapshot, board: ClassBoard, table: Table) -> dict[str, object]:
    """What the template `board` is told: every text ready, every width given."""
    widths = _widths(table)
    natural = SIZE * sum(widths) + _MARGINS
    main = _main(table)
    return {
        "width": max(NARROWEST, math.ceil(natural)),
        "size": SIZE,
        "air": 0.42 if len(table.rows) <= 20 else 0.3,
        "title": table.title,
        "class": "" if board.name in table.title else board.name,
        "as_of": as_of(snapshot),
        "depth": table.depth,
        "main": main,
        "ruled": len(table.columns) > _FEW,
        "columns": [
            {"kind": column.kind, "width": None if _stretches(table, place, natural) else widths[place]}
            for place, column in enumerate(table.columns)
        ],
        "head": [
            {"text": cell.text, "line": cell.line, "place": cell.place, "lines": cell.lines, "places": cell.places}
            for cell in table.head
        ],
        "rows": [
            [_cell(cell, share) for cell in row] for row, share in zip(table.rows, _shares(table, main), strict=True)
        ],
        "sums": [_cell(cell, None) for cell in table.sums],
        "clause": table.clause,
        "apart": f"{table.apart_title}：{'、'.join(table.apart)}" if table.apart else "",
        "foot": f"{snapshot.office}　校验码 {fingerprint(snapshot)}",
    }


def _cell(cell: Cell, share: int | None) -> dict[str, object]:
    place = cell.value if cell.kind == "rank" and cell.value else 0
    return {"kind": cell.kind, "text": cell.text, "lines": cell.lines, "place": place, "share": share}


def _main(table: Table) -> int | None:
    """The column of the period's points, which the eye is led to."""
    spans: tuple[Span, ...] = ("period", "year")
    wanted = (Figure((Term("points", span),)) for span in spans)
    figures = [column.figure for column in table.columns]
    return next((figures.index(figure) for figure in wanted if figure in figures), None)


def _shares(table: Table, main: int | None) -> Sequence[int | None]:
    """The length of the bar below each name, in percent of the longest; a wide table is full enough without bars."""
    if main is None or len(table.columns) > _FEW:
        return [None] * len(table.rows)
    points = [row[main].value or 0 for row in table.rows]
    most = max([1, *points])
    return [max(0, 100 * one // most) for one in points]


def _stretches(table: Table, place: int, natural: float) -> bool:
    """Whether this column takes the room a narrow table leaves: the first one of names."""
    first = next((at for at, column in enumerate(table.columns) if column.kind in _NAMES), 0)
    return natural < NARROWEST and place == first


def _widths(table: Table) -> list[float]:
    """The width of each column in ems."""
    return [_width(table, place) for place in range(len(table.columns))]


def _width(table: Table, place: int) -> float:
    cells = [row[place].text for row in (*table.rows, *([table.sums] if table.sums else ()))]
    longest = max(map(ems, cells), default=0.0)
    heading = _heading(table.columns[place].heading[-1])
    if table.columns[place].kind in _NAMES:
        longest = min(max(longest, _NAME_AT_LEAST), _NAME_AT_MOST)
    return max(longest, heading) + _INSET


def _heading(text: str) -> float:
    """Room for a heading: up to four characters on one line, longer ones on several."""
    whole = ems(text)
    lines = 1 if whole <= 4 else 2 if whole <= 8 else 3
    return math.ceil(whole / lines) * 0.95
