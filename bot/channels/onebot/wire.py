"""OneBot V11 frames as messages. Pure; the dialect is NapCat's (array format), the specification botuniverse/onebot-11.

A frame is read before NoneBot builds an event of it: that is ten times cheaper, and nothing of a message that is not
for us is ever copied. Whatever the wire brings, reading it never raises.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import orjson

from bot.channels.onebot.cq import segments_of
from bot.channels.onebot.faces import face_word, sign_word
from domain.speech import FileRef, Incoming, Mention

PLATFORM = "onebot"

Frame = Mapping[str, Any]

# Ids and times beyond these are no platform's; the database could not hold them.
LONGEST_ID = 64
LATEST_TIME = 4_102_444_800
LARGEST_SIZE = 2**53


def parse_frame(raw: object) -> dict[str, Any] | None:
    """The JSON object in a frame or a request's body; None if there is none."""
    if not isinstance(raw, str | bytes):
        return None
    try:
        frame = orjson.loads(raw)
    except orjson.JSONDecodeError:
        frame = _parse_leniently(raw)
    return frame if isinstance(frame, dict) else None


def _parse_leniently(raw: str | bytes) -> object:
    """JavaScript endpoints cut emoji in half and escape the halves; such a message is still a message."""
    try:
        return json.loads(raw)
    except (ValueError, RecursionError):
        return None


def read_frame(frame: Frame, self_id: str) -> Incoming | None:
    """The message in a frame of this account; None if it holds none that concerns us.

    Own messages (`message_sent`), other notices, another account's frames and broken fields do not concern us.
    """
    if str(frame.get("self_id", self_id)) != self_id:
        return None
    try:
        kind = frame.get("post_type")
        if kind == "message":
            return _message(frame, self_id)
        if kind == "notice" and frame.get("notice_type") == "group_upload":
            return _upload(frame, self_id)
        if kind == "notice" and frame.get("notice_type") == "group_msg_emoji_like":
            return _sign(frame, self_id)
    except (LookupError, TypeError, ValueError, AttributeError, OverflowError):
        return None
    return None


def read_history(message: object, group: str, self_id: str) -> Incoming | None:
    """A message of `get_group_msg_history`, with the same key as when it came live.

    The answer is built from the same message, but endpoints may leave out what goes without saying.
    """
    if not isinstance(message, Mapping):
        return None
    implied = {"post_type": "message", "message_type": "group", "group_id": group}
    return read_frame({**implied, **message}, self_id)


def said_by(message: object) -> tuple[str, str, int]:
    """(account, plain text, UTC ms) of a message in a history; ('', '', 0) if it cannot be read."""
    if not isinstance(message, Mapping):
        return "", "", 0
    try:
        text, _, _, _ = _segments(message.get("message"), "")
        return _id_of(message["user_id"]), text, _time_ms(message["time"])
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError):
        return "", "", 0


def _message(frame: Frame, self_id: str) -> Incoming | None:
    account = _id_of(frame["user_id"])
    group = _id_of(frame["group_id"]) if frame.get("message_type") == "group" else ""
    if account == self_id:
        return None
    text, mentioned, quote, file = _segments(frame["message"], self_id)
    message_id, at_ms = _id_of(frame["message_id"]), _time_ms(frame["time"])
    return Incoming(
        platform=PLATFORM,
        bot_id=self_id,
        key=_message_key(group, account, message_id, at_ms),
        group=group,
        account=account,
        name=_name(frame.get("sender")),
        message_id=message_id,
        at_ms=at_ms,
        text=text,
        addressed=mentioned,
        quote=quote,
        file=file,
    )


def _message_key(group: str, account: str, message_id: str, at_ms: int) -> str:
    """The natural key. A message id is an md5 cut to 31 bits and can collide, so chat, sender and time go with it."""
    return f"m:{group}:{account}:{message_id}:{at_ms // 1000}"


def _id_of(value: object) -> str:
    """An id as text: a number or a short string that is not blank. Raises ValueError."""
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise ValueError("no id")
    written = str(value) if isinstance(value, int) else _clean(value).strip()
    if not written or len(written) > LONGEST_ID:
        raise ValueError("no id")
    return written


def _time_ms(value: object) -> int:
    """UTC ms of the frame's seconds. Raises ValueError, TypeError or OverflowError."""
    seconds = int(value)  # type: ignore[call-overload]  # whatever int() cannot take, it refuses itself
    if not 0 <= seconds < LATEST_TIME:
        raise ValueError("no time")
    return int(seconds) * 1000


