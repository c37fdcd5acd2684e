"""Booking beyond an item's own month: facts about units, settlements, what comes late, a corrected measure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import pytest

from domain.errors import NotFound
from domain.item import Item
from domain.measure import parse_measure
from services import points
from services.classes import follow_class
from services.office import Office
from storage import ledger, recount, roster_write
from storage.engine import Store, Tx
from storage.ledger import NewFact
from storage.unit_fact import NewUnitFact
from tests.support.facts import CLERK, an_item
from tests.support.office import moment, sample_office

COUNTY = 2

TEXT = """\
id = "m"
title = "办法"
effective_from = 2026-01-01
classes = ["县（市、区）"]
[articles]
5 = "报送每条1分。"
6 = "采用每条3分。"
7 = "每月采用2条，每差1条扣1分。"
8 = "未完成约稿每次扣5分；一年两次的，全年计零分。"
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
levels = ["city"]
points = 3
[[rule]]
kind = "event"
article = 8
events = ["commission.missed"]
points = -5
[[quota]]
id = "adopt"
article = 7
what = "adopted"
per = "month"
least = 2
[[rule]]
kind = "quota_missed"
article = 7
quota = "adopt"
points = -1
[[rule]]
kind = "zero_out"
article = 8
events = ["commission.missed"]
at_least = 2
"""
OFFICE = replace(sample_office(), measures=(parse_measure(TEXT),))


def send(tx: Tx, day: str, office: Office = OFFICE) -> Item:
    """云山县 sends an item on a day of 2026."""
    item, now = an_item(tx), moment(day)
    points.record_first(tx, office, item, NewFact("submission", item.id, now.date(), 5), now)
    return item


def adopt(tx: Tx, item: Item, day: str, *, at: str, office: Office = OFFICE) -> int:
    """A journal of a day took it; the office hears of it at another."""
    fact = NewFact(
        "adoption", item.id, date.fromisoformat(f"2026-{day}"), CLERK, journal="MRYQ", level="city", issue=day
    )
    return points.record(tx, office, item, fact, moment(at))


def missed(tx: Tx, day: str, *, at: str, unit_id: int = COUNTY) -> int:
    fact = NewUnitFact("commission.missed", unit_id, date.fromisoformat(f"2026-{day}"), CLERK, reason="约稿 未完成")
    return points.record_unit_fact(tx, OFFICE, fact, moment(at))


def month(tx: Tx, number: int, state: str) -> None:
    """The month is settled, or frozen after it was."""
    last = {3: "03-31", 4: "04-30", 5: "05-31"}[number]
    if state == "computed":
        points.settle_month(tx, OFFICE, date.fromisoformat(f"2026-{last}"), moment("06-01"))
    tx.run(
        "INSERT INTO score_cycle (period, state, first_day, last_day, changed_ms) VALUES (?, ?, ?, ?, 0)"
        " ON CONFLICT (period) DO UPDATE SET state = excluded.state",
        f"2026-{last[:2]}", state, f"2026-{last[:2]}-01", f"2026-{last}",
    )  # fmt: skip
    ledger.forget_cycle(tx)


def board(tx: Tx, unit_id: int = COUNTY, codes: Sequence[str] = ("2026-04", "2026-05", "2026-06", "2026")) -> list[int]:
    """The points in April, May, June and the year; whatever is shown is what a recount gives."""
    assert recount.differences(tx, 2026) == []
    return [ledger.sums_of(tx, unit_id, [code])[0] for code in codes]


def lines(tx: Tx) -> list[tuple[str, str, str, int]]:
    """(day, about, reason, points) of everything booked for 云山县."""
    rows = tx.all("SELECT day, due_day, reason, points FROM entry WHERE unit_id = ? ORDER BY seq", COUNTY)
    return [(day[5:], about[5:], reason, number) for day, about, reason, number in rows]


async def test_an_adoption_heard_of_late_is_a_line_of_its_own_in_the_open_month(store: Store) -> None:
    def story(tx: Tx) -> tuple[list[int], list[int]]:
        item = send(tx, "04-07")
        month(tx, 4, "computed")
        month(tx, 4, "frozen")
        before = board(tx)
        adopt(tx, item, "04-20", at="06-03")
        assert lines(tx)[-3:] == [
            ("06-03", "04-20", "补计4月：《每日要情》04-20采用", 300),
            ("06-03", "04-30", "更正4月：4月采用0条，任务2条，差2条，每条扣1分", 200),
            ("06-03", "04-30", "补计4月：4月采用1条，任务2条，差1条，每条扣1分", -100),
        ]
        return before, board(tx)

    # The year begins with three months without anything: 6 points less.
    before, after = await store.run(story)
    assert before == [100 - 200, 0, 0, 100 - 200 - 600]
    assert after == [100 - 200, 0, 300 + 100, 400 - 100 - 600]


async def test_taking_back_what_a_frozen_month_had_costs_the_open_one(store: Store) -> None:
    def story(tx: Tx) -> list[int]:
        item = send(tx, "04-07")
        adopt(tx, item, "04-20", at="04-20")
        month(tx, 4, "computed")
        month(tx, 4, "signed")
        fact = points.facts_of(tx, item)[-1]
        points.revoke(tx, OFFICE, item, fact, CLERK, "登记有误", moment("06-03"))
        assert lines(tx)[-3] == ("06-03", "04-20", "更正4月：《每日要情》04-20采用", -300)
        return board(tx)

    assert await store.run(story) == [400 - 100, 0, -300 - 100, 100 - 200 - 600]


async def test_a_fact_about_a_unit_is_booked_and_taken_back_with_its_points(store: Store) -> None:
    def story(tx: Tx) -> tuple[list[int], list[int]]:
        fact_id = missed(tx, "04-20", at="04-22")
        first = board(tx)
        points.revoke_unit_fact(tx, OFFICE, fact_id, CLERK, "重开", moment("05-03"))
        with pytest.raises(NotFound):
            points.revoke_unit_fact(tx, OFFICE, fact_id, CLERK, "重开", moment("05-03"))
        return first, board(tx)

    assert await store.run(story) == ([-500, 0, 0, -500], [0, 0, 0, 0])


async def test_an_adjustment_books_what_a_person_decided_without_a_rule(store: Store) -> None:
    def story(tx: Tx) -> tuple[list[tuple[str, str, str, int]], list[int]]:
        day = date(2026, 4, 20)
        fact = NewUnitFact("adjustment", COUNTY, day, CLERK, points=-150, article="第五条", reason="重复计分")
        points.record_unit_fact(tx, OFFICE, fact, moment("04-22"))
        return lines(tx), board(tx)

    assert await store.run(story) == ([("04-20", "", "人工调整：重复计分", -150)], [-150, 0, 0, -150])


async def test_a_month_is_settled_for_every_assessed_unit_and_again_only_by_difference(store: Store) -> None:
    def story(tx: Tx) -> tuple[int, int, list[int], list[int]]:
        adopt(tx, send(tx, "04-07"), "04-20", at="04-20")
        changed = points.settle_month(tx, OFFICE, date(2026, 4, 30), moment("05-01"))
        again = points.settle_month(tx, OFFICE, date(2026, 4, 30), moment("05-02"))
        return changed, again, board(tx), board(tx, 3)

    # Four units are assessed. January to April: 2 missing each month, in April 1.
    assert await store.run(story) == (4, 0, [400 - 100, 0, 0, 400 - 700], [-200, 0, 0, -800])


async def test_what_happens_in_a_computed_month_settles_it_again_at_once(store: Store) -> None:
    def story(tx: Tx) -> list[int]:
        item = send(tx, "04-07")
        month(tx, 4, "computed")
        assert board(tx)[0] == 100 - 200
        adopt(tx, item, "04-20", at="05-02")
        return board(tx)

    assert await store.run(story) == [400 - 100, 0, 0, 400 - 700]


async def test_two_missed_commissions_set_the_year_to_zero_and_one_taken_back_gives_it_back(store: Store) -> None:
    def story(tx: Tx) -> list[int]:
        for day in ("03-07", "04-07", "04-08"):
            adopt(tx, send(tx, day), "04-20", at="04-20")
        first, second = missed(tx, "03-02", at="03-03"), missed(tx, "04-15", at="04-16")
        month(tx, 4, "computed")
        zero = board(tx)[3]
        points.revoke_unit_fact(tx, OFFICE, second, CLERK, "重开", moment("05-03"))
        given_back = board(tx)[3]
        points.revoke_unit_fact(tx, OFFICE, first, CLERK, "重开", moment("05-03"))
        return [zero, given_back, board(tx)[3]]

    # 3 × (1 + 3) points, less 6 for January to March; each miss costs 5.
    assert await store.run(story) == [0, 1200 - 600 - 500, 1200 - 600]


async def test_the_order_of_registering_does_not_matter_to_the_sums(store: Store) -> None:
    def story(tx: Tx, late: bool) -> int:
        with tx.savepoint():
            items = [send(tx, "04-07"), send(tx, "04-09")]
            if late:
                month(tx, 4, "computed")
                month(tx, 4, "published")
            for item in items:
                adopt(tx, item, "04-20", at="04-20" if not late else "05-20")
            if not late:
                month(tx, 4, "computed")
            return board(tx)[3]

    results = []
    for late in (False, True):
        results.append(await store.run(story, late))
        await store.run(wipe)
    assert results[0] == results[1] == 800 - 600


def wipe(tx: Tx) -> None:
    for table in ("entry", "score_period", "score_cycle", "fact", "item_unit"):
        tx.run(f"DELETE FROM {table}")


async def test_a_measure_corrected_behind_it_books_everything_anew(store: Store) -> None:
    better = replace(OFFICE, measures=(parse_measure(TEXT.replace("points = 3", "points = 4")),))

    def story(tx: Tx) -> list[int]:
        item = send(tx, "03-07")
        adopt(tx, item, "03-20", at="03-20")
        missed(tx, "04-02", at="04-03")
        month(tx, 3, "computed")
        month(tx, 3, "frozen")
        points.rebook_all(tx, better, date(2026, 1, 1), moment("04-10"))
        count = ledger.last_seq(tx)
        points.rebook_all(tx, better, date(2026, 1, 1), moment("04-11"))
        assert ledger.last_seq(tx) == count, "a second time nothing is left to book"
        return board(tx, codes=("2026-03", "2026-04", "2026"))

    # March stays as it was frozen; the one point more is booked in April.
    assert await store.run(story) == [400 - 100, -500 + 100, 400 - 100 - 400 - 500 + 100]


async def test_a_unit_put_into_another_class_is_settled_as_that_class_is(store: Store) -> None:
    by_class = TEXT.replace("\nleast = 2\n", "\n" + 'by_class = { "县（市、区）" = 2, "重点部门" = 0 }\n').replace(
        'classes = ["县（市、区）"]', 'classes = ["县（市、区）", "重点部门"]'
    )
    office = replace(OFFICE, measures=(parse_measure(by_class),))

    def story(tx: Tx) -> list[int]:
        adopt(tx, send(tx, "04-07", office), "04-20", at="04-20", office=office)
        points.settle_month(tx, office, date(2026, 4, 30), moment("05-01"))
        month(tx, 4, "shown")
        before = board(tx)[3]
        roster_write.set_class(tx, COUNTY, 2026, "重点部门")
        follow_class(tx, office, COUNTY, "重点部门", moment("05-02"))
        return [before, board(tx)[3]]

    assert await store.run(story) == [400 - 700, 400]


async def test_without_rules_on_spans_nothing_is_settled(store: Store) -> None:
    bare = TEXT[: TEXT.index("[[quota]]")]

    def story(tx: Tx) -> int:
        office = replace(OFFICE, measures=(parse_measure(bare),))
        send(tx, "04-07", office)
        return points.settle_month(tx, office, date(2026, 4, 30), moment("05-01"))

    assert await store.run(story) == 0
