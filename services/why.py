"""`/why`: what a number on a board is made of, line by line (every line with its article and who registered it).

The lines are the entries themselves, so groups and total agree with each other and with the board: nothing is summed
from a source of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from domain.journal import LEVEL_NAMES, Journal, find_journal
from domain.period import Period
from domain.roster import Unit
from services.board import Place, own_place
from services.cycles.standings import since_frozen
from services.office import Office
from storage import entry_line, roster
from storage.engine import Tx
from storage.entry_line import Counted, Line

OTHER = "其他"
ADJUSTMENT = "adjustment"
ORDER = ("报送分", "采用分", "上报分", "批示分", "约稿分", "任务分", "加减分")


@dataclass(frozen=True, slots=True)
class Group:
    """The lines of one category; `points` (hundredths) are their sum."""

    category: str
    lines: tuple[Line, ...]

    @property
    def points(self) -> int:
        return total(self.lines)


@dataclass(frozen=True, slots=True)
class Narrowed:
    """What somebody asks about: one category (采用分), one journal, or '' and None for everything."""

    category: str = ""
    journal: Journal | None = None

    @property
    def label(self) -> str:
        return f"《{self.journal.name}》" if self.journal else self.category

    def covers(self, line: Line) -> bool:
        if self.journal is not None:
            return line.journal == self.journal.code
        return self.category in ("", category_of(line))


EVERYTHING = Narrowed()


@dataclass(frozen=True, slots=True)
class Account:
    """A unit's points in a period with every line behind them, oldest first; `place` is what its board shows."""

    unit: Unit
    period: Period
    place: Place
    narrowed: Narrowed
    lines: tuple[Line, ...]
    since_frozen: tuple[int, int] = (0, 0)
    """How much the counts (submitted, adopted) have moved since the period's board was frozen."""

    @property
    def points(self) -> int:
        return total(self.lines)

    @property
    def groups(self) -> tuple[Group, ...]:
        """By category, in the order boards show them."""
        names = dict.fromkeys(category_of(line) for line in self.lines)
        ordered = sorted(names, key=lambda name: ORDER.index(name) if name in ORDER else len(ORDER))
        return tuple(Group(name, tuple(one for one in self.lines if category_of(one) == name)) for name in ordered)

    @property
    def reversals(self) -> tuple[Line, ...]:
        return tuple(line for line in self.lines if line.reverses)

    @property
    def adjusted(self) -> tuple[Line, ...]:
        """What is about a frozen month and was booked here (补计, 更正), or was decided by a person."""
        return tuple(line for line in self.lines if line.about is not None or line.entry.code == ADJUSTMENT)

    @property
    def waiting(self) -> tuple[Line, ...]:
        """What waits for the superior's points: lines that stand and count 0 until then."""
        gone = {line.reverses for line in self.lines}
        return tuple(line for line in self.lines if line.entry.pending and not (line.reverses or line.seq in gone))

    @property
    def unscored(self) -> tuple[Line, ...]:
        """What was registered and is worth nothing; each says why in its reason."""
        return tuple(
            line for line in self.lines if not (line.entry.points or line.reverses or line.entry.pending)
        )  # fmt: skip


def account(tx: Tx, office: Office, unit_id: int, period: Period, narrowed: Narrowed = EVERYTHING) -> Account:
    """What a unit's points of a period are made of."""
    unit = roster.unit(tx, unit_id, period.last.year)
    assert unit is not None, "units are asked for by the roster's ids"
    found = entry_line.lines(tx, unit_id, period.first, period.last)
    lines = tuple(line for line in found if narrowed.covers(line))
    place = own_place(tx, period, unit_id, office.measures)
    shown = place if office.bulletins.ranks else place.without_rank
    late = since_frozen(tx, period, unit_id, place.submitted, place.adopted)
    return Account(unit, period, shown, narrowed, lines, late)


def counted(tx: Tx, unit_id: int, period: Period) -> list[Counted]:
    """The items behind the counts of a board, oldest first: as many as it says were submitted, and adopted."""
    return entry_line.counted(tx, unit_id, period.first, period.last)


def total(lines: Iterable[Line]) -> int:
    """The sum of points of some lines, in hundredths."""
    return sum(line.entry.points for line in lines)


def category_of(line: Line) -> str:
    """The column a line stands in."""
    return line.entry.category or OTHER


def read_narrowed(words: str, office: Office) -> tuple[Narrowed, str]:
    """What is asked about, and the other words: `云山县 采用分` is the category 采用分 and `云山县`."""
    rest: list[str] = []
    narrowed = EVERYTHING
    for word in words.split():
        found = _narrowed(word, office) if narrowed is EVERYTHING else None
        if found is None:
            rest.append(word)
        else:
            narrowed = found
    return narrowed, " ".join(rest)


def _narrowed(word: str, office: Office) -> Narrowed | None:
    for category in categories(office):
        if word in (category, category.removesuffix("分")):
            return Narrowed(category=category)
    if any(word in (one.code, one.name, f"《{one.name}》", *one.aliases) for one in office.journals):
        return Narrowed(journal=find_journal(word, office.journals))
    return None


def categories(office: Office) -> tuple[str, ...]:
    """Every category the office's measures know, in the order boards show them."""
    named = (rule.head.category for measure in office.measures for rule in measure.rules)
    return tuple(dict.fromkeys((*ORDER, *named)))


def in_words(line: Line, journals: Sequence[Journal]) -> str:
    """What a line is for. A measure that counts a journal by its level does not know its name; the office does."""
    name = next((journal.name for journal in journals if journal.code == line.journal), "")
    reason = line.entry.reason
    if name and f"《{name}》" not in reason:
        reason = re.sub(rf"^(?:{'|'.join(LEVEL_NAMES.values())})?刊物", f"《{name}》", reason)
    return f"扣回：{reason}" if line.reverses else reason


__all__ = [
    "EVERYTHING",
    "Account",
    "Counted",
    "Group",
    "Line",
    "Narrowed",
    "account",
    "categories",
    "category_of",
    "counted",
    "in_words",
    "read_narrowed",
    "total",
]
