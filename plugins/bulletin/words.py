"""What is said to `/通报`: an act and a period in any order; the rest is a number or a name."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import Enum

from domain.period import Period, is_period_word, parse_period


class Act(Enum):
    """What is wanted of a bulletin."""

    LOOK = ""
    DRAFT = "草稿"
    SIGN = "签发"
    DELIVERED = "送达"
    AGAIN = "重发"


ACTS = {
    **{act.value: act for act in Act if act.value},
    "draft": Act.DRAFT,
    "看草稿": Act.DRAFT,
    "sign": Act.SIGN,
    "签发并印发": Act.SIGN,
    "印发": Act.SIGN,
    "delivery": Act.DELIVERED,
    "送达情况": Act.DELIVERED,
    "again": Act.AGAIN,
    "补发": Act.AGAIN,
}
SHEET = {"表格", "excel", "xlsx", "导出"}


@dataclass(frozen=True, slots=True)
class Asked:
    """An act with its period (None: not said), whether a workbook is wanted, and the other words."""

    act: Act
    period: Period | None
    sheet: bool
    rest: str


def read_words(words: str, today: date) -> Asked:
    """`签发 10月 云政办通报〔2026〕12号`, `10月 送达 表格`. Raises BadPeriod."""
    said = words.split()
    act = next((ACTS[word.casefold()] for word in said if word.casefold() in ACTS), Act.LOOK)
    sheet = any(word.casefold() in SHEET for word in said)
    said = [word for word in said if word.casefold() not in ACTS and word.casefold() not in SHEET]
    for length in (2, 1):
        for at in range(len(said) - length + 1):
            period = " ".join(said[at : at + length])
            if is_period_word(period):
                return Asked(act, parse_period(period, today), sheet, " ".join(said[:at] + said[at + length :]))
    return Asked(act, None, sheet, " ".join(said))
