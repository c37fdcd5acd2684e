"""Categories of topics (十大类) with their candidate topics, and the items that belong to them."""

from __future__ import annotations

from collections.abc import Sequence

from domain.category import Candidate, Category
from domain.item import State
from storage.engine import Tx


def is_empty(tx: Tx) -> bool:
    """Whether there never was a category."""
    return tx.one("SELECT 1 FROM category LIMIT 1") is None


def add(tx: Tx, name: str, hint: str = "") -> Category:
    """A new category behind the others."""
    row = tx.one("SELECT COALESCE(MAX(place), 0) + 1 FROM category WHERE closed_ms = 0")
    assert row is not None
    made = tx.one("INSERT INTO category (place, name, hint) VALUES (?, ?, ?) RETURNING id", row[0], name, hint)
    assert made is not None
    return Category(made[0], row[0], name, hint)


def close(tx: Tx, category: Category, now_ms: int) -> None:
    """Take a category out of the list; its items keep it. The numbers of those behind it move up."""
    tx.run("UPDATE category SET closed_ms = ? WHERE id = ?", now_ms, category.id)
    tx.run("UPDATE category SET place = place - 1 WHERE closed_ms = 0 AND place > ?", category.place)


def all_open(tx: Tx) -> list[Category]:
    """The list as it is, in order."""
    return [
        Category(*row)
        for row in tx.all("SELECT id, place, name, hint FROM category WHERE closed_ms = 0 ORDER BY place")
    ]


def add_candidate(
    tx: Tx, category_id: int, text: str, unit_ids: Sequence[int], person_id: int, now_ms: int
) -> Candidate:
    """A further candidate topic of a category."""
    row = tx.one(
        "INSERT INTO candidate (category_id, text, at_ms, person_id) VALUES (?, ?, ?, ?) RETURNING id",
        category_id, text, now_ms, person_id,
    )  # fmt: skip
    assert row is not None
    tx.many(
        "INSERT INTO candidate_unit (candidate_id, unit_id) VALUES (?, ?)", [(row[0], unit_id) for unit_id in unit_ids]
    )
    return Candidate(row[0], category_id, text, tuple(unit_ids))


def drop_candidate(tx: Tx, candidate_id: int) -> None:
    """Strike a candidate topic."""
    tx.run("DELETE FROM candidate_unit WHERE candidate_id = ?", candidate_id)
    tx.run("DELETE FROM candidate WHERE id = ?", candidate_id)


def candidates(tx: Tx) -> list[Candidate]:
    """All candidate topics of the list as it is, by category, oldest first."""
    units: dict[int, list[int]] = {}
    for candidate_id, unit_id in tx.all("SELECT candidate_id, unit_id FROM candidate_unit ORDER BY unit_id"):
        units.setdefault(candidate_id, []).append(unit_id)
    rows = tx.all(
        "SELECT d.id, d.category_id, d.text FROM candidate d JOIN category c ON c.id = d.category_id"
        " WHERE c.closed_ms = 0 ORDER BY c.place, d.id"
    )
    return [Candidate(id, category, text, tuple(units.get(id, ()))) for id, category, text in rows]


def mark(tx: Tx, item_id: int, category_id: int, person_id: int, now_ms: int) -> bool:
    """Say that an item belongs to a category; False if that was said before."""
    written = tx.run(
        "INSERT INTO item_category (item_id, category_id, at_ms, person_id) VALUES (?, ?, ?, ?)"
        " ON CONFLICT (item_id, category_id) DO NOTHING",
        item_id, category_id, now_ms, person_id,
    )  # fmt: skip
    return bool(written)


def unmark(tx: Tx, item_id: int, category_id: int) -> bool:
    """Take that back; False if it was not said."""
    return bool(tx.run("DELETE FROM item_category WHERE item_id = ? AND category_id = ?", item_id, category_id))


def counts(tx: Tx, year: int) -> dict[int, tuple[int, int]]:
    """(items, adopted ones) of a year by category; a category without any is not there."""
    rows = tx.all(
        "SELECT m.category_id, COUNT(*), SUM(CASE WHEN i.state = ? THEN 1 ELSE 0 END) FROM item_category m"
        " JOIN item i ON i.id = m.item_id WHERE i.year = ? AND i.state <> ? GROUP BY m.category_id",
        State.ADOPTED.value, year, State.WITHDRAWN.value,
    )  # fmt: skip
    return {category_id: (int(count), int(adopted)) for category_id, count, adopted in rows}
