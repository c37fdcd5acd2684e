"""`/排名图` and `/走势`: a number people would rather see than read."""

from __future__ import annotations

from bot.commands import Answer, Call, command
from domain.cycle import check_whole
from domain.roster import DESK
from plugins._asked import Asked, take_apart
from plugins.asking import texts
from services.mail import private_target
from services.pictures_asked import Wanted, send
from services.score import assessed_classes, class_of, classes_meant, reporting_unit


@command(
    "board",
    "排名图",
    "榜图",
    who=None,
    family="查询",
    summary="把排名画成一张图，手机上看得清，可以转发",
    usage="/排名图 [期间] [类别]",
    example="/排名图 上月 县区",
)
def board(call: Call) -> Answer:
    if not (call.office.bulletins.ranks or call.person.has(DESK)):
        return texts.NO_RANKS
    asked = _asked(call)
    names = _classes(call, asked)
    if not names:
        return texts.NOBODY_ASSESSED.format(period=asked.period.label)
    sent = [_send(call, Wanted("board", asked.period, name)) for name in names]
    return _answer(texts.BOARD_DRAWN.format(period=asked.period.label, classes="、".join(names)), all(sent))


@command(
    "trend",
    "走势",
    "走势图",
    who=None,
    family="查询",
    summary="把近几个月报送、采用的多少画成一张图",
    usage="/走势 [期间] [类别]",
    example="/走势 今年",
)
def trend(call: Call) -> Answer:
    asked = _asked(call)
    shows_points = call.office.bulletins.ranks or call.person.has(DESK)
    name = _classes(call, asked)[0] if asked.rest and shows_points else ""
    return _answer(
        texts.TREND_DRAWN.format(period=asked.period.label), _send(call, Wanted("trend", asked.period, name))
    )


def _asked(call: Call) -> Asked:
    asked = take_apart(call.words, call.now.date())
    check_whole(asked.period)
    return asked


def _classes(call: Call, asked: Asked) -> list[str]:
    """The classes somebody means: those named, else the own one, else (for the office) all."""
    if asked.rest:
        return classes_meant(call.tx, asked.rest, asked.period)
    own = class_of(call.tx, reporting_unit(call.person), asked.period)
    return [own] if own else assessed_classes(call.tx, asked.period)


def _send(call: Call, wanted: Wanted) -> bool:
    incoming = call.incoming
    private = call.office.audience.rank == "private"
    target = private_target(call.tx, incoming, call.now.date()) if private else incoming.target
    dedup = f"{incoming.platform}:{incoming.key}"
    return send(call.tx, incoming.platform, target, wanted, dedup=dedup, now=call.now)


def _answer(text: str, sent: bool) -> Answer:
    return text if sent else texts.NO_PICTURES_HERE
