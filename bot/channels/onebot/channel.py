"""Sending, fetching and remembering over OneBot V11.

What NapCat answers, and what we make of it (its retcodes: 1400 bad parameters, 1404 unknown action, 1200 everything
else, time-outs included):

    ok                                  sent
    retcode 1200, silence, a dead line  unknown: it may have gone out
    other retcodes                      refused
    no connection                       not sent, tried again
"""

from __future__ import annotations

import asyncio
import base64
import binascii
import logging
import re
from collections.abc import Mapping
from typing import Any

from nonebot.adapters.onebot.v11 import ActionFailed, ApiNotAvailable, Bot, NetworkError

from bot import texts as bot_texts
from bot.channels import texts
from bot.channels.base import Delivery, FetchProblem, Intake, Pace
from bot.channels.connected import connected, never_left
from bot.channels.download import DownloadFailed, check_size, download, reason_of
from bot.channels.onebot.pulse import Pulse
from bot.channels.onebot.wire import PLATFORM, read_frame, read_history, said_by, write_segments
from domain.speech import FileRef, Incoming, Outgoing
from storage.outbox import Sending

logger = logging.getLogger("baosong.onebot")

UNCLEAR = 1200
RETRY_MS = 3_000
HISTORY = 50
CLOCKS_APART_MS = 60_000

# How a history shows whom a message calls, in front of its text.
_CALLS = re.compile(r"\A\s*(?:@\S+\s+)+")

CALL_FAULTS = (ActionFailed, ApiNotAvailable, NetworkError)


