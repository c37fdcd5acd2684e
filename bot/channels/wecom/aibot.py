"""An AI bot (智能机器人): documents 100719 and 101027 (what it hears), 101031 (answers), 101138 (response_url), 101463
(long connection)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from nonebot.adapters import Event as BaseEvent

from . import limits
from .bot import Bot, Sendable, refuse
from .card import check_card
from .client import Client
from .config import AIBotInfo
from .crypto import media_key
from .errcode import Kind
from .event import EnterEvent, Event, MessageEvent, TemplateCardEvent
from .exception import ActionFailed, ApiNotAvailable, NetworkError
from .media import Downloader, Media
from .message import MEDIA, MessageSegment
from .outbound import Part, as_message, cut, parts_of, payload_of
from .passive import Passive, Streams, stream_body
from .seen import Seen
from .target import Target, To
from .upload import upload
from .utils import stream_id
from .webhook import inline_image
from .ws import LongConnection

if TYPE_CHECKING:
    from .adapter import Adapter

_CHAT_TYPES = {To.USER: 1, To.CHAT: 2}
_PICTURE = limits.UPLOAD["image"]


class AIBot(Bot):
    """An AI bot on its one transport. `connection` is None in URL mode.

    It never really mentions anybody: `at` segments go out as text. On a long connection keep `limits.AIBOT_PER_CHAT`.
    """

    def __init__(
        self,
        adapter: Adapter,
        info: AIBotInfo,
        client: Client,
        downloader: Downloader,
        connection: LongConnection | None = None,
    ) -> None:
        super().__init__(adapter, info.self_id)
        self.info = info
        self.connection = connection
        self.streams = Streams()
        self._client = client
        self._downloader = downloader
        crypt = info.crypt()
        self._url_key = crypt.key if crypt else b""
        self._answered = Seen()

    async def perform(self, api: str, data: dict[str, Any]) -> Any:
        """`aibot_*` commands over the long connection (`req_id` and `body`); `aibot/response` with `response_url`."""
        if api == "aibot/response":
            return await self._client.answer_once(data["response_url"], data["body"])
        if self.connection is None or not api.startswith("aibot_"):
            raise ApiNotAvailable(
                f"an AI bot {'on a long connection' if self.connection else 'in URL mode'} has no {api}"
            )
        return await self.connection.call(api, data["body"], data.get("req_id", ""))

    async def send(self, event: BaseEvent, message: Sendable, **kwargs: Any) -> None:
        """Answer an event: first in the way meant for it, what does not fit there as a push (or not at all by URL)."""
        if not isinstance(event, Event):
            raise ApiNotAvailable("not an event of WeChat Work")
        for part in self._fitting(as_message(message)):
            if self.connection is None:
                await self._answer_by_url(event, part)
            else:
                await self._answer_by_connection(event, part)

    def _fitting(self, message: Any) -> list[Part]:
        parts: list[Part] = []
        for part in parts_of(message):
            if part.kind in ("text", "markdown", "markdown_v2"):
                parts += cut(Part("markdown", part.text), limits.AIBOT_MARKDOWN)
            elif part.kind in MEDIA or part.kind == "template_card":
                parts.append(part)
            else:
                raise refuse(part.kind, "an AI bot")
        return parts

    async def _answer_by_connection(self, event: Event, part: Part) -> None:
        welcome = isinstance(event, EnterEvent)
        takes = welcome or isinstance(event, MessageEvent)
        text_or_card = part.kind in ("markdown", "template_card")
        if takes and text_or_card and event.req_id and self._answered.first(("req", event.req_id)):
            try:
                await (self.welcome if welcome else self.respond)(event.req_id, _plain_body(part, welcome))
                return
            except ActionFailed as failed:
                if failed.kind is not Kind.LATE:
                    raise
        await self._push_part(_chat_of(event), part)

    async def _answer_by_url(self, event: Event, part: Part) -> None:
        if event.passive is not None and event.passive.open:
            body = _passive_body(event, part)
            if event.passive.answer(body):
                return
        if not event.response_url:
            raise ApiNotAvailable("the callback is answered already; send through the app")
        await self.answer_later(event.response_url, part)

    async def answer_later(self, response_url: str, answer: Part | str | Mapping[str, Any]) -> None:
        """Use a callback's `response_url`: once, within an hour; markdown or a card (a mapping)."""
        if isinstance(answer, str):
            answer = Part("markdown", answer)
        elif not isinstance(answer, Part):
            answer = Part("template_card", segment=MessageSegment.template_card(answer))
        if answer.kind not in ("markdown", "template_card"):
            raise refuse(answer.kind, "an AI bot in URL mode")
        body = payload_of(answer, "aibot")
        if not self._answered.first(("url", response_url)):
            raise ApiNotAvailable("the one answer by response_url is used up; send through the app")
        try:
            await self.call_api("aibot/response", response_url=response_url, body=body)
        except NetworkError as error:
            if type(error) is NetworkError:
                self._answered.forget(("url", response_url))
            raise

    async def respond(self, req_id: str, body: Mapping[str, Any]) -> dict[str, Any]:
        """Answer a message with a plain body of document 101031 (long connection, within 24 hours)."""
        return await self._command("aibot_respond_msg", body, req_id)

    async def welcome(self, req_id: str, body: Mapping[str, Any]) -> dict[str, Any]:
        """Greet whoever entered the chat; within 5 seconds."""
        return await self._command("aibot_respond_welcome_msg", body, req_id)

    async def stream(self, event: Event, content: str, *, finish: bool, stream: str = "") -> str:
        """One frame of a stream: the whole text so far. The stream's id, for the next frame; six minutes at most.

        In URL mode the first frame answers the callback, the others wait until the service asks.
        """
        number = stream or stream_id()
        body = stream_body(number, content, finish)
        if self.connection is not None:
            self._answered.first(("req", event.req_id))
            await self.respond(event.req_id, body)
        elif stream:
            if not self.streams.put(number, content, finish):
                raise ApiNotAvailable("the stream has ended")
        elif event.passive is not None and event.passive.answer(body):
            self.streams.put(number, content, finish)
        else:
            raise ApiNotAvailable("the callback is answered already")
        return number

    async def update_card(self, event: TemplateCardEvent, card: Mapping[str, Any], users: Iterable[str] = ()) -> None:
        """Change the tapped card within 5 seconds of the tap, so before any slow work.

        `users` sees the change (in groups only); nobody named means everybody. Raises CardError.
        """
        body = card_update(card, event.task_id, users)
        if self.connection is not None:
            await self._command("aibot_respond_update_msg", body, event.req_id)
        elif event.passive is None or not event.passive.answer(body):
            raise ApiNotAvailable("a card is changed in the answer to its callback, and that is over")

    async def reply_raw(self, callback_kind: str, req_id: str, body: Mapping[str, Any]) -> None:
        """Send what a tap returned, by the one command the kind of callback ('' for a message) accepts."""
        commands = {"enter_chat": "aibot_respond_welcome_msg", "template_card_event": "aibot_respond_update_msg"}
        await self._command(commands.get(callback_kind, "aibot_respond_msg"), body, req_id)

    async def push(self, target: Target, message: Sendable) -> None:
        """Write first, to a person or group that has spoken to the bot before (else 93006). Long connection only."""
        for part in self._fitting(as_message(message)):
            await self._push_part(target, part)

    async def _push_part(self, target: Target, part: Part) -> None:
        if target.to not in _CHAT_TYPES or len(target.ids) != 1:
            raise ApiNotAvailable("an AI bot writes to one person or one group at a time")
        media_id = await self._media_id(part) if part.kind in MEDIA else ""
        body = {"chatid": target.ids[0], "chat_type": _CHAT_TYPES[target.to], **payload_of(part, "aibot", media_id)}
        await self._command("aibot_send_msg", body)

    async def _media_id(self, part: Part) -> str:
        known = str(part.data.get("media_id", ""))
        return known or await self.upload(part.kind, str(part.data.get("name", "")), part.data.get("raw", b""))

    async def upload(self, kind: str, name: str, data: bytes) -> str:
        """Upload a file in pieces; the media id. Long connection only."""
        return await upload(self._command, kind, name, data)

    async def download(self, file: MessageSegment) -> Media:
        """The file of a received segment, within five minutes. Raises MediaError or NetworkError."""
        return await self.download_from(str(file.data.get("url", "")), str(file.data.get("aeskey", "")))

    async def download_from(self, url: str, aeskey: str = "") -> Media:
        """The file behind an address; `aeskey` stands beside it on a long connection."""
        return await self._downloader.fetch(url, media_key(aeskey) if aeskey else self._url_key)

    async def _command(self, command: str, body: Mapping[str, Any], req_id: str = "") -> dict[str, Any]:
        result: dict[str, Any] = await self.call_api(command, body=dict(body), req_id=req_id)
        return result


