"""Decrypted callbacks of WeChat Work as messages, and as what an answer to them needs. Pure.

An app's payload is its XML as a dictionary (documents 90239, 90240), an AI bot's is JSON (100719, 101027). A person has
one userid in all identities; in a group only the AI bot hears, and only what mentions it, so everything it hears there
is addressed. A file never reaches it from a group but in a quote (document 100719: `quote.file`); pictures come between
the words of a mixed message, in a quote, and alone in private.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from bot.channels.wecom import RawCallback, TemplateCardEvent, limits, strip_mention, to_event
from bot.channels.workchat.faces import said
from domain.reference import find_number
from domain.speech import FileRef, Incoming, Tap

PLATFORM = "wecom"

LONGEST_ID = 200
LATEST_TIME = 4_102_444_800
LARGEST_SIZE = 2**53

# A quoted file is handed in by these words or by none; other words are a command that has nothing to do with it.
_HANDS_IN = re.compile(r"\s*(?:\Z|[/／]?\s*(?:信息)?报送|【信息报送】|[/／]submit\b)", re.IGNORECASE)
_OPEN_ID = re.compile(r"w[op][A-Za-z0-9_-]{20,62}")

Fields = Mapping[str, Any]


def read_callback(callback: RawCallback, bot_name: str, now_ms: int) -> Incoming | None:
    """The message in a callback; None if it holds none that concerns us (other events, pictures alone, broken fields).

    `now_ms` (UTC) is when it came, for messages that do not say when they were sent.
    """
    try:
        if callback.identity == "app":
            return _from_app(callback, now_ms)
        return _from_aibot(callback, bot_name, now_ms)
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError):
        return None


def is_entrance(callback: RawCallback) -> bool:
    """Whether somebody has just opened the chat with the AI bot, for the first time that day."""
    event = callback.payload.get("event")
    return callback.identity == "aibot" and isinstance(event, Mapping) and event.get("eventtype") == "enter_chat"


def may_be_encrypted(userid: str) -> bool:
    """Whether a userid looks like one a bot is told whose creator is no super admin (document 101521)."""
    return _OPEN_ID.fullmatch(userid) is not None


def _from_app(callback: RawCallback, now_ms: int) -> Incoming | None:
    fields = callback.payload
    kind = str(fields.get("MsgType", "")).lower()
    if kind == "event":
        return _tapped(callback, now_ms)
    if kind not in ("text", "file", "image"):
        return None
    message = _message(callback, _id_of(fields["FromUserName"]), "", _time_ms(fields.get("CreateTime"), now_ms))
    if kind == "text":
        return replace(message, text=_clean(str(fields.get("Content") or "")))
    if kind == "image":
        return replace(message, pictures=(FileRef("", 0, _id_of(fields["MediaId"])),))
    return replace(
        message,
        file=FileRef(
            _clean(str(fields.get("FileName") or "")), _size(fields.get("FileSize")), _id_of(fields["MediaId"])
        ),
    )


def _from_aibot(callback: RawCallback, bot_name: str, now_ms: int) -> Incoming | None:
    payload = callback.payload
    kind = payload.get("msgtype")
    if kind == "event":
        return _tapped(callback, now_ms)
    if kind not in ("text", "mixed", "voice", "file", "image"):
        return None
    group = _id_of(payload["chatid"]) if payload.get("chattype") == "group" else ""
    message = _message(callback, _id_of(payload["from"]["userid"]), group, _time_ms(payload.get("create_time"), now_ms))
    if kind == "file":
        return replace(message, file=_file(payload["file"]))
    text = "\n".join(_texts(payload))
    if group:
        text = strip_mention(text, bot_name)
    quoted = _quoted_file(payload.get("quote"))
    if quoted is not None and _HANDS_IN.match(text):
        return replace(message, file=quoted, pictures=_pictures(payload))
    pictures = (*_pictures(payload), *(_pictures(payload.get("quote")) if _HANDS_IN.match(text) else ()))
    return replace(message, text=_clean(text), quote=_quoted_number(payload.get("quote")), pictures=pictures)


def _tapped(callback: RawCallback, now_ms: int) -> Incoming | None:
    """A tap on a card as what its button says. An app changes the card by the code that comes with the tap, within 72
    hours; an AI bot by its answer to the tap, within 5 seconds (documents 94888, 101031)."""
    event = to_event(callback)
    text = said(event) if isinstance(event, TemplateCardEvent) and event.what == "template_card_event" else ""
    if not isinstance(event, TemplateCardEvent) or not text:
        return None
    message = _message(callback, _id_of(event.user_id), event.chat_id, _time_ms(event.time or None, now_ms))
    if callback.identity == "app":
        handle, seconds = f"app:{event.response_code}" if event.response_code else "", limits.CARD_SECONDS
    else:
        handle, seconds = message.message_id, limits.CARD_REPLY_SECONDS
    tap = Tap(_id_of(event.task_id), handle, now_ms + int(seconds * 1000))
    return replace(message, text=_clean(text), tap=tap)


def _message(callback: RawCallback, account: str, group: str, at_ms: int) -> Incoming:
    """A message of which only the contents are missing. In private everything is meant for the bot anyway."""
    return Incoming(
        platform=PLATFORM,
        bot_id=callback.self_id,
        key=callback.key,
        group=group,
        account=account,
        name="",
        message_id=f"{callback.identity}:{callback.key}",
        at_ms=at_ms,
        text="",
        addressed=True,
    )


def _texts(payload: Fields) -> Iterator[str]:
    """The words of a message: of a text, of a recording (as the service understood it), between pictures."""
    kind = payload["msgtype"]
    items = payload["mixed"]["msg_item"] if kind == "mixed" else [payload]
    for item in items:
        inner = item.get(str(item.get("msgtype")))
        if isinstance(inner, Mapping) and isinstance(inner.get("content"), str):
            yield inner["content"]


def _pictures(message: object) -> tuple[FileRef, ...]:
    """The pictures of a message or of what it quotes: one alone, or those between the words."""
    if not isinstance(message, Mapping):
        return ()
    kind = message.get("msgtype")
    items = message["mixed"]["msg_item"] if kind == "mixed" else [message]
    return tuple(_picture(item.get("image")) for item in items if item.get("msgtype") == "image")


def _picture(image: object) -> FileRef:
    """One without an address counts too: the words beside it stand, and the sender is told that it was not had."""
    fields = image if isinstance(image, Mapping) else {}
    key, url = fields.get("aeskey"), fields.get("url")
    return FileRef("", 0, "", _clean(key) if isinstance(key, str) else "", _clean(url) if isinstance(url, str) else "")


def _quoted_file(quote: object) -> FileRef | None:
    if not isinstance(quote, Mapping) or quote.get("msgtype") != "file" or not isinstance(quote.get("file"), Mapping):
        return None
    return _file(quote["file"])


def _quoted_number(quote: object) -> str:
    """The number of the commission that is quoted, in place of the id nobody gives; '' if something else is."""
    text = quote.get("text") if isinstance(quote, Mapping) else None
    said = text.get("content") if isinstance(text, Mapping) else None
    return find_number(said) if isinstance(said, str) else ""


def _file(file: Fields) -> FileRef:
    """An encrypted file: its address lives five minutes, its key stands beside it on a long connection. Nobody says
    its name or size before it is fetched."""
    url = file["url"]
    if not isinstance(url, str) or not url:
        raise ValueError("no address")
    return FileRef(name="", size=0, file_id="", busid=_clean(str(file.get("aeskey") or "")), url=_clean(url))


def _id_of(value: object) -> str:
    if not isinstance(value, str) or not value.strip() or len(value) > LONGEST_ID:
        raise ValueError("no id")
    return _clean(value)


def _time_ms(seconds: object, now_ms: int) -> int:
    """UTC ms of a time in seconds; `now_ms` if there is none."""
    written = str(seconds)
    if not (written.isascii() and written.isdecimal()) or int(written) >= LATEST_TIME:
        return now_ms
    return int(written) * 1000


def _size(value: object) -> int:
    written = str(value)
    known = written.isascii() and written.isdecimal() and len(written) < 17
    return int(written) if known and int(written) < LARGEST_SIZE else 0


def _clean(written: str) -> str:
    """Text a database can hold: no NUL, no half of an emoji."""
    return written.replace("\0", "").encode("utf-8", "replace").decode("utf-8")
