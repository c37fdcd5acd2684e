"""The list of items used (采用信息目录) at the end of a bulletin: by class and unit, with marks and their legend."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from domain.snapshot import AdoptedItem, Snapshot

TITLE = "采用信息目录"


@dataclass(frozen=True, slots=True)
class Mark:
    """A sign behind an item's title. It fits an item of which all is true that it names: used in one of `journals` or
    `levels`, noted by a leader of one of `ranks` (`*`: by anybody), commissioned."""

    sign: str
    meaning: str
    journals: tuple[str, ...] = ()
    levels: tuple[str, ...] = ()
    ranks: tuple[str, ...] = ()
    commissioned: bool = False

    def fits(self, uses: Sequence[AdoptedItem]) -> bool:
        """Whether it fits an item, given all its uses."""
        noted = {rank for use in uses for rank in use.instructed}
        return (
            (not self.journals or any(use.journal in self.journals for use in uses))
            and (not self.levels or any(use.level in self.levels for use in uses))
            and (not self.ranks or bool(noted if "*" in self.ranks else noted & set(self.ranks)))
            and (not self.commissioned or any(use.commissioned for use in uses))
        )


MARKS = (
    Mark("▲", "国家级刊物采用并获领导批示", levels=("state",), ranks=("*",)),
    Mark("●", "国家级刊物采用", levels=("state",)),
    Mark("★", "获领导批示", ranks=("*",)),
    Mark("○", "省级刊物采用", levels=("province",)),
    Mark("△", "约稿采用", commissioned=True),
)
"""An item bears the first mark that fits it. An office with other habits names its own."""


@dataclass(frozen=True, slots=True)
class Line:
    """An item in the list: its title, where it was used (`《每日要情》第188期`), its mark or ''."""

    title: str
    used: str
    mark: str


@dataclass(frozen=True, slots=True)
class UnitLines:
    """A unit's items; a joint item stands under each of its units."""

    unit: str
    lines: tuple[Line, ...]

    @property
    def heading(self) -> str:
        """`云山县（8条）`."""
        return f"{self.unit}（{len(self.lines)}条）"

    @property
    def numbered(self) -> tuple[str, ...]:
        """Each item as it is printed, with its number and its mark."""
        return tuple(f"{at}.{line.title}（{line.used}）{line.mark}" for at, line in enumerate(self.lines, 1))


@dataclass(frozen=True, slots=True)
class Listing:
    """The list: classes that have any item, in their order, and the legend of the marks that occur."""

    title: str
    classes: tuple[tuple[str, tuple[UnitLines, ...]], ...]
    legend: tuple[Mark, ...]

    @property
    def legend_words(self) -> str:
        """`★获领导批示；○省级刊物采用`, '' if no mark occurs."""
        return "；".join(f"{mark.sign}{mark.meaning}" for mark in self.legend)


def listing_of(snapshot: Snapshot, marks: Sequence[Mark]) -> Listing:
    """The list of all items used in the period."""
    names = {journal.code: journal.name for journal in snapshot.journals}
    found: dict[str, list[Line]] = {}
    signs: set[str] = set()
    for uses in _by_item(snapshot.adopted):
        mark = next((mark.sign for mark in marks if mark.fits(uses)), "")
        signs.add(mark)
        used = "、".join(f"《{names.get(use.journal, use.journal)}》{use.issue}" for use in uses)
        for unit in uses[0].units:
            found.setdefault(unit, []).append(Line(uses[0].title, used, mark))
    return Listing(TITLE, tuple(_classes(snapshot, found)), tuple(mark for mark in marks if mark.sign in signs))


def _by_item(uses: Iterable[AdoptedItem]) -> list[list[AdoptedItem]]:
    """The uses of each item together, items by the day of their first one."""
    items: dict[str, list[AdoptedItem]] = {}
    for use in sorted(uses, key=lambda use: (use.day, use.number, use.journal)):
        items.setdefault(use.number, []).append(use)
    return list(items.values())


def _classes(snapshot: Snapshot, found: dict[str, list[Line]]) -> Iterable[tuple[str, tuple[UnitLines, ...]]]:
    """Class by class in the order of the board; a unit that is on no board comes at the end."""
    left = dict(found)
    for board in snapshot.classes:
        units = [name for row in board.rows for name in (row.short, row.name)]
        lines = tuple(UnitLines(name, tuple(left.pop(name))) for name in units if name in left)
        if lines:
            yield board.name, lines
    if left:
        yield "其他单位", tuple(UnitLines(unit, tuple(lines)) for unit, lines in left.items())
