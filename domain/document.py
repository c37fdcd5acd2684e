"""A written piece as it was read out of a file that a reporter dropped into the chat."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Document:
    """What a file says.

    `title` is one line of at most 100 characters, `body` the paragraphs under it, one a line, without blank
    lines (empty when the file holds nothing but a title). `kind` is what the file really was, whatever its
    extension said: 'docx', 'doc', 'pdf', 'txt' or 'rtf'. `aside` is everything else that can be read in the
    file: the lines above the title, headers, footers, notes, comments and deleted text. A mark of secrecy
    likes to stand there, so the door screens it with the rest (`all_text`); it belongs to no item and is
    not stored.
    """

    title: str
    body: str
    kind: str
    aside: str = ""

    @property
    def all_text(self) -> str:
        """Every word of the file, for the screening at the door."""
        return "\n".join((self.title, self.body, self.aside))
