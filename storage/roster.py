"""Reading the roster: who an account is, what posts a person holds on a day, what a unit is called."""

from __future__ import annotations

from datetime import date

from domain.roster import Group, Person, Post, Role, Unit
from storage.engine import Row, Tx

_VALID = "valid_from <= ? AND (valid_to = '' OR valid_to >= ?)"


def person_of_account(tx: Tx, platform: str, account: str, day: date) -> Person | None:
    """Whose account this is, with the posts of the day; None if it is bound to nobody."""
    # One statement for the question every message asks.
    iso = day.isoformat()
    rows = tx.all(
        "SELECT p.id, p.name, p.phone, o.unit_id, o.role FROM account a JOIN person p ON p.id = a.person_id"
        " LEFT JOIN post o ON o.person_id = p.id AND o.valid_from <= ? AND (o.valid_to = '' OR o.valid_to >= ?)"
        " WHERE a.platform = ? AND a.account = ? AND a.valid_to_ms = 0"
        " AND p.valid_from <= ? AND (p.valid_to = '' OR p.valid_to >= ?) ORDER BY o.id",
        iso, iso, platform, account, iso, iso,
    )  # fmt: skip
    if not rows:
        return None
    posts = tuple(Post(unit_id, Role(role)) for _, _, _, unit_id, role in rows if unit_id is not None)
    return Person(rows[0][0], rows[0][1], rows[0][2], posts)


def person(tx: Tx, person_id: int, day: date) -> Person | None:
    """A person who is in the roster on this day, with the posts of the day in the order they were given."""
    iso = day.isoformat()
    row = tx.one(f"SELECT id, name, phone FROM person WHERE id = ? AND {_VALID}", person_id, iso, iso)
    if row is None:
        return None
    posts = tx.all(f"SELECT unit_id, role FROM post WHERE person_id = ? AND {_VALID} ORDER BY id", person_id, iso, iso)
    return Person(row[0], row[1], row[2], tuple(Post(unit_id, Role(role)) for unit_id, role in posts))


def section_of(tx: Tx, person_id: int, unit_id: int, day: date) -> str:
    """The section (科室) of a unit a person works in on a day; '' if none is known."""
    iso = day.isoformat()
    row = tx.one(
        "SELECT s.name FROM post o JOIN section s ON s.id = o.section_id WHERE o.person_id = ? AND o.unit_id = ?"
        " AND o.valid_from <= ? AND (o.valid_to = '' OR o.valid_to >= ?) ORDER BY o.id DESC",
        person_id, unit_id, iso, iso,
    )  # fmt: skip
    return row[0] if row else ""


def name_of(tx: Tx, person_id: int) -> str:
    """A person's name, also of one who has left."""
    row = tx.one("SELECT name FROM person WHERE id = ?", person_id)
    return row[0] if row else ""


def people_in(tx: Tx, unit_id: int, roles: frozenset[Role], day: date) -> list[Person]:
    """Who holds one of these roles in a unit on a day."""
    return [p for p in people(tx, roles, day) if unit_id in {post.unit_id for post in p.posts if post.role in roles}]


def people(tx: Tx, roles: frozenset[Role], day: date) -> list[Person]:
    """Everybody who holds one of these roles on a day."""
    iso = day.isoformat()
    marks = ", ".join("?" * len(roles))
    rows = tx.all(
        f"SELECT DISTINCT person_id FROM post WHERE role IN ({marks}) AND {_VALID} ORDER BY person_id",
        *sorted(role.value for role in roles), iso, iso,
    )  # fmt: skip
    found = (person(tx, row[0], day) for row in rows)
    return [p for p in found if p is not None]


def accounts_of(tx: Tx, person_id: int) -> list[tuple[str, str]]:
    """(platform, account) of a person, in the order they were bound."""
    return [
        (p, a)
        for p, a in tx.all(
            "SELECT platform, account FROM account WHERE person_id = ? AND valid_to_ms = 0 ORDER BY id", person_id
        )
    ]


