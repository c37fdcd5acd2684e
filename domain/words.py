"""The spelling of what people type: one form for commands, a clean but faithful form for bodies.

Three strengths, because a command may be rewritten freely and a body must not be:

    tidy_line   a command line: full NFKC, one blank between words, no line breaks
    tidy        a whole message that is still to be taken apart: letters, digits, slash, colon and blanks in
                their ASCII form, line breaks kept, Chinese punctuation kept
    tidy_body   a body to be stored: only what nobody can see is taken out
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Iterable

# Zero-width characters, soft hyphen, bidirectional controls, byte order mark, language tags. Variation
# selectors are left alone: they choose the picture of an emoji and hide nothing.
INVISIBLE = r"\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\U000e0000-\U000e007f"

# Lone surrogates cannot be stored as UTF-8, so they go with the control characters.
_UNSEEN = re.compile(rf"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff{INVISIBLE}]")
_LINE_BREAK = re.compile(r"\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
_TRAILING_BLANKS = re.compile(r"[^\S\n]+(?=\n|\Z)")
_MANY_BLANK_LINES = re.compile(r"\n{4,}")

_FULL_WIDTH = "／：＃＠－＋．＿＝＊％＆～｜＜＞０１２３４５６７８９"
_LETTERS = "".join(chr(code) for code in (*range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B)))
_TYPED = str.maketrans(
    {char: unicodedata.normalize("NFKC", char) for char in _FULL_WIDTH + _LETTERS}
    | dict.fromkeys("\t\u00a0\u3000", " ")
)

_LONGEST_COMMAND = 32


def _seen(text: str) -> str:
    """`text` with line breaks as \\n and without what nobody can see."""
    return _UNSEEN.sub("", _LINE_BREAK.sub("\n", text))


def tidy(text: str) -> str:
    """A message ready to be taken apart: ASCII letters, digits, slash; lines and Chinese punctuation stay."""
    return _seen(text).translate(_TYPED).strip()


def tidy_line(line: str) -> str:
    """A command line in NFKC with single blanks: `／ｒａｎｋ　２０２６－１０` becomes `/rank 2026-10`."""
    return " ".join(unicodedata.normalize("NFKC", _seen(line)).split())


def tidy_body(text: str) -> str:
    """A body fit to be stored and shown: nothing invisible, no trailing blanks, two blank lines at most.

    Punctuation, full-width forms and the indent of paragraphs stay as they were written.
    """
    lines = _TRAILING_BLANKS.sub("", _seen(text).replace("\t", " "))
    return _MANY_BLANK_LINES.sub("\n\n\n", lines).strip("\n")


def shorten(text: str, width: int) -> str:
    """`text` on one line in at most `width` characters; what was cut is shown as `…`."""
    line = " ".join(text.split())
    if len(line) <= width:
        return line
    return line[: width - 1].rstrip() + "…" if width > 0 else ""


def nearest(word: str, names: Iterable[str]) -> str | None:
    """The one of `names` somebody most likely meant by `word`, or None if none comes close.

    Half of a two-character Chinese command is enough (帮忙 for 帮助); longer words must agree in most of it.
    """
    spelled = tidy_line(word).casefold()
    if not spelled or len(spelled) > _LONGEST_COMMAND:
        return None
    by_spelling = {name.casefold(): name for name in names}
    close = difflib.get_close_matches(spelled, by_spelling, n=1, cutoff=0.5 if len(spelled) <= 2 else 0.6)
    return by_spelling[close[0]] if close else None
