"""Periods, objections and correction sets as rows: the same on either engine."""

from __future__ import annotations

from datetime import date

from domain.cycle import State, Step, Verdict
from domain.period import month_of
from domain.scoring import Entry
from storage import appeal as appeals
from storage import correction as corrections
from storage import cycle, ledger
from storage import item as items
from storage.appeal import Result
from storage.correction import Stage
from storage.cycle import Pending, Taken
from storage.engine import Store, Tx
from storage.ledger import NewFact

NOON = 1_795_406_400_000
NOVEMBER = month_of(date(2026, 11, 1))
OCTOBER = month_of(date(2026, 10, 1))
DAY = date(2026, 11, 20)


def item(tx: Tx, title: str = "春耕", units: tuple[int, ...] = (2,)) -> int:
    new = items.NewItem(title, "正文", "动态", "单条", 5, units, "onebot", "", False, "", "", "")
    return items.add(tx, new, items.next_number(tx, 2026), NOON, title).id


def entry(tx: Tx, points: int, *, pending: bool = False, item_id: int = 0, reverses: int | None = None) -> int:
    """An entry of 云山县; its seq."""
    one = Entry(0, item_id, 2, None, DAY, "adoption:SZB", "第七条", "省专报采用", points, "采用分", pending)
    ledger.append_entry(tx, one, NOON, reverses=reverses)
    return ledger.last_seq(tx)


async def test_a_period_is_open_until_a_step_is_taken_and_every_step_is_kept(settled: Store) -> None:
    def take(tx: Tx) -> None:
        assert (cycle.find(tx, "2026-11"), cycle.state_of(tx, "2026-11")) == (None, State.OPEN)
        cycle.move(tx, NOVEMBER, State.CUT_OFF, Taken(Step.CUT_OFF, NOON, 1, 0, ""))
        cycle.move(tx, NOVEMBER, State.SHOWN, Taken(Step.SHOW, NOON + 1, 2, NOON + 9, "核对两天"))

    await settled.run(take)
    found = await settled.read(cycle.find, "2026-11")
    assert found is not None
    assert (found.state, found.first, found.last, found.changed_ms) == (
        State.SHOWN, date(2026, 11, 1), date(2026, 11, 30), NOON + 1,
    )  # fmt: skip
    assert await settled.read(cycle.steps, "2026-11") == [
        Taken(Step.CUT_OFF, NOON, 1, 0, ""),
        Taken(Step.SHOW, NOON + 1, 2, NOON + 9, "核对两天"),
    ]
    last = await settled.read(cycle.last_step, "2026-11", Step.CUT_OFF)
    assert last is not None
    assert last.person_id == 1
    assert await settled.read(cycle.last_step, "2026-11", Step.FREEZE) is None


async def test_what_is_frozen_is_known_in_the_same_transaction(settled: Store) -> None:
    def freeze(tx: Tx) -> tuple[date | None, date | None]:
        before = ledger.frozen_through(tx)
        cycle.move(tx, OCTOBER, State.FROZEN, Taken(Step.FREEZE, NOON, 1, 0, ""))
        return before, ledger.frozen_through(tx)

    assert await settled.run(freeze) == (None, date(2026, 10, 31))


async def test_periods_are_listed_by_their_last_days(settled: Store) -> None:
    def begin(tx: Tx) -> list[str]:
        for period in (NOVEMBER, OCTOBER):
            cycle.move(tx, period, State.CUT_OFF, Taken(Step.CUT_OFF, NOON, 1, 0, ""))
        return [one.period for one in cycle.cycles(tx)]

    assert await settled.run(begin) == ["2026-10", "2026-11"]


async def test_only_entries_whose_points_are_still_unknown_are_pending(settled: Store) -> None:
    def book(tx: Tx) -> int:
        item_id = item(tx)
        fact = NewFact("adoption", item_id, DAY, 2, journal="SZB", level="province", issue="45")
        fact_id = ledger.append_fact(tx, fact, NOON)
        one = Entry(fact_id, item_id, 2, 5, DAY, "external:SZB", "第七条", "待定", 0, "采用分", True)
        ledger.append_entry(tx, one, NOON)
        known = entry(tx, 0, pending=True)
        entry(tx, 0, pending=True, reverses=known)
        return item_id

    item_id = await settled.run(book)
    waiting = [Pending(2, item_id, "2026-0001", "春耕", "SZB", "45")]
    assert await settled.read(cycle.pending, NOVEMBER.first, NOVEMBER.last) == waiting
    assert await settled.read(cycle.pending, OCTOBER.first, OCTOBER.last) == []


async def test_the_entries_of_a_span_are_counted_and_summed_by_unit(settled: Store) -> None:
    def book(tx: Tx) -> None:
        entry(tx, 3000)
        entry(tx, 500, reverses=entry(tx, 500))

    await settled.run(book)
    assert await settled.read(cycle.entry_counts, NOVEMBER.first, NOVEMBER.last) == {2: (3, 3000)}
    assert await settled.read(cycle.entry_counts, OCTOBER.first, OCTOBER.last) == {}


async def test_an_objection_is_decided_once(settled: Store) -> None:
    def raise_two(tx: Tx) -> tuple[int, int]:
        first = appeals.add(tx, "2026-11", 2, item(tx), "省专报没有计分", 5, NOON, 7)
        second = appeals.add(tx, "2026-11", 3, None, "报送少了一条", 7, NOON + 1, 7)
        appeals.decide(tx, first, Verdict.GRANTED, 1, NOON + 2, "已补登", 9)
        appeals.decide(tx, first, Verdict.REFUSED, 2, NOON + 3, "不对", 9)
        return first, second

    first, second = await settled.run(raise_two)
    found = await settled.read(appeals.by_id, first)
    assert found is not None
    assert not found.is_open
    assert (found.verdict, found.decided_by, found.reason, found.from_seq, found.upto_seq) == (
        Verdict.GRANTED, 1, "已补登", 7, 9,
    )  # fmt: skip
    assert [one.id for one in await settled.read(appeals.open_ones)] == [second]
    assert await settled.read(appeals.of_unit, 2, 5) == [found]
    assert await settled.read(appeals.by_id, 99) is None


