"""NoneBot's bare echo: one `on_message` matcher that quotes a submission and stores nothing."""

from __future__ import annotations

import nonebot
from nonebot.adapters.onebot.v11 import Bot, MessageEvent

from benchmarks.anchors import framework
from benchmarks.corpus import MARK


async def echo(bot: Bot, event: MessageEvent) -> None:
    """Answer a submission with its own words; leave chatter alone."""
    if event.raw_message.startswith(MARK):
        await bot.send(event, event.message, reply_message=True)


if __name__ == "__main__":
    framework.start()
    nonebot.on_message().append_handler(echo)
    nonebot.run()
