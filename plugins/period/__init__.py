"""Periods and their boards: `/考评`, `/申诉`, `/更正` (in `correcting`)."""

from __future__ import annotations

from nonebot.plugin import PluginMetadata

from bot.commands import Answer, Call, Reply, command
from domain.cycle import Step, Verdict
from domain.errors import BadInput, NotAllowed
from domain.roster import DESK, UNIT_SIDE
from domain.speech import Button, Card
from plugins._discretion import discreet
from plugins.period import correcting, texts
from plugins.period.words import Decision, Objection, read_appeal, read_step
from services.cycles import appeals, steps
from services.cycles import texts as phrases
from services.cycles.appeals import Case
from services.cycles.steps import Standing
from services.desk import Clerk

__plugin_meta__ = PluginMetadata(
    name="考评",
    description="期间的截止、计分、核对、冻结、签发、通报；单位的申诉",
    usage="/考评 [期间]；/考评 冻结 11月；/申诉 11月 137 理由",
    type="application",
)

FAMILY = "考评"

__all__ = ["correcting"]
"""Loaded for the command it declares."""


def _clerk(call: Call) -> Clerk:
    return Clerk(call.tx, call.office, call.person, call.now)


@command(
    "period",
    "考评",
    who=DESK,
    family=FAMILY,
    summary="看一个期间办到哪一步，往下办：截止、计分、核对、冻结、签发、通报",
    usage="/考评 [期间]；/考评 截止|计分|核对|冻结|签发|通报 [期间] [文号]",
    example="/考评 核对 11月",
)
@discreet
def period(call: Call) -> Answer:
    asked = read_step(call.words, call.now.date())
    meant = asked.period or steps.current(call.tx, call.now.date())
    if asked.step is None:
        if asked.note:
            raise BadInput(reason=texts.NO_SUCH_STEP.format(word=asked.note[:20]))
        found = steps.look(call.tx, meant)
        said = texts.standing(found, steps.obstacles(call.tx, call.office, found, call.now), call.now)
        return Reply(said, card=_card(found))
    result = steps.take(_clerk(call), meant, asked.step, asked.note)
    return Reply(texts.done(result, asked.step, call.now), card=_card(result.standing))


def _card(found: Standing) -> Card | None:
    """A button for the next step, if nothing has to be written with it."""
    step = found.following
    if step is None or step is Step.SIGN:
        return None
    button = Button(step.value, f"/考评 {step.value} {found.period.code}")
    return Card(steps.matter(found.period, found.state), f"{found.period.label}考评", found.state.label, (button,), "")


@command(
    "appeal",
    "申诉",
    "异议",
    who=UNIT_SIDE | DESK,
    family=FAMILY,
    summary="单位对得分提出异议；信息科看、答复",
    usage="/申诉 [期间] [编号] 理由；/申诉 申诉号；信息科：/申诉 申诉号 成立|不成立 说明",
    example="/申诉 11月 137 省专报第45期采用了，没有计分",
)
@discreet
def appeal(call: Call) -> Answer:
    if not call.words and not call.body.strip():
        if call.person.has(DESK):
            return texts.waiting(appeals.waiting(call.tx, call.now))
        return texts.own(appeals.own(call.tx, call.person, call.now))
    said = read_appeal(call.line, call.body, call.now.date())
    if isinstance(said, Objection):
        return _raise(call, said)
    if said.verdict is None:
        return _look(call, said.id)
    if said.verdict is Verdict.WITHDRAWN:
        appeals.withdraw(call.tx, call.person, said.id, call.now)
        return texts.WITHDRAWN.format(id=said.id)
    return _decide(call, said)


def _raise(call: Call, said: Objection) -> str:
    case = appeals.raise_one(
        call.tx, call.office, call.person, said.period, said.number, said.words, call.now
    )  # fmt: skip
    return texts.RAISED.format(id=case.appeal.id, period=case.period.label, about=phrases.about(case.number))


def _look(call: Call, id: int) -> Answer:
    case = appeals.visible(call.tx, call.person, id, call.now)
    return Reply(texts.case(case), card=appeals.card(case) if call.person.has(DESK) else None)


def _decide(call: Call, said: Decision) -> str:
    if not call.person.has(DESK):
        raise NotAllowed(action="答复申诉")
    if said.verdict is Verdict.REFUSED:
        case = appeals.refuse(_clerk(call), said.id, said.words)
    else:
        words, correction, unscored = _what_was_done(said.words)
        case = appeals.grant(_clerk(call), said.id, words, correction=correction, unscored=unscored)
    told, missed = _tell_unit(call, case)
    return texts.decided(case, told, missed)


def _what_was_done(words: str) -> tuple[str, int | None, bool]:
    """(words, correction set, whether no points are meant): `更正2 已补登`, `不改分 只改了标题`."""
    first, _, rest = words.partition(" ")
    number = first.removeprefix("更正")
    if first != number and number.isdecimal() and len(number) < 7:
        return rest.strip(), int(number), False
    return (rest.strip(), None, True) if first == "不改分" else (words, None, False)


def _tell_unit(call: Call, case: Case) -> tuple[list[str], list[str]]:
    one = case.appeal
    text = phrases.DECIDED_TO_YOU.format(
        id=one.id, period=case.period.label, about=phrases.about(case.number), verdict=phrases.DECIDED[one.verdict],
        reason=one.reason, results=phrases.moved(case.results),
        more=phrases.MORE_GRANTED if one.verdict is Verdict.GRANTED else phrases.MORE_REFUSED,
    )  # fmt: skip
    told: list[str] = []
    missed: list[str] = []
    for person in appeals.to_tell(call.tx, one, call.now.date()):
        (told if call.tell(person.id, text, "appeal decided") else missed).append(f"{case.unit} {person.name}")
    return told, missed
