"""Looking at a picture in place of a person: what stands in its margins, and where each character of it stands."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby, pairwise

import pdfplumber
from PIL import Image, ImageChops

from reports.typst_engine import typeset

_LINE = 3.0
"""Points: characters whose middles are nearer than this stand on one line."""


@dataclass(frozen=True)
class Letter:
    text: str
    left: float
    right: float
    middle: float


def size_of(png: bytes) -> tuple[int, int]:
    """Width and height in pixels."""
    return Image.open(io.BytesIO(png)).size


def margins_of(png: bytes) -> tuple[int, int, int, int]:
    """How many pixels at the left, top, right and bottom are white all along: 0 means that something is cut."""
    picture = Image.open(io.BytesIO(png)).convert("RGB")
    box = ImageChops.difference(picture, Image.new("RGB", picture.size, "white")).getbbox()
    assert box is not None, "the picture is empty"
    left, top, right, bottom = box
    return left, top, picture.width - right, picture.height - bottom


def letters_of(template: str, data: Mapping[str, object]) -> tuple[float, list[Letter]]:
    """The width of the page in points, and every character on it: the same template, set as PDF."""
    with pdfplumber.open(io.BytesIO(typeset(template, data, as_of_ms=0))) as document:
        (page,) = document.pages
        letters = [
            Letter(char["text"], char["x0"], char["x1"], (char["top"] + char["bottom"]) / 2)
            for char in page.chars
            if not char["text"].isspace()
        ]
        return float(page.width), letters


def text_of(letters: Iterable[Letter]) -> str:
    return "".join(letter.text for letter in letters)


def lines_of(letters: Iterable[Letter]) -> list[str]:
    """What can be read from left to right without going up or down."""
    placed = sorted(letters, key=_place)
    return [text_of(line) for _, line in groupby(placed, key=lambda one: _place(one)[0])]


def collisions(letters: Iterable[Letter]) -> list[tuple[str, str]]:
    """Neighbours on a line that are printed into each other (by more than a kerned pair ever is)."""
    return [
        (one.text, other.text)
        for one, other in pairwise(sorted(letters, key=_place))
        if _place(one)[0] == _place(other)[0] and other.left < one.right - 1.5
    ]


def _place(letter: Letter) -> tuple[int, float]:
    return round(letter.middle / _LINE), letter.left
