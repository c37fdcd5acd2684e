"""Tables on a terminal, where a Chinese character is two columns wide."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence


def columns(cells: Sequence[str], widths: Sequence[int]) -> str:
    """One line of a table; a cell that is too wide pushes the others on."""
    padded = (cell + " " * max(1, width - _width(cell)) for cell, width in zip(cells, widths, strict=True))
    return "".join(padded).rstrip()


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)
