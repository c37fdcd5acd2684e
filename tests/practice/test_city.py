"""The city is the same on every machine, and its scores are what the measure really gives."""

from __future__ import annotations

import asyncio
import sqlite3
from collections import Counter, defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date, datetime
from pathlib import Path

import pytest

from bot.office import build_office
from bot.settings import Settings
from domain.cycle import State, Step, Verdict
from domain.moment import ZONE
from domain.period import month_of
from domain.roster import Role
from domain.scoring import score_item
from domain.workday import load_builtin
from practice import assessed, city, history, start, world
from services import points
from services.cycles import snapshot, steps
from services.office import class_lookup
from storage import appeal, ledger, roster
from storage import item as items
from storage.engine import Tx
from storage.outbox import Sending
from storage.sqlite import SQLiteStore

NOW = datetime(2026, 11, 23, 16, 0, tzinfo=ZONE)
OFFICE = build_office(Settings())
MEASURES = OFFICE.measures


class StillClock:
    def now(self) -> datetime:
        return NOW


async def _found(path: Path) -> None:
    async with opened(path) as store:
        await start.found(store, OFFICE, StillClock())


@pytest.fixture(scope="module")
def founded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("founded") / "practice.db"
    asyncio.run(_found(path))
    return path


@pytest.fixture
async def store(founded: Path) -> AsyncIterator[SQLiteStore]:
    async with opened(founded) as store:
        yield store


@asynccontextmanager
async def opened(path: Path) -> AsyncIterator[SQLiteStore]:
    store = SQLiteStore(path)
    await store.open()
    try:
        yield store
    finally:
        await store.close()


def test_the_same_day_gives_the_same_history() -> None:
    calendar = load_builtin()
    assert history.plan(NOW, calendar) == history.plan(NOW, calendar)
    assert history.plan(NOW, calendar) != history.plan(NOW, calendar, seed=1)
    assert all(event.at < NOW for event in history.plan(NOW, calendar))


async def test_two_foundings_write_the_same_rows(founded: Path, tmp_path: Path) -> None:
    again = tmp_path / "again.db"
    await _found(again)
    assert _dump(again) == _dump(founded)


def _dump(path: Path) -> list[str]:
    with sqlite3.connect(path) as database:
        return list(database.iterdump())


def test_it_has_ten_counties_thirty_departments_and_the_office() -> None:
    kinds = Counter(unit.kind for unit in city.units())
    assert kinds == {"县区": 10, "部门": 30}
    classes = {unit.class_name for unit in city.units()}
    assert classes <= set(OFFICE.measures[0].classes)
    names = [unit.short for unit in city.units()]
    assert len(set(names)) == len(names)


def _people(tx: Tx) -> Counter[Role]:
    found = (roster.person(tx, row[0], NOW.date()) for row in tx.all("SELECT id FROM person"))
    return Counter(person.posts[0].role for person in found if person is not None)


async def test_every_unit_has_a_reporter_and_a_leader_and_everybody_has_a_name_of_their_own(store: SQLiteStore) -> None:
    roles = await store.read(_people)
    names = await store.read(lambda tx: [row[0] for row in tx.all("SELECT name FROM person")])
    assert roles[Role.REPORTER] == roles[Role.LEADER] == 40
    assert (roles[Role.OFFICE_HEAD], roles[Role.OFFICE], roles[Role.SECRECY], roles[Role.ADMIN]) == (1, 2, 1, 1)
    assert len(set(names)) == len(names)


async def test_the_totals_are_what_a_recomputation_from_the_facts_gives(store: SQLiteStore) -> None:
    booked, counted = await store.read(_booked), await store.read(_recomputed)
    assert booked == counted
    assert sum(figures[0] for figures in booked.values()) > 0


Figures = dict[tuple[str, int], tuple[int, int, int]]


def _booked(tx: Tx) -> Figures:
    rows = tx.all("SELECT period, unit_id, points, submitted, adopted FROM score_period")
    return {(period, unit): (p, s, a) for period, unit, p, s, a in rows if p or s or a}


def _recomputed(tx: Tx) -> Figures:
    sums: dict[tuple[str, int], Counter[str]] = defaultdict(Counter)
    class_of = class_lookup(tx)
    for (item_id,) in tx.all("SELECT id FROM item"):
        item = items.by_id(tx, item_id)
        assert item is not None
        facts = points.facts_of(tx, item)
        moves = [(entry.unit_id, entry.day, "points", entry.points) for entry in score_item(facts, MEASURES, class_of)]
        moves += [(unit, day, "submitted", 1) for unit, day in points.submissions(facts)]
        moves += [(unit, day, "adopted", 1) for unit, day in points.adoptions(facts)]
        for unit, day, column, amount in moves:
            for code in ledger.period_codes(day):
                sums[code, unit][column] += amount
    return {key: (s["points"], s["submitted"], s["adopted"]) for key, s in sums.items() if any(s.values())}


async def test_about_half_is_adopted_and_little_waits_on_the_desk(store: SQLiteStore) -> None:
    rows = await store.read(lambda tx: tx.all("SELECT state, COUNT(*) FROM item GROUP BY state"))
    joint = await store.read(lambda tx: tx.all("SELECT COUNT(DISTINCT item_id) FROM item_unit WHERE place > 0"))
    kinds = await store.read(lambda tx: {row[0] for row in tx.all("SELECT DISTINCT kind FROM fact")})
    commissioned = await store.read(lambda tx: tx.all("SELECT COUNT(*) FROM item WHERE commissioned = 1"))
    states = {str(state): int(count) for state, count in rows}
    assert 0.45 < states["adopted"] / sum(states.values()) < 0.65
    assert 5 <= states["received"] <= 40
    assert states["rejected"] > 0
    assert joint[0][0] > 0
    assert commissioned[0][0] > 0
    assert kinds >= {"submission", "adoption", "instruction", "revocation"}


