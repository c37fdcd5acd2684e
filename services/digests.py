"""The daily digest (每日提醒): what a reporter owes, once a working day, at a time each may choose or switch off.

It replaces that day's reminders instead of adding to them. Whoever chose nothing gets one at the office's time, on
days when something falls due soon; whoever chose a time gets one as long as anything is open.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from domain.commission import Assignment, Commission, Stage
from domain.errors import BadInput
from domain.ladder import is_near
from domain.moment import to_ms
from domain.roster import REPORTERS, Role
from services.office import Office
from storage import commission as commissions
from storage import reminder as reminders
from storage import roster
from storage.engine import Tx
from storage.reminder import OFF

NEAR_WORKDAYS = 3
"""How many working days ahead something has to fall due for those who chose nothing."""

_OWED = (Stage.ISSUED, Stage.RECEIVED)

NOTHING = "没有要提醒的"
TOLD = "当天已提醒过"
MISSED = "当天没有赶上工作时间"
SWITCHED_OFF = "本人已关闭"
MOVED = "本人改了时间，当天不再发"


def minute_of(office: Office, chosen: int | None, role: Role = Role.REPORTER) -> int:
    """When somebody's digest comes, in minutes after midnight, or OFF. Deputies get one only if they ask for it."""
    if chosen is not None:
        return chosen
    at = office.reminders.digest_at
    return OFF if at is None or role is not Role.REPORTER else at.hour * 60 + at.minute


def plan_day(tx: Tx, office: Office, now: datetime) -> int:
    """Plan today's digests of everybody whose unit owes something; returns how many."""
    minutes: dict[int, int] = {}
    for person_id, role, chosen in reminders.digest_readers(tx, now.date()):
        minutes[person_id] = max(minutes.get(person_id, OFF), minute_of(office, chosen, role))
    wanted = {person_id: minute for person_id, minute in minutes.items() if minute != OFF}
    return sum(reminders.plan_digest(tx, id, now.date(), to_ms(_at(now, minute))) for id, minute in wanted.items())


def choose(tx: Tx, office: Office, person_id: int, at: time | None, now: datetime) -> bool:
    """Keep when a person wants the digest (None: never); whether one still comes today.

    Raises BadInput for a time outside the office's speaking hours.
    """
    day = now.date()
    if at is None:
        reminders.choose_digest(tx, person_id, OFF)
        settle(tx, person_id, now, SWITCHED_OFF)
        return False
    if not any(begin <= at < end for begin, end in office.hours.windows):
        windows = "、".join(f"{begin:%H:%M}–{end:%H:%M}" for begin, end in office.hours.windows)
        raise BadInput(reason=f"{at:%H:%M} 不在工作时间，请选 {windows} 之间的时间。")
    minute = at.hour * 60 + at.minute
    reminders.choose_digest(tx, person_id, minute)
    if _at(now, minute) <= now or not _is_day(office, day):
        settle(tx, person_id, now, MOVED)
        return False
    return reminders.plan_digest(tx, person_id, day, to_ms(_at(now, minute)))


def chosen(tx: Tx, office: Office, person_id: int) -> int:
    """When a person's digest comes, in minutes after midnight, or OFF."""
    return minute_of(office, reminders.digest_choice(tx, person_id))


def due(tx: Tx, office: Office, now: datetime) -> list[int]:
    """Who is to get today's digest now. One that may not go out now waits for later today, or is given up."""
    allowed = office.hours.next_allowed(now, office.calendar)
    found: list[int] = []
    for digest in reminders.due_digests(tx, to_ms(now)):
        if digest.day != now.date() or allowed.date() != digest.day:
            reminders.settle_digest(tx, digest.person_id, digest.day, MISSED, None, to_ms(now))
        elif allowed > now:
            reminders.plan_digest(tx, digest.person_id, digest.day, to_ms(allowed))
        else:
            found.append(digest.person_id)
    return found


def still_to_come_ms(tx: Tx, person_id: int, now: datetime) -> int:
    """When a person's digest comes later today, UTC ms; 0 if none does."""
    planned_ms = reminders.digest_ms(tx, person_id, now.date())
    return planned_ms if planned_ms > to_ms(now) else 0


def settle(tx: Tx, person_id: int, now: datetime, reason: str, message_id: int | None = None) -> None:
    """Write what became of today's digest of a person, if there is one."""
    reminders.settle_digest(tx, person_id, now.date(), reason, message_id, to_ms(now))


def worth_telling(tx: Tx, office: Office, person_id: int, now: datetime) -> list[tuple[Commission, Assignment]]:
    """Everything a person's units owe, nearest first; nothing if it is not worth a digest today."""
    person = roster.person(tx, person_id, now.date())
    if person is None:
        return []
    units = sorted({post.unit_id for post in person.posts if post.role in REPORTERS})
    owed = [
        pair for pair in commissions.open_of_units(tx, units) if pair[1].now.stage in (Stage.ISSUED, Stage.RECEIVED)
    ]
    if reminders.digest_choice(tx, person_id) is not None:
        return owed
    near = any(is_near(assignment.now.due_ms, now, office.calendar, NEAR_WORKDAYS) for _, assignment in owed)
    return owed if near else []


def _is_day(office: Office, day: date) -> bool:
    return not office.hours.workdays_only or office.calendar.is_workday(day)


def _at(now: datetime, minute: int) -> datetime:
    return now.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(minutes=minute)
