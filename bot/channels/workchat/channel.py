"""Sending and fetching over WeChat Work: one channel, three identities, one routing table (`routes.py`).

A way that is not set up is passed over; one that fails gives way to the next, and the delivery says so. What may have
arrived is unknown and goes no other way; what is only too fast waits for its own way.
"""

from __future__ import annotations

import asyncio
import base64
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

import nonebot
from pydantic import SecretStr

from bot import texts as bot_texts
from bot.channels import texts as channel_texts
from bot.channels.base import Delivery, Fetched, FetchProblem, Intake, Pace, Part
from bot.channels.connected import connected
from bot.channels.download import check_size
from bot.channels.wecom import (
    ActionFailed,
    Adapter,
    AIBot,
    AppBot,
    Bot,
    MediaError,
    Message,
    MessageSegment,
    NetworkError,
    RawCallback,
    Sent,
    State,
    Target,
    WebhookBot,
    WebhookInfo,
    card_update,
    limits,
    split_text,
    text_answer,
)
from bot.channels.wecom.tap import Reply
from bot.channels.workchat import faces, texts
from bot.channels.workchat.intake import Ear, ReplyWay
from bot.channels.workchat.outcome import outcome_of
from bot.channels.workchat.routes import ROUTES, TEXT_BYTES, Way, Windows
from bot.channels.workchat.tokens import StoredTokens
from bot.channels.workchat.wire import PLATFORM
from domain.moment import Clock, to_ms
from domain.speech import Card, Incoming, Outgoing
from storage.engine import Store
from storage.outbox import Sending

logger = logging.getLogger("baosong.wecom")

Piece = MessageSegment | Message
Post = Callable[[Piece], Awaitable[Sent]]
"""Sends one message of the service; its id there and what changes it, if it has such."""

Troubles = Sequence[tuple[Way, Delivery]]

AnyBot = TypeVar("AnyBot", bound=Bot)

NOBODY = 81013

STUCK = frozenset({State.TAKEN_OVER, State.REFUSED})
"""States of a long connection that end only when somebody does something."""


