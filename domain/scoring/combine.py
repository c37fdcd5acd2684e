"""One item in several journals: what counts beside what (一稿多用), within one level and across levels.

Every mode is a function over the lines of one unit in order of day: it gives what each line counts for, None for a line
that loses its points.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from dataclasses import replace

from domain.journal import LEVEL_NAMES
from domain.measure.law import article_name
from domain.measure.model import Combine, Measure
from domain.measure.rules import Mode
from domain.ranking import format_points
from domain.scoring.case import Line, wording

Counted = list[int | None]


def combined(lines: Sequence[Line]) -> list[Line]:
    """The lines with what they count for; their order stays."""
    result = list(lines)
    if len(result) < 2:
        return result
    if any(line.once is not None for line in lines):
        result = _best_only(result)
    for measure, places in _groups(result):
        rule = measure.combine
        for by_level in _levels(result, places):
            _count(result, by_level, rule, rule.within_level, _WITHIN[rule.within_level])
        _count(result, places, rule, rule.across_levels, _ACROSS[rule.across_levels])
    return _not_twice(result, lines)


def _best_only(lines: Sequence[Line]) -> list[Line]:
    best: dict[tuple[object, ...], Line] = {}
    for line in lines:
        if line.once is not None:
            rival = best.setdefault(line.once.key, line)
            if line.entry.points > rival.entry.points:
                best[line.once.key] = line
    return [
        line
        if line.once is None or best[line.once.key] is line
        else line.without_points(line.once.article, line.once.words)
        for line in lines
    ]


def _groups(lines: Sequence[Line]) -> Iterable[tuple[Measure, list[int]]]:
    """The places of the adoption lines of one unit under one wording, where they do not simply add up."""
    groups: dict[object, tuple[Measure, list[int]]] = {}
    for at, line in enumerate(lines):
        if line.pool != "adoption" or line.measure is None:
            continue
        if line.measure.combine.within_level == line.measure.combine.across_levels == "cumulative":
            continue
        key = (wording(line.measure), line.entry.unit_id)
        groups.setdefault(key, (line.measure, []))[1].append(at)
    return groups.values()


def _levels(lines: Sequence[Line], places: Sequence[int]) -> Iterable[list[int]]:
    levels: dict[str, list[int]] = {}
    for at in places:
        levels.setdefault(lines[at].level, []).append(at)
    return levels.values()


def _count(
    lines: list[Line], places: Sequence[int], rule: Combine, mode: Mode, counted: Callable[[Sequence[Line]], Counted]
) -> None:
    """Let the lines at some places count by a mode; one that lost before is out."""
    standing = [at for at in places if lines[at].pool]
    for at, points in zip(standing, counted([lines[at] for at in standing]), strict=True):
        line = lines[at]
        if points is None:
            lines[at] = line.without_points(rule.article, _LOST[mode])
        elif points != line.entry.points:
            name, more = article_name(rule.article), format_points(points)
            reason = f"{line.entry.reason}，同一信息按{name}补差，计高出的{more}分"
            lines[at] = line._replace(entry=replace(line.entry, points=points, reason=reason))


_LOST: Mapping[Mode, str] = {
    "highest": "同一信息就高计分，此项不重复计分",
    "once": "同一信息只计一次，此项不重复计分",
    "delta": "同一信息补差计分，没有高出的部分，此项不再计分",
    "cumulative": "",
}


def _all(lines: Sequence[Line]) -> Counted:
    return [line.entry.points for line in lines]


def _keep(lines: Sequence[Line], is_kept: Callable[[Line], bool]) -> Counted:
    return [line.entry.points if is_kept(line) or not line.counts else None for line in lines]


def _highest(lines: Sequence[Line]) -> Counted:
    """The best line; what is pending stays so, it may still turn out to be the best."""
    best = max(lines, key=lambda line: line.entry.points, default=None)
    return _keep(lines, lambda line: line is best or line.entry.pending)


def _first(lines: Sequence[Line]) -> Counted:
    first = next((line for line in lines if line.counts), None)
    return _keep(lines, lambda line: line is first)


def _more(lines: Sequence[Line]) -> Counted:
    """A line counts for what it is above the best before it."""
    counted, best = Counted(), 0
    for line in lines:
        more = max(0, line.entry.points - best)
        best += more
        counted.append(more if more or line.entry.pending or not line.entry.points else None)
    return counted


def _highest_level(lines: Sequence[Line]) -> Counted:
    totals = _totals(lines)
    best = max(totals, key=lambda level: totals[level], default="")
    return _keep(lines, lambda line: line.level == best or line.entry.pending)


def _first_level(lines: Sequence[Line]) -> Counted:
    first = next((line.level for line in lines if line.counts), "")
    return _keep(lines, lambda line: line.level == first)


def _more_than_levels(lines: Sequence[Line]) -> Counted:
    """A line counts for what it lifts its level above the best level before it."""
    counted, totals, best = Counted(), dict[str, int](), 0
    for line in lines:
        totals[line.level] = totals.get(line.level, 0) + line.entry.points
        more = max(0, totals[line.level] - best)
        best += more
        counted.append(more if more or line.entry.pending or not line.entry.points else None)
    return counted


def _totals(lines: Sequence[Line]) -> dict[str, int]:
    """The points of each level, the level of the earliest line that counts first."""
    totals: dict[str, int] = {}
    for line in lines:
        if line.counts:
            totals[line.level] = totals.get(line.level, 0) + line.entry.points
    return totals


_WITHIN: Mapping[Mode, Callable[[Sequence[Line]], Counted]] = {
    "cumulative": _all, "highest": _highest, "once": _first, "delta": _more,
}  # fmt: skip
_ACROSS: Mapping[Mode, Callable[[Sequence[Line]], Counted]] = {
    "cumulative": _all, "highest": _highest_level, "once": _first_level, "delta": _more_than_levels,
}  # fmt: skip


def _not_twice(result: list[Line], before: Sequence[Line]) -> list[Line]:
    """Take the points for sending up where being used there replaces them, whether or not that use counted."""
    if not any(line.pool == "upward" for line in result):
        return result
    used = {
        (wording(line.measure), line.entry.unit_id, line.level)
        for line in before
        if line.pool == "adoption" and line.measure is not None and line.counts
    }
    return [_replaced(line) if _is_replaced(line, used) else line for line in result]


def _is_replaced(line: Line, used: Container[object]) -> bool:
    if line.pool != "upward" or line.measure is None or line.measure.combine.upward != "replaced":
        return False
    return line.counts and (wording(line.measure), line.entry.unit_id, line.level) in used


def _replaced(line: Line) -> Line:
    assert line.measure is not None, "only a measure replaces points"
    return line.without_points(
        line.measure.combine.article, f"已被{LEVEL_NAMES.get(line.level, '')}采用，不再另计上报分"
    )
