"""A measure as a text people quote: articles by number or by words, and which measure is in force on a day."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from datetime import date
from functools import cache

from domain.errors import NotFound
from domain.measure.model import Measure

_DIGITS = "零一二三四五六七八九"


@cache
def article_name(number: int) -> str:
    """`第八条`; for 1 to 99, which is as far as such measures go."""
    if not 1 <= number <= 99:
        raise ValueError(f"no article of this number: {number}")
    tens, ones = divmod(number, 10)
    ten = "" if tens == 0 else ("十" if tens == 1 else f"{_DIGITS[tens]}十")
    return f"第{ten}{_DIGITS[ones] if ones else ''}条"


def measure_on(day: date, measures: Iterable[Measure]) -> Measure | None:
    """The measure in force on a day; of several, the one that took effect last replaces the others."""
    in_force = [
        measure
        for measure in measures
        if measure.effective_from <= day and (measure.effective_to is None or day <= measure.effective_to)
    ]
    return max(in_force, key=lambda measure: (measure.effective_from, measure.id), default=None)


def explain(measure: Measure) -> list[tuple[str, str]]:
    """All articles in order, as (`第八条`, text)."""
    return [(article_name(number), text) for number, text in sorted(measure.articles.items())]


def find_article(measure: Measure, words: str) -> list[tuple[str, str]]:
    """The articles somebody asks for by number (第八条, 8, 八) or by words that all stand in the text.

    Raises NotFound, saying how many articles there are and how to ask.
    """
    asked = unicodedata.normalize("NFKC", words).split()
    articles = explain(measure)
    if len(asked) == 1:
        number = asked[0].removeprefix("第").removesuffix("条")
        for known, (name, text) in zip(sorted(measure.articles), articles, strict=True):
            if number in (str(known), name[1:-1]):
                return [(name, text)]
    hits = [article for article in articles if asked and all(word in article[1] for word in asked)]
    if not hits:
        hint = f"《{measure.title}》共{len(articles)}条，可以按条号（第八条）或词语（联合报送）查。"
        raise NotFound(what=f"含“{words.strip()}”的条文", hint=hint)
    return hits
