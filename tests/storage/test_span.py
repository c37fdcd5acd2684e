"""Free dates and the past: the same figures as the totals kept, and what was known at a moment."""

from __future__ import annotations

from datetime import date

from storage import ledger, replay, span
from storage.engine import Store, Tx
from tests.support.facts import an_entry, an_item, happened, taken_back

JULY, OCTOBER = date(2026, 7, 1), date(2026, 10, 9)


async def test_the_days_of_a_span_are_counted_and_no_others(settled: Store) -> None:
    def story(tx: Tx) -> span.Sums:
        for day, points in (("06-30", 1), ("07-01", 10), ("10-09", 100), ("10-10", 1000)):
            ledger.append_entry(tx, an_entry(day, points), 0)
            item = an_item(tx, (2, 3))
            happened(tx, item, "submission", day)
            happened(tx, item, "adoption", day, journal="MRYQ")
        return span.sums(tx, JULY, OCTOBER)

    assert await settled.run(story) == {2: (110, 2, 2), 3: (0, 2, 2)}


async def test_as_of_a_moment_only_what_was_recorded_by_then_is_known(settled: Store) -> None:
    def story(tx: Tx) -> list[span.Sums]:
        item = an_item(tx)
        happened(tx, item, "submission", "07-02", at_ms=10)
        first = happened(tx, item, "adoption", "07-03", journal="MRYQ", at_ms=20)
        ledger.append_entry(tx, an_entry("07-03", 300), 20)
        taken_back(tx, item, first, at_ms=30)
        ledger.append_entry(tx, an_entry("07-03", 300), 30, reverses=ledger.last_seq(tx))
        return [span.sums(tx, JULY, OCTOBER, moment) for moment in (5, 10, 25, 30)]

    assert await settled.run(story) == [{}, {2: (0, 1, 0)}, {2: (300, 1, 1)}, {2: (0, 1, 0)}]


async def test_an_item_used_before_the_span_does_not_count_in_it_but_its_adoptions_there_do(settled: Store) -> None:
    def story(tx: Tx) -> tuple[span.Sums, dict[int, dict[str, int]]]:
        item = an_item(tx)
        happened(tx, item, "adoption", "06-03", journal="MRYQ", level="city")
        happened(tx, item, "adoption", "07-03", journal="SYQ", level="province")
        return span.sums(tx, JULY, OCTOBER), span.at_levels(tx, JULY, OCTOBER)

    assert await settled.run(story) == ({}, {2: {"province": 1}})


async def test_the_units_of_a_class(settled: Store) -> None:
    assert await settled.read(span.units_of_class, "县（市、区）", 2026) == {2, 3}
    assert await settled.read(span.units_of_class, "县（市、区）", 2025) == set()


async def test_a_replay_gives_every_item_of_the_span_with_all_it_was_before(settled: Store) -> None:
    def story(tx: Tx) -> list[list[tuple[str, date, tuple[int, ...]]]]:
        old, new, later = an_item(tx, (3, 2)), an_item(tx), an_item(tx)
        happened(tx, old, "submission", "06-01")
        happened(tx, old, "adoption", "07-01")
        happened(tx, old, "adoption", "10-10")
        gone = happened(tx, new, "submission", "07-05")
        taken_back(tx, new, gone)
        happened(tx, new, "submission", "07-06")
        happened(tx, later, "submission", "11-01")
        found = replay.items(tx, JULY, OCTOBER)
        return [[(fact.kind, fact.day, fact.units) for fact in facts] for facts in found]

    assert await settled.run(story) == [
        [("submission", date(2026, 6, 1), (3, 2)), ("adoption", JULY, (3, 2))],
        [("submission", date(2026, 7, 6), (2,))],
    ]
