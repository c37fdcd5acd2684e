"""Taking a question apart: the period, 全部, and what else was said, in any order, with blanks or without."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from domain.errors import BadInput, BadPeriod
from domain.period import PERIOD_EXAMPLES, Period, is_period_word, month_of, parse_period

EVERYTHING = "全部"
LONGEST_QUESTION = 60
LONGEST_PERIOD = 4
"""`10 - 11 月` is the most blanks anybody puts into a period."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question: its period (this month if none was named), the other words, and whether all lines are wanted."""

    period: Period
    rest: str
    everything: bool


def take_apart(question: str, today: date) -> Asked:
    """Raises BadPeriod for a period that does not exist or has not begun, and for a second one; BadInput for a
    question that is a letter."""
    if len(question) > LONGEST_QUESTION:
        raise BadInput(reason=f"问得太长了，看不懂。期间{PERIOD_EXAMPLES}")
    words = [part for word in question.replace(EVERYTHING, f" {EVERYTHING} ").split() for part in _unglued(word)]
    everything, words = EVERYTHING in words, [word for word in words if word != EVERYTHING]
    first, last = _period_within(words)
    rest = words[:first] + words[last:]
    if any(is_period_word(word) for word in rest):
        raise BadPeriod(reason=f"一次只能查一个期间。{PERIOD_EXAMPLES}")
    period = parse_period(" ".join(words[first:last]), today) if last else month_of(today)
    return Asked(period, " ".join(rest), everything)


def only_period(question: str, today: date) -> Asked:
    """The same for a question that takes nothing but a period; other words are answered as a misspelt one."""
    asked = take_apart(question, today)
    if asked.rest:
        parse_period(asked.rest, today)
    return asked


def _unglued(word: str) -> Iterator[str]:
    """`县区上月` as 县区 and 上月. What is left must be a Chinese word: 2026-11-23 and 上上个月 are not cut in two."""
    if not is_period_word(word):
        for length in range(len(word) - 2, 1, -1):
            for period, rest in ((word[:length], word[length:]), (word[-length:], word[:-length])):
                if is_period_word(period) and not any(letter.isascii() for letter in rest):
                    yield from (period, rest)
                    return
    yield word


def _period_within(words: list[str]) -> tuple[int, int]:
    """Where the period stands; the longest reading wins, because `2026年 三季度` is one period. (0, 0) for none."""
    for length in range(min(len(words), LONGEST_PERIOD), 0, -1):
        for first in range(len(words) - length + 1):
            if is_period_word(" ".join(words[first : first + length])):
                return first, first + length
    return 0, 0
