"""Sending and fetching over the official QQ bot.

The platform lets a bot answer a message (passive reply) for five minutes in a group and sixty in private, five times at
most; to speak first (active send) the group's owner must have allowed it. Hence an answer quotes what it answers as
long as that is possible.

    an id in the answer                      sent
    a duplicate, by the platform's word      sent (this very answer went out before)
    not allowed, over quota, other refusals  refused, with a hint for who can change it
    audit, HTTP 5xx, silence                 unknown
    no connection, no credentials, 429       not sent, tried again
"""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict

from nonebot.adapters.qq import Bot
from nonebot.adapters.qq.exception import (
    ActionFailed,
    ApiNotAvailable,
    AuditException,
    NetworkError,
    RateLimitException,
    UnauthorizedException,
)

from bot import texts as bot_texts
from bot.channels import texts
from bot.channels.base import Delivery, FetchProblem, Intake, Pace
from bot.channels.connected import connected, never_left
from bot.channels.download import DownloadFailed, check_size, download, reason_of
from bot.channels.qq.wire import PLATFORM, answered_message, sequence_of, write_text
from domain.moment import Clock, to_ms
from domain.speech import Incoming, Outgoing, has_private_chat
from storage.outbox import Sending

logger = logging.getLogger("baosong.qq")

RETRY_MS = 5_000
TOO_FAST_MS = 30_000

# A little less than the platform grants: the message has to arrive there in time.
ANSWERABLE_MS = {"g": 290_000, "p": 3_590_000}
ANSWERS_PER_MESSAGE = 5
REMEMBERED = 2_000

DUPLICATE = 40054005
AUDITED = frozenset({304023, 304024})


class QQChannel:
    """The channel of one official bot; also the adapter's listener."""

    platform = PLATFORM

    def __init__(self, pace: Pace, fetch_seconds: float, clock: Clock) -> None:
        self.pace = pace
        self._fetch_seconds = fetch_seconds
        self._clock = clock
        self._intake: Intake | None = None
        self._answers: OrderedDict[str, int] = OrderedDict()

    def connect(self, intake: Intake) -> None:
        self._intake = intake

    async def room(self) -> None:
        if self._intake is not None:
            await self._intake.room()

    def heard(self, incoming: Incoming) -> None:
        if self._intake is None:
            return
        try:
            self._intake.accept(incoming)
        except Exception as error:  # boundary: a fault of ours over one message must not cost the connection
            logger.error("a message was not taken in: %s", type(error).__name__)

    @property
    def up(self) -> bool:
        return connected(Bot) is not None

    async def send(self, target: str, message: Outgoing) -> Delivery:
        bot = connected(Bot)
        if bot is None:
            return Delivery(Sending.PENDING, error=texts.NO_CONNECTION, retry_ms=RETRY_MS)
        if message.file_base64:  # a picture too: the platform takes one only by an address it can reach
            return Delivery(Sending.REFUSED, error=texts.NO_FILES)
        try:
            # Asked for first, so that a failure here is known to have sent nothing.
            await bot.get_access_token()
        except Exception as error:  # boundary: whatever goes wrong before the call, nothing was sent
            logger.warning("no credentials from the platform: %s", type(error).__name__)
            return Delivery(Sending.PENDING, error=texts.NO_CREDENTIALS, retry_ms=RETRY_MS)
        kind, _, number = target.partition(":")
        if kind == "p" and not has_private_chat(number):
            return Delivery(Sending.REFUSED, error=texts.NOT_A_PRIVATE_ACCOUNT)
        answered = self._answerable(kind, message.quote or message.source)
        try:
            sent_id = await self._post(bot, kind, number, write_text(message.called), answered)
        except Exception as error:  # boundary: each way to fail means one of four outcomes, see outcome_of
            return outcome_of(error, kind, passive=answered is not None)
        self._count(answered)
        return Delivery(Sending.SENT, platform_id=sent_id)

    async def _post(self, bot: Bot, kind: str, number: str, text: str, answered: str | None) -> str:
        sequence = sequence_of(text) if answered else None
        if kind == "g":
            in_group = await bot.post_group_messages(
                group_openid=number, msg_type=0, content=text, msg_id=answered, msg_seq=sequence
            )
            return in_group.id or ""
        in_private = await bot.post_c2c_messages(
            openid=number, msg_type=0, content=text, msg_id=answered, msg_seq=sequence
        )
        return in_private.id or ""

    def _answerable(self, kind: str, message_id: str) -> str | None:
        """The message to answer, while the platform still lets us; None means we speak first."""
        said, at_ms = answered_message(message_id)
        late = to_ms(self._clock.now()) - at_ms > ANSWERABLE_MS[kind]
        if not said or late or self._answers.get(said, 0) >= ANSWERS_PER_MESSAGE:
            return None
        return said

    def _count(self, answered: str | None) -> None:
        if answered is None:
            return
        self._answers[answered] = self._answers.get(answered, 0) + 1
        while len(self._answers) > REMEMBERED:
            self._answers.popitem(last=False)

    async def fetch(self, incoming: Incoming) -> bytes:
        file = incoming.file
        assert file is not None
        check_size(file.name, file.size)
        try:
            async with asyncio.timeout(self._fetch_seconds):
                data = await download(file.url, file.name)
        except (TimeoutError, DownloadFailed) as error:
            logger.warning("a file was not fetched: %s", reason_of(error))
            raise FetchProblem(bot_texts.FILE_TIMEOUT.format(name=file.name)) from error
        if file.size and len(data) != file.size:
            raise FetchProblem(bot_texts.FILE_CHANGED.format(name=file.name))
        return data

    async def find_sent(self, target: str, text: str, since_ms: int) -> str | None:
        """The platform shows no history to a bot."""
        return None


