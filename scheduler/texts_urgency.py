"""What a reminder of an urgent report says: number, grade, limit; never what happened."""

from __future__ import annotations

from domain.moment import from_ms
from domain.urgent import Kind, minutes_late, sequence, show_minutes
from services.urgent import Notice


def reminder(notice: Notice) -> str:
    """A limit that is near or has passed, and the word that stops the timer."""
    case, step = notice.case, notice.step
    what, how = _what(notice)
    limit = f"{step.limit:%H:%M}" if step.limit.date() == notice.now.date() else f"{step.limit:%m-%d %H:%M}"
    left = minutes_late(notice.now, step.limit)
    over = minutes_late(step.limit, notice.now)
    if step.warns:
        state = f"还有 {show_minutes(left)}到限（{limit}），还没有登记"
    else:
        state = f"{limit} 到限，还没有登记" + (f"，已超过 {show_minutes(over)}" if over else "")
    late = "【补发】" if notice.late else ""
    short = f"急{int(case.number.rpartition('-')[2])}"
    head = f"{late}【紧急】{case.number}（{case.grade}）{notice.unit} {from_ms(case.start_ms):%m-%d %H:%M} 起算"
    return f"{head}\n{what}{state}。{how}报了就发：{_word(step.kind)} {short}"


def _what(notice: Notice) -> tuple[str, str]:
    kind = notice.step.kind
    if kind is Kind.PHONE:
        return "电话报告", f"值班电话 {notice.duty_phone}。" if notice.duty_phone else ""
    if kind is Kind.FIRST:
        return "书面首报", ""
    if not notice.case.first_ms:
        return sequence(1), "首报也还没有登记。"
    return sequence(notice.case.follow_ups + 1), ""


def _word(kind: Kind) -> str:
    return {Kind.PHONE: "/紧急 电话已报", Kind.FIRST: "/紧急 首报", Kind.FOLLOW: "/紧急 续报"}[kind]
