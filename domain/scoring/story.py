"""All facts of one item in order: what a rule has to look back or around at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from domain.scoring.case import Case, Line, wording
from domain.scoring.combine import combined


@dataclass(frozen=True, slots=True)
class Story:
    """The cases of an item by day and id. `adopted` has the lines of each adoption by its fact."""

    cases: Sequence[Case]
    adoptions: Sequence[Case]
    adopted: dict[int, list[Line]] = field(default_factory=dict)

    def is_used(self, case: Case) -> bool:
        """Whether a journal took the item under the same wording of the measure."""
        return any(
            other.measure is not None and case.measure is not None and wording(other.measure) == wording(case.measure)
            for other in self.adoptions
        )

    def places(self, upto: date) -> list[tuple[str | None, str | None]]:
        """(journal, level) of every adoption up to a day."""
        return [(one.fact.journal, one.fact.level) for one in self.adoptions if one.fact.day <= upto]

    def earned(self, unit: int, upto: date) -> tuple[int, bool]:
        """What adoptions up to a day have brought a unit by then, and whether some of it is not known yet."""
        lines: Sequence[Line] = [
            line
            for case in self.adoptions
            if case.fact.day <= upto
            for line in self.adopted[case.fact.id]
            if line.entry.unit_id == unit
        ]
        entries = [line.entry for line in combined(lines)]
        return sum(entry.points for entry in entries), any(entry.pending for entry in entries)
