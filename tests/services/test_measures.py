"""Measures in the store: loaded once, in force from their day, never changing what was booked."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from domain.errors import BaosongError
from domain.measure import Measure, MeasureFault, measure_on, parse_measure
from services import measures
from services.measure_check import Checked, check
from services.measures import Loading, Shelf, in_force
from storage import ledger
from storage import measure as store_of
from storage.engine import Store, Tx
from tests.support.facts import an_entry, an_item, happened
from tests.support.office import moment, sample_office

OFFICE = sample_office()
NOW = moment("11-23")
TODAY = NOW.date()

TEXT = """\
id = "yunshan"
title = "云山办法"
effective_from = 2026-01-01
classes = ["县（市、区）", "重点部门"]
[articles]
5 = "报送信息每条计1分。"
6 = "采用每条计3分。"
[[journal]]
code = "MRYQ"
name = "每日要情"
level = "city"
[[rule]]
kind = "submission"
article = 5
points = 1
[[rule]]
kind = "adoption"
article = 6
journals = ["MRYQ"]
points = 3
"""
NEXT = TEXT.replace('"yunshan"', '"yunshan-2"').replace("云山办法", "新办法").replace("2026-01-01", "2026-07-01")


def changed(text: str, *pairs: tuple[str, str]) -> str:
    for old, new in pairs:
        assert old in text
        text = text.replace(old, new)
    return text


def load(tx: Tx, text: str, *, correcting: bool = False) -> Loading:
    return measures.load(tx, OFFICE_OF_NONE, text, "cli", NOW, correcting=correcting)


OFFICE_OF_NONE = replace(OFFICE, measures=Shelf(()))


def held(tx: Tx, day: date) -> Measure | None:
    return measure_on(day, in_force(tx, OFFICE_OF_NONE))


async def test_as_long_as_nothing_is_loaded_the_measures_of_the_settings_hold(store: Store) -> None:
    office = replace(OFFICE, measures=Shelf(OFFICE.measures))
    assert list(await store.read(in_force, office)) == list(OFFICE.measures)


async def test_a_loaded_measure_holds_at_once_and_in_the_same_transaction(store: Store) -> None:
    def story(tx: Tx) -> str:
        assert held(tx, date(2026, 3, 1)) is None
        load(tx, TEXT)
        found = held(tx, date(2026, 3, 1))
        assert found is not None
        assert held(tx, date(2025, 12, 31)) is None
        return found.title

    assert await store.run(story) == "云山办法"
    assert await store.read(lambda tx: in_force(tx, OFFICE_OF_NONE)[0].id) == "yunshan"


async def test_two_measures_may_hold_in_one_year_the_open_one_ends_where_the_next_begins(store: Store) -> None:
    def story(tx: Tx) -> tuple[Loading, list[str]]:
        load(tx, TEXT)
        loading = load(tx, NEXT)
        days = (date(2026, 6, 30), date(2026, 7, 1))
        return loading, [found.title for found in (held(tx, day) for day in days) if found]

    loading, titles = await store.run(story)
    assert titles == ["云山办法", "新办法"]
    assert (loading.first, loading.last, loading.ends) == (date(2026, 7, 1), None, ("云山办法",))
    assert loading.spans == ((date(2026, 7, 1), date.max),)


async def test_dates_that_overlap_are_refused_with_the_line_and_the_mend(store: Store) -> None:
    ends = changed(TEXT, ("effective_from = 2026-01-01", "effective_from = 2026-01-01\neffective_to = 2026-08-31"))

    def story(tx: Tx) -> None:
        load(tx, ends)
        load(tx, NEXT)

    with pytest.raises(MeasureFault, match=r"第3行.*云山办法.*effective_to 改为 2026-06-30"):
        await store.run(story)


async def test_the_same_text_is_kept_once(store: Store) -> None:
    def story(tx: Tx) -> tuple[bool, int]:
        load(tx, TEXT)
        return load(tx, TEXT).known, len(store_of.versions(tx))

    assert await store.run(story) == (True, 1)


async def test_a_changed_text_replaces_the_old_one_as_long_as_nothing_is_booked_under_it(store: Store) -> None:
    better = changed(TEXT, ("points = 3", "points = 4"))

    def story(tx: Tx) -> tuple[int, list[str]]:
        load(tx, TEXT)
        ledger.append_entry(tx, an_entry("2025-12-31", 100), 0)
        load(tx, better)
        return len(in_force(tx, OFFICE_OF_NONE)), [one.text for one in store_of.versions(tx)]

    assert await store.run(story) == (1, [TEXT, better])


async def test_a_text_that_would_change_points_that_are_booked_needs_a_correction(store: Store) -> None:
    better = changed(TEXT, ("points = 3", "points = 4"))

    def story(tx: Tx, correcting: bool) -> int:
        if not store_of.versions(tx):
            load(tx, TEXT)
            ledger.append_entry(tx, an_entry("03-02", 300), 0)
        load(tx, better, correcting=correcting)
        return len(store_of.versions(tx))

    with pytest.raises(BaosongError, match=r"2026-01-01起的计分，那里已有 1 条计分流水.*更正"):
        await store.run(story, False)
    assert await store.run(story, True) == 2


async def test_a_measure_may_be_given_an_end_that_lies_behind_what_is_booked(store: Store) -> None:
    ended = changed(TEXT, ("effective_from = 2026-01-01", "effective_from = 2026-01-01\neffective_to = 2026-06-30"))

    def story(tx: Tx) -> Loading:
        load(tx, TEXT)
        ledger.append_entry(tx, an_entry("03-02", 300), 0)
        return load(tx, ended)

    assert (await store.run(story)).spans == ((date(2026, 7, 1), date.max),)


async def test_what_came_late_counts_for_the_day_it_is_about(store: Store) -> None:
    def story(tx: Tx) -> None:
        load(tx, TEXT)
        ledger.append_entry(tx, an_entry("08-02", 300), 0, about=date(2026, 5, 30))
        load(tx, NEXT)
        load(tx, changed(NEXT, ("points = 3", "points = 4")))

    await store.run(story)


async def test_the_settings_files_are_loaded_once_and_a_refused_one_is_told(store: Store) -> None:
    def story(tx: Tx) -> list[str]:
        office = replace(OFFICE, measures=Shelf([parse_measure(TEXT)]))
        assert measures.take_settings(tx, office, [TEXT], NOW) == []
        ledger.append_entry(tx, an_entry("03-02", 300), 0)
        assert measures.take_settings(tx, office, [TEXT], NOW) == []
        return measures.take_settings(tx, office, [changed(TEXT, ("points = 3", "points = 4"))], NOW)

    (fault,) = await store.run(story)
    assert "没有加载" in fault
    assert len(await store.read(store_of.versions)) == 1


async def test_points_booked_under_the_settings_own_file_do_not_keep_it_from_being_loaded(store: Store) -> None:
    def story(tx: Tx) -> list[str]:
        ledger.append_entry(tx, an_entry("03-02", 300), 0)
        office = replace(OFFICE, measures=Shelf([parse_measure(TEXT)]))
        return measures.take_settings(tx, office, [TEXT], NOW)

    assert await store.run(story) == []


async def test_a_measure_loaded_with_a_wrong_day_is_withdrawn_as_long_as_nothing_is_booked_under_it(
    store: Store,
) -> None:
    def story(tx: Tx) -> list[str]:
        load(tx, TEXT)
        load(tx, NEXT)
        measures.withdraw(tx, OFFICE_OF_NONE, "yunshan-2", "cli", NOW)
        found = held(tx, date(2026, 8, 1))
        assert found is not None
        assert len(store_of.versions(tx)) == 3
        with pytest.raises(BaosongError, match="不是现行文本"):
            measures.withdraw(tx, OFFICE_OF_NONE, "yunshan-2", "cli", NOW)
        ledger.append_entry(tx, an_entry("08-02", 300), 0)
        with pytest.raises(BaosongError, match="已有 1 条计分流水，没有撤回"):
            measures.withdraw(tx, OFFICE_OF_NONE, "yunshan", "cli", NOW)
        return [found.title]

    assert await store.run(story) == ["云山办法"]


async def test_withdrawn_by_mistake_a_measure_is_simply_loaded_again(store: Store) -> None:
    def story(tx: Tx) -> tuple[int, int]:
        load(tx, TEXT)
        measures.withdraw(tx, OFFICE_OF_NONE, "yunshan", "cli", NOW)
        gone = len(in_force(tx, OFFICE_OF_NONE))
        load(tx, TEXT)
        return gone, len(in_force(tx, OFFICE_OF_NONE))

    assert await store.run(story) == (0, 1)


async def test_a_version_is_found_by_its_number_or_the_measures_id(store: Store) -> None:
    def story(tx: Tx) -> tuple[str, str]:
        load(tx, TEXT)
        load(tx, changed(TEXT, ("points = 3", "points = 4")))
        return measures.version_of(tx, "1").text, measures.version_of(tx, "yunshan").text

    first, newest = await store.run(story)
    assert ("points = 3" in first, "points = 4" in newest) == (True, True)
    with pytest.raises(BaosongError, match="已有：yunshan"):
        await store.read(measures.version_of, "x")


async def test_a_measure_is_held_against_the_offices_journals_classes_and_units(store: Store) -> None:
    exempt = "[[exempt]]\narticle = 5\nunits = ['天上县']\n[[journal]]"
    wrong = changed(TEXT, ('"MRYQ"', '"XX"'), ('"重点部门"', '"乡镇"'), ("[[journal]]", exempt))
    found = await store.read(check, OFFICE, wrong, TODAY)
    told = [str(fault) for fault in found.faults]
    assert len(told) == 3
    assert all(fault.startswith("第") for fault in told)
    assert all(any(word in fault for fault in told) for word in ("XX", "乡镇", "天上县"))
    assert (await store.read(check, OFFICE, TEXT, TODAY)).faults == ()


async def test_without_classes_for_the_year_those_of_today_are_looked_at_and_without_any_it_is_said(
    store: Store,
) -> None:
    later = changed(TEXT, ("2026-01-01", "2027-01-01"))
    assert (await store.read(check, OFFICE, later, TODAY)).hints == ()
    assert "2030年" in (await store.read(check, OFFICE, later, date(2030, 1, 5))).hints[0]


async def test_an_office_that_begins_in_the_middle_of_a_year_is_told_what_the_months_before_cost(store: Store) -> None:
    text = TEXT + TASK
    assert await store.read(check, OFFICE, text, TODAY) == Checked(
        (),
        (
            "注意：2026-01-01 至 2026-10-31 没有登记过信息，办法管到这些日子，任务会按一条没报扣分。"
            "那时还没有启用的，把 effective_from 改为 2026-11-01。",
        ),
    )
    assert (await store.read(check, OFFICE, changed(text, ("2026-01-01", "2026-11-01")), TODAY)).hints == ()
    await store.run(lambda tx: happened(tx, an_item(tx), "submission", "01-15"))
    assert (await store.read(check, OFFICE, text, TODAY)).hints == ()


TASK = """
[[quota]]
id = "monthly"
article = 5
what = "submitted"
per = "month"
least = 1
[[rule]]
kind = "quota_missed"
quota = "monthly"
article = 5
points = -1
"""
