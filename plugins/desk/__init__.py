"""The office's desk: `/待办`, `/退回`, `/不采用`, `/采用`, `/撤销采用`, `/合并`; further facts are in `facts.py`."""

from __future__ import annotations

import re

from nonebot.plugin import PluginMetadata

from bot.commands import Answer, Call, Reply
from domain.adoption import read_adoption, read_issue
from domain.errors import NotFound
from domain.item import Step, check_step
from domain.journal import find_journal
from domain.words import tidy
from plugins._discretion import discreet
from plugins.desk import facts, texts
from plugins.desk.asking import question
from plugins.desk.common import clerk_of, desk_command, number_and_rest, tell_and_say
from services import desk
from services.closing import closable, outdated
from services.item_cards import of_pile
from services.items import item_for_desk, looks_like_number, split_number
from services.registered import in_words, used_in
from services.units import find_unit

__plugin_meta__ = PluginMetadata(
    name="办理",
    description="信息科办理信息：待办、退回、不采用、采用、撤销、合并、批示、上报",
    usage="/待办",
    type="application",
)

LISTED = 20

_KINDS = {"批示": "instruction", "上报": "upward", "可用未用": "acceptable"}
"""What can be taken back beside an adoption, as people call it."""

_SEPARATORS = " 、,，;；+"
_BETWEEN = re.compile(rf"[{_SEPARATORS}]+")
_NUMBERS = re.compile(rf"((?:(?:20\d\d[-—–年/])?\d{{1,6}}号?[{_SEPARATORS}]+)*)(.*)", re.DOTALL)


@desk_command("pending", "待办", summary="看等待处理的信息", usage="/待办 [单位]", example="/待办 云山县")
@discreet
def pending(call: Call) -> Answer:
    unit = find_unit(call.tx, call.words, call.now.date()) if call.words else None
    waiting = desk.pending(call.tx, LISTED, call.now.year, unit.id if unit else None)
    said = texts.pending(waiting, unit.label if unit else "", call.now)
    return Reply(said, card=of_pile(waiting.items, waiting.count, call.now))


@desk_command(
    "return",
    "退回",
    summary="退回修改，报送人会收到原因",
    usage="/退回 编号 原因",
    example="/退回 137 数据请注明截止日期",
)
@discreet
def return_item(call: Call) -> Answer:
    number, reason = number_and_rest(call)
    return _ask_why(call, number) if call.incoming.tap and not reason else _return(call, number, reason)


def _return(call: Call, number: str, reason: str) -> str:
    done = desk.return_item(clerk_of(call), number, reason)
    return tell_and_say(call, done, texts.returned(done), texts.RETURNED_TO_YOU)


@desk_command(
    "reject",
    "不采用",
    summary="不采用，报送人会收到原因",
    usage="/不采用 编号 原因",
    example="/不采用 137 上期已有同类信息",
)
@discreet
def reject_item(call: Call) -> Answer:
    number, reason = number_and_rest(call)
    return _ask_why_not(call, number) if call.incoming.tap and not reason else _reject(call, number, reason)


def _reject(call: Call, number: str, reason: str) -> str:
    done = desk.reject_item(clerk_of(call), number, reason)
    return tell_and_say(call, done, texts.returned(done), texts.REJECTED_TO_YOU)


@desk_command(
    "adopt",
    "采用",
    summary="登记刊物采用（刊物、期号、形式、日期不分先后）",
    usage="/采用 编号 刊物 期号 [形式] [日期] [约稿] [直报或转报] [得8分] [改写60%]",
    example="/采用 137 每日要情 128 单条 11-23",
)
@discreet
def adopt(call: Call) -> Answer:
    number, rest = number_and_rest(call)
    return _ask_where(call, number) if call.incoming.tap and not rest else _adopt(call, number, rest)


