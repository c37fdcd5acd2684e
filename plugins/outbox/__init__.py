"""The outbox: `/发件箱` shows what did not end well, and lets a person settle it."""

from __future__ import annotations

from nonebot.plugin import PluginMetadata

from bot.commands import Answer, Call, command
from domain.errors import BadInput
from domain.roster import DESK, Role
from plugins._discretion import discreet
from plugins.outbox import texts
from services import dispatch

__plugin_meta__ = PluginMetadata(
    name="发件箱",
    description="看没有发出去的消息，重发、确认或取消",
    usage="/发件箱",
    type="application",
)

LISTED = 15

_ACTIONS = {
    "重发": "resend", "resend": "resend",
    "已送达": "done", "done": "done",
    "取消": "drop", "drop": "drop",
}  # fmt: skip

_STATES = {"待发": "pending", "不明": "unknown", "拒收": "refused", "失败": "dead"} | {s: s for s in dispatch.STATES}


@command(
    "outbox",
    "发件箱",
    who=DESK | {Role.ADMIN},
    family="系统",
    summary="看待发、不明、拒收和发送失败的消息，并作处理",
    usage="/发件箱 [待发|不明|拒收|失败]，/发件箱 重发|已送达|取消 编号",
    example="/发件箱 重发 12",
)
@discreet
def show_outbox(call: Call) -> Answer:
    word = call.args[0].lower() if call.args else ""
    if word in _ACTIONS:
        return _act(call, _ACTIONS[word])
    if word and word not in _STATES:
        raise BadInput(reason=texts.HOW)
    states = (dispatch.STATES[_STATES[word]],) if word else dispatch.OPEN
    seen = dispatch.overview(call.tx, states, LISTED, call.now.date())
    return texts.overview(seen, call.now, with_words=call.person.has(DESK))


def _act(call: Call, action: str) -> str:
    number = call.args[1].strip("#号") if len(call.args) == 2 else ""
    if not (number.isascii() and number.isdecimal() and len(number) < 10):
        raise BadInput(reason=texts.HOW)
    parcel = dispatch.ACTIONS[action](call.tx, int(number), f"person:{call.person.id}", call.now)
    to = dispatch.target_name(call.tx, parcel.platform, parcel.target, call.now.date())
    return texts.DONE[action].format(number=parcel.id, to=to)
