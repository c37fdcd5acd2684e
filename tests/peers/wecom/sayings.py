"""What people say, and how an app (90239) and an AI bot (100719) are told of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

from .callbacks import Delivery
from .media import MediaStore
from .world import AiBot, App, Chat, Json, Member

SayingKind = Literal["text", "image", "voice", "video", "file", "mixed", "location", "link"]
HEARD_IN_GROUPS = frozenset({"text", "mixed"})
Offer = Callable[[str, bytes], Json]
"""Puts a file where the bot can fetch it; the address, and its key where the transport needs one."""


@dataclass(frozen=True, slots=True)
class Saying:
    """text: the words, or what a voice was understood as. items: the parts of a mixed message.

    fields: what only an app is told (of a location or a link).
    """

    kind: SayingKind
    text: str = ""
    name: str = ""
    data: bytes = b""
    items: tuple[Saying, ...] = ()
    fields: Json = field(default_factory=dict)


@dataclass(slots=True, eq=False)
class Spoken:
    """Something a person did: a message, a tap, an entry.

    reached:    whether it got to the bot at all; in groups only what @-s the bot does.
    deliveries: the callbacks it took, empty on a long connection.
    message_id: the id to de-duplicate by; "" for app events, which have none.
    """

    userid: str
    chat: Chat
    to: App | AiBot
    saying: Saying
    message_id: str = ""
    reached: bool = False
    deliveries: list[Delivery] = field(default_factory=list)
    payload: Json = field(default_factory=dict)


def content_for_bot(saying: Saying, offer: Offer) -> Json:
    """`msgtype` and the object of that name, as they stand in a message and in its quote."""
    if saying.kind in ("text", "voice"):
        return {"msgtype": saying.kind, saying.kind: {"content": saying.text}}
    if saying.kind == "mixed":
        items = [content_for_bot(one, offer) for one in saying.items]
        return {"msgtype": "mixed", "mixed": {"msg_item": items}}
    if saying.kind in ("image", "video", "file"):
        return {"msgtype": saying.kind, saying.kind: offer(saying.name, saying.data)}
    raise ValueError(f"an AI bot cannot be sent a {saying.kind}")


def at(bot: AiBot, saying: Saying) -> Saying:
    """The same with the mention in front of its words, as it stands in the group."""
    words = f"@{bot.name}{bot.mention_gap}"
    if saying.kind == "mixed":
        first, *rest = saying.items
        return Saying("mixed", items=(Saying("text", text=words + first.text), *rest))
    return Saying("text", text=words + saying.text)


def frame_for_bot(bot: AiBot, member: Member, chat: Chat, message_id: str) -> Json:
    """What every message and event of the AI bot carries."""
    userid = member.open_userid if bot.encrypts_userids else member.userid
    frame = {"msgid": message_id, "aibotid": bot.bot_id, "from": {"userid": userid}}
    if chat[0] == "group":
        return frame | {"chattype": "group", "chatid": chat[1]}
    return frame | {"chattype": "single"}


def fields_for_app(saying: Saying, media: MediaStore, base: str) -> Json:
    """`MsgType` and the fields that belong to it. `file` is not in the official list, yet it is seen."""
    kind = saying.kind
    if kind == "text":
        return {"MsgType": kind, "Content": saying.text}
    if kind in ("location", "link"):
        return {"MsgType": kind} | saying.fields
    if kind == "mixed":
        raise ValueError("an app is never sent a mixed message")
    kept = media.add(kind, saying.name, saying.data)
    more: dict[str, Json] = {
        "image": {"PicUrl": f"{base}/picture/{kept.media_id}"},
        "voice": {"Format": "amr"},
        "video": {"ThumbMediaId": kept.media_id},
        "file": {"FileName": saying.name, "FileSize": len(saying.data)},
    }
    return {"MsgType": kind, "MediaId": kept.media_id} | more[kind]