def outcome_of(error: Exception, kind: str, *, passive: bool) -> Delivery:
    """What a failed call means for the message."""
    if isinstance(error, AuditException):
        return Delivery(Sending.UNKNOWN, error=texts.UNDER_REVIEW)
    if isinstance(error, RateLimitException):
        return Delivery(Sending.PENDING, error=texts.TOO_FAST, retry_ms=TOO_FAST_MS)
    if isinstance(error, UnauthorizedException):
        return Delivery(Sending.PENDING, error=texts.NO_CREDENTIALS, retry_ms=RETRY_MS)
    if isinstance(error, ActionFailed):
        return _failed(error, kind, passive)
    if isinstance(error, ApiNotAvailable):
        return Delivery(Sending.REFUSED, error=texts.PLATFORM_REFUSED.format(reason="HTTP 404"))
    if isinstance(error, NetworkError) and never_left(error.__cause__):
        return Delivery(Sending.PENDING, error=texts.NO_CONNECTION, retry_ms=RETRY_MS)
    logger.warning("a send broke off: %s", type(error).__name__)
    return Delivery(Sending.UNKNOWN, error=texts.NO_ANSWER)


def _failed(failed: ActionFailed, kind: str, passive: bool) -> Delivery:
    if failed.code == DUPLICATE:
        return Delivery(Sending.SENT)
    if failed.code in AUDITED or failed.status_code in (201, 202):
        return Delivery(Sending.UNKNOWN, error=texts.UNDER_REVIEW)
    if failed.status_code >= 500:
        return Delivery(Sending.UNKNOWN, error=texts.SERVER_FAULT.format(status=failed.status_code))
    reason = f"{failed.code or failed.status_code} {failed.message or ''}".strip()[:200]
    if passive:
        return Delivery(Sending.REFUSED, error=texts.PLATFORM_REFUSED.format(reason=reason))
    hint = texts.MAY_NOT_SPEAK_FIRST if kind == "g" else texts.MAY_NOT_WRITE_FIRST
    return Delivery(Sending.REFUSED, error=hint.format(reason=reason))
