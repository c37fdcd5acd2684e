"""A year scored anew from its facts: what it costs to prove a board, or to see it under a draft measure."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from benchmarks import product
from benchmarks.corpus import SEED
from domain.scoring import Entry, Fact, score_item
from domain.scoring.settle import Counted, Record, settle

_CLASSES = ("县（市、区）", "重点部门", "一般部门")
_NEW_YEAR = date(2026, 1, 1)
_YEAR_END = date(2026, 12, 31)

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Size:
    """Units, and items of one year; one in three is used by a journal, one in twenty of those noted by a leader."""

    units: int
    items: int


FULL, QUICK = Size(3_000, 300_000), Size(300, 10_000)


@dataclass(frozen=True, slots=True)
class Reckoning:
    """One year anew: seconds for scoring its facts and for settling its units, and how many entries came of it."""

    units: int
    items: int
    facts: int
    entries: int
    score_s: float
    settle_s: float


def measure(found: list[Reckoning], quick: bool, say: Say) -> None:
    """Score the year of a size and settle every unit's twelve months."""
    size = QUICK if quick else FULL
    measures = [product.sample_measure()]
    records: dict[int, tuple[list[Counted], list[Entry]]] = {unit: ([], []) for unit in range(size.units)}
    facts = entries = 0
    spent = 0.0
    for number, item in enumerate(_items(size), 1):
        start = time.perf_counter()
        scored = score_item(item, measures, _class_of)
        spent += time.perf_counter() - start
        facts, entries = facts + len(item), entries + len(scored)
        _file(records, item, scored)
        if number % 50_000 == 0:
            say(f"recompute: {number:,} of {size.items:,} items scored")
    start = time.perf_counter()
    for unit, (items, booked) in records.items():
        record = Record(unit, 2026, _class_of(unit, _NEW_YEAR), tuple(items), tuple(booked))
        entries += len(settle(record, measures, _YEAR_END))
    settled = time.perf_counter() - start
    found.append(Reckoning(size.units, size.items, facts, entries, spent, settled))


def _class_of(unit: int, day: date) -> str:
    return _CLASSES[unit % 3]


def _file(records: dict[int, tuple[list[Counted], list[Entry]]], item: list[Fact], scored: list[Entry]) -> None:
    """Put what happened to an item, and what it earned, to its unit."""
    items, booked = records[item[0].units[0]]
    items.append(Counted(item[0].day, "submitted"))
    booked += scored
    if len(item) > 1:
        items.append(Counted(item[1].day, "adopted", journals=(item[1].journal or "",), levels=("city",)))


def _items(size: Size) -> Iterator[list[Fact]]:
    draw = random.Random(SEED)
    fact_id = 0
    for number in range(1, size.items + 1):
        unit, day = draw.randrange(size.units), _NEW_YEAR + timedelta(days=draw.randrange(355))
        facts = [Fact(fact_id + 1, "submission", number, day, (unit,), unit)]
        if draw.random() < 1 / 3:
            journal = draw.choice(("MRYQ", "ZWXX", "ZWZB"))
            later = day + timedelta(days=3)
            facts.append(
                Fact(fact_id + 2, "adoption", number, later, (unit,), unit, journal, "city", "单条", issue="1")
            )
            if draw.random() < 1 / 20:
                facts.append(Fact(fact_id + 3, "instruction", number, later, (unit,), unit, rank="city"))
        fact_id += len(facts)
        yield facts
