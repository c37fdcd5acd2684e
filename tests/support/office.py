"""The sample office, moments of 2026 in its zone, and the messages that wait to go out."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime

from bot.office import build_office
from bot.settings import Settings
from domain.moment import ZONE, show_time
from services.office import Office
from storage import ledger, roster
from storage.engine import Tx
from tests.support import city


def sample_office() -> Office:
    return build_office(Settings())


def moment(day: str, time: str = "09:00", year: int = 2026) -> datetime:
    """`moment("11-23", "09:41")` in the office's zone."""
    return datetime.fromisoformat(f"{year}-{day}T{time}").replace(tzinfo=ZONE)


def book(tx: Tx, unit_id: int, day: str, *, points: int = 0, submitted: int = 0, adopted: int = 0) -> None:
    """Totals as if items had been booked; the day is in 2026."""
    on = date.fromisoformat(f"2026-{day}")
    class_name = roster.class_of(tx, unit_id, on)
    ledger.add_to_totals(tx, unit_id, class_name, on, points=points, submitted=submitted, adopted=adopted)


@dataclass(frozen=True)
class Waiting:
    """A message in the outbox: to a group's number or a person's name, from when on."""

    to: str
    text: str
    kind: str
    at: str


NAMES = {account: name for name, (_, _, account) in city.PEOPLE.items()}


def outgoing(tx: Tx) -> list[Waiting]:
    """Everything that was queued, oldest first."""
    rows = tx.all("SELECT target, payload, kind, not_before_ms FROM outbox ORDER BY id")
    found = []
    for target, payload, kind, not_before_ms in rows:
        number = target.partition(":")[2]
        to = number if target.startswith("g:") else NAMES.get(number, number)
        found.append(Waiting(to, json.loads(payload)["text"], kind, show_time(not_before_ms)))
    return found
