"""The class of the year (考评类别): what follows when a unit is put into another, and what a new year begins with."""

from __future__ import annotations

from datetime import date, datetime

from services import points
from services.office import Office
from storage import ledger, roster, roster_write
from storage.engine import Tx


def follow_class(tx: Tx, office: Office, unit_id: int, class_name: str, now: datetime) -> None:
    """The class holds for the whole year: what a unit earned this year is booked anew under its new class."""
    ledger.move_class(tx, unit_id, now.year, class_name)
    points.rebook_year(tx, office, unit_id, now.year, now)


def carry_over(tx: Tx, office: Office, now: datetime) -> int:
    """Give every unit that has no class this year the one of last year; returns how many.

    Without it nobody would be ranked or reminded from the first of January until the office imports the new classes.
    """
    carried = 0
    last_year = date(now.year - 1, 12, 31)
    for unit in roster.units(tx, now.date()):
        class_name = "" if unit.class_name else roster.class_of(tx, unit.id, last_year)
        if class_name:
            roster_write.set_class(tx, unit.id, now.year, class_name)
            follow_class(tx, office, unit.id, class_name, now)
            carried += 1
    return carried
