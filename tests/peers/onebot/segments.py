"""Message segments of OneBot V11: reading what the bot sends, writing what people say."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterable, Mapping
from typing import Any

Json = dict[str, Any]
"""A frame or a part of one. Wire data is untyped by nature; it is checked where it comes in."""

REQUIRED_DATA = {
    "text": ("text",),
    "at": ("qq",),
    "reply": ("id",),
    "image": ("file",),
    "file": ("file",),
    "face": ("id",),
    "node": (),
}
"""The segment types the endpoint accepts, and what each must carry."""


class BadParameters(ValueError):
    """The call does not fit the schema of the action; NapCat answers retcode 1400."""


class ActionFailed(RuntimeError):
    """The call was understood and did not succeed; NapCat answers retcode 1200."""


def text(words: str) -> Json:
    return {"type": "text", "data": {"text": words}}


def at(user_id: int | str) -> Json:
    return {"type": "at", "data": {"qq": str(user_id)}}


def reply(message_id: int) -> Json:
    return {"type": "reply", "data": {"id": str(message_id)}}


def read_message(message: object) -> list[Json]:
    """The segments of a `message` parameter; a plain string counts as one text (no CQ codes).

    Raises BadParameters for anything NapCat's schema refuses, nodes mixed with other segments included.
    """
    if isinstance(message, str):
        return [text(message)] if message else []
    parts = message if isinstance(message, list) else [message]
    segments = [_checked(part) for part in parts]
    nodes = sum(segment["type"] == "node" for segment in segments)
    if nodes not in (0, len(segments)):
        raise BadParameters("转发消息不能和普通消息混在一起发送")
    return segments


def _checked(part: object) -> Json:
    if not isinstance(part, Mapping) or part.get("type") not in REQUIRED_DATA:
        raise BadParameters(f"Key: message, Message: Expected union value, got {part!r:.80}")
    data = part.get("data")
    if not isinstance(data, Mapping):
        raise BadParameters("Key: message.data, Message: Expected object")
    for key in REQUIRED_DATA[part["type"]]:
        if not isinstance(data.get(key), str | int):
            raise BadParameters(f"Key: message.data.{key}, Message: Expected string")
    return {"type": part["type"], "data": dict(data)}


def text_of(segments: Iterable[Json]) -> str:
    """What a person reads: all texts, those inside a merged forward too, one line per node."""
    words: list[str] = []
    for segment in segments:
        if segment["type"] == "text":
            words.append(str(segment["data"]["text"]))
        elif segment["type"] == "node":
            words.append(text_of(read_message(segment["data"].get("content", []))) + "\n")
    return "".join(words)


def quote_in(segments: Iterable[Json]) -> int | None:
    """The id of the message these segments quote."""
    for segment in segments:
        if segment["type"] == "reply":
            return int(segment["data"]["id"])
    return None


def content_of(source: object) -> bytes:
    """The bytes of a `base64://` source.

    A path names a file on the bot's disk, which the endpoint cannot see: ActionFailed, as in two containers.
    """
    if not isinstance(source, str) or not source.startswith("base64://"):
        raise ActionFailed(f"识别URL失败, uri= {source!s:.60}")
    try:
        return base64.b64decode(source.removeprefix("base64://"), validate=True)
    except binascii.Error as broken:
        raise ActionFailed(f"base64 解码失败: {broken}") from broken


def raw_message(segments: Iterable[Json]) -> str:
    """The CQ string NapCat puts beside the array."""
    return "".join(_cq(segment) for segment in segments).strip()


def _cq(segment: Json) -> str:
    if segment["type"] == "text":
        return _escaped(segment["data"]["text"])
    fields = [f"{key}={_escaped(str(value)).replace(',', '&#44;')}" for key, value in segment["data"].items()]
    return f"[CQ:{','.join([segment['type'], *fields])}]"


def _escaped(words: str) -> str:
    return words.replace("&", "&amp;").replace("[", "&#91;").replace("]", "&#93;")
