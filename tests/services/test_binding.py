"""Codes and hand-overs, held to their laws."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from domain.errors import BadInput, NotFound
from domain.moment import ZONE
from domain.roster import Person
from services import binding, people
from services.binding import ALPHABET, Outcome
from storage import roster
from storage.migrate import migrate
from storage.sqlite import SQLiteTx
from tests.support import city

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=ZONE)


@pytest.fixture
def tx() -> Iterator[SQLiteTx]:
    raw = sqlite3.connect(":memory:", isolation_level=None)
    tx = SQLiteTx(raw)
    migrate(tx, "sqlite")
    city.settle(tx)
    tx.touched.clear()
    yield tx
    raw.close()


def who(tx: SQLiteTx, name: str) -> Person:
    return people.find_person(tx, name, "", NOW)


def attempt(tx: SQLiteTx, code: str, account: str = "29999", now: datetime = NOW) -> binding.Attempt:
    return binding.bind(tx, code, "onebot", account, f"key {now}", now)


def test_a_code_has_two_halves_of_four_characters_and_none_that_look_alike() -> None:
    first, second = binding.new_code().split("-")
    code = first + second
    assert len(first) == len(second)
    assert len(code) == 8
    assert set(code) <= set(ALPHABET)
    assert not set(ALPHABET) & set("0O1IL2Z5SBUV")


def test_a_bound_account_is_in_the_roster_and_the_door_is_told(tx: SQLiteTx) -> None:
    code = binding.issue_code(tx, who(tx, "吴科员"), who(tx, "张三"), NOW)
    assert attempt(tx, code).outcome is Outcome.BOUND
    assert tx.touched == [("roster",)]
    bound = roster.person_of_account(tx, "onebot", "29999", NOW.date())
    assert bound is not None
    assert bound.name == "张三"
    assert tx.one("SELECT bound_by FROM account WHERE account = '29999'") == ("code of person:2",)


def test_a_code_of_somebody_who_has_left_is_worth_nothing(tx: SQLiteTx) -> None:
    code = binding.issue_code(tx, who(tx, "吴科员"), who(tx, "张三"), NOW)
    tx.run("UPDATE person SET valid_to = '2026-11-22' WHERE name = '张三'")
    assert attempt(tx, code).outcome is Outcome.WRONG


def test_only_the_last_hour_counts(tx: SQLiteTx) -> None:
    for minute in (0, 30, 50, 55, 59):
        attempt(tx, "WRONG333", now=NOW + timedelta(minutes=minute))
    assert attempt(tx, "WRONG333", now=NOW + timedelta(minutes=59, seconds=30)).outcome is Outcome.TOO_MANY
    assert attempt(tx, "WRONG333", now=NOW + timedelta(minutes=60, seconds=1)).left == 0


def test_unbinding_ends_open_codes_too(tx: SQLiteTx) -> None:
    code = binding.issue_code(tx, who(tx, "吴科员"), who(tx, "张三"), NOW)
    assert binding.unbind(tx, who(tx, "吴科员"), who(tx, "张三"), NOW) == [("onebot", "20001")]
    assert attempt(tx, code).outcome is Outcome.EXPIRED


def test_what_is_handed_over_is_kept_in_the_history(tx: SQLiteTx) -> None:
    zhang, qian = who(tx, "张三"), who(tx, "钱八")
    unit = people.reporting_unit(tx, zhang, "", NOW)
    moved = binding.hand_over(tx, who(tx, "吴科员"), zhang, qian, unit, NOW)
    assert moved.closed
    assert tx.all("SELECT valid_from, valid_to FROM post WHERE person_id = ?", zhang.id) == [
        ("2026-01-01", "2026-11-22")
    ]
    yesterday = roster.person(tx, zhang.id, NOW.date() - timedelta(days=1))
    assert yesterday is not None
    assert yesterday.unit_id == unit.id
    assert roster.person(tx, zhang.id, NOW.date()) is None


def test_two_people_of_one_name_are_told_apart_by_their_unit(tx: SQLiteTx) -> None:
    tx.run("INSERT INTO person (id, name, valid_from) VALUES (90, '张三', '2026-01-01')")
    tx.run("INSERT INTO post (person_id, unit_id, role, valid_from) VALUES (90, 3, '信息员', '2026-01-01')")
    with pytest.raises(BadInput, match="有 2 位张三（云山县、清河区）"):
        who(tx, "张三")
    assert people.find_person(tx, "张三", "清河区", NOW).id == 90
    with pytest.raises(NotFound, match="张三在云山县、清河区"):
        people.find_person(tx, "张三", "市发改委", NOW)


def test_a_reporter_of_two_units_hands_over_one_at_a_time(tx: SQLiteTx) -> None:
    tx.run("INSERT INTO post (person_id, unit_id, role, valid_from) VALUES (5, 3, '信息员', '2026-01-01')")
    zhang = who(tx, "张三")
    with pytest.raises(BadInput, match="请写明单位"):
        people.reporting_unit(tx, zhang, "", NOW)
    unit = people.reporting_unit(tx, zhang, "清河区", NOW)
    assert not binding.hand_over(tx, who(tx, "吴科员"), zhang, who(tx, "王五"), unit, NOW).closed
    assert roster.accounts_of(tx, zhang.id) == [("onebot", "20001")]
