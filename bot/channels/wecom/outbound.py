"""A message as the parts the service takes: texts cut to size, everything else one part each. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from nonebot.adapters import Message as BaseMessage
from nonebot.adapters import MessageSegment as BaseMessageSegment

from .card import Identity, check_card
from .message import MEDIA, Message, MessageSegment
from .utils import split_text, without_empty


@dataclass(frozen=True, slots=True)
class Part:
    """One message of the service. `mentions` are the people named in a text."""

    kind: str
    text: str = ""
    mentions: tuple[str, ...] = ()
    segment: MessageSegment | None = None

    @property
    def data(self) -> dict[str, Any]:
        return {} if self.segment is None else self.segment.data


def as_message(message: str | BaseMessage[Any] | BaseMessageSegment[Any]) -> Message:
    """Whatever NoneBot's `send` is given; another adapter's message is said as its text."""
    if isinstance(message, Message | MessageSegment):
        return Message(message)
    return Message(str(message))


def parts_of(message: Message) -> list[Part]:
    """Neighbouring texts and mentions become one text."""
    parts: list[Part] = []
    run: list[MessageSegment] = []
    for segment in message:
        if segment.type in ("text", "at"):
            run.append(segment)
            continue
        parts += _text_of(run)
        run = []
        kind = "markdown_v2" if segment.type == "markdown" and segment.data.get("v2") else segment.type
        parts.append(Part(kind, text=str(segment) if segment.type == "markdown" else "", segment=segment))
    return parts + _text_of(run)


def _text_of(run: list[MessageSegment]) -> list[Part]:
    text = "".join(str(segment) for segment in run).strip()
    mentions = tuple(str(segment.data["user_id"]) for segment in run if segment.type == "at")
    return [Part("text", text, mentions)] if text else []


def cut(part: Part, limit: int) -> Iterator[Part]:
    """A text or markdown part in pieces that fit; people are mentioned with the first."""
    for number, piece in enumerate(split_text(part.text, limit)):
        yield Part(part.kind, piece, () if number else part.mentions, part.segment)


def payload_of(part: Part, identity: Identity, media_id: str = "") -> dict[str, Any]:
    """`msgtype` and its object, as message/send, appchat/send, webhook/send and aibot_send_msg share them.

    Raises CardError. A kind that is not sent this way gives an empty payload.
    """
    if part.kind == "text":
        return {"msgtype": "text", "text": {"content": part.text}}
    if part.kind in ("markdown", "markdown_v2"):
        return {"msgtype": part.kind, part.kind: {"content": part.text}}
    if part.kind in MEDIA:
        extra = {name: part.data.get(name, "") for name in ("title", "description") if part.kind == "video"}
        return {"msgtype": part.kind, part.kind: without_empty({"media_id": media_id, **extra})}
    if part.kind == "textcard":
        names = {"title": "title", "description": "description", "url": "link", "btntxt": "btntxt"}
        card = {theirs: part.data.get(ours, "") for theirs, ours in names.items()}
        return {"msgtype": "textcard", "textcard": without_empty(card)}
    if part.kind == "news":
        return {"msgtype": "news", "news": {"articles": part.data["articles"]}}
    if part.kind == "template_card":
        check_card(part.data["card"], identity)
        return {"msgtype": "template_card", "template_card": part.data["card"]}
    return {}
