"""Numbers as they are spoken: 十一 as 11, 二十 as 20, 二〇二六 as 2026."""

from __future__ import annotations

import re

_DIGITS = dict(zip("〇零○一二三四五六七八九", "000123456789", strict=True))
_NUMERAL = re.compile("[〇零○一二三四五六七八九十]+")
_TENS = re.compile("([一二三四五六七八九]?)十([一二三四五六七八九]?)")


def in_digits(line: str) -> str:
    """`line` with its Chinese numerals below a hundred, and those spelled digit by digit, in ASCII digits."""
    return _NUMERAL.sub(lambda match: _number(match[0]), line)


def _number(numeral: str) -> str:
    tens = _TENS.fullmatch(numeral)
    if tens:
        return _DIGITS.get(tens[1], "1") + _DIGITS.get(tens[2], "0")
    return numeral if "十" in numeral else "".join(_DIGITS[char] for char in numeral)