_UNIT = (
    "SELECT u.id, u.name, u.kind, COALESCE(c.class, ''), u.parent_id, u.direct_point, u.place,"
    " COALESCE((SELECT MIN(alias) FROM unit_alias a WHERE a.unit_id = u.id AND a.short = 1), '')"
    " FROM unit u LEFT JOIN unit_class c ON c.unit_id = u.id AND c.year = ?"
)


def unit(tx: Tx, unit_id: int, year: int) -> Unit | None:
    """A unit with its class of a year, also one that is closed by now."""
    row = tx.one(f"{_UNIT} WHERE u.id = ?", year, unit_id)
    return _unit(row) if row else None


def units(tx: Tx, day: date) -> list[Unit]:
    """Every unit that exists on a day, in the office's order."""
    iso = day.isoformat()
    where = _VALID.replace("valid_", "u.valid_")
    return [_unit(row) for row in tx.all(f"{_UNIT} WHERE {where} ORDER BY u.place, u.id", day.year, iso, iso)]


def _unit(row: Row) -> Unit:
    return Unit(*row)


def class_of(tx: Tx, unit_id: int, day: date) -> str:
    """A unit's 考评类别 in the year of a day; '' if it is not assessed."""
    row = tx.one("SELECT class FROM unit_class WHERE unit_id = ? AND year = ?", unit_id, day.year)
    return row[0] if row else ""


def parent_of(tx: Tx, unit_id: int) -> int | None:
    """The unit above a unit."""
    row = tx.one("SELECT parent_id FROM unit WHERE id = ?", unit_id)
    return row[0] if row else None


def unit_names(tx: Tx, day: date) -> list[tuple[str, int]]:
    """Every name and alias under which a unit of the day can be called, with its id."""
    iso = day.isoformat()
    where = _VALID.replace("valid_", "u.valid_")
    rows = tx.all(
        f"SELECT u.name, u.id FROM unit u WHERE {where} UNION"
        f" SELECT a.alias, u.id FROM unit u JOIN unit_alias a ON a.unit_id = u.id WHERE {where}",
        iso, iso, iso, iso,
    )  # fmt: skip
    return [(name, id) for name, id in rows]


def groups(tx: Tx, day: date) -> list[Group]:
    """The registered groups of a day."""
    iso = day.isoformat()
    rows = tx.all(
        f"SELECT id, platform, group_no, name, purpose, owner_id FROM chat_group WHERE {_VALID} ORDER BY id", iso, iso
    )
    return [Group(*row) for row in rows]


def all_accounts(tx: Tx) -> list[tuple[str, str]]:
    """Every bound (platform, account)."""
    return [(p, a) for p, a in tx.all("SELECT platform, account FROM account WHERE valid_to_ms = 0")]


def former_accounts(tx: Tx) -> list[tuple[str, str, str]]:
    """Every (platform, account) that was bound once and is not now, with the name of who held it last."""
    rows = tx.all(
        "SELECT a.platform, a.account, p.name FROM account a JOIN person p ON p.id = a.person_id"
        " WHERE NOT EXISTS (SELECT 1 FROM account o"
        " WHERE o.platform = a.platform AND o.account = a.account AND (o.valid_to_ms = 0 OR o.id > a.id))"
        " ORDER BY a.id"
    )
    return [(platform, account, name) for platform, account, name in rows]


def told_before(tx: Tx, platform: str, account: str, matter: str, now_ms: int, *, since_ms: int = 0) -> bool:
    """Whether this account (or group, `g:200001`) was told of this matter before, since a moment if one is given; if
    not, it counts as told from now on."""
    written = tx.run(
        "INSERT INTO told (platform, account, matter, at_ms) VALUES (?, ?, ?, ?)"
        " ON CONFLICT (platform, account, matter) DO UPDATE SET at_ms = excluded.at_ms WHERE told.at_ms < ?",
        platform, account, matter, now_ms, since_ms,
    )  # fmt: skip
    return not written