def card_update(card: Mapping[str, Any], task_id: str, users: Iterable[str] = ()) -> dict[str, Any]:
    """The plain body that changes a tapped card (document 101031); a tap may return it too. Raises CardError."""
    changed = {**card, "task_id": task_id}
    check_card(changed, "aibot")
    body: dict[str, Any] = {"response_type": "update_template_card", "template_card": changed}
    named = list(users)
    return {**body, "userids": named} if named else body


def text_answer(content: str) -> dict[str, Any]:
    """The plain body of a text that is complete at once (document 101031); a tap may return it."""
    return stream_body(stream_id(), content, True)


def welcome_answer(content: str) -> dict[str, Any]:
    """The plain body of a greeting, for `enter_chat` only."""
    return {"msgtype": "text", "text": {"content": content}}


def _plain_body(part: Part, welcome: bool) -> dict[str, Any]:
    if part.kind == "template_card":
        return payload_of(part, "aibot")
    return welcome_answer(part.text) if welcome else text_answer(part.text)


def _passive_body(event: Event, part: Part) -> dict[str, Any]:
    raw = part.data.get("raw", b"")
    if part.kind == "image" and raw:
        return stream_body(stream_id(), "", True, [inline_image(raw, _PICTURE)])
    if part.kind in MEDIA:
        raise refuse(part.kind, "an AI bot in URL mode")
    return _plain_body(part, isinstance(event, EnterEvent))


def _chat_of(event: Event) -> Target:
    return Target.chat(event.chat_id) if event.chat_id else Target.user(event.user_id)


__all__ = ["AIBot", "Passive", "card_update", "text_answer", "welcome_answer"]
