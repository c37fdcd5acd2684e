"""Commissions as if the office had issued them, for tests of what follows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from domain.commission import Assignment, Commission, Event, Kind
from domain.moment import to_ms
from storage import commission as commissions
from storage.commission import NewAssignment, NewCommission
from storage.engine import Tx

CHIEF = 1


def issued(
    tx: Tx, topic: str, unit_ids: Sequence[int], due: datetime, now: datetime, *,
    urgent: bool = False, off_chat: bool = False,
) -> Commission:  # fmt: skip
    """A commission of these units, issued by 周科长."""
    new = replace(NewCommission(topic, to_ms(due)), urgent=urgent, off_chat=off_chat)
    draft = commissions.draft(tx, new, [NewAssignment(unit_id) for unit_id in unit_ids], CHIEF, to_ms(now))
    commissions.issue(tx, draft.id, commissions.next_number(tx, now.year), now.year, CHIEF, 0, to_ms(now))
    found = commissions.by_id(tx, draft.id)
    assert found is not None
    return found


def happened(tx: Tx, commission: Commission, unit_id: int, kind: Kind, now: datetime, **more: int) -> Assignment:
    """Something happens to a unit's assignment."""
    one = next(a for a in commissions.assignments(tx, commission.id) if a.unit_id == unit_id)
    return commissions.record(tx, one, Event(kind, to_ms(now), CHIEF, due_ms=more.get("due_ms", 0)))
