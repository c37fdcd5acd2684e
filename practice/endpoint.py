"""The OneBot V11 endpoint of the city: connects to the bot's own port as NapCat would (reverse WebSocket).

What somebody of the city says becomes a frame on that socket; what the bot answers comes back as a call.
"""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress

import orjson
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake

from domain.errors import BadInput
from domain.moment import Clock, to_ms
from practice import frames
from practice.calls import Calls
from practice.chats import Chats, Enclosed, Said
from practice.city import BOT_ACCOUNT
from practice.frames import Frame
from practice.world import Room

logger = logging.getLogger("baosong.practice")

RETRY_SECONDS = 0.3
MAX_FRAME = 50 * 2**20


class Endpoint:
    """Runs until cancelled. `up` is set while the bot is connected."""

    def __init__(self, url: str, token: str, chats: Chats, calls: Calls, clock: Clock) -> None:
        self.up = asyncio.Event()
        self._url = url
        self._token = token
        self._chats = chats
        self._calls = calls
        self._clock = clock
        self._socket: ClientConnection | None = None

    async def run(self) -> None:
        """Stay connected: when the port is not open yet, or the socket breaks, try again."""
        headers = {
            "X-Self-ID": str(BOT_ACCOUNT),
            "X-Client-Role": "Universal",
            "Authorization": f"Bearer {self._token}",
        }
        while True:
            with suppress(OSError, InvalidHandshake, ConnectionClosed):
                async with connect(
                    self._url, additional_headers=headers, user_agent_header="OneBot/11", compression=None,
                    max_size=MAX_FRAME, proxy=None, close_timeout=1,
                ) as socket:  # fmt: skip
                    await self._serve(socket)
            await asyncio.sleep(RETRY_SECONDS)

    async def _serve(self, socket: ClientConnection) -> None:
        await _send(socket, frames.lifecycle(self._clock.now()))
        self._socket = socket
        self._set_up(True)
        beating = asyncio.create_task(self._beat(socket))
        try:
            async for raw in socket:
                await _send(socket, self._calls.answer(orjson.loads(raw)))
        finally:
            beating.cancel()
            self._socket = None
            self._set_up(False)

    def _set_up(self, up: bool) -> None:
        if up:
            self.up.set()
        else:
            self.up.clear()
        self._chats.show({"type": "link", "up": up})

    async def _beat(self, socket: ClientConnection) -> None:
        while True:
            await asyncio.sleep(frames.HEARTBEAT_SECONDS)
            await _send(socket, frames.heartbeat(self._clock.now()))

    async def say(self, account: int, chat: str, text: str) -> Said:
        """Somebody says something in a chat they are in. Raises NotFound, or BadInput when nothing is said."""
        if not text.strip():
            raise BadInput(reason="还没有写内容。")
        socket = self._connected()
        speaker, room = self._calls.world.resident(account), self._room(account, chat)
        said = self._chats.add(chat, account, text, to_ms(self._clock.now()))
        await _send(socket, frames.message(said, speaker, room, frames.segments_of(text)))
        return said

    async def drop(self, account: int, chat: str, name: str, content: bytes) -> Said:
        """Somebody drops a file. A group announces it twice, as NapCat does."""
        socket = self._connected()
        speaker, room = self._calls.world.resident(account), self._room(account, chat)
        file = Enclosed(self._calls.files.keep_new(name, content), name, len(content))
        said = self._chats.add(chat, account, "", to_ms(self._clock.now()), file=file)
        await _send(socket, frames.message(said, speaker, room, frames.file_segment(file)))
        if room:
            await _send(socket, frames.group_upload(said, file, room))
        return said

    def _room(self, account: int, chat: str) -> Room | None:
        kind, _, number = chat.partition(":")
        if kind == "g" and number.isdecimal():
            return self._calls.world.room_of(int(number), account)
        if chat != f"p:{account}":
            raise BadInput(reason="没有这个会话。")
        return None

    def _connected(self) -> ClientConnection:
        if self._socket is None:
            raise BadInput(reason="机器人还没有连上，请稍候再发。")
        return self._socket


async def _send(socket: ClientConnection, frame: Frame) -> None:
    with suppress(ConnectionClosed):
        await socket.send(orjson.dumps(frame).decode())
