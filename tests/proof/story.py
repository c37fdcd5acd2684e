"""A random year of a small city under a real measure: items, adoptions, notes, corrections, months closed and frozen.

Everything is drawn from one number, so a history that fails is told again by its number.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path

from domain.cycle import State, Step
from domain.item import Item
from domain.measure import parse_measure
from domain.moment import ZONE, to_ms
from domain.period import Period, month_of
from services import points
from services.board import Row, boards
from services.cycles import snapshot
from services.office import Office
from storage import cycle, unit_fact
from storage.engine import Tx
from storage.ledger import NewFact
from storage.unit_fact import NewUnitFact
from tests.support.facts import CLERK, an_item
from tests.support.office import sample_office

ROOT = Path(__file__).parents[2]
YEAR = Period(date(2026, 1, 1), date(2026, 12, 31), "2026年")
UNITS = (2, 3, 4, 5)
RANKS = ("city", "province", "state")
EVENTS = ("commission.missed", "commission.late", "feedback.missed", "urgent.late", "urgent.concealed", "培训")
DEEDS = ("send", "send", "send", "adopt", "adopt", "adopt", "note", "up", "undo", "event", "pardon", "adjust", "close")

Shown = list[tuple[str, int | None, int, int, int, int]]
"""(class, rank, unit, points, submitted, adopted) of every row of the boards."""


@cache
def offices() -> tuple[Office, ...]:
    """The sample office under each measure in turn; every one is in force in 2026, whatever its own year was."""
    files = [ROOT / "domain/data/measure-sample.toml", *sorted((ROOT / "measures").glob("*.toml"))]
    measures = [parse_measure(file.read_text("utf-8")) for file in files]
    return tuple(
        replace(sample_office(), measures=(replace(one, effective_from=YEAR.first, effective_to=None),))
        for one in measures
        if one.rules
    )


@dataclass
class Told:
    """What is held against the end of a history: the boards as they were shown on the way, and what was frozen."""

    office: Office
    now: datetime
    boards: list[tuple[datetime, Period, Shown]] = field(default_factory=list)
    frozen: dict[str, bytes] = field(default_factory=dict)
    items: list[Item] = field(default_factory=list)


def tell(tx: Tx, number: int) -> Told:
    """Let the history of this number happen."""
    draw = random.Random(number)
    [office] = draw.choices(offices(), [len(one.measures[0].rules) for one in offices()])
    told = Told(office, datetime(2026, 1, 5, 9, tzinfo=ZONE))
    for place, unit in enumerate(UNITS):
        classes = office.measures[0].classes
        tx.run("UPDATE unit_class SET class = ? WHERE unit_id = ?", classes[place // 2 % len(classes)], unit)
    for _ in range(draw.randint(5, 20)):
        told.now += timedelta(days=draw.randint(0, 25), minutes=draw.randint(1, 300))
        if told.now.date() > YEAR.last:
            break
        _act(tx, told, draw)
        if draw.random() < 0.15:
            _look(tx, told, draw)
    return told


def _act(tx: Tx, told: Told, draw: random.Random) -> None:
    deed = draw.choice(DEEDS)
    day = max(YEAR.first, told.now.date() - timedelta(days=draw.choice((0, 0, 3, 40))))
    if deed == "close":
        _close(tx, told, draw)
    elif deed == "event":
        _happen(tx, told, NewUnitFact(draw.choice(EVENTS), draw.choice(UNITS), day, CLERK, points=None))
    elif deed == "adjust":
        worth = draw.choice((-500, 150))
        _happen(tx, told, NewUnitFact("adjustment", draw.choice(UNITS), day, CLERK, worth, "第一条", "核对"))
    elif deed == "pardon":
        for one in unit_fact.live(tx, draw.choice(UNITS))[:1]:
            points.revoke_unit_fact(tx, told.office, one.id, CLERK, "登记有误", told.now)
    elif deed == "send" or not told.items:
        _send(tx, told, draw, day)
    else:
        _on_an_item(tx, told, draw, deed, day)


def _happen(tx: Tx, told: Told, fact: NewUnitFact) -> None:
    points.record_unit_fact(tx, told.office, fact, told.now)


def _send(tx: Tx, told: Told, draw: random.Random, day: date) -> None:
    units = tuple(draw.sample(UNITS, draw.choice((1, 1, 1, 2, 3))))
    item = an_item(tx, units, form=draw.choice(("单条", "综合", "简讯")))
    told.items.append(item)
    points.record_first(tx, told.office, item, NewFact("submission", item.id, day, 5), told.now)


def _on_an_item(tx: Tx, told: Told, draw: random.Random, deed: str, day: date) -> None:
    item = draw.choice(told.items)
    live = points.facts_of(tx, item)
    if deed == "undo":
        later = [fact for fact in live if fact.kind != "submission"]
        if later:
            points.revoke(tx, told.office, item, draw.choice(later), CLERK, "登记有误", told.now)
        return
    fact = {"adopt": _adoption, "note": _note, "up": _sent_up}[deed](told.office, draw, item, day)
    points.record(tx, told.office, item, fact, told.now)


def _adoption(office: Office, draw: random.Random, item: Item, day: date) -> NewFact:
    named = [(one.code, one.level) for one in office.measures[0].journals.values()]
    code, level = draw.choice(named or [(one.code, one.level) for one in office.journals])
    return NewFact(
        "adoption", item.id, day, CLERK, journal=code, level=level, form=draw.choice(("单条", "综合", "调研")),
        issue=str(draw.randint(1, 99)), route=draw.choice(("direct", "forwarded", "")), points=draw.choice((None, 800)),
        commissioned=draw.random() < 0.3,
    )  # fmt: skip


def _note(office: Office, draw: random.Random, item: Item, day: date) -> NewFact:
    return NewFact("instruction", item.id, day, CLERK, rank=draw.choice(RANKS), detail=draw.choice(("", "deputy")))


def _sent_up(office: Office, draw: random.Random, item: Item, day: date) -> NewFact:
    return NewFact("upward", item.id, day, CLERK, level=draw.choice(("province", "state")))


def _close(tx: Tx, told: Told, draw: random.Random) -> None:
    """The month before is computed, and frozen unless points are not known yet."""
    last = told.now.date().replace(day=1) - timedelta(days=1)
    period = month_of(last)
    if last.year < YEAR.first.year or cycle.find(tx, period.code) is not None:
        return
    points.settle_month(tx, told.office, last, told.now)
    _move(tx, period, State.COMPUTED, Step.COMPUTE, told)
    if draw.random() < 0.6 and not cycle.pending(tx, YEAR.first, last):
        told.frozen[period.code] = snapshot.freeze(tx, told.office, period, told.now).content
        _move(tx, period, State.FROZEN, Step.FREEZE, told)


def _move(tx: Tx, period: Period, state: State, step: Step, told: Told) -> None:
    cycle.move(tx, period, state, cycle.Taken(step, to_ms(told.now), CLERK, 0, ""))


def _look(tx: Tx, told: Told, draw: random.Random) -> None:
    """Somebody asks for a board, and remembers it. What happens later happens later: the clock moves on."""
    period = draw.choice((YEAR, month_of(told.now.date())))
    told.boards.append((told.now, period, shown(boards(tx, period, told.office.measures))))
    told.now += timedelta(seconds=1)


def shown(found: Mapping[str, list[Row]]) -> Shown:
    """The rows of all boards in the order shown."""
    return [
        (name, row.rank, row.unit.id, row.points, row.submitted, row.adopted)
        for name, rows in found.items()
        for row in rows
    ]