def _heard_since(tx: Tx, day: str) -> set[str]:
    rows = tx.all(
        "SELECT a.alias FROM fact f JOIN item_unit i ON i.item_id = f.item_id AND i.place = 0"
        " JOIN unit_alias a ON a.unit_id = i.unit_id AND a.short = 1 WHERE f.kind = 'submission' AND f.day >= ?",
        day,
    )
    return {row[0] for row in rows}


async def test_two_units_have_fallen_silent(store: SQLiteStore) -> None:
    silent = {unit.short for unit in city.units() if unit.silent}
    heard = await store.read(_heard_since, "2026-11-01")
    assert len(silent) == 2
    assert {unit.short for unit in city.units()} - heard == silent


async def test_nobody_is_told_of_what_lies_in_the_past(store: SQLiteStore) -> None:
    states = await store.read(lambda tx: tx.all("SELECT DISTINCT kind, state FROM outbox"))
    assert {kind for kind, _ in states} >= {"commission", "cycle shown", "bulletin"}
    assert {state for _, state in states} == {Sending.SENT.value}


async def test_the_older_months_are_published_and_the_newest_waits_for_its_first_step(store: SQLiteStore) -> None:
    august, september, october = (month_of(date(2026, month, 1)) for month in (8, 9, 10))
    standings = [await store.read(steps.look, period) for period in (august, september, october)]
    assert [one.state for one in standings] == [State.PUBLISHED, State.PUBLISHED, State.OPEN]
    assert [step.step for step, _ in standings[1].steps] == list(Step)
    assert {name for _, name in standings[1].steps[:3]} == {"系统"}
    assert standings[2].following is Step.CUT_OFF
    assert await store.read(steps.current, NOW.date()) == october


async def test_the_board_that_was_published_is_what_the_points_still_say(store: SQLiteStore) -> None:
    september = month_of(date(2026, 9, 1))
    frozen, _ = await store.read(snapshot.board_for, OFFICE, september, NOW)
    figures = {row.unit_id: row.period.get("points", 0) for board in frozen.classes for row in board.rows}
    booked = await store.read(_booked)
    assert {unit: points for unit, points in figures.items() if points} == {
        unit: points for (period, unit), (points, _, _) in booked.items() if period == "2026-09" and points
    }


async def test_one_unit_has_objected_and_was_answered(store: SQLiteStore) -> None:
    (one,) = await store.read(appeal.of_unit, assessed.OBJECTING_UNIT, 10)
    assert (one.period, one.verdict) == ("2026-09", Verdict.REFUSED)
    assert await store.read(appeal.open_ones) == []


async def test_commissions_of_the_last_weeks_stand_at_every_stage(store: SQLiteStore) -> None:
    rows = await store.read(
        lambda tx: tx.all("SELECT c.number, a.stage FROM commission c JOIN assignment a ON a.commission_id = c.id")
    )
    stages: dict[str, set[str]] = defaultdict(set)
    for number, stage in rows:
        stages[number].add(stage)
    assert stages == {
        "约 2026-001": {"closed"},
        "约 2026-002": {"issued", "answered", "received"},
        "约 2026-003": {"closed"},
        "约 2026-004": {"issued", "received"},
    }


async def test_a_founding_that_was_interrupted_begins_anew(tmp_path: Path) -> None:
    path = tmp_path / start.DATABASE
    async with opened(path) as store:
        await store.run(city.found, NOW.date(), NOW.date())
    await start.prepare(Settings(folder=tmp_path), OFFICE)
    async with opened(path) as store:
        assert await store.read(city.is_founded)
        assert len(await store.read(lambda tx: tx.all("SELECT id FROM unit"))) == 41


async def test_an_old_city_is_kept_and_a_fresh_one_replaces_it(tmp_path: Path) -> None:
    settings = Settings(folder=tmp_path)
    await start.prepare(settings, OFFICE)
    async with opened(tmp_path / start.DATABASE) as store:
        await store.run(lambda tx: tx.run("UPDATE person SET name = '改了名' WHERE id = 1"))
    await start.prepare(settings, OFFICE)
    assert await _first_name(tmp_path) == "改了名"
    await start.prepare(settings, OFFICE, fresh=True)
    assert await _first_name(tmp_path) != "改了名"


async def _first_name(folder: Path) -> str:
    async with opened(folder / start.DATABASE) as store:
        return await store.read(roster.name_of, 1)


async def test_whoever_hands_over_stays_in_the_chat_as_somebody_the_roster_does_not_know(tmp_path: Path) -> None:
    await start.prepare(Settings(folder=tmp_path), OFFICE)

    def leave(tx: Tx) -> None:
        tx.run("UPDATE account SET valid_to_ms = 1 WHERE account = '10006'")

    async with opened(tmp_path / start.DATABASE) as store:
        before = (await store.read(world.load, NOW.date())).residents[10006]
        await store.run(leave)
        after = (await store.read(world.load, NOW.date())).residents[10006]
    assert (before.role, before.side) == ("信息员", "unit")
    assert (after.name, after.role, after.side) == (before.name, "", "stranger")
