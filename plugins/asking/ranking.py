"""`/rank`: the boards of the classes."""

from __future__ import annotations

from bot.commands import Answer, Call, Reply, command
from domain.roster import DESK
from plugins._asked import take_apart
from plugins.asking import texts
from services.cycles.standings import standings
from services.score import class_of, classes_meant, reporting_unit


@command(
    "rank",
    "排名",
    "排行",
    who=None,
    family="查询",
    summary="看各类单位的排名",
    usage="/排名 [期间] [类别]",
    example="/排名 上月 县区",
)
def rank(call: Call) -> Answer:
    if not (call.office.bulletins.ranks or call.person.has(DESK)):
        return texts.NO_RANKS
    asked = take_apart(call.words, call.now.date())
    period, own = asked.period, reporting_unit(call.person)
    own_class = class_of(call.tx, own, period)
    names = [own_class] if own_class else []
    if asked.rest:
        names = classes_meant(call.tx, asked.rest, period)
    found = standings(call.tx, period, names, call.office.measures)
    top = texts.ONE_CLASS_TOP if names else texts.EVERY_CLASS_TOP
    whole = bool(asked.rest) or asked.everything
    text = texts.boards(found, period, own, None if whole else top, call.now)
    return Reply(text, private=call.office.audience.rank == "private")
