"""What people read about who is who."""

from __future__ import annotations

from collections.abc import Sequence

from domain.roster import REPORTERS, Group, Person, Role, Unit
from services.binding import TRIES, Attempt, HandedOver, Outcome
from services.groups import Hooked
from services.people import Holes, Member, mask_phone, platform_label

WHO = "请写上姓名：{usage}"
BIND_HOW = "请写上绑定码：/绑定 绑定码。没有绑定码，请向信息科要一个。"
HANDOVER_HOW = "请写上两个姓名：/交接 旧信息员 新信息员 [单位]"
SAME_PERSON = "旧信息员和新信息员是同一个人，没有什么可交接。"
UNBOUND = "信息科解除了您的账号绑定，今后这个账号发的内容不再收下。如有疑问，请联系信息科。"

REGISTER_IN_GROUP = "请在要登记的群里发：@机器人 绑定本群"
WEBHOOK_IN_PRIVATE = (
    "群机器人的地址不能发在群里，谁拿到都能冒名发言。请私聊我发；已经发在群里的，请删掉那个群机器人重新添加。"
)
WEBHOOK_THERE = "{name}配好了群机器人，以后通知和排名由它发到群里。"
WEBHOOK_GONE = "{name}的群机器人解除了。"
NO_WORK_GROUPS = "还没有登记过企业微信群。请在群里发：@机器人 绑定本群"

SHOWN = 30
"""At most this many names of units are listed in one answer."""


def registered(group: Group) -> str:
    return f"登记好了：本群是“{group.purpose}”群，名称“{group.name}”。\n{_PURPOSES[group.purpose]}"


_PURPOSES = {
    "报送": "信息员可以在这里报送和查询。",
    "办公": "信息科可以在这里办理。",
    "通知": "这里只发通知，不收消息；要改用途，请再发一次“@机器人 绑定本群 报送”。",
}


def webhooks(found: Sequence[Hooked]) -> str:
    if not found:
        return NO_WORK_GROUPS
    lines = (f"{one.group.name}：{'有群机器人' if one.has_key else '没有群机器人'}" for one in found[:SHOWN])
    return "\n".join(lines)


def code(person: Person, where: str, code: str, expires: str) -> str:
    return (
        f"{person.name}（{where}）的绑定码：{code}\n"
        f"{expires}前有效，只能用一次；以前发的码作废。\n"
        f"请当面或打电话告诉本人，让本人用自己的账号私聊发给我：/绑定 {code}"
    )


def welcome(person: Person, where: str) -> str:
    return f"{person.name}您好，绑定好了：{where}，{_roles(person)}。\n{_next_step(person)}"


def _roles(person: Person) -> str:
    return "、".join(dict.fromkeys(post.role.value for post in person.posts)) or "没有角色"


def _next_step(person: Person) -> str:
    if person.has(REPORTERS):
        return "报送信息请发“/报送 标题”，下面写正文，或者直接发 Word 文件。发“/帮助”看全部命令。"
    if person.has(frozenset({Role.OFFICE, Role.OFFICE_HEAD})):
        return "发“/待办”看等待处理的信息。发“/帮助”看全部命令。"
    return "发“/帮助”看您能用的命令。"


def already(person: Person, where: str) -> str:
    return f"这个账号已经绑定给{person.name}（{where}）。要换人，请先让信息科解绑。"


def refused(attempt: Attempt) -> str:
    return {
        Outcome.WRONG: f"绑定码不对，还可以试 {attempt.left} 次。请核对后重发，或向信息科要一个新的。",
        Outcome.TOO_MANY: f"一小时内已经错了 {TRIES} 次，请过一小时再试，或联系信息科。",
        Outcome.EXPIRED: "这个绑定码过期了或已作废。请向信息科要一个新的。",
        Outcome.USED: "这个绑定码已经用过了，一个码只能用一次。请向信息科要一个新的。",
    }[attempt.outcome]


