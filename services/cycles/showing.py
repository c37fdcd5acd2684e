"""核对: every unit reads its own figures in private, how to object and until when, before the board is frozen."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime

from domain.moment import to_ms
from domain.period import Period
from domain.roster import REPORTERS, Person, Role
from services.board import boards
from services.cycles import texts
from services.mail import next_allowed_ms, tell
from services.measures import in_force
from services.office import Office
from storage import cycle as store
from storage import roster
from storage.engine import Tx

KIND = "cycle shown"


@dataclass(frozen=True, slots=True)
class Shown:
    """How many units are told, the names of those nobody could be told of, and when the messages go out (UTC ms)."""

    told: int
    missed: tuple[str, ...]
    start_ms: int


def show(tx: Tx, office: Office, period: Period, until: datetime, now: datetime) -> Shown:
    """Queue the private messages, in speaking hours; a unit's reporter who has no account is stood in for."""
    reporters = reporters_by_unit(tx, now.date())
    booked = store.entry_counts(tx, period.first, period.last)
    told, missed = 0, []
    for name, rows in boards(tx, period, in_force(tx, office)).items():
        size = sum(row.rank is not None for row in rows)
        for row in rows:
            place = texts.place(name, row, size) if office.bulletins.ranks else name
            text = texts.own_figures(period, row, place, booked.get(row.unit.id, (0, 0)), until)
            key = f"{KIND}:{period.code}:{to_ms(now)}:{row.unit.id}"
            if tell_one(tx, office, reporters[row.unit.id], text, key, KIND, now):
                told += 1
            else:
                missed.append(row.unit.label)
    return Shown(told, tuple(missed), next_allowed_ms(office, now))


def reporters_by_unit(tx: Tx, day: date) -> defaultdict[int, list[Person]]:
    """unit → its reporters of a day, A before B."""
    found: defaultdict[int, list[Person]] = defaultdict(list)
    people = roster.people(tx, REPORTERS, day)
    for role in (Role.REPORTER, Role.DEPUTY_REPORTER):
        for person in people:
            for post in person.posts:
                if post.role is role:
                    found[post.unit_id].append(person)
    return found


def tell_one(tx: Tx, office: Office, people: list[Person], text: str, key: str, kind: str, now: datetime) -> bool:
    """Queue a message, in speaking hours, to the first of a unit's reporters who can be reached; False if none can."""
    not_before_ms = next_allowed_ms(office, now)
    return any(
        tell(tx, person.id, text, dedup=key, kind=kind, now=now, not_before_ms=not_before_ms) for person in people
    )
