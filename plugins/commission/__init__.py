"""The office commissions: `/约稿`, `/确认约稿`, `/批准约稿`, `/退回约稿`, `/约稿进度`, `/约稿记录`, `/交办单`."""

from __future__ import annotations

import re

from nonebot.plugin import PluginMetadata

from bot.commands import Answer, Call, command
from domain.commission import Way
from domain.errors import BadInput, NotFound
from domain.roster import DESK, HEAD
from plugins._discretion import aside, discreet
from plugins.commission import form, texts
from plugins.commission.slip import file_name, write
from services.commissions import drafting, issuing, pushing, viewing
from services.commissions.brief import Brief, read_brief
from services.commissions.finding import find_commission, read_number
from services.commissions.texts import short_number
from services.items import before_the_office
from services.mail import private_target, send_file

__plugin_meta__ = PluginMetadata(
    name="约稿",
    description="下达约稿、分解课题、推送、补记电话约稿、出交办单",
    usage="/约稿 标题（时间、单位、要求写在下面）；/约稿 约18",
    type="application",
)

FAMILY = "约稿"
_GO_ON = ("续推", "继续", "继续推送")
_LOOK = ("看", "全文")
_CHANGE, _GIVE_UP = ("修改", "改"), ("放弃", "取消")
_DRAFT = re.compile(r"草稿\s*\d{1,9}")
_WAYS = {"电话": Way.PHONE, "手机": Way.PHONE, "短信": Way.SMS, "微信": Way.SMS}


@command(
    "commission",
    "约稿",
    "课题分解",
    who=DESK,
    family=FAMILY,
    summary="下达约稿，分解课题；也用来看一件约稿的推送情况",
    usage="/约稿 标题（下面几行写 时间：、单位：、要求：…）；只发“/约稿”按步骤填写；/约稿 约18；/约稿 续推 约18；"
    "/约稿 放弃 草稿7",
    example="/约稿 全市夏粮收购情况\n来源：省办  类别：专题  字数：1500\n要求：进度、价格、问题和建议\n"
    "时间：周五下班前\n单位：全部县区，除清河区外",
)
@aside
def commission(call: Call) -> Answer:
    first, _, rest = call.words.partition(" ")
    if not call.words and not call.body.strip():
        return form.with_card(call, form.open_form(call))
    if first in _GO_ON:
        return _go_on(call, rest)
    if first in (*_CHANGE, *_GIVE_UP) and _DRAFT.fullmatch(rest):
        return (
            _give_up(call, _draft_number(rest)) if first in _GIVE_UP else form.how_to_change(call, _draft_number(rest))
        )
    if not call.body.strip() and _is_number(call.words):
        return _progress(call, call.words)
    return form.with_card(call, form.begin(call, read_brief(call.line, call.body, decomposes=_decomposes(call))))


def _decomposes(call: Call) -> bool:
    """Whether it was typed as /课题分解."""
    return "课题分解" in call.incoming.text.partition("\n")[0]


def _is_number(words: str) -> bool:
    try:
        read_number(words, 2000)
    except BadInput:
        return False
    return True


def _give_up(call: Call, draft_id: int) -> str:
    issuing.withdraw(call.tx, draft_id, call.person, call.now)
    form.close_for(call, draft_id)
    return texts.FORM_CANCELLED


def _go_on(call: Call, words: str) -> str:
    one = find_commission(call.tx, words, call.now.year)
    count = pushing.go_on(call.tx, call.office, one, call.person, call.now)
    return texts.GONE_ON.format(number=one.number, count=count, short=short_number(one))


@command(
    "confirm-commission",
    "确认约稿",
    "下达约稿",
    who=DESK,
    family=FAMILY,
    summary="下达拟好的约稿（表单里发“确认”也一样）",
    usage="/确认约稿 [草稿号]",
    example="/确认约稿 7",
)
@aside
def confirm(call: Call) -> Answer:
    draft_id = _draft_number(call.words) if call.words else form.own_draft(call)
    if not draft_id:
        return texts.NOTHING_TO_CONFIRM
    issued = issuing.issue(call.tx, call.office, draft_id, call.person, call.now)
    form.close_for(call, draft_id)
    return form.receipt(call, issued)


