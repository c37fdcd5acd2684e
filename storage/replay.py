"""All facts of a span of days item by item, for whoever counts everything anew: a trial of a measure, a full check."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import groupby

from domain.scoring import Fact
from storage.engine import Row, Tx

CHUNK = 2_000
"""So many items are held in memory at a time."""

_LIVE = "NOT EXISTS (SELECT 1 FROM fact r WHERE r.revokes = f.id)"


def items(tx: Tx, first: date, last: date) -> Iterator[list[Fact]]:
    """The live facts up to `last` of every item that has one from `first` on, each item's together, oldest first."""
    rows = tx.all(
        "SELECT DISTINCT item_id FROM fact WHERE day BETWEEN ? AND ? AND kind <> 'revocation' ORDER BY item_id",
        first.isoformat(), last.isoformat(),
    )  # fmt: skip
    wanted = [item_id for (item_id,) in rows]
    for at in range(0, len(wanted), CHUNK):
        chunk = wanted[at : at + CHUNK]
        yield from _chunk(tx, chunk[0], chunk[-1], set(chunk), last)


def _chunk(tx: Tx, low: int, high: int, wanted: set[int], last: date) -> Iterator[list[Fact]]:
    units: dict[int, list[int]] = {}
    for item_id, unit_id in tx.all(
        "SELECT item_id, unit_id FROM item_unit WHERE item_id BETWEEN ? AND ? ORDER BY item_id, place", low, high
    ):
        units.setdefault(item_id, []).append(unit_id)
    authors: dict[int, int] = dict(tx.all("SELECT id, author_id FROM item WHERE id BETWEEN ? AND ?", low, high))
    rows = tx.all(
        "SELECT item_id, id, kind, day, journal, level, form, leader_rank, commissioned, issue, route, points, share,"
        f" detail FROM fact f WHERE item_id BETWEEN ? AND ? AND day <= ? AND kind <> 'revocation' AND {_LIVE}"
        " ORDER BY item_id, id",
        low, high, last.isoformat(),
    )  # fmt: skip
    for item_id, own in groupby(rows, key=lambda row: row[0]):
        if item_id in wanted:
            yield [_fact(row, tuple(units.get(item_id, ())), authors[item_id]) for row in own]


def _fact(row: Row, units: tuple[int, ...], author_id: int) -> Fact:
    item_id, id, kind, day, journal, level, form, rank, commissioned, issue, route, points, share, detail = row
    return Fact(
        id=id, kind=kind, item_id=item_id, day=date.fromisoformat(day), units=units, author_id=author_id,
        journal=journal or None, level=level or None, form=form or None, rank=rank or None,
        commissioned=bool(commissioned), issue=issue, route=route, points=points, share=share, detail=detail,
    )  # fmt: skip
