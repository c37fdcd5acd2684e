"""NoneBot as a bot of twenty commands is usually written: an `on_command` matcher each; one is meant."""

from __future__ import annotations

import nonebot
from nonebot.adapters.onebot.v11 import Bot, MessageEvent

from benchmarks.anchors import framework
from benchmarks.corpus import MARK

_OTHERS = (
    "帮助", "绑定", "移交", "撤回", "我的报送", "待办", "查看", "退回", "不采用", "采用",
    "撤销", "综合", "我的得分", "排名", "单位得分", "办法", "催报", "任务", "领导批示",
)  # fmt: skip


async def echo(bot: Bot, event: MessageEvent) -> None:
    """Answer a command with its own words."""
    await bot.send(event, event.message, reply_message=True)


if __name__ == "__main__":
    framework.start()
    for name in (MARK.strip("/ "), *_OTHERS):
        nonebot.on_command(name).append_handler(echo)
    nonebot.run()
