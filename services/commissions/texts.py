"""What the units read when a commission reaches them, and how everybody is shown its due time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from domain.collectives import Collective, call_together, whole_groups
from domain.commission import Assignment, Commission
from domain.day_words import WEEKDAYS
from domain.moment import from_ms
from domain.roster import Unit
from domain.speech import Button, Card
from domain.words import shorten
from services.cards import assignment_matter

NAMED = 12
"""So many units are named in a chat; more would be a wall of names."""

ADDRESSED = 60
"""So many are named where a group has to see who is meant, after 全部县区 and the like were put together."""

TOGETHER = 6
"""A collective word stands for at least so many units."""

REQUIREMENT = 200
"""Characters of a requirement that are pushed; the slip has all of it."""

OFF_CHAT = "您有一件约稿（{number}），请到 OA 查收。"
ANSWER_OFF_CHAT = "查收后请回复“收到”；材料从 OA 报送，请不要在这里发。"
ANSWER = "请回复“收到”；报送时写上 {tag}。"
RECEIVED = "收到"
TURNED = "（另有 {count} 人已改走其他平台）"
HELD = (
    "{number} 在{platform}上连续 {failed} 次没有送达，剩下 {held} 处已暂停推送{turned}。\n没有送到：{names}\n"
    "通道恢复后发“/约稿 续推 {short}”继续；发“/约稿 {short}”看详情。"
)


def show_due(due_ms: int) -> str:
    """`11月27日(周五) 17:30`."""
    moment = from_ms(due_ms)
    return f"{moment.month}月{moment.day}日({WEEKDAYS[moment.weekday()]}) {moment:%H:%M}"


def short_number(commission: Commission) -> str:
    """`约18`, as people write `约 2026-018`."""
    return f"约{int(commission.number.rpartition('-')[2])}"


def names(labels: Sequence[str], limit: int = NAMED) -> str:
    """Names in a row, with the count if they are not all there."""
    more = f"等 {len(labels)} 个" if len(labels) > limit else ""
    return "、".join(labels[:limit]) + more


@dataclass(frozen=True, slots=True)
class Roll:
    """All units of a day as texts name them; read once for hundreds of texts."""

    units: Sequence[Unit]
    labels: Mapping[int, str]
    wholes: Sequence[Collective]


def call_the_roll(units: Sequence[Unit]) -> Roll:
    return Roll(units, {unit.id: unit.label for unit in units}, whole_groups(units))


def addressed(unit_ids: Sequence[int], roll: Roll) -> str:
    """Who is meant, so that everybody who reads it knows: few by name, many by 全部县区 and the rest by name."""
    ids = list(dict.fromkeys(unit_ids))
    if len(ids) <= NAMED:
        return names([roll.labels[id] for id in ids])
    called = names(call_together(ids, roll.units, roll.wholes, TOGETHER), ADDRESSED)
    return f"{called}，共 {len(ids)} 个"


Parts = Mapping[int, Sequence[Assignment]]
"""Everybody who shares in each sub-topic."""


def by_part(assigned: Iterable[Assignment]) -> Parts:
    found: dict[int, list[Assignment]] = {}
    for one in assigned:
        if one.part:
            found.setdefault(one.part, []).append(one)
    return found


def push(commission: Commission, own: Sequence[Assignment], parts: Parts, roll: Roll, *, named: bool) -> str:
    """The message to one chat: `own` is what its units have to do, `named` tells who is meant where that is not plain;
    `parts` are those of the whole commission: each reads who leads and who joins.

    What may not be in a chat is not in it: only the number and the clock.
    """
    whole = [one for one in own if commission.off_chat or not one.part]
    units = addressed([one.unit_id for one in whole], roll) if named else ""
    dues = {one.first_due_ms for one in own}
    due = "" if len(dues) > 1 else f"截止：{show_due(own[0].first_due_ms)}"
    if commission.off_chat:
        head = OFF_CHAT.format(number=commission.number)
        lines = [f"{units}：" if units else "", head, due or _parts_due(dues), ANSWER_OFF_CHAT]
    else:
        lines = [
            f"【约稿】{commission.name}",
            commission.requirement and f"要求：{shorten(commission.requirement, REQUIREMENT)}",
            _form(commission),
            units and f"单位：{units}",
            *(part_line(parts[number], roll.labels, with_due=not due) for number in by_part(own)),
            due,
            ANSWER.format(tag=f"#{short_number(commission)}"),
        ]
    text = "\n".join(line for line in lines if line)
    return f"【急】{text}" if commission.urgent else text


def card(commission: Commission, own: Sequence[Assignment]) -> Card:
    """What one unit taps below the message: that it has received it. The number has its year, for January."""
    number = commission.number.replace(" ", "")
    due = f"截止：{show_due(min(one.first_due_ms for one in own))}"
    matter = assignment_matter(own[0].id)
    return Card(matter, commission.name, due, (Button(RECEIVED, f"/{RECEIVED} {number}"),), "")


def _parts_due(dues: set[int]) -> str:
    return f"截止：{show_due(min(dues))}起，分项要求见 OA"


def _form(commission: Commission) -> str:
    said = (
        commission.class_name and f"类别：{commission.class_name}",
        commission.length and f"字数：{commission.length}",
    )
    return "　".join(word for word in said if word)


def part_line(units: Sequence[Assignment], labels: Mapping[int, str], *, with_due: bool) -> str:
    """`1. 价格走势（市发改委牵头，市粮储局参加）800字 11月26日（周四）17:30`."""
    first = units[0]
    leads = names([labels[one.unit_id] for one in units if one.leads])
    joins = names([labels[one.unit_id] for one in units if not one.leads])
    who = "，".join(said for said in (leads and f"{leads}牵头", joins and f"{joins}参加" if leads else joins) if said)
    due = show_due(first.first_due_ms) if with_due else ""
    return " ".join(word for word in (f"{first.part}. {first.angle}（{who}）", first.length, due) if word)
