"""The figures of a board and the frozen bytes: the same on either engine."""

from __future__ import annotations

from datetime import date

import pytest

from domain.scoring import Entry
from storage import item as items
from storage import ledger, unit_fact
from storage import snapshot as store
from storage.engine import Store, Tx
from storage.ledger import NewFact
from storage.snapshot import Adjusted, Kept, Monthly
from storage.unit_fact import NewUnitFact

NOON = 1_795_406_400_000
FIRST, LAST = date(2026, 11, 1), date(2026, 11, 30)
DAY = date(2026, 11, 20)


def item(tx: Tx, title: str, units: tuple[int, ...]) -> int:
    """An item sent on the 20th."""
    new = items.NewItem(title, "正文", "动态", "单条", 5, units, "onebot", "", False, "", "", "")
    item_id = items.add(tx, new, items.next_number(tx, 2026), NOON, title).id
    ledger.append_fact(tx, NewFact("submission", item_id, DAY, 5), NOON)
    return item_id


def adopt(tx: Tx, item_id: int, journal: str, level: str, day: date, *, commissioned: bool = False) -> int:
    fact = NewFact(
        "adoption", item_id, day, 2, journal=journal, level=level, form="单条", issue="128", commissioned=commissioned
    )
    return ledger.append_fact(tx, fact, NOON)


def book(
    tx: Tx, fact_id: int, points: int, category: str, *, day: date = DAY, about: date | None = None, item_id: int = 0
) -> None:
    one = Entry(fact_id, item_id, 2, None, day, "code", "第七条", "缘由", points, category)
    ledger.append_entry(tx, one, NOON, about=about)


async def test_an_item_counts_once_and_its_adoptions_each(settled: Store) -> None:
    def happen(tx: Tx) -> None:
        joint = item(tx, "联合", (2, 3))
        adopt(tx, joint, "MRYQ", "city", DAY, commissioned=True)
        adopt(tx, joint, "SZB", "province", DAY)
        wrong = adopt(tx, joint, "ZWXX", "city", DAY)
        ledger.append_fact(tx, NewFact("revocation", joint, DAY, 2, revokes=wrong), NOON)
        ledger.append_fact(tx, NewFact("instruction", joint, DAY, 2, rank="city"), NOON)
        ledger.append_fact(tx, NewFact("upward", joint, DAY, 2, level="province"), NOON)
        adopt(tx, item(tx, "去年", (2,)), "MRYQ", "city", date(2025, 12, 31))

    await settled.run(happen)
    found = await settled.read(store.figures, FIRST, LAST)
    shared = {
        "commissioned": 1, "adopted.journal.MRYQ": 1, "adopted.journal.SZB": 1,
        "adopted.level.city": 1, "adopted.level.province": 1, "adopted.form.单条": 2,
        "adopted.journal.MRYQ.form.单条": 1, "adopted.journal.SZB.form.单条": 1, "instruction.level.city": 1,
        "upward.level.province": 1,
    }  # fmt: skip
    assert dict(found[3]) == shared
    assert dict(found[2]) == shared
    assert await settled.read(store.items_counted, FIRST, LAST) == (2, 1)


async def test_points_are_told_by_category_level_journal_and_rank(settled: Store) -> None:
    def happen(tx: Tx) -> None:
        item_id = item(tx, "春耕", (2,))
        adopted = adopt(tx, item_id, "SZB", "province", DAY)
        noted = ledger.append_fact(tx, NewFact("instruction", item_id, DAY, 2, rank="city"), NOON)
        book(tx, adopted, 3000, "采用分", item_id=item_id)
        book(tx, noted, 1000, "批示分", item_id=item_id)
        book(tx, 0, -200, "任务分")
        book(tx, 0, 100, "任务分", day=date(2026, 12, 1))

    await settled.run(happen)
    found = (await settled.read(store.figures, FIRST, LAST))[2]
    assert {key: number for key, number in found.items() if key.startswith("points")} == {
        "points.category.采用分": 3000, "points.category.批示分": 1000, "points.category.任务分": -200,
        "points.level.province": 3000, "points.journal.SZB": 3000, "points.instruction.city": 1000,
    }  # fmt: skip


async def test_a_missed_commission_counts_until_it_is_taken_back(settled: Store) -> None:
    def miss(tx: Tx) -> None:
        for unit in (2, 3):
            id = unit_fact.append(tx, NewUnitFact("commission.missed", unit, DAY, 2), NOON)
        fact = unit_fact.by_id(tx, id)
        assert fact is not None
        unit_fact.append_revocation(tx, fact, 2, "病假", NOON)

    await settled.run(miss)
    found = await settled.read(store.figures, FIRST, LAST)
    assert {unit: dict(own) for unit, own in found.items()} == {2: {"commission.missed": 1}}


