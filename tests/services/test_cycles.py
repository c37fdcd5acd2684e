"""The board of a period as data: every figure, and that a frozen one never changes."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from random import Random

import pytest

from domain.cycle import Step
from domain.errors import BaosongError
from domain.measure import parse_measure
from domain.period import month_of, parse_period
from domain.snapshot import Figures, Snapshot, UnitRow, to_bytes
from services import points
from services.cycles import snapshot, steps
from services.desk_facts import supply_points
from storage import item as items
from storage import ledger
from storage import snapshot as store_of
from storage.engine import Store, Tx
from storage.unit_fact import NewUnitFact
from tests.services.cycle_stories import NOVEMBER, adopt, clerk, history, something, submit, take_to
from tests.support.office import moment, outgoing, sample_office

OFFICE = sample_office()
DECEMBER_1 = moment("12-01")


def a_november(tx: Tx) -> Snapshot:
    """云山县 has an item of its own in two journals and one together with 清河区; something happened in October too."""
    own = submit(tx, OFFICE, (2,), date(2026, 11, 3), "春耕")
    joint = submit(tx, OFFICE, (2, 3), date(2026, 11, 5), "联防")
    old = submit(tx, OFFICE, (4,), date(2026, 10, 8), "秋收")
    one = clerk(tx, OFFICE, moment("11-27"))
    adopt(one, own, "MRYQ", "128", date(2026, 11, 10))
    adopt(one, own, "SZB", "45", date(2026, 11, 12))
    adopt(one, joint, "MRYQ", "129", date(2026, 11, 11))
    adopt(one, old, "MRYQ", "110", date(2026, 10, 9))
    return snapshot.build(tx, OFFICE, NOVEMBER, DECEMBER_1)


def rows(board: Snapshot) -> dict[str, UnitRow]:
    return {row.short: row for one in board.classes for row in one.rows}


def parts(figures: Figures, head: str) -> int:
    """The sum of all figures below a key."""
    return sum(number for key, number in figures.items() if key.startswith(head))


async def test_every_unit_stands_in_its_class_with_its_figures(store: Store) -> None:
    board = await store.run(a_november)
    assert [(one.name, [row.short for row in one.rows]) for one in board.classes] == [
        ("县（市、区）", ["云山县", "清河区"]), ("重点部门", ["市发改委"]), ("一般部门", ["市文旅局"]),
    ]  # fmt: skip
    own = rows(board)["云山县"]
    assert (own.rank, own.tied, own.name) == (1, False, "云山县人民政府")
    assert (own.period["submitted"], own.period["adopted"]) == (2, 2)
    assert (own.period["adopted.journal.MRYQ"], own.period["adopted.level.province"]) == (2, 1)
    idle = rows(board)["市文旅局"]
    assert dict(idle.period) == {}


async def test_points_are_the_sum_of_their_categories_and_the_same_as_on_the_boards(store: Store) -> None:
    board = await store.run(a_november)
    totals = await store.read(ledger.totals, ["2026-11"])
    for row in rows(board).values():
        assert parts(row.period, "points.category.") == row.period.get("points", 0)
        kept = totals.get(row.unit_id)
        assert row.period.get("points", 0) == (kept.points if kept else 0)
        assert row.period.get("submitted", 0) == (kept.submitted if kept else 0)


async def test_the_year_goes_from_january_to_the_periods_last_day_and_by_month(store: Store) -> None:
    own = rows(await store.run(a_november))["市发改委"]
    assert own.period.get("adopted", 0) == 0
    assert own.year["adopted"] == own.year["adopted.month.10"] == own.year["submitted.month.10"] == 1
    assert "points.month.11" not in own.year


async def test_the_whole_city_is_the_sum_of_the_tables_beside_the_month_before(store: Store) -> None:
    board = await store.run(a_november)
    assert set(board.whole) == {"period", "year", "previous"}
    assert board.whole["period"]["submitted"] == sum(row.period.get("submitted", 0) for row in rows(board).values())
    assert (board.whole["period"]["submitted"], board.whole["period"]["items.submitted"]) == (3, 2)
    assert (board.whole["previous"]["adopted"], board.whole["previous"]["items.adopted"]) == (1, 1)


async def test_the_adopted_items_are_listed_by_day_one_for_each_issue(store: Store) -> None:
    board = await store.run(a_november)
    assert [(one.number, one.units, one.journal, one.issue, one.level) for one in board.adopted] == [
        ("2026-0001", ("云山县",), "MRYQ", "第128期", "city"),
        ("2026-0002", ("云山县", "清河区"), "MRYQ", "第129期", "city"),
        ("2026-0001", ("云山县",), "SZB", "第45期", "province"),
    ]


async def test_the_trend_begins_with_the_first_month_that_has_anything(store: Store) -> None:
    board = await store.run(a_november)
    assert [(month.label, month.submitted, month.adopted) for month in board.trend] == [("10月", 1, 1), ("11月", 3, 3)]
    assert board.trend_units[4] == (board.trend[0].points, 0)


async def test_a_board_says_by_what_measure_and_as_of_when(store: Store) -> None:
    board = await store.run(a_november)
    assert (board.code, board.label, board.first, board.last) == (
        "2026-11", "2026年11月", date(2026, 11, 1), date(2026, 11, 30),
    )  # fmt: skip
    assert board.as_of_ms == round(DECEMBER_1.timestamp() * 1000)
    assert board.measures[0].startswith(OFFICE.measures[0].title)
    assert "MRYQ" in [journal.code for journal in board.journals]
    assert board.categories[:2] == ("报送分", "采用分")


async def test_what_a_person_gave_and_what_came_late_are_adjustments(store: Store) -> None:
    def happen(tx: Tx) -> Snapshot:
        item = submit(tx, OFFICE, (2,), date(2026, 11, 3))
        take_to(clerk(tx, OFFICE, DECEMBER_1), NOVEMBER, Step.FREEZE)
        one = clerk(tx, OFFICE, moment("12-10"))
        adopt(one, item, "MRYQ", "128", date(2026, 11, 10))
        fact = NewUnitFact("adjustment", 3, date(2026, 12, 10), 1, points=-200, article="第十二条", reason="迟报")
        points.record_unit_fact(tx, OFFICE, fact, moment("12-10"))
        return snapshot.build(tx, OFFICE, month_of(date(2026, 12, 1)), moment("12-11"))

    board = await store.run(happen)
    late, given = board.adjustments
    assert (late.unit, late.points, late.article) == ("云山县", 300, "第六条")
    assert late.reason.startswith("补计11月：《每日要情》第128期")
    assert (given.unit, given.points, given.reason, given.article) == ("清河区", -200, "人工调整：迟报", "第十二条")


async def test_merged_months_and_a_quarter_are_compared_with_the_span_before(store: Store) -> None:
    today = date(2026, 11, 23)
    for words, before in (("10-11月", "2026-08..09"), ("四季度", "2026Q3"), ("1-2月", "2025-11..12")):
        assert snapshot.previous(parse_period(words, today)).code == before
    assert snapshot.a_year_before(parse_period("四季度", today)).code == "2025Q4"


@pytest.mark.parametrize("seed", range(12))
async def test_whatever_is_corrected_later_a_frozen_board_stays_byte_for_byte(store: Store, seed: int) -> None:
    rng = Random(seed)

    def freeze(tx: Tx) -> bytes:
        history(tx, OFFICE, rng, date(2026, 10, 20), date(2026, 11, 30))
        take_to(clerk(tx, OFFICE, DECEMBER_1), NOVEMBER, Step.FREEZE)
        kept = store_of.find(tx, "2026-11")
        assert kept is not None
        return kept.content

    def correct(tx: Tx) -> tuple[bytes, int, int]:
        seq = ledger.last_seq(tx)
        one = clerk(tx, OFFICE, moment("12-15"))
        done = sum(something(one, rng, date(2026, 10, 20), date(2026, 12, 15)) for _ in range(30))
        into_frozen = tx.one("SELECT COUNT(*) FROM entry WHERE seq > ? AND day <= '2026-11-30'", seq)
        found = snapshot.frozen(tx, "2026-11")
        assert found is not None
        assert into_frozen is not None
        return to_bytes(found), done, into_frozen[0]

    frozen = await store.run(freeze)
    after, done, into_frozen = await store.run(correct)
    assert done > 3
    assert into_frozen == 0
    assert after == frozen


SAMPLE = (Path(__file__).resolve().parents[2] / "domain/data/measure-sample.toml").read_text("utf-8")


async def test_an_office_that_does_not_ask_the_units_freezes_at_once_and_nobody_is_told(store: Store) -> None:
    office = replace(OFFICE, bulletins=replace(OFFICE.bulletins, objection_days=0))

    def freeze(tx: Tx) -> tuple[bool, int]:
        one = clerk(tx, office, DECEMBER_1)
        shown = [steps.take(one, NOVEMBER, step).shown for step in (Step.CUT_OFF, Step.COMPUTE, Step.SHOW, Step.FREEZE)]
        return any(shown), len(outgoing(tx))

    assert await store.run(freeze) == (False, 0)


OURS = 'kind = "adoption"\njournals = ["SZB"]\narticle = 7\npoints = 30'
THEIRS = 'kind = "external"\njournals = ["SZB"]\narticle = 7\nfactor = 1'


async def test_a_month_whose_points_the_superior_has_not_told_is_not_frozen(store: Store) -> None:
    assert OURS in SAMPLE
    office = replace(OFFICE, measures=(parse_measure(SAMPLE.replace(OURS, THEIRS)),))

    def used(tx: Tx) -> None:
        item = submit(tx, office, (2,), date(2026, 11, 3))
        adopt(clerk(tx, office, moment("11-20")), item, "SZB", "45", date(2026, 11, 10))
        take_to(clerk(tx, office, DECEMBER_1), NOVEMBER, Step.SHOW)

    def freeze(tx: Tx) -> None:
        steps.take(clerk(tx, office, moment("12-08")), NOVEMBER, Step.FREEZE)

    await store.run(used)
    with pytest.raises(BaosongError) as refused:
        await store.run(freeze)
    assert str(refused.value) == (
        "没有办成：2026年11月还不能冻结。\n"
        "上级的分值还不知道，1笔：\n"
        "2026-0001《春耕》云山县《省政府专报》第45期\n"
        "照上级的通报登记：/外部分 编号 刊物 8分。登记错了的，撤销采用。"
    )

    def told(tx: Tx) -> None:
        item = items.by_number(tx, "2026-0001")
        assert item is not None
        supply_points(clerk(tx, office, moment("12-08")), item, "SZB", 1800)

    await store.run(told)
    await store.run(freeze)
    kept = await store.read(snapshot.frozen, "2026-11")
    assert kept is not None
    assert rows(kept)["云山县"].period["points"] == 1850


async def test_a_frozen_board_is_drawn_from_its_bytes_an_open_one_from_the_store(store: Store) -> None:
    def happen(tx: Tx) -> tuple[str, str, str, int]:
        submit(tx, OFFICE, (2,), date(2026, 11, 3))
        before = snapshot.board_for(tx, OFFICE, NOVEMBER, DECEMBER_1)
        take_to(clerk(tx, OFFICE, DECEMBER_1), NOVEMBER, Step.FREEZE)
        after = snapshot.board_for(tx, OFFICE, NOVEMBER, moment("12-20"))
        kept = store_of.find(tx, "2026-11")
        assert kept is not None
        return before[1], after[1], kept.hash, after[0].as_of_ms - kept.as_of_ms

    before, after, kept, difference = await store.run(happen)
    assert (before, after, difference) == ("", kept, 0)


async def test_bytes_somebody_changed_are_not_passed_for_the_frozen_board(store: Store) -> None:
    def tamper(tx: Tx) -> None:
        take_to(clerk(tx, OFFICE, DECEMBER_1), NOVEMBER, Step.FREEZE)
        tx.run("UPDATE snapshot SET content = ?", b'{"format":1}')

    await store.run(tamper)
    with pytest.raises(ValueError, match="is not the one that was frozen"):
        await store.read(snapshot.frozen, "2026-11")


async def test_the_period_the_office_means_is_the_oldest_in_hand_then_the_last_unpublished(store: Store) -> None:
    def meant(tx: Tx) -> list[str]:
        found = [steps.current(tx, DECEMBER_1.date()).code]
        one = clerk(tx, OFFICE, DECEMBER_1)
        take_to(one, month_of(date(2026, 10, 1)), Step.FREEZE)
        found.append(steps.current(tx, DECEMBER_1.date()).code)
        take_to(one, NOVEMBER, Step.SHOW)
        found.append(steps.current(tx, DECEMBER_1.date()).code)
        return found

    assert await store.run(meant) == ["2026-11", "2026-10", "2026-11"]
