"""Sending and fetching over OneBot V11.

What NapCat answers, and what we make of it (its retcodes: 1400 bad parameters, 1404 unknown action, 1200 everything
else, time-outs included):

    ok                     sent
    retcode 1200, silence  unknown: it may have gone out
    other retcodes         refused
    no connection          not sent, tried again
"""

from __future__ import annotations

import asyncio
import base64
import binascii
import logging
from typing import Any

import httpx
import nonebot
from nonebot.adapters.onebot.v11 import ActionFailed, ApiNotAvailable, Bot, NetworkError

from bot import texts
from bot.channels.base import Delivery, FetchProblem, Intake, Pace
from bot.channels.onebot.adapter import TappedAdapter
from bot.channels.onebot.wire import PLATFORM, write_segments
from documents.limits import MAX_FILE_BYTES
from domain.errors import DocumentTooBig
from domain.speech import FileRef, Incoming, Outgoing
from storage.outbox import Sending

logger = logging.getLogger("baosong.onebot")

UNCLEAR = 1200
RETRY_MS = 3_000


class OneBotChannel:
    """The channel of one QQ account (whichever is connected)."""

    platform = PLATFORM

    def __init__(self, pace: Pace, fetch_seconds: float) -> None:
        self.pace = pace
        self._fetch_seconds = fetch_seconds

    def connect(self, intake: Intake) -> None:
        TappedAdapter.tap.accept = intake.accept
        TappedAdapter.tap.room = intake.room

    @property
    def up(self) -> bool:
        return self._bot() is not None

    async def until_up(self) -> None:
        while not self.up:
            await asyncio.sleep(0.2)

    def _bot(self) -> Bot | None:
        for bot in nonebot.get_bots().values():
            if isinstance(bot, Bot):
                return bot
        return None

    async def send(self, target: str, message: Outgoing) -> Delivery:
        bot = self._bot()
        if bot is None:
            return Delivery(Sending.PENDING, error="没有连接", retry_ms=RETRY_MS)
        kind, _, number = target.partition(":")
        action, who = ("send_group_msg", "group_id") if kind == "g" else ("send_private_msg", "user_id")
        segments = write_segments(message.text, message.quote)
        try:
            data = await bot.call_api(action, **{who: _id(number), "message": segments})
        except ActionFailed as failed:
            return _failed(failed)
        except ApiNotAvailable:
            return Delivery(Sending.PENDING, error="没有连接", retry_ms=RETRY_MS)
        except NetworkError as error:
            return Delivery(Sending.UNKNOWN, error=f"没有回音：{error.msg or 'timeout'}")
        except Exception as error:  # boundary: the socket breaks in many ways while a call is under way
            logger.warning("send to %s broke off: %s", target, type(error).__name__)
            return Delivery(Sending.UNKNOWN, error=f"发送中断：{type(error).__name__}")
        return Delivery(Sending.SENT, platform_id=str((data or {}).get("message_id", "")))

    async def fetch(self, incoming: Incoming) -> bytes:
        file = incoming.file
        assert file is not None
        if file.size > MAX_FILE_BYTES:
            raise DocumentTooBig(name=file.name, limit=f"{MAX_FILE_BYTES // 1024 // 1024} MB")
        try:
            async with asyncio.timeout(self._fetch_seconds):
                data = await self._bytes_of(incoming, file)
        except (TimeoutError, httpx.HTTPError, ActionFailed, ApiNotAvailable, NetworkError) as error:
            logger.warning("file not fetched: %s", type(error).__name__)
            raise FetchProblem(texts.FILE_TIMEOUT.format(name=file.name)) from error
        if file.size and len(data) != file.size:
            raise FetchProblem(texts.FILE_CHANGED.format(name=file.name))
        return data

    async def _bytes_of(self, incoming: Incoming, file: FileRef) -> bytes:
        """By the address in the announcement, else the one the endpoint gives, else the bytes it sends itself.

        A path on the endpoint's own disk is of no use: the two live in different containers.
        """
        url = file.url or await self._url_of(incoming, file)
        if url.startswith(("http://", "https://")):
            return await _download(url, file.name)
        bot = self._bot()
        answer = await bot.call_api("get_file", file_id=file.file_id) if bot else None
        encoded = (answer or {}).get("base64")
        if not encoded:
            raise httpx.TransportError("the endpoint offers neither an address nor the bytes")
        try:
            return base64.b64decode(encoded, validate=True)
        except binascii.Error as error:
            raise httpx.TransportError("the endpoint's bytes cannot be read") from error

    async def _url_of(self, incoming: Incoming, file: FileRef) -> str:
        bot = self._bot()
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
        return str((answer or {}).get("url") or "")

    async def was_sent(self, target: str, text: str, since_ms: int) -> bool:
        """Whether a group's history shows our message. Private chats have no history to ask."""
        bot = self._bot()
        kind, _, number = target.partition(":")
        if bot is None or kind != "g":
            return False
        try:
            answer = await bot.call_api("get_group_msg_history", group_id=_id(number), count=50)
        except (ActionFailed, ApiNotAvailable, NetworkError):
            return False
        return any(_is_ours(m, bot.self_id, text, since_ms) for m in (answer or {}).get("messages", ()))


def _failed(failed: ActionFailed) -> Delivery:
    retcode = failed.info.get("retcode")
    words = str(failed.info.get("wording") or failed.info.get("message") or "")[:200]
    state = Sending.UNKNOWN if retcode == UNCLEAR else Sending.REFUSED
    return Delivery(state, error=f"retcode {retcode} {words}".strip())


def _id(number: str) -> int | str:
    """OneBot wants numbers as numbers."""
    return int(number) if number.isdecimal() else number


async def _download(url: str, name: str) -> bytes:
    """The bytes behind an address, never more than a file may have."""
    chunks: list[bytes] = []
    size = 0
    async with (
        httpx.AsyncClient(follow_redirects=True, trust_env=False) as client,
        client.stream("GET", url) as response,
    ):
        response.raise_for_status()
        async for chunk in response.aiter_bytes():
            size += len(chunk)
            if size > MAX_FILE_BYTES:
                raise DocumentTooBig(name=name, limit=f"{MAX_FILE_BYTES // 1024 // 1024} MB")
            chunks.append(chunk)
    return b"".join(chunks)


def _is_ours(message: dict[str, Any], self_id: str, text: str, since_ms: int) -> bool:
    if str(message.get("user_id")) != self_id or int(message.get("time", 0)) * 1000 < since_ms - 60_000:
        return False
    said = "".join(
        str(segment.get("data", {}).get("text", ""))
        for segment in message.get("message", ())
        if isinstance(segment, dict) and segment.get("type") == "text"
    )
    return said == text
