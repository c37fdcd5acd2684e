"""What people read of reminders: what is owed, by when, how to answer, how to ask for more time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import groupby

from domain.commission import Commission
from domain.moment import from_ms, show_time
from services.reminders import Entry, Letter

LISTED = 8
UNITS_LISTED = 12
TOPIC = 24

HOW = (
    "报送时在标题里写 #{short}，或引用约稿消息回复；报不了发“/不报 {short} 原因”，要延期发“/延期 {short} 到周一 原因”。"
)
HOW_OFF_CHAT = "请到 OA 查收、报送，内容不要发在群里或私聊里；要延期发“/延期 {short} 到周一 原因”。"
SWITCH_OFF = "不想每天收，发“/每日提醒 关”。"
DIGESTS_PLANNED = "拟定每日提醒{count}份"

_WEEKDAYS = "一二三四五六日"


def letter(written: Letter) -> str:
    """Everything one person is told at once; the parts people owe themselves come first."""
    parts = []
    if len(written.to_do) == 1 and not written.digest:
        parts.append(_single(written.to_do[0], written.now))
    elif written.to_do:
        parts.append(_list(written))
    if written.led:
        greeting = "" if parts else f"{written.person}您好，"
        parts.append(greeting + _led(written.led, written.now))
    if written.overdue:
        parts.append(_overdue(written.overdue, written.now))
    return "\n\n".join(parts)


def _single(entry: Entry, now: datetime) -> str:
    due = from_ms(entry.assignment.now.due_ms)
    late = f"时限是{_when(due, now)}，还没有收到，请尽快报送。"
    ask = f"请在{_when(due, now)}前报送。" if due > now else late
    return f"【约稿提醒】{entry.commission.name}\n{ask}\n{_how(entry.commission, now)}"


def _list(written: Letter) -> str:
    several_units = len({entry.unit for entry in written.to_do}) > 1
    day = f"每日提醒 {_day(written.now)}：" if written.digest else "【约稿提醒】"
    lines = [f"{day}您有{len(written.to_do)}件约稿要报"]
    for place, entry in enumerate(written.to_do[:LISTED], start=1):
        unit = f"（{entry.unit}）" if several_units else ""
        lines.append(f"{place}. {_name(entry.commission)}{unit} {_state(entry, written.now)}")
    if len(written.to_do) > LISTED:
        lines.append(f"……另有{len(written.to_do) - LISTED}件，发“/任务”看全部。")
    lines.append(_how(written.to_do[0].commission, written.now))
    if written.digest:
        lines.append(SWITCH_OFF)
    return "\n".join(lines)


def _state(entry: Entry, now: datetime) -> str:
    due = from_ms(entry.assignment.now.due_ms)
    said = f"{_when(due, now)}前" if due > now else f"已过时限（{_when(due, now)}）"
    return said + ("，延期待批" if entry.assignment.now.asked_due_ms else "")


def _led(entries: Sequence[Entry], now: datetime) -> str:
    """For a leader: what has not come, and who was reminded when."""
    units = "、".join(dict.fromkeys(entry.unit for entry in entries))
    lines = [f"{units}有{len(entries)}件约稿还没有报送："]
    for entry in entries[:LISTED]:
        due = from_ms(entry.assignment.now.due_ms)
        over = "，已过" if due <= now else ""
        unit = f"{entry.unit} " if "、" in units else ""
        lines.append(f"{unit}{_name(entry.commission)}，时限{_when(due, now)}{over}{_told(entry)}")
    if len(entries) > LISTED:
        lines.append(f"……另有{len(entries) - LISTED}件。")
    lines.append("请您在方便时关心督促。")
    return "\n".join(lines)


def _told(entry: Entry) -> str:
    """`；已提醒张三（11-25 08:30、11-26 08:30）`."""
    times: dict[str, list[str]] = {}
    for name, at_ms in entry.told:
        times.setdefault(name, []).append(show_time(at_ms))
    said = "，".join(f"{name}（{'、'.join(dict.fromkeys(moments))}）" for name, moments in times.items())
    return f"；已提醒{said}" if said else ""


def _overdue(entries: Sequence[Entry], now: datetime) -> str:
    """For the office: which units are late with what."""
    lines = [f"约稿超期未报{len(entries)}家次："]
    for _, group in groupby(sorted(entries, key=lambda entry: entry.commission.id), lambda entry: entry.commission.id):
        late = list(group)
        commission = late[0].commission
        units = list(dict.fromkeys(_late_unit(entry) for entry in late))
        more = f"等{len(units)}家" if len(units) > UNITS_LISTED else ""
        lines.append(f"{_name(commission)} {len(units)}家：{'、'.join(units[:UNITS_LISTED])}{more}")
        last = commission
    lines.append(f"发“/台账 {last.spoken(now.year)}”看办理情况。")
    return "\n".join(lines)


def _late_unit(entry: Entry) -> str:
    names = "、".join(dict.fromkeys(name for name, _ in entry.told))
    return f"{entry.unit}（已提醒{names}）" if names else entry.unit


def _how(commission: Commission, now: datetime) -> str:
    return (HOW_OFF_CHAT if commission.off_chat else HOW).format(short=commission.spoken(now.year))


def _name(commission: Commission) -> str:
    """The number and as much of the topic as a line of a phone takes; the number alone if that is all one may say."""
    if commission.off_chat or len(commission.topic) <= TOPIC:
        return commission.name
    return f"{commission.number}《{commission.topic[:TOPIC]}…》"


def _when(due: datetime, now: datetime) -> str:
    """`今天17:00`, `明天17:00`, `11月27日（周五）17:00`."""
    days = {now.date(): "今天", now.date() + timedelta(days=1): "明天", now.date() - timedelta(days=1): "昨天"}
    return f"{days.get(due.date(), _day(due))}{due:%H:%M}"


def _day(moment: datetime) -> str:
    return f"{moment.month}月{moment.day}日（周{_WEEKDAYS[moment.weekday()]}）"
