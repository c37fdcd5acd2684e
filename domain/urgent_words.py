"""What people write behind `/紧急`: a number, moments, and names of units. Everything else is content and not kept."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from domain.errors import BadInput
from domain.moment import ZONE
from domain.period import parse_day
from domain.unit_names import Names, spelled
from domain.urgent import HAPPENED, RECEIVED

HOW_NUMBERED = "编号可以写：急3、急 2026-003。"
OLDEST = timedelta(days=3)

_NUMBER = re.compile(
    r"急\s*(?:(20\d\d)\s*[-—–年]\s*)?0*(\d{1,4})号?|(?:(20\d\d)\s*[-—–]\s*)?0*(\d{1,4})(?:号|$|(?=\s))"
)
_DAY = r"(?P<day>[昨今前][天日]|(?:20\d\d[-年])?\d{1,2}[-/月.]\d{1,2}[日号]?)?"
_CLOCK = r"(?P<hour>[01]?\d|2[0-4])\s*(?:[:点时]\s*(?P<minute>[0-5]\d|半)?分?)(?!\d)"
_MOMENT = re.compile(rf"(?P<label>事发|接报|发生)?(?:时间|于|在)?\s*:?\s*{_DAY}\s*{_CLOCK}")
_BETWEEN = re.compile(r"[\s,，、;；。]+")


@dataclass(frozen=True, slots=True)
class Moments:
    """The moments said: `happened` (事发), `received` (接报), `plain` one without a word before it."""

    happened: datetime | None = None
    received: datetime | None = None
    plain: datetime | None = None


def take_number(words: str, year: int) -> tuple[str, str]:
    """`急 2026-003` of words that begin with 急3, 急2026-3 or 3 ('' if they begin with none), and the rest."""
    words = words.strip()
    match = _NUMBER.match(words)
    if match is None:
        return "", words
    said_year, number = match[1] or match[3], match[2] or match[4]
    return f"急 {said_year or year}-{int(number):03d}", words[match.end() :].strip(" ，,、:")


def take_moments(words: str, now: datetime) -> tuple[Moments, str]:
    """The moments in words, and the words without them.

    A moment without a day is the last such time of day that has passed. Raises BadInput for one that lies ahead or
    more than `OLDEST` back.
    """
    found: dict[str, datetime] = {}
    for match in _MOMENT.finditer(words):
        label = match["label"] or ""
        found[HAPPENED if label == "发生" else label] = _moment(match, now)
    rest = " ".join(_MOMENT.sub(" ", words).split())
    return Moments(found.get(HAPPENED), found.get(RECEIVED), found.get("")), rest


def _moment(match: re.Match[str], now: datetime) -> datetime:
    minute = 30 if match["minute"] == "半" else int(match["minute"] or 0)
    day = parse_day(match["day"], now.date()) if match["day"] else now.date()
    # 24:00 is the end of the day it is said of.
    clock = time(int(match["hour"]) % 24, minute)
    moment = datetime.combine(day, clock, tzinfo=ZONE) + timedelta(days=int(match["hour"]) // 24)
    if moment > now and not match["day"]:
        moment -= timedelta(days=1)
    if moment > now:
        raise BadInput(reason=f"{moment:%m-%d %H:%M} 还没有到，请核对时间。")
    if now - moment > OLDEST:
        raise BadInput(reason=f"{moment:%m-%d %H:%M} 太早了（不超过 {OLDEST.days} 天），请核对时间。")
    return moment


def take_unit(words: str, names: Names) -> tuple[int | None, bool]:
    """The unit whose very name, short name or alias stands in words, and whether anything else stands there.

    Nothing is guessed: what is no name of a unit is content, and content is not looked at.
    """
    known = {spelled(name): id for name, id in names}
    parts = [part for part in _BETWEEN.split(words) if part]
    units = [known[spelled(part)] for part in parts if spelled(part) in known]
    return next(iter(units), None), len(units) < len(parts) or len(set(units)) > 1


def some(words: Iterable[str]) -> bool:
    """Whether anything but blanks and marks stands in any of these texts."""
    return any(re.search(r"\w", text) for text in words)
