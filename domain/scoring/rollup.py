"""Points of a unit that count for its parent too (并入): a direct point for its county, a section for its bureau."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date

from domain.measure.law import article_name
from domain.measure.model import Rollup
from domain.scoring.case import ClassOf, Line
from domain.scoring.fact import Entry
from domain.scoring.rounding import divide

ParentOf = Callable[[int, date], int | None]


def no_parent(unit_id: int, day: date) -> int | None:
    """For offices whose units stand side by side."""
    return None


def rolled_up(line: Line, class_of: ClassOf, parent_of: ParentOf) -> Iterator[Entry]:
    """The entry of the unit, then those of its parents, as far up as the measure carries it and never in a circle."""
    if line.measure is None or not line.measure.rollups:
        yield line.entry
        return
    entry, passed = line.entry, {line.entry.unit_id}
    while True:
        rollup = _rollup(entry, line.measure.rollups, class_of)
        parent = parent_of(entry.unit_id, entry.day) if rollup is not None else None
        if rollup is None or parent is None or parent in passed:
            yield entry
            return
        passed.add(parent)
        yield entry if rollup.keep else _handed_on(entry, rollup)
        entry = _taken_over(entry, rollup, parent)


def _rollup(entry: Entry, rollups: tuple[Rollup, ...], class_of: ClassOf) -> Rollup | None:
    if not entry.points:
        return None
    unit_class = class_of(entry.unit_id, entry.day)
    return next(
        (
            rollup
            for rollup in rollups
            if unit_class in rollup.classes and (not rollup.categories or entry.category in rollup.categories)
        ),
        None,
    )


def _handed_on(entry: Entry, rollup: Rollup) -> Entry:
    name = article_name(rollup.article)
    return replace(entry, points=0, article=name, reason=f"{entry.reason}，按{name}计入上级单位")


def _taken_over(entry: Entry, rollup: Rollup, parent: int) -> Entry:
    """The parent's entry. Its code names the unit it comes from, so that two units' entries stay two; the author's own
    points are counted once."""
    name = article_name(rollup.article)
    share = "" if rollup.share == 100 else f"{rollup.share}%"
    return replace(
        entry, unit_id=parent, author_id=None if rollup.keep else entry.author_id,
        code=f"rollup:{entry.unit_id}:{entry.code}", article=name, points=divide(entry.points * rollup.share, 100),
        reason=f"下属单位{entry.reason}（按{name}{share}并入）",
    )  # fmt: skip
