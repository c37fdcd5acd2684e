"""Who is who: binding codes, binding, handing over, and the roster of a unit."""

from __future__ import annotations

from nonebot.plugin import PluginMetadata

from bot.commands import Answer, Call, Reply, command
from domain.errors import BadInput
from domain.roster import DESK, Person, Role
from plugins._discretion import discreet
from plugins.people import texts
from services import binding, groups, people
from services.units import find_unit

__plugin_meta__ = PluginMetadata(
    name="人员",
    description="发绑定码、绑定账号、交接、看名册、登记群",
    usage="/绑定码 姓名；/绑定 码；/解绑 姓名；/交接 旧信息员 新信息员；/名册 单位；/我是谁",
    type="application",
)

KEEPERS = DESK | {Role.ADMIN}
"""Who keeps the roster: the office and the administrator."""


@command(
    "code",
    "绑定码",
    who=KEEPERS,
    family="人员",
    summary="给一个人发绑定码",
    usage="/绑定码 姓名 [单位]",
    example="/绑定码 张三 云山县",
)
def issue_code(call: Call) -> Answer:
    person = _person(call, call.args)
    code = binding.issue_code(call.tx, call.person, person, call.now)
    where = people.unit_label(call.tx, person, call.now)
    return Reply(texts.code(person, where, code, binding.code_expires(call.now)), private=True)


@command(
    "bind",
    "绑定",
    who=None,
    unbound=True,
    family="人员",
    summary="用绑定码登记您的账号",
    usage="/绑定 绑定码",
    example="/绑定 7KD3-MX9A",
)
def bind(call: Call) -> Answer:
    if not call.words:
        raise BadInput(reason=texts.BIND_HOW)
    said = call.incoming
    attempt = binding.bind(call.tx, call.words, said.platform, said.account, said.key, call.now)
    if attempt.person is None:
        return texts.refused(attempt)
    where = people.unit_label(call.tx, attempt.person, call.now)
    if attempt.outcome is binding.Outcome.ALREADY:
        return texts.already(attempt.person, where)
    return texts.welcome(attempt.person, where)


@command(
    "unbind",
    "解绑",
    who=KEEPERS,
    family="人员",
    summary="解除一个人的账号绑定",
    usage="/解绑 姓名 [单位]",
    example="/解绑 张三 云山县",
)
def unbind(call: Call) -> Answer:
    person = _person(call, call.args)
    call.tell(person.id, texts.UNBOUND, "unbound by office")
    ended = binding.unbind(call.tx, call.person, person, call.now)
    return texts.unbound(person, people.unit_label(call.tx, person, call.now), ended)


@command(
    "handover",
    "交接",
    who=KEEPERS,
    family="人员",
    summary="信息员换人：未办结的信息和岗位交给新信息员",
    usage="/交接 旧信息员 新信息员 [单位]",
    example="/交接 张三 李四 云山县",
)
def hand_over(call: Call) -> Answer:
    if len(call.args) < 2:
        raise BadInput(reason=texts.HANDOVER_HOW)
    old_name, new_name, *rest = call.args
    unit_words = "".join(rest)
    old = people.find_person(call.tx, old_name, unit_words, call.now)
    unit = people.reporting_unit(call.tx, old, unit_words, call.now)
    new = people.find_successor(call.tx, new_name, unit, call.now)
    if old.id == new.id:
        raise BadInput(reason=texts.SAME_PERSON)
    call.tell(old.id, texts.farewell(new, unit), "handover")
    moved = binding.hand_over(call.tx, call.person, old, new, unit, call.now)
    call.tell(new.id, texts.taken_over(old, moved), "handover")
    return texts.handed_over(old, new, moved)


@command("whoami", "我是谁", who=None, family="人员", summary="看您的姓名、单位、角色和账号", usage="/我是谁")
def who_am_i(call: Call) -> Answer:
    accounts = people.accounts(call.tx, call.person)
    return texts.about(call.person, people.posts_shown(call.tx, call.person, call.now), accounts)


@command(
    "roster",
    "名册",
    who=KEEPERS,
    family="人员",
    summary="看一个单位的人员，或者哪些单位缺信息员、缺分管领导",
    usage="/名册 [单位]",
    example="/名册 云山县",
)
@discreet
def show_roster(call: Call) -> Answer:
    if not call.words:
        return texts.holes(people.holes(call.tx, call.now))
    unit = find_unit(call.tx, call.words, call.now.date())
    return texts.members(unit, people.unit_members(call.tx, unit, call.now))


@command(
    "register-group",
    "绑定本群",
    who=KEEPERS,
    anywhere=True,
    family="人员",
    summary="在群里 @ 机器人发，登记这个群，或改它的用途",
    usage="/绑定本群 [报送|办公|通知] [群名]",
    example="/绑定本群 报送 全市政务信息群",
)
def register_group(call: Call) -> Answer:
    said = call.incoming
    if said.private:
        raise BadInput(reason=texts.REGISTER_IN_GROUP)
    group = groups.register(call.tx, call.person, said.platform, said.group, call.args, call.now)
    return texts.registered(group)


@command(
    "webhook",
    "群机器人",
    who=KEEPERS,
    family="人员",
    summary="企业微信：私聊发，给登记过的群配上群机器人，通知和排名由它发",
    usage="/群机器人 [群名] [Webhook 地址|删除]",
    example="/群机器人 全市政务信息群 https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=…",
)
def webhook(call: Call) -> Answer:
    if not call.incoming.private:
        raise BadInput(reason=texts.WEBHOOK_IN_PRIVATE)
    if len(call.args) < 2:
        return texts.webhooks(groups.hooked(call.tx, call.now))
    # As it was written: tidying would change the letters of a key.
    name, written = call.line.rsplit(maxsplit=1)
    if written in ("删除", "解除"):
        return texts.WEBHOOK_GONE.format(name=groups.detach_webhook(call.tx, call.person, name, call.now).name)
    group = groups.attach_webhook(call.tx, call.person, name, written, call.now)
    return texts.WEBHOOK_THERE.format(name=group.name)


def _person(call: Call, args: list[str]) -> Person:
    if not args:
        raise BadInput(reason=texts.WHO.format(usage=call.command.usage))
    return people.find_person(call.tx, args[0], "".join(args[1:]), call.now)
