"""Urgent reports: `/紧急` starts the clock and stops it. What happened is never asked for and never kept."""

from __future__ import annotations

import re

from nonebot.plugin import PluginMetadata

from bot.commands import Answer, Call, command
from domain.errors import BadInput
from domain.roster import DESK, UNIT_SIDE
from domain.urgent import Kind, take_grade
from domain.urgent_words import some, take_moments, take_number
from plugins._discretion import discreet
from plugins.urgent import texts
from services import urgent

__plugin_meta__ = PluginMetadata(
    name="紧急",
    description="紧急信息计时：电话报告、首报、续报、终报的时限和提醒，不传内容",
    usage="/紧急 级别",
    type="application",
)

VOID = ("作废", "void")
KINDS: dict[str, Kind] = {
    **dict.fromkeys(("电话已报", "电话报告", "已电话报告", "电话", "phone"), Kind.PHONE),
    **dict.fromkeys(("首报", "已首报", "first"), Kind.FIRST),
    **dict.fromkeys(("续报", "已续报", "follow"), Kind.FOLLOW),
    **dict.fromkeys(("终报", "已终报", "final"), Kind.FINAL),
}
"""What is noted by which word; longer words are written before those they begin with."""


@command(
    "urgent",
    "紧急",
    "紧急信息",
    who=UNIT_SIDE | DESK,
    family="紧急",
    summary="紧急信息计时（只计时、不传内容）：电话报告和书面报告的时限、提醒、按时还是迟报",
    usage="/紧急 级别 [事发10:20] [单位]；/紧急 电话已报｜首报｜续报｜终报 急3；/紧急 [急3]；"
    "信息科：/紧急 作废 急3 原因",
    example="/紧急 重大 事发10:20",
)
@discreet
def urgent_report(call: Call) -> Answer:
    """Nothing of what stands behind the command is repeated: it may be what must not be here."""
    if not call.words:
        return _list(call)
    if (rest := _behind(call.words, VOID)) is not None:
        return _void(call, rest)
    for word, kind in KINDS.items():
        if (rest := _behind(call.words, (word,))) is not None:
            return _note(call, kind, rest)
    grade, rest = take_grade(call.words, call.office.urgent.grades)
    if grade is None:
        return _show(call)
    said, rest = take_moments(rest, call.now)
    unit_id, more = urgent.named_unit(call.tx, rest, call.now)
    opened = urgent.open_case(call.tx, call.office, call.person, grade, unit_id, said, call.now)
    text = texts.to_office(opened, call.person.name, call.office.urgent)
    urgent.tell_office(call.tx, opened.case, text, "open", call.now, but=call.person.id)
    elsewhere = unit_id is not None and unit_id != opened.case.unit_id
    return texts.opened(opened, call.office, elsewhere=elsewhere) + _content(call, more)


def _behind(words: str, names: tuple[str, ...]) -> str | None:
    """The words behind one of these; 电话线 is not 电话."""
    match = re.match(rf"(?:{'|'.join(names)})(?=$|[\s,，:急\d])", words, re.IGNORECASE)
    return None if match is None else words[match.end() :].strip(" ,，:")


def _list(call: Call) -> str:
    cases = urgent.open_cases(call.tx, call.person)
    shown = urgent.show(call.tx, call.office, cases, call.now)
    return texts.overview(shown, call.office, call.now) + _content(call, False)


def _show(call: Call) -> str:
    """One case by its number; anything else is neither a grade nor a number, and may be content."""
    number, rest = take_number(call.words, call.now.year)
    if not number or some([rest]):
        raise BadInput(reason=texts.not_understood(call.office) + _content(call, True))
    case = urgent.find_case(call.tx, call.person, number)
    (shown,) = urgent.show(call.tx, call.office, [case], call.now)
    return texts.case(shown, call.now)


def _note(call: Call, kind: Kind, rest: str) -> str:
    number, rest = take_number(rest, call.now.year)
    said, rest = take_moments(rest, call.now)
    case = urgent.find_case(call.tx, call.person, number)
    at = said.plain or said.received or said.happened
    noted = urgent.note(call.tx, call.office, call.person, case, kind, at, call.now)
    text = texts.noted_to_office(noted, call.person.name)
    what = f"{kind.value}:{noted.case.follow_ups}"
    urgent.tell_office(call.tx, noted.case, text, what, call.now, but=call.person.id)
    ignored = at is not None and noted.at != at
    return texts.noted(noted, call.office, time_ignored=ignored) + _content(call, some([rest]))


def _void(call: Call, rest: str) -> str:
    number, reason = take_number(rest, call.now.year)
    if not number:
        raise BadInput(reason=texts.HOW_TO_VOID)
    case = urgent.find_case(call.tx, call.person, number)
    struck = urgent.void(call.tx, call.office, call.person, case, reason, call.now)
    if struck.opened_by != call.person.id:
        call.tell(struck.opened_by, texts.voided_to_opener(struck), "urgent")
    return texts.voided(struck)


def _content(call: Call, more: bool) -> str:
    """What is said to somebody who wrote more than the clock needs, on the line or below it."""
    if not more and not some([call.body]):
        return ""
    return texts.no_content(call.office, in_group=not call.incoming.private)
