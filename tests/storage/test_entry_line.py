"""Lines of an account: an entry with its item, its journal and who registered it, on both engines."""

from __future__ import annotations

from datetime import date

from domain.item import Item
from services import points
from storage import entry_line
from storage import item as items
from storage.engine import Store, Tx
from storage.ledger import NewFact
from tests.support.office import moment, sample_office

OFFICE, NOW = sample_office(), moment("11-23")
REPORTER, CLERK, HEAD = 5, 2, 1
NOVEMBER = (date(2026, 11, 1), date(2026, 11, 30))


def sent(tx: Tx, *units: int) -> Item:
    new = items.NewItem("标题", "正文", "动态", "单条", REPORTER, units, "onebot", "", False, "", "", "")
    item = items.add(tx, new, items.next_number(tx, 2026), 0, "")
    points.record(tx, OFFICE, item, NewFact("submission", item.id, date(2026, 11, 2), REPORTER), NOW)
    return item


def used(tx: Tx, item: Item, day: date) -> None:
    fact = NewFact("adoption", item.id, day, CLERK, journal="MRYQ", level="city", form="单条", issue="128")
    points.record(tx, OFFICE, item, fact, NOW)


async def test_a_line_names_item_journal_and_who_registered_it(settled: Store) -> None:
    def story(tx: Tx) -> list[entry_line.Line]:
        used(tx, sent(tx, 2), date(2026, 11, 20))
        return entry_line.lines(tx, 2, *NOVEMBER)

    first, second = await settled.run(story)
    assert (first.entry.reason, first.number, first.title, first.by) == ("报送信息", "2026-0001", "标题", "张三")
    assert (second.journal, second.level, second.form, second.issue) == ("MRYQ", "city", "单条", "128")
    assert (second.by, second.entry.points, second.reverses) == ("吴科员", 300, None)


async def test_a_reversal_is_of_whoever_revoked(settled: Store) -> None:
    def story(tx: Tx) -> list[entry_line.Line]:
        item = sent(tx, 2)
        used(tx, item, date(2026, 11, 20))
        fact = points.facts_of(tx, item)[-1]
        points.revoke(tx, OFFICE, item, fact, HEAD, "登记错了", NOW)
        return entry_line.lines(tx, 2, *NOVEMBER)

    lines = await settled.run(story)
    given, back = lines[1:]
    assert (given.by, given.entry.points, given.reverses) == ("吴科员", 300, None)
    assert (back.by, back.entry.points, back.reverses, back.note) == ("周科长", -300, given.seq, "登记错了")


async def test_lines_are_those_of_the_unit_and_of_the_days(settled: Store) -> None:
    def story(tx: Tx) -> list[int]:
        used(tx, sent(tx, 2, 3), date(2026, 10, 31))
        spans = ((2, *NOVEMBER), (3, *NOVEMBER), (2, date(2026, 10, 31), date(2026, 11, 2)), (4, *NOVEMBER))
        return [len(entry_line.lines(tx, *span)) for span in spans]

    assert await settled.run(story) == [1, 1, 2, 0]


async def test_the_items_behind_the_counts_are_those_sent_and_those_first_used_in_the_span(settled: Store) -> None:
    def story(tx: Tx) -> list[tuple[bool, str, str]]:
        early, late = sent(tx, 2), sent(tx, 2, 3)
        used(tx, early, date(2026, 10, 30))
        used(tx, early, date(2026, 11, 5))
        used(tx, late, date(2026, 11, 6))
        return [(one.adopted, one.number, one.by) for one in entry_line.counted(tx, 2, *NOVEMBER)]

    assert await settled.run(story) == [
        (False, "2026-0001", "张三"),
        (False, "2026-0002", "张三"),
        (True, "2026-0002", "吴科员"),
    ]
