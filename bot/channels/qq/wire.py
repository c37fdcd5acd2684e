"""Payloads of the official QQ bot as messages, and texts as it will take them. Pure; shapes as of nonebot-adapter-qq
1.7.3 (Tencent's group and C2C message events; quotes: its page `c2c_message_create`).

A person has one id in private (`user_openid`) and another in each group (`member_openid`, here `group/member`, see
`has_private_chat`); neither is a QQ number. The platform lets a bot answer a message for some minutes only, so a
message id here carries its time: `<id>@<ms>`.
"""

from __future__ import annotations

import html
import re
import zlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from domain.moment import ZONE, to_ms
from domain.reference import find_number
from domain.speech import FileRef, Incoming

PLATFORM = "qq"

PRIVATE = "C2C_MESSAGE_CREATE"
GROUP = frozenset({"GROUP_AT_MESSAGE_CREATE", "GROUP_MESSAGE_CREATE"})
MENTIONS_US = "GROUP_AT_MESSAGE_CREATE"

QUOTES = 103
"""The `message_type` of a message that quotes another."""

SOMETHING_ELSE = "?"
"""What stands for a quote of a message that names no commission."""

LONGEST_ID = 200
LARGEST_SIZE = 2**53

_MENTION = re.compile(r"<@!?([0-9A-Za-z_-]{1,128})>")
_FACE = re.compile(r"<faceType=\d+,[^<>]*>")
_LINK = re.compile(r"(?:https?://|www\.)[^\s，。；、）】》]+", re.I)
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")

Data = Mapping[str, Any]


def read_dispatch(kind: str, data: object, bot_id: str) -> Incoming | None:
    """The message in an event; None if it holds none that concerns us (other events, bots, broken fields)."""
    if not isinstance(data, Mapping) or (kind != PRIVATE and kind not in GROUP):
        return None
    try:
        return _message(kind, data, bot_id)
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError):
        return None


def _message(kind: str, data: Data, bot_id: str) -> Incoming | None:
    author: Data = data["author"]
    if author.get("bot") is True:
        return None
    at_ms = _time_ms(data["timestamp"])
    said = _id_of(data["id"])
    text, mentioned = _text(data)
    group = _id_of(data["group_openid"]) if kind in GROUP else ""
    return Incoming(
        platform=PLATFORM,
        bot_id=bot_id,
        # The same message comes as two kinds of event where the bot may read everything; its own id is one.
        key=f"m:{said}",
        group=group,
        account=f"{group}/{_id_of(author['member_openid'])}" if group else _id_of(author["user_openid"]),
        name=_clean(str(author.get("username") or ""))[:LONGEST_ID],
        message_id=f"{said}@{at_ms}",
        at_ms=at_ms,
        text=text,
        addressed=mentioned or kind == MENTIONS_US,
        quote=_quoted(data),
        file=_file(data.get("attachments")),
    )


def _id_of(value: object) -> str:
    if not isinstance(value, str) or not value.strip() or len(value) > LONGEST_ID:
        raise ValueError("no id")
    return _clean(value)


def _time_ms(written: object) -> int:
    """UTC ms of an ISO time; one without a zone is Beijing's."""
    moment = datetime.fromisoformat(str(written))
    return to_ms(moment if moment.tzinfo else moment.replace(tzinfo=ZONE))


def _clean(written: str) -> str:
    """Text a database can hold: no NUL, no half of an emoji."""
    return written.replace("\0", "").encode("utf-8", "replace").decode("utf-8")


def _text(data: Data) -> tuple[str, bool]:
    """(what was written, whether the bot was mentioned in it)."""
    people: dict[str, str] = {}
    ours: set[str] = set()
    mentions = data.get("mentions")
    for mention in mentions if isinstance(mentions, list) else ():
        if isinstance(mention, Mapping):
            known = {str(mention[key]) for key in ("id", "member_openid") if mention.get(key)}
            people |= dict.fromkeys(known, str(mention.get("username") or ""))
            if mention.get("is_you") is True and mention.get("scope") != "all":
                ours |= known

    def readable(match: re.Match[str]) -> str:
        return "" if match[1] in ours else f"@{people.get(match[1]) or '某人'} "

    written = _MENTION.sub(readable, _FACE.sub("", str(data.get("content") or "")))
    text = _clean(html.unescape(written))
    return (text.lstrip() if ours else text), bool(ours)


def _quoted(data: Data) -> str:
    """The number of the commission in the message that is quoted; '' without a quote. The platform tells what stood
    there (`msg_elements`) and an index of its own, but not the id it gave when that message was sent."""
    if data.get("message_type") != QUOTES:
        return ""
    elements = data.get("msg_elements")
    said = (one.get("content") for one in (elements if isinstance(elements, list) else ()) if isinstance(one, Mapping))
    return next((number for number in map(find_number, map(str, said)) if number), SOMETHING_ELSE)


def _file(attachments: object) -> FileRef | None:
    """The first attachment that is a document: pictures, voice and video are none."""
    for attachment in attachments if isinstance(attachments, list) else ():
        if not isinstance(attachment, Mapping) or not attachment.get("url"):
            continue
        kind = str(attachment.get("content_type") or "").partition("/")[0]
        if kind in {"image", "voice", "audio", "video"}:
            continue
        url = str(attachment["url"])
        return FileRef(
            name=_clean(str(attachment.get("filename") or "")),
            size=_size(attachment.get("size")),
            file_id="",
            url=url if "://" in url else f"https://{url.lstrip('/')}",
        )
    return None


def _size(value: object) -> int:
    return value if isinstance(value, int) and 0 <= value < LARGEST_SIZE else 0


def answered_message(quote: str) -> tuple[str, int]:
    """(the platform's id, UTC ms) of the message an answer quotes; ('', 0) if it quotes none."""
    said, _, at_ms = quote.rpartition("@")
    return (said, int(at_ms)) if said and at_ms.isascii() and at_ms.isdecimal() else ("", 0)


def sequence_of(text: str) -> int:
    """The `msg_seq` of an answer: different for different answers to a message, the same for the same answer, so
    that the platform itself drops one that was sent twice."""
    return zlib.crc32(text.encode("utf-8", "replace")) % 1_000_000 + 1


def write_text(text: str) -> str:
    """A text as the platform takes it: a link that is not registered there has the whole message refused, so links
    are written so that people can read and nobody can click them."""
    plain = _CONTROL.sub("", text.replace("\r\n", "\n"))
    return _LINK.sub(lambda link: link[0].rpartition("://")[2].replace(".", "．"), plain)
