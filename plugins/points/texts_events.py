"""What is read about events of units: what was registered, on which article, what it is worth."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from domain.ranking import format_points
from domain.scoring.happenings import event_name
from domain.words import shorten
from services.unit_events import Listed, Recorded

SHOWN, AT_MOST = 10, 60
ARTICLE_SHOWN = 60

TITLE = "加减分事项"
NOTHING = "没有登记。"
HOW_TO_REVOKE = "请写编号和原因：/记事 撤销 编号 原因。编号见“/事项”。"
RECORDED_TO_YOU = "登记了{what}。{points}{articles}\n有异议请联系信息科，或发“/得分明细”看全部得分。"
REVOKED_TO_YOU = "已撤销登记：{what}。原因：{note}{points}\n发“/得分明细”看全部得分。"


def what(done: Recorded) -> str:
    """`云山县 紧急信息迟报（11-20）`."""
    return f"{done.unit.label} {event_name(done.event)}（{done.day:%m-%d}）"


def points(done: Recorded) -> str:
    """What moved, on lines of its own."""
    if not done.moves:
        return "\n得分没有变化。"
    return "".join(
        f"\n{move.unit} {'+' if move.points > 0 else ''}{format_points(move.points)} 分"
        + (f"（{move.article}）" if move.article else "")
        + (f" {move.reason}" if not move.points else "")
        for move in done.moves
    )


def articles(done: Recorded) -> str:
    """The articles in their own words."""
    return "".join(f"\n{name}：{shorten(text, ARTICLE_SHOWN)}" for name, text in done.articles[:2])


def recorded(done: Recorded) -> str:
    note = f"\n说明：{done.note}" if done.note else ""
    return f"已登记 {what(done)}，编号 {done.id}。{note}{points(done)}{articles(done)}"


def revoked(done: Recorded) -> str:
    return f"已撤销编号 {done.id}：{what(done)}。\n原因：{done.note}{points(done)}"


def who_was_told(told: Sequence[str], missed: Sequence[str]) -> str:
    parts = [f"已私聊告知：{'、'.join(told)}。"] if told else []
    parts += [f"没有绑定账号、未能告知：{'、'.join(missed)}。"] if missed else []
    return "\n" + "".join(parts) if parts else ""


def listing(title: str, found: Sequence[Listed], names: Mapping[int, str], *, everything: bool, again: str) -> str:
    """The newest first; what was taken back says so and counts nothing."""
    if not found:
        return f"{title}：{NOTHING}"
    total = sum(one.points for one in found)
    standing = sum(not one.revoked_by for one in found)
    shown = found[: AT_MOST if everything else SHOWN]
    lines = [f"{title}：{standing}件，{_signed(total)}分", *(_line(one, names[one.unit_id]) for one in shown)]
    if len(found) > len(shown):
        lines.append(f"还有{len(found) - len(shown)}件，发“{again} 全部”，或加“导出”。")
    return "\n".join(lines)


def _line(one: Listed, unit: str) -> str:
    note = f" {shorten(one.reason, 24)}" if one.reason else ""
    back = f"，{one.revoked_by}已撤销：{shorten(one.revoked_because, 20)}" if one.revoked_by else ""
    head = f"{one.id}. {one.day:%m-%d} {unit} {event_name(one.event)} {_signed(one.points)}分"
    return f"{head}{note}（{one.by}{back}）"


def _signed(points: int) -> str:
    return f"{'+' if points > 0 else ''}{format_points(points)}"
