"""Settling (结算): what a unit's year is worth beyond its items and events, booked by difference.

It happens when a month is computed, and again for a unit whose facts of a computed month change. The rules always give
all settlements of the year, so what is booked is brought in line by the same comparison as everything else.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime

from domain.measure import Measure
from domain.measure.rules import FactRule
from domain.scoring.record import Record
from domain.scoring.settle import settle
from services.measures import in_force
from services.office import Office, class_lookup
from services.points.booking import Key, move_totals, reconcile
from storage import ledger, settlement, unit_fact
from storage.engine import Tx


def settle_month(tx: Tx, office: Office, last: date, now: datetime) -> int:
    """Settle the year of a month's last day for every assessed unit, up to that day or as far as it was settled before.

    Returns how many units that changed. The caller moves the period on.
    """
    measures = in_force(tx, office)
    if not _settles(tx, measures, last.year):
        return 0
    computed = ledger.computed_through(tx)
    upto = min(date(last.year, 12, 31), max(last, computed or last))
    return sum(_settle(tx, measures, unit_id, last.year, upto, now) for unit_id in settlement.units(tx, last.year))


def settle_again(tx: Tx, office: Office, about: Collection[Key], now: datetime) -> None:
    """Settle the units again for which something happened (or did not, after all) on a day of a computed month."""
    computed = ledger.computed_through(tx)
    if computed is None:
        return
    measures = in_force(tx, office)
    for unit_id, year in sorted({(unit_id, day.year) for unit_id, day in about if day <= computed}):
        if _settles(tx, measures, year):
            _settle(tx, measures, unit_id, year, min(date(year, 12, 31), computed), now)


def _settle(tx: Tx, measures: Sequence[Measure], unit_id: int, year: int, upto: date, now: datetime) -> bool:
    """Returns whether anything was booked."""
    found = settlement.year_of(tx, unit_id, year)
    wanted = settle(record_of(tx, unit_id, year, found), measures, upto)
    moved = reconcile(tx, wanted, found.settled, now)
    move_totals(tx, moved.points)
    return bool(moved.about)


def _settles(tx: Tx, measures: Sequence[Measure], year: int) -> bool:
    """Whether a measure of the year has a rule that looks at a span, or had one when something was settled."""
    in_year = (one for one in measures if one.effective_from.year <= year)
    has_rules = any(not isinstance(rule, FactRule) for measure in in_year for rule in measure.rules)
    return has_rules or settlement.is_settled(tx, year)


def record_of(tx: Tx, unit_id: int, year: int, found: settlement.Year) -> Record:
    """A unit's year as the rules read it. Its class is that of the year."""
    last = date(year, 12, 31)
    return Record(
        unit_id,
        year,
        class_lookup(tx)(unit_id, last),
        settlement.counted(tx, unit_id, year),
        found.earned,
        tuple(one.fact for one in unit_fact.live(tx, unit_id) if one.day.year in (year - 1, year)),
        settlement.names(tx, unit_id),
    )
