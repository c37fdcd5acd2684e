"""Whether a measure fits this office: its journals, the classes and units of its roster, the measures loaded before."""

from __future__ import annotations

from dataclasses import dataclass

from domain.measure import MeasureFault, Written, read_measure
from domain.measure.fit import check_classes, check_dates, check_journals, check_rollups, check_units
from services.measures import others_than
from services.office import Office
from storage import ledger, roster_tree
from storage.engine import Tx

NO_CLASSES = "单位表里还没有{year}年的考评类别，类别和单位没有核对。"


@dataclass(frozen=True, slots=True)
class Checked:
    """What is wrong with a measure, each with its line, and what could not be looked at."""

    faults: tuple[MeasureFault, ...]
    hints: tuple[str, ...] = ()


def check(tx: Tx, office: Office, text: str, year: int) -> Checked:
    """Everything that does not fit. The classes are those of the measure's first year, or (where nobody was put into a
    class for it yet) those of `year`. Raises MeasureFault if the text is no measure."""
    written = read_measure(text)
    faults = [*check_dates(written, others_than(tx, written.measure)), *check_journals(written, office.journals)]
    for in_year in (written.measure.effective_from.year, year):
        if ledger.class_names(tx, in_year):
            return Checked((*faults, *_against_roster(tx, written, in_year)))
    return Checked(tuple(faults), (NO_CLASSES.format(year=year),))


def _against_roster(tx: Tx, written: Written, year: int) -> list[MeasureFault]:
    tree = roster_tree.tree(tx, year)
    return [
        *check_classes(written, ledger.class_names(tx, year)),
        *check_rollups(written, tree.parents, tree.classes, tree.names),
        *check_units(written, tree.words),
    ]
