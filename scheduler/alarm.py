"""Something is wrong that a person has to look at: the administrators are told, in private."""

from __future__ import annotations

import logging
from datetime import datetime

from domain.roster import Role
from services.mail import next_allowed_ms, tell
from services.office import Office
from storage import roster
from storage.engine import Tx

logger = logging.getLogger("baosong.clock")

ADMINS = frozenset({Role.ADMIN})


def alarm(tx: Tx, office: Office, text: str, *, dedup: str, now: datetime, prefer: str = "") -> int:
    """Tell everybody who is 系统管理员, in speaking hours; returns how many could be told. The log has it at once.

    `prefer` is the platform to tell it on, for whoever has an account there.
    """
    logger.error("alarm: %s", text)
    people = roster.people(tx, ADMINS, now.date())
    later = next_allowed_ms(office, now)
    return sum(
        tell(tx, person.id, text, dedup=f"alarm:{dedup}", kind="alarm", now=now, prefer=prefer, not_before_ms=later)
        for person in people
    )
