"""Writing the roster: what is open today, and the steps that change it. Rows are closed, never deleted."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from domain.moment import to_ms
from storage.engine import Tx, Value


@dataclass(frozen=True, slots=True)
class UnitRow:
    """A unit that is open; `names` are its short name and then its aliases, '' first if it has no short name."""

    id: int
    name: str
    kind: str
    class_name: str
    parent: str
    direct_point: str
    place: int
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PersonRow:
    id: int
    name: str
    phone: str


@dataclass(frozen=True, slots=True)
class PostRow:
    id: int
    person_id: int
    unit: str
    role: str
    section: str


@dataclass(frozen=True, slots=True)
class AccountRow:
    id: int
    platform: str
    account: str
    person_id: int


@dataclass(frozen=True, slots=True)
class GroupRow:
    id: int
    platform: str
    group_no: str
    name: str
    purpose: str
    owner_id: int | None
    units: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Everything in the roster that has no end yet, in the order it is written to a sheet."""

    units: tuple[UnitRow, ...] = ()
    people: tuple[PersonRow, ...] = ()
    posts: tuple[PostRow, ...] = ()
    accounts: tuple[AccountRow, ...] = ()
    groups: tuple[GroupRow, ...] = ()


def snapshot(tx: Tx, year: int) -> Snapshot:
    """The open roster, with the classes of a year."""
    return Snapshot(
        tuple(_units(tx, year)),
        tuple(PersonRow(*row) for row in tx.all("SELECT id, name, phone FROM person WHERE valid_to = '' ORDER BY id")),
        tuple(
            PostRow(*row)
            for row in tx.all(
                "SELECT o.id, o.person_id, u.name, o.role, COALESCE(s.name, '')"
                " FROM post o JOIN unit u ON u.id = o.unit_id LEFT JOIN section s ON s.id = o.section_id"
                " WHERE o.valid_to = '' AND u.valid_to = '' ORDER BY u.place, u.id, o.person_id, o.id"
            )
        ),
        tuple(
            AccountRow(*row)
            for row in tx.all("SELECT id, platform, account, person_id FROM account WHERE valid_to_ms = 0 ORDER BY id")
        ),
        tuple(_groups(tx)),
    )


def _units(tx: Tx, year: int) -> Iterable[UnitRow]:
    aliases: dict[int, list[str]] = {}
    for unit_id, alias, short in tx.all("SELECT unit_id, alias, short FROM unit_alias ORDER BY short DESC, alias"):
        names = aliases.setdefault(unit_id, [])
        names.extend([alias] if short or names else ["", alias])
    rows = tx.all(
        "SELECT u.id, u.name, u.kind, COALESCE(c.class, ''), COALESCE(p.name, ''), u.direct_point, u.place"
        " FROM unit u LEFT JOIN unit_class c ON c.unit_id = u.id AND c.year = ?"
        " LEFT JOIN unit p ON p.id = u.parent_id AND p.valid_to = ''"
        " WHERE u.valid_to = '' ORDER BY u.place, u.id",
        year,
    )
    return (UnitRow(*(*row, tuple(aliases.get(row[0], ())))) for row in rows)


def _groups(tx: Tx) -> Iterable[GroupRow]:
    units: dict[int, list[str]] = {}
    for group_id, name in tx.all(
        "SELECT g.group_id, u.name FROM group_unit g JOIN unit u ON u.id = g.unit_id WHERE u.valid_to = ''"
        " ORDER BY u.place, u.id"
    ):
        units.setdefault(group_id, []).append(name)
    rows = tx.all(
        "SELECT id, platform, group_no, name, purpose, owner_id FROM chat_group WHERE valid_to = '' ORDER BY id"
    )
    return (GroupRow(*(*row, tuple(units.get(row[0], ())))) for row in rows)


PersonKey = tuple[str, str]
"""(name, unit) of the row in the sheet that first named a person."""


@dataclass(frozen=True, slots=True)
class PutUnit:
    """A unit as it shall be; `id` None adds it. `class_name` is that of the current year."""

    id: int | None
    name: str
    kind: str
    class_name: str
    parent: str
    direct_point: str
    place: int
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PutPerson:
    """A person as they shall be in a unit: the section ('' is none) and the roles to add."""

    key: PersonKey
    id: int | None
    name: str
    phone: str
    unit: str
    section: str
    roles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PutAccount:
    """An account to bind to a person: one who is there (`person_id`), or one added by this import (`key`)."""

    platform: str
    account: str
    person_id: int | None
    key: PersonKey


