"""Finding the unit somebody means, in the roster of a day."""

from __future__ import annotations

from datetime import date

from domain.roster import Unit
from domain.unit_names import the_unit
from storage import roster
from storage.engine import Tx


def find_unit(tx: Tx, words: str, day: date) -> Unit:
    """The one unit of the day that is meant. Raises BadInput if several could be, NotFound if none can."""
    return the_unit(words, roster.units(tx, day), roster.unit_names(tx, day))
