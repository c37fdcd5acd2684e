"""The office's desk: `/待办`, `/退回`, `/不采用`, `/采用`, `/撤销采用`, `/合并`, `/批示`."""

from __future__ import annotations

import re
from collections.abc import Callable

from nonebot.plugin import PluginMetadata

from bot.commands import Answer, Call, Handler, Reply, command
from domain.adoption import DIGEST, read_adoption, read_instruction, read_issue
from domain.errors import NotFound
from domain.item import Item, Step, check_step
from domain.journal import find_journal
from domain.roster import DESK, Person
from domain.words import tidy
from plugins._discretion import discreet
from plugins.desk import texts
from plugins.desk.asking import question
from services import desk
from services.closing import closable, outdated
from services.desk import Clerk, Done
from services.item_cards import of_pile
from services.items import item_for_desk, looks_like_number, split_number, unit_label
from services.units import find_unit

__plugin_meta__ = PluginMetadata(
    name="办理",
    description="信息科办理信息：待办、退回、不采用、采用、撤销、合并、批示",
    usage="/待办",
    type="application",
)

LISTED = 20
FAMILY = "办理"

_SEPARATORS = " 、,，;；+"
_BETWEEN = re.compile(rf"[{_SEPARATORS}]+")
_NUMBERS = re.compile(rf"((?:(?:20\d\d[-—–年/])?\d{{1,6}}号?[{_SEPARATORS}]+)*)(.*)", re.DOTALL)


def _command(name: str, word: str, summary: str, usage: str, example: str = "") -> Callable[[Handler], Handler]:
    return command(name, word, who=DESK, family=FAMILY, summary=summary, usage=usage, example=example)


def _clerk(call: Call) -> Clerk:
    return Clerk(call.tx, call.office, call.person, call.now)


def _number_and_rest(call: Call) -> tuple[str, str]:
    """The number the words begin with, and everything behind it, further lines included."""
    number, rest = split_number(call.words)
    return number, f"{rest} {call.body}".strip()


@_command("pending", "待办", "看等待处理的信息", "/待办 [单位]", "/待办 云山县")
@discreet
def pending(call: Call) -> Answer:
    unit = find_unit(call.tx, call.words, call.now.date()) if call.words else None
    waiting = desk.pending(call.tx, LISTED, call.now.year, unit.id if unit else None)
    said = texts.pending(waiting, unit.label if unit else "", call.now)
    return Reply(said, card=of_pile(waiting.items, waiting.count, call.now))


@_command("return", "退回", "退回修改，报送人会收到原因", "/退回 编号 原因", "/退回 137 数据请注明截止日期")
@discreet
def return_item(call: Call) -> Answer:
    number, reason = _number_and_rest(call)
    return _ask_why(call, number) if call.incoming.tap and not reason else _return(call, number, reason)


def _return(call: Call, number: str, reason: str) -> str:
    done = desk.return_item(_clerk(call), number, reason)
    return _tell_and_say(call, done, texts.returned(done), texts.RETURNED_TO_YOU)


@_command("reject", "不采用", "不采用，报送人会收到原因", "/不采用 编号 原因", "/不采用 137 上期已有同类信息")
@discreet
def reject_item(call: Call) -> Answer:
    number, reason = _number_and_rest(call)
    return _ask_why_not(call, number) if call.incoming.tap and not reason else _reject(call, number, reason)


def _reject(call: Call, number: str, reason: str) -> str:
    done = desk.reject_item(_clerk(call), number, reason)
    return _tell_and_say(call, done, texts.returned(done), texts.REJECTED_TO_YOU)


@_command(
    "adopt",
    "采用",
    "登记刊物采用（刊物、期号、形式、日期不分先后）",
    "/采用 编号 刊物 期号 [形式] [日期] [约稿]",
    "/采用 137 每日要情 128 单条 11-23",
)
@discreet
def adopt(call: Call) -> Answer:
    number, rest = _number_and_rest(call)
    return _ask_where(call, number) if call.incoming.tap and not rest else _adopt(call, number, rest)


