"""What the tests of periods share: somebody of the office at work, items with a history, a month taken to its end."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from random import Random

from domain.adoption import Adoption
from domain.cycle import Step
from domain.errors import BaosongError
from domain.instruction import Instruction
from domain.item import Item
from domain.period import Period, month_of
from services import desk, points
from services.cycles import steps
from services.desk import Clerk
from services.desk_facts import instruct
from services.office import Office
from storage import item as items
from storage import roster
from storage.engine import Tx
from storage.ledger import NewFact
from tests.support import city
from tests.support.office import moment

NOVEMBER = month_of(date(2026, 11, 1))
UNITS = {2: "张三", 3: "王五", 4: "赵六", 5: "孙七"}
"""The assessed units of the small city, each with its reporter."""


def clerk(tx: Tx, office: Office, now: datetime, who: str = "周科长") -> Clerk:
    """Somebody of the office at a moment."""
    person = roster.person(tx, person_id(who), now.date())
    assert person is not None
    return Clerk(tx, office, person, now)


def person_id(who: str) -> int:
    return list(city.PEOPLE).index(who) + 1


def submit(tx: Tx, office: Office, units: tuple[int, ...], day: date, title: str = "春耕") -> Item:
    """An item that came in on a day."""
    now = moment(f"{day:%m-%d}", "10:00", day.year)
    author = person_id(UNITS[units[0]])
    new = items.NewItem(title, "正文", "动态", "单条", author, units, "onebot", "", False, "", "", "")
    item = items.add(tx, new, items.next_number(tx, day.year), round(now.timestamp() * 1000), f"{title}{day}")
    points.record_first(tx, office, item, NewFact("submission", item.id, day, author), now)
    return item


def adopt(one: Clerk, item: Item, code: str, issue: str, day: date) -> None:
    """A journal used an item on a day."""
    journal = next(journal for journal in one.office.journals if journal.code == code)
    desk.adopt_item(one, item, Adoption(journal, issue, journal.forms[0], day, None))


def something(one: Clerk, rng: Random, first: date, last: date) -> bool:
    """Something the desk does about an item, on a day of a span; whether it could be done."""
    known = list(items.pending(one.tx, 99)) + _adopted(one.tx)
    if not known:
        return False
    item, day = rng.choice(known), _day(rng, first, last)
    journal = rng.choice(one.office.journals).code
    acts: tuple[Callable[[], object], ...] = (
        lambda: adopt(one, item, journal, str(rng.randint(1, 40)), day),
        lambda: instruct(one, item, Instruction(rng.choice(("city", "province")), day)),
        lambda: desk.revoke(one, item, rng.choice(("adoption", "instruction")), "", "", "登记错了"),
    )
    try:
        with one.tx.savepoint():
            rng.choice(acts)()
    except BaosongError:
        return False
    return True


def _adopted(tx: Tx) -> list[Item]:
    numbers = tx.all("SELECT number FROM item WHERE state = 'adopted' ORDER BY id")
    return [item for (number,) in numbers if (item := items.by_number(tx, number)) is not None]


def _day(rng: Random, first: date, last: date) -> date:
    return first + timedelta(days=rng.randint(0, (last - first).days))


def history(tx: Tx, office: Office, rng: Random, first: date, last: date, count: int = 12) -> None:
    """Items of all units, some of them joint, and what the desk did about them."""
    for at in range(count):
        units = tuple(rng.sample(list(UNITS), rng.choice((1, 1, 1, 2))))
        submit(tx, office, units, _day(rng, first, last), f"信息{at}")
    at_work = clerk(tx, office, moment(f"{last:%m-%d}", "17:00", last.year))
    for _ in range(2 * count):
        something(at_work, rng, first, last)


def take_to(one: Clerk, period: Period, last: Step) -> None:
    """Take a period step by step up to one; between showing and freezing the units have their time."""
    for step in Step:
        now = one.now if step in (Step.CUT_OFF, Step.COMPUTE, Step.SHOW) else one.now + timedelta(days=7)
        steps.take(Clerk(one.tx, one.office, one.person, now), period, step)
        if step is last:
            return
