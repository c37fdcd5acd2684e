"""What every channel asks of NoneBot, which holds the connections: is a bot of my kind there, did a call leave?"""

from __future__ import annotations

import asyncio
from typing import TypeVar

import nonebot
from aiohttp import ClientConnectorError, ConnectionTimeoutError
from nonebot.adapters import Bot

from bot.channels.base import Channel

B = TypeVar("B", bound=Bot)

LOOK_AGAIN_SECONDS = 0.2


def connected(kind: type[B]) -> B | None:
    """The connected bot of a kind; an office has one account on each platform."""
    return next((bot for bot in nonebot.get_bots().values() if isinstance(bot, kind)), None)


def never_left(error: BaseException | None) -> bool:
    """Whether a call failed before anything of it was sent, so that it may be made again."""
    return isinstance(error, ClientConnectorError | ConnectionTimeoutError)


async def until_up(channel: Channel) -> None:
    """Wait for a channel's connection."""
    while not channel.up:
        await asyncio.sleep(LOOK_AGAIN_SECONDS)
