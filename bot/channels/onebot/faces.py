"""QQ's own signs as words: faces and stickers in a message, and what people put on a message of ours. Pure.

A face has a number alone on the wire; a sticker has a name in brackets; a sign put on a message is the number of a face
or that of an emoji (NapCat: notice `group_msg_emoji_like`).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from domain.receipt import is_politeness

FACES = {
    "76": "[赞]",
    "78": "[握手]",
    "79": "[胜利]",
    "118": "[抱拳]",
    "124": "[OK]",
    "201": "[点赞]",
    "282": "[敬礼]",
}
"""The faces that say something to an office; all others say nothing."""

# Below this stand letters, digits and signs: nobody puts them on a message.
FIRST_EMOJI, LAST_EMOJI = 0x2190, 0x1FAFF


def face_word(kind: object, data: Mapping[str, Any]) -> str:
    """The word of a segment: `[OK]`, `[收到]`; '' if it is neither a face nor a sticker that
    nods or thanks."""
    if kind == "face":
        return FACES.get(str(data.get("id")), "")
    # NapCat shows a sticker as an image that knows its set, others as `mface`.
    if kind == "mface" or (kind == "image" and data.get("emoji_package_id")):
        name = str(data.get("summary") or "")
        return name if name.startswith("[") and is_politeness(name) else ""
    return ""


def sign_word(number: object) -> str:
    """The word of a sign put on a message, by its number (`124`, `128076`); '' if it says nothing."""
    written = str(number)
    if written in FACES:
        return FACES[written]
    if not written.isascii() or not written.isdecimal() or len(written) > len(str(LAST_EMOJI)):
        return ""
    point = int(written)
    return chr(point) if FIRST_EMOJI <= point <= LAST_EMOJI and not 0xD800 <= point <= 0xF8FF else ""
