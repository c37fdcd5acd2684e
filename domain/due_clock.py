"""The clock of a due time as people type it: 17:30, 5点半, 晚上8点, 下班前, 上午.

Parts of the day without an hour are our choice of an hour; whoever reads one is told which.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import time

from domain.due_words import is_end
from domain.errors import BadInput

DAY_BEGIN = time(8, 30)


@dataclass(frozen=True, slots=True)
class Clock:
    """Minutes since midnight, up to 24:00, and how they were read."""

    minutes: int
    why: str = ""


def take_clock(rest: str, day_end: time) -> Clock | None:
    """The clock that is all of `rest`; None if it is something else. Nothing at all means the end of the working day.

    Raises BadInput for a clock that does not exist, or that could be either of two.
    """
    if is_end(rest):
        return Clock(_minutes(day_end), "未写钟点，按下班时间")
    match = _CLOCK.match(rest)
    if match is None or not is_end(rest[match.end() :]):
        return None
    part = match["part"] or ""
    if match["hour"] is None:
        return _part_alone(part, match["work"] or "", day_end)
    hour, why = _hour(part, match["hour"], colon=match["colon"] is not None)
    minute = 30 if match["half"] else int(match["quarter"] or 0) * 15 or int(match["colon"] or match["minute"] or 0)
    if hour is None or minute > 59 or (hour == 24 and minute):
        raise BadInput(reason=f"没有“{match[0]}”这个钟点。请用24小时制写，例如 17:30。")
    return Clock(hour * 60 + minute, why)


_CLOCK = re.compile(
    r"(?P<part>凌晨|清晨|早上|早晨|1?早|上午|午前|中午|正午|下午|午后|傍晚|晚上|晚间|晚)?(?:"
    r"(?P<hour>[0-9]{1,2})(?::(?P<colon>[0-9]{2})|[点时](?:(?P<half>半)|(?P<quarter>[13])刻|(?P<minute>[0-9]{1,2})分?|[整钟])?)"
    r"|(?P<work>[上下]班)时?)?"
)
_NOON, _EVENING = 12 * 60, 20 * 60
_MORNING = frozenset({"清晨", "早上", "早晨", "早", "1早", "上午", "午前"})
_MIDDAY = frozenset({"中午", "正午"})
_AFTERNOON = frozenset({"下午", "午后", "傍晚"})
_LATE = frozenset({"晚上", "晚间", "晚"})


def _part_alone(part: str, work: str, day_end: time) -> Clock:
    """A part of the day without an hour. What it stands for is our choice, so the reading says it."""
    if work == "上班":
        return Clock(_minutes(DAY_BEGIN), "上班按8:30")
    if part in _MIDDAY or part in {"上午", "午前"}:
        return Clock(_NOON, f"{part}按12:00")
    if part in _MORNING:
        return Clock(_minutes(DAY_BEGIN), "早上按8:30")
    if part in _LATE and not work:
        return Clock(_EVENING, "晚上按20:00")
    if part == "凌晨":
        raise BadInput(reason="“凌晨”请写明几点，例如：28日凌晨2点。")
    return Clock(_minutes(day_end), "" if work else f"{part}按下班时间")


def _hour(part: str, written: str, *, colon: bool) -> tuple[int | None, str]:
    """The hour of the day, and why if that was not plain; None if there is no such hour in that part of the day."""
    hour = int(written)
    if part in _AFTERNOON or (part in _MIDDAY and hour < 11):
        return (hour + 12 if 1 <= hour < 12 else hour if 12 <= hour < 20 else None), ""
    if part in _LATE:
        return (hour + 12 if 5 <= hour <= 12 else hour if 17 <= hour <= 24 else None), ""
    if part:
        last = 6 if part == "凌晨" else 14 if part in _MIDDAY else 12
        return (hour if hour <= last else None), ""
    if 1 <= hour <= 6 and not written.startswith("0"):
        return hour + 12, f"{hour}点按下午{hour}点"
    return (hour if hour <= 24 else None), ""


def _minutes(clock: time) -> int:
    return clock.hour * 60 + clock.minute
