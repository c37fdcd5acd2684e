"""Whether a measure fits this office: its journals, the classes and units of its roster, the measures loaded before."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from domain.measure import Measure, MeasureFault, Written, read_measure
from domain.measure.fit import check_classes, check_dates, check_journals, check_rollups, check_units
from domain.measure.rules import QuotaMissedRule
from services.measures import others_than
from services.office import Office
from storage import ledger, roster_tree
from storage import measure as store
from storage.engine import Tx

NO_CLASSES = "单位表里还没有{year}年的考评类别，类别和单位没有核对。"
NOTHING_YET = (
    "注意：{first} 至 {last} 没有登记过信息，办法管到这些日子，任务会按一条没报扣分。"
    "那时还没有启用的，把 effective_from 改为 {begun}。"
)


@dataclass(frozen=True, slots=True)
class Checked:
    """What is wrong with a measure, each with its line, and what could not be looked at."""

    faults: tuple[MeasureFault, ...]
    hints: tuple[str, ...] = ()


def check(tx: Tx, office: Office, text: str, today: date) -> Checked:
    """Everything that does not fit. The classes are those of the measure's first year, or (where nobody was put into a
    class for it yet) those of this year. Raises MeasureFault if the text is no measure."""
    written = read_measure(text)
    faults = [*check_dates(written, others_than(tx, written.measure)), *check_journals(written, office.journals)]
    hints = tuple(_nothing_yet(tx, written.measure, today))
    for in_year in (written.measure.effective_from.year, today.year):
        if ledger.class_names(tx, in_year):
            return Checked((*faults, *_against_roster(tx, written, in_year)), hints)
    return Checked(tuple(faults), (NO_CLASSES.format(year=today.year), *hints))


def _nothing_yet(tx: Tx, measure: Measure, today: date) -> Iterator[str]:
    """Months before anything was registered count as months in which nobody sent anything: an office that begins in
    the middle of a year has to know."""
    if not any(isinstance(rule, QuotaMissedRule) for rule in measure.rules):
        return
    begun = (store.first_day(tx) or today).replace(day=1)
    if measure.effective_from < begun:
        yield NOTHING_YET.format(first=measure.effective_from, last=begun - timedelta(days=1), begun=begun)


def _against_roster(tx: Tx, written: Written, year: int) -> list[MeasureFault]:
    tree = roster_tree.tree(tx, year)
    return [
        *check_classes(written, ledger.class_names(tx, year)),
        *check_rollups(written, tree.parents, tree.classes, tree.names),
        *check_units(written, tree.words),
    ]
