"""What a reporter reads about the daily digest."""

from __future__ import annotations

from datetime import time

NOT_UNDERSTOOD = "没有看懂。可以发：/每日提醒、/每日提醒 8:30、/每日提醒 关。"
SWITCHED_OFF = "每日提醒已关。约稿快到时限时，仍会单独提醒您。要打开请发“/每日提醒 8:30”。"
NONE = "您没有开每日提醒。要打开请发“/每日提醒 8:30”。"
EACH_DAY = "每日提醒：工作日 {at}，有约稿要报时私聊发给您，当天不再另发提醒。"
HOW = "改时间发“/每日提醒 15:00”，不要了发“/每日提醒 关”。"


def shown(minute: int) -> str:
    """When it comes; a negative minute is never."""
    if minute < 0:
        return NONE
    return EACH_DAY.format(at=f"{minute // 60:02d}:{minute % 60:02d}") + "\n" + HOW


def chosen(at: time, *, today: bool) -> str:
    begin = "今天就开始。" if today else "从下一个工作日开始。"
    return EACH_DAY.format(at=f"{at:%H:%M}") + "\n" + begin
