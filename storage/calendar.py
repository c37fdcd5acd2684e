"""The office's own days: they override the calendars that come with the program or with the settings."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from storage.engine import Tx


@dataclass(frozen=True, slots=True)
class Day:
    """A day that was decided on; `source` says by whom or from which notice."""

    day: date
    workday: bool
    source: str


def days(tx: Tx) -> list[Day]:
    """Every day that was entered, in order."""
    rows = tx.all("SELECT day, workday, source FROM calendar_day ORDER BY day")
    return [Day(date.fromisoformat(day), bool(workday), source) for day, workday, source in rows]


def put(tx: Tx, day: date, workday: bool, source: str) -> None:
    """Enter a day; what was entered for it before is replaced."""
    tx.run(
        "INSERT INTO calendar_day (day, workday, source) VALUES (?, ?, ?)"
        " ON CONFLICT (day) DO UPDATE SET workday = excluded.workday, source = excluded.source",
        day.isoformat(), int(workday), source,
    )  # fmt: skip


def forget(tx: Tx, source: str) -> None:
    """Take out the days of an earlier import, so that the new one stands alone."""
    tx.run("DELETE FROM calendar_day WHERE source = ?", source)
