"""A small world in which a measure is tried: units with classes, what happened to them, what it is worth."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from domain.measure import Measure
from domain.scoring import Entry, Fact, score_event, score_item
from domain.scoring.record import Counted, Record
from domain.scoring.settle import settle

PARENTS = {"丁厂": "甲县"}


@dataclass(frozen=True)
class World:
    """Units by name. A unit without a class of its own is of the class `usual`."""

    measures: tuple[Measure, ...]
    units: Mapping[str, int]
    usual: str
    classes: Mapping[str, str] = field(default_factory=dict)

    def class_named(self, name: str) -> str:
        return self.classes.get(name, self.usual)

    def name_of(self, unit: int) -> str:
        return next(name for name, known in self.units.items() if known == unit)

    def class_of(self, unit: int, day: date) -> str:
        return self.class_named(self.name_of(unit))

    def parent_of(self, unit: int, day: date) -> int | None:
        return self.units.get(PARENTS.get(self.name_of(unit), ""))

    def standing(self, facts: Sequence[Fact]) -> list[Entry]:
        """The entries of items and events, before anything is settled."""
        items = sorted({fact.item_id for fact in facts if fact.item_id})
        found: list[Entry] = []
        for item in items:
            its = [fact for fact in facts if fact.item_id == item]
            found += score_item(its, self.measures, self.class_of, self.parent_of)
        for fact in facts:
            if not fact.item_id:
                others = [other for other in facts if other.units == fact.units and not other.item_id]
                found += score_event(fact, others, self.measures, self.class_of, self.parent_of)
        return found

    def record(self, name: str, facts: Sequence[Fact], year: int) -> Record:
        """One unit's year, as settling reads it."""
        unit = self.units[name]
        entries = tuple(entry for entry in self.standing(facts) if entry.unit_id == unit)
        own = [fact for fact in facts if unit in fact.units]
        events = tuple(fact for fact in own if not fact.item_id)
        return Record(unit, year, self.class_named(name), tuple(_counted(own)), entries, events, (name,))

    def entries(self, facts: Sequence[Fact], year: int) -> list[Entry]:
        """All entries up to the end of the year, settled."""
        found = self.standing(facts)
        for name in self.units:
            found += settle(self.record(name, facts, year), self.measures, date(year, 12, 31))
        return found


def _counted(facts: Iterable[Fact]) -> Iterable[Counted]:
    used: dict[int, list[Fact]] = {}
    for fact in facts:
        if fact.kind == "submission":
            yield Counted(fact.day, "submitted", fact.form or "", fact.form or "")
        elif fact.kind == "adoption":
            used.setdefault(fact.item_id, []).append(fact)
    for its in used.values():
        first = min(its, key=lambda fact: fact.day)
        journals = tuple(fact.journal for fact in its if fact.journal)
        levels = tuple(fact.level for fact in its if fact.level)
        yield Counted(first.day, "adopted", first.form or "", first.form or "", journals, levels)
