"""What is about a frozen month: kept apart by its day, and nothing is lost of what a fact says."""

from __future__ import annotations

from datetime import date

from domain.scoring import Entry
from services.points.booking import reconcile
from storage import export, ledger
from storage import item as items
from storage.engine import Store, Tx
from storage.ledger import NewFact
from tests.support.office import moment

APRIL, JUNE = date(2026, 4, 11), moment("06-03")


def an_entry(points: int = 300, reason: str = "《每日要情》第8期采用") -> Entry:
    return Entry(7, 1, 2, 5, APRIL, "adoption:MRYQ", "第六条", reason, points, "采用分")


def freeze(tx: Tx, period: str = "2026-04", state: str = "frozen", last: str = "2026-04-30") -> None:
    tx.run(
        "INSERT INTO score_cycle (period, state, first_day, last_day, changed_ms) VALUES (?, ?, ?, ?, 0)",
        period, state, last[:8] + "01", last,
    )  # fmt: skip
    ledger.forget_cycle(tx)


async def test_the_state_of_the_months_says_what_is_frozen_and_what_is_settled(store: Store) -> None:
    def story(tx: Tx) -> list[tuple[date | None, date | None]]:
        seen = [(ledger.frozen_through(tx), ledger.computed_through(tx))]
        for period, state, last in (
            ("2026-02", "published", "2026-02-28"),
            ("2026-03", "signed", "2026-03-31"),
            ("2026-04", "shown", "2026-04-30"),
            ("2026-05", "cut_off", "2026-05-31"),
        ):
            freeze(tx, period, state, last)
            seen.append((ledger.frozen_through(tx), ledger.computed_through(tx)))
        return seen

    ends = [None, date(2026, 2, 28), date(2026, 3, 31), date(2026, 3, 31), date(2026, 3, 31)]
    computed = [*ends[:3], date(2026, 4, 30), date(2026, 4, 30)]
    assert await store.run(story) == list(zip(ends, computed, strict=True))


async def test_what_comes_late_is_booked_in_the_open_month_on_a_line_that_says_so(store: Store) -> None:
    def story(tx: Tx) -> list[ledger.Booked]:
        freeze(tx, "2026-05", "frozen", "2026-05-31")
        reconcile(tx, [an_entry()], [], JUNE)
        return ledger.standing(tx, 1)

    (booked,) = await store.run(story)
    assert (booked.entry.day, booked.about) == (JUNE.date(), APRIL)
    assert booked.entry.reason == "补计4月：《每日要情》第8期采用"
    assert booked.due == an_entry()


async def test_what_is_booked_already_is_not_booked_again_only_because_its_month_was_frozen(store: Store) -> None:
    def story(tx: Tx) -> int:
        reconcile(tx, [an_entry()], [], JUNE)
        freeze(tx)
        moved = reconcile(tx, [an_entry()], ledger.standing(tx, 1), JUNE)
        assert not moved.points
        return ledger.last_seq(tx)

    assert await store.run(story) == 1


async def test_what_was_booked_in_a_frozen_month_is_reversed_in_the_open_one(store: Store) -> None:
    def story(tx: Tx) -> list[tuple[object, ...]]:
        reconcile(tx, [an_entry()], [], JUNE)
        freeze(tx)
        moved = reconcile(tx, [an_entry(200)], ledger.standing(tx, 1), JUNE)
        assert moved.points == {(2, JUNE.date()): -100}
        assert moved.about == {(2, APRIL)}
        return tx.all("SELECT day, due_day, points, reason FROM entry ORDER BY seq")

    words = "《每日要情》第8期采用"
    assert await store.run(story) == [
        ("2026-04-11", "", 300, words),
        ("2026-06-03", "2026-04-11", -300, f"更正4月：{words}"),
        ("2026-06-03", "2026-04-11", 200, f"补计4月：{words}"),
    ]


async def test_a_late_line_is_reversed_where_it_stands_as_long_as_that_month_is_open(store: Store) -> None:
    def story(tx: Tx) -> list[tuple[object, ...]]:
        freeze(tx)
        reconcile(tx, [an_entry()], [], JUNE)
        reconcile(tx, [], ledger.standing(tx, 1), moment("06-20"))
        assert ledger.standing(tx, 1) == []
        return tx.all("SELECT day, due_day, points FROM entry ORDER BY seq")

    assert await store.run(story) == [("2026-06-03", "2026-04-11", 300), ("2026-06-03", "2026-04-11", -300)]


async def test_in_another_year_the_line_names_the_year(store: Store) -> None:
    def story(tx: Tx) -> str:
        freeze(tx, "2026-12", "published", "2026-12-31")
        reconcile(tx, [an_entry()], [], moment("12-30"))
        return ledger.standing(tx, 1)[0].entry.reason + f" {ledger.standing(tx, 1)[0].entry.day}"

    assert await store.run(story) == "补计2026年4月：《每日要情》第8期采用 2027-01-01"


async def test_a_fact_keeps_what_the_rules_ask_about_it(settled: Store) -> None:
    def story(tx: Tx) -> tuple[object, ...]:
        new = items.NewItem("标题", "正文", "动态", "单条", 5, (2,), "onebot", "", False, "", "", "")
        item_id = items.add(tx, new, items.next_number(tx, 2026), 0, "").id
        fact = NewFact(
            "adoption", item_id, APRIL, 1, journal="GBXX", level="state", route="direct", points=750, share=60,
            detail="deputy",
        )  # fmt: skip
        ledger.append_fact(tx, fact, 0)
        ledger.append_fact(tx, NewFact("adoption", item_id, APRIL, 1, journal="MRYQ"), 0)
        full, bare = ledger.live_facts(tx, item_id, (2,), 5)
        assert (bare.route, bare.points, bare.share, bare.detail) == ("", None, 0, "")
        return full.route, full.points, full.share, full.detail

    assert await settled.run(story) == ("direct", 750, 60, "deputy")


async def test_lines_without_an_item_stand_in_the_offices_table_with_their_reason(settled: Store) -> None:
    def story(tx: Tx) -> list[tuple[object, ...]]:
        for fact_id, reason in ((-3, "未完成约稿"), (0, "4月完成任务")):
            ledger.append_entry(tx, Entry(fact_id, 0, 2, None, APRIL, "x", "第八条", reason, -1000, "加减分", True), 0)
        assert [one.points for one in map(ledger.entry_of, tx.all(f"SELECT {ledger.ENTRY} FROM entry"))] == [-1000] * 2
        return [(row[4], row[5], row[10]) for row in export.entries(tx, APRIL, APRIL)]

    assert await settled.run(story) == [("", "", "未完成约稿"), ("", "", "4月完成任务")]
