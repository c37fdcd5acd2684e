"""What the database of a running or stopped bot says, read from outside, and the laws it must keep."""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from storage.audit import first_break
from storage.outbox import Sending
from storage.sqlite import SQLiteTx

Row = tuple[Any, ...]


_LIVE_ADOPTIONS = "fact f WHERE kind = 'adoption' AND NOT EXISTS (SELECT 1 FROM fact r WHERE r.revokes = f.id)"
"""A superior's points that become known are an adoption registered anew: the one before is revoked."""


async def until(holds: Callable[[], bool], seconds: float = 10) -> None:
    """Wait until something outside of the wire is so; AssertionError when it does not come about."""
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, f"not so within {seconds} s"
        await asyncio.sleep(0.02)


class Evidence:
    """Every question opens the file anew, read-only, beside the bot that writes it."""

    def __init__(self, database: Path) -> None:
        self._database = database

    def rows(self, sql: str, *values: int | str) -> list[Row]:
        with self._open() as db:
            return db.execute(sql, values).fetchall()

    def one(self, sql: str, *values: int | str) -> Any:
        """The only value of the only row."""
        [(value,)] = self.rows(sql, *values)
        return value

    def titles(self) -> list[str]:
        """The titles of all items, in the order of their numbers."""
        return [title for (title,) in self.rows("SELECT title FROM item ORDER BY number")]

    def outbox(self) -> dict[Sending, int]:
        """How many messages are in each state."""
        found = self.rows("SELECT state, COUNT(*) FROM outbox GROUP BY state")
        return {Sending(state): count for state, count in found}

    def sending_of(self, message_id: int) -> Sending | None:
        """What became of the answer that quotes this message; None as long as there is none."""
        found = self.rows("SELECT state FROM outbox WHERE json_extract(payload, '$.quote') = ?", str(message_id))
        return Sending(found[0][0]) if found else None

    def message_ids(self) -> set[int]:
        """The platform's ids of all messages that were taken in."""
        keys = self.rows("SELECT event_key FROM inbox WHERE event_key LIKE 'm:%'")
        return {int(key.split(":")[3]) for (key,) in keys}

    def check_laws(self) -> None:
        """What must hold in every database at every moment."""
        assert self.one("PRAGMA integrity_check") == "ok"
        self._nothing_twice()
        self._numbers_without_gaps()
        self._totals_are_sums()
        with self._open() as db:
            assert first_break(SQLiteTx(db)) is None, "the audit chain is broken"

    def _nothing_twice(self) -> None:
        for columns, table in (
            ("platform, bot_id, event_key", "inbox"),
            ("event_key", "item_version WHERE event_key <> ''"),
            ("title, body", "item_version"),
            ("dedup", "outbox"),
            ("item_id, journal, issue, form", _LIVE_ADOPTIONS),
        ):
            twice = self.rows(f"SELECT {columns}, COUNT(*) AS n FROM {table} GROUP BY {columns} HAVING n > 1")
            assert not twice, f"stored twice in {table}: {twice[:3]}"

    def _numbers_without_gaps(self) -> None:
        numbers = [number for (number,) in self.rows("SELECT number FROM item ORDER BY id")]
        wanted = [f"{number[:4]}-{place:04d}" for place, number in enumerate(numbers, start=1)]
        assert numbers == wanted

    def _totals_are_sums(self) -> None:
        """Points, submissions and adoptions per unit and month, summed anew from entries and facts."""
        points = self._monthly("SELECT unit_id, substr(day, 1, 7), SUM(points) FROM entry GROUP BY 1, 2")
        facts = (
            "SELECT u.unit_id, substr(MIN(f.day), 1, 7) AS month FROM fact f JOIN item_unit u ON u.item_id = f.item_id"
            " WHERE f.kind = '{}' AND NOT EXISTS (SELECT 1 FROM fact r WHERE r.revokes = f.id)"
            " GROUP BY f.item_id, u.unit_id"
        )
        count = "SELECT unit_id, month, COUNT(*) FROM ({}) GROUP BY 1, 2"
        submitted = self._monthly(count.format(facts.format("submission")))
        adopted = self._monthly(count.format(facts.format("adoption")))
        stored = self.rows(
            "SELECT unit_id, period, points, submitted, adopted FROM score_period WHERE period LIKE '____-__'"
        )
        found = {(unit, month): tuple(figures) for unit, month, *figures in stored if any(figures)}
        places = points.keys() | submitted.keys() | adopted.keys()
        wanted = {place: (points.get(place, 0), submitted.get(place, 0), adopted.get(place, 0)) for place in places}
        assert found == {place: figures for place, figures in wanted.items() if any(figures)}

    def _monthly(self, sql: str) -> dict[tuple[int, str], int]:
        return {(unit, month): figure for unit, month, figure in self.rows(sql)}

    @contextlib.contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        with contextlib.closing(sqlite3.connect(f"file:{self._database}?mode=ro", uri=True, timeout=10)) as db:
            yield db
