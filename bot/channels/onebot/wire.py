"""OneBot V11 frames as messages. Pure; the dialect is NapCat's (array format), the specification botuniverse/onebot-11.

A frame is read before NoneBot builds an event of it: that is ten times cheaper, and nothing of a message that is not
for us is ever copied.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from domain.speech import FileRef, Incoming

PLATFORM = "onebot"

Frame = Mapping[str, Any]


def read_frame(frame: Frame, self_id: str) -> Incoming | None:
    """The message in a frame; None if it holds none that concerns us (own messages, notices, broken fields)."""
    try:
        kind = frame.get("post_type")
        if kind == "message":
            return _message(frame, self_id)
        if kind == "notice" and frame.get("notice_type") == "group_upload":
            return _upload(frame, self_id)
    except (KeyError, TypeError, ValueError, AttributeError):
        return None
    return None


def _message(frame: Frame, self_id: str) -> Incoming | None:
    account = str(frame["user_id"])
    group = _group(frame)
    if account == self_id:
        return None
    text, mentioned, quote, file = _segments(frame["message"], self_id)
    sender = frame.get("sender") or {}
    message_id = str(frame["message_id"])
    return Incoming(
        platform=PLATFORM,
        bot_id=self_id,
        key=_message_key(frame, group, account, message_id),
        group=group,
        account=account,
        name=str(sender.get("card") or sender.get("nickname") or ""),
        message_id=message_id,
        at_ms=int(frame["time"]) * 1000,
        text=text,
        addressed=mentioned,
        quote=quote,
        file=file,
    )


def _group(frame: Frame) -> str:
    return str(frame["group_id"]) if frame.get("message_type") == "group" else ""


def _message_key(frame: Frame, group: str, account: str, message_id: str) -> str:
    """The natural key. A message id is an md5 cut to 31 bits and can collide, so chat, sender and time go with it."""
    return f"m:{group}:{account}:{message_id}:{frame['time']}"


def _segments(message: object, self_id: str) -> tuple[str, bool, str, FileRef | None]:
    """(text, whether the bot was mentioned, quoted message id, file) of a message in array or string format."""
    if isinstance(message, str):
        return message, False, "", None
    parts: list[str] = []
    mentioned, quote, file = False, "", None
    for segment in message if isinstance(message, list) else ():
        data = segment.get("data") or {}
        match segment.get("type"):
            case "text":
                parts.append(str(data.get("text", "")))
            case "at" if str(data.get("qq")) == self_id:
                mentioned = True
            case "at":
                parts.append(f"@{data.get('name') or data.get('qq')} ")
            case "reply":
                quote = str(data.get("id", ""))
            case "file":
                file = _file(data)
    return "".join(parts), mentioned, quote, file


def _file(data: Mapping[str, Any]) -> FileRef:
    """A file segment: its size comes as a string, its name as `file` or `name`."""
    return FileRef(
        name=str(data.get("name") or data.get("file") or ""),
        size=int(data.get("file_size") or data.get("size") or 0),
        file_id=str(data.get("file_id") or data.get("id") or ""),
        busid=str(data.get("busid") or ""),
        url=str(data.get("url") or ""),
    )


def _upload(frame: Frame, self_id: str) -> Incoming | None:
    """The second announcement of a group file, as a notice with another id for the same file."""
    file = frame["file"]
    group, account = str(frame["group_id"]), str(frame["user_id"])
    if account == self_id:
        return None
    ref = FileRef(
        name=str(file["name"]), size=int(file["size"]), file_id=str(file["id"]), busid=str(file.get("busid", ""))
    )
    return Incoming(
        platform=PLATFORM,
        bot_id=self_id,
        key=f"u:{group}:{account}:{ref.file_id}:{frame['time']}",
        group=group,
        account=account,
        name="",
        message_id="",
        at_ms=int(frame["time"]) * 1000,
        text="",
        file=ref,
    )


def write_segments(text: str, quote: str) -> list[dict[str, Any]]:
    """A message to send, in array format; strings in it are never read as CQ codes."""
    segments: list[dict[str, Any]] = []
    if quote:
        segments.append({"type": "reply", "data": {"id": quote}})
    segments.append({"type": "text", "data": {"text": text}})
    return segments
