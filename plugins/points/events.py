"""`/event` and `/events`: what happened to a unit apart from its items."""

from __future__ import annotations

import re

from bot.commands import Answer, Call, Reply, command
from domain.errors import BadInput, NotAllowed
from domain.period import Period
from domain.roster import DESK, UNIT_SIDE, Unit
from domain.unit_event import how_to_record, read_unit_event
from plugins._asked import take_apart
from plugins._discretion import discreet
from plugins.points import texts_events as texts
from plugins.points.sending import send_sheet, wants_sheet
from services import unit_events
from services.desk import Clerk
from services.items import unit_label
from services.score import reporting_unit, unit_meant
from services.units import find_unit

_REVOKE = ("撤销", "撤回", "取消")
_NUMBER = re.compile(r"(?:编号|记|第)?(\d{1,9})号?")


@command(
    "event",
    "记事",
    "加减分",
    who=DESK,
    family="考评",
    summary="登记单位的加减分事项：迟报、漏报、瞒报、失实、培训等，按办法计分",
    usage="/记事 单位 事项 [日期] [分值] [说明]；/记事 撤销 编号 原因",
    example="/记事 云山县 迟报 11-20 台风灾情晚报3小时",
)
@discreet
def record_event(call: Call) -> Answer:
    first, rest = _first_word(call.words)
    clerk = Clerk(call.tx, call.office, call.person, call.now)
    if first in _REVOKE:
        return _revoke(call, clerk, rest)
    measure = unit_events.measure_in_force(call.office, call.now.date())
    if not rest:
        raise BadInput(reason=how_to_record(measure))
    unit = find_unit(call.tx, first, call.now.date())
    read = read_unit_event(f"{rest} {call.body}".strip(), measure, call.now.date())
    done = unit_events.record(clerk, unit, read)
    return texts.recorded(done) + _tell(call, done, texts.RECORDED_TO_YOU)


def _first_word(words: str) -> tuple[str, str]:
    """The first word and the rest: people write 云山县 迟报 and 云山县，迟报."""
    first, *rest = re.split(r"[\s,，、]+", words, maxsplit=1)
    return first, "".join(rest)


def _revoke(call: Call, clerk: Clerk, words: str) -> str:
    number, _, reason = words.partition(" ")
    match = _NUMBER.fullmatch(number)
    if match is None:
        raise BadInput(reason=texts.HOW_TO_REVOKE)
    done = unit_events.revoke(clerk, int(match[1]), f"{reason} {call.body}".strip())
    return texts.revoked(done) + _tell(call, done, texts.REVOKED_TO_YOU)


def _tell(call: Call, done: unit_events.Recorded, text: str) -> str:
    said = text.format(what=texts.what(done), points=texts.points(done), articles=texts.articles(done), note=done.note)
    told: list[str] = []
    missed: list[str] = []
    for person in done.to_tell:
        (told if call.tell(person.id, said, "unit event") else missed).append(f"{done.unit.label} {person.name}")
    return texts.who_was_told(told, missed)


@command(
    "events",
    "事项",
    "加减分明细",
    who=DESK | UNIT_SIDE,
    family="查询",
    summary="看登记过的加减分事项（单位看自己的，信息科看全部），可导出",
    usage="/事项 [单位] [期间] [导出]",
    example="/事项 云山县 今年",
)
@discreet
def list_events(call: Call) -> Answer:
    sheet, words = wants_sheet(call.words)
    asked = take_apart(words, call.now.date())
    unit = _unit(call, asked.rest)
    found = unit_events.listed(call.tx, asked.period.first, asked.period.last, unit.id if unit else None)
    names = {one.unit_id: unit_label(call.tx, one.unit_id, call.now.year) for one in found}
    title = " ".join(filter(None, (texts.TITLE, unit.label if unit else "", asked.period.label)))
    if sheet:
        return Reply(_send(call, title, found, names))
    return texts.listing(title, found, names, everything=asked.everything, again=_again(asked.period, unit))


def _unit(call: Call, named: str) -> Unit | None:
    """A unit's people see their own; the office one that is named, or all."""
    office = call.person.has(DESK)
    unit = unit_meant(call.tx, named, None if office else reporting_unit(call.person), call.now.date())
    if not office and (unit is None or unit.id not in call.person.unit_ids):
        raise NotAllowed(action="查看其他单位的加减分事项")
    return unit


def _again(period: Period, unit: Unit | None) -> str:
    return " ".join(filter(None, ("/事项", unit.label if unit else "", period.label)))


def _send(call: Call, title: str, found: list[unit_events.Listed], names: dict[int, str]) -> str:
    from plugins.points.sheets import events_sheet  # xlsxwriter behind it: 12 MB that most days nobody asks for

    return send_sheet(call, title, [events_sheet(found, names)])
