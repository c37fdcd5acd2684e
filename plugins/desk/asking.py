"""What a tap cannot say is asked for: why an item is returned, by which issue it was adopted. The next message answers.

One question each, and not for long: what somebody writes hours later is meant for something else.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from bot.commands import VOCABULARY, Answer, Call, form
from domain.errors import BadInput, NotAllowed
from domain.item import Step as ItemStep
from domain.item import check_step
from domain.moment import to_ms
from plugins._form import Answers, Said, Step, StepForm, offered
from plugins.desk import texts
from services import forms
from services.desk import is_clerk
from services.items import item_for_desk

PATIENCE = timedelta(hours=1)

Finish = Callable[[Call, str, str], str]
"""Takes an item's number and the answer; does the step and says what came of it."""

Ask = Callable[[Call, str], Answer]
"""Asks about the item of a number."""


def question(name: str, step: ItemStep, asked: str, finish: Finish) -> Ask:
    """Declare a question about an item; what asks it. `asked` is what the clerk reads."""

    def say(call: Call, answers: Answers) -> str:
        return asked.format(number=answers["number"])

    def take(call: Call, answers: Answers, said: Said) -> str:
        if said.word and VOCABULARY.named(said.word):
            return texts.STILL_ASKING.format(word=said.word, question=say(call, answers))
        if not is_clerk(call.person):
            raise NotAllowed(action=f"/{step.value}")
        done = finish(call, answers["number"], said.text)
        forms.close(call.tx, call.incoming)
        return done

    one = offered(StepForm(name, (Step("answer", say, take),), texts.NOT_DONE, texts.TOO_LATE))

    @form(name)
    def go_on(call: Call) -> Answer:
        open_one = forms.current(call.tx, call.incoming)
        if open_one is not None and open_one.updated_ms < to_ms(call.now - PATIENCE):
            forms.close(call.tx, call.incoming)
            return texts.TOO_LATE
        return one.go_on(call)

    def ask(call: Call, number: str) -> Answer:
        item = item_for_desk(call.tx, number, call.now)
        check_step(item, step)
        open_one = forms.current(call.tx, call.incoming)
        if open_one is not None and open_one.form not in QUESTIONS and not forms.is_stale(open_one, call.now):
            raise BadInput(reason=texts.FORM_FIRST)
        return one.go_to(call, "answer", {"number": item.number})

    QUESTIONS.add(name)
    return ask


QUESTIONS: set[str] = set()
"""The names of the questions: one gives way to the next."""
