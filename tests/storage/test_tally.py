"""What authors did in a span of days, on both engines."""

from __future__ import annotations

from datetime import date

from domain.item import Item
from services import points
from storage import item as items
from storage import tally
from storage.engine import Store, Tx
from storage.ledger import NewFact
from storage.tally import Tally
from tests.support.office import moment, sample_office

OFFICE, NOW, CLERK = sample_office(), moment("11-23"), 2
ZHANG, WANG = 5, 7
OCTOBER, NOVEMBER = (date(2026, 10, 1), date(2026, 10, 31)), (date(2026, 11, 1), date(2026, 11, 30))


def sent(tx: Tx, author: int, day: date, *units: int) -> Item:
    new = items.NewItem("标题", "正文", "动态", "单条", author, units, "onebot", "", False, "", "", "")
    item = items.add(tx, new, items.next_number(tx, 2026), 0, "")
    points.record(tx, OFFICE, item, NewFact("submission", item.id, day, author), NOW)
    return item


def used(tx: Tx, item: Item, day: date) -> None:
    fact = NewFact("adoption", item.id, day, CLERK, journal="MRYQ", level="city", form="单条", issue="128")
    points.record(tx, OFFICE, item, fact, NOW)


async def test_points_and_counts_are_of_the_author_and_the_unit_the_item_was_signed_for(settled: Store) -> None:
    def story(tx: Tx) -> list[list[Tally]]:
        used(tx, sent(tx, ZHANG, date(2026, 10, 5), 2, 3), date(2026, 11, 3))
        sent(tx, WANG, date(2026, 11, 4), 3)
        taken = sent(tx, WANG, date(2026, 11, 5), 3)
        points.revoke(tx, OFFICE, taken, points.facts_of(tx, taken)[0], WANG, "", NOW)
        spans = ((*NOVEMBER, None), (*OCTOBER, None), (*NOVEMBER, 3))
        return [sorted(tally.tallies(tx, *span), key=lambda one: one.person_id) for span in spans]

    november, october, own = await settled.run(story)
    assert november == [Tally(ZHANG, 2, 150, 0, 1), Tally(WANG, 3, 50, 1, 0)]
    assert october == [Tally(ZHANG, 2, 25, 1, 0)]
    assert own == [Tally(WANG, 3, 50, 1, 0)]


async def test_who_works_in_which_section_is_told_by_the_day(settled: Store) -> None:
    def story(tx: Tx) -> list[dict[tuple[int, int], str]]:
        tx.run("INSERT INTO section (id, unit_id, name, valid_from) VALUES (1, 2, '综合科', '2026-01-01')")
        tx.run("UPDATE post SET section_id = 1, valid_to = '2026-11-10' WHERE person_id = ?", ZHANG)
        return [tally.sections(tx, date(2026, 11, 10)), tally.sections(tx, date(2026, 11, 11))]

    assert await settled.run(story) == [{(ZHANG, 2): "综合科"}, {}]
    assert (await settled.read(tally.names))[ZHANG] == "张三"