async def test_the_adoptions_of_a_span_come_with_their_units_and_the_leaders_that_wrote_a_note(settled: Store) -> None:
    def happen(tx: Tx) -> int:
        item_id = item(tx, "联合", (3, 2))
        adopt(tx, item_id, "MRYQ", "city", DAY, commissioned=True)
        for rank, day in (("province", date(2026, 10, 9)), ("city", DAY), ("state", date(2026, 12, 1))):
            ledger.append_fact(tx, NewFact("instruction", item_id, day, 2, rank=rank), NOON)
        return item_id

    item_id = await settled.run(happen)
    (one,) = await settled.read(store.adoptions, FIRST, LAST)
    assert (one.item_id, one.number, one.units, one.instructed) == (item_id, "2026-0001", (3, 2), ("province", "city"))
    assert (one.journal, one.level, one.form, one.issue, one.commissioned) == ("MRYQ", "city", "单条", "128", True)
    assert await settled.read(store.adoptions, date(2026, 10, 1), date(2026, 10, 31)) == []


async def test_late_entries_and_those_a_person_gave_are_adjustments(settled: Store) -> None:
    def happen(tx: Tx) -> None:
        given = unit_fact.append(tx, NewUnitFact("adjustment", 2, DAY, 1, points=-200, article="第十二条"), NOON)
        counted = unit_fact.append(tx, NewUnitFact("commission.missed", 2, DAY, 1), NOON)
        book(tx, -given, -200, "加减分")
        book(tx, -counted, -100, "约稿分")
        book(tx, 0, 300, "采用分", day=date(2026, 11, 21), about=date(2026, 10, 3))

    await settled.run(happen)
    assert await settled.read(store.adjusted, FIRST, LAST) == [
        Adjusted(2, -200, "缘由", "第七条", DAY),
        Adjusted(2, 300, "缘由", "第七条", date(2026, 11, 21)),
    ]


async def test_items_and_points_in_all_are_the_totals_that_are_kept(settled: Store) -> None:
    def happen(tx: Tx) -> None:
        ledger.add_to_totals(tx, 2, "县（市、区）", DAY, points=350, submitted=2, adopted=1)
        ledger.add_to_totals(tx, 2, "县（市、区）", date(2026, 10, 3), points=100)

    await settled.run(happen)
    (own,) = (await settled.read(store.figures, FIRST, LAST)).values()
    assert dict(own) == {"points": 350, "submitted": 2, "adopted": 1}
    assert store.month_codes(date(2025, 11, 1), date(2026, 2, 28)) == ["2025-11", "2025-12", "2026-01", "2026-02"]


async def test_an_item_used_before_is_not_used_for_the_first_time(settled: Store) -> None:
    def happen(tx: Tx) -> None:
        item_id = item(tx, "春耕", (2,))
        adopt(tx, item_id, "MRYQ", "city", date(2026, 10, 9), commissioned=True)
        adopt(tx, item_id, "SZB", "province", DAY, commissioned=True)

    await settled.run(happen)
    assert await settled.read(store.items_counted, FIRST, LAST) == (1, 0)
    assert "commissioned" not in (await settled.read(store.figures, FIRST, LAST))[2]


async def test_the_totals_of_months_are_read_at_once(settled: Store) -> None:
    def happen(tx: Tx) -> None:
        ledger.add_to_totals(tx, 2, "县（市、区）", DAY, points=300, submitted=2, adopted=1)
        ledger.add_to_totals(tx, 2, "县（市、区）", date(2026, 10, 3), points=100)

    await settled.run(happen)
    assert await settled.read(store.months, ["2026-10", "2026-11"]) == {
        ("2026-10", 2): Monthly(100, 0, 0),
        ("2026-11", 2): Monthly(300, 2, 1),
    }


async def test_a_frozen_board_is_written_once(settled: Store) -> None:
    kept = Kept("2026-11", NOON, 7, "abc", b'{"format":1}\x00')
    await settled.run(store.keep, kept)
    assert await settled.read(store.find, "2026-11") == kept
    assert await settled.read(store.find, "2026-12") is None
    with pytest.raises(Exception, match=r"(?i)unique"):
        await settled.run(store.keep, kept)
