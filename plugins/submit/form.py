"""The form: title, body, people, confirmation."""

from __future__ import annotations

from bot.commands import Answer, Call, form
from domain.headings import Headings, read_people, take_headings
from plugins._form import Answers, Said, Step, StepForm, offered
from plugins.submit import texts
from plugins.submit.drafts import add_pictures, make_draft, send
from services import forms
from services.submission import Draft, check_body, check_title


def open_form(call: Call) -> Answer:
    """Open the form, or say again where the open one stands."""
    open_one = FORM.current(call)
    if open_one is not None:
        return f"{texts.FORM_IS_OPEN}\n{FORM.ask(call, open_one.step, open_one.answers)}"
    return FORM.go_to(call, "title", {}) + (texts.FORM_LISTENS if call.incoming.group else "")


def pictures_alone(call: Call) -> Answer:
    """Pictures that came without a text; while a form is open nobody knows yet what they belong to."""
    return texts.PICTURES_WAIT if FORM.current(call) is not None else add_pictures(call)


def _ask_title(call: Call, answers: Answers) -> str:
    return FORM.place("title") + texts.ASK_TITLE + texts.now_written(answers.get("title", ""))


def _take_title(call: Call, answers: Answers, said: Said) -> str:
    """A title; or title and body at once, as they are pasted."""
    title, _, body = said.text.partition("\n")
    title = " ".join(title.split())
    check_title(title)
    answers = {**answers, "title": title}
    return _take_body(call, answers, Said(body, "")) if body.strip() else FORM.go_to(call, "body", answers)


def _ask_body(call: Call, answers: Answers) -> str:
    asked = texts.ASK_BODY.format(title=answers["title"])
    return FORM.place("body") + asked + texts.now_written(answers.get("body", ""))


def _take_body(call: Call, answers: Answers, said: Said) -> str:
    answers = {**answers, "body": said.text}
    draft = _draft(call, answers)
    check_body(draft.title, draft.body)
    return FORM.go_to(call, "people", answers)


def _ask_people(call: Call, answers: Answers) -> str:
    return FORM.place("people") + texts.ask_people(_draft(call, answers))


def _take_people(call: Call, answers: Answers, said: Said) -> str:
    people = "" if said.skips else said.text
    read_people(people)
    return FORM.go_to(call, "confirm", {**answers, "people": people})


def _preview(call: Call, answers: Answers) -> str:
    return FORM.place("confirm") + texts.preview(_draft(call, answers))


def _take_confirmation(call: Call, answers: Answers, said: Said) -> str:
    if not said.confirms:
        return texts.CONFIRM_OR_NOT
    receipt = send(call, _draft(call, answers))
    forms.close(call.tx, call.incoming)
    return receipt


def _draft(call: Call, answers: Answers) -> Draft:
    """The draft of what was answered so far; what was said about people counts before what stands in the text."""
    people = read_people(answers["people"]) if answers.get("people") else Headings()
    headings, body = take_headings(answers.get("body", ""))
    return make_draft(call, answers["title"], body, people.completed_by(headings))


FORM = offered(
    StepForm(
        name="submit",
        steps=(
            Step("title", _ask_title, _take_title),
            Step("body", _ask_body, _take_body),
            Step("people", _ask_people, _take_people),
            Step("confirm", _preview, _take_confirmation),
        ),
        cancelled=texts.FORM_CANCELLED,
        expired=texts.FORM_EXPIRED,
    )
)

go_on = form(FORM.name)(FORM.go_on)
