"""From a message body to what people read: types, sizes, cuts and mentions, for each identity."""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from .cards import ALL_CARDS, check_card, lines_of
from .codes import Refused
from .media import Media, is_picture
from .world import Json

MediaOf = Callable[[object], Media]
WORDED = frozenset({"text", "markdown", "markdown_v2"})
FILED = frozenset({"image", "voice", "video", "file"})
LARGEST_WEBHOOK_IMAGE = 2 * 2**20


@dataclass(frozen=True, slots=True)
class Rules:
    """What one identity may send.

    bytes_of: the longest text of each worded type.
    cuts:     longer text is cut without a word (apps); otherwise it is refused with 40058.
    inline_images: images come as base64 and md5 (webhooks) instead of a media_id.
    mentions: whether it can really @ members; elsewhere the words stay plain.
    """

    types: frozenset[str]
    bytes_of: Mapping[str, int]
    cuts: bool = False
    cards: frozenset[str] = ALL_CARDS
    inline_images: bool = False
    mentions: bool = False


APP_TYPES = WORDED - {"markdown_v2"} | FILED | {"textcard", "news", "mpnews", "template_card"}
APP = Rules(APP_TYPES, {"text": 2048, "markdown": 2048}, cuts=True)
APP_CHAT = Rules(APP_TYPES - {"template_card"}, {"text": 2048, "markdown": 2048}, cuts=True, mentions=True)
WEBHOOK = Rules(
    WORDED | {"image", "voice", "file", "news", "template_card"},
    {"text": 2048, "markdown": 4096, "markdown_v2": 4096},
    cards=frozenset({"text_notice", "news_notice"}),
    inline_images=True,
    mentions=True,
)
AIBOT = Rules(FILED | {"markdown", "template_card"}, {"markdown": 20480})


@dataclass(frozen=True, slots=True)
class Content:
    msgtype: str
    body: Json
    text: str
    mentions: tuple[str, ...] = ()
    mobiles: tuple[str, ...] = ()
    file_name: str = ""
    data: bytes = b""
    images: tuple[bytes, ...] = field(default=())


def cut(text: str, longest: int) -> str:
    """The first so many bytes, without half a character at the end."""
    return text.encode()[:longest].decode(errors="ignore")


def read(message: Json, rules: Rules, media_of: MediaOf) -> Content:
    """What people would see of this message; Refused where the service answers with a code."""
    msgtype = message.get("msgtype")
    if not isinstance(msgtype, str) or msgtype not in rules.types:
        raise Refused(40008, f"msgtype {msgtype!r}")
    body = message.get(msgtype)
    if not isinstance(body, dict):
        raise Refused(40058, f"no object {msgtype!r}")
    if msgtype in WORDED:
        return _worded(msgtype, body, rules)
    if msgtype == "image" and rules.inline_images:
        return _inline_image(body)
    if msgtype in FILED:
        media = media_of(body.get("media_id"))
        return Content(msgtype, body, f"[{msgtype}] {media.name}", file_name=media.name, data=media.data)
    if msgtype == "template_card":
        return Content(msgtype, body, "\n".join(lines_of(check_card(body, rules.cards))))
    return Content(msgtype, body, _article(msgtype, body))


def _worded(msgtype: str, body: Json, rules: Rules) -> Content:
    text = body.get("content")
    if not isinstance(text, str) or not text:
        raise Refused(44004, "no content")
    longest = rules.bytes_of[msgtype]
    if len(text.encode()) > longest and not rules.cuts:
        raise Refused(40058, f"{len(text.encode())} bytes, at most {longest}")
    mentions: tuple[str, ...] = ()
    mobiles: tuple[str, ...] = ()
    if rules.mentions and msgtype == "markdown":
        mentions = tuple(re.findall(r"<@([^<>\s]+)>", text))
    elif rules.mentions and msgtype == "text":
        mentions = tuple(body.get("mentioned_list", ()))
        mobiles = tuple(body.get("mentioned_mobile_list", ()))
    return Content(msgtype, body, cut(text, longest), mentions, mobiles)


def _inline_image(body: Json) -> Content:
    try:
        data = base64.b64decode(str(body.get("base64", "")), validate=True)
    except binascii.Error as error:
        raise Refused(40058, "base64") from error
    if len(data) > LARGEST_WEBHOOK_IMAGE:
        raise Refused(40009, f"{len(data)} bytes")
    if hashlib.md5(data, usedforsecurity=False).hexdigest() != body.get("md5"):
        raise Refused(301019, "md5 of the raw bytes differs")
    if not is_picture(data):
        raise Refused(40123, "neither JPG nor PNG")
    return Content("image", body, "[image]", data=data)


def _article(msgtype: str, body: Json) -> str:
    if msgtype == "textcard":
        if not (body.get("title") and body.get("description") and body.get("url")):
            raise Refused(40058, "a textcard needs title, description and url")
        plain = re.sub(r"<[^>]+>", "", body["description"])
        return f"{cut(body['title'], 128)}\n{cut(plain, 512)}"
    articles = body.get("articles")
    if not isinstance(articles, list) or not 1 <= len(articles) <= 8:
        raise Refused(45008, "1 to 8 articles")
    if any(not one.get("title") or (msgtype == "news" and not one.get("url")) for one in articles):
        raise Refused(40058, "an article needs title and url")
    return "\n".join(f"{one['title']}\n{one.get('description', '')}".strip() for one in articles)
