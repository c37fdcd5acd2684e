"""Every text of a measure is kept; of one wording the newest holds."""

from __future__ import annotations

from datetime import date

from domain.scoring import Entry
from storage import ledger, measure
from storage.engine import Store, Tx
from storage.measure import NewVersion
from tests.support import city
from tests.support.facts import an_item, happened

NEW_YEAR, JULY = date(2026, 1, 1), date(2026, 7, 1)


def version(id: str, first: date, text: str, last: date | None = None) -> NewVersion:
    return NewVersion(id, f"hash of {text}", f"{id}办法", first, last, text, "cli")


async def test_versions_are_kept_and_of_one_wording_the_newest_holds(store: Store) -> None:
    def story(tx: Tx) -> None:
        assert measure.newest(tx) == 0
        for at, new in enumerate(
            (
                version("a", NEW_YEAR, "one"),
                version("b", JULY, "two"),
                version("a", NEW_YEAR, "three", date(2026, 6, 30)),
            )
        ):
            assert measure.add(tx, new, at) == measure.newest(tx)

    await store.run(story)
    kept = await store.read(measure.versions)
    assert [(one.measure_id, one.text, one.loaded_ms) for one in kept] == [
        ("a", "one", 0),
        ("b", "two", 1),
        ("a", "three", 2),
    ]
    held = measure.in_force(kept)
    assert [(one.text, one.effective_to) for one in held] == [("three", date(2026, 6, 30)), ("two", None)]
    assert await store.read(measure.newest) == kept[-1].number


async def test_what_was_booked_about_a_span_of_days_is_counted_wherever_it_was_booked(store: Store) -> None:
    def book(tx: Tx, day: date, about: date | None = None) -> None:
        ledger.append_entry(tx, Entry(1, 1, 1, None, day, "c", "第一条", "报送", 50), 0, about=about)

    def story(tx: Tx) -> list[int]:
        book(tx, date(2026, 4, 30))
        book(tx, date(2026, 6, 2), about=date(2026, 4, 11))
        book(tx, date(2026, 6, 2))
        spans = [(date(2026, 4, 1), date(2026, 4, 30)), (date(2026, 5, 1), date(2026, 5, 31)), (JULY, date.max)]
        return [measure.booked_between(tx, first, last) for first, last in spans]

    assert await store.run(story) == [2, 0, 0]


async def test_the_first_day_is_that_of_the_earliest_fact_whenever_it_was_registered(store: Store) -> None:
    assert await store.read(measure.first_day) is None
    await store.run(city.settle)

    def story(tx: Tx) -> None:
        item = an_item(tx)
        for day in ("11-20", "04-11", "11-23"):
            happened(tx, item, "instruction", day)

    await store.run(story)
    assert await store.read(measure.first_day) == date(2026, 4, 11)


async def test_a_reader_that_looked_before_sees_what_was_loaded_since(store: Store) -> None:
    for _ in range(4):  # every reading connection has looked
        assert await store.read(measure.newest) == 0
    number = await store.run(measure.add, version("a", NEW_YEAR, "one"), 0)
    assert [await store.read(measure.newest) for _ in range(4)] == [number] * 4
