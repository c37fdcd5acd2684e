"""`/why`: a number on a board, taken apart."""

from __future__ import annotations

from bot.commands import Answer, Call, Reply, command
from domain.errors import BadInput, NotAllowed
from domain.roster import DESK, UNIT_SIDE, Unit
from plugins._asked import Asked, take_apart
from plugins.points import texts_why as texts
from plugins.points.sending import send_sheet, wants_sheet
from services import why
from services.items import before_the_office
from services.score import reporting_unit, unit_meant


@command(
    "why",
    "得分明细",
    "明细",
    who=DESK | UNIT_SIDE,
    family="查询",
    summary="看一个得分是怎么来的：每一笔的信息、期号、条款、登记人，可导出",
    usage="/得分明细 [单位] [期间] [类别、刊物或条数] [全部] [导出]",
    example="/得分明细 上月 采用分",
)
def tell_why(call: Call) -> Answer:
    today = call.now.date()
    sheet, words = wants_sheet(call.words)
    counts = texts.COUNTS in words.split()
    words = " ".join(word for word in words.split() if word != texts.COUNTS)
    asked = take_apart(words, today)
    narrowed, named = why.read_narrowed(asked.rest, call.office)
    unit = _unit(call, named)
    found = why.account(call.tx, call.office, unit.id, asked.period, narrowed)
    private = not before_the_office(call.tx, call.incoming, today) and not _open_to_all(call)
    if sheet:
        return Reply(_send(call, found), private=private)
    again = texts.again(found, asked.period, today)
    if counts:
        items = why.counted(call.tx, unit.id, asked.period)
        said = texts.counted(found, items, call.office.journals, again, asked.everything, call.now)
        return Reply(said, private=private)
    return Reply(_said(call, found, asked, again), private=private)


def _unit(call: Call, named: str) -> Unit:
    """A unit's people see their own; the office all."""
    unit = unit_meant(call.tx, named, reporting_unit(call.person), call.now.date())
    if unit is None:
        raise BadInput(reason=texts.WHICH_UNIT)
    if not call.person.has(DESK) and unit.id not in call.person.unit_ids:
        raise NotAllowed(action="查看其他单位得分明细")
    return unit


def _open_to_all(call: Call) -> bool:
    return not call.person.has(DESK) and call.office.audience.my_score == "chat"


def _said(call: Call, found: why.Account, asked: Asked, again: str) -> str:
    if found.narrowed is why.EVERYTHING and not asked.everything:
        return texts.overview(found, again, call.now)
    return texts.lines(found, call.office.journals, again, asked.everything, call.now)


def _send(call: Call, found: why.Account) -> str:
    title = " ".join(filter(None, (texts.TITLE, found.unit.label, found.period.label, found.narrowed.label)))
    from plugins.points.sheets import why_sheet  # xlsxwriter behind it: 12 MB that most days nobody asks for

    return send_sheet(call, title, [why_sheet(found, call.office.journals)])
