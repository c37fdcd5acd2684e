"""What is registered beside adoptions: `/批示`, `/上报`, `/可用未用`, `/外部分`."""

from __future__ import annotations

from bot.commands import Answer, Call
from domain.desk_words import read_points
from domain.errors import BadInput
from domain.instruction import read_instruction
from domain.journal import find_journal
from domain.upward import read_upward
from plugins._discretion import discreet
from plugins.desk import texts_facts
from plugins.desk.common import clerk_of, desk_command, number_and_rest, tell_and_say
from services import desk_facts
from services.items import item_for_desk
from services.registered import in_words, leader, ranks_of

_IMPLIED = {"报国办": "国办", "报省": "省"}
"""Commands whose own name says where to."""


@desk_command(
    "instruct",
    "批示",
    summary="登记领导批示（只登记级别、是否主要领导和日期，不写内容）",
    usage="/批示 编号 级别 [主要领导或分管领导] [日期]",
    example="/批示 137 市级 11-23",
)
@discreet
def instruct(call: Call) -> Answer:
    number, rest = number_and_rest(call)
    item = item_for_desk(call.tx, number, call.now)
    read = read_instruction(rest, call.now.date(), ranks_of(call.office, call.now.date()))
    done = desk_facts.instruct(clerk_of(call), item, read)
    what = texts_facts.instruction(leader(read.rank, read.deputy, call.office, read.day), read.day)
    return tell_and_say(call, done, texts_facts.registered(done, what), texts_facts.INSTRUCTED_TO_YOU, what=what)


@desk_command(
    "sendup",
    "上报",
    "报省",
    "报国办",
    summary="登记选报上级（还没有采用），可用“/撤销采用 编号 上报”撤销",
    usage="/上报 编号 省或国办 [形式] [日期]",
    example="/上报 137 省 11-23",
)
@discreet
def send_up(call: Call) -> Answer:
    number, rest = number_and_rest(call)
    item = item_for_desk(call.tx, number, call.now)
    clerk = clerk_of(call)
    read = read_upward(f"{_implied(call)} {rest}", item, call.now.date(), desk_facts.upward_forms(clerk))
    done = desk_facts.send_up(clerk, item, read)
    what = texts_facts.upward(read)
    return tell_and_say(call, done, texts_facts.registered(done, what), texts_facts.SENT_UP_TO_YOU, what=what)


def _implied(call: Call) -> str:
    """Where `/报国办 137` goes to: the name the command was called by says it."""
    called = call.incoming.text.lstrip("/／ ")
    return next((place for word, place in _IMPLIED.items() if called.startswith(word)), "")


@desk_command(
    "acceptable",
    "可用未用",
    summary="登记符合要求但没有采用（办法有这一项才计分）",
    usage="/可用未用 编号",
    example="/可用未用 137",
)
@discreet
def accept_unused(call: Call) -> Answer:
    number, _ = number_and_rest(call)
    item = item_for_desk(call.tx, number, call.now)
    done = desk_facts.accept_unused(clerk_of(call), item)
    answer = texts_facts.registered(done, texts_facts.ACCEPTABLE)
    return tell_and_say(call, done, answer, texts_facts.ACCEPTED_TO_YOU, what=texts_facts.ACCEPTABLE)


@desk_command(
    "external",
    "外部分",
    "上级分",
    summary="补登上级刊物给的分值；不写编号，列出还等分值的",
    usage="/外部分 [编号] [刊物] [分值]",
    example="/外部分 137 省要情 8分",
)
@discreet
def supply_points(call: Call) -> Answer:
    if not call.words:
        waiting = desk_facts.waiting_for_points(call.tx)
        return texts_facts.waiting(waiting, call.office.journals)
    number, rest = number_and_rest(call)
    item = item_for_desk(call.tx, number, call.now)
    journal, given = _journal_and_points(call, rest)
    supplied = desk_facts.supply_points(clerk_of(call), item, journal, given)
    what = in_words(supplied.what, call.office)
    answer = texts_facts.supplied(supplied.done, what, len(desk_facts.waiting_for_points(call.tx)))
    return tell_and_say(call, supplied.done, answer, texts_facts.SUPPLIED_TO_YOU, what=what)


def _journal_and_points(call: Call, rest: str) -> tuple[str, int]:
    """`省要情 8分`, or `8分` where only one adoption can be meant."""
    given: int | None = None
    names: list[str] = []
    for word in rest.split():
        points = read_points(word if not word.replace(".", "", 1).isdecimal() else f"{word}分")
        if points is None:
            names.append(word)
        else:
            given = points
    if given is None or given < 0:
        raise BadInput(reason=texts_facts.HOW_TO_SUPPLY)
    return (find_journal("".join(names), call.office.journals).code if names else ""), given


__all__ = ["accept_unused", "instruct", "send_up", "supply_points"]