@dataclass(frozen=True, slots=True)
class PutGroup:
    """A group as it shall be; its owner is one who is there (`owner_id`), one added by this import, or nobody.

    `units` are the full names of those it is for (none: for all of them); None leaves what is stored.
    """

    id: int | None
    platform: str
    group_no: str
    name: str
    purpose: str
    owner_id: int | None
    owner_key: PersonKey | None = None
    units: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Close:
    """The end of a row of `unit`, `person`, `post`, `account` or `chat_group`."""

    table: str
    id: int


Step = PutUnit | PutPerson | PutAccount | PutGroup | Close


@dataclass(slots=True)
class _Writing:
    tx: Tx
    now: datetime
    units: dict[str, int] = field(default_factory=dict)
    people: dict[PersonKey, int] = field(default_factory=dict)

    @property
    def today(self) -> str:
        return self.now.date().isoformat()


def apply(tx: Tx, steps: Iterable[Step], now: datetime) -> None:
    """Carry out the steps: first what ends, then units, people, accounts, groups."""
    writing = _Writing(tx, now)
    ordered = sorted(steps, key=_turn)
    for step in ordered:
        if isinstance(step, Close):
            close(tx, step.table, step.id, now)
    for step in ordered:
        if isinstance(step, PutUnit):
            _put_unit(writing, step)
    writing.units |= dict(tx.all("SELECT name, id FROM unit WHERE valid_to = ''"))
    for step in ordered:
        if isinstance(step, PutUnit):
            tx.run("UPDATE unit SET parent_id = ? WHERE name = ? AND valid_to = ''",
                   writing.units.get(step.parent), step.name)  # fmt: skip
        elif isinstance(step, PutPerson):
            _put_person(writing, step)
        elif isinstance(step, PutAccount):
            person_id = step.person_id or writing.people[step.key]
            bind_account(tx, step.platform, step.account, person_id, "import", to_ms(now))
        elif isinstance(step, PutGroup):
            _put_group(writing, step)


def _turn(step: Step) -> int:
    return (Close, PutUnit, PutPerson, PutAccount, PutGroup).index(type(step))


def close(tx: Tx, table: str, id: int, now: datetime, because: str = "import") -> None:
    """End a row: days end with yesterday, since from today it no longer holds; accounts end at this moment."""
    if table == "account":
        tx.run("UPDATE account SET valid_to_ms = ?, ended_because = ? WHERE id = ?", to_ms(now), because, id)
        return
    assert table in ("unit", "person", "post", "chat_group")
    yesterday = (now.date() - timedelta(days=1)).isoformat()
    tx.run(f"UPDATE {table} SET valid_to = ? WHERE id = ?", yesterday, id)


def _put_unit(writing: _Writing, step: PutUnit) -> None:
    tx, unit_id = writing.tx, step.id
    if unit_id is None:
        unit_id = _id(tx, "INSERT INTO unit (name, kind, direct_point, place, valid_from) VALUES (?, ?, ?, ?, ?)"
                      " RETURNING id", step.name, step.kind, step.direct_point, step.place, writing.today)  # fmt: skip
    else:
        tx.run("UPDATE unit SET kind = ?, direct_point = ?, place = ? WHERE id = ?",
               step.kind, step.direct_point, step.place, unit_id)  # fmt: skip
    tx.run("DELETE FROM unit_alias WHERE unit_id = ?", unit_id)
    for number, alias in enumerate(step.names):
        if alias:
            tx.run("INSERT INTO unit_alias (alias, unit_id, short) VALUES (?, ?, ?)", alias, unit_id, int(not number))
    set_class(tx, unit_id, writing.now.year, step.class_name)


def set_class(tx: Tx, unit_id: int, year: int, class_name: str) -> None:
    """A unit's class of one year; '' takes it out of that year's assessment. Other years stay as they were."""
    tx.touch("roster")
    tx.run("DELETE FROM unit_class WHERE unit_id = ? AND year = ?", unit_id, year)
    if class_name:
        tx.run("INSERT INTO unit_class (unit_id, year, class) VALUES (?, ?, ?)", unit_id, year, class_name)


