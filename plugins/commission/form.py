"""The form of a commission: topic, due time, units, requirement, then the preview, which takes changes too."""

from __future__ import annotations

import re

from bot.commands import Answer, Call, Reply, form
from domain.errors import BadInput
from plugins._form import Answers, Said, Step, StepForm, offered
from plugins.commission import texts
from services import forms
from services.commissions import drafting
from services.commissions.brief import LABELS, Brief, from_answers, read_brief
from services.commissions.issuing import Issued, find_draft, give_up, issue

ASKED = "asked"
"""The answer that tells that the requirement was asked for, so that it is not asked again."""
DRAFT = "draft"
"""The answer that is the number of the draft, once there is one."""

_CHANGE = re.compile(r"(?:请?(?:修改|更改|改)(?:一下)?[\s:：]*)")
_CHANGED = re.compile(
    rf"({'|'.join(sorted(LABELS, key=len, reverse=True))}|分解)[\s:：]*(?:改为|改成|为)?[\s:：]*(.*)", re.S
)


def open_form(call: Call) -> str:
    """Ask for the topic, or say again where the open form stands."""
    open_one = FORM.current(call)
    if open_one is not None:
        return f"{texts.FORM_IS_OPEN}\n{FORM.ask(call, open_one.step, open_one.answers)}"
    return FORM.go_to(call, "topic", {})


def begin(call: Call, brief: Brief) -> str:
    """Go on with a brief: ask for what is missing, or show it for confirmation."""
    open_one = FORM.current(call)
    answers = brief.as_answers()
    if call.body.strip():
        answers[ASKED] = "1"
    if open_one is not None and DRAFT in open_one.answers:
        answers[DRAFT] = open_one.answers[DRAFT]
    return _advance(call, answers)


def _advance(call: Call, answers: Answers) -> str:
    """The next step that has no answer yet."""
    brief = from_answers(answers)
    lacking = drafting.missing(brief)
    if lacking:
        return FORM.go_to(call, lacking[0], answers)
    if not brief.requirement and ASKED not in answers and not brief.off_chat:
        return FORM.go_to(call, "requirement", answers)
    return _preview(call, answers)


def _preview(call: Call, answers: Answers) -> str:
    before = int(answers.get(DRAFT, 0))
    drafted = drafting.draft(call.tx, call.office, from_answers(answers), call.person, call.now, instead_of=before)
    answers = {**answers, DRAFT: str(drafted.commission.id)}
    forms.go_to(call.tx, call.incoming, call.person.id, FORM.name, "confirm", answers, call.now)
    return texts.preview(drafted, call.now, approval=_needs_approval(call))


def _needs_approval(call: Call) -> bool:
    return call.office.commissions.approval and not call.person.has(texts.CHIEF)


def _merged(answers: Answers, field: str, said: Said) -> Answers:
    """The answer to a step; labelled lines answer what they name, whatever was asked."""
    change = _spoken_change(said.text)
    if change is not None:
        return answers | change.as_answers()
    if said.skips and answers.get(field):
        return answers
    text = f"分解：\n{said.text}" if field == "units" else said.text
    written = read_brief("", text)
    other = {name: value for name, value in written.as_answers().items() if name != "requirement"}
    if other:
        return answers | written.as_answers()
    return answers | {field: " ".join(said.text.split()) if field != "requirement" else said.text}


def _ask_topic(call: Call, answers: Answers) -> str:
    # What may not be in a chat is not said again, not even to who wrote it.
    written = "" if answers.get("off_chat") else answers.get("topic", "")
    return FORM.place("topic") + texts.ASK_TOPIC + texts.now_written(written)


def _take_topic(call: Call, answers: Answers, said: Said) -> str:
    """A title; or title and fields at once, as they are pasted."""
    title, _, body = said.text.partition("\n")
    brief = from_answers(answers).changed_by(read_brief(title, body))
    return _advance(call, answers | brief.as_answers() | ({ASKED: "1"} if body.strip() else {}))


def _ask_due(call: Call, answers: Answers) -> str:
    asked = texts.ASK_DUE.format(topic=texts.topic(from_answers(answers)))
    return FORM.place("due") + asked + texts.now_written(answers.get("due", ""))


def _take_due(call: Call, answers: Answers, said: Said) -> str:
    answers = _merged(answers, "due", said)
    if answers.get("due"):
        drafting.read_due_words(call.tx, call.office, answers["due"], call.now)
    return _advance(call, answers)


