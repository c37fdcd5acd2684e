"""What the 保密员 sees of messages that were stopped at the door: `/拦截记录`."""

from __future__ import annotations

from nonebot.plugin import PluginMetadata

from bot.commands import Answer, Call, Reply, command
from plugins.secrecy import texts
from services.secrecy import KEEPERS, hits

__plugin_meta__ = PluginMetadata(
    name="保密",
    description="看被拦下的消息的时间、群和规则",
    usage="/拦截记录",
    type="application",
)

LISTED = 20


@command(
    "refusals",
    "拦截记录",
    who=KEEPERS,
    family="系统",
    summary="看被拦下的消息（只有时间、群、规则）",
    usage="/拦截记录",
)
def refusals(call: Call) -> Answer:
    return Reply(texts.listed(hits(call.tx, LISTED + 1, call.now), LISTED), private=True)
