"""How people refer to a commission in a command (约18), and how a message opens that answers one (#约18). Pure; which
one it is, the store knows. The mark inside an item is a tag (`domain.tags`)."""

from __future__ import annotations

import re

_NUMBER = r"(?:20\d\d ?[-—–年] ?)?\d{1,6}(?!\d)"
_OPENS_WITH = re.compile(rf"\s*[#＃]\s*约稿?\s*{_NUMBER}")
_WRITTEN_OUT = re.compile(r"约 20\d\d-\d{3,6}(?!\d)")
_REFERENCE = re.compile(rf"[#＃]? ?(?:约稿?)? ?({_NUMBER})号?#?[ ,，、:：]*")


def is_marked(text: str) -> bool:
    """Whether a text opens with the mark of a commission, which no chatter does."""
    return _OPENS_WITH.match(text) is not None


def is_number(words: str) -> bool:
    """Whether words are a number as it is written out: `约 2026-018`."""
    return _WRITTEN_OUT.fullmatch(words) is not None


def find_number(text: str) -> str:
    """The first number that is written out in a text; '' if there is none."""
    match = _WRITTEN_OUT.search(text)
    return match[0] if match else ""


def split_reference(words: str) -> tuple[str, str]:
    """The number a command's words begin with ('' if they begin with none), and the words behind it."""
    match = _REFERENCE.match(words.strip())
    return (match[1], words.strip()[match.end() :].strip()) if match else ("", words.strip())
