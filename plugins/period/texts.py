"""What the office and the units read about a period and about objections."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from domain.cycle import RULES, State, Step
from domain.moment import from_ms, show_time, to_ms
from domain.roster import DESK
from domain.words import shorten
from services.cycles.appeals import Case
from services.cycles.steps import Done, Standing
from services.cycles.texts import DECIDED, about, moved, short_label, show_until

NAMED = 12
HASH_SHOWN = 12
"""Digits of the hash that are read out; the documents print all of it."""

NO_SUCH_STEP = "看不懂“{word}”。可以写：截止、计分、核对、冻结、签发、通报，和期间，例如：/考评 核对 11月。"
NOBODY_ASKED = "不设核对期，可以冻结。"
HOW_TO_SIGN = "下一步：/通报 签发 {short}，编文号、印发，信息科长办理；只记文号的，/考评 签发 {short} 文号"
NO_APPEALS = "没有等候答复的申诉。"
NO_OWN_APPEALS = "您单位没有申诉。对得分有不同意见，请发：/申诉 11月 137 理由。"
WHICH_APPEAL = "请写明是哪件，例如：/申诉 3 成立。发“/申诉”看有哪些。"
WITHDRAWN = "申诉{id}已撤回。"
RAISED = "申诉{id}已收到（{period}{about}），已告诉信息科，答复会私聊告诉您。要撤回请发“/申诉 {id} 撤回”。"
TOLD = "\n已私聊告知：{names}。"
MISSED = "\n没有绑定账号、未能告知：{names}，请电话告知。"


def standing(found: Standing, obstacles: str, now: datetime) -> str:
    """Where a period stands, what is open, and what comes next."""
    lines = [f"{found.period.label}考评：{found.state.label}"]
    for taken, by in found.steps[-6:]:
        until = f"，{show_until(from_ms(taken.until_ms))}前可申诉" if taken.until_ms else ""
        note = f" {shorten(taken.note, 24)}" if taken.note else ""
        lines.append(f"{show_time(taken.at_ms)} {taken.step.value}（{by}）{note}{until}")
    if obstacles and not found.state.is_closed:
        lines.append(obstacles)
    return "\n".join([*lines, following(found, now)])


def following(found: Standing, now: datetime) -> str:
    """The next step in one line."""
    step = found.following
    if step is None:
        return "都办完了。以后的更正记入下一个月。"
    if step is Step.SIGN:
        return HOW_TO_SIGN.format(short=short_label(found.period))
    who = "" if RULES[step].who == DESK else "，信息科长办理"
    when = ""
    if found.state is State.SHOWN and found.until_ms > to_ms(now):
        when = f"，{show_until(from_ms(found.until_ms))}以后"
    elif found.state is State.OPEN and now.date() <= found.period.last:
        when = "，过完这个期间以后"
    return f"下一步：/考评 {step.value} {short_label(found.period)}{who}{when}"


def done(result: Done, step: Step, now: datetime) -> str:
    """What a step did, and what comes next."""
    found = result.standing
    said = {
        Step.CUT_OFF: "已截止。之后补登的照样计入，直到冻结。",
        Step.COMPUTE: f"已计分，按期结算的（任务、基础分、封顶等）入账{result.booked}笔。",
        Step.SHOW: _shown(result, now),
        Step.FREEZE: f"已冻结，校验码 {result.kept.hash[:HASH_SHOWN] if result.kept else ''}。以后的更正记入下一个月。",
        Step.SIGN: "已签发" + (f"：{found.steps[-1][0].note}。" if found.steps[-1][0].note else "。"),
        Step.PUBLISH: "已通报。",
    }[step]
    return f"{found.period.label}{said}\n{following(found, now)}"


def _shown(result: Done, now: datetime) -> str:
    if result.shown is None:
        return NOBODY_ASKED
    until = show_until(from_ms(result.standing.until_ms))
    start_ms = result.shown.start_ms
    when = f"，{show_time(start_ms)} 起发出" if start_ms > to_ms(now) else ""
    said = f"已私聊{result.shown.told}个单位核对{when}，{until}前可以申诉。"
    if result.shown.missed:
        names = "、".join(result.shown.missed[:NAMED])
        rest = f"等{len(result.shown.missed)}个" if len(result.shown.missed) > NAMED else ""
        said += f"\n没有能私聊的信息员，请电话核对：{names}{rest}。"
    return said


def waiting(cases: Sequence[Case]) -> str:
    """The office's list of objections."""
    if not cases:
        return NO_APPEALS
    lines = [f"等候答复的申诉 {len(cases)} 件："]
    lines += [
        f"{one.appeal.id}. {one.unit} {short_label(one.period)}{about(one.number)}：{shorten(one.appeal.words, 24)}"
        for one in cases[:NAMED]
    ]
    lines += [f"……还有 {len(cases) - NAMED} 件"] if len(cases) > NAMED else []
    return "\n".join([*lines, f"看全文、答复请发“/申诉 {cases[0].appeal.id}”。"])


def own(cases: Sequence[Case]) -> str:
    """A unit's objections, newest first."""
    if not cases:
        return NO_OWN_APPEALS
    lines = [
        f"{case.appeal.id}. {short_label(case.period)}{about(case.number)}：{DECIDED[case.appeal.verdict]}"
        f"（{shorten(case.appeal.words, 16)}）"
        for case in cases
    ]
    return "\n".join(["您单位的申诉：", *lines, f"看一件请发“/申诉 {cases[0].appeal.id}”。"])


def case(found: Case) -> str:
    """One objection with its history."""
    one = found.appeal
    lines = [
        f"申诉{one.id} {found.unit}，{found.period.label}{about(found.number)}：{DECIDED[one.verdict]}",
        f"{show_time(one.at_ms)} {found.raised_by}：{one.words}",
    ]
    if not one.is_open:
        correction = f"（更正{one.correction_id}）" if one.correction_id else ""
        lines.append(
            f"{show_time(one.decided_ms)} {found.decided_by}：{DECIDED[one.verdict]}{correction} {one.reason}".rstrip()
        )
    if found.results:
        lines.append(f"申诉以后得分的变化：{moved(found.results)}")
    return "\n".join(lines)


def decided(found: Case, told: Sequence[str], missed: Sequence[str]) -> str:
    """The office's answer to its decision."""
    one = found.appeal
    head = f"申诉{one.id} {found.unit}：{DECIDED[one.verdict]}。{one.reason}"
    said = head + (moved(found.results) if found.results else "")
    said += TOLD.format(names="、".join(told)) if told else ""
    return said + (MISSED.format(names="、".join(missed)) if missed else "")
