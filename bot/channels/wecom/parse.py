"""From the decrypted text of a callback to its payload and natural key. Pure.

Documents 90239 and 90240 (an app's XML, read by wechatpy), 100719 and 101027 (an AI bot's JSON).
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from typing import Any
from xml.parsers.expat import ExpatError

from wechatpy.enterprise.parser import parse_message

from .exception import CallbackRefused

# Only what is needed to find the ciphertext: no XML parser sees a byte before the signature is known to be right.
_ENVELOPE = re.compile(rb"<Encrypt>\s*(?:<!\[CDATA\[)?([A-Za-z0-9+/=\s]+)(?:\]\]>)?\s*</Encrypt>")
# A document type may stand only before the root. Without one there are no entities but XML's own five.
_ROOT = re.compile(r"\A\ufeff?\s*(?:<\?xml[^>]*\?>\s*)?<xml[\s>/]")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_HALF = re.compile(r"\\u[dD][89a-fA-F]")


def xml_envelope(body: bytes) -> str:
    """The ciphertext in an app's POST body. Raises CallbackRefused."""
    stripped = body.strip()
    found = _ENVELOPE.search(stripped)
    if found is None or not stripped.startswith(b"<xml>") or not stripped.endswith(b"</xml>"):
        raise CallbackRefused("no envelope", 400)
    return "".join(found[1].decode("ascii").split())


def json_envelope(body: bytes) -> str:
    """The ciphertext in an AI bot's POST body. Raises CallbackRefused."""
    encrypt = json_payload(body.decode("utf-8", "replace")).get("encrypt")
    if not isinstance(encrypt, str) or not encrypt:
        raise CallbackRefused("no envelope", 400)
    return encrypt


def xml_payload(text: str) -> dict[str, Any]:
    """The fields of an app's message or event, as wechatpy reads them. Raises CallbackRefused."""
    if not _ROOT.match(text):
        raise CallbackRefused("not a message", 400)
    try:
        parsed = parse_message(text.lstrip("\ufeff"))
        fields = dict(parsed._data)
        int(fields["CreateTime"])
    except (ExpatError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise CallbackRefused("not a message", 400) from None
    return fields


def json_payload(text: str) -> dict[str, Any]:
    """A JSON object, control characters and halves of surrogate pairs forgiven. Raises CallbackRefused."""
    try:
        value = json.loads(_CONTROL.sub("", text), strict=False)
        if _HALF.search(text):
            value = _whole(value)
    except (ValueError, RecursionError):
        raise CallbackRefused("not a JSON object", 400) from None
    if not isinstance(value, dict):
        raise CallbackRefused("not a JSON object", 400)
    return value


def _whole(value: Any) -> Any:
    """The same with half characters replaced; no database stores them."""
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode()
    if isinstance(value, dict):
        return {_whole(key): _whole(inner) for key, inner in value.items()}
    return [_whole(inner) for inner in value] if isinstance(value, list) else value


def text_of(fields: Mapping[str, Any], name: str) -> str:
    """A field as text; '' if it is missing, empty or no text."""
    value = fields.get(name)
    if isinstance(value, bool) or not isinstance(value, str | int):
        return ""
    return str(value)


def number_of(fields: Mapping[str, Any], name: str) -> int:
    """A field as a number; 0 if it is none."""
    written = text_of(fields, name)
    return int(written) if written.isascii() and written.isdigit() and len(written) < 19 else 0


def child(fields: Mapping[str, Any], name: str) -> dict[str, Any]:
    """An inner object; empty if there is none."""
    value = fields.get(name)
    return value if isinstance(value, dict) else {}


def many(value: Any) -> list[Any]:
    """XML repeats an element without saying that it may: one or several, as a list."""
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def app_key(fields: Mapping[str, Any]) -> str:
    """The natural key of an app's message (MsgId) or event (they have none: who, when, what about)."""
    msg_id = text_of(fields, "MsgId")
    if msg_id and text_of(fields, "MsgType").lower() != "event":
        return _bounded(f"m:{msg_id}")
    names = ("FromUserName", "CreateTime", "Event", "EventKey", "ChangeType", "UserID", "TaskId", "Id", "TagId")
    return _bounded("e:" + ":".join(text_of(fields, name) for name in names))


def aibot_key(payload: Mapping[str, Any]) -> str:
    """The natural key of an AI bot's message or event: its msgid."""
    msg_id = text_of(payload, "msgid")
    if msg_id:
        return _bounded(f"m:{msg_id}")
    written = json.dumps(payload, sort_keys=True, ensure_ascii=False)
    return "d:" + hashlib.sha256(written.encode("utf-8", "replace")).hexdigest()


def _bounded(key: str) -> str:
    if len(key) <= 200:
        return key
    return key[:100] + "#" + hashlib.sha256(key.encode("utf-8", "replace")).hexdigest()


def is_stream_poll(payload: Mapping[str, Any]) -> bool:
    """Whether an AI bot's callback only asks how a stream goes on (document 101031)."""
    return payload.get("msgtype") == "stream"


def event_type(payload: Mapping[str, Any]) -> str:
    """The kind of an AI bot's event; '' for a message."""
    return text_of(child(payload, "event"), "eventtype") if payload.get("msgtype") == "event" else ""
