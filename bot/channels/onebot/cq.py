"""CQ codes: the string format of OneBot V11 messages (specification: botuniverse/onebot-11, message/string.md).

Only read, never written: what we send is always in array format, so that no text of ours can turn into a code.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

_CODE = re.compile(r"\[CQ:([A-Za-z0-9_.-]+)((?:,[^\[\],]*)*)\]")


def segments_of(written: str) -> list[dict[str, Any]]:
    """A string-format message as segments of the array format; what is no code is text."""
    return list(_segments(written))


def _segments(written: str) -> Iterator[dict[str, Any]]:
    place = 0
    for match in _CODE.finditer(written):
        if match.start() > place:
            yield _text(written[place : match.start()])
        yield {"type": match[1], "data": dict(_fields(match[2]))}
        place = match.end()
    if place < len(written):
        yield _text(written[place:])


def _text(written: str) -> dict[str, Any]:
    return {"type": "text", "data": {"text": _unescaped(written)}}


def _fields(written: str) -> Iterator[tuple[str, str]]:
    for field in written.split(",")[1:]:
        name, _, value = field.partition("=")
        yield name.strip(), _unescaped(value)


def _unescaped(written: str) -> str:
    """The ampersand comes last, or an escaped escape would be read twice."""
    for escape, sign in (("&#44;", ","), ("&#91;", "["), ("&#93;", "]"), ("&amp;", "&")):
        written = written.replace(escape, sign)
    return written
