"""What pictures for the chat have in common: how they are drawn, what stands below them, what their texts miss."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from domain.moment import from_ms
from domain.snapshot import Snapshot, hash_of, to_bytes
from reports.fonts import missing_glyphs
from reports.typst_engine import PPI, draw

LETTER = 0.58
"""The width of a Latin letter or a digit, in ems."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A PNG. `missing` are the characters no typeface has: they stand as empty boxes, somebody has to be told."""

    png: bytes
    missing: tuple[str, ...]


def drawn(template: str, told: dict[str, object], folder: Path | None, ppi: float = PPI) -> Picture:
    """A template of one page as a picture, with what its texts miss."""
    (png,) = draw(template, told, folder=folder, ppi=ppi)
    return Picture(png, tuple(sorted(missing_glyphs("".join(_texts(told)), folder))))


def as_of(snapshot: Snapshot) -> str:
    """`截至 11月23日 09:41`; the year is said when it is not that of the board."""
    moment = from_ms(snapshot.as_of_ms)
    year = f"{moment.year}年" if moment.year != snapshot.last.year else ""
    return f"截至 {year}{moment.month}月{moment.day}日 {moment:%H:%M}"


def fingerprint(snapshot: Snapshot) -> str:
    """The short form of the snapshot's hash that is printed on pictures."""
    return hash_of(to_bytes(snapshot))[:8]


def _texts(told: object) -> Iterable[str]:
    if isinstance(told, str):
        yield told
    elif isinstance(told, dict):
        yield from (text for value in told.values() for text in _texts(value))
    elif isinstance(told, list | tuple):
        yield from (text for value in told for text in _texts(value))


def ems(text: str) -> float:
    """About how wide a text is, in ems: rather more than too little."""
    return sum(1.0 if unicodedata.east_asian_width(letter) in "WFA" else LETTER for letter in text)
