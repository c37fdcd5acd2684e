"""Who hears of a correction: every unit whose points moved, its own lines alone."""

from __future__ import annotations

from collections.abc import Sequence

from services.cycles import texts
from services.cycles.showing import reporters_by_unit, tell_one
from services.desk import Clerk
from services.items import unit_label
from storage import correction as store
from storage.correction import Correction

KIND = "correction applied"


def tell_units(clerk: Clerk, found: Correction, units: Sequence[int]) -> tuple[list[str], list[str]]:
    """Tell the units what an applied set booked for them; returns whom it reached and whom not, as people call them."""
    tx, reporters = clerk.tx, reporters_by_unit(clerk.tx, clerk.today)
    told: list[str] = []
    missed: list[str] = []
    for unit_id in units:
        unit = unit_label(tx, unit_id, clerk.now.year)
        lines = texts.moved(store.booked_for(tx, found, unit_id))
        text = texts.CORRECTED_TO_YOU.format(unit=unit, moved=lines)
        key = f"{KIND}:{found.id}:{unit_id}"
        reached = tell_one(tx, clerk.office, reporters[unit_id], text, key, KIND, clerk.now)
        (told if reached else missed).append(unit)
    return told, missed