@command(
    "approve-commission",
    "批准约稿",
    who=HEAD,
    family=FAMILY,
    summary="看等候批准的约稿，批准下达（设置要求批准时）",
    usage="/批准约稿 [草稿号]；/批准约稿 草稿号 看",
    example="/批准约稿 7",
)
@discreet
def approve(call: Call) -> Answer:
    first, _, rest = call.words.partition(" ")
    if not first or rest in _LOOK:
        waiting = drafting.waiting(call.tx, call.now)
        chosen = [one for one in waiting if not first or one.drafted.commission.id == _draft_number(first)]
        if first and not chosen:
            raise NotFound(what=f"等候批准的草稿 {first[:10]}", hint="发“/批准约稿”看有哪些。")
        return texts.waiting([one.drafted for one in chosen], [one.by for one in chosen])
    issued = issuing.issue(call.tx, call.office, _draft_number(first), call.person, call.now)
    return form.receipt(call, issued)


@command(
    "return-commission",
    "退回约稿",
    who=HEAD,
    family=FAMILY,
    summary="不批准一件约稿，拟稿人会收到原因",
    usage="/退回约稿 草稿号 原因",
    example="/退回约稿 7 范围再小一些",
)
@discreet
def send_back(call: Call) -> Answer:
    first, _, reason = call.words.partition(" ")
    one = issuing.send_back(call.tx, _draft_number(first), reason.strip(), call.person, call.now)
    return texts.SENT_BACK.format(id=one.id)


def _draft_number(words: str) -> int:
    digits = words.removeprefix("草稿").strip(" .。号")
    if not digits.isdecimal() or len(digits) > 9:
        raise BadInput(reason=f"“{words[:20]}”不是草稿号。预览的第一行写着草稿号，例如：草稿 7。")
    return int(digits)


@command(
    "commission-progress",
    "约稿进度",
    "推送情况",
    who=DESK,
    family=FAMILY,
    summary="看一件约稿推送到了哪些单位，哪些没有送到、为什么",
    usage="/约稿进度 编号",
    example="/约稿进度 约18",
)
@discreet
def show_progress(call: Call) -> Answer:
    return _progress(call, call.words)


def _progress(call: Call, words: str) -> str:
    if not words:
        raise BadInput(reason=texts.WHICH.format(example="/约稿进度 约18"))
    one = find_commission(call.tx, words, call.now.year)
    return texts.progress(viewing.progress(call.tx, one, call.now), call.now)


@command(
    "log-commission",
    "约稿记录",
    "补记约稿",
    who=DESK,
    family=FAMILY,
    summary="补记电话、短信约稿，编号入台账，不推送",
    usage="/约稿记录 电话 标题 单位 时间",
    example="/约稿记录 电话 旱情和保灌 云山县、清河区 今天下班前",
)
@aside
def log(call: Call) -> Answer:
    way, brief = _read_log(call)
    new, targets = drafting.read_afterwards(call.tx, call.office, brief, way, call.now)
    one = issuing.log_afterwards(call.tx, new, targets, call.person, call.now)
    assigned, labels = viewing.unit_names(call.tx, one, call.now.date())
    return texts.logged(one, list(dict.fromkeys(labels[each.unit_id] for each in assigned)))


def _read_log(call: Call) -> tuple[Way, Brief]:
    word, _, rest = call.line.partition(" ")
    way = _WAYS.get(word.strip("：:"))
    if way is None:
        raise BadInput(reason=texts.HOW_TO_LOG)
    rest = rest.strip()
    if rest.startswith("《") and "》" in rest:
        topic, _, words = rest[1:].partition("》")
    else:
        topic, _, words = rest.partition(" ")
    units, _, due = words.strip().partition(" ")
    brief = Brief(units=units, due=due.strip()).changed_by(read_brief(topic, call.body))
    if drafting.missing(brief):
        raise BadInput(reason=texts.HOW_TO_LOG)
    return way, brief


@command(
    "slip",
    "交办单",
    who=DESK,
    family=FAMILY,
    summary="要一件约稿的交办单（Word 文件，可以打印签收）",
    usage="/交办单 编号",
    example="/交办单 约18",
)
@discreet
def slip(call: Call) -> Answer:
    if not call.words:
        raise BadInput(reason=texts.WHICH.format(example="/交办单 约18"))
    one = find_commission(call.tx, call.words, call.now.year)
    if one.off_chat:
        raise BadInput(reason=texts.SLIP_OFF_CHAT.format(number=one.number))
    name = file_name(one)
    incoming = call.incoming
    here = before_the_office(call.tx, incoming, call.now.date())
    target = incoming.target if here else private_target(call.tx, incoming, call.now.date())
    if not target:
        return texts.SLIP_NOT_HERE
    queued = send_file(
        call.tx, incoming.platform, target, name, write(call, one),
        dedup=f"slip:{incoming.platform}:{incoming.key}", kind="slip", now=call.now,
    )  # fmt: skip
    return texts.SLIP_SENT.format(number=one.number, name=name) if queued else texts.SLIP_NOT_HERE
