"""What the office reads when it commissions."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from domain.commission import Commission, Stage, State, Way
from domain.moment import show_time, to_ms
from domain.roster import HEAD
from domain.speech import Button, Card
from domain.words import shorten
from services.cards import draft_matter
from services.commissions.brief import Brief
from services.commissions.drafting import Drafted
from services.commissions.issuing import Issued
from services.commissions.texts import by_part, names, part_line, short_number, show_due
from services.commissions.viewing import NO_ACCOUNT, NO_REPORTER, Progress

CHIEF = HEAD

SHOWN = 200
"""Characters of a requirement a preview shows."""

LISTED = 8
"""So many chats that were not reached are listed."""

FORM_IS_OPEN = "表单还没有填完，接着填就可以（不要了请发“取消”）。"
FORM_CANCELLED = "已取消，没有下达。"
FORM_EXPIRED = "约稿表单超过3天没有填完，已经作废。要约稿请重新发“/约稿”。"

ASK_TOPIC = (
    "请发约稿标题。时间、单位、要求可以一起写在下面几行，如“时间：周五下班前”。"
    "可以随时发“返回”改上一步、“取消”放弃，3天内有效。"
)
ASK_DUE = "{topic}。请发报送时间，如：周五下班前、11月28日17:00、三个工作日内、今天。"
ASK_UNITS = (
    "请发单位，如：全部县区、一类部门、直报点、文旅局、云山县，可以写“除…外”；\n"
    "要分解课题就一行一项：1. 发改局牵头、粮储局参加：价格走势 800字 周四前"
)
ASK_REQUIREMENT = "请发要求（内容、角度、字数等）；没有请发“跳过”。"
CONFIRM = "确认下达请发“确认”；要改请发“改 时间 周四前”“改 单位 …”；不发了请发“取消”。"
CONFIRM_FOR_APPROVAL = "确认后报信息科长批准。没有问题请发“确认”；要改请发“改 时间 周四前”；不发了请发“取消”。"
CONFIRM_OR_NOT = "没有看懂。确认请发“确认”；要改请发“改 时间 周四前”“改 单位 …”“改 要求 …”；不发了请发“取消”。"
HOW_TO_CHANGE = "请发要改的，就像“改 时间 周四前”“改 单位 除清河区外”“改 要求 …”。"
NOT_OPEN = "草稿 {id} 的表单已经关了，改不了。要下达请发“/确认约稿 {id}”；要改请发“/约稿 标题”重新拟一件。"
CARD_TITLE = "约稿草稿 {id}"

RECALL = "题目或要求写在聊天里了，请撤回那条消息；这里不再显示，也不会推送。"
HIDDEN = "不在群内：题目和要求请写在 OA 里，推送只有编号和时间。"
NOTHING_TO_CONFIRM = "没有等您确认的约稿。发“/约稿 标题”拟一件。"
NOTHING_WAITS = "没有等候批准的约稿。"
WHICH = "请写约稿编号，例如：{example}"
HOW_TO_LOG = (
    "请这样写：/约稿记录 电话 标题 单位 时间，例如：/约稿记录 电话 旱情 云山县、清河区 今天下班前。\n"
    "标题里有空格就加书名号；用短信约的把“电话”换成“短信”。"
)
LOGGED = "已补记 {name}（{way}约稿）：{units}，截止 {due}。没有推送。"
GONE_ON = "{number} 暂停的 {count} 处已继续推送。发“/约稿 {short}”看推送情况。"
SENT_BACK = "草稿 {id} 已退回，原因已告诉拟稿人。"
SLIP_SENT = "{number} 的交办单已发出（{name}）。"
SLIP_NOT_HERE = "这个平台不能由机器人发文件。请用 QQ 群或企业微信要交办单。"
SLIP_OFF_CHAT = "{number} 不在群内，交办单不能从这里发，请在 OA 里办理。"


def topic(brief: Brief) -> str:
    return "不在群内的约稿" if brief.off_chat else f"标题是《{brief.topic}》"


def now_written(text: str) -> str:
    """What a step that is gone back to says so far."""
    return f"\n现在写的是：{shorten(text, 60)}" if text else ""


def ask_units(reading: str) -> str:
    return f"{reading}。\n{ASK_UNITS}" if reading else ASK_UNITS


def ask_requirement(units: Sequence[str]) -> str:
    said = f"单位 {len(units)} 个：{names(units)}。\n" if units else ""
    return said + ASK_REQUIREMENT


def preview(drafted: Drafted, now: datetime, *, approval: bool) -> str:
    """Everything about a draft before it is confirmed: what it says, whom it reaches, what is odd."""
    confirm = CONFIRM_FOR_APPROVAL if approval else CONFIRM
    return "\n".join([f"请核对（草稿 {drafted.commission.id}）：", *_draft_lines(drafted), confirm])


def card(one: Commission, *, approval: bool) -> Card:
    """What is tapped below a preview; its text says what to type."""
    buttons = (
        Button("报批" if approval else "下达", f"/确认约稿 {one.id}"),
        Button("修改", f"/约稿 修改 草稿{one.id}"),
        Button("放弃", f"/约稿 放弃 草稿{one.id}", grave=True),
    )
    topic = "不在群内" if one.off_chat else f"《{one.topic}》"
    text = f"{topic}截止 {show_due(one.due_ms)}"
    return Card(draft_matter(one.id), CARD_TITLE.format(id=one.id), text, buttons, "")


def _draft_lines(drafted: Drafted) -> list[str]:
    one = drafted.commission
    units = [drafted.labels[id] for id in drafted.unit_ids]
    upper = f"上级 {one.upper_number}" if one.upper_number else ""
    upper += f"（{show_due(one.upper_due_ms)}）" if one.upper_due_ms and not drafted.readings else ""
    lines = [
        HIDDEN if one.off_chat else f"《{one.topic}》",
        "　".join(word for word in (
            "急" if one.urgent else "", f"来源：{one.source.value}", one.class_name, one.length,
            one.theme and f"主题：{one.theme}", upper,
        ) if word),
        f"要求：{shorten(one.requirement, SHOWN)}" if one.requirement and not one.off_chat else "",
        *(drafted.readings or [f"截止：{show_due(one.due_ms)}"]),
        f"单位 {len(units)} 个：{names(units)}",
        f"范围：{drafted.targets}" if drafted.targets and set(drafted.targets.split("、")) != set(units) else "",
        *_part_lines(drafted),
        f"推送：{len(drafted.reach.groups)} 个群、{len(drafted.reach.people)} 人（信息员私聊）",
        *(f"注意：{said}" for said in _odd(drafted)),
    ]  # fmt: skip
    return [line for line in lines if line]


def _part_lines(drafted: Drafted) -> list[str]:
    if drafted.commission.off_chat:
        return []
    return [part_line(units, drafted.labels, with_due=True) for units in by_part(drafted.assigned).values()]


def _odd(drafted: Drafted) -> list[str]:
    """What the office may not have meant, the worst first."""
    found = drafted.reach

    def of(ids: Sequence[int]) -> str:
        return names([drafted.labels[id] for id in ids])

    one = drafted.commission
    lost = set(found.out_of_reach)
    no_reporter = [id for id in found.no_reporter if id not in lost]
    no_account = [id for id in found.no_account if id not in lost]
    odd = [
        RECALL if _tells_too_much(one) else "",
        f"推送不到 {of(found.out_of_reach)}：不在任何群里，也没有能私聊的信息员" if lost else "",
        f"{of(no_reporter)}{NO_REPORTER}，只在群里看得到" if no_reporter else "",
        f"{of(no_account)}{NO_ACCOUNT}，只在群里看得到" if no_account else "",
        f"{of([id for id in found.no_group if id not in lost])} 不在任何群里，只私聊信息员"
        if set(found.no_group) - lost
        else "",
        *drafted.notes,
        *(_double(other) for other in drafted.doubles),
    ]
    return [said for said in odd if said]


def _tells_too_much(one: Commission) -> bool:
    """Whether what may not be in a chat was written there."""
    return one.off_chat and bool(one.topic or one.requirement)


def _double(other: Commission) -> str:
    if other.state is State.WAITING:
        return f"可能重复：草稿 {other.id}《{other.topic}》正在等批准"
    return f"可能重复：{other.name} {show_time(other.issued_ms)} 刚下达过"


def receipt(issued: Issued, now: datetime) -> str:
    """What a confirmation did."""
    one = issued.commission
    if one.state is State.WAITING:
        return f"草稿 {one.id} 已经报信息科长批准" + ("，没有重复报。" if issued.again else "，批准后自动下达。")
    if issued.again:
        return f"{one.name} {show_time(one.issued_ms)} 已经下达过了，没有重复下达。"
    said = f"已下达 {one.name}。"
    queued = issued.queued
    if queued is not None:
        later = queued.start_ms > to_ms(now)
        when = f"现在不是发送时间，{show_time(queued.start_ms)} 起发出" if later else "正在发出"
        said += f"\n推送 {queued.groups} 个群、{queued.people} 人，{when}。"
    slip = "" if one.off_chat else f"，“/交办单 {short_number(one)}”要交办单"
    return f"{said}\n发“/约稿 {short_number(one)}”看推送情况{slip}。"


def logged(one: Commission, units: Sequence[str]) -> str:
    said = LOGGED.format(name=one.name, way=one.way.value, units=names(units), due=show_due(one.due_ms))
    return f"{said}\n{RECALL}" if _tells_too_much(one) else said


def waiting(drafts: Sequence[Drafted], who: Sequence[str]) -> str:
    """What waits for the chief: all of one, a line each of several."""
    if not drafts:
        return NOTHING_WAITS
    if len(drafts) == 1:
        one = drafts[0]
        id = one.commission.id
        how = f"批准下达请发“/批准约稿 {id}”；不批准请发“/退回约稿 {id} 原因”。"
        return "\n".join([f"等候批准（草稿 {id}，{who[0]}拟）：", *_draft_lines(one), how])
    lines = [
        f"{one.commission.id}. {'（不在群内）' if one.commission.off_chat else f'《{one.commission.topic}》'}"
        f"{len(one.unit_ids)} 个单位，{show_due(one.commission.due_ms)}（{name}拟）"
        for one, name in zip(drafts, who, strict=True)
    ]
    first = drafts[0].commission.id
    how = f"看全文请发“/批准约稿 {first} 看”，批准请发“/批准约稿 {first}”，退回请发“/退回约稿 {first} 原因”。"
    return "\n".join([f"等候批准的约稿 {len(drafts)} 件：", *lines, how])


def progress(seen: Progress, now: datetime) -> str:
    """How a commission stands with its messages, whom it did not reach and why."""
    one = seen.commission
    lines = [
        f"{one.name} {show_time(one.issued_ms)} 下达（{seen.issued_by}）",
        f"截止 {show_due(one.due_ms)}" + (f"　上级 {one.upper_number}" if one.upper_number else ""),
        _pushed(seen),
        *(f"{trouble.to}：{trouble.state}" + (f"（{shorten(trouble.error, 30)}）" if trouble.error else "")
          for trouble in seen.trouble[:LISTED]),
        f"……没有送到或者不明的共 {len(seen.trouble)} 处，发“/发件箱”处理" if len(seen.trouble) > LISTED else "",
        _not_reached(seen),
        "　".join(f"{stage.label} {seen.stages[stage]}" for stage in Stage if seen.stages.get(stage)),
        f"恢复后继续推送请发“/约稿 续推 {short_number(one)}”。" if seen.held else "",
    ]  # fmt: skip
    return "\n".join(line for line in lines if line)


def _pushed(seen: Progress) -> str:
    if seen.commission.way in (Way.PHONE, Way.SMS):
        return f"{seen.commission.way.value}约稿，没有推送。"
    states = "，".join(f"{state} {count}" for state, count in seen.states.items())
    return f"送达 {seen.reached}/{seen.units} 个单位；消息：{states or '没有'}"


def _not_reached(seen: Progress) -> str:
    if seen.commission.way in (Way.PHONE, Way.SMS) or not seen.not_reached:
        return ""
    told = [f"{unit}（{why}）" for unit, why in seen.not_reached]
    return f"还没有送达：{names(told)}"