def _ask_units(call: Call, answers: Answers) -> str:
    due = answers.get("due", "")
    read = drafting.read_due_words(call.tx, call.office, due, call.now).reading if due else ""
    return FORM.place("units") + texts.ask_units(read) + texts.now_written(answers.get("units", ""))


def _take_units(call: Call, answers: Answers, said: Said) -> str:
    answers = _merged(answers, "units", said)
    if answers.get("units"):
        drafting.name_units(call.tx, answers["units"], call.now)
    return _advance(call, answers)


def _ask_requirement(call: Call, answers: Answers) -> str:
    units = answers.get("units", "")
    names = drafting.name_units(call.tx, units, call.now) if units else []
    return FORM.place("requirement") + texts.ask_requirement(names) + texts.now_written(answers.get("requirement", ""))


def _take_requirement(call: Call, answers: Answers, said: Said) -> str:
    change = _spoken_change(said.text)
    if change is not None:
        return _advance(call, answers | change.as_answers())
    if not said.skips:
        answers = _merged(answers, "requirement", said)
    return _advance(call, answers | {ASKED: "1"})


def _ask_confirmation(call: Call, answers: Answers) -> str:
    return _preview(call, answers)


def _take_confirmation(call: Call, answers: Answers, said: Said) -> str:
    """确认 issues; anything that names a field changes it and shows the whole again."""
    if said.confirms:
        issued = issue(call.tx, call.office, int(answers[DRAFT]), call.person, call.now)
        forms.close(call.tx, call.incoming)
        return receipt(call, issued)
    change = _change(said.text)
    if change is None:
        return texts.CONFIRM_OR_NOT
    return _preview(call, from_answers(answers).changed_by(change).as_answers() | _kept(answers))


def _kept(answers: Answers) -> Answers:
    return {name: answers[name] for name in (DRAFT, ASKED) if name in answers}


def _change(text: str) -> Brief | None:
    """`改 时间 周四前`, `单位：云山县`: what is changed; None if no field is named."""
    said = _CHANGE.match(text)
    rest = text[said.end() :] if said else text
    match = _CHANGED.match(rest)
    if match is None:
        return None
    first = match[2].partition("\n")[0]
    if not first.strip():
        raise BadInput(reason=f"没有写{match[1]}改成什么。请在后面写上，就像“改 时间 周四下班前”。")
    return read_brief("", f"{match[1]}：{match[2]}")


def _spoken_change(text: str) -> Brief | None:
    """A change that says so (改 时间 周四前), as it may come at any step."""
    return _change(text) if _CHANGE.match(text) else None


def with_card(call: Call, said: Answer) -> Answer:
    """What is said where the form stands before its confirmation, with buttons below it where there are any."""
    open_one = FORM.current(call)
    if open_one is None or open_one.step != "confirm" or not isinstance(said, str):
        return said
    drafted = find_draft(call.tx, int(open_one.answers[DRAFT]))
    return Reply(said, card=texts.card(drafted, approval=_needs_approval(call)))


def how_to_change(call: Call, draft_id: int) -> str:
    """What to type to change a draft; only the form it stands in can do that."""
    return texts.HOW_TO_CHANGE if own_draft(call) == draft_id else texts.NOT_OPEN.format(id=draft_id)


def receipt(call: Call, issued: Issued) -> str:
    """What a confirmation did."""
    return texts.receipt(issued, call.now)


def close_for(call: Call, draft_id: int) -> None:
    """Close the form whose draft was confirmed in another way."""
    open_one = FORM.current(call)
    if open_one is not None and open_one.answers.get(DRAFT) == str(draft_id):
        forms.close(call.tx, call.incoming)


def own_draft(call: Call) -> int:
    """The number of the draft this person's open form shows; 0 if there is none."""
    open_one = FORM.current(call)
    return int(open_one.answers.get(DRAFT, 0)) if open_one else 0


def _undo(call: Call, answers: Answers) -> None:
    if DRAFT in answers:
        give_up(call.tx, int(answers[DRAFT]), call.person, call.now)


FORM = offered(
    StepForm(
        name="commission",
        steps=(
            Step("topic", _ask_topic, _take_topic),
            Step("due", _ask_due, _take_due),
            Step("units", _ask_units, _take_units),
            Step("requirement", _ask_requirement, _take_requirement),
            Step("confirm", _ask_confirmation, _take_confirmation),
        ),
        cancelled=texts.FORM_CANCELLED,
        expired=texts.FORM_EXPIRED,
        undo=_undo,
    )
)


@form(FORM.name)
def go_on(call: Call) -> Answer:
    """Take the next message said while the form is open."""
    return with_card(call, FORM.go_on(call))
