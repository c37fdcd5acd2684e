"""What people read about urgent reports: numbers, grades, limits; never what happened."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from domain.moment import from_ms
from domain.urgent import Kind, Report, State, Step, Urgent, UrgentRules, minutes_late, sequence, show_minutes
from services.office import Office
from services.urgent import Noted, Opened, Shown

HOW_TO_VOID = "请写编号和原因，例如：/紧急 作废 急3 误操作。"
NO_DUTY_PHONE = "请打值班电话"
NAMES = {Kind.PHONE: "电话报告", Kind.FIRST: "首报", Kind.FOLLOW: "续报", Kind.FINAL: "终报"}


def _short(case: Urgent) -> str:
    return f"急{int(case.number.rpartition('-')[2])}"


def _named(case: Urgent, unit: str) -> str:
    return f"{case.number}（{case.grade}）{unit}".rstrip()


def _clock(ms: int, now: datetime) -> str:
    moment = from_ms(ms)
    return f"{moment:%H:%M}" if moment.date() == now.date() else f"{moment:%m-%d %H:%M}"


def _limit(ms: int, now: datetime) -> str:
    over = minutes_late(from_ms(ms), now)
    return f"{_clock(ms, now)} 前" + (f"（已超过 {show_minutes(over)}）" if over else "")


def _hours(rules: UrgentRules) -> str:
    return "、".join(f"{hour:%H:%M}" for hour in rules.follow_up_at)


def _start(case: Urgent, now: datetime) -> str:
    happened = f"，事发 {_clock(case.happened_ms, now)}" if case.happened_ms else ""
    return f"{_clock(case.start_ms, now)} 起算{happened}"


def opened(done: Opened, office: Office, *, elsewhere: bool) -> str:
    """What whoever opened a case has to do by when, and where the content goes."""
    case, rules, now = done.case, office.urgent, from_ms(done.case.opened_ms)
    short = _short(case)
    lines = [f"{_named(case, done.unit)}已开始计时，{_start(case, now)}。"]
    if case.phone_due_ms:
        call = f"值班电话 {rules.duty_phone}" if rules.duty_phone else NO_DUTY_PHONE
        lines.append(f"电话报告：{_limit(case.phone_due_ms, now)}，{call}。")
    lines.append(f"书面首报：{_limit(case.written_due_ms, now)}，走{office.refused_to}。")
    if case.follows and rules.follow_up_at:
        lines.append(f"续报：每天 {_hours(rules)} 前，直到终报。")
    lines.append("这里只记时间：不要在群里或对机器人写事件内容。")
    phoned = f"/紧急 电话已报 {short}；" if case.phone_due_ms else ""
    lines.append(f"报了就发：{phoned}/紧急 首报 {short}")
    if elsewhere:
        lines.append("已按本单位登记，事发地请写在书面报告里。")
    if done.others:
        others = "、".join(other.number for other in done.others)
        lines.append(f"本单位另有未终报的：{others}。如果是同一件，请信息科作废一件。")
    return "\n".join(lines)


def to_office(done: Opened, by: str, rules: UrgentRules) -> str:
    """What the office is told at once."""
    case, now = done.case, from_ms(done.case.opened_ms)
    phone = f"电话 {_limit(case.phone_due_ms, now)}，" if case.phone_due_ms else ""
    return (
        f"【紧急】{_named(case, done.unit)}，{by}登记，{_start(case, now)}。\n"
        f"{phone}书面 {_limit(case.written_due_ms, now)}。\n"
        f"内容不在这里。发“/紧急”看进度；登记错了发“/紧急 作废 {_short(case)} 原因”。"
    )


def _verdict(late: int) -> str:
    return f"迟 {show_minutes(late)}" if late else "按时"


def _title(kind: Kind, number: int) -> str:
    return sequence(number) if kind is Kind.FOLLOW else NAMES[kind]


def _said(done: Noted) -> str:
    title = _title(done.kind, done.case.follow_ups)
    if done.limit is None:
        return f"{title} {done.at:%H:%M}"
    limit = f"{done.limit:%H:%M}" if done.limit.date() == done.at.date() else f"{done.limit:%m-%d %H:%M}"
    return f"{title} {done.at:%H:%M}，{_verdict(done.late)}（时限 {limit}）"


def noted(done: Noted, office: Office, *, time_ignored: bool) -> str:
    """What was noted, on time or how late, and what comes next."""
    case = done.case
    lines = [f"{_named(case, done.unit)}：{_said(done)}。"]
    if time_ignored:
        lines.append("时间以发出这条消息为准；要更正请联系信息科。")
    if case.state is State.CLOSED:
        lines.append("已终报，计时结束，不再提醒。")
    elif case.first_ms and case.follows and office.urgent.follow_up_at:
        lines.append(f"续报：每天 {_hours(office.urgent)} 前；结束了发“/紧急 终报 {_short(case)}”。")
    elif case.first_ms:
        lines.append(f"有新情况发“/紧急 续报 {_short(case)}”，结束了发“/紧急 终报 {_short(case)}”。")
    return "\n".join(lines)


def noted_to_office(done: Noted, by: str) -> str:
    closed = "计时结束。" if done.case.state is State.CLOSED else ""
    return f"{_named(done.case, done.unit)}：{_said(done)}，{by}登记。{closed}"


def overview(shown: Sequence[Shown], office: Office, now: datetime) -> str:
    """The open cases, oldest first."""
    if not shown:
        names = "、".join(grade.name for grade in office.urgent.grades)
        return f"没有未终报的紧急信息。开始计时请发“/紧急 级别”，级别有：{names}。"
    return "\n".join((f"未终报的紧急信息 {len(shown)} 件：", *(_block(one, now) for one in shown)))


def _block(shown: Shown, now: datetime) -> str:
    parts = [_report(report, now) for report, _ in shown.reports[-3:]]
    parts += [_missing(step, now) for step in shown.open_limits]
    progress = "；".join(parts) or "没有待报的"
    return f"{_named(shown.case, shown.unit)} {_start(shown.case, now)}\n  {progress}"


def _report(report: Report, now: datetime) -> str:
    verdict = _verdict(minutes_late(from_ms(report.due_ms), from_ms(report.at_ms))) if report.due_ms else ""
    return f"{_title(report.kind, report.sequence)} {_clock(report.at_ms, now)} {verdict}".rstrip()


def _missing(step: Step, now: datetime) -> str:
    over = minutes_late(step.limit, now)
    state = f"已超过 {show_minutes(over)}" if over else "前"
    moment = f"{step.limit:%H:%M}" if step.limit.date() == now.date() else f"{step.limit:%m-%d %H:%M}"
    return f"{NAMES[step.kind]}未报，{moment} {state}"


def case(shown: Shown, now: datetime) -> str:
    """One case with everything noted about it."""
    one = shown.case
    lines = [f"{_named(one, shown.unit)} {one.state.label}，{_start(one, now)}"]
    lines += [f"{_report(report, now)}（{by}登记）" for report, by in shown.reports]
    lines += [_missing(step, now) for step in shown.open_limits]
    if one.reason:
        lines.append(f"作废原因：{one.reason}")
    return "\n".join(lines)


def not_understood(office: Office) -> str:
    names = "、".join(grade.name for grade in office.urgent.grades)
    return (
        f"没有看懂，没有开始计时。请只写级别：/紧急 级别，级别有：{names}；可以加时间：/紧急 "
        f"{office.urgent.grades[0].name} 事发10:20。\n已在计时的：/紧急 电话已报 急3、/紧急 首报 急3、/紧急 续报 急3、"
        "/紧急 终报 急3。"
    )


def no_content(office: Office, *, in_group: bool) -> str:
    recall = "请马上撤回群里那条消息。" if in_group else ""
    return f"\n多写的文字没有看，也没有保存。{recall}事件内容不能写在这里，请走{office.refused_to}。"


def voided(struck: Urgent) -> str:
    return f"{struck.number}已作废，不再计时、不再提醒。"


def voided_to_opener(struck: Urgent) -> str:
    return f"您登记的 {struck.number}（{struck.grade}）已由信息科作废，不再计时。有疑问请联系信息科。"