def items_with_facts(tx: Tx, unit_id: int, year: int) -> list[int]:
    """The items a unit is credited for that something happened to in a year."""
    rows = tx.all(
        "SELECT DISTINCT u.item_id FROM item_unit u JOIN fact f ON f.item_id = u.item_id"
        " WHERE u.unit_id = ? AND f.day BETWEEN ? AND ? ORDER BY u.item_id",
        unit_id, f"{year}-01-01", f"{year}-12-31",
    )  # fmt: skip
    return [row[0] for row in rows]


def _put_person(writing: _Writing, step: PutPerson) -> None:
    tx, person_id = writing.tx, step.id or writing.people.get(step.key)
    if person_id is None:
        person_id = _id(tx, "INSERT INTO person (name, phone, valid_from) VALUES (?, ?, ?) RETURNING id",
                        step.name, step.phone, writing.today)  # fmt: skip
    else:
        tx.run("UPDATE person SET phone = ? WHERE id = ?", step.phone, person_id)
    writing.people[step.key] = person_id
    unit_id = writing.units[step.unit]
    for role in step.roles:
        add_post(tx, person_id, unit_id, role, writing.now.date())
    tx.run("UPDATE post SET section_id = ? WHERE person_id = ? AND unit_id = ? AND valid_to = ''",
           _section(writing, unit_id, step.section), person_id, unit_id)  # fmt: skip


def _section(writing: _Writing, unit_id: int, name: str) -> int | None:
    """The section of a unit by its name, from today on if it is new; none without a name."""
    if not name:
        return None
    row = writing.tx.one("SELECT id FROM section WHERE unit_id = ? AND name = ? AND valid_to = ''", unit_id, name)
    if row is not None:
        found: int = row[0]
        return found
    return _id(writing.tx, "INSERT INTO section (unit_id, name, valid_from) VALUES (?, ?, ?) RETURNING id",
               unit_id, name, writing.today)  # fmt: skip


def _put_group(writing: _Writing, step: PutGroup) -> None:
    owner = step.owner_id or (writing.people[step.owner_key] if step.owner_key else None)
    group_id = step.id
    if group_id is None:
        group_id = _id(
            writing.tx, "INSERT INTO chat_group (platform, group_no, name, purpose, owner_id, valid_from)"
            " VALUES (?, ?, ?, ?, ?, ?) RETURNING id",
            step.platform, step.group_no, step.name, step.purpose, owner, writing.today,
        )  # fmt: skip
    else:
        writing.tx.run("UPDATE chat_group SET name = ?, purpose = ?, owner_id = ? WHERE id = ?",
                       step.name, step.purpose, owner, step.id)  # fmt: skip
    if step.units is not None:
        writing.tx.run("DELETE FROM group_unit WHERE group_id = ?", group_id)
        rows = [(group_id, writing.units[unit]) for unit in step.units]
        writing.tx.many("INSERT INTO group_unit (group_id, unit_id) VALUES (?, ?)", rows)


def add_post(tx: Tx, person_id: int, unit_id: int, role: str, day: date) -> None:
    """A role in a unit, from a day on; who serves there already stays in their section."""
    tx.run(
        "INSERT INTO post (person_id, unit_id, section_id, role, valid_from) VALUES (?, ?,"
        " (SELECT MAX(section_id) FROM post WHERE person_id = ? AND unit_id = ? AND valid_to = ''), ?, ?)",
        person_id, unit_id, person_id, unit_id, role, day.isoformat(),
    )  # fmt: skip


def bind_account(tx: Tx, platform: str, account: str, person_id: int, bound_by: str, now_ms: int) -> None:
    """An account speaks for a person from now on."""
    tx.run(
        "INSERT INTO account (platform, account, person_id, valid_from_ms, bound_by) VALUES (?, ?, ?, ?, ?)",
        platform, account, person_id, now_ms, bound_by,
    )  # fmt: skip


def _id(tx: Tx, sql: str, *values: Value) -> int:
    row = tx.one(sql, *values)
    assert row is not None
    new: int = row[0]
    return new
