"""Messages and their segments.

Received: text, image, voice, video, file, location, link. Sent: text, markdown, at, image, voice, video, file,
textcard, news, template_card. What an identity cannot carry it refuses (ApiNotAvailable) or says as text (at).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal

from nonebot.adapters import Message as BaseMessage
from nonebot.adapters import MessageSegment as BaseMessageSegment
from typing_extensions import override

MediaKind = Literal["image", "voice", "video", "file"]
MEDIA: tuple[MediaKind, ...] = ("image", "voice", "video", "file")
HIDDEN = frozenset({"url", "aeskey", "raw", "pic_url"})


class MessageSegment(BaseMessageSegment["Message"]):
    """One piece of a message."""

    @classmethod
    @override
    def get_message_class(cls) -> type[Message]:
        return Message

    @override
    def is_text(self) -> bool:
        return self.type == "text"

    @override
    def __str__(self) -> str:
        if self.type == "text":
            return str(self.data["text"])
        if self.type == "markdown":
            return str(self.data["content"])
        if self.type == "at":
            return "" if self.data.get("silent") else f"@{self.data['user_id']}"
        return f"[{self.type}]"

    @override
    def __repr__(self) -> str:
        """Without addresses, keys and bytes: what is printed ends up in logs."""
        shown = {key: "..." if key in HIDDEN and value else value for key, value in self.data.items()}
        return f"MessageSegment(type={self.type!r}, data={shown!r})"

    @staticmethod
    def text(text: str) -> MessageSegment:
        return MessageSegment("text", {"text": text})

    @staticmethod
    def markdown(content: str, *, v2: bool = False) -> MessageSegment:
        """`v2` is a webhook's markdown_v2: tables and headings, but no colour and no @."""
        return MessageSegment("markdown", {"content": content, "v2": v2})

    @staticmethod
    def at(user_id: str, *, silent: bool = False) -> MessageSegment:
        """Real only through a webhook or in an app's own group; `@all` for everybody.

        A `silent` one puts no word into the text: where it is real, the service writes the name itself.
        """
        return MessageSegment("at", {"user_id": user_id, "silent": silent})

    @staticmethod
    def media(kind: MediaKind, *, media_id: str = "", raw: bytes = b"", name: str = "", **more: Any) -> MessageSegment:
        """A file by its media id, or by its bytes, which are then uploaded."""
        return MessageSegment(kind, {"media_id": media_id, "raw": raw, "name": name, **more})

    @staticmethod
    def image(raw: bytes = b"", *, media_id: str = "", name: str = "image.png") -> MessageSegment:
        return MessageSegment.media("image", media_id=media_id, raw=raw, name=name)

    @staticmethod
    def voice(raw: bytes = b"", *, media_id: str = "", name: str = "voice.amr") -> MessageSegment:
        return MessageSegment.media("voice", media_id=media_id, raw=raw, name=name)

    @staticmethod
    def video(
        raw: bytes = b"", *, media_id: str = "", name: str = "video.mp4", title: str = "", description: str = ""
    ) -> MessageSegment:
        return MessageSegment.media(
            "video", media_id=media_id, raw=raw, name=name, title=title, description=description
        )

    @staticmethod
    def file(raw: bytes = b"", *, media_id: str = "", name: str = "file") -> MessageSegment:
        return MessageSegment.media("file", media_id=media_id, raw=raw, name=name)

    @staticmethod
    def textcard(title: str, description: str, url: str, btntxt: str = "") -> MessageSegment:
        """An app's card: a title, a text and an address, all required (document 90236)."""
        return MessageSegment("textcard", {"title": title, "description": description, "link": url, "btntxt": btntxt})

    @staticmethod
    def news(articles: Sequence[Mapping[str, str]]) -> MessageSegment:
        """Up to eight articles: title, description, url, picurl."""
        return MessageSegment("news", {"articles": [dict(article) for article in articles]})

    @staticmethod
    def template_card(card: Mapping[str, Any]) -> MessageSegment:
        """A card of documents 90236, 91770 or 101032; `card.py` builds and checks them."""
        return MessageSegment("template_card", {"card": dict(card)})


class Message(BaseMessage[MessageSegment]):
    """A sequence of segments."""

    @classmethod
    @override
    def get_segment_class(cls) -> type[MessageSegment]:
        return MessageSegment

    @staticmethod
    @override
    def _construct(msg: str) -> Iterable[MessageSegment]:
        yield MessageSegment.text(msg)
