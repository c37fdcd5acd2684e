"""Pictures that come with a message: what is one, how many and how large, and what became of each."""

from __future__ import annotations

from dataclasses import dataclass, field

MEGABYTE = 1024 * 1024

MOST = 9
"""Pictures of one message that are kept."""

LARGEST = 10 * MEGABYTE
TOGETHER = 20 * MEGABYTE
"""Bytes of one picture, and of all pictures of one message: as much as one file."""

_OPENINGS = ((b"\xff\xd8\xff", "jpg"), (b"\x89PNG\r\n\x1a\n", "png"), (b"GIF8", "gif"), (b"BM", "bmp"))


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture that was fetched; `kind` is the ending its name should have."""

    kind: str
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Pictures:
    """What was fetched, and of each picture that was not, which one it is and why, in words for the sender."""

    kept: tuple[Picture, ...] = ()
    missed: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.kept or self.missed)


NONE = Pictures()


def kind_of(content: bytes) -> str:
    """The kind of a picture by its first bytes, whatever it is called; '' if it is none."""
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "webp"
    return next((kind for opening, kind in _OPENINGS if content.startswith(opening)), "")
