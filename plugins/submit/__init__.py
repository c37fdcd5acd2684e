"""Sending items: `/报送`, the form, dropped files, `/撤回`, `/我的信息`, `/查看`, `/附件`."""

from __future__ import annotations

from nonebot.plugin import PluginMetadata

from bot.commands import Answer, Call, Reply, command
from domain.errors import BadInput
from domain.period import parse_period
from domain.roster import DESK, REPORTERS, UNIT_SIDE
from plugins._discretion import discreet
from plugins._form import cancel
from plugins.submit import form, texts, view
from plugins.submit.drafts import read_message, send
from services import items
from services.desk import Clerk, is_clerk, look_at
from services.item_cards import of_item
from services.mail import private_target, send_file
from services.submission import withdraw

__plugin_meta__ = PluginMetadata(
    name="报送",
    description="报送信息：命令、表单、文件；撤回；看自己报过的信息",
    usage="/报送 标题（正文写在下面）",
    type="application",
)

LISTED = 20


@command(
    "submit",
    "报送",
    "信息报送",
    who=REPORTERS,
    family="报送",
    summary="报送一条信息",
    usage="/报送 标题（正文写在下面几行）；只发“/报送”按步骤填写；“/报送 编号 标题”改稿；“/报送 新稿 标题”另立一条",
    example="/报送 云山县春耕备耕进展顺利\n截至3月10日，全县……\n撰稿：张三 签发：李四 电话：13800000000",
    heading="【信息报送】",
    takes_files=True,
    takes_replies=True,
)
def submit_item(call: Call) -> Answer:
    if not call.words and not call.body.strip() and call.file is None:
        if call.pictures:
            return form.pictures_alone(call)
        if call.incoming.group and call.incoming.platform == "wecom":
            return texts.WAYS_IN_A_WORK_GROUP  # the answers to a form's questions would not be heard there
        return form.open_form(call)
    return send(call, read_message(call))


@command("cancel", "取消", who=REPORTERS | DESK, family="报送", summary="放弃正在填写的表单", usage="/取消")
def cancel_form(call: Call) -> Answer:
    return cancel(call)


@command(
    "withdraw",
    "撤回",
    who=REPORTERS,
    family="报送",
    summary="撤回自己报的信息（信息科审核之前）",
    usage="/撤回 编号",
    example="/撤回 137",
)
def withdraw_item(call: Call) -> Answer:
    item = withdraw(call.tx, call.office, call.person, call.words, call.now)
    return texts.WITHDRAWN.format(name=item.name)


@command(
    "my-items",
    "我的信息",
    who=REPORTERS,
    family="报送",
    summary="看自己报过的信息和采用情况",
    usage="/我的信息 [期间]",
    example="/我的信息 上月",
)
@discreet
def my_items(call: Call) -> Answer:
    period = parse_period(call.words, call.now.date()) if call.words else None
    found, count = items.own_items(call.tx, call.person, period, LISTED)
    return view.own_items(found, count, period, call.office.journals)


@command(
    "item",
    "查看",
    "信息",
    who=UNIT_SIDE | DESK,
    family="报送",
    summary="看一条信息的全文和办理情况（信息员看本单位的）",
    usage="/查看 编号",
    example="/查看 137",
)
@discreet
def show_item(call: Call) -> Answer:
    item = items.visible_item(call.tx, call.person, call.words, call.now)
    said = view.item(items.details(call.tx, item), call.office, private=call.incoming.private)
    if not is_clerk(call.person):
        return said
    look_at(Clerk(call.tx, call.office, call.person, call.now), item)
    return Reply(said, card=of_item(call.tx, call.office, item, call.now))


@command(
    "files",
    "附件",
    who=UNIT_SIDE | DESK,
    family="报送",
    summary="把一条信息的原文件和附图私聊发给您",
    usage="/附件 编号",
    example="/附件 137",
)
def send_files(call: Call) -> Answer:
    item = items.visible_item(call.tx, call.person, call.words, call.now)
    found = items.files_of(call.tx, item)
    if not found:
        return texts.NO_ATTACHMENTS.format(name=item.name)
    incoming = call.incoming
    target = private_target(call.tx, incoming, call.now.date())
    key = f"files:{incoming.platform}:{incoming.bot_id}:{incoming.key}"
    for place, (name, content) in enumerate(found):
        sent = bool(target) and send_file(
            call.tx, incoming.platform, target, name, content, dedup=f"{key}:{place}", kind="files", now=call.now
        )
        if not sent:
            raise BadInput(reason=texts.NO_FILES)
    return texts.FILES_SENT.format(name=item.name, count=len(found))
