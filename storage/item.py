"""Every statement about items, their versions and attachments."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from domain.item import Item, State
from storage.engine import Row, Tx

FOREVER = 2**53
"""Later than any moment that is stored."""

_COLUMNS = (
    "id, number, title, kind, form, state, author_id, unit_id, platform, chat, commissioned, writer, signer, phone,"
    " submitted_ms, updated_ms, version, reviewed_ms, merged_into, note"
)


@dataclass(frozen=True, slots=True)
class NewItem:
    """What a new item starts with; `units` in order of signing, the first is the reporter's own."""

    title: str
    body: str
    kind: str
    form: str
    author_id: int
    units: tuple[int, ...]
    platform: str
    chat: str
    commissioned: bool
    writer: str
    signer: str
    phone: str


@dataclass(frozen=True, slots=True)
class Version:
    """One version of an item's text."""

    version: int
    title: str
    body: str
    at_ms: int
    person_id: int


@dataclass(frozen=True, slots=True)
class Happening:
    """A fact about an item with who registered it and when. It stands until a later fact takes it back."""

    id: int
    kind: str
    day: date
    journal: str
    form: str
    issue: str
    rank: str
    reason: str
    at_ms: int
    person_id: int
    level: str
    route: str
    points: int | None
    share: int
    detail: str
    times_revoked: int

    @property
    def stands(self) -> bool:
        return not self.times_revoked


def next_number(tx: Tx, year: int) -> str:
    """The next number of the year, `2026-0137`; without gaps, since it is drawn in the item's own transaction."""
    row = tx.one(
        "INSERT INTO counter (name, value) VALUES (?, 1)"
        " ON CONFLICT (name) DO UPDATE SET value = counter.value + 1 RETURNING value",
        f"item {year}",
    )
    assert row is not None
    return f"{year}-{row[0]:04d}"


def add(tx: Tx, new: NewItem, number: str, now_ms: int, event_key: str) -> Item:
    """Write a new item with its first version."""
    row = tx.one(
        "INSERT INTO item (number, year, title, kind, form, state, author_id, unit_id, platform, chat, commissioned,"
        " writer, signer, phone, submitted_ms, updated_ms, version)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1) RETURNING id",
        number, int(number[:4]), new.title, new.kind, new.form, State.RECEIVED.value, new.author_id, new.units[0],
        new.platform, new.chat, int(new.commissioned), new.writer, new.signer, new.phone, now_ms, now_ms,
    )  # fmt: skip
    assert row is not None
    item_id: int = row[0]
    _add_units(tx, item_id, new.units)
    _add_version(tx, item_id, 1, new.title, new.body, now_ms, new.author_id, event_key)
    return Item(
        id=item_id,
        number=number,
        title=new.title,
        kind=new.kind,
        form=new.form,
        state=State.RECEIVED,
        author_id=new.author_id,
        unit_id=new.units[0],
        units=new.units,
        platform=new.platform,
        chat=new.chat,
        commissioned=new.commissioned,
        writer=new.writer,
        signer=new.signer,
        phone=new.phone,
        submitted_ms=now_ms,
        updated_ms=now_ms,
        version=1,
        reviewed_ms=0,
        merged_into=None,
        note="",
    )


def set_units(tx: Tx, item_id: int, units: tuple[int, ...]) -> None:
    """The units an item is credited to, in order."""
    tx.run("DELETE FROM item_unit WHERE item_id = ?", item_id)
    _add_units(tx, item_id, units)


def _add_units(tx: Tx, item_id: int, units: tuple[int, ...]) -> None:
    for place, unit_id in enumerate(units):
        tx.run("INSERT INTO item_unit (item_id, place, unit_id) VALUES (?, ?, ?)", item_id, place, unit_id)


def _add_version(
    tx: Tx, item_id: int, version: int, title: str, body: str, at_ms: int, person_id: int, event_key: str
) -> None:
    tx.run(
        "INSERT INTO item_version (item_id, version, title, body, at_ms, person_id, event_key)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)",
        item_id, version, title, body, at_ms, person_id, event_key,
    )  # fmt: skip


def revise(tx: Tx, item: Item, title: str, body: str, now_ms: int, person_id: int, event_key: str) -> None:
    """A new version of the text; the item stands as received again."""
    _add_version(tx, item.id, item.version + 1, title, body, now_ms, person_id, event_key)
    tx.run(
        "UPDATE item SET title = ?, version = version + 1, state = ?, updated_ms = ?, note = '' WHERE id = ?",
        title, State.RECEIVED.value, now_ms, item.id,
    )  # fmt: skip


