"""What settling a year reads: the standing entries by their own day, and the items as they count."""

from __future__ import annotations

from datetime import date

from domain.scoring.record import Counted
from storage import ledger, settlement
from storage.engine import Store, Tx
from tests.support.facts import an_entry, an_item, happened, taken_back


async def test_a_year_has_what_is_about_its_days_wherever_it_was_booked(settled: Store) -> None:
    def story(tx: Tx) -> tuple[list[tuple[date, int]], list[str]]:
        ledger.append_entry(tx, an_entry("04-11", 100), 0)
        ledger.append_entry(tx, an_entry("2027-01-04", 200), 0, about=date(2026, 12, 30))
        ledger.append_entry(tx, an_entry("2027-01-04", 400), 0)
        ledger.append_entry(tx, an_entry("04-12", 800), 0)
        ledger.append_entry(tx, an_entry("04-12", 800), 1, reverses=ledger.last_seq(tx))
        ledger.append_entry(tx, an_entry("04-30", -50, fact_id=0, item_id=0, code="q@2026-04"), 0)
        ledger.append_entry(tx, an_entry("04-30", 1, unit_id=3), 0)
        year = settlement.year_of(tx, 2, 2026)
        return [(one.day, one.points) for one in year.earned], [one.entry.code for one in year.settled]

    earned, codes = await settled.run(story)
    assert earned == [(date(2026, 4, 11), 100), (date(2026, 12, 30), 200)]
    assert codes == ["q@2026-04"]


async def test_a_settlement_reversed_in_the_next_year_does_not_stand_in_the_old_one(settled: Store) -> None:
    def story(tx: Tx) -> tuple[bool, tuple[object, ...], list[int]]:
        assert not settlement.is_settled(tx, 2026)
        one = an_entry("12-31", -50, fact_id=0, item_id=0)
        ledger.append_entry(tx, one, 0)
        later = an_entry("2027-02-01", -50, fact_id=0, item_id=0)
        ledger.append_entry(tx, later, 1, about=one.day, reverses=ledger.last_seq(tx))
        return settlement.is_settled(tx, 2026), settlement.year_of(tx, 2, 2026).settled, settlement.units(tx, 2026)

    assert await settled.run(story) == (True, (), [2, 3, 4, 5])


async def test_an_item_counts_as_sent_on_its_day_and_as_used_on_that_of_its_first_issue(settled: Store) -> None:
    def story(tx: Tx) -> tuple[Counted, ...]:
        item = an_item(tx, (2, 3), kind="经验", form="调研")
        happened(tx, item, "submission", "03-30")
        wrong = happened(tx, item, "adoption", "03-31", journal="LDCY", level="city", form="调研")
        taken_back(tx, item, wrong)
        happened(tx, item, "adoption", "05-02", journal="SYQ", level="province", form="单条")
        happened(tx, item, "adoption", "04-02", journal="MRYQ", level="city", form="简讯")
        return settlement.counted(tx, 3, 2026)

    sent, used = await settled.run(story)
    assert sent == Counted(date(2026, 3, 30), "submitted", "经验", "调研")
    assert used == Counted(date(2026, 4, 2), "adopted", "经验", "简讯", ("MRYQ", "SYQ"), ("city", "province"))


async def test_an_item_used_last_year_already_is_not_used_again(settled: Store) -> None:
    def story(tx: Tx) -> tuple[Counted, ...]:
        item = an_item(tx)
        happened(tx, item, "adoption", "2025-11-02", journal="MRYQ")
        happened(tx, item, "adoption", "04-02", journal="SYQ")
        return settlement.counted(tx, 2, 2026)

    assert await settled.run(story) == ()


async def test_a_unit_is_known_by_its_name_and_its_aliases(settled: Store) -> None:
    assert set(await settled.read(settlement.names, 2)) == {"云山县人民政府", "云山县"}
