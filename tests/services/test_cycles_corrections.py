"""Corrections as a set: what the preview shows is what the approval does, and nothing before that."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from random import Random

import pytest

from domain.cycle import Change, Step
from domain.errors import BadInput, BaosongError, NotAllowed, NotFound
from domain.item import Item
from domain.period import parse_period
from services.board import boards
from services.cycles import corrections
from services.cycles.corrections import Applied, Effect, Preview, Spot
from services.desk import Clerk
from services.measures import Shelf, in_force
from storage import item as items
from storage import ledger, recount
from storage.correction import Stage
from storage.engine import Store, Tx
from tests.services.cycle_stories import NOVEMBER, adopt, clerk, history, submit, take_to
from tests.support.office import moment, sample_office

OFFICE = replace(sample_office(), measures=Shelf(sample_office().measures))
NOW = moment("12-10")
YEAR = parse_period("2026年", date(2026, 12, 10))
SAMPLE = Path(__file__).resolve().parents[2] / "domain/data/measure-sample.toml"

Standings = dict[str, dict[int, Spot]]


def standings(tx: Tx) -> Standings:
    """period → unit → where it stands, of every month of the year and the year."""
    codes = [*(f"2026-{month:02d}" for month in range(10, 13)), "2026"]
    periods = [parse_period(code, date(2026, 12, 31)) for code in codes]
    return {
        period.code: {
            row.unit.id: Spot(row.rank, row.points, row.submitted, row.adopted)
            for rows in boards(tx, period, in_force(tx, OFFICE)).values()
            for row in rows
        }
        for period in periods
    }


def moves(effects: Sequence[Effect]) -> dict[tuple[str, int], tuple[Spot, Spot]]:
    return {(one.period.code, move.unit_id): (move.before, move.after) for one in effects for move in one.moves}


def differences(before: Standings, after: Standings, frozen: str) -> dict[tuple[str, int], tuple[Spot, Spot]]:
    """Everything that is otherwise, but for the counts of frozen months, whose boards are stored."""
    return {
        (code, unit): (spot, after[code][unit])
        for code, spots in before.items()
        for unit, spot in spots.items()
        if spot != after[code][unit] and (len(code) == 4 or code > frozen)
    }


def add_something(one: Clerk, rng: Random, known: Sequence[Item]) -> bool:
    """A random change into the set; whether it could be added."""
    item, day = rng.choice(known), f"{rng.randint(10, 12)}-{rng.randint(1, 9)}"
    journal = rng.choice(one.office.journals)
    unit = rng.choice(("云山县", "清河区", "市发改委", "市文旅局"))
    line = {
        Change.REVOKE: f"{item.number} 登记错了",
        Change.ADOPT: f"{item.number} {journal.name} {rng.randint(50, 90)} {day}",
        Change.INSTRUCT: f"{item.number} {rng.choice(('市级', '省级'))} {day}",
        Change.ADJUST: f"{unit} {rng.choice(('2', '-1.5', '+0.25'))} 第六条 核对差错",
    }
    change = rng.choice(list(line))
    try:
        with one.tx.savepoint():
            corrections.collect(one, change, line[change], "")
    except BaosongError:
        return False
    return True


@pytest.mark.parametrize("seed", range(15))
async def test_what_the_preview_shows_is_exactly_what_the_approval_does(store: Store, seed: int) -> None:
    rng = Random(seed)
    frozen = "2026-11" if seed % 3 else ""

    def prepare(tx: Tx) -> list[str]:
        history(tx, OFFICE, rng, date(2026, 10, 20), date(2026, 11, 30))
        if frozen:
            take_to(clerk(tx, OFFICE, moment("12-01")), NOVEMBER, Step.FREEZE)
        return [number for (number,) in tx.all("SELECT number FROM item")]

    def correct(tx: Tx, numbers: list[str]) -> tuple[Standings, Standings, Standings, Preview, Applied]:
        known = [item for number in numbers if (item := items.by_number(tx, number)) is not None]
        before = standings(tx)
        one = clerk(tx, OFFICE, NOW, "吴科员")
        assert sum(add_something(one, rng, known) for _ in range(8)) > 0
        _, shown = corrections.preview(one)
        untouched = standings(tx)
        applied = corrections.approve(clerk(tx, OFFICE, NOW))
        return before, untouched, standings(tx), shown, applied

    numbers = await store.run(prepare)
    before, untouched, after, shown, applied = await store.run(correct, numbers)
    assert untouched == before
    assert applied.done
    assert applied.preview == shown
    assert moves(shown.effects) == differences(before, after, frozen)
    assert applied.correction.upto_seq - applied.correction.from_seq == shown.entries
    assert await store.read(recount.differences, 2026) == []


async def a_set(store: Store, *lines: tuple[Change, str]) -> None:
    """吴科员 collects changes about an item of 云山县 that was adopted in November."""

    def collect(tx: Tx) -> None:
        item = submit(tx, OFFICE, (2,), date(2026, 11, 3))
        adopt(clerk(tx, OFFICE, moment("11-20")), item, "MRYQ", "128", date(2026, 11, 10))
        for change, line in lines:
            corrections.collect(clerk(tx, OFFICE, NOW, "吴科员"), change, line, "")

    await store.run(collect)


REVOKE = (Change.REVOKE, "1 每日要情 128 登记错了")
ADD = (Change.ADOPT, "1 省专报 45 11-12")


async def test_nothing_is_booked_by_collecting_and_previewing(store: Store) -> None:
    await a_set(store, REVOKE, ADD)
    seq = await store.read(ledger.last_seq)
    await store.run(lambda tx: corrections.preview(clerk(tx, OFFICE, NOW, "吴科员")))
    assert await store.read(ledger.last_seq) == seq


async def test_the_changes_of_a_set_work_together(store: Store) -> None:
    await a_set(store, REVOKE, ADD)
    _, shown = await store.run(lambda tx: corrections.preview(clerk(tx, OFFICE, NOW)))
    assert [effect.period.code for effect in shown.effects] == ["2026-11", "2026"]
    (move,) = shown.effects[0].moves
    assert (move.unit, move.before.points, move.after.points) == ("云山县", 350, 3050)


async def test_only_the_head_approves(store: Store) -> None:
    await a_set(store, ADD)
    await store.run(lambda tx: corrections.preview(clerk(tx, OFFICE, NOW)))
    with pytest.raises(NotAllowed):
        await store.run(lambda tx: corrections.approve(clerk(tx, OFFICE, NOW, "吴科员")))


async def test_what_nobody_has_seen_is_shown_first_and_applied_on_the_second_word(store: Store) -> None:
    await a_set(store, ADD)
    first = await store.run(lambda tx: corrections.approve(clerk(tx, OFFICE, NOW)))
    second = await store.run(lambda tx: corrections.approve(clerk(tx, OFFICE, NOW)))
    assert (first.done, second.done) == (False, True)
    assert second.correction.stage is Stage.APPLIED


async def test_if_something_happens_after_the_preview_the_head_looks_again(store: Store) -> None:
    await a_set(store, ADD)
    await store.run(lambda tx: corrections.preview(clerk(tx, OFFICE, NOW)))
    await store.run(lambda tx: submit(tx, OFFICE, (2,), date(2026, 11, 30), "新的"))
    assert not (await store.run(lambda tx: corrections.approve(clerk(tx, OFFICE, NOW)))).done


async def test_a_change_that_does_not_work_does_not_get_in(store: Store) -> None:
    await a_set(store, ADD)
    with pytest.raises(BadInput, match="没有重复登记"):
        await store.run(lambda tx: corrections.collect(clerk(tx, OFFICE, NOW), Change.ADOPT, "1 每日要情 128", ""))
    found = await store.read(corrections.the_open_one)
    assert [change.place for change in found.changes] == [1]


async def test_a_change_is_taken_out_and_a_set_is_dropped_without_a_trace_in_the_points(store: Store) -> None:
    await a_set(store, REVOKE, ADD)
    before = await store.read(standings)
    left = await store.run(lambda tx: corrections.remove(clerk(tx, OFFICE, NOW), 1))
    assert [change.place for change in left.changes] == [2]
    dropped = await store.run(lambda tx: corrections.drop(clerk(tx, OFFICE, NOW)))
    assert (dropped.stage, len(dropped.changes)) == (Stage.DROPPED, 1)
    assert await store.read(standings) == before
    with pytest.raises(NotFound, match="没有找到正在拟的更正"):
        await store.read(corrections.the_open_one)


async def test_an_adjustment_names_an_article_of_the_measure_and_a_reason(store: Store) -> None:
    for line, said in (
        ("云山县 2 第六条", "请写单位、分值、办法第几条、原因"),
        ("云山县 两分 第六条 核对差错", "不是分值"),
        ("云山县 0 第六条 核对差错", "没有要调整的"),
    ):
        with pytest.raises(BadInput, match=said):
            await store.run(lambda tx, line: corrections.collect(clerk(tx, OFFICE, NOW), Change.ADJUST, line, ""), line)
    with pytest.raises(NotFound, match="第九十九条"):
        await store.run(
            lambda tx: corrections.collect(clerk(tx, OFFICE, NOW), Change.ADJUST, "云山县 2 第九十九条 差错", "")
        )


async def test_a_measure_loaded_retroactively_shows_who_moves_before_it_holds(store: Store) -> None:
    text = SAMPLE.read_text("utf-8")
    other = text.replace("points = 30\n", "points = 40\n", 1)
    assert other != text

    def load(tx: Tx) -> Preview:
        item = submit(tx, OFFICE, (3,), date(2026, 11, 3))
        adopt(clerk(tx, OFFICE, moment("11-20")), item, "SZB", "45", date(2026, 11, 10))
        corrections.collect_file(tx, OFFICE, other, NOW)
        return corrections.preview(clerk(tx, OFFICE, NOW))[1]

    shown = await store.run(load)
    (move,) = shown.effects[0].moves
    assert (move.unit, move.before.points, move.after.points) == ("清河区", 3050, 4050)
    assert (await store.run(lambda tx: corrections.approve(clerk(tx, OFFICE, NOW)))).done
    assert (await store.read(ledger.totals, ["2026-11"]))[3].points == 4050