def move(tx: Tx, item: Item, state: State, now_ms: int, *, note: str = "", merged_into: int | None = None) -> None:
    """Put an item in another state. The office's first step also marks it as reviewed."""
    tx.run(
        "UPDATE item SET state = ?, note = ?, merged_into = ?, updated_ms = ? WHERE id = ?",
        state.value, note, merged_into, now_ms, item.id,
    )  # fmt: skip


def mark_reviewed(tx: Tx, item_id: int, now_ms: int) -> None:
    """From now on the reporter cannot withdraw it any more."""
    tx.run("UPDATE item SET reviewed_ms = ? WHERE id = ? AND reviewed_ms = 0", now_ms, item_id)


def describe(tx: Tx, item: Item) -> None:
    """Write the item's particulars as they are in `item`: kind, form, people, commission."""
    tx.run(
        "UPDATE item SET kind = ?, form = ?, writer = ?, signer = ?, phone = ?, commissioned = ? WHERE id = ?",
        item.kind, item.form, item.writer, item.signer, item.phone, int(item.commissioned), item.id,
    )  # fmt: skip


def attach(tx: Tx, item_id: int, version: int, name: str, sha256: str, content: bytes) -> None:
    """Keep the original file as it came."""
    tx.run(
        "INSERT INTO attachment (item_id, version, name, size, sha256, content) VALUES (?, ?, ?, ?, ?, ?)",
        item_id, version, name, len(content), sha256, content,
    )  # fmt: skip


def has_attachment(tx: Tx, item_id: int, sha256: str) -> bool:
    """Whether this very file is among an item's."""
    return tx.one("SELECT 1 FROM attachment WHERE item_id = ? AND sha256 = ?", item_id, sha256) is not None


def last_written(tx: Tx, person_id: int, since_ms: int) -> Item | None:
    """The reporter's item whose standing text came in last, if that was since a moment."""
    row = tx.one(
        "SELECT i.id FROM item i JOIN item_version v ON v.item_id = i.id AND v.version = i.version"
        " WHERE i.author_id = ? AND v.at_ms >= ? ORDER BY v.at_ms DESC, i.id DESC LIMIT 1",
        person_id, since_ms,
    )  # fmt: skip
    return by_id(tx, row[0]) if row else None


def by_number(tx: Tx, number: str) -> Item | None:
    return _first(tx, "number = ?", number)


def by_id(tx: Tx, item_id: int) -> Item | None:
    return _first(tx, "id = ?", item_id)


def _first(tx: Tx, where: str, value: int | str) -> Item | None:
    row = tx.one(f"SELECT {_COLUMNS} FROM item WHERE {where}", value)
    return _item(tx, row) if row else None


def _item(tx: Tx, row: Row) -> Item:
    units = tx.all("SELECT unit_id FROM item_unit WHERE item_id = ? ORDER BY place", row[0])
    (id, number, title, kind, form, state, author, unit, platform, chat, commissioned, *rest) = row
    return Item(
        id, number, title, kind, form, State(state), author, unit, tuple(u for (u,) in units), platform, chat,
        bool(commissioned), *rest,
    )  # fmt: skip


def of_author(tx: Tx, person_id: int, limit: int, *, since_ms: int = 0, before_ms: int = FOREVER) -> list[Item]:
    """A reporter's items submitted in a span of time, newest first."""
    rows = tx.all(
        f"SELECT {_COLUMNS} FROM item WHERE author_id = ? AND submitted_ms >= ? AND submitted_ms < ?"
        " ORDER BY submitted_ms DESC, id DESC LIMIT ?",
        person_id, since_ms, before_ms, limit,
    )  # fmt: skip
    return [_item(tx, row) for row in rows]


def count_of_author(tx: Tx, person_id: int, *, since_ms: int = 0, before_ms: int = FOREVER) -> int:
    row = tx.one(
        "SELECT COUNT(*) FROM item WHERE author_id = ? AND submitted_ms >= ? AND submitted_ms < ?",
        person_id, since_ms, before_ms,
    )  # fmt: skip
    return row[0] if row else 0


@dataclass(frozen=True, slots=True)
class Recent:
    """What tells a reporter's earlier item from another: enough to find the one a text repeats or corrects."""

    id: int
    title: str
    state: State


