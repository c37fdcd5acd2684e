"""The way in: every decrypted callback of the adapter, stored before it is answered.

A callback over HTTP is answered when its message is committed; if that fails the answer is 500 and the service brings
it again, up to three times in all. A frame of a long connection is not brought again, so it goes in like any message
of a socket: in the order it came, held back when too much is in hand.
"""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace

from bot.channels.base import Intake, NotKept
from bot.channels.wecom import RawCallback, WeComAdapterException, welcome_answer
from bot.channels.wecom.tap import Reply
from bot.channels.workchat import texts
from bot.channels.workchat.wire import is_entrance, may_be_encrypted, read_callback
from domain.moment import Clock, to_ms
from domain.speech import Incoming

logger = logging.getLogger("baosong.wecom")

REMEMBERED = 10_000
CONVERT_SECONDS = 2.0
CHANGE_SECONDS = 1.0
"""How long the answer to a tap in URL mode waits for the card's new face, which is sent like everything else."""

Convert = Callable[[str], Awaitable[str]]
"""The plain userid of an encrypted one; '' if nobody can tell. Raises WeComAdapterException."""


@dataclass(frozen=True, slots=True)
class ReplyWay:
    """How the AI bot answers one message: by request id on a long connection, by a one-time address in URL mode.

    A `tap` takes no text by request id, only the card's new face; in URL mode that is the answer to the callback,
    `change`, while it waits.
    """

    req_id: str
    response_url: str
    tap: bool = False
    change: asyncio.Future[Reply] | None = None


class Ear:
    """The adapter's tap. It remembers how each message can be answered, as long as the program runs."""

    def __init__(self, bot_name: str, clock: Clock, convert: Convert) -> None:
        self._bot_name = bot_name
        self._clock = clock
        self._convert = convert
        self._plain: OrderedDict[str, str] = OrderedDict()
        self._replies: OrderedDict[str, ReplyWay] = OrderedDict()
        self.intake: Intake | None = None

    async def hear(self, callback: RawCallback) -> Reply | None:
        """Take one callback in. Raises NotKept, upon which the adapter answers 500."""
        if is_entrance(callback):
            return welcome_answer(texts.WELCOME)
        incoming = read_callback(callback, self._bot_name, to_ms(self._clock.now()))
        if incoming is None:
            return None
        if self.intake is None:
            raise NotKept("nobody takes messages in yet")
        if callback.identity == "app":
            await self._take(self.intake, incoming, callback)
            return None
        incoming = replace(incoming, account=await self._plain_id(incoming.account))
        if callback.transport == "callback":
            incoming = replace(incoming, way_back=callback.response_url)
        waits = incoming.tap is not None and callback.transport == "callback"
        change = asyncio.get_running_loop().create_future() if waits else None
        way = ReplyWay(callback.req_id, callback.response_url, incoming.tap is not None, change)
        self._remember(incoming.message_id, way)
        await self._take(self.intake, incoming, callback)
        return await _in_time(change)

    async def _take(self, intake: Intake, incoming: Incoming, callback: RawCallback) -> None:
        await intake.room()
        if callback.transport == "callback":
            await intake.keep(incoming)
        else:
            intake.accept(incoming)

    def reply_way(self, message_id: str, way_back: str = "") -> ReplyWay | None:
        """How a message is answered by the AI bot. Of one that came before the last start only `way_back` is left, the
        one-time address of URL mode (an hour, document 101138); None if it has none."""
        kept = ReplyWay("", way_back) if way_back else None
        return self._replies.get(message_id, kept)

    def _remember(self, message_id: str, way: ReplyWay) -> None:
        if way.req_id or way.response_url or way.change:
            self._replies[message_id] = way
        while len(self._replies) > REMEMBERED:
            self._replies.popitem(last=False)

    async def _plain_id(self, userid: str) -> str:
        """The userid the app knows the person by, so that one person is one account whatever they write to."""
        if not may_be_encrypted(userid):
            return userid
        if userid not in self._plain:
            try:
                async with asyncio.timeout(CONVERT_SECONDS):
                    found = await self._convert(userid)
            except (WeComAdapterException, TimeoutError) as error:
                logger.warning("an encrypted userid was not converted: %s", type(error).__name__)
                return userid
            self._plain[userid] = found or userid
            while len(self._plain) > REMEMBERED:
                self._plain.popitem(last=False)
        return self._plain[userid]


async def _in_time(change: asyncio.Future[Reply] | None) -> Reply | None:
    """A card's new face, if it comes while the callback may wait for it."""
    if change is None:
        return None
    await asyncio.wait({change}, timeout=CHANGE_SECONDS)
    if change.done():
        return change.result()
    change.cancel()
    return None
