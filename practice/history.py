"""Three months of the city's work, made up but booked by the real operations.

`plan` is pure: the same seed, day and calendar give the same history. `replay` carries a stretch of it out: items are
taken in by `services.submission` and decided by `services.desk`, so that every score is one the measure really gives.
Nobody is told of it: it lies in the past.
"""

from __future__ import annotations

import random
import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Literal, TypeVar

from domain.adoption import Adoption
from domain.instruction import Instruction
from domain.item import Item
from domain.journal import find_journal
from domain.moment import ZONE
from domain.roster import Person, Role
from domain.workday import WorkCalendar
from practice.city import CITY_GROUP, COUNTY_GROUP, PLATFORM, UnitPlan, phrases, units
from services import desk, desk_facts
from services.desk import Clerk
from services.office import Office
from services.submission import Draft, submit, withdraw
from storage import item as items
from storage import roster
from storage.engine import Tx

SEED = 20_260_101
MONTHLY = {"县（市、区）": 9.0, "重点部门": 5.5, "一般部门": 3.2}
"""How many items a unit of a class sends in a month; each unit has its own diligence on top."""

SILENT_DAYS = 25
"""For so many working days the silent units have sent nothing."""

JOURNALS = (
    ("每日要情", "单条", 38), ("每日要情", "简讯", 22), ("云山政务信息", "单条", 22), ("每日要情", "综合", 8),
    ("云山政务专报", "专报", 3), ("领导参阅", "调研", 2), ("省政府每日要情", "单条", 4), ("省政府政务信息", "单篇", 1),
)  # fmt: skip
KINDS = (("动态", 55), ("经验", 22), ("问题", 15), ("建议", 8))
FATES = (("adopt", 52), ("reject", 36), ("return", 9), ("withdraw", 3))

T = TypeVar("T")

Act = Literal["submit", "revise", "withdraw", "return", "reject", "adopt", "again", "instruct"]


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened: `key` tells the item, `unit` is the place of the unit in the city's list."""

    at: datetime
    key: int
    act: Act
    unit: int = 0
    partner: int | None = None
    title: str = ""
    body: str = ""
    kind: str = ""
    commissioned: bool = False
    journal: str = ""
    form: str = ""
    reason: str = ""


@dataclass(slots=True)
class Memory:
    """What `replay` must remember from one stretch to the next: the ids behind the keys."""

    items: dict[int, int] = field(default_factory=dict)