def unbound(person: Person, where: str, ended: list[tuple[str, str]]) -> str:
    if not ended:
        return f"{person.name}（{where}）没有绑定账号。没用过的绑定码也已作废。"
    return f"{person.name}（{where}）的账号已解绑：{_accounts(ended)}。要重新绑定，请发“/绑定码 {person.name}”。"


def _accounts(accounts: list[tuple[str, str]]) -> str:
    return "、".join(f"{platform_label(platform)} {account}" for platform, account in accounts)


def farewell(new: Person, unit: Unit) -> str:
    return f"您在{unit.label}的信息员工作从今天起交接给{new.name}，没有办结的信息一并转过去了。感谢您的付出。"


def taken_over(old: Person, moved: HandedOver) -> str:
    items = (
        f"转给您的信息有 {len(moved.numbers)} 条：{_numbers(moved.numbers)}。"
        if moved.numbers
        else "没有未办结的信息。"
    )
    asked = f"\n没有办完的约稿 {moved.commissions} 件，发“/任务”看。" if moved.commissions else ""
    return (
        f"从今天起，{moved.unit.label}的信息员工作由您接手（原来是{old.name}）。\n"
        f"{items}发“/我的信息”查看；报送信息请发“/报送 标题”。{asked}"
    )


def handed_over(old: Person, new: Person, moved: HandedOver) -> str:
    lines = [
        f"{moved.unit.label}：{old.name} → {new.name}，今天起生效。",
        f"转过去未办结的信息 {len(moved.numbers)} 条{'：' if moved.numbers else '。'}{_numbers(moved.numbers)}",
        f"{old.name}已离开名册，账号已停用，历史都还在。" if moved.closed else f"{old.name}还有其他角色，账号保留。",
    ]
    if not moved.reachable:
        lines.append(f"{new.name}还没有绑定账号，请发“/绑定码 {new.name}”。")
    return "\n".join(lines)


def _numbers(numbers: list[str]) -> str:
    more = f" 等 {len(numbers)} 条" if len(numbers) > SHOWN else ""
    return "、".join(numbers[:SHOWN]) + more


def about(person: Person, posts: list[tuple[str, str, list[str]]], accounts: list[tuple[str, str]]) -> str:
    lines = [f"您是{person.name}。", *(f"{unit}{section}：{'、'.join(roles)}" for unit, section, roles in posts)]
    lines.append(f"账号：{_accounts(accounts)}")
    if person.phone:
        lines.append(f"手机：{mask_phone(person.phone)}")
    return "\n".join(lines)


def members(unit: Unit, members: list[Member]) -> str:
    lines = [f"{unit.name}（{unit.kind}{'，' if unit.class_name else ''}{unit.class_name}）"]
    for member in members:
        phone = f" {mask_phone(member.person.phone)}" if member.person.phone else ""
        bound = "已绑定" if member.bound else "未绑定"
        section = f" {member.section}" if member.section else ""
        lines.append(f"{member.person.name}{section} {'、'.join(member.roles)}{phone} {bound}")
    held = {role for member in members for role in member.roles}
    if unit.kind != "办公室":
        lines.extend(f"缺{role.value}" for role in (Role.REPORTER, Role.LEADER) if not _holds(role, held))
    return "\n".join(lines)


def _holds(role: Role, held: set[str]) -> bool:
    """A deputy reporter does a reporter's work."""
    return role.value in held or (role is Role.REPORTER and Role.DEPUTY_REPORTER.value in held)


def holes(found: Holes) -> str:
    lines = [
        f"共 {found.units} 个报送单位。",
        _listed("没有信息员的单位", found.no_reporter),
        _listed("没有分管领导的单位", found.no_leader),
        _listed("没有绑定账号的信息员", found.unbound),
        "看一个单位：/名册 单位",
    ]
    return "\n".join(lines)


def _listed(what: str, names: list[str]) -> str:
    if not names:
        return f"{what}：无"
    more = "……" if len(names) > SHOWN else ""
    return f"{what} {len(names)}：{'、'.join(names[:SHOWN])}{more}"
