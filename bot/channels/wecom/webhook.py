"""A group's webhook robot (群机器人, now 消息推送): documents 91770 and 99110. It only speaks, and only there."""

from __future__ import annotations

import base64
import hashlib
from typing import TYPE_CHECKING, Any

from nonebot.adapters import Event as BaseEvent

from . import limits
from .bot import Bot, Sendable, refuse
from .client import Client
from .config import WebhookInfo
from .exception import ApiNotAvailable, MediaError
from .outbound import Part, as_message, cut, parts_of, payload_of
from .upload import check_upload

if TYPE_CHECKING:
    from .adapter import Adapter

KINDS = frozenset({"text", "markdown", "markdown_v2", "image", "news", "file", "voice", "template_card"})


class WebhookBot(Bot):
    """One webhook. At most `limits.WEBHOOK` (20 a minute); beyond it 45009 until the minute is over."""

    def __init__(self, adapter: Adapter, info: WebhookInfo, client: Client) -> None:
        super().__init__(adapter, info.self_id)
        self.info = info
        self._client = client

    async def perform(self, api: str, data: dict[str, Any]) -> Any:
        """`webhook/send` and `webhook/upload_media`."""
        key = self.info.key.get_secret_value()
        if api == "webhook/upload_media":
            return await self._client.webhook_upload(api, key, data["kind"], data["name"], data["data"])
        if api == "webhook/send":
            return await self._client.webhook(api, key, data)
        raise ApiNotAvailable(f"a webhook has no {api}")

    async def send(self, event: BaseEvent, message: Sendable, **kwargs: Any) -> Any:
        """A webhook hears nothing, so there is nothing to answer. Raises ApiNotAvailable."""
        raise ApiNotAvailable("a webhook has no events; use post()")

    async def post(self, message: Sendable) -> int:
        """Write to the group; how many messages that took. `at` segments are real mentions, but only in text."""
        parts: list[Part] = []
        for part in parts_of(as_message(message)):
            if part.kind not in KINDS:
                raise refuse(part.kind, "a webhook")
            parts += self._fitting(part)
        for part in parts:
            await self.call_api("webhook/send", **await self._body(part))
        return len(parts)

    def _fitting(self, part: Part) -> list[Part]:
        if part.kind == "text":
            return list(cut(part, limits.WEBHOOK_TEXT))
        if part.kind in ("markdown", "markdown_v2"):
            return list(cut(part, limits.WEBHOOK_MARKDOWN))
        return [part]

    async def _body(self, part: Part) -> dict[str, Any]:
        if part.kind == "text":
            return {"msgtype": "text", "text": _text(part)}
        if part.kind == "image":
            return {"msgtype": "image", "image": inline_image(part.data.get("raw", b""), limits.WEBHOOK_IMAGE)}
        if part.kind not in ("file", "voice"):
            return payload_of(part, "webhook")
        known = str(part.data.get("media_id", ""))
        media_id = known or await self.upload(part.kind, str(part.data.get("name", "")), part.data.get("raw", b""))
        return payload_of(part, "webhook", media_id)

    async def upload(self, kind: str, name: str, data: bytes) -> str:
        """Upload a file or recording; the media id, valid for three days and for this webhook only."""
        check_upload(kind, data)
        answer = await self.call_api("webhook/upload_media", kind=kind, name=name, data=data)
        return str(answer["media_id"])


def _text(part: Part) -> dict[str, Any]:
    return {"content": part.text, **({"mentioned_list": list(part.mentions)} if part.mentions else {})}


def inline_image(raw: bytes, limit: limits.FileLimit) -> dict[str, str]:
    """A picture as base64 with the md5 of its bytes. Raises MediaError."""
    if not limit.smallest <= len(raw) <= limit.largest:
        raise MediaError(f"a picture has {limit.smallest} to {limit.largest} bytes, this one {len(raw)}")
    return {
        "base64": base64.b64encode(raw).decode(),
        "md5": hashlib.md5(raw, usedforsecurity=False).hexdigest(),
    }