def _adopt(call: Call, number: str, rest: str) -> str:
    item = item_for_desk(call.tx, number, call.now)
    check_step(item, Step.ADOPT)
    adoption = read_adoption(rest, item, call.office.journals, call.now.date())
    done = desk.adopt_item(clerk_of(call), item, adoption)
    used = used_in(desk.standing(call.tx, done.item, "adoption")[-1], call.office)
    answer = texts.adopted(done, used) + texts.can_be_closed(closable(call.tx, done.item, call.now))
    answer += texts.closed_otherwise(outdated(call.tx, done.item, call.now))
    return tell_and_say(call, done, answer, texts.ADOPTED_TO_YOU, what=used)


@desk_command(
    "revoke",
    "撤销采用",
    summary="撤销一次采用（批示、上报等）登记，得分随之撤销；别人登记的由科长撤销",
    usage="/撤销采用 编号 [刊物、批示或上报] [期号] [原因]",
    example="/撤销采用 137 每日要情 登记错了",
)
@discreet
def revoke(call: Call) -> Answer:
    number, rest = number_and_rest(call)
    item = item_for_desk(call.tx, number, call.now)
    kind, journal, issue, reason = _what_to_revoke(call, rest)
    revoked = desk.revoke(clerk_of(call), item, kind, journal, issue, reason)
    what = in_words(revoked.what, call.office)
    answer = texts.revoked(revoked.done, what)
    answer += texts.closed_otherwise(outdated(call.tx, revoked.done.item, call.now))
    return tell_and_say(call, revoked.done, answer, texts.REVOKED_TO_YOU, what=what, reason=reason or texts.NO_REASON)


def _what_to_revoke(call: Call, rest: str) -> tuple[str, str, str, str]:
    """(kind, journal, issue, reason): a first word that is no journal is the reason already."""
    kind, journal, issue = "adoption", "", ""
    words = rest.split()
    if words and words[0] in _KINDS:
        return _KINDS[words[0]], "", "", " ".join(words[1:])
    if words:
        try:
            journal = find_journal(words[0], call.office.journals).code
            words = words[1:]
        except NotFound:
            journal = ""
    if words and (issue := read_issue(words[0])):
        words = words[1:]
    return kind, journal, issue, " ".join(words)


@desk_command(
    "merge",
    "合并",
    summary="把几条信息合并成一条综合，各供稿单位都计分",
    usage="/合并 编号1 编号2 … 综合标题",
    example="/合并 137 138 全市春耕备耕进展顺利",
)
@discreet
def merge(call: Call) -> Answer:
    head, title = _numbers_and_title(call.line)
    merged = desk.merge(clerk_of(call), head, " ".join([title, *call.body.split()]).strip())
    told, missed = _tell_of_merge(call, merged)
    return texts.merged(merged) + texts.who_was_told(told, missed)


def _numbers_and_title(line: str) -> tuple[list[str], str]:
    """The numbers a line begins with; the title behind them as it was written."""
    typed = tidy(line)  # of the same length as the line
    match = _NUMBERS.match(typed)
    assert match is not None, "it fits everything"
    numbers = [number for number in _BETWEEN.split(match[1]) if number]
    if looks_like_number(match[2]):
        return [*numbers, match[2]], ""
    return numbers or [split_number(typed)[0]], line[match.start(2) :]


def _tell_of_merge(call: Call, merged: desk.Merged) -> tuple[list[str], list[str]]:
    """One message per person, naming all their items that went into the digest."""
    names: dict[int, str] = {}
    pieces: dict[int, list[str]] = {}
    for done in merged.sources:
        for person in done.to_tell:
            names[person.id] = person.name
            pieces.setdefault(person.id, []).append(done.item.name)
    told: list[str] = []
    missed: list[str] = []
    for person_id, own in pieces.items():
        text = texts.MERGED_TO_YOU.format(items="、".join(own), digest=merged.item.name)
        (told if call.tell(person_id, text, "merged") else missed).append(names[person_id])
    return told, missed


_ask_why = question("why return", Step.RETURN, texts.WHY_RETURN, _return)
_ask_why_not = question("why reject", Step.REJECT, texts.WHY_REJECT, _reject)
_ask_where = question("where adopted", Step.ADOPT, texts.WHERE_ADOPTED, _adopt)

__all__ = ["facts"]
