"""What units read about their assignments."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from domain.commission import Commission, Event, Kind, Stage
from domain.item import Item
from domain.moment import show_time, to_ms
from services.assignments import Share
from services.commissions.texts import names, short_number, show_due
from services.extensions import Asked
from services.tasks import History, Task, overdue_days

LISTED = 6
"""So many open tasks are listed; the rest are counted."""

HOW_TO_LINK = "请这样写：/关联 信息编号 约稿编号，例如：/关联 137 约18。"


LATE = "⚠ "


def received(changed: Sequence[Share], now: datetime) -> str:
    """The confirmation in private: what was received and until when it is due."""
    lines = []
    for share in changed:
        due = show_due(share.assignment.now.due_ms)
        short = share.commission.spoken(now.year)
        how = "，请从 OA 报送" if share.commission.off_chat else f"，报送时写上 #{short}"
        lines.append(f"已签收 {share.commission.name}。截止{due}{how}。")
    return "\n".join(lines)


def nothing_to_receive(number: str) -> str:
    if number:
        return "这件约稿您单位没有待签收的，不必再签收。发“/任务”看您单位的约稿。"
    return "您单位没有待签收的约稿。发“/任务”看没有办完的。"


def tasks(found: Sequence[Task], now: datetime, *, several: bool) -> str:
    """What is open for somebody's units, nearest first; what only waits for the office comes last."""
    todo = [task for task in found if task.waits_for_the_unit]
    done = [task for task in found if not task.waits_for_the_unit]
    if not found:
        return "您单位没有没办完的约稿。"
    lines = []
    if todo:
        lines.append(f"您单位有 {len(todo)} 件约稿要办，快到期的在前：")
        lines += [_task_line(task, now, several=several) for task in todo[:LISTED]]
        if len(todo) > LISTED:
            lines.append(f"还有 {len(todo) - LISTED} 件没有列出。")
    if done:
        numbers = names(list(dict.fromkeys(task.share.commission.spoken(now.year) for task in done)))
        lines.append(f"已报送、等信息科销号 {len(done)} 件：{numbers}。")
    if todo:
        lines.append(_how_to(todo[0].share.commission, now))
    return "\n".join(lines)


def _how_to(commission: Commission, now: datetime) -> str:
    short = commission.spoken(now.year)
    send = f"报完 OA 后发“/已报 {short}”" if commission.off_chat else f"报送时写上“#{short}”"
    return f"{send}；要求和经过：/任务 {short}；延期：/延期 {short} 到周一 原因；不报：/不报 {short} 原因。"


def _task_line(task: Task, now: datetime, *, several: bool) -> str:
    share = task.share
    unit = f" {share.unit}" if several else ""
    part = f"（{share.assignment.angle}）" if share.assignment.angle and not share.commission.off_chat else ""
    due = f"{show_due(share.assignment.now.due_ms)}{_overdue(share, now)}"
    late = LATE if _is_late(share, now) else ""
    return f"{late}{share.commission.name}{part}{unit} {due} {_stage(task)}"


def _is_late(share: Share, now: datetime) -> bool:
    return share.assignment.is_open and share.assignment.is_overdue(to_ms(now))


def _overdue(share: Share, now: datetime) -> str:
    if not _is_late(share, now) or share.assignment.now.answered_ms:
        return ""
    days = overdue_days(share.assignment.now.due_ms, now)
    return f"，已超期{days}天" if days else "，已超期"


def _stage(task: Task) -> str:
    standing = task.share.assignment.now
    if task.returned:
        return f"{task.returned[0].number} 被退回，请改好再报"
    if standing.asked_due_ms:
        return f"申请延期到{show_due(standing.asked_due_ms)}，待答复"
    if standing.stage is Stage.DECLINED:
        return "已申请不报，待答复"
    return f"{standing.stage.label}，待报送" if standing.stage is Stage.RECEIVED else standing.stage.label