class WorkChatChannel:
    """The channel of one company; `hear` is the adapter's tap."""

    platform = PLATFORM

    def __init__(
        self, pace: Pace, fetch_seconds: float, clock: Clock, bot_name: str = "", hooks: Mapping[str, str] | None = None
    ) -> None:
        self.pace = pace
        self._configured = self._hooks = dict(hooks or {})
        self._fetch_seconds = fetch_seconds
        self._clock = clock
        self._windows = Windows()
        self._ear = Ear(bot_name, clock, self._convert)
        self.tokens = StoredTokens()

    def keep_in(self, store: Store) -> None:
        """What outlives the program lies in this store."""
        self.tokens.keep_in(store)

    def connect(self, intake: Intake) -> None:
        self._ear.intake = intake

    async def hear(self, callback: RawCallback) -> Reply | None:
        """Every decrypted callback; see `intake.Ear`."""
        return await self._ear.hear(callback)

    def hook(self, keys: Mapping[str, str]) -> None:
        """The webhooks the office attached by command; they win over those of the settings."""
        adapter, wanted = _adapter(), {**self._configured, **keys}
        if adapter is None:
            return
        for chat in self._hooks.keys() - wanted.keys():
            adapter.detach_webhook(chat)
        for chat, key in wanted.items():
            if self._hooks.get(chat) != key:
                adapter.attach_webhook(WebhookInfo(key=SecretStr(key), alias=chat))
        self._hooks = wanted

    @property
    def up(self) -> bool:
        return connected(Bot) is not None  # type: ignore[type-abstract]  # any identity of the adapter will do

    @property
    def parts(self) -> Mapping[str, Part]:
        """The app and the AI bot. A webhook is an address: it is never down, only refused."""
        found: dict[str, Part] = {}
        for bot in _known().values():
            if isinstance(bot, AppBot):
                found[Way.APP] = Part()
            elif isinstance(bot, AIBot):
                state = bot.connection.state if bot.connection is not None else State.UP
                found[Way.PUSH] = Part(texts.STATES[state], state in STUCK)
        return found

    async def send(self, target: str, message: Outgoing) -> Delivery:
        kind, _, number = target.partition(":")
        if message.card is not None and message.card.verdict:
            return await self._change(number, message.card)
        said = message.quote or message.source
        reply = self._ear.reply_way(said, message.way_back)
        identity = "@" if message.mentions else said.partition(":")[0]
        troubles: list[tuple[Way, Delivery]] = []
        for way in ROUTES[kind, identity if (kind, identity) in ROUTES else ""]:
            post = self._post_by(way, kind, number, reply)
            segments = _segments(message, way, reply)
            if post is None or not segments:
                continue
            delivery = await self._say(way, number, segments, post)
            if delivery.state in (Sending.SENT, Sending.UNKNOWN) or delivery.error == channel_texts.TOO_FAST:
                return _after(troubles, way, delivery)
            troubles.append((way, delivery))
        return _failed(kind, troubles)

    async def _say(self, way: Way, number: str, segments: Sequence[Piece], post: Post) -> Delivery:
        """One way out, all parts of the message."""
        wait = self._windows.wait_ms(way, number, len(segments), self._now_ms())
        if wait:
            return Delivery(Sending.PENDING, error=channel_texts.TOO_FAST, retry_ms=wait, tried=False)
        delivery = Delivery(Sending.SENT)
        for sent, segment in enumerate(segments):
            try:
                posted = await post(segment)
            except Exception as error:  # boundary: each way to fail means one of three outcomes, see outcome_of
                failed = outcome_of(error)
                return _without_card(delivery, failed) if _is_card(segment) else _partly(failed, sent, len(segments))
            self._windows.note(way, number, self._now_ms())
            delivery = (
                self._with_card(delivery, posted) if _is_card(segment) else replace(delivery, platform_id=posted.msgid)
            )
        return delivery

    def _with_card(self, delivery: Delivery, posted: Sent) -> Delivery:
        """The card followed its text; only the app says how it is changed."""
        if not posted.response_code:
            return delivery
        until_ms = self._now_ms() + int(limits.CARD_SECONDS * 1000)
        return replace(delivery, handle=f"app:{posted.response_code}", until_ms=until_ms)

    async def _change(self, number: str, card: Card) -> Delivery:
        """A card's new face. What the service does not let be changed any more stays as it is: its text is answered."""
        try:
            return await self._change_at(number, card)
        except Exception as error:  # boundary: as in `_say`; nobody has to look after a card
            failed = outcome_of(error)
            return failed if failed.state is Sending.PENDING else replace(failed, state=Sending.DROPPED)

    async def _change_at(self, number: str, card: Card) -> Delivery:
        identity, _, code = card.handle.partition(":")
        app, aibot, way = _bot(AppBot), _bot(AIBot), self._ear.reply_way(card.handle)
        if identity == "app" and app is not None:
            await app.update_card(code, [number], card=faces.face(card, "app"))
        elif aibot is None or way is None:
            return Delivery(Sending.DROPPED, error=texts.CARD_STAYS)
        elif way.change is None:
            body = card_update(faces.face(card, "aibot"), card.key)
            await aibot.reply_raw("template_card_event", way.req_id, body)
        elif way.change.done():
            return Delivery(Sending.DROPPED, error=texts.CARD_STAYS)
        else:
            way.change.set_result(card_update(faces.face(card, "aibot"), card.key))
        return Delivery(Sending.SENT)

    def _now_ms(self) -> int:
        return to_ms(self._clock.now())

    def _post_by(self, way: Way, kind: str, number: str, reply: ReplyWay | None) -> Post | None:
        """How a message leaves this way; None if the way is not there."""
        if way is Way.APP:
            app = _bot(AppBot)
            return None if app is None else lambda segment: _to_person(app, number, segment)
        if way is Way.WEBHOOK:
            hook = _known().get(f"hook-{number}")
            return (lambda segment: _to_group(hook, segment)) if isinstance(hook, WebhookBot) else None
        aibot = _bot(AIBot)
        if aibot is None:
            return None
        target = Target.user(number) if kind == "p" else Target.chat(number)
        if way is Way.REPLY:
            if reply is None or not _takes_text(aibot, reply):
                return None
            return lambda segment: _answer(aibot, reply, target, segment)
        return None if aibot.connection is None else lambda segment: _push(aibot, target, segment)

    async def fetch(self, incoming: Incoming) -> bytes:
        return (await self.fetch_named(incoming)).data

    async def fetch_named(self, incoming: Incoming) -> Fetched:
        file = incoming.file
        assert file is not None
        name = file.name or bot_texts.UNNAMED
        check_size(name, file.size)
        try:
            async with asyncio.timeout(self._fetch_seconds):
                found = await self._media(incoming)
        except (TimeoutError, MediaError, NetworkError, ActionFailed) as error:
            logger.warning("a file was not fetched: %s", type(error).__name__)
            raise FetchProblem(bot_texts.FILE_TIMEOUT.format(name=name)) from error
        check_size(name, len(found.data))
        if file.size and len(found.data) != file.size:
            raise FetchProblem(bot_texts.FILE_CHANGED.format(name=name))
        return Fetched(found.data, file.name or found.name or bot_texts.UNNAMED)

    async def _media(self, incoming: Incoming) -> Fetched:
        """An app's file by its id, an AI bot's by its address and key. Raises the adapter's errors."""
        file, app, aibot = incoming.file, _bot(AppBot), _bot(AIBot)
        assert file is not None
        if file.file_id and app is not None:
            media = await app.download(file.file_id)
        elif file.url and aibot is not None:
            media = await aibot.download_from(file.url, file.busid)
        else:
            raise NetworkError("the identity that heard of the file is not connected")
        return Fetched(media.data, media.name)

    async def _convert(self, userid: str) -> str:
        app = _bot(AppBot)
        return "" if app is None else (await app.to_user_ids([userid])).get(userid, "")

    async def find_sent(self, target: str, text: str, since_ms: int) -> str | None:
        """The service has no history, and its messages no receipt that could be asked for."""
        return None


