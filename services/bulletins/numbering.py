"""Numbers of bulletins (文号): consecutive within a year, after the office's pattern."""

from __future__ import annotations

import re

YEAR, SERIAL = "{year}", "{n}"


def number_of(pattern: str, year: int, serial: int) -> str:
    """`云政办通报〔2026〕12号` from `云政办通报〔{year}〕{n}号`; '' from no pattern."""
    return pattern.replace(YEAR, str(year)).replace(SERIAL, str(serial))


def serial_in(pattern: str, number: str, year: int) -> int:
    """Which serial a typed number is after the pattern, so that the next one follows it; 0 if it is of another kind."""
    if SERIAL not in pattern:
        return 0
    before, _, after = pattern.replace(YEAR, str(year)).partition(SERIAL)
    found = re.fullmatch(rf"{re.escape(before)}(\d{{1,6}}){re.escape(after)}", number)
    return int(found[1]) if found else 0
