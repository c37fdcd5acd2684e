"""Booking: facts in, entries and totals out, always by the same comparison.

After a fact was appended or taken back, the entries the measure gives for all live facts of the item (or of the unit)
are compared with those booked: what is no longer due is reversed, what is newly due is appended. The totals move with
them, and what was settled for a month that is computed already is settled again.
"""

from __future__ import annotations

from services.points.again import rebook_all, rebook_year
from services.points.items import adoptions, facts_of, rebook, record, record_first, revoke, submissions
from services.points.settling import settle_month
from services.points.units import record_unit_fact, revoke_unit_fact

__all__ = [
    "adoptions",
    "facts_of",
    "rebook",
    "rebook_all",
    "rebook_year",
    "record",
    "record_first",
    "record_unit_fact",
    "revoke",
    "revoke_unit_fact",
    "settle_month",
    "submissions",
]
