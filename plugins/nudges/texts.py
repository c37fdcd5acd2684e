"""What the office reads about nudges."""

from __future__ import annotations

from collections.abc import Sequence

from domain.moment import show_time
from domain.nudge import LEADER
from services.nudges import Overview, Shown

NOTHING = "现在没有待批的催报。"
HOW = "发“/催报 发送”全部批准，“/催报 发送 {number}”只批准一条，“/催报 取消 {number} 原因”不发。"
NOT_UNDERSTOOD = "没有看懂。可以发：/催报、/催报 发送、/催报 发送 编号、/催报 取消 编号 原因。"
NONE_LEFT = "没有可以发送的催报：情况已经变化。发“/催报”看原因。"


def overview(seen: Overview) -> str:
    """Who would get what and why; then what is on its way, and what did not go out."""
    blocks = []
    if seen.planned:
        how = HOW.format(number=seen.planned[0].nudge.id)
        blocks.append("\n".join((f"待批催报{len(seen.planned)}条：", *map(_line, seen.planned), how)))
    else:
        blocks.append(NOTHING)
    if seen.approved:
        lines = (f"{_line(shown)}（{show_time(shown.nudge.due_ms)} 起发出）" for shown in seen.approved)
        blocks.append("\n".join((f"已批准、等候发送{len(seen.approved)}条：", *lines)))
    if seen.dropped:
        lines = (f"{_line(shown)}——{shown.nudge.note}" for shown in seen.dropped)
        blocks.append("\n".join(("本月最近没有发出的：", *lines)))
    return "\n\n".join(blocks)


def _line(shown: Shown) -> str:
    person = shown.person or "（无人）"
    role = "分管领导" if shown.nudge.stage == LEADER else "信息员"
    return f"{shown.nudge.id}. {shown.unit} {person}（{role}）：{shown.nudge.reason}"


def approved(sent: Sequence[Shown], now_ms: int) -> str:
    """What was approved, and when it goes out if not at once."""
    if not sent:
        return NONE_LEFT
    due_ms = sent[0].nudge.due_ms
    when = "马上私聊发出" if due_ms <= now_ms else f"现在不是发送时间，{show_time(due_ms)} 起私聊发出"
    people = "、".join(f"{shown.unit}{shown.person}" for shown in sent)
    return f"已批准{len(sent)}条，{when}：{people}。发出前会再核对一次，已经报送的不再催。"


def stopped(shown: Shown) -> str:
    return f"已取消 {shown.nudge.id}：不催{shown.unit}{shown.person}，本月这件事也不再拟定。"
