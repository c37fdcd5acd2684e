"""What the office reads when it has done something, and what reporters are told about it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from domain.moment import from_ms, show_time
from domain.ranking import format_points
from domain.words import shorten
from services.assignments import Share
from services.commissions.texts import short_number
from services.desk import Done, Merged, Move, Waiting

NO_REASON = "未写明"
YOURS, OURS, JOINTLY = "您报送的 ", "贵单位报送的 ", "贵单位联合报送的 "
CONTRIBUTED = "贵单位供稿的综合稿 "

RETURNED_TO_YOU = (
    "{whose}{name}退回修改。\n原因：{reason}\n"
    "改好后请发“/报送 {number} 标题”，下面写改好的正文；或按原来的办法重发，标题相近会自动作为新的一版。"
)
REJECTED_TO_YOU = "{whose}{name}这次没有采用。\n原因：{reason}\n稿件仍保留在信息科，以后可能采用，不必重复报送。"
ADOPTED_TO_YOU = "{whose}{name}被{what}采用。{points}\n发“/我的得分”看全部得分。"
REVOKED_TO_YOU = "{whose}{name}的{what}登记已撤销，现在是“{state}”。\n原因：{reason}{points}\n有疑问请联系信息科。"
MERGED_TO_YOU = "您报送的 {items} 已并入综合稿 {digest}。综合稿采用后，各供稿单位都按考评办法计分，不必再报。"

WHY_RETURN = "请直接回复 {number} 的退回原因，报送人会收到。不退了请发“取消”。"
WHY_REJECT = "请直接回复 {number} 不采用的原因，报送人会收到。不办了请发“取消”。"
WHERE_ADOPTED = "请直接回复 {number} 采用的刊物和期号，如“每日要情 128”，可以加形式、日期。不登记了请发“取消”。"
STILL_ASKING = "“{word}”是命令，没有当作答复；要发命令请带上“/”。\n{question}"
NOT_DONE = "好的，没有办理。"
TOO_LATE = "刚才的卡片等了太久，没有办理。请再点一次，或直接发命令。"
FORM_FIRST = "您有一张表单还没有填完。请先填完，或发“取消”放弃，再点卡片。"


def pending(waiting: Waiting, unit: str, now: datetime) -> str:
    """The pile on the desk, oldest first."""
    if not waiting.count:
        return f"{unit}没有待处理的信息。"
    oldest = _age(waiting.items[0][0].submitted_ms, now)
    lines = [f"{unit}待处理 {waiting.count} 条，最早的已等 {oldest}："]
    for item, units in waiting.items:
        seen = "，看过" if item.reviewed_ms else ""
        version = f"第{item.version}版 " if item.version > 1 else ""
        lines.append(
            f"{item.number}《{shorten(item.title, 30)}》{version}{units} {show_time(item.submitted_ms)}"
            f"（{_age(item.submitted_ms, now)}{seen}）"
        )
    if waiting.count > len(waiting.items):
        rest = waiting.count - len(waiting.items)
        lines.append(f"还有 {rest} 条没有列出。发“/待办 单位”只看一个单位的。")
    lines.append("看全文请发“/查看 编号”。")
    return "\n".join(lines)


def _age(since_ms: int, now: datetime) -> str:
    waited = now - from_ms(since_ms)
    if waited.days:
        return f"{waited.days} 天"
    hours, minutes = waited.seconds // 3600, waited.seconds // 60
    return f"{hours} 小时" if hours else f"{minutes} 分钟"


def returned(done: Done) -> str:
    return f"{_changed(done)}\n原因：{done.item.note}"


def adopted(done: Done, used: str) -> str:
    return f"{_changed(done)}\n{used}{moved(done.moves)}"


def can_be_closed(shares: Sequence[Share]) -> str:
    """The commissions an adopted item answers: closing them off is one more command, and the office's word."""
    return "".join(
        f"\n这是{share.name}的报送，可以销号：/销号 {short_number(share.commission)} {share.unit}" for share in shares
    )


def closed_otherwise(shares: Sequence[Share]) -> str:
    """The commissions that were closed off as something that is no longer true; only the head opens them again."""
    return "".join(
        f"\n{share.name}已按“{share.assignment.now.outcome.value}”销号；要改请科长发："
        f"/重开 {short_number(share.commission)} {share.unit} 原因"
        for share in shares
        if share.assignment.now.outcome is not None
    )


def revoked(done: Done, what: str) -> str:
    return f"{_changed(done)}\n撤销{what}登记{moved(done.moves)}"


def merged(merged: Merged) -> str:
    sources = "\n".join(_changed(source) for source in merged.sources)
    return f"{sources}\n综合稿：{merged.item.name} {merged.units}。采用它请发“/采用 {merged.item.number} 刊物 期号”。"


def _changed(done: Done) -> str:
    after = done.item.state
    arrow = f"{done.before.label} → {after.label}" if done.before is not after else after.label
    return f"{done.item.name}：{arrow}"


def moved(moves: Sequence[Move]) -> str:
    """What moved, on lines of its own."""
    if not moves:
        return "\n得分没有变化。"
    return "".join(f"\n{_unit_points(move)}" for move in moves)


def _unit_points(move: Move) -> str:
    article = f"（{move.article}）" if move.article else ""
    why = f" {move.reason}" if not move.points or not move.article else ""
    return f"{move.unit} {_signed(move.points)} 分{article}{why}"


def _signed(points: int) -> str:
    return f"+{format_points(points)}" if points > 0 else format_points(points)


def points(moves: Sequence[Move]) -> str:
    """The points of somebody's own units, on lines of their own."""
    return "".join(f"\n{_unit_points(move)}" for move in moves)


def who_was_told(told: Sequence[str], missed: Sequence[str]) -> str:
    """The last line of the desk's answer."""
    parts = []
    if told:
        parts.append(f"已私聊告知：{'、'.join(told)}。")
    if missed:
        parts.append(f"没有绑定账号、未能告知：{'、'.join(missed)}。")
    return "\n" + "".join(parts) if parts else ""
