"""Nudges before they go: `/催报` shows who would get what and why, the office approves or takes back."""

from __future__ import annotations

from nonebot.plugin import PluginMetadata

from bot.commands import Answer, Call, Reply, command
from domain.errors import BadInput
from domain.roster import DESK
from plugins.nudges import texts
from services import nudges
from services.calendar import with_calendar

__plugin_meta__ = PluginMetadata(
    name="催报",
    description="看拟定的催报，批准或取消",
    usage="/催报；/催报 发送；/催报 取消 编号 原因",
    type="application",
)

SEND = {"send", "发送", "批准"}
DROP = {"drop", "取消", "不发"}


@command(
    "nudges",
    "催报",
    who=DESK,
    family="催报",
    summary="看拟定的催报，批准或取消",
    usage="/催报 [发送 [编号]｜取消 编号 原因]",
    example="/催报 取消 12 已电话说明",
)
def show_nudges(call: Call) -> Answer:
    """Which units lag is for the office alone, wherever it asks."""
    first, *rest = call.args or [""]
    word = first.casefold()
    if not word:
        return Reply(texts.overview(nudges.overview(call.tx, with_calendar(call.tx, call.office), call.now)), True)
    if word in SEND:
        return Reply(_send(call, rest), True)
    if word in DROP and rest:
        shown = nudges.stop(call.tx, _number(rest[0]), " ".join(rest[1:]), call.person, call.now)
        return Reply(texts.stopped(shown), True)
    raise BadInput(reason=texts.NOT_UNDERSTOOD)


def _send(call: Call, words: list[str]) -> str:
    numbers = [_number(word) for word in words] or None
    office = with_calendar(call.tx, call.office)
    if not numbers and not nudges.overview(call.tx, office, call.now).planned:
        return texts.NOTHING
    approved = nudges.approve(call.tx, office, numbers, f"person:{call.person.id}", call.now)
    return texts.approved(approved, call.now_ms)


def _number(word: str) -> int:
    digits = word.strip(".．、,，号")
    if not digits.isdecimal() or len(digits) > 9:
        raise BadInput(reason=f"“{word[:20]}”不是催报编号。发“/催报”看编号。")
    return int(digits)
