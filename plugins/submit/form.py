"""The form: title, body, people, confirmation. Each step is a message; what was said so far is a row."""

from __future__ import annotations

from collections.abc import Callable

from bot.commands import Answer, Call, form
from domain.headings import Headings, read_people, take_headings
from domain.words import tidy, tidy_body
from plugins.submit import texts
from plugins.submit.drafts import make_draft, send
from services import forms
from services.submission import Draft, check_body, check_title

NAME = "submit"
STEPS = ("title", "body", "people", "confirm")

Answers = dict[str, str]

_CANCEL = ("取消", "放弃", "退出", "cancel")
_BACK = ("返回", "上一步", "back")
_SKIP = ("跳过", "无", "没有", "skip")
_CONFIRM = ("确认", "确定", "提交", "是", "好", "好的", "ok", "yes")


def open_form(call: Call) -> Answer:
    """Open the form, or say again where the open one stands."""
    open_one = forms.current(call.tx, call.incoming)
    if open_one is not None and open_one.form == NAME and not forms.is_stale(open_one, call.now):
        return f"{texts.FORM_IS_OPEN}\n{_prompt(call, open_one.step, open_one.answers)}"
    answer = _go_to(call, "title", {})
    return answer + (texts.FORM_LISTENS if call.incoming.group else "")


def cancel(call: Call) -> Answer:
    """Close whatever form is open in this chat."""
    return texts.FORM_CANCELLED if forms.close(call.tx, call.incoming) else texts.NO_FORM


@form(NAME)
def go_on(call: Call) -> Answer:
    """Take the next message said while the form is open."""
    open_one = forms.current(call.tx, call.incoming)
    if open_one is None or forms.is_stale(open_one, call.now):
        forms.close(call.tx, call.incoming)
        return texts.FORM_EXPIRED
    said = tidy_body(call.words).strip()
    word = tidy(said).lstrip("/ ").rstrip("。.!！ ").casefold() if len(said) < 10 else ""
    if word in _CANCEL:
        return cancel(call)
    if word in _BACK:
        before = STEPS[max(0, STEPS.index(open_one.step) - 1)]
        return _go_to(call, before, open_one.answers)
    if said.startswith(("/", "／")) and word not in _SKIP + _CONFIRM:
        return texts.NOT_A_COMMAND
    return _TAKE[open_one.step](call, open_one.answers, said, word)


def _take_title(call: Call, answers: Answers, said: str, word: str) -> str:
    """A title; or title and body at once, as they are pasted."""
    title, _, body = said.partition("\n")
    title = " ".join(title.split())
    check_title(title)
    answers = {**answers, "title": title}
    return _take_body(call, answers, body, "") if body.strip() else _go_to(call, "body", answers)


def _take_body(call: Call, answers: Answers, said: str, word: str) -> str:
    answers = {**answers, "body": said}
    draft = _draft(call, answers)
    check_body(draft.title, draft.body)
    return _go_to(call, "people", answers)


def _take_people(call: Call, answers: Answers, said: str, word: str) -> str:
    people = "" if word in _SKIP else said
    read_people(people)
    return _go_to(call, "confirm", {**answers, "people": people})


def _take_confirmation(call: Call, answers: Answers, said: str, word: str) -> str:
    if word not in _CONFIRM:
        return texts.CONFIRM_OR_NOT
    receipt = send(call, _draft(call, answers))
    forms.close(call.tx, call.incoming)
    return receipt


_TAKE: dict[str, Callable[[Call, Answers, str, str], str]] = {
    "title": _take_title,
    "body": _take_body,
    "people": _take_people,
    "confirm": _take_confirmation,
}


def _go_to(call: Call, step: str, answers: Answers) -> str:
    forms.go_to(call.tx, call.incoming, call.person.id, NAME, step, answers, call.now)
    return _prompt(call, step, answers)


def _prompt(call: Call, step: str, answers: Answers) -> str:
    place = texts.STEP.format(at=STEPS.index(step) + 1, of=len(STEPS))
    if step == "title":
        return place + texts.ASK_TITLE + texts.now_written(answers.get("title", ""))
    if step == "body":
        return place + texts.ASK_BODY.format(title=answers["title"]) + texts.now_written(answers.get("body", ""))
    draft = _draft(call, answers)
    if step == "people":
        return place + texts.ask_people(draft)
    return place + texts.preview(draft)


def _draft(call: Call, answers: Answers) -> Draft:
    """The draft of what was answered so far; what was said about people counts before what stands in the text."""
    people = read_people(answers["people"]) if answers.get("people") else Headings()
    headings, body = take_headings(answers.get("body", ""))
    return make_draft(call, answers["title"], body, people.completed_by(headings))
