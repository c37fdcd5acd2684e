"""What was booked is booked anew: everything since a day, when a measure was corrected behind it; a unit's year, when
it was put into another class."""

from __future__ import annotations

from datetime import date, datetime

from services.office import Office
from services.points.booking import Key
from services.points.items import rebook_item
from services.points.settling import settle_again, settle_month
from services.points.units import rebook_unit
from storage import item as items
from storage import ledger, roster_write, unit_fact
from storage.engine import Tx


def rebook_all(tx: Tx, office: Office, first: date, now: datetime) -> None:
    """Bring every item and unit that has a fact since `first` in line with the office's measures, and the settlements
    of every year from then on that was computed."""
    about: set[Key] = set()
    for item_id in ledger.items_since(tx, first):
        item = items.by_id(tx, item_id)
        assert item is not None, "facts are about items"
        about |= rebook_item(tx, office, item, now)
    for unit_id in unit_fact.units_since(tx, first):
        about |= rebook_unit(tx, office, unit_id, now)
    settle_again(tx, office, about, now)
    computed = ledger.computed_through(tx)
    for year in range(first.year, computed.year + 1 if computed else first.year):
        settle_month(tx, office, min(date(year, 12, 31), computed or date.max), now)


def rebook_year(tx: Tx, office: Office, unit_id: int, year: int, now: datetime) -> None:
    """Bring all a unit has of a year in line with its class of now: items, facts about it, settlements."""
    about: set[Key] = {(unit_id, date(year, 1, 1))}
    for item_id in roster_write.items_with_facts(tx, unit_id, year):
        item = items.by_id(tx, item_id)
        assert item is not None, "a credited item exists"
        about |= rebook_item(tx, office, item, now)
    settle_again(tx, office, about | rebook_unit(tx, office, unit_id, now), now)
