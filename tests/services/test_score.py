"""Scores asked for: whatever happened, the figures people read agree with each other and with what happened."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.office import build_office
from bot.settings import Settings
from domain.errors import NotFound
from domain.item import Item
from domain.measure.rules import Mode
from domain.moment import ZONE
from domain.period import Period, parse_period
from domain.roster import Person, Post, Role
from services import points
from services.board import class_board
from services.office import Office
from services.score import Sheet, classes_meant, reporting_unit, score_sheet, unit_meant
from storage import item as items
from storage import ledger
from storage.engine import Row, Store, Tx, Value
from storage.ledger import NewFact
from tests.support.fresh import in_a_city

NOW = datetime(2026, 11, 23, 9, 41, tzinfo=ZONE)
TODAY = NOW.date()
OFFICE = build_office(Settings())
REPORTERS = {5: 2, 10: 2, 7: 3, 8: 4, 9: 5}
"""Person → unit, of everybody who reports in the small city (张三, 钱八, 王五, 赵六, 孙七)."""
PERIODS = ("10月", "11月", "四季度", "10-11月", "今年", "下半年")


def period(words: str) -> Period:
    return parse_period(words, TODAY)


def person(person_id: int, *posts: tuple[int, Role]) -> Person:
    return Person(person_id, "", "", tuple(Post(unit, role) for unit, role in posts))


def reporter(person_id: int) -> Person:
    return person(person_id, (REPORTERS[person_id], Role.REPORTER))


@dataclass(frozen=True)
class Piece:
    """One item of a history: who sent it when, with which other unit; its adoptions (day, journal, form, revoked)."""

    author: int
    day: date
    joint: int | None
    adoptions: tuple[tuple[date, str, str, bool], ...]
    commissioned: bool
    withdrawn: bool


days = st.dates(date(2026, 9, 28), TODAY)
adoptions = st.tuples(
    days,
    st.sampled_from(["MRYQ", "ZWXX", "SYQ", "SXX", "GBXX"]),
    st.sampled_from(["单条", "综合", "调研"]),
    st.booleans(),
)
pieces = st.builds(
    Piece,
    author=st.sampled_from(sorted(REPORTERS)),
    day=days,
    joint=st.none() | st.sampled_from([2, 3, 4, 5]),
    adoptions=st.lists(adoptions, max_size=3).map(tuple),
    commissioned=st.booleans(),
    withdrawn=st.booleans(),
)
modes: st.SearchStrategy[Mode] = st.sampled_from(["cumulative", "highest"])


def office_that_combines(mode: Mode) -> Office:
    measure = OFFICE.measures[0]
    combine = replace(measure.combine, within_level=mode, across_levels=mode)
    return replace(OFFICE, measures=(replace(measure, combine=combine),))


def happen(tx: Tx, office: Office, piece: Piece) -> None:
    units = tuple(dict.fromkeys([REPORTERS[piece.author], *([piece.joint] if piece.joint else [])]))
    new = items.NewItem("标题", "正文", "动态", "单条", piece.author, units, "onebot", "", False, "", "", "")
    item = items.add(tx, new, items.next_number(tx, 2026), 0, "")
    item_id = item.id
    sent = points.record(tx, office, item, NewFact("submission", item_id, piece.day, piece.author), NOW)
    for day, code, form, revoked in piece.adoptions:
        level = next(journal.level for journal in office.journals if journal.code == code)
        fact = NewFact(
            "adoption", item_id, day, 1, journal=code, level=level, form=form, commissioned=piece.commissioned
        )
        fact_id = points.record(tx, office, item, fact, NOW)
        if revoked:
            _take_back(tx, office, fact_id, item)
    if piece.withdrawn and not standing(piece):
        _take_back(tx, office, sent, item)


def _take_back(tx: Tx, office: Office, fact_id: int, item: Item) -> None:
    fact = next(fact for fact in points.facts_of(tx, item) if fact.id == fact_id)
    points.revoke(tx, office, item, fact, 1, "", NOW)


def standing(piece: Piece) -> list[date]:
    return sorted(day for day, _, _, revoked in piece.adoptions if not revoked)


def expected_counts(history: Sequence[Piece], author: int, span: Period) -> tuple[int, int]:
    own = [piece for piece in history if piece.author == author]
    sent = [piece.day for piece in own if not piece.withdrawn or standing(piece)]
    used = [standing(piece)[0] for piece in own if standing(piece)]
    return sum(span.first <= day <= span.last for day in sent), sum(span.first <= day <= span.last for day in used)


@given(history=st.lists(pieces, max_size=8), mode=modes)
def test_after_any_history_lines_totals_shares_and_boards_agree(history: list[Piece], mode: Mode) -> None:
    office = office_that_combines(mode)

    def story(tx: Tx) -> None:
        for piece in history:
            happen(tx, office, piece)
        for words in PERIODS:
            _agree(tx, office, period(words), history)

    in_a_city(story)


def _agree(tx: Tx, office: Office, span: Period, history: Sequence[Piece]) -> None:
    for author, unit in REPORTERS.items():
        sheet = score_sheet(tx, office, unit, span, TODAY, reporter(author))
        assert sheet.place.points == sum(line.entry.points for line in sheet.lines)
        assert sheet.share is not None
        assert (sheet.share.submitted, sheet.share.adopted) == expected_counts(history, author, span)
    if not any(piece.joint for piece in history):
        _shares_are_the_whole(tx, office, span)
    for name in ("县（市、区）", "重点部门", "一般部门"):
        for row in class_board(tx, span, name, limit=None):
            place = score_sheet(tx, office, row.unit.id, span, TODAY).place
            shown = (row.rank, row.points, row.submitted, row.adopted, row.tied)
            assert shown == (place.rank, place.points, place.submitted, place.adopted, place.tied)


def _shares_are_the_whole(tx: Tx, office: Office, span: Period) -> None:
    """Without joint items, what its reporters did is what the unit did."""
    for unit in sorted(set(REPORTERS.values())):
        whole = score_sheet(tx, office, unit, span, TODAY).place
        authors = [author for author in REPORTERS if REPORTERS[author] == unit]
        sheets = [score_sheet(tx, office, unit, span, TODAY, reporter(author)) for author in authors]
        shares = [sheet.share for sheet in sheets if sheet.share]
        assert whole.points == sum(share.points for share in shares)
        assert whole.submitted == sum(share.submitted for share in shares)
        assert whole.adopted == sum(share.adopted for share in shares)


class Watched:
    """A transaction that remembers the plan of every question asked through it."""

    def __init__(self, tx: Tx) -> None:
        self._tx = tx
        self.memo = tx.memo
        self.plans: list[str] = []

    def all(self, sql: str, *values: Value) -> list[Row]:
        self.plans += [str(row[-1]) for row in self._tx.all(f"EXPLAIN QUERY PLAN {sql}", *values)]
        return self._tx.all(sql, *values)

    def one(self, sql: str, *values: Value) -> Row | None:
        rows = self.all(sql, *values)
        return rows[0] if rows else None

    def run(self, sql: str, *values: Value) -> int:
        return self._tx.run(sql, *values)

    def many(self, sql: str, rows: Sequence[Sequence[Value]]) -> None:
        self._tx.many(sql, rows)

    def savepoint(self) -> AbstractContextManager[None]:
        return self._tx.savepoint()

    def touch(self, *topic: object) -> None:
        self._tx.touch(*topic)


async def test_no_question_reads_the_whole_ledger(store: Store) -> None:
    def story(tx: Tx) -> list[str]:
        watched = Watched(tx)
        for words in PERIODS:
            score_sheet(watched, OFFICE, 2, period(words), TODAY, reporter(5))
            class_board(watched, period(words), "县（市、区）", limit=None)
        return watched.plans

    plans = await store.run(story)
    assert any("entry_unit" in plan for plan in plans)
    scans = [plan for plan in plans if plan.startswith("SCAN") and plan.split()[1] not in {"own", "CONSTANT"}]
    assert scans == []


async def sheet_of(store: Store, unit: int, words: str, who: Person | None = None) -> Sheet:
    return await store.run(lambda tx: score_sheet(tx, OFFICE, unit, period(words), TODAY, who))


async def test_the_monthly_task_is_that_of_the_class_and_only_of_a_month(store: Store) -> None:
    task = (await sheet_of(store, 2, "本月")).task
    assert task is not None
    assert (task.submit_min, task.adopt_min, task.floor) == (8, 2, None)
    assert (await sheet_of(store, 2, "四季度")).task is None
    assert (await sheet_of(store, 1, "本月")).task is None


async def test_an_adoption_rate_under_the_floor_is_told(store: Store) -> None:
    def story(tx: Tx) -> None:
        for _ in range(6):
            happen(tx, OFFICE, Piece(5, TODAY, None, (), False, False))
        happen(tx, OFFICE, Piece(5, TODAY, None, ((TODAY, "MRYQ", "单条", False),), False, False))

    await store.run(story)
    task = (await sheet_of(store, 2, "本月")).task
    assert task is not None
    assert task.floor == 2000


async def test_only_a_reporter_has_a_share(store: Store) -> None:
    leader = person(6, (2, Role.LEADER))
    assert (await sheet_of(store, 2, "本月", leader)).share is None
    assert (await sheet_of(store, 2, "本月", reporter(5))).share is not None


def test_whose_score_is_whose_business() -> None:
    assert reporting_unit(person(5, (1, Role.OFFICE), (2, Role.REPORTER))) == 2
    assert reporting_unit(person(5, (1, Role.OFFICE), (3, Role.LEADER))) == 3
    assert reporting_unit(person(1, (1, Role.OFFICE_HEAD))) is None


@pytest.mark.parametrize(
    ("words", "classes"),
    [
        ("县区", ["县（市、区）"]),
        ("县（市、区）", ["县（市、区）"]),
        ("部门", ["重点部门", "一般部门"]),
        ("一般", ["一般部门"]),
    ],
)
async def test_a_class_is_found_by_a_part_of_its_name(store: Store, words: str, classes: list[str]) -> None:
    assert await store.run(lambda tx: classes_meant(tx, words, period("本月"))) == classes


async def test_an_unknown_class_is_answered_with_those_there_are(store: Store) -> None:
    with pytest.raises(NotFound, match="县（市、区）、重点部门、一般部门"):
        await store.run(lambda tx: classes_meant(tx, "火星", period("本月")))


async def test_without_words_the_unit_is_ones_own(store: Store) -> None:
    named = await store.run(lambda tx: unit_meant(tx, "清河", 2, TODAY))
    own = await store.run(lambda tx: unit_meant(tx, "", 2, TODAY))
    nobody = await store.run(lambda tx: unit_meant(tx, "", None, TODAY))
    assert (named and named.id, own and own.id, nobody) == (3, 2, None)


async def test_an_item_adopted_twice_counts_once_for_its_author_in_the_month_of_the_first(store: Store) -> None:
    piece = Piece(
        5,
        date(2026, 10, 3),
        None,
        ((date(2026, 10, 8), "MRYQ", "单条", False), (TODAY, "SYQ", "单条", False)),
        False,
        False,
    )
    await store.run(lambda tx: happen(tx, OFFICE, piece))
    spans = [period(words) for words in ("10月", "11月", "四季度")]

    def counts(tx: Tx) -> list[tuple[int, int]]:
        return [ledger.person_counts(tx, 5, span.first, span.last) for span in spans]

    assert await store.run(counts) == [(1, 1), (0, 0), (1, 1)]