def _adopt(call: Call, number: str, rest: str) -> str:
    item = item_for_desk(call.tx, number, call.now)
    check_step(item, Step.ADOPT)
    adoption = read_adoption(rest, item, call.office.journals, call.now.date())
    done = desk.adopt_item(_clerk(call), item, adoption)
    used = texts.used_in(adoption.journal.name, adoption.issue, adoption.form, adoption.day)
    answer = texts.adopted(done, used) + texts.can_be_closed(closable(call.tx, done.item, call.now))
    answer += texts.closed_otherwise(outdated(call.tx, done.item, call.now))
    return _tell_and_say(call, done, answer, texts.ADOPTED_TO_YOU, what=used)


@_command(
    "revoke",
    "撤销采用",
    "撤销一次采用（或批示）登记，得分随之撤销；别人登记的由科长撤销",
    "/撤销采用 编号 [刊物或批示] [期号] [原因]",
    "/撤销采用 137 每日要情 登记错了",
)
@discreet
def revoke(call: Call) -> Answer:
    number, rest = _number_and_rest(call)
    item = item_for_desk(call.tx, number, call.now)
    kind, journal, issue, reason = _what_to_revoke(call, rest)
    revoked = desk.revoke(_clerk(call), item, kind, journal, issue, reason)
    what = texts.revoked_thing(revoked, desk.journal_of(call.office, revoked.what))
    answer = texts.revoked(revoked.done, what)
    answer += texts.closed_otherwise(outdated(call.tx, revoked.done.item, call.now))
    return _tell_and_say(call, revoked.done, answer, texts.REVOKED_TO_YOU, what=what, reason=reason or texts.NO_REASON)


def _what_to_revoke(call: Call, rest: str) -> tuple[str, str, str, str]:
    """(kind, journal, issue, reason): a first word that is no journal is the reason already."""
    kind, journal, issue = "adoption", "", ""
    words = rest.split()
    if words and words[0] == "批示":
        return "instruction", "", "", " ".join(words[1:])
    if words:
        try:
            journal = find_journal(words[0], call.office.journals).code
            words = words[1:]
        except NotFound:
            journal = ""
    if words and (issue := read_issue(words[0])):
        words = words[1:]
    return kind, journal, issue, " ".join(words)


@_command(
    "merge",
    "合并",
    "把几条信息合并成一条综合，各供稿单位都计分",
    "/合并 编号1 编号2 … 综合标题",
    "/合并 137 138 全市春耕备耕进展顺利",
)
@discreet
def merge(call: Call) -> Answer:
    head, title = _numbers_and_title(call.line)
    merged = desk.merge(_clerk(call), head, " ".join([title, *call.body.split()]).strip())
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


@_command(
    "instruct",
    "批示",
    "登记领导批示（只登记级别和日期，不写内容）",
    "/批示 编号 级别 [日期]",
    "/批示 137 市级 11-23",
)
@discreet
def instruct(call: Call) -> Answer:
    number, rest = _number_and_rest(call)
    item = item_for_desk(call.tx, number, call.now)
    rank, day = read_instruction(rest, call.now.date())
    done = desk.instruct(_clerk(call), item, rank, day)
    what = texts.instruction(rank, day)
    return _tell_and_say(call, done, texts.instructed(done, what), texts.INSTRUCTED_TO_YOU, what=what)


def _whose(item: Item, person: Person) -> str:
    if person.id == item.author_id:
        return texts.YOURS
    if item.form == DIGEST:
        return texts.CONTRIBUTED
    return texts.JOINTLY if len(item.units) > 1 else texts.OURS


def _tell_and_say(call: Call, done: Done, answer: str, text: str, *, what: str = "", reason: str = "") -> str:
    """Tell everybody concerned in private, each with the points of their own units; the desk's answer says whom."""
    told: list[str] = []
    missed: list[str] = []
    for person in done.to_tell:
        own = [move for move in done.moves if move.unit_id in person.unit_ids]
        said = text.format(
            whose=_whose(done.item, person),
            name=done.item.name,
            number=done.item.number,
            what=what,
            reason=reason or done.item.note,
            state=done.item.state.label,
            points=texts.points(own),
        )
        name = f"{unit_label(call.tx, person.unit_id or 0, call.now.year)} {person.name}".strip()
        (told if call.tell(person.id, said, f"desk {call.command.name}") else missed).append(name)
    return answer + texts.who_was_told(told, missed)


_ask_why = question("why return", Step.RETURN, texts.WHY_RETURN, _return)
_ask_why_not = question("why reject", Step.REJECT, texts.WHY_REJECT, _reject)
_ask_where = question("where adopted", Step.ADOPT, texts.WHERE_ADOPTED, _adopt)