def _adapter() -> Adapter | None:
    adapter = nonebot.get_adapters().get(Adapter.get_name())
    return adapter if isinstance(adapter, Adapter) else None


def _known() -> Mapping[str, Bot]:
    """Every identity that is set up, whether it is connected at the moment or not."""
    adapter = _adapter()
    return {} if adapter is None else adapter.known


def _bot(kind: type[AnyBot]) -> AnyBot | None:
    return next((bot for bot in _known().values() if isinstance(bot, kind)), None)


async def _to_person(app: AppBot, userid: str, segment: Piece) -> Sent:
    sent: Sequence[Sent] = await app.send_to(Target.user(userid), segment)
    last = sent[-1]
    if last.invalid_users or last.unlicensed_users:
        raise ActionFailed(NOBODY, texts.NOT_REACHED, "message/send")
    return last


async def _to_group(hook: WebhookBot, segment: Piece) -> Sent:
    await hook.post(segment)
    return Sent()


async def _push(aibot: AIBot, target: Target, segment: Piece) -> Sent:
    await aibot.push(target, segment)
    return Sent()


def _takes_text(aibot: AIBot, way: ReplyWay) -> bool:
    """Over HTTP words go to the address that came with the message; a tap on a long connection takes only a card."""
    return bool(way.response_url) if aibot.connection is None else bool(way.req_id) and not way.tap


