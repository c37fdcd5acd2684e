"""Journals (刊物): what the office and its superiors print, at which level, in which forms."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from domain.errors import BadInput, NotFound
from domain.tables import Table, TableFault, read_toml

LEVELS = ("county", "city", "province", "state")
LEVEL_NAMES = {"county": "县级", "city": "市级", "province": "省级", "state": "国家级"}


@dataclass(frozen=True, slots=True)
class Journal:
    """One journal. `forms[0]` is what is meant when nobody names a form; `aliases` are what people type."""

    code: str
    name: str
    level: str
    forms: tuple[str, ...]
    aliases: tuple[str, ...]


class JournalFault(TableFault):
    """The file of journals is wrong at `path`."""


def parse_journals(text: str) -> tuple[Journal, ...]:
    """Read the journals from TOML (`[[journal]]`), in order.

    Raises JournalFault with the key path; also when one word (code, name, alias) would mean two journals.
    """
    top = read_toml(text, JournalFault)
    rows = top.tables("journal")
    if not rows:
        raise top.refuse("journal", None, "至少一个 [[journal]]")
    top.close()
    owners: dict[str, int] = {}
    return tuple(_journal(row, at, owners) for at, row in enumerate(rows))


def _journal(row: Table, at: int, owners: dict[str, int]) -> Journal:
    """One journal; `owners` has the place of the journal that each word already means."""
    journal = Journal(
        code=row.text("code"),
        name=row.text("name"),
        level=row.choice("level", LEVELS),
        forms=row.words("forms"),
        aliases=row.words("aliases"),
    )
    row.close()
    if not journal.forms:
        raise row.refuse("forms", None, "至少一种形式")
    for key, words in (("code", (journal.code,)), ("name", (journal.name,)), ("aliases", journal.aliases)):
        for word in words:
            if not _plain(word) or owners.setdefault(_plain(word), at) != at:
                raise row.refuse(key, word, "别的刊物没有用过的词")
    return journal


def find_journal(word: str, journals: Sequence[Journal]) -> Journal:
    """The journal somebody means: its code, name or alias, else a unique abbreviation, characters in order.

    Raises NotFound listing what exists, BadInput when an abbreviation fits several.
    """
    wanted = _plain(word)
    for journal in journals:
        if wanted in {_plain(known) for known in _known_as(journal)}:
            return journal
    near = [one for one in journals if any(_abbreviates(wanted, known) for known in _known_as(one))]
    if not near:
        raise NotFound(what=f"刊物“{word}”", hint=f"现有刊物：{_listed(one.name for one in journals)}。")
    if len(near) > 1:
        names = _listed(f"《{one.name}》" for one in near)
        raise BadInput(reason=f"“{word}”可以是{names}，请写得再全一些。")
    return near[0]


def find_form(word: str, journal: Journal) -> str:
    """The form somebody means in this journal; no word means the journal's first form.

    Raises BadInput listing the forms of the journal.
    """
    wanted = _plain(word)
    if not wanted:
        return journal.forms[0]
    exact = [form for form in journal.forms if _plain(form) in (wanted, wanted.removesuffix("采用"))]
    near = exact or [form for form in journal.forms if _abbreviates(wanted, form)]
    if len(near) == 1:
        return near[0]
    raise BadInput(reason=f"《{journal.name}》没有“{word}”这种形式，可以写：{_listed(journal.forms)}。")


def _known_as(journal: Journal) -> tuple[str, ...]:
    return (journal.code, journal.name, *journal.aliases)


def _plain(word: str) -> str:
    """What is left when width, case, blanks and book-title marks are not looked at."""
    folded = unicodedata.normalize("NFKC", word).casefold()
    return "".join(letter for letter in folded if letter not in '《》〈〉<>“”"' and not letter.isspace())


def _abbreviates(short: str, full: str) -> bool:
    rest = iter(_plain(full))
    return bool(short) and all(letter in rest for letter in short)


def _listed(words: Iterable[str]) -> str:
    return "、".join(words)
