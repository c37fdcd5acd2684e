"""`/progress`: how far a unit is with its quotas; for the office, who lags behind."""

from __future__ import annotations

from collections.abc import Sequence

from bot.commands import Answer, Call, Reply, command
from domain.errors import NotAllowed
from domain.roster import DESK, UNIT_SIDE, Unit
from plugins._asked import EVERYTHING
from plugins._discretion import discreet
from plugins.points import texts_progress as texts
from plugins.points.sending import send_sheet, wants_sheet
from services import progress
from services.progress import UnitProgress
from services.score import reporting_unit, unit_meant


@command(
    "progress",
    "任务进度",
    "进度",
    who=DESK | UNIT_SIDE,
    family="查询",
    summary="看任务进度：到今天应完成多少、已完成多少；信息科看谁落后，可导出",
    usage="/任务进度 [单位] [全部] [导出]",
    example="/任务进度 云山县",
)
@discreet
def tell_progress(call: Call) -> Answer:
    sheet, words = wants_sheet(call.words)
    everything = EVERYTHING in words.split()
    unit = _unit(call, words.replace(EVERYTHING, "").strip())
    today = call.now.date()
    if unit is not None:
        found = [progress.of_unit(call.tx, call.office, unit, today)]
    else:
        found = progress.of_all(call.tx, call.office, today)
    if sheet:
        return Reply(_send(call, unit, found))
    return texts.one(found[0], call.now) if unit else texts.lagging(found, call.now, everything=everything)


def _unit(call: Call, named: str) -> Unit | None:
    """A unit's people see their own; the office one that is named, or all."""
    office = call.person.has(DESK)
    unit = unit_meant(call.tx, named, None if office else reporting_unit(call.person), call.now.date())
    if not office and (unit is None or unit.id not in call.person.unit_ids):
        raise NotAllowed(action="查看其他单位的任务进度")
    return unit


def _send(call: Call, unit: Unit | None, found: Sequence[UnitProgress]) -> str:
    from plugins.points.sheets import progress_sheet  # xlsxwriter behind it: 12 MB that most days nobody asks for

    title = " ".join(filter(None, (texts.TITLE, unit.label if unit else "", f"{call.now.year}年")))
    return send_sheet(call, title, [progress_sheet(found)])
