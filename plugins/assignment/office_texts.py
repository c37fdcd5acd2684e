"""What the office reads about assignments, and what units are told of its decisions."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from domain.commission import Commission, Stage
from domain.moment import to_ms
from plugins.assignment.texts import LATE, LISTED, listed, units_of
from services.assignments import Share
from services.closing import Closed
from services.commissions.texts import NAMED, names, short_number, show_due
from services.extensions import Asked
from services.tasks import DeskTasks, Standing

MISSING = 40
"""So many units are named that the office has to run after; of the others a few."""

NO_NUMBER = "没有写约稿编号，例如：约18。"
NO_UNIT = "没有写单位，例如：/销号 约18 云山县。"
NO_OUTCOME = "看不懂“{word}”。销号结果可以写：已采用、已报未采用、合并、免除 原因、未完成 原因。"

GRANT, REFUSE = "批准", "不批准"
EXTENSION_TITLE = "{number} {unit}申请延期"
HOW_TO_DECIDE = "批准请发“{grant}”，不批准请发“{refuse} 原因”。"


def desk_tasks(found: DeskTasks, now: datetime) -> str:
    """What is open, for the office: a line per commission, then what waits for its word."""
    if not found.commissions:
        return "没有没办完的约稿。"
    lines = [f"没办完的约稿 {len(found.commissions)} 件，快到期的在前："]
    for commission, counts in found.commissions[:LISTED]:
        late = LATE if commission.due_ms < to_ms(now) else ""
        lines.append(f"{late}{commission.name} {show_due(commission.due_ms)} {_counts(counts)}")
    if len(found.commissions) > LISTED:
        lines.append(f"还有 {len(found.commissions) - LISTED} 件没有列出。")
    lines += [_asked_line(share) for share in found.asked[:LISTED]]
    lines += [_declined_line(share) for share in found.declined[:LISTED]]
    lines.append(f"哪些单位没签收、没报送：/任务 {short_number(found.commissions[0][0])}。")
    return "\n".join(lines)


def _counts(counts: dict[Stage, int]) -> str:
    said = [f"{stage.label}{counts[stage]}" for stage in Stage if counts.get(stage)]
    return f"{'、'.join(said)}（共{sum(counts.values())}）"


def _asked_line(share: Share) -> str:
    return f"待批延期：{_short(share)} 到{show_due(share.assignment.now.asked_due_ms)}（{decisions(share)[0]}）"


def _declined_line(share: Share) -> str:
    return f"申请不报：{_short(share)}（/任务 {short_number(share.commission)} 看详情）"


def _short(share: Share) -> str:
    return f"{short_number(share.commission)} {share.unit}"


def standing(found: Standing) -> str:
    """Who stands where, by name; for the office alone."""
    commission = found.commission
    missing = (("未签收", found.not_received), ("已签收未报送", found.not_answered))
    groups = (
        ("申请不报", found.declined),
        ("申请延期待批", found.asked),
        ("已报送待销号", found.answered),
        ("已销号", found.closed),
        ("已超期", found.overdue),
    )
    lines = [f"{commission.name} 截止{show_due(commission.due_ms)}"]
    lines += [f"{label} {len(units)} 家：{names(units, MISSING)}" for label, units in missing if units]
    lines += [f"{label} {len(units)} 家：{names(units)}" for label, units in groups if units]
    short = short_number(commission)
    if any(len(units) > MISSING for _, units in missing):
        lines.append(f"全部名单：/台账 {short} 表格")
    lines.append(f"销号：/销号 {short} 单位或全部 结果")
    return "\n".join(lines)


def declined_to_desk(done: Sequence[Share], who: str, reason: str) -> str:
    """What the desk hears, with both ways out."""
    first = done[0]
    units = "、".join(share.unit for share in done)
    short = _short(first)
    return (
        f"{units} {who} 申请不报 {first.commission.name}。\n原因：{reason}\n"
        f"同意（科长）：/销号 {short} 免除 原因\n不同意：/不同意不报 {short} 原因"
    )


def decline_refused(done: Sequence[Share]) -> str:
    return f"已退回不报申请：{listed(done)}，仍要报送。"


def decline_refused_to_unit(share: Share, reason: str) -> str:
    return (
        f"不报的申请没有同意，还要报送：{share.commission.name}。\n原因：{reason}\n"
        f"请在{show_due(share.assignment.now.due_ms)}前报送，"
        f"有困难可以发“/延期 {short_number(share.commission)} 到周一 原因”。"
    )


def extension_on_card(asked: Asked) -> str:
    """A request in two lines: from when to when, and why."""
    standing = asked.share.assignment.now
    late = "\n⚠ 晚于上级要求的时间。" if asked.too_late else ""
    return f"{show_due(standing.due_ms)} → {show_due(standing.asked_due_ms)}\n原因：{asked.reason}{late}"


def extension_to_desk(asked: Asked, who: str) -> str:
    share = asked.share
    return f"{share.unit} {who} 申请延期 {share.commission.name}\n{extension_on_card(asked)}"


def decisions(share: Share) -> tuple[str, str]:
    """The commands that grant and refuse what a unit asks; with the year, for a card may be tapped in January."""
    named = f"{share.commission.number.replace(' ', '')} {share.unit}"
    return f"/批准延期 {named}", f"/不批准延期 {named}"


def which_request(commission: Commission, waiting: Sequence[Share]) -> str:
    if not waiting:
        return f"{commission.number} 没有待批的延期申请。"
    return f"{commission.number} 有 {len(waiting)} 家申请延期：{units_of(waiting)}。请写明单位，或写“全部”。"


def granted(done: Sequence[Share]) -> str:
    lines = [f"{share.name}延期到{show_due(share.assignment.now.due_ms)}。" for share in done]
    return "已批准：" + "\n".join(lines)


def granted_to_unit(share: Share) -> str:
    return f"延期已批准：{share.commission.name}，截止时间改为{show_due(share.assignment.now.due_ms)}。"


def refused(done: Sequence[Share]) -> str:
    return f"没有批准延期：{listed(done)}，截止时间不变。"


def refused_to_unit(share: Share, reason: str) -> str:
    why = f"\n原因：{reason}" if reason else ""
    return f"延期没有批准：{share.commission.name}，请仍在{show_due(share.assignment.now.due_ms)}前报送。{why}"


def sent_elsewhere_by_desk(done: Sequence[Share]) -> str:
    return f"已登记从其他渠道报送：{listed(done)}。可以销号：/销号 {_short(done[0])}"


def close_whom(commission: Commission) -> str:
    short = short_number(commission)
    return (
        f"没有写给谁销号。请写单位，或写“全部”（已报送的都销号），例如：/销号 {short} 全部。"
        f"发“/任务 {short}”看各单位的情况。"
    )


def closed(done: Closed) -> str:
    """What was closed, by outcome, and who remains."""
    commission = done.shares[0].commission
    by_outcome: dict[str, list[str]] = {}
    for share in done.shares:
        outcome = share.assignment.now.outcome
        by_outcome.setdefault(outcome.value if outcome else "", []).append(share.unit)
    lines = [f"{commission.name}已销号 {len(done.shares)} 家："]
    lines += [f"{outcome}：{names(units)}" for outcome, units in by_outcome.items()]
    lines.append(_remaining(commission, done.remaining))
    if done.undecided:
        numbers = names([item.number for item in done.undecided], LISTED)
        lines.append(f"注意：{numbers} 还没有登记采用或不采用，暂按“已报未采用”；以后采用了，请科长重开再销号。")
    return "\n".join(lines)


def _remaining(commission: Commission, remaining: Sequence[Share]) -> str:
    """Few are named; of many the number says enough."""
    if not remaining:
        return "全部销号。"
    left = f"还有 {len(remaining)} 家没有销号"
    if len(remaining) > NAMED:
        return f"{left}，发“/任务 {short_number(commission)}”看是哪些。"
    return f"{left}：{units_of(remaining)}。"


def closed_to_unit(share: Share, reason: str) -> str:
    outcome = share.assignment.now.outcome
    word = outcome.value if outcome else ""
    return f"{share.commission.name}{share.unit}按“{word}”销号。\n原因：{reason}\n有疑问请联系信息科。"


def reopened(done: Sequence[Share]) -> str:
    sent = [share for share in done if share.assignment.now.answered_ms]
    note = f"\n{units_of(sent)}已有报送，仍算已报送，不再催报；要补报的请直接联系。" if sent else ""
    return f"已重开：{listed(done)}，截止{show_due(done[0].assignment.now.due_ms)}。{note}"


def reopened_to_unit(share: Share, reason: str) -> str:
    return (
        f"{share.commission.name}重新办理，截止{show_due(share.assignment.now.due_ms)}。\n原因：{reason}\n"
        f"发“/任务 {short_number(share.commission)}”看要求。"
    )


def who_was_told(told: Sequence[str], missed: Sequence[str]) -> str:
    """The last line of the office's answer."""
    parts = []
    if told:
        parts.append(f"已私聊告知：{names(told)}。")
    if missed:
        parts.append(f"没有绑定账号、未能告知：{names(missed)}。")
    return "\n" + "".join(parts) if parts else ""
