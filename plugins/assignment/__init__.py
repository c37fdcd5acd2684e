"""What units do with a commission: `/收到`, `/任务`, `/延期`, `/不报`, `/已报`, `/关联`; the rest is the office's."""

from __future__ import annotations

from nonebot.plugin import PluginMetadata

from bot.commands import Answer, Call, command
from domain.errors import BadInput, BaosongError
from domain.receipt import Receipt, read_receipt
from domain.reference import split_reference
from domain.roster import DESK, REPORTERS, UNIT_SIDE
from plugins._discretion import discreet
from plugins.assignment import office, office_texts, texts
from plugins.assignment.telling import tell_desk, tell_desk_of_extension
from services import answering, assignments, extensions, tasks
from services.commissions.finding import find_commission
from services.desk import is_clerk
from services.items import looks_like_number

__plugin_meta__ = PluginMetadata(
    name="约稿任务",
    description="单位签收约稿、看任务、申请延期或不报；信息科批延期、销号",
    usage="/任务；收到；/延期 约18 到周一 原因；/销号 约18 云山县",
    type="application",
)

__all__ = ["office"]

FAMILY = "约稿"


@command(
    "receive",
    "收到",
    "签收",
    who=UNIT_SIDE,
    family=FAMILY,
    summary="签收约稿；直接说“收到”也一样，在群里说不会有回答",
    usage="/收到 [编号]",
    example="/收到 约18",
    takes_receipts=True,
)
@discreet
def receive(call: Call) -> Answer:
    """In a group nobody is answered; in private only what the receipt changed is confirmed."""
    typed = call.incoming.text.lstrip().startswith(("/", "／"))
    said = Receipt(split_reference(call.words)[0], True) if typed else read_receipt(call.incoming.text)
    assert said is not None, "the router brings receipts only"
    try:
        if typed and not said.number:
            changed = assignments.receive_all(call.tx, call.person, call.now, assignments.way_of(call.incoming))
        else:
            changed = assignments.acknowledge(call.tx, call.person, call.incoming, said, call.now)
    except BaosongError:
        if call.incoming.group and not typed:
            return None
        raise
    if call.incoming.group:
        return None
    if changed:
        return texts.received(changed, call.now)
    return texts.nothing_to_receive(said.number) if typed or said.number else None


@command(
    "tasks",
    "任务",
    "我的任务",
    who=UNIT_SIDE | DESK,
    family=FAMILY,
    summary="看没有办完的约稿，快到期的在前；写编号看一件的要求和经过",
    usage="/任务 [编号]",
    example="/任务 约18",
)
@discreet
def show_tasks(call: Call) -> Answer:
    if not call.words:
        if is_clerk(call.person):
            return office_texts.desk_tasks(tasks.desk_tasks(call.tx, call.now), call.now)
        units = assignments.own_units(call.person)
        return texts.tasks(tasks.tasks(call.tx, units, call.now), call.now, several=len(units) > 1)
    if is_clerk(call.person):
        commission = find_commission(call.tx, call.words, call.now.year)
        return office_texts.standing(tasks.standing(call.tx, commission, call.now))
    own = assignments.own_shares(call.tx, call.person, call.words, call.now)
    return "\n\n".join(texts.task(tasks.history(call.tx, share, call.now), call.now) for share in own)


@command(
    "decline",
    "不报",
    "申请不报",
    who=UNIT_SIDE,
    family=FAMILY,
    summary="申请不报一件约稿，由信息科决定",
    usage="/不报 编号 原因",
    example="/不报 约18 本县没有这项工作",
)
@discreet
def decline(call: Call) -> Answer:
    own, rest = _own_and_rest(call)
    reason = assignments.reason_of(rest, "申请不报", "/不报 约18 本县没有这项工作")
    declined = assignments.decline(call.tx, call.person, own, reason, call.now)
    told = tell_desk(call, declined[0].commission, office_texts.declined_to_desk(declined, call.person.name, reason))
    return texts.declined(declined) + told


@command(
    "extend",
    "延期",
    "申请延期",
    who=UNIT_SIDE,
    family=FAMILY,
    summary="申请延期，由信息科批准",
    usage="/延期 编号 到时间 原因",
    example="/延期 约18 到周一 数据要等统计局",
)
@discreet
def extend(call: Call) -> Answer:
    own, rest = _own_and_rest(call)
    asked = extensions.ask(call.tx, call.office, call.person, own, rest, call.now)
    told = "".join(dict.fromkeys(tell_desk_of_extension(call, one) for one in asked))
    return texts.extension_asked(asked) + told


@command(
    "sent-elsewhere",
    "已报",
    who=UNIT_SIDE | DESK,
    family=FAMILY,
    summary="登记已经从其他渠道（OA、邮箱）报送；信息科写上单位可以代为登记",
    usage="/已报 编号 [说明]；信息科：/已报 编号 单位 [说明]",
    example="/已报 约18 已从 OA 报送",
)
@discreet
def sent_elsewhere(call: Call) -> Answer:
    if is_clerk(call.person):
        return office.sent_elsewhere(call)
    own, rest = _own_and_rest(call)
    done = answering.sent_elsewhere(call.tx, call.person, own, rest[: assignments.REASON_LIMIT], call.now)
    return texts.sent_elsewhere(done)


@command(
    "link",
    "关联",
    who=REPORTERS | DESK,
    family=FAMILY,
    summary="说明一条信息是哪件约稿的报送",
    usage="/关联 信息编号 约稿编号",
    example="/关联 137 约18",
)
@discreet
def link(call: Call) -> Answer:
    item_words, _, number = call.words.partition(" ")
    if not number:
        raise BadInput(reason=texts.HOW_TO_LINK)
    item, linked = answering.link_item(call.tx, call.person, item_words, number, call.now)
    return texts.linked(item, linked)


@command(
    "unlink",
    "撤销关联",
    "不是约稿",
    who=REPORTERS | DESK,
    family=FAMILY,
    summary="一条信息不算约稿的报送；写约稿编号则撤销“/已报”的登记",
    usage="/撤销关联 编号",
    example="/撤销关联 137",
)
@discreet
def unlink(call: Call) -> Answer:
    if not looks_like_number(call.words) and split_reference(call.words)[0]:
        return texts.not_sent_elsewhere(answering.not_sent_elsewhere(call.tx, call.person, call.words, call.now))
    item, unlinked = answering.unlink_item(call.tx, call.person, call.words, call.now)
    return texts.unlinked(item, unlinked)


def _own_and_rest(call: Call) -> tuple[list[assignments.Share], str]:
    """The shares of the asker's units in the commission the words begin with, and the words behind it."""
    number, rest = split_reference(call.words)
    return assignments.own_shares(call.tx, call.person, number, call.now), f"{rest} {call.body}".strip()
