"""云山市: its units, people and groups, written into an empty database.

Everything is made up and the same on every machine; only the days it is valid from depend on the day of founding.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from domain.roster import Role
from storage.engine import Tx

PLATFORM = "onebot"
BOT_ACCOUNT = 60001
BOT_NAME = "报送助手"
FIRST_ACCOUNT = 10001
STRANGER_ACCOUNT = 19999

CITY_GROUP, COUNTY_GROUP, OFFICE_GROUP, NOTICE_GROUP = "200001", "200002", "200003", "200004"

OFFICE = "云山市人民政府办公室"
OFFICE_SHORT = "市政府办"
OFFICE_POSTS = (Role.OFFICE_HEAD, Role.OFFICE, Role.OFFICE, Role.SECRECY, Role.ADMIN)

GROUPS = (
    (CITY_GROUP, "全市政务信息报送群", "报送"),
    (COUNTY_GROUP, "县区信息群", "报送"),
    (OFFICE_GROUP, "信息科工作群", "办公"),
    (NOTICE_GROUP, "政务信息通知群", "通知"),
)

_DATA = Path(__file__).parent / "data"


@dataclass(frozen=True, slots=True)
class UnitPlan:
    """A unit of the city. `matters` are what it reports about, each `事项|情况`; a silent one has stopped reporting."""

    name: str
    short: str
    kind: str
    class_name: str
    aliases: tuple[str, ...]
    matters: tuple[str, ...]
    silent: bool


@cache
def units() -> tuple[UnitPlan, ...]:
    """The counties and departments, in the office's order."""
    table = _read("city.toml")
    county = tuple(table["county"]["matters"])
    return tuple(
        UnitPlan(
            row["name"], row["short"], row["kind"], row["class"], tuple(row["aliases"]),
            tuple(row.get("matters", county)), row.get("silent", False),
        )
        for row in table["unit"]
    )  # fmt: skip


@cache
def phrases() -> dict[str, Any]:
    """How titles and bodies are worded, and the names people bear."""
    return _read("phrases.toml")


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads((_DATA / name).read_text("utf-8"))


def is_founded(tx: Tx) -> bool:
    """Whether the city stands in this database, its history included."""
    return tx.one("SELECT 1 FROM counter WHERE name = 'practice city'") is not None


def mark_founded(tx: Tx) -> None:
    tx.run("INSERT INTO counter (name, value) VALUES ('practice city', 1)")


def is_empty(tx: Tx) -> bool:
    """Whether nobody has written a roster into this database yet."""
    return tx.one("SELECT 1 FROM unit LIMIT 1") is None


def found(tx: Tx, first: date, today: date) -> None:
    """Write the roster: units, people, accounts, groups, all valid from `first`."""
    names = _names()
    account = FIRST_ACCOUNT
    office = _add_unit(tx, 1, UnitPlan(OFFICE, OFFICE_SHORT, "办公室", "", ("府办", "市府办"), (), False), first, today)
    section = _add_section(tx, office, "信息科", first)
    for role in OFFICE_POSTS:
        _add_person(tx, next(names), office, role, account, first, section)
        account += 1
    for place, plan in enumerate(units(), start=2):
        unit_id = _add_unit(tx, place, plan, first, today)
        for role in _posts(place, plan):
            _add_person(tx, next(names), unit_id, role, account, first, None)
            account += 1
    for number, name, purpose in GROUPS:
        tx.run(
            "INSERT INTO chat_group (platform, group_no, name, purpose, owner_id, valid_from)"
            " VALUES (?, ?, ?, ?, 1, ?)",
            PLATFORM, number, name, purpose, first.isoformat(),
        )  # fmt: skip
    tx.touch("roster")


def _posts(place: int, plan: UnitPlan) -> tuple[Role, ...]:
    """Every county has a B角, and every third department."""
    if plan.kind == "县区" or place % 3 == 0:
        return Role.REPORTER, Role.DEPUTY_REPORTER, Role.LEADER
    return Role.REPORTER, Role.LEADER


def _names() -> Iterator[str]:
    """Names that never repeat: surname and given name step through their lists at different speeds."""
    table = phrases()["names"]
    surnames, given = table["surnames"], table["given"]
    for turn in range(len(given)):
        for at, surname in enumerate(surnames):
            yield surname + given[(at * 7 + turn * 3) % len(given)]


def _add_unit(tx: Tx, place: int, plan: UnitPlan, first: date, today: date) -> int:
    row = tx.one(
        "INSERT INTO unit (name, kind, place, valid_from) VALUES (?, ?, ?, ?) RETURNING id",
        plan.name, plan.kind, place, first.isoformat(),
    )  # fmt: skip
    assert row is not None
    unit_id: int = row[0]
    aliases = [(plan.short, 1), *((alias, 0) for alias in plan.aliases)]
    tx.many(
        "INSERT INTO unit_alias (alias, unit_id, short) VALUES (?, ?, ?)",
        [(alias, unit_id, short) for alias, short in aliases],
    )
    # The clock can be moved on: the classes hold for the years ahead too.
    years = range(first.year, today.year + 3) if plan.class_name else ()
    tx.many(
        "INSERT INTO unit_class (unit_id, year, class) VALUES (?, ?, ?)",
        [(unit_id, year, plan.class_name) for year in years],
    )
    return unit_id


def _add_section(tx: Tx, unit_id: int, name: str, first: date) -> int:
    row = tx.one(
        "INSERT INTO section (unit_id, name, valid_from) VALUES (?, ?, ?) RETURNING id",
        unit_id, name, first.isoformat(),
    )  # fmt: skip
    assert row is not None
    section_id: int = row[0]
    return section_id


def _add_person(tx: Tx, name: str, unit_id: int, role: Role, account: int, first: date, section: int | None) -> None:
    row = tx.one(
        "INSERT INTO person (name, phone, valid_from) VALUES (?, ?, ?) RETURNING id",
        name, f"1990000{account % 10_000:04d}", first.isoformat(),
    )  # fmt: skip
    assert row is not None
    tx.run(
        "INSERT INTO post (person_id, unit_id, section_id, role, valid_from) VALUES (?, ?, ?, ?, ?)",
        row[0], unit_id, section, role.value, first.isoformat(),
    )  # fmt: skip
    tx.run(
        "INSERT INTO account (platform, account, person_id, valid_from_ms, bound_by) VALUES (?, ?, ?, 0, 'practice')",
        PLATFORM, str(account), row[0],
    )  # fmt: skip
