"""What the rules of one file may name: its articles, classes, journals, ranks and quotas."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from domain.journal import LEVELS
from domain.measure.events import EVENTS
from domain.measure.fault import MeasureFault
from domain.measure.model import JournalEntry
from domain.measure.readings import Readings
from domain.measure.rules import Axis, Grant, Quota, Where
from domain.tables import Table

ROUTES = ("direct", "forwarded")


@dataclass(frozen=True, slots=True)
class Known:
    """`quotas` is empty while the quotas themselves are read."""

    readings: Readings
    articles: Mapping[int, str]
    classes: tuple[str, ...]
    journals: Mapping[str, JournalEntry]
    ranks: Mapping[str, str]
    quotas: Mapping[str, Quota] = field(default_factory=dict)

    def article(self, table: Table) -> int:
        number = table.whole("article", lowest=1)
        if number not in self.articles:
            raise MeasureFault(
                table.path_of("article"), number, "[articles] 里有的条号", f"在 [articles] 里补上第{number}条，或改条号"
            )
        return number

    def events(self, table: Table, key: str = "events") -> tuple[str, ...]:
        """Names of events, at least one; of those in Latin letters only the product's own."""
        events = table.words(key)
        if not events:
            raise table.refuse(key, None, '至少一个事项，如 ["urgent.late"] 或 ["培训"]')
        for event in events:
            self.event(table, key, event)
        return events

    def event(self, table: Table, key: str, event: str) -> str:
        if event.isascii() and event not in EVENTS:
            raise table.refuse(key, event, f"本单位自己取的中文事项名，或下列之一：{'、'.join(EVENTS)}")
        return event

    def where(self, table: Table, *keys: str) -> Where:
        """The selectors a kind of rule has; a form no journal of the rule has is refused."""
        journals = table.choices("journals", self.journals) if "journals" in keys else ()
        levels = table.choices("levels", LEVELS) if "levels" in keys else ()
        if journals and levels:
            both = f"{'、'.join(journals)} 和 {'、'.join(levels)}"
            raise table.refuse("levels", both, "刊物 journals 或级别 levels，只写一样")
        forms = table.words("forms") if "forms" in keys else ()
        for form in forms:
            self.form(table, "forms", form, journals)
        routes = table.choices("routes", ROUTES) if "routes" in keys else ()
        return Where(journals, levels, forms, routes)

    def form(self, table: Table, key: str, form: str, journals: Iterable[str]) -> None:
        """Refuse a form that none of the journals prints; a journal without a list of forms prints any."""
        printed = [self.journals[code].forms for code in journals]
        if printed and all(printed) and not any(form in forms for forms in printed):
            there = dict.fromkeys(one for forms in printed for one in forms)
            raise table.refuse(key, form, f"这些刊物有的形式：{'、'.join(there)}")

    def article_if_any(self, table: Table) -> int | None:
        return self.article(table) if table.has("article") else None


Words = Mapping[Axis, Iterable[str]]
"""The words allowed on each axis a rule may be split by; no words means any."""


def read_grant(table: Table, axes: Words, lowest: int = 0, highest: int = 100_000) -> tuple[Grant, Axis | None]:
    """Points for all, or `by_…` for some; the axis is told if only the words written there have any."""
    split = [axis for axis in axes if table.has(f"by_{axis}")]
    if len(split) > 1:
        raise table.refuse(f"by_{split[1]}", f"by_{split[0]} 和 by_{split[1]}", "只按一样分列")
    is_for_all = not split or table.has("points")
    points = table.hundredths("points", lowest, highest) if is_for_all else 0
    if not split:
        return Grant(points), None
    axis = split[0]
    if not table.table(f"by_{axis}").names():
        raise table.refuse(f"by_{axis}", "{}", '至少一项，如 { "重点部门" = 1 }')
    by = read_split(table, axis, axes[axis], lambda rows, word: rows.hundredths(word, lowest, highest))
    return Grant(points, axis, by), None if is_for_all else axis


def read_split(
    table: Table, axis: Axis, allowed: Iterable[str], read: Callable[[Table, str], int]
) -> Mapping[str, int]:
    """A table `by_…`: words of an axis, each with its value."""
    rows, words = table.table(f"by_{axis}"), tuple(allowed)
    for word in rows.names():
        if words and word not in words:
            raise rows.refuse(word, word, f"下列之一：{'、'.join(words)}")
    return {word: read(rows, word) for word in rows.names()}
