"""What persons and sections did (全员办信息): the authors' own points and counts; a section sums up its people."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from domain.period import Period
from services.items import unit_label
from storage import tally
from storage.engine import Tx

NO_SECTION = "未分科室"


@dataclass(frozen=True, slots=True)
class Row:
    """One person, or with `name` '' one section. Points in hundredths."""

    unit: str
    section: str
    name: str
    points: int
    submitted: int
    adopted: int
    person_id: int = 0
    unit_id: int = 0


def persons(tx: Tx, period: Period, today: date, unit_id: int | None = None) -> list[Row]:
    """Everybody who did something in a period, in all units or in one, best first."""
    found = tally.tallies(tx, period.first, period.last, unit_id)
    names, sections = tally.names(tx), tally.sections(tx, min(period.last, today))
    rows = (
        Row(
            unit_label(tx, one.unit_id, period.last.year), sections.get((one.person_id, one.unit_id), ""),
            names.get(one.person_id, ""), one.points, one.submitted, one.adopted, one.person_id,
            one.unit_id,
        )
        for one in found
    )  # fmt: skip
    return _best_first(rows)


def by_section(people: Iterable[Row]) -> list[Row]:
    """The same by section: whoever works in none stands under 未分科室."""
    sums: dict[tuple[str, str], Row] = {}
    for person in people:
        row = replace(person, section=person.section or NO_SECTION, name="", person_id=0)
        old = sums.get((row.unit, row.section))
        sums[row.unit, row.section] = _plus(old, row) if old else row
    return _best_first(sums.values())


def _plus(one: Row, other: Row) -> Row:
    return replace(
        one,
        points=one.points + other.points,
        submitted=one.submitted + other.submitted,
        adopted=one.adopted + other.adopted,
    )


def _best_first(rows: Iterable[Row]) -> list[Row]:
    return sorted(rows, key=lambda row: (-row.points, -row.adopted, -row.submitted, row.unit, row.section, row.name))
