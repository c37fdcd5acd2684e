"""Boards: ranks inside a class as the measure says, zeros last, any span of days, as of any moment."""

from __future__ import annotations

from datetime import date

import pytest

from domain.measure.model import Exempt, Result
from domain.moment import to_ms
from domain.period import Period, parse_period
from services.board import Place, boards, boards_as_of, class_board, own_place
from storage import ledger
from storage.engine import Store, Tx
from tests.domain.measures import a_measure
from tests.support.facts import an_entry, an_item, happened
from tests.support.office import moment

TODAY = date(2026, 12, 1)
CLASS = "县（市、区）"


def period(words: str) -> Period:
    return parse_period(words, TODAY)


def more_counties(tx: Tx) -> None:
    """Counties 11 to 15 beside the city's 2 and 3."""
    for unit_id in range(11, 16):
        tx.run(
            "INSERT INTO unit (id, name, kind, place, valid_from) VALUES (?, ?, '县区', ?, '2026-01-01')",
            unit_id, f"{unit_id}县", unit_id,
        )  # fmt: skip
        tx.run("INSERT INTO unit_class (unit_id, year, class) VALUES (?, 2026, ?)", unit_id, CLASS)


def book(tx: Tx, unit_id: int, day: str, points: int, submitted: int = 1, adopted: int = 0) -> None:
    ledger.add_to_totals(
        tx, unit_id, CLASS, date.fromisoformat(day), points=points, submitted=submitted, adopted=adopted
    )


def seen(tx: Tx, words: str, limit: int | None = None) -> list[tuple[int | None, int, int, bool]]:
    """(rank, unit, points, tied) of a board."""
    rows = class_board(tx, period(words), CLASS, limit=limit)
    return [(row.rank, row.unit.id, row.points, row.tied) for row in rows]


async def test_equal_points_share_a_rank_and_the_next_is_skipped(store: Store) -> None:
    def story(tx: Tx) -> list[tuple[int | None, int, int, bool]]:
        more_counties(tx)
        for unit_id, points in ((2, 300), (11, 500), (12, 300), (13, 100)):
            book(tx, unit_id, "2026-11-03", points)
        return seen(tx, "11月")

    assert await store.run(story) == [
        (1, 11, 500, False),
        (2, 2, 300, True),
        (2, 12, 300, True),
        (4, 13, 100, False),
        (5, 3, 0, True),
        (5, 14, 0, True),
        (5, 15, 0, True),
    ]


async def test_of_equal_units_the_one_with_more_adoptions_is_shown_first(store: Store) -> None:
    def story(tx: Tx) -> list[tuple[int | None, int, int, bool]]:
        book(tx, 2, "2026-11-03", 300, submitted=4)
        book(tx, 3, "2026-11-03", 300, submitted=1, adopted=1)
        return seen(tx, "11月")

    assert await store.run(story) == [(1, 3, 300, True), (1, 2, 300, True)]


async def test_a_short_board_still_knows_that_its_last_unit_is_tied_with_the_next(store: Store) -> None:
    def story(tx: Tx) -> list[tuple[int | None, int, int, bool]]:
        more_counties(tx)
        for unit_id in (2, 3, 11):
            book(tx, unit_id, "2026-11-03", 300)
        return seen(tx, "11月", limit=2)

    assert await store.run(story) == [(1, 2, 300, True), (1, 3, 300, True)]


async def test_a_short_board_reaches_down_to_the_units_that_did_nothing(store: Store) -> None:
    def story(tx: Tx) -> list[tuple[int | None, int, int, bool]]:
        more_counties(tx)
        book(tx, 3, "2026-11-03", -100)
        return seen(tx, "11月", limit=3)

    assert await store.run(story) == [(1, 2, 0, True), (1, 11, 0, True), (1, 12, 0, True)]


@pytest.mark.parametrize(
    ("words", "points"),
    [("10月", 100), ("四季度", 300), ("今年", 310), ("9-11月", 310), ("下半年", 310), ("10-11月", 300)],
)
async def test_any_span_of_months_adds_up(store: Store, words: str, points: int) -> None:
    def story(tx: Tx) -> int:
        book(tx, 2, "2026-09-30", 10)
        book(tx, 2, "2026-10-31", 100)
        book(tx, 2, "2026-11-01", 200)
        return class_board(tx, period(words), CLASS, limit=None)[0].points

    assert await store.run(story) == points


async def test_every_class_has_its_board_in_the_offices_order(store: Store) -> None:
    found = await store.run(lambda tx: boards(tx, period("11月")))
    assert list(found) == [CLASS, "重点部门", "一般部门"]
    assert [row.unit.label for row in found[CLASS]] == ["云山县", "清河区"]


async def test_a_unit_closed_before_the_period_is_not_on_its_board(store: Store) -> None:
    def story(tx: Tx) -> tuple[int, int]:
        tx.run("UPDATE unit SET valid_to = '2026-10-15' WHERE id = 3")
        return len(seen(tx, "10月")), len(seen(tx, "11月"))

    assert await store.run(story) == (2, 1)


