"""What units and the office are told of a period: own figures, what stands in the way, objections, corrections."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from domain.cycle import Verdict
from domain.day_words import WEEKDAYS
from domain.journal import Journal
from domain.period import Period
from domain.ranking import format_points
from domain.words import shorten
from services.board import Row
from services.items import journal_name
from storage.appeal import Appeal, Result
from storage.cycle import Pending

LISTED = 8
"""So many matters are named one by one on a phone; the count is always said."""

BY_ITSELF = "系统"
"""Who took a step that the clock took."""

STILL_CHECKING = "核对期到{until}为止，各单位都收到了这个时间，过了再冻结。"

TO_CHECK = "【得分核对】{label}政务信息"
HOW_TO_OBJECT = (
    "逐笔明细请发“/我的得分 {short}”。\n"
    "有不同意见，请在{until}前发：/申诉 {short} 信息编号 理由（不是某一条信息的，不写编号）。\n"
    "没有意见不用回复；到时按此冻结、通报。"
)

RAISED_TO_OFFICE = "【申诉{id}】{unit} {who}，{period}{about}\n{words}"
HOW_TO_DECIDE = "答复：先用“/采用”“/撤销采用”“/更正”改好，再发“/申诉 {id} 成立”；不成立请发“/申诉 {id} 不成立 原因”。"
DECIDED = {Verdict.GRANTED: "成立", Verdict.REFUSED: "不成立", Verdict.WITHDRAWN: "已撤回", Verdict.OPEN: "等待答复"}
CORRECTED_TO_YOU = "【得分更正】{unit}{moved}\n逐笔明细请发“/我的得分”；有疑问请联系信息科。"
DECIDED_TO_YOU = "申诉{id}（{period}{about}）的答复：{verdict}。{reason}{results}\n{more}"
MORE_GRANTED = "最新得分请发“/我的得分”。"
MORE_REFUSED = "仍有疑问请直接联系信息科。"


def show_until(until: datetime) -> str:
    """`12月7日(周一) 17:30`."""
    return f"{until.month}月{until.day}日({WEEKDAYS[until.weekday()]}) {until:%H:%M}"


def short_label(period: Period) -> str:
    """A period as people type it: `11月`, `四季度`, `1-2月`; a whole year with its number."""
    return period.label.partition("年")[2] or f"{period.last.year}年"


def own_figures(period: Period, row: Row, place: str, lines: tuple[int, int], until: datetime) -> str:
    """A unit's own figures before the board is frozen. `place` says where it stands, `lines` are its entries: how many,
    and their sum."""
    count, points = lines
    return "\n".join(
        [
            TO_CHECK.format(label=period.label),
            f"{row.unit.label}：{format_points(row.points)}分，{place}",
            f"报送{row.submitted}条，采用{row.adopted}条",
            f"明细{count}笔，合计{format_points(points)}分",
            HOW_TO_OBJECT.format(short=short_label(period), until=show_until(until)),
        ]
    )


def place(class_name: str, row: Row, size: int) -> str:
    """Where a unit stands; one that is exempt has no place, and whatever is noted about it is said."""
    note = f"（{row.note}）" if row.note else ""
    if row.rank is None:
        return f"{class_name}{note}"
    return f"{class_name}第{row.rank}名{'（并列）' if row.tied else ''}，共{size}个单位{note}"


def obstacles(
    pending: Sequence[Pending],
    units: Sequence[str],
    objections: Sequence[tuple[Appeal, str]],
    journals: Iterable[Journal],
) -> str:
    """What has to be settled before a period can be frozen, one by one, with what to do; '' if nothing. `units` are
    those of the pending entries, as people call them."""
    known = tuple(journals)
    lines = []
    if pending:
        lines.append(f"上级的分值还不知道，{len(pending)}笔：")
        lines += [_pending(one, unit, known) for one, unit in list(zip(pending, units, strict=True))[:LISTED]]
        lines += [f"……共{len(pending)}笔"] if len(pending) > LISTED else []
        lines.append(HOW_TO_SCORE)
    if objections:
        lines.append(f"申诉没有答复，{len(objections)}件：")
        lines += [f"申诉{one.id} {unit}：{shorten(one.words, 24)}" for one, unit in objections[:LISTED]]
        lines += [f"……共{len(objections)}件"] if len(objections) > LISTED else []
        lines.append("发“/申诉 编号”看全文、答复。")
    return "\n".join(lines)


HOW_TO_SCORE = "照上级的通报登记：/外部分 编号 刊物 8分。登记错了的，撤销采用。"


def _pending(one: Pending, unit: str, journals: tuple[Journal, ...]) -> str:
    issue = f"第{one.issue}期" if one.issue else ""
    return f"{one.number}《{shorten(one.title, 14)}》{unit}《{journal_name(one.journal, journals)}》{issue}"


def about(number: str) -> str:
    """The item an objection is about, behind its period."""
    return f" {number}" if number else ""


def moved(results: Sequence[Result]) -> str:
    """Points that moved, a line each; of many the first, and what they come to."""
    lines = [f"\n{signed(one.points)}分（{one.article or '办法未列'}）{one.reason}" for one in results[:LISTED]]
    if len(results) > LISTED:
        lines.append(f"\n……共{len(results)}笔，合计{signed(sum(one.points for one in results))}分")
    return "".join(lines)


def late_counts(since_frozen: tuple[int, int]) -> list[str]:
    """Why the counts of a frozen period are others than on its board; nothing where they are not."""
    counted = zip(("报送", "采用"), since_frozen, strict=True)
    moved = [f"{word}{'多' if count > 0 else '少'}{abs(count)}条" for word, count in counted if count]
    return [f"冻结以后有变动：{'、'.join(moved)}，榜上不变，分数记在以后的月份。"] if moved else []


def signed(points: int) -> str:
    return f"+{format_points(points)}" if points > 0 else format_points(points)