class OneBotChannel:
    """The channel of one QQ account; also the adapter's listener."""

    platform = PLATFORM

    def __init__(self, pace: Pace, fetch_seconds: float, pulse: Pulse) -> None:
        self.pace = pace
        self.pulse = pulse
        self._fetch_seconds = fetch_seconds
        self._intake: Intake | None = None

    def connect(self, intake: Intake) -> None:
        self._intake = intake

    def opened(self, self_id: str) -> None:
        self.pulse.opened()

    def closed(self, self_id: str) -> None:
        self.pulse.closed()

    async def room(self) -> None:
        if self._intake is not None:
            await self._intake.room()

    def heard(self, frame: Mapping[str, Any], self_id: str) -> None:
        """An event from the wire: every one is a sign of life, a message goes in."""
        self.pulse.frame(frame)
        incoming = read_frame(frame, self_id)
        if incoming is None or self._intake is None:
            return
        try:
            self._intake.accept(incoming)
        except Exception as error:  # boundary: a fault of ours over one message must not cost the connection
            logger.error("a message was not taken in: %s", type(error).__name__)

    @property
    def up(self) -> bool:
        return not self.trouble

    @property
    def trouble(self) -> str:
        return self.pulse.trouble or ("" if connected(Bot) else texts.NO_CONNECTION)

    @property
    def heard_ms(self) -> int:
        return self.pulse.heard_ms

    def resume_from(self, heard_ms: int) -> None:
        self.pulse.resume_from(heard_ms)

    def take_gap(self) -> int | None:
        return self.pulse.take_gap()

    async def send(self, target: str, message: Outgoing) -> Delivery:
        bot = connected(Bot)
        if bot is None or not self.up:
            return _not_sent()
        action, parameters = _call_for(target, message)
        try:
            data = await bot.call_api(action, **parameters)
        except ActionFailed as failed:
            return _failed(failed)
        except ApiNotAvailable:
            return _not_sent()
        except NetworkError as error:
            if never_left(error.__cause__):
                return _not_sent()
            return Delivery(Sending.UNKNOWN, error=texts.NO_ANSWER)
        except Exception as error:  # boundary: the socket breaks in many ways while a call is under way
            logger.warning("a send broke off: %s", type(error).__name__)
            return Delivery(Sending.UNKNOWN, error=texts.BROKE_OFF.format(error=type(error).__name__))
        return Delivery(Sending.SENT, platform_id=_sent_id(data))

    async def fetch(self, incoming: Incoming) -> bytes:
        file = incoming.file
        assert file is not None
        check_size(file.name, file.size)
        try:
            async with asyncio.timeout(self._fetch_seconds):
                data = await self._bytes_of(incoming, file)
        except (TimeoutError, DownloadFailed, *CALL_FAULTS) as error:
            logger.warning("a file was not fetched: %s", reason_of(error))
            raise FetchProblem(bot_texts.FILE_TIMEOUT.format(name=file.name)) from error
        if file.size and len(data) != file.size:
            raise FetchProblem(bot_texts.FILE_CHANGED.format(name=file.name))
        return data

    async def _bytes_of(self, incoming: Incoming, file: FileRef) -> bytes:
        """By the address in the announcement, else the one the endpoint gives, else the bytes it sends itself.

        A path on the endpoint's own disk is of no use: the two live in different containers.
        """
        url = file.url or await self._url_of(incoming, file)
        if url.startswith(("http://", "https://")):
            return await download(url, file.name)
        bot = connected(Bot)
        answer = await bot.call_api("get_file", file_id=file.file_id) if bot else None
        encoded = _field(answer, "base64")
        if not encoded:
            raise DownloadFailed("the endpoint offers neither an address nor the bytes")
        check_size(file.name, len(encoded) * 3 // 4)
        try:
            return base64.b64decode(encoded, validate=True)
        except (binascii.Error, ValueError) as error:
            raise DownloadFailed("the endpoint's bytes cannot be read") from error

    async def _url_of(self, incoming: Incoming, file: FileRef) -> str:
        bot = connected(Bot)
        if bot is None:
            raise ApiNotAvailable
        try:
            if incoming.group:
                parameters: dict[str, Any] = {"group_id": _id(incoming.group), "file_id": file.file_id}
                if file.busid:
                    parameters["busid"] = _id(file.busid)
                answer = await bot.call_api("get_group_file_url", **parameters)
            else:
                answer = await bot.call_api("get_private_file_url", file_id=file.file_id)
        except ActionFailed:
            return ""
        return _field(answer, "url")

    async def find_sent(self, target: str, text: str, since_ms: int) -> str | None:
        """The id of our message in the chat's history."""
        bot = connected(Bot)
        if bot is None:
            return None
        kind, _, number = target.partition(":")
        messages = await self._past(bot, kind, number)
        ours = (message for message in messages if _is_ours(message, bot.self_id, text, since_ms))
        return next(map(_sent_id, ours), None)

    async def history(self, group: str, since_ms: int) -> list[Incoming]:
        """What was said in a group since a moment, oldest first, at most the latest 50 messages."""
        bot = connected(Bot)
        if bot is None:
            return []
        past = [read_history(message, group, bot.self_id) for message in await self._past(bot, "g", group)]
        return sorted((m for m in past if m is not None and m.at_ms >= since_ms), key=lambda m: m.at_ms)

    async def _past(self, bot: Bot, kind: str, number: str) -> list[Any]:
        """The latest messages of a chat; none if the endpoint does not tell (an empty chat is a failure to NapCat)."""
        group = kind == "g"
        action, who = ("get_group_msg_history", "group_id") if group else ("get_friend_msg_history", "user_id")
        try:
            answer = await bot.call_api(action, **{who: _id(number), "count": HISTORY})
        except CALL_FAULTS as error:
            logger.info("the history of a chat was not told: %s", type(error).__name__)
            return []
        messages = answer.get("messages") if isinstance(answer, Mapping) else None
        return messages if isinstance(messages, list) else []


def _not_sent() -> Delivery:
    return Delivery(Sending.PENDING, error=texts.NO_CONNECTION, retry_ms=RETRY_MS)


def _call_for(target: str, message: Outgoing) -> tuple[str, dict[str, Any]]:
    """The action and its parameters; the private and the group id never stand together."""
    kind, _, number = target.partition(":")
    who = {"group_id": _id(number)} if kind == "g" else {"user_id": _id(number)}
    if message.picture:
        action = "send_group_msg" if kind == "g" else "send_private_msg"
        return action, {**who, "message": [{"type": "image", "data": {"file": f"base64://{message.file_base64}"}}]}
    if message.file_base64:
        action = "upload_group_file" if kind == "g" else "upload_private_file"
        return action, {**who, "file": f"base64://{message.file_base64}", "name": message.file_name}
    action = "send_group_msg" if kind == "g" else "send_private_msg"
    return action, {**who, "message": write_segments(message.text, message.quote, message.mentions)}


def _failed(failed: ActionFailed) -> Delivery:
    retcode = failed.info.get("retcode")
    words = str(failed.info.get("wording") or failed.info.get("message") or "")[:200]
    state = Sending.UNKNOWN if retcode == UNCLEAR else Sending.REFUSED
    return Delivery(state, error=f"retcode {retcode} {words}".strip())


def _sent_id(data: object) -> str:
    return str(data.get("message_id") or data.get("file_id") or "") if isinstance(data, Mapping) else ""


def _field(answer: object, name: str) -> str:
    return str(answer.get(name) or "") if isinstance(answer, Mapping) else ""


def _id(number: str) -> int | str:
    """OneBot wants numbers as numbers."""
    return int(number) if number.isascii() and number.isdecimal() else number


def _is_ours(message: object, self_id: str, text: str, since_ms: int) -> bool:
    """The same text from us; the platform's clock may be a minute off, and it may trim the ends."""
    account, said, at_ms = said_by(message)
    without_calls = _CALLS.sub("", said, count=1)
    ours = text.strip() in (said.strip(), without_calls.strip())
    return account == self_id and at_ms >= since_ms - CLOCKS_APART_MS and ours