async def test_a_unit_put_into_another_class_takes_its_points_along(store: Store) -> None:
    def story(tx: Tx) -> tuple[list[int], Place]:
        book(tx, 2, "2026-11-03", 300)
        tx.run("UPDATE unit_class SET class = '重点部门' WHERE unit_id = 2")
        ledger.move_class(tx, 2, 2026, "重点部门")
        return [unit for _, unit, _, _ in seen(tx, "11月")], own_place(tx, period("今年"), 2)

    assert await store.run(story) == ([3], Place("重点部门", 300, 1, 0, 1, 2, False))


async def test_a_unit_sees_its_own_place(store: Store) -> None:
    def story(tx: Tx) -> tuple[Place, Place, Place]:
        more_counties(tx)
        book(tx, 11, "2026-11-03", 500)
        book(tx, 3, "2026-11-03", 300, submitted=2, adopted=1)
        return (
            own_place(tx, period("11月"), 3),
            own_place(tx, period("1-11月"), 2),
            own_place(tx, period("11月"), 1),
        )

    own, idle, office = await store.run(story)
    assert own == Place(CLASS, 300, 2, 1, 2, 7, False, above=(1, 500))
    assert idle == Place(CLASS, 0, 0, 0, 3, 7, True, above=(2, 300))
    assert office == Place("", 0, 0, 0, 0, 0, False)


async def test_a_span_of_free_dates_counts_its_days_beside_its_whole_months(store: Store) -> None:
    def story(tx: Tx) -> list[tuple[int | None, int, int, bool]]:
        for day, points in (("06-30", 1), ("07-01", 10), ("08-15", 20), ("10-09", 40), ("10-10", 500)):
            send(tx, day, points)
        return seen(tx, "7月1日至10月9日")

    assert await store.run(story) == [(1, 2, 70, False), (2, 3, 0, False)]


async def test_a_span_over_the_new_year_and_one_within_a_month_are_counted_too(store: Store) -> None:
    def story(tx: Tx) -> tuple[list[tuple[int | None, int, int, bool]], Place]:
        send(tx, "2025-12-25", 5)
        for day, points in (("01-10", 10), ("01-11", 100)):
            send(tx, day, points)
        return seen(tx, "2025年12月20日至2026年1月10日"), own_place(tx, period("1月11日至1月31日"), 2)

    over, within = await store.run(story)
    assert over[0] == (1, 2, 15, False)
    assert within == Place(CLASS, 100, 1, 0, 1, 2, False)


async def test_the_board_of_a_past_moment_knows_only_what_was_recorded_by_then(store: Store) -> None:
    def story(tx: Tx) -> list[list[tuple[int, int, int]]]:
        send(tx, "11-03", 100, at="11-03")
        send(tx, "11-04", 300, at="11-20")
        return [
            [(row.unit.id, row.points, row.submitted) for row in as_of.classes[CLASS]]
            for as_of in (boards_as_of(tx, period("11月"), (), moment(day)) for day in ("11-02", "11-10", "11-30"))
        ]

    assert await store.run(story) == [
        [(2, 0, 0), (3, 0, 0)],
        [(2, 100, 1), (3, 0, 0)],
        [(2, 400, 2), (3, 0, 0)],
    ]
    past = await store.read(boards_as_of, period("11月"), (), moment("11-10"))
    assert past.as_of == moment("11-10")


async def test_the_measure_decides_about_ties_and_who_is_left_out(store: Store) -> None:
    local = Result(ties="order", tiebreak=("province", "submitted"), tiebreak_ranks=True)
    exempt = (Exempt(3, ("11县",), date(2026, 1, 1), None),)
    measure = a_measure(result=local, exempt=exempt, classes=(CLASS,))

    def story(tx: Tx) -> list[tuple[int | None, int, str]]:
        more_counties(tx)
        for unit_id in (2, 3, 11):
            book(tx, unit_id, "2026-11-03", 300)
        happened(tx, an_item(tx, (3,)), "adoption", "11-03", journal="SYQ", level="province")
        rows = class_board(tx, period("11月"), CLASS, [measure], limit=3)
        everybody = class_board(tx, period("11月"), CLASS, [measure])
        assert own_place(tx, period("11月"), 2, [measure]) == Place(CLASS, 300, 1, 0, 2, 6, False, above=(1, 300))
        assert own_place(tx, period("11月"), 11, [measure]).rank == 0
        return [(row.rank, row.unit.id, row.note) for row in (*rows, everybody[-1])]

    assert await store.run(story) == [(1, 3, ""), (2, 2, ""), (3, 12, ""), (None, 11, "免考评")]


def send(tx: Tx, day: str, points: int, *, at: str = "01-01") -> None:
    """云山县 sends an item worth some points; totals and entries tell the same."""
    item = an_item(tx)
    recorded = to_ms(moment(at))
    happened(tx, item, "submission", day, at_ms=recorded)
    entry = an_entry(day, points, item_id=item.id)
    ledger.append_entry(tx, entry, recorded)
    ledger.add_to_totals(tx, 2, CLASS, entry.day, points=points, submitted=1)
