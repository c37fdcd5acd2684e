"""The office's word on assignments: `/批准延期`, `/不批准延期`, `/不同意不报`, `/销号`, `/重开`."""

from __future__ import annotations

from bot.commands import Answer, Call, command
from domain.commission import Commission, Outcome
from domain.errors import BadInput
from domain.moment import to_ms
from domain.reference import split_reference
from domain.roster import DESK, HEAD
from plugins._discretion import discreet
from plugins.assignment import office_texts as texts
from plugins.assignment.telling import tell_units
from services import answering, assignments, closing, extensions
from services.assignments import Share
from services.closing import ALL, OUTCOME_WORDS
from services.commissions.finding import find_commission
from services.desk import Clerk

FAMILY = "约稿"


@command(
    "grant-extension",
    "批准延期",
    "同意延期",
    who=DESK,
    family=FAMILY,
    summary="批准延期；可以另给一个时间",
    usage="/批准延期 编号 单位 [到时间]",
    example="/批准延期 约18 云山县",
)
@discreet
def grant(call: Call) -> Answer:
    asked, rest = _waiting(call)
    decided = extensions.grant(call.tx, call.office, call.person, asked, rest, call.now)
    about = [(one.share, texts.granted_to_unit(one.share), one.asked_by) for one in decided]
    return texts.granted([one.share for one in decided]) + tell_units(call, about)


@command(
    "refuse-extension",
    "不批准延期",
    "不同意延期",
    who=DESK,
    family=FAMILY,
    summary="不批准延期，截止时间不变",
    usage="/不批准延期 编号 单位 [原因]",
    example="/不批准延期 约18 云山县 省里周五要",
)
@discreet
def refuse(call: Call) -> Answer:
    asked, reason = _waiting(call)
    decided = extensions.refuse(call.tx, call.person, asked, reason, call.now)
    about = [(one.share, texts.refused_to_unit(one.share, reason), one.asked_by) for one in decided]
    return texts.refused([one.share for one in decided]) + tell_units(call, about)


@command(
    "refuse-decline",
    "不同意不报",
    who=DESK,
    family=FAMILY,
    summary="不同意单位不报，还要报送",
    usage="/不同意不报 编号 单位 原因",
    example="/不同意不报 约18 云山县 请报本县的做法",
)
@discreet
def refuse_decline(call: Call) -> Answer:
    commission, rest = _commission(call)
    chosen, rest = _units(call, commission, rest)
    reason = assignments.reason_of(rest, "不同意不报", "/不同意不报 约18 云山县 请报本县的做法")
    done = assignments.refuse_decline(call.tx, call.person, chosen, reason, call.now)
    about = [(share, texts.decline_refused_to_unit(share, reason), 0) for share in done]
    return texts.decline_refused(done) + tell_units(call, about)


@command(
    "close",
    "销号",
    who=DESK,
    family=FAMILY,
    summary="约稿销号，写单位或“全部”；不写结果时按稿件的采用情况；“免除”“未完成”由科长办理",
    usage="/销号 编号 单位或全部 [已采用|已报未采用|合并|免除 原因|未完成 原因]",
    example="/销号 约18 全部",
)
@discreet
def close(call: Call) -> Answer:
    commission, rest = _commission(call)
    units, outcome, reason = _outcome(rest)
    if not units:
        raise BadInput(reason=texts.close_whom(commission))
    clerk = Clerk(call.tx, call.office, call.person, call.now)
    if units in ALL:
        closed = closing.close_all(clerk, commission, outcome, reason)
    else:
        chosen = closing.shares_named(call.tx, commission, units, call.now)
        closed = closing.close(clerk, chosen, outcome, reason)
    hard = [share for share in closed.shares if share.assignment.now.outcome in closing.BY_THE_HEAD]
    about = [(share, texts.closed_to_unit(share, reason), 0) for share in hard]
    return texts.closed(closed) + tell_units(call, about)


@command(
    "reopen",
    "重开",
    who=HEAD,
    family=FAMILY,
    summary="已销号的重新办理；可以另给截止时间",
    usage="/重开 编号 单位 [到时间] 原因",
    example="/重开 约18 云山县 到周五 省里要求补报",
)
@discreet
def reopen(call: Call) -> Answer:
    commission, rest = _commission(call)
    chosen, rest = _units(call, commission, rest)
    example = "/重开 约18 云山县 到周五 省里要求补报"
    due_ms, reason = 0, rest
    if extensions.opens_with_due(rest):
        due, reason = extensions.due_and_reason(call.tx, call.office, rest, call.now, example)
        due_ms = to_ms(due.moment)
    reason = assignments.reason_of(reason, "重开", example)
    done = closing.reopen(Clerk(call.tx, call.office, call.person, call.now), chosen, due_ms, reason)
    about = [(share, texts.reopened_to_unit(share, reason), 0) for share in done]
    return texts.reopened(done) + tell_units(call, about)


def sent_elsewhere(call: Call) -> str:
    """The office writes down for a unit that it sent its answer by OA or mail."""
    commission, rest = _commission(call)
    chosen, note = _units(call, commission, rest)
    done = answering.sent_elsewhere(call.tx, call.person, chosen, note[: assignments.REASON_LIMIT], call.now)
    return texts.sent_elsewhere_by_desk(done)


def _commission(call: Call) -> tuple[Commission, str]:
    """The commission the words begin with, and what stands behind its number."""
    number, rest = split_reference(call.words)
    if not number:
        raise BadInput(reason=texts.NO_NUMBER)
    return find_commission(call.tx, number, call.now.year), f"{rest} {call.body}".strip()


def _units(call: Call, commission: Commission, words: str) -> tuple[list[Share], str]:
    """The shares of the units the words begin with, and what stands behind them."""
    units, _, rest = words.partition(" ")
    if not units:
        raise BadInput(reason=texts.NO_UNIT)
    return closing.shares_named(call.tx, commission, units, call.now), rest.strip()


def _waiting(call: Call) -> tuple[list[Share], str]:
    """The requests that are meant: of the unit named, of all, or the only one there is."""
    commission, words = _commission(call)
    waiting = extensions.waiting(closing.shares_of(call.tx, commission, call.now))
    units, _, rest = words.partition(" ")
    if units in ALL and waiting:
        return waiting, rest.strip()
    if len(waiting) == 1 and (not units or extensions.opens_with_due(units)):
        return waiting, words
    if not units:
        raise BadInput(reason=texts.which_request(commission, waiting))
    named = closing.shares_named(call.tx, commission, units, call.now)
    return extensions.waiting(named) or named, rest.strip()


def _outcome(words: str) -> tuple[str, Outcome | None, str]:
    """(units, outcome, reason) of the words behind the number; '' and None for what was not written."""
    first, _, rest = words.partition(" ")
    if first in OUTCOME_WORDS:
        return "", OUTCOME_WORDS[first], rest.strip()
    second, _, reason = rest.strip().partition(" ")
    if second in OUTCOME_WORDS:
        return first, OUTCOME_WORDS[second], reason.strip()
    if second:
        raise BadInput(reason=texts.NO_OUTCOME.format(word=second[:20]))
    return first, None, ""
