"""Finding the commission somebody means by its number, in any of the ways people write it."""

from __future__ import annotations

import re

from domain.commission import Commission
from domain.errors import BadInput, NotFound
from domain.words import tidy_line
from storage import commission as commissions
from storage.engine import Tx

HOW = "编号可以写：约18、约 2026-018。"

_NUMBER = re.compile(r"[#＃]?\s*约?\s*(?:(20\d\d)\s*[-—–年]\s*)?0*(\d{1,6})\s*号?")


def read_number(words: str, year: int) -> str:
    """`约 2026-018` of `约18`, `#约18`, `约2026-18` or `18`; without a year it is `year`. Raises BadInput."""
    match = _NUMBER.fullmatch(tidy_line(words))
    if match is None or not int(match[2]):
        raise BadInput(reason=f"“{tidy_line(words)[:20]}”不是约稿编号。{HOW}")
    return f"约 {match[1] or year}-{int(match[2]):03d}"


def find_commission(tx: Tx, words: str, year: int) -> Commission:
    """The commission of a number. One written without its year may also be last year's. Raises BadInput, NotFound."""
    number = read_number(words, year)
    found = commissions.by_number(tx, number)
    if found is None and number != read_number(words, year - 1):
        found = commissions.by_number(tx, read_number(words, year - 1))
    if found is None:
        raise NotFound(what=f"约稿 {number}", hint=HOW)
    return found