async def _answer(aibot: AIBot, way: ReplyWay, target: Target, segment: Piece) -> Sent:
    if _is_card(segment):
        return await _push(aibot, target, segment)
    if aibot.connection is not None:
        await aibot.respond(way.req_id, text_answer(str(segment)))
    else:
        await aibot.answer_later(way.response_url, str(segment))
    return Sent()


def _segments(message: Outgoing, way: Way, reply: ReplyWay | None) -> list[Piece]:
    """The message as this way takes it: a file, or a text in parts that fit, its card behind it; empty if it cannot be
    done. Where there is no way for a card the text says what to type."""
    if message.file_base64:
        show = MessageSegment.image if message.picture else MessageSegment.file
        file = show(base64.b64decode(message.file_base64), name=message.file_name)
        return [] if way is Way.REPLY else [file]
    once = way is Way.REPLY and reply is not None and not reply.req_id
    card = message.card if message.card is not None and _takes_cards(way, reply) else None
    typed = f"\n{message.card.typed}" if message.card is not None and card is None else ""
    parts = split_text(_worded(message, way) + typed, TEXT_BYTES[way])
    if once and len(parts) > 1:
        return []
    segments: list[Piece] = [MessageSegment.text(part) for part in parts]
    if way is Way.WEBHOOK and message.mentions:
        called = [MessageSegment.at(one.account, silent=True) for one in message.mentions if one.account]
        segments[0] = Message([*called, MessageSegment.text(parts[0])])
    if card is not None:
        segments.append(MessageSegment.template_card(faces.face(card, "app" if way is Way.APP else "aibot")))
    return segments


def _worded(message: Outgoing, way: Way) -> str:
    """The text. Only a webhook really calls people; whose account is not known is called by name there too."""
    if way is not Way.WEBHOOK:
        return message.called
    return replace(message, mentions=tuple(one for one in message.mentions if not one.account)).called


def _takes_cards(way: Way, reply: ReplyWay | None) -> bool:
    """Whether a card can go this way and its taps come back: an app without a callback hears none."""
    if way is Way.APP:
        app = _bot(AppBot)
        return app is not None and bool(app.info.token.get_secret_value())
    return way is Way.PUSH or (way is Way.REPLY and reply is not None and bool(reply.req_id))


def _is_card(segment: Piece) -> bool:
    return isinstance(segment, MessageSegment) and segment.type == "template_card"


def _without_card(delivery: Delivery, failed: Delivery) -> Delivery:
    """The text, which says everything, is there; its card is not."""
    return replace(delivery, error=texts.WITHOUT_CARD.format(reason=failed.error))


def _partly(failed: Delivery, sent: int, of: int) -> Delivery:
    """A message of several parts that broke off: what has arrived must not come again."""
    if not sent:
        return failed
    return Delivery(Sending.UNKNOWN, error=texts.PARTLY.format(of=of, sent=sent, reason=failed.error))


def _after(troubles: Troubles, way: Way, delivery: Delivery) -> Delivery:
    """A delivery that tells which ways failed before it."""
    if not troubles or delivery.state is not Sending.SENT:
        return delivery
    return replace(delivery, error=texts.FALLEN_BACK.format(way=way.value, troubles=_told(troubles)))


def _failed(kind: str, troubles: Troubles) -> Delivery:
    """No way out: tried again if one of them may open, else refused with what is wrong with each."""
    if not troubles:
        return Delivery(Sending.REFUSED, error=texts.NO_WAY_TO_GROUP if kind == "g" else texts.NO_WAY_TO_PERSON)
    waits = [delivery.retry_ms for _, delivery in troubles if delivery.state is Sending.PENDING]
    state = Sending.PENDING if waits else Sending.REFUSED
    return Delivery(state, error=_told(troubles), retry_ms=max(waits, default=0))


def _told(troubles: Troubles) -> str:
    return "；".join(texts.ONE_TROUBLE.format(way=way.value, reason=failed.error) for way, failed in troubles)
