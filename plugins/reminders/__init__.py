"""The daily digest of what one owes: `/每日提醒` shows when it comes, moves it, or switches it off."""

from __future__ import annotations

import re
from datetime import time

from nonebot.plugin import PluginMetadata

from bot.commands import Answer, Call, Reply, command
from domain.errors import BadInput
from domain.roster import REPORTERS
from plugins.reminders import texts
from services import digests
from services.calendar import with_calendar

__plugin_meta__ = PluginMetadata(
    name="每日提醒",
    description="看、改自己的每日提醒",
    usage="/每日提醒；/每日提醒 8:30；/每日提醒 关",
    type="application",
)

OFF = {"关", "关闭", "关掉", "不要", "取消", "off"}
ON = {"开", "打开", "开启", "on"}
_CLOCK = re.compile(r"(\d{1,2})(?::(\d{2})|点(半|\d{1,2}分?)?)")


@command(
    "digest",
    "每日提醒",
    who=REPORTERS,
    family="约稿",
    summary="每天什么时候把要报的约稿提醒一遍；可以改时间，可以关",
    usage="/每日提醒 [时间｜关]",
    example="/每日提醒 15:00",
)
def choose_digest(call: Call) -> Answer:
    """Everybody's own choice, answered in private."""
    office = with_calendar(call.tx, call.office)
    word = call.words.strip().casefold().replace("：", ":")
    if not word:
        return Reply(texts.shown(digests.chosen(call.tx, office, call.person.id)), private=True)
    if word in OFF:
        digests.choose(call.tx, office, call.person.id, None, call.now)
        return Reply(texts.SWITCHED_OFF, private=True)
    at = (office.reminders.digest_at or time(8, 30)) if word in ON else read_clock(word)
    today = digests.choose(call.tx, office, call.person.id, at, call.now)
    return Reply(texts.chosen(at, today=today), private=True)


def read_clock(word: str) -> time:
    """`8:30`, `8点`, `8点半`, `15点20分`. Raises BadInput."""
    match = _CLOCK.fullmatch(word)
    if match is None:
        raise BadInput(reason=texts.NOT_UNDERSTOOD)
    minutes = match[2] or {"半": "30", None: "0"}.get(match[3]) or match[3].removesuffix("分")
    if int(match[1]) > 23 or int(minutes) > 59:
        raise BadInput(reason=texts.NOT_UNDERSTOOD)
    return time(int(match[1]), int(minutes))
