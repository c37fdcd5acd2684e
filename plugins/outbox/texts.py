"""What the office and the administrator read about the outbox."""

from __future__ import annotations

from datetime import datetime

from domain.moment import to_ms
from domain.speech import Outgoing
from domain.words import shorten
from services.dispatch import Listed, Overview

HOW = (
    "没看懂。可以这样发：\n/发件箱（看全部）\n/发件箱 不明（只看一类：待发、不明、拒收、失败）\n"
    "/发件箱 重发 12、/发件箱 已送达 12、/发件箱 取消 12"
)
EMPTY = "发件箱里没有需要处理的消息。"
HINT = "处理：/发件箱 重发 编号、/发件箱 已送达 编号、/发件箱 取消 编号。“不明”的可能已经送达，重发前请先问一下对方。"

DONE = {
    "resend": "{number} 号消息（给{to}）马上重发。",
    "done": "{number} 号消息（给{to}）已记为送达。",
    "drop": "{number} 号消息（给{to}）已取消，不会再发。",
}


def overview(seen: Overview, now: datetime, *, with_words: bool) -> str:
    """Counts, then one line per message; `with_words` adds how each begins (for the office, not the administrator)."""
    counts = "，".join(f"{state} {count}" for state, count in seen.counts.items() if count)
    if not counts or not seen.listed:
        return EMPTY if not counts else f"{counts}。这一类没有。"
    lines = [f"发件箱：{counts}"]
    lines += [_line(listed, now, with_words) for listed in seen.listed]
    return "\n".join([*lines, HINT])


def _line(listed: Listed, now: datetime, with_words: bool) -> str:
    parcel = listed.parcel
    parts = [f"{parcel.id} 号 {listed.state} 给{listed.to} {age(parcel.created_ms, now)}"]
    if parcel.error:
        parts.append(f"（{shorten(parcel.error, 60)}）")
    if with_words:
        parts.append(f"“{shorten(_words(parcel.message), 20)}”")
    return "".join(parts)


def _words(message: Outgoing) -> str:
    """What a message says; a file its name, one that is drawn when it leaves that it is one."""
    return message.text or message.file_name or "文件"


def age(since_ms: int, now: datetime) -> str:
    """How long ago, roughly: 40秒前, 12分钟前, 3小时前, 5天前."""
    seconds = max(0, (to_ms(now) - since_ms) // 1000)
    for size, unit in ((86_400, "天"), (3_600, "小时"), (60, "分钟")):
        if seconds >= size:
            return f"{seconds // size}{unit}前"
    return f"{seconds}秒前"