def recent(tx: Tx, person_id: int, since_ms: int) -> list[Recent]:
    """A reporter's latest items that were not withdrawn, newest first."""
    rows = tx.all(
        "SELECT id, title, state FROM item WHERE author_id = ? AND submitted_ms >= ? AND state <> 'withdrawn'"
        " ORDER BY submitted_ms DESC, id DESC LIMIT 100",
        person_id, since_ms,
    )  # fmt: skip
    return [Recent(id, title, State(state)) for id, title, state in rows]


def has_body(tx: Tx, item_id: int, body: str) -> bool:
    """Whether the standing version of an item says exactly this."""
    row = tx.one(
        "SELECT 1 FROM item i JOIN item_version v ON v.item_id = i.id AND v.version = i.version"
        " WHERE i.id = ? AND v.body = ?",
        item_id, body,
    )  # fmt: skip
    return row is not None


def _of_unit(unit_id: int | None) -> tuple[str, tuple[int, ...]]:
    if unit_id is None:
        return "", ()
    return " AND EXISTS (SELECT 1 FROM item_unit u WHERE u.item_id = item.id AND u.unit_id = ?)", (unit_id,)


def pending(tx: Tx, limit: int, unit_id: int | None = None) -> list[Item]:
    """What waits on the office's desk (of one unit, if named), oldest first."""
    of_unit, values = _of_unit(unit_id)
    rows = tx.all(
        f"SELECT {_COLUMNS} FROM item WHERE state = 'received'{of_unit} ORDER BY submitted_ms, id LIMIT ?",
        *values, limit,
    )  # fmt: skip
    return [_item(tx, row) for row in rows]


def pending_count(tx: Tx, unit_id: int | None = None) -> int:
    of_unit, values = _of_unit(unit_id)
    row = tx.one(f"SELECT COUNT(*) FROM item WHERE state = 'received'{of_unit}", *values)
    return row[0] if row else 0


def merged_into(tx: Tx, item_id: int) -> list[Item]:
    rows = tx.all(f"SELECT {_COLUMNS} FROM item WHERE merged_into = ? ORDER BY id", item_id)
    return [_item(tx, row) for row in rows]


def latest_version(tx: Tx, item: Item) -> Version:
    row = tx.one(
        "SELECT version, title, body, at_ms, person_id FROM item_version WHERE item_id = ? AND version = ?",
        item.id, item.version,
    )  # fmt: skip
    assert row is not None, "an item has the version it names"
    return Version(*row)


def version_times(tx: Tx, item_id: int) -> list[tuple[int, int, int]]:
    """(version, UTC ms, person) of an item's versions, first to last."""
    rows = tx.all("SELECT version, at_ms, person_id FROM item_version WHERE item_id = ? ORDER BY version", item_id)
    return [(version, at_ms, person_id) for version, at_ms, person_id in rows]


def happenings(tx: Tx, item_ids: Iterable[int]) -> dict[int, list[Happening]]:
    """What was registered about each of these items, revocations included, oldest first."""
    found: dict[int, list[Happening]] = {item_id: [] for item_id in item_ids}
    if not found:
        return found
    rows = tx.all(
        "SELECT item_id, id, kind, day, journal, form, issue, leader_rank, reason, at_ms, person_id,"
        " level, route, points, share, detail, (SELECT COUNT(*) FROM fact r WHERE r.revokes = f.id) FROM fact f"
        f" WHERE item_id IN ({', '.join('?' * len(found))}) ORDER BY id",
        *found,
    )
    for item_id, id, kind, day, *rest in rows:
        found[item_id].append(Happening(id, kind, date.fromisoformat(day), *rest))
    return found


def attachments(tx: Tx, item_id: int) -> list[tuple[str, int]]:
    """(name, size in bytes) of an item's files, oldest first."""
    return [(n, s) for n, s in tx.all("SELECT name, size FROM attachment WHERE item_id = ? ORDER BY id", item_id)]


def files(tx: Tx, item_id: int) -> list[tuple[str, bytes]]:
    """(name, contents) of an item's files as they came, oldest first."""
    rows = tx.all("SELECT name, content FROM attachment WHERE item_id = ? ORDER BY id", item_id)
    return [(name, bytes(content)) for name, content in rows]


def hand_over(tx: Tx, from_person: int, to_person: int, now_ms: int) -> list[str]:
    """Open items of a reporter who leaves move to the successor; returns their numbers. What is done stays."""
    rows = tx.all(
        "UPDATE item SET author_id = ?, updated_ms = ? WHERE author_id = ? AND state IN ('received', 'returned')"
        " RETURNING number",
        to_person, now_ms, from_person,
    )  # fmt: skip
    return sorted(row[0] for row in rows)
