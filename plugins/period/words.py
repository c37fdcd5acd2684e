"""What is said to `/考评` and `/申诉`: a period, a step, a number in any order; the rest is kept as written."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from domain.cycle import Step, Verdict
from domain.period import Period, is_period_word, parse_period
from domain.words import tidy_line
from services.items import looks_like_number

STEPS = {step.value: step for step in Step} | {
    "cut-off": Step.CUT_OFF,
    "compute": Step.COMPUTE,
    "重算": Step.COMPUTE,
    "show": Step.SHOW,
    "freeze": Step.FREEZE,
    "sign": Step.SIGN,
    "publish": Step.PUBLISH,
    "公布": Step.PUBLISH,
}
VERDICTS = {
    "成立": Verdict.GRANTED,
    "同意": Verdict.GRANTED,
    "grant": Verdict.GRANTED,
    "不成立": Verdict.REFUSED,
    "不同意": Verdict.REFUSED,
    "refuse": Verdict.REFUSED,
    "撤回": Verdict.WITHDRAWN,
    "withdraw": Verdict.WITHDRAWN,
}
_GLUED = re.compile(f"({'|'.join(sorted((word for word in STEPS if not word.isascii()), key=len, reverse=True))})")
_CASE = re.compile(r"(?:申诉)?(\d{1,6})号?")


@dataclass(frozen=True, slots=True)
class Asked:
    """What `/考评` is asked: a step of a period with a note, or nothing of it."""

    period: Period | None
    step: Step | None
    note: str


def read_step(words: str, today: date) -> Asked:
    """`冻结 11月`, `11月冻结`, `签发 11月 云政办信〔2026〕12号`. Raises BadPeriod."""
    step: Step | None = None
    rest = []
    for word in _GLUED.sub(r" \1 ", words, count=1).split():
        if step is None and word.casefold() in STEPS:
            step = STEPS[word.casefold()]
        else:
            rest.append(word)
    period, rest = _take_period(rest, today)
    return Asked(period, step, " ".join(rest))


def _take_period(words: list[str], today: date) -> tuple[Period | None, list[str]]:
    """The period among the words, two of which may make one (`2026年 三季度`), and what is left."""
    for length in (2, 1):
        for at in range(len(words) - length + 1):
            said = " ".join(words[at : at + length])
            if is_period_word(said):
                return parse_period(said, today), words[:at] + words[at + length :]
    return None, words


@dataclass(frozen=True, slots=True)
class Decision:
    """What is said about an objection that is there: its number, the verdict (None: it is looked at), and words."""

    id: int
    verdict: Verdict | None
    words: str


@dataclass(frozen=True, slots=True)
class Objection:
    """A new objection: to a period (None: not said), about an item ('' for none), with words."""

    period: Period | None
    number: str
    words: str


def read_appeal(line: str, body: str, today: date) -> Decision | Objection:
    """`3`, `3 成立 已补登`, or a new one: `11月 137 省专报45期没有计分`. A number alone, or before a verdict, is an
    objection's; before other words it is an item's. Raises BadPeriod."""
    first, _, rest = line.strip().partition(" ")
    case = _CASE.fullmatch(tidy_line(first))
    word, _, words = rest.strip().partition(" ")
    verdict = VERDICTS.get(tidy_line(word).casefold())
    if case is not None and (verdict is not None or not (rest.strip() or body.strip())):
        return Decision(int(case[1]), verdict, f"{words} {body}".strip())
    period, rest = None, line.strip()
    first, _, behind = rest.partition(" ")
    if is_period_word(tidy_line(first)):
        period, rest = parse_period(tidy_line(first), today), behind.strip()
    first, _, behind = rest.partition(" ")
    number = tidy_line(first) if looks_like_number(tidy_line(first)) else ""
    return Objection(period, number, f"{behind if number else rest}\n{body}".strip())
