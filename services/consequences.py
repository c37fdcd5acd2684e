"""What the end of a matter means for the measure: facts about the unit, written with the end itself (facts: §3.3 B).

A commission tells when the office closes a unit's share, because until then more time may be granted or the share be
exempted; an urgent case tells with its final report. Opening a share again takes the facts back.
"""

from __future__ import annotations

from datetime import datetime

from domain.commission import Outcome
from domain.moment import day_of
from domain.urgent import Urgent
from services.assignments import Share
from services.office import Office
from services.points import record_unit_fact, revoke_unit_fact
from storage import unit_fact
from storage.engine import Tx
from storage.unit_fact import NewUnitFact

FEEDBACK = "反馈"
"""A commission of this class asks for feedback; what is missed is counted as that."""

_ANSWERED = frozenset({Outcome.ADOPTED, Outcome.SENT, Outcome.MERGED})


def share_closed(tx: Tx, office: Office, share: Share, person_id: int, now: datetime) -> None:
    """A share was closed: as 未完成 it is missed, on the day it was due; else it is done on the day it was answered,
    and late too if that was after the due time. An exempted one tells nothing."""
    closed, number = share.assignment.now, share.commission.number
    due_day = min(day_of(closed.due_ms), now.date())
    asks_feedback = FEEDBACK in share.commission.class_name
    family = "feedback" if asks_feedback else "commission"
    told: list[tuple[str, str]] = []
    if closed.outcome is Outcome.UNDONE:
        told = [(f"{family}.missed", f"{number} 未完成")]
    elif closed.outcome in _ANSWERED and closed.answered_ms:
        told = [("commission.done", f"{number} 已报送")] if not asks_feedback else []
        if closed.answered_ms > closed.due_ms:
            told.append((f"{family}.late", f"{number} 逾期报送"))
    for event, reason in told:
        day = day_of(closed.answered_ms) if event == "commission.done" else due_day
        fact = NewUnitFact(
            event, share.assignment.unit_id, day, person_id, reason=reason, matter=_matter(share)
        )  # fmt: skip
        record_unit_fact(tx, office, fact, now)


def share_reopened(tx: Tx, office: Office, share: Share, person_id: int, now: datetime) -> None:
    """A share was opened again: what its closing told is not so."""
    for fact in unit_fact.about(tx, _matter(share)):
        if fact.unit_id != share.assignment.unit_id:
            continue
        revoke_unit_fact(tx, office, fact.id, person_id, f"{share.commission.number} 重开", now)


def urgent_ended(tx: Tx, office: Office, case: Urgent, person_id: int, now: datetime) -> None:
    """The final report of a case is in: it was late if the call or the first report came after its limit."""
    told = [
        words
        for at_ms, due_ms, words in (
            (case.phone_ms, case.phone_due_ms, "电话报告"),
            (case.first_ms, case.written_due_ms, "书面首报"),
        )
        if due_ms and at_ms > due_ms
    ]
    if not told or not case.unit_id:
        return
    fact = NewUnitFact(
        "urgent.late", case.unit_id, day_of(case.start_ms), person_id, reason=f"{case.number} {'、'.join(told)}超时",
        matter=case.number,
    )  # fmt: skip
    record_unit_fact(tx, office, fact, now)


def _matter(share: Share) -> str:
    """What people read beside the points: the commission, and which sub-topic of it."""
    part = f"第{share.assignment.part}项" if share.assignment.part else ""
    return f"{share.commission.number}{part}"
