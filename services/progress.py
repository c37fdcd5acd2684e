"""How far units are with what the measure asks of them (任务进度), told for one unit or of all that lag behind."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from domain.progress import Progress, progress
from domain.roster import Unit
from services.measures import in_force
from services.office import Office
from services.points.settling import record_of
from storage import roster, settlement
from storage.engine import Tx


@dataclass(frozen=True, slots=True)
class UnitProgress:
    """Every quota of a unit in the span that runs; `behind` are those it lags behind in."""

    unit: Unit
    quotas: tuple[Progress, ...]

    @property
    def behind(self) -> tuple[Progress, ...]:
        return tuple(one for one in self.quotas if one.behind and not one.encouraged)


def of_unit(tx: Tx, office: Office, unit: Unit, day: date) -> UnitProgress:
    """What is asked of a unit on a day, what should be done by then and what is."""
    record = record_of(tx, unit.id, day.year, settlement.year_of(tx, unit.id, day.year))
    return UnitProgress(unit, tuple(progress(record, in_force(tx, office), day, office.calendar)))


def of_all(tx: Tx, office: Office, day: date) -> list[UnitProgress]:
    """The same of every assessed unit the measure asks something of, in the office's order."""
    units = [unit for unit in roster.units(tx, day) if unit.class_name]
    return [found for unit in units if (found := of_unit(tx, office, unit, day)).quotas]
