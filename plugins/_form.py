"""What forms share: steps asked one after the other, each message an answer, what was said so far a row.

A step goes on, 返回 goes back, 取消 gives up; a form nobody went on with for some days swallows nothing any more.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot.commands import Answer, Call
from domain.words import tidy, tidy_body
from services import forms
from services.forms import Dialogue

Answers = dict[str, str]

SKIP = ("跳过", "无", "没有", "skip")
CONFIRM = ("确认", "确定", "提交", "是", "好", "好的", "ok", "yes")
_CANCEL = ("取消", "放弃", "退出", "cancel")
_BACK = ("返回", "上一步", "back")

NO_FORM = "现在没有正在填写的表单。"
NOT_A_COMMAND = "没有这个命令，也没有填进表单。请接着填表；不要了请发“取消”。"
_PLACE = "第{at}步/共{of}步："


@dataclass(frozen=True, slots=True)
class Said:
    """An answer to a step: the text as written, and the one word it is ('' if it is longer)."""

    text: str
    word: str

    @property
    def skips(self) -> bool:
        return self.word in SKIP

    @property
    def confirms(self) -> bool:
        return self.word in CONFIRM


@dataclass(frozen=True, slots=True)
class Step:
    """`ask` says what is wanted, given what was answered so far; `take` takes the answer and says what follows."""

    name: str
    ask: Callable[[Call, Answers], str]
    take: Callable[[Call, Answers, Said], str]


def _nothing(call: Call, answers: Answers) -> None:
    return None


@dataclass(frozen=True, slots=True)
class StepForm:
    """A form: its steps in order, what is said when it is given up or too old, and what else giving up undoes."""

    name: str
    steps: Sequence[Step]
    cancelled: str
    expired: str
    undo: Callable[[Call, Answers], None] = _nothing

    def current(self, call: Call) -> Dialogue | None:
        """This form as it is open in this chat, if it is not stale."""
        found = forms.current(call.tx, call.incoming)
        return found if found and found.form == self.name and not forms.is_stale(found, call.now) else None

    def go_to(self, call: Call, step: str, answers: Answers) -> str:
        """Open the form, or move it to a step; what is asked there."""
        forms.go_to(call.tx, call.incoming, call.person.id, self.name, step, answers, call.now)
        return self.ask(call, step, answers)

    def ask(self, call: Call, step: str, answers: Answers) -> str:
        return self._step(step).ask(call, answers)

    def place(self, step: str) -> str:
        """`第2步/共4步：`."""
        return _PLACE.format(at=self._at(step) + 1, of=len(self.steps))

    def go_on(self, call: Call) -> Answer:
        """Take the next message said while the form is open."""
        open_one = self.current(call)
        if open_one is None:
            forms.close(call.tx, call.incoming)
            return self.expired
        text = tidy_body(call.words).strip()
        word = tidy(text).lstrip("/ ").rstrip("。.!！ ").casefold() if len(text) < 10 else ""
        if word in _CANCEL:
            return self.cancel(call, open_one.answers)
        if word in _BACK:
            return self.go_to(call, self.steps[max(0, self._at(open_one.step) - 1)].name, open_one.answers)
        if text.startswith(("/", "／")) and word not in SKIP + CONFIRM:
            return NOT_A_COMMAND
        return self._step(open_one.step).take(call, open_one.answers, Said(text, word))

    def cancel(self, call: Call, answers: Answers) -> str:
        """Give the form up."""
        forms.close(call.tx, call.incoming)
        self.undo(call, answers)
        return self.cancelled

    def _step(self, name: str) -> Step:
        return self.steps[self._at(name)]

    def _at(self, name: str) -> int:
        return next(at for at, step in enumerate(self.steps) if step.name == name)


FORMS: dict[str, StepForm] = {}
"""The forms of the plugins that are loaded, so that one word gives up whichever is open."""


def offered(form: StepForm) -> StepForm:
    """Make a form known to `cancel`."""
    FORMS[form.name] = form
    return form


def cancel(call: Call) -> Answer:
    """Give up whatever form is open in this chat."""
    open_one = forms.current(call.tx, call.incoming)
    if open_one is None:
        return NO_FORM
    return FORMS[open_one.form].cancel(call, open_one.answers)
