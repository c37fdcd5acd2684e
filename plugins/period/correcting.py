"""Corrections as a set: `/更正`."""

from __future__ import annotations

from collections.abc import Callable

from bot.commands import Answer, Call, Reply, command
from domain.cycle import Change
from domain.errors import BadInput
from domain.roster import DESK, HEAD
from domain.speech import Button, Card
from domain.words import tidy_line
from plugins._discretion import discreet
from plugins.period import texts_correcting as texts
from services import cards
from services.cycles import corrections, telling
from services.cycles.corrections import Preview
from services.desk import Clerk

CHANGES = {change.value: change for change in Change} | {
    "revoke": Change.REVOKE,
    "adopt": Change.ADOPT,
    "采用": Change.ADOPT,
    "instruct": Change.INSTRUCT,
    "adjust": Change.ADJUST,
    "measure": Change.MEASURE,
}


@command(
    "correction",
    "更正",
    who=DESK,
    family="考评",
    summary="把几项更正合成一份：先预览谁的得分、名次会变，再由科长批准",
    usage="/更正；/更正 撤销|补登|批示|调整|办法 …；/更正 删 项；/更正 预览|批准|放弃",
    example="/更正 补登 137 省专报 45 单篇 11-20",
)
@discreet
def correction(call: Call) -> Answer:
    word, _, rest = call.line.strip().partition(" ")
    word = tidy_line(word).casefold()
    if word in CHANGES:
        return _collect(call, CHANGES[word], rest)
    if word not in _DO:
        raise BadInput(reason=f"看不懂“{word[:12]}”。\n{texts.NOTHING}")
    return _DO[word](call, rest.strip())


def _clerk(call: Call) -> Clerk:
    return Clerk(call.tx, call.office, call.person, call.now)


def _collect(call: Call, change: Change, rest: str) -> str:
    found, added = corrections.collect(_clerk(call), change, rest.strip(), call.body)
    said = corrections.told(_clerk(call), found)[-1][1]
    return texts.COLLECTED.format(id=found.id, place=added.place, change=said, count=len(found.changes))


def _look(call: Call, rest: str) -> str:
    found = corrections.open_or_latest(call.tx)
    if found is None:
        return texts.NOTHING
    lines = corrections.told(_clerk(call), found)
    if not found.settled_ms:
        return texts.collected(found.id, lines, previewed=bool(found.previewed))
    by = corrections.settled_by(call.tx, found)
    return texts.settled(found.id, found.stage.value, by, found.settled_ms, lines)


def _remove(call: Call, rest: str) -> str:
    if not rest.isdecimal() or len(rest) > 4:
        raise BadInput(reason="请写删第几项，例如：/更正 删 2。")
    found = corrections.remove(_clerk(call), int(rest))
    return texts.REMOVED.format(place=int(rest), id=found.id, count=len(found.changes))


def _preview(call: Call, rest: str) -> Reply:
    found, shown = corrections.preview(_clerk(call))
    said, card = texts.preview(found.id, shown), _card(found.id, shown)
    if not call.person.has(HEAD):
        for head in corrections.heads(call.tx, call.now.date()):
            call.tell(head.id, texts.ASKED_TO_APPROVE.format(who=call.person.name) + said, "correction", card)
        return Reply(said)
    return Reply(said, card=card)


def _card(id: int, shown: Preview) -> Card:
    buttons = (Button("批准", "/更正 批准"), Button("放弃", "/更正 放弃", grave=True))
    return Card(f"correction:{id}:{shown.hash[:12]}", f"更正{id}", f"入账{shown.entries}笔", buttons, "")


def _approve(call: Call, rest: str) -> Answer:
    result = corrections.approve(_clerk(call))
    if not result.done:
        return Reply(texts.approved(result, (), ()), card=_card(result.correction.id, result.preview))
    units = corrections.moved_units(result.preview)
    told, missed = telling.tell_units(_clerk(call), result.correction, units)
    _settle(call, result.correction.id, result.preview.hash, "已批准")
    return texts.approved(result, told, missed)


def _drop(call: Call, rest: str) -> str:
    found = corrections.drop(_clerk(call))
    _settle(call, found.id, found.previewed, "已放弃")
    return texts.DROPPED.format(id=found.id)


def _settle(call: Call, id: int, hash: str, verdict: str) -> None:
    cards.settle(call.tx, f"correction:{id}:{hash[:12]}", verdict, call.person.id, call.now)


_DO: dict[str, Callable[[Call, str], Answer]] = {
    "": _look,
    "看": _look,
    "删": _remove,
    "remove": _remove,
    "预览": _preview,
    "preview": _preview,
    "批准": _approve,
    "approve": _approve,
    "放弃": _drop,
    "drop": _drop,
}
