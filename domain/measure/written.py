"""A measure together with where it is written: what the checks need to name the line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from domain.measure.fault import MeasureFault
from domain.measure.lines import line_of
from domain.measure.model import Measure
from domain.measure.rules import Rule


@dataclass(frozen=True, slots=True)
class RuleAt:
    """A rule and its place in the file (`rule[3]`)."""

    rule: Rule
    path: str


@dataclass(frozen=True, slots=True)
class Written:
    """`rules` are those of the measure, in the same order; `places` has for a key (`quota`) the paths of its tables in
    force, in the order of the measure; `lines` has the line of every key path."""

    measure: Measure
    rules: tuple[RuleAt, ...]
    places: Mapping[str, tuple[str, ...]]
    lines: Mapping[str, int]

    def fault(self, path: str, found: object, allowed: str, mend: str) -> MeasureFault:
        return MeasureFault(path, found, allowed, mend, line_of(self.lines, path))
