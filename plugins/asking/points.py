"""`/my-score` and `/unit-score`."""

from __future__ import annotations

from bot.commands import Answer, Call, Reply, command
from domain.errors import BadInput, NotAllowed
from domain.roster import DESK, REPORTERS, UNIT_SIDE
from plugins._asked import only_period, take_apart
from plugins.asking import texts
from services.items import before_the_office
from services.score import reporting_unit, score_sheet, unit_meant


@command(
    "my-score",
    "我的得分",
    "得分",
    who=None,
    family="查询",
    summary="看本单位和您本人的得分、名次和明细",
    usage="/我的得分 [期间] [全部]",
    example="/我的得分 上月",
)
def my_score(call: Call) -> Answer:
    asked = only_period(call.words, call.now.date())
    unit_id = reporting_unit(call.person)
    if unit_id is None:
        raise BadInput(reason=texts.NO_OWN_UNIT)
    sheet = score_sheet(call.tx, call.office, unit_id, asked.period, call.now.date(), call.person)
    again = texts.again("我的得分", "", asked.period, call.now.date())
    text = texts.sheet(sheet, call.office.journals, again, asked.everything, call.now)
    return Reply(text, private=call.office.audience.my_score == "private")


@command(
    "unit-score",
    "单位得分",
    who=DESK | UNIT_SIDE,
    family="查询",
    summary="看一个单位的得分、名次和明细（信息科可看所有单位）",
    usage="/单位得分 单位 [期间] [全部]",
    example="/单位得分 云山县 三季度",
)
def unit_score(call: Call) -> Answer:
    today, person = call.now.date(), call.person
    asked = take_apart(call.words, today)
    unit = unit_meant(call.tx, asked.rest, reporting_unit(person), today)
    if unit is None:
        raise BadInput(reason=texts.WHICH_UNIT)
    if not person.has(DESK) and unit.id not in person.unit_ids:
        raise NotAllowed(action="查看其他单位得分")
    own = person if person.has(REPORTERS) and unit.id == person.unit_id else None
    sheet = score_sheet(call.tx, call.office, unit.id, asked.period, today, own)
    again = texts.again("单位得分", unit.label, asked.period, today)
    text = texts.sheet(sheet, call.office.journals, again, asked.everything, call.now)
    return Reply(text, private=_is_private(call))


def _is_private(call: Call) -> bool:
    """The desk reads scores in the office's own group; anywhere else the audience of scores decides."""
    if call.person.has(DESK):
        return not before_the_office(call.tx, call.incoming, call.now.date())
    return call.office.audience.my_score == "private"