def _name(sender: object) -> str:
    if not isinstance(sender, dict):
        return ""
    return _clean(str(sender.get("card") or sender.get("nickname") or ""))[:LONGEST_ID]


def _clean(written: str) -> str:
    """Text a database can hold: no NUL, no half of an emoji."""
    if "\0" in written:
        written = written.replace("\0", "")
    if written.isascii():
        return written
    return written.encode("utf-8", "replace").decode("utf-8")


def _segments(message: object, self_id: str) -> tuple[str, bool, str, FileRef | None]:
    """(text, whether the bot was mentioned, quoted message id, file) of a message in array or string format."""
    if isinstance(message, str):
        message = segments_of(message)
    parts: list[str] = []
    faces: list[str] = []
    mentioned, quote, file, says = False, "", None, False
    for segment in message if isinstance(message, list) else ():
        data = segment.get("data") if isinstance(segment, dict) else None
        if not isinstance(data, dict):
            continue
        match segment.get("type"):
            case "text":
                parts.append(str(data.get("text", "")))
                says = says or bool(parts[-1].strip())
            case "at" if str(data.get("qq")) == self_id:
                mentioned = True
            case "at":
                parts.append(f"@{data.get('name') or data.get('qq')} ")
            case "reply":
                quote = _clean(str(data.get("id", "")))[:LONGEST_ID]
            case "file":
                file = _file(data)
            case kind:
                faces.append(face_word(kind, data))
    # Beside words a face is an ornament; alone it is what was said.
    parts += [] if says else faces
    return _clean("".join(parts)), mentioned, quote, file


def _file(data: Mapping[str, Any]) -> FileRef:
    """A file segment: its size comes as a string, its name as `file` or `name`."""
    return FileRef(
        name=_clean(str(data.get("name") or data.get("file") or "")),
        size=_size(data.get("file_size") or data.get("size") or 0),
        file_id=_clean(str(data.get("file_id") or data.get("id") or "")),
        busid=_clean(str(data.get("busid") or "")),
        url=_clean(str(data.get("url") or "")),
    )


def _size(value: object) -> int:
    """The announced bytes; 0 if the announcement cannot be read (then only what is fetched counts)."""
    try:
        size = int(value)  # type: ignore[call-overload]  # whatever int() cannot take, it refuses itself
    except (TypeError, ValueError, OverflowError):
        return 0
    return int(size) if 0 <= size < LARGEST_SIZE else 0


def _upload(frame: Frame, self_id: str) -> Incoming | None:
    """The second announcement of a group file, as a notice with another id for the same file."""
    file = frame["file"]
    group, account = _id_of(frame["group_id"]), _id_of(frame["user_id"])
    if account == self_id:
        return None
    ref = _file({"name": str(file["name"]), "size": file["size"], "id": file["id"], "busid": file.get("busid")})
    at_ms = _time_ms(frame["time"])
    return Incoming(
        platform=PLATFORM,
        bot_id=self_id,
        key=f"u:{group}:{account}:{ref.file_id}:{at_ms // 1000}",
        group=group,
        account=account,
        name="",
        message_id="",
        at_ms=at_ms,
        text="",
        file=ref,
    )


def _sign(frame: Frame, self_id: str) -> Incoming | None:
    """A sign somebody put on a message: silent words about it. Taking it off again is none."""
    likes = frame["likes"]
    word = sign_word(likes[0]["emoji_id"]) if frame.get("is_add", True) else ""
    group, account, on = _id_of(frame["group_id"]), _id_of(frame["user_id"]), _id_of(frame["message_id"])
    if not word or account == self_id:
        return None
    return Incoming(
        platform=PLATFORM,
        bot_id=self_id,
        key=f"s:{group}:{account}:{on}:{word}",
        group=group,
        account=account,
        name="",
        message_id="",
        at_ms=_time_ms(frame["time"]),
        text=word,
        quote=on,
        sign=True,
    )


def write_segments(text: str, quote: str, mentions: Sequence[Mention] = ()) -> list[dict[str, Any]]:
    """A message to send, in array format; strings in it are never read as CQ codes."""
    segments: list[dict[str, Any]] = []
    if quote:
        segments.append({"type": "reply", "data": {"id": quote}})
    for one in mentions:
        called = {"type": "at", "data": {"qq": one.account}}
        segments.append(called if one.account else {"type": "text", "data": {"text": f"@{one.name} "}})
    segments.append({"type": "text", "data": {"text": f"\n{text}" if mentions else text}})
    return segments
