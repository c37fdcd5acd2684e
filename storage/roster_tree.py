"""The units of a year at a glance: who is under whom, in which class, by which names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from storage.engine import Tx


@dataclass(frozen=True, slots=True)
class Tree:
    """By unit: its parent (if any), its class (if any), its name; and every name and alias there is."""

    parents: Mapping[int, int]
    classes: Mapping[int, str]
    names: Mapping[int, str]
    words: frozenset[str]


def tree(tx: Tx, year: int) -> Tree:
    """The units that exist on some day of a year."""
    rows = tx.all(
        "SELECT u.id, u.parent_id, COALESCE(c.class, ''), u.name FROM unit u"
        " LEFT JOIN unit_class c ON c.unit_id = u.id AND c.year = ?"
        " WHERE u.valid_from <= ? AND (u.valid_to = '' OR u.valid_to >= ?)",
        year, f"{year}-12-31", f"{year}-01-01",
    )  # fmt: skip
    aliases = {alias for (alias,) in tx.all("SELECT alias FROM unit_alias")}
    return Tree(
        {id: parent for id, parent, _, _ in rows if parent is not None},
        {id: unit_class for id, _, unit_class, _ in rows if unit_class},
        {id: name for id, _, _, name in rows},
        frozenset(aliases | {name for _, _, _, name in rows}),
    )
