"""Facts about units: appended, taken back once, and their entries found again."""

from __future__ import annotations

from datetime import date

import pytest

from domain.scoring import Entry
from storage import ledger, unit_fact
from storage.engine import Store, Tx
from storage.unit_fact import NewUnitFact, UnitFact

DAY = date(2026, 11, 20)
CLERK = 1


def missed(tx: Tx, unit_id: int = 2, matter: str = "assignment:7") -> UnitFact:
    new = NewUnitFact("commission.missed", unit_id, DAY, CLERK, reason="约 2026-001 未完成", matter=matter)
    found = unit_fact.by_id(tx, unit_fact.append(tx, new, 1_000))
    assert found is not None
    return found


def entry(fact_id: int, unit_id: int = 2) -> Entry:
    return Entry(fact_id, 0, unit_id, None, DAY, "event:commission.missed", "第八条", "未完成约稿", -1000, "加减分")


async def test_a_fact_of_a_unit_comes_back_as_the_rules_see_it(settled: Store) -> None:
    found = await settled.run(missed)
    assert (found.event, found.unit_id, found.day, found.points) == ("commission.missed", 2, DAY, None)
    assert found.fact.id == -found.id
    assert (found.fact.kind, found.fact.item_id, found.fact.units) == ("event", 0, (2,))
    assert (found.fact.detail, found.fact.issue) == ("commission.missed", "assignment:7")


async def test_a_fact_that_was_taken_back_is_not_found_and_cannot_be_taken_back_again(settled: Store) -> None:
    found = await settled.run(missed)
    other = await settled.run(missed, 3)
    await settled.run(unit_fact.append_revocation, found, CLERK, "重开", 2_000)
    assert await settled.read(unit_fact.live, 2) == []
    assert await settled.read(unit_fact.about, "assignment:7") == [other]
    assert await settled.read(unit_fact.by_id, found.id) is None
    with pytest.raises(Exception, match=r"(?i)unique"):
        await settled.run(unit_fact.append_revocation, found, CLERK, "重开", 3_000)


async def test_facts_about_nothing_in_particular_have_nothing_in_common(settled: Store) -> None:
    await settled.run(missed, 2, "")
    assert await settled.read(unit_fact.about, "") == []
    assert await settled.read(unit_fact.units_since, DAY) == [2]
    assert await settled.read(unit_fact.units_since, date(2026, 11, 21)) == []


async def test_the_entries_of_a_units_facts_stand_until_they_are_reversed_those_of_a_parent_too(settled: Store) -> None:
    def story(tx: Tx) -> list[tuple[int, int]]:
        own, others = missed(tx).fact.id, missed(tx, 3).fact.id
        for one in (entry(own), entry(own, 4), entry(others, 3)):
            ledger.append_entry(tx, one, 0)
        first = unit_fact.standing(tx, 2)[0]
        ledger.append_entry(tx, first.entry, 1, reverses=first.seq)
        return [(one.entry.unit_id, one.entry.points) for one in unit_fact.standing(tx, 2)]

    assert await settled.run(story) == [(4, -1000)]