def first_day(today: date) -> date:
    """Where the history begins: the first day of the month three months ago."""
    months = today.year * 12 + today.month - 1 - 3
    return date(months // 12, months % 12 + 1, 1)


def plan(now: datetime, calendar: WorkCalendar, seed: int = SEED) -> list[Event]:
    """Everything that happened up to `now`, in order."""
    days = [day for day in _days(first_day(now.date()), now.date()) if calendar.is_workday(day)]
    events = [event for story in _stories(days, seed) for event in story if event.at < now]
    return sorted(events, key=lambda event: (event.at, event.key))


def _days(first: date, last: date) -> Iterator[date]:
    return (first + timedelta(days=n) for n in range((last - first).days + 1))


def _stories(days: Sequence[date], seed: int) -> Iterator[list[Event]]:
    """One story per item. Each unit draws from its own dice, so that units do not disturb each other."""
    key = 0
    for at, unit in enumerate(units()):
        dice = random.Random(f"{seed} {unit.short}")
        told = 0
        for day in days[: -SILENT_DAYS if unit.silent else None]:
            # Whoever is not silent sends at least one item in the first days of a month.
            for _ in range(_how_many(dice, unit, day) + (_place_in_month(days, day) == at % 8)):
                key += 1
                yield _story(dice, unit, at, key, told, _moment(dice, day))
                told += 1


def _place_in_month(days: Sequence[date], day: date) -> int:
    """Which of the month's working days this is, from 0."""
    return bisect_left(days, day) - bisect_left(days, day.replace(day=1))


def _how_many(dice: random.Random, unit: UnitPlan, day: date) -> int:
    """Towards the end of a month people remember their quota (facts: month-end dumping)."""
    diligence = 0.55 + (sum(map(ord, unit.short)) % 11) / 10
    hurry = 1.8 if day.day >= 26 else 0.9
    chance = (MONTHLY[unit.class_name] - 1) / 21 * diligence * hurry
    return int(chance) + (dice.random() < chance % 1)


def _moment(dice: random.Random, day: date) -> datetime:
    minute = dice.choice((dice.randrange(510, 705), dice.randrange(870, 1070)))
    return datetime.combine(day, time(minute // 60, minute % 60, dice.randrange(60)), ZONE)


def _story(dice: random.Random, unit: UnitPlan, at: int, key: int, told: int, when: datetime) -> list[Event]:
    kind = _pick(dice, KINDS)
    matter, _, situation = unit.matters[(told + len(unit.short)) % len(unit.matters)].partition("|")
    title, body = _wording(dice, kind, unit.short, matter, situation)
    partner = dice.randrange(10, len(units())) if dice.random() < 0.05 and unit.kind == "县区" else None
    commissioned = dice.random() < 0.06
    sent = Event(when, key, "submit", at, partner, title, body, kind, commissioned)
    return [sent, *_what_follows(dice, sent)]


def _what_follows(dice: random.Random, sent: Event) -> list[Event]:
    fate = _pick(dice, FATES)
    decided = _later(dice, sent.at, 1, 4)
    if fate == "withdraw":
        return [Event(sent.at + timedelta(minutes=dice.randrange(5, 90)), sent.key, "withdraw", sent.unit)]
    if fate == "reject":
        return [Event(decided, sent.key, "reject", reason=dice.choice(phrases()["reasons"]["reject"]))]
    if fate == "return":
        reason = dice.choice(phrases()["reasons"]["return"])
        again = _later(dice, decided, 1, 2)
        body = sent.body + "\n（已按要求补充核实有关数据。）"
        revised = Event(again, sent.key, "revise", sent.unit, title=sent.title, body=body)
        returned = Event(decided, sent.key, "return", reason=reason)
        return [returned, revised, *_adopted(dice, sent, _later(dice, again, 1, 3))]
    return _adopted(dice, sent, decided)


def _adopted(dice: random.Random, sent: Event, when: datetime) -> list[Event]:
    journal, form = _pick(dice, tuple(((name, form), weight) for name, form, weight in JOURNALS))
    events = [Event(when, sent.key, "adopt", journal=journal, form=form)]
    if journal != "省政府每日要情" and dice.random() < 0.08:
        events.append(Event(_later(dice, when, 2, 6), sent.key, "again", journal="省政府每日要情", form="单条"))
    if journal in ("云山政务专报", "领导参阅") and dice.random() < 0.5:
        events.append(Event(_later(dice, when, 3, 8), sent.key, "instruct"))
    return events


def _later(dice: random.Random, when: datetime, least: int, most: int) -> datetime:
    """Some days on, in the forenoon; never on a weekend (a holiday does happen: somebody is on duty)."""
    day = when.date() + timedelta(days=dice.randint(least, most))
    day += timedelta(days=max(0, day.weekday() - 4) and 7 - day.weekday())
    return datetime.combine(day, time(9, 5), ZONE) + timedelta(minutes=dice.randrange(150))


def _wording(dice: random.Random, kind: str, who: str, matter: str, situation: str) -> tuple[str, str]:
    words = phrases()
    fill = {"who": who, "matter": matter, "fact": _figures(dice, situation)}
    title = dice.choice(words["titles"][kind]).format(**fill)
    parts = [dice.choice(words[part][kind]).format(**fill) for part in ("opening", "middle", "closing")]
    return title, "\n".join(part for part in parts if part)


def _figures(dice: random.Random, situation: str) -> str:
    ranges = {"n": (3, 38), "m": (112, 968), "p": (58, 98)}
    return re.sub(r"\{(\w)\}", lambda match: str(dice.randint(*ranges[match[1]])), situation)


def _pick(dice: random.Random, weighted: Sequence[tuple[T, int]]) -> T:
    return dice.choices([one for one, _ in weighted], [weight for _, weight in weighted])[0]


def replay(tx: Tx, office: Office, events: Sequence[Event], memory: Memory) -> None:
    """Carry a stretch of the history out, each step at its own time."""
    for event in events:
        if event.act == "submit":
            _submit(tx, office, event, memory)
            continue
        item = items.by_id(tx, memory.items[event.key])
        assert item is not None, "a story begins with its submission"
        if event.act == "withdraw":
            withdraw(tx, office, _reporter(tx, event), item.number, event.at)
        elif event.act == "revise":
            draft = Draft(event.title, event.body, revises=item.number)
            submit(tx, office, _reporter(tx, event), draft, platform=PLATFORM, chat=item.chat,
                   event_key=f"practice:{event.key}:2", now=event.at)  # fmt: skip
        else:
            _decide(tx, office, event, item)


def _submit(tx: Tx, office: Office, event: Event, memory: Memory) -> None:
    plan = units()[event.unit]
    reporter = _reporter(tx, event)
    others = () if event.partner is None else (_unit_id(event.partner),)
    draft = Draft(
        event.title, event.body, units=others, kind=event.kind, commissioned=event.commissioned, writer=reporter.name,
        phone=reporter.phone, new=True,
    )  # fmt: skip
    chat = COUNTY_GROUP if plan.kind == "县区" and event.key % 3 else CITY_GROUP
    taken = submit(tx, office, reporter, draft, platform=PLATFORM, chat=chat, event_key=f"practice:{event.key}",
                   now=event.at)  # fmt: skip
    memory.items[event.key] = taken.item.id


def _unit_id(place: int) -> int:
    """The office has the first id, the units follow in the city's order."""
    return place + 2


def _reporter(tx: Tx, event: Event) -> Person:
    row = tx.one("SELECT person_id FROM post WHERE unit_id = ? ORDER BY id LIMIT 1", _unit_id(event.unit))
    assert row is not None
    person = roster.person(tx, row[0], event.at.date())
    assert person is not None, "every unit has a reporter first"
    return person


def _decide(tx: Tx, office: Office, event: Event, item: Item) -> None:
    clerk = Clerk(tx, office, _clerk(tx, event), event.at)
    if event.act in ("adopt", "again"):
        journal, day = find_journal(event.journal, office.journals), event.at.date()
        desk.adopt_item(clerk, item, Adoption(journal, str(day.timetuple().tm_yday), event.form, day, None))
    elif event.act == "instruct":
        desk_facts.instruct(clerk, item, Instruction("city", event.at.date()))
    elif event.act == "return":
        desk.return_item(clerk, item.number, event.reason)
    else:
        desk.reject_item(clerk, item.number, event.reason)


def _clerk(tx: Tx, event: Event) -> Person:
    """The two clerks of the section take turns."""
    day = event.at.date()
    clerks = roster.people(tx, frozenset({Role.OFFICE}), day)
    return clerks[event.key % len(clerks)]
