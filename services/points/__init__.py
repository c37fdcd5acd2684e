"""Booking: facts in, entries and totals out, always by the same comparison.

After a fact was appended or taken back, the entries the measure gives for all live facts of the item are compared
with those booked: what is no longer due is reversed, what is newly due is appended. The totals move with them.
"""

from __future__ import annotations

from services.points.items import adoptions, facts_of, rebook, record, record_first, revoke, submissions

__all__ = ["adoptions", "facts_of", "rebook", "record", "record_first", "revoke", "submissions"]