def task(known: History, now: datetime) -> str:
    """One commission as a unit sees it: what is wanted, until when, where it stands, what happened."""
    share, commission = known.share, known.share.commission
    lines = [
        f"{LATE if _is_late(share, now) else ''}{commission.name}",
        *(["内容不在这里显示，请到 OA 查看。"] if commission.off_chat else _wanted(share)),
        f"截止：{show_due(share.assignment.now.due_ms)}{_overdue(share, now)}",
        f"{share.unit}：{_stage(known.task)}",
        *(_event(event, who, known.items) for event, who in known.events),
    ]
    if share.assignment.is_open and known.task.waits_for_the_unit:
        lines.append(_how_to(commission, now))
    return "\n".join(line for line in lines if line)


def _wanted(share: Share) -> list[str]:
    commission, own = share.commission, share.assignment
    length = own.length or commission.length
    described = "　".join(
        word
        for word in (commission.class_name and f"类别：{commission.class_name}", length and f"字数：{length}")
        if word
    )
    lead = "（牵头）" if own.leads else ""
    return [
        f"来源：{commission.source.value}",
        commission.requirement and f"要求：{commission.requirement}",
        own.angle and f"分题{own.part}{lead}：{own.angle}",
        described,
    ]


def _event(event: Event, who: str, known: Sequence[Item]) -> str:
    item = next((one.name for one in known if one.id == event.item_id), "")
    said = {
        Kind.RECEIVED: "签收",
        Kind.ANSWERED: f"报送 {item}" if event.item_id else "登记从其他渠道报送",
        Kind.UNLINKED: "撤销关联" if event.item_id else "撤销从其他渠道报送的登记",
        Kind.DECLINED: "申请不报",
        Kind.DECLINE_REFUSED: "不同意不报",
        Kind.EXTENSION_ASKED: f"申请延期到{_due(event)}",
        Kind.EXTENSION_GRANTED: f"批准延期到{_due(event)}",
        Kind.EXTENSION_REFUSED: "不批准延期",
        Kind.CLOSED: f"销号：{event.outcome.value if event.outcome else ''}",
        Kind.REOPENED: f"重开，截止{_due(event)}" if event.due_ms else "重开",
    }[event.kind]
    note = f"（{event.note}）" if event.note and event.kind is not Kind.RECEIVED else ""
    return f"{show_time(event.at_ms)} {who} {said.strip()}{note}"


def _due(event: Event) -> str:
    return show_due(event.due_ms)


def declined(done: Sequence[Share]) -> str:
    return f"已登记申请不报：{listed(done)}。信息科同意之前，任务还在。"


def desk_was_told(told: bool) -> str:
    return "已私聊告知信息科。" if told else "信息科没有人绑定账号，未能告知，请直接联系。"


def extension_asked(asked: Sequence[Asked]) -> str:
    """The receipt for a request: how the time was read, and that the old one holds meanwhile."""
    first = asked[0]
    notes = "".join(f"\n注意：{note}" for note in first.due.notes)
    return (
        f"已申请延期：{first.share.commission.name}\n{first.due.reading}{notes}\n"
        "批准之前，原来的截止时间不变。"
    )  # fmt: skip


def sent_elsewhere(done: Sequence[Share]) -> str:
    return f"已登记从其他渠道报送：{listed(done)}。登记错了请发“/撤销关联 {short_number(done[0].commission)}”。"


def not_sent_elsewhere(done: Sequence[Share]) -> str:
    return f"已撤销登记：{listed(done)}，现在是“{done[0].assignment.now.stage.label}”。"


def linked(item: Item, done: Sequence[Share]) -> str:
    return f"{item.name}已作为 {listed(done)}的报送。"


def unlinked(item: Item, done: Sequence[Share]) -> str:
    return f"{item.name}不再作为 {listed(done)}的报送。这件约稿还在您的任务里。" if done else ""


def listed(done: Sequence[Share]) -> str:
    return f"{done[0].commission.name}{units_of(done)}"


def units_of(found: Iterable[Share]) -> str:
    return names(list(dict.fromkeys(share.unit for share in found)))