async def test_what_was_done_about_an_objection_are_the_entries_booked_since(settled: Store) -> None:
    def happen(tx: Tx) -> list[list[int]]:
        item_id = item(tx)
        entry(tx, 100, item_id=item_id)
        for about_item in (item_id, None):
            appeals.add(tx, "2026-11", 2, about_item, "不对", 5, NOON, ledger.last_seq(tx))
        entry(tx, 3000, item_id=item_id)
        last = entry(tx, 50)
        entry(tx, 1)
        raised = appeals.open_ones(tx)
        spans = [(NOVEMBER, last), (OCTOBER, last), (NOVEMBER, last + 1)]
        return [
            [found.points for found in appeals.results(tx, one, upto, span.first, span.last)]
            for one in raised
            for span, upto in spans
        ]

    assert await settled.run(happen) == [[3000], [], [3000], [3000, 50], [], [3000, 50, 1]]


async def test_a_late_entry_is_about_the_day_it_could_not_be_booked_on(settled: Store) -> None:
    def happen(tx: Tx) -> list[Result]:
        appeals.add(tx, "2026-10", 2, None, "不对", 5, NOON, 0)
        late = Entry(0, 0, 2, None, DAY, "adoption:SZB", "第七条", "补计10月：省专报采用", 3000, "采用分")
        ledger.append_entry(tx, late, NOON, about=date(2026, 10, 9))
        (one,) = appeals.open_ones(tx)
        return appeals.results(tx, one, 9, OCTOBER.first, OCTOBER.last)

    assert await settled.run(happen) == [Result(3000, "补计10月：省专报采用", "第七条")]


async def test_who_registered_something_of_an_item_is_known(settled: Store) -> None:
    def register(tx: Tx) -> set[int]:
        item_id = item(tx)
        for kind, person in (("submission", 5), ("adoption", 2), ("instruction", 1)):
            ledger.append_fact(tx, NewFact(kind, item_id, DAY, person), NOON)
        return appeals.registered_by(tx, item_id)

    assert await settled.run(register) == {1, 2}


async def test_a_correction_collects_changes_under_numbers_that_are_never_used_again(settled: Store) -> None:
    def collect(tx: Tx) -> int:
        assert corrections.collecting(tx) is None
        id = corrections.begin(tx, 2, NOON)
        assert corrections.add(tx, id, "revoke", {"number": "2026-0001", "reason": "登记错了"}, 2, NOON) == 1
        assert corrections.add(tx, id, "adjust", {"unit": "2"}, 2, NOON + 1) == 2
        assert corrections.drop_change(tx, id, 2)
        assert not corrections.drop_change(tx, id, 2)
        assert corrections.add(tx, id, "adjust", {"unit": "3"}, 1, NOON + 2) == 3
        return id

    id = await settled.run(collect)
    found = await settled.read(corrections.collecting)
    assert found is not None
    assert found.id == id
    assert found.stage is Stage.COLLECTING
    assert [(one.place, one.kind, one.words, one.person_id) for one in found.changes] == [
        (1, "revoke", {"number": "2026-0001", "reason": "登记错了"}, 2),
        (3, "adjust", {"unit": "3"}, 1),
    ]


async def test_another_change_asks_for_another_preview(settled: Store) -> None:
    def change(tx: Tx) -> list[str]:
        id, seen = corrections.begin(tx, 2, NOON), []
        corrections.note_preview(tx, id, "abc")
        for _ in range(2):
            found = corrections.collecting(tx)
            assert found is not None
            seen.append(found.previewed)
            corrections.add(tx, id, "adjust", {}, 2, NOON)
        return seen

    assert await settled.run(change) == ["abc", ""]


async def test_a_settled_correction_makes_room_for_the_next(settled: Store) -> None:
    def settle(tx: Tx) -> int:
        id = corrections.begin(tx, 2, NOON)
        corrections.settle(tx, id, Stage.APPLIED, 1, NOON + 5, 3, 8)
        return id

    id = await settled.run(settle)
    assert await settled.read(corrections.collecting) is None
    found = await settled.read(corrections.by_id, id)
    assert found is not None
    assert found == await settled.read(corrections.latest)
    assert (found.stage, found.settled_by, found.settled_ms, found.from_seq, found.upto_seq) == (
        Stage.APPLIED, 1, NOON + 5, 3, 8,
    )  # fmt: skip


async def test_the_months_a_change_touches_are_those_it_books_in_and_counts_in(settled: Store) -> None:
    def happen(tx: Tx) -> tuple[list[date], list[date]]:
        item_id = item(tx)
        adopted = ledger.append_fact(tx, NewFact("adoption", item_id, date(2026, 9, 3), 2, journal="MRYQ"), NOON)
        fact, seq = corrections.last_fact(tx), ledger.last_seq(tx)
        entry(tx, 300)
        ledger.append_fact(tx, NewFact("revocation", item_id, date(2026, 12, 1), 2, revokes=adopted), NOON)
        return corrections.months_touched(tx, seq, fact), corrections.months_touched(tx, seq + 1, fact + 1)

    assert await settled.run(happen) == ([date(2026, 9, 1), date(2026, 11, 1)], [])
