"""What settling a year reads: everything one unit did in it, and what a quota asked of it there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from domain.measure.model import Exempt, Grant, Measure, Quota
from domain.scoring.fact import Entry, Fact


@dataclass(frozen=True, slots=True)
class Counted:
    """One item as it counts for a quota: sent or used on `day` (its own day, also when it was booked later).

    An item used in several journals counts once; `journals` and `levels` name all of them.
    """

    day: date
    what: Literal["submitted", "adopted"]
    kind: str = ""
    form: str = ""
    journals: tuple[str, ...] = ()
    levels: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Record:
    """One unit's year. `entries` are the standing ones of its items and events, without settlements, each on its own
    day also when it was booked later; `events` the live facts about the unit.

    Where a rule looks at weeks, the days of a week that began in the December before may be in it too: they count for
    that week and for nothing else. `unit_names` are the names a measure may call the unit by.
    """

    unit_id: int
    year: int
    unit_class: str
    items: tuple[Counted, ...] = ()
    entries: tuple[Entry, ...] = ()
    events: tuple[Fact, ...] = ()
    unit_names: tuple[str, ...] = ()

    def grant(self, grant: Grant) -> int:
        """What a grant by class or unit gives this unit."""
        if grant.axis == "unit":
            return next((grant.by[name] for name in self.unit_names if name in grant.by), grant.points)
        return grant.of(self.unit_class if grant.axis == "class" else None)

    def asked(self, quota: Quota) -> int | None:
        """What a quota asks of this unit; None when it asks nothing."""
        if quota.classes and self.unit_class not in quota.classes:
            return None
        least = self.grant(quota.least)
        return least if least >= 0 else None


def is_exempt(measure: Measure, unit_names: tuple[str, ...], day: date) -> Exempt | None:
    """The clause that leaves a unit out of the assessment on a day; a span is judged by its last day."""
    for clause in measure.exempt:
        in_force = clause.first <= day and (clause.last is None or day <= clause.last)
        if in_force and not set(clause.units).isdisjoint(unit_names):
            return clause
    return None
