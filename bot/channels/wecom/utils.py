"""Texts: cut by bytes, mentions taken off, ids joined. Pure."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable, Mapping
from typing import Any

_MENTION = re.compile(r"\A\s*@\S+(?:\s{1,2}|\Z)")
_ROOM_FOR_NUMBER = 16


def strip_mention(text: str, name: str = "") -> str:
    """The text without the leading @ of the bot. Names may hold spaces, so the configured one is tried first."""
    stripped = text.lstrip()
    mention = f"@{name}"
    if name and stripped.startswith(mention):
        rest = stripped[len(mention) :]
        if not rest or rest[0].isspace():
            return rest.lstrip()
    return _MENTION.sub("", text, count=1).lstrip()


def cut_bytes(text: str, limit: int) -> str:
    """As much of the text as fits into `limit` bytes of UTF-8, never half a character."""
    encoded = text.encode("utf-8", "replace")
    return text if len(encoded) <= limit else encoded[:limit].decode("utf-8", "ignore")


def split_text(text: str, limit: int, *, numbered: bool = True) -> list[str]:
    """The text in parts of at most `limit` bytes, at line ends where possible, numbered (1/3) if there are several."""
    text = text.encode("utf-8", "replace").decode()
    if len(text.encode()) <= limit:
        return [text]
    parts = _pieces(text, limit - _ROOM_FOR_NUMBER if numbered else limit)
    if not numbered:
        return parts
    return [f"({number}/{len(parts)}) {part}" for number, part in enumerate(parts, start=1)]


def _pieces(text: str, limit: int) -> list[str]:
    parts = []
    while text:
        part = cut_bytes(text, limit)
        newline = part.rfind("\n")
        if len(part) < len(text) and newline > len(part) // 2:
            part = part[: newline + 1]
        part = part or text[0]
        parts.append(part.rstrip("\n") or part)
        text = text[len(part) :]
    return parts


def request_id(command: str) -> str:
    """A request id as the service's own SDK makes them."""
    return f"{command}_{secrets.token_hex(8)}"


def stream_id() -> str:
    """A new one for every message: reused ids overwrite the earlier bubble."""
    return f"stream_{secrets.token_hex(12)}"


def joined(ids: Iterable[str]) -> str:
    """Ids as message/send wants them. Raises ValueError on one that would become two."""
    listed = list(ids)
    if any(not one or "|" in one for one in listed):
        raise ValueError("an id is empty or holds a |")
    return "|".join(listed)


def listed(value: Any) -> tuple[str, ...]:
    """Ids in an answer: `a|b` from message/send, an array from update_template_card."""
    if isinstance(value, str):
        return tuple(one for one in value.split("|") if one)
    return tuple(str(one) for one in value) if isinstance(value, list) else ()


def without_empty(fields: Mapping[str, Any]) -> dict[str, Any]:
    """The fields that say something."""
    return {name: value for name, value in fields.items() if value not in ("", None, [], {})}
