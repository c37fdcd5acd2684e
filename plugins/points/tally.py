"""`/tally`: what persons and sections did."""

from __future__ import annotations

from bot.commands import Answer, Call, Reply, command
from domain.errors import NotAllowed
from domain.roster import DESK, UNIT_SIDE, Unit
from plugins._asked import take_apart
from plugins._discretion import discreet
from plugins.points import texts_tally as texts
from plugins.points.sending import send_sheet, wants_sheet
from services import tallies
from services.score import reporting_unit, unit_meant

_SECTIONS = ("科室", "处室", "股室")
_PERSONS = ("个人", "人员")


@command(
    "tally",
    "统计",
    who=DESK | UNIT_SIDE,
    family="查询",
    summary="看个人或科室的得分、报送和采用条数，可导出",
    usage="/统计 [个人或科室] [单位] [期间] [导出]",
    example="/统计 科室 今年",
)
@discreet
def tally(call: Call) -> Answer:
    today = call.now.date()
    sheet, words = wants_sheet(call.words)
    asked = take_apart(words, today)
    kept = [word for word in asked.rest.split() if word not in (*_SECTIONS, *_PERSONS)]
    sections = any(word in _SECTIONS for word in asked.rest.split())
    unit = _unit(call, " ".join(kept))
    rows = tallies.persons(call.tx, asked.period, today, unit.id if unit else None)
    rows = tallies.by_section(rows) if sections else rows
    kind = texts.SECTIONS if sections else texts.PERSONS
    title = " ".join(filter(None, (kind, unit.label if unit else "", asked.period.label)))
    if sheet:
        from plugins.points.sheets import tally_sheet  # xlsxwriter behind it: 12 MB that most days nobody asks for

        return Reply(send_sheet(call, title, [tally_sheet(rows, sections=sections)]))
    again = " ".join(filter(None, ("/统计", kept[0] if kept else "", kind[:2], asked.period.label)))
    return texts.tally(title, rows, again, call.now, everything=asked.everything, one_unit=unit is not None)


def _unit(call: Call, named: str) -> Unit | None:
    """A unit's people see their own; the office one that is named, or all."""
    office = call.person.has(DESK)
    unit = unit_meant(call.tx, named, None if office else reporting_unit(call.person), call.now.date())
    if not office and (unit is None or unit.id not in call.person.unit_ids):
        raise NotAllowed(action="查看其他单位的统计")
    return unit
