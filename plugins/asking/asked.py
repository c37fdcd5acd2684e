"""Taking the words of a question apart: the period, 全部, and what else was said, in any order."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from domain.errors import BadPeriod
from domain.period import PERIOD_EXAMPLES, Period, is_period_word, month_of, parse_period

EVERYTHING = ("全部", "所有", "all")


@dataclass(frozen=True, slots=True)
class Asked:
    """A question: its period (this month if none was named), the other words, and whether all lines are wanted."""

    period: Period
    rest: str
    everything: bool


def take_apart(args: list[str], today: date) -> Asked:
    """Raises BadPeriod for a period that does not exist or has not begun, and for a second one."""
    words = [word for word in args if word.casefold() not in EVERYTHING]
    first, last = _period_within(words)
    rest = words[:first] + words[last:]
    if any(is_period_word(word) for word in rest):
        raise BadPeriod(reason=f"一次只能查一个期间。{PERIOD_EXAMPLES}")
    period = parse_period(" ".join(words[first:last]), today) if last else month_of(today)
    return Asked(period, " ".join(rest), len(words) < len(args))


def _period_within(words: list[str]) -> tuple[int, int]:
    """Where the period stands; the longest reading wins, because `2026年 三季度` is one period. (0, 0) for none."""
    for length in range(len(words), 0, -1):
        for first in range(len(words) - length + 1):
            if is_period_word(" ".join(words[first : first + length])):
                return first, first + length
    return 0, 0


def only_period(args: list[str], today: date) -> Asked:
    """The same for a question that takes nothing but a period; other words are answered as a misspelt one."""
    asked = take_apart(args, today)
    if asked.rest:
        parse_period(asked.rest, today)
    return asked
