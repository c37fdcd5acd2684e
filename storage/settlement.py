"""What settling a unit's year reads (domain.scoring.Record), and what is booked of it.

A year is one of the days things are about: what was booked later because a month was frozen belongs to the year of its
own day. Where weeks are counted, the last days of the December before are read too.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from domain.scoring import Entry
from domain.scoring.record import Counted
from storage.engine import Tx
from storage.ledger import ENTRY, Booked, booked_of

_LIVE = "NOT EXISTS (SELECT 1 FROM fact r WHERE r.revokes = f.id)"


@dataclass(frozen=True, slots=True)
class Year:
    """What stands in the ledger about a unit's year: `earned` by items and events, `settled` for its spans."""

    earned: tuple[Entry, ...]
    settled: tuple[Booked, ...]


def year_of(tx: Tx, unit_id: int, year: int) -> Year:
    """The entries about a unit's year that are not reversed, oldest first."""
    first, last = _span(year)
    rows = tx.all(
        f"SELECT seq, due_day, {ENTRY}, reverses FROM entry WHERE unit_id = ? AND ym >= ?"
        " AND CASE WHEN due_day = '' THEN day ELSE due_day END BETWEEN ? AND ? ORDER BY seq",
        unit_id, first.year * 100 + first.month, first.isoformat(), last.isoformat(),
    )  # fmt: skip
    gone = {row[-1] for row in rows if row[-1] is not None}
    standing = [booked_of(row[:-1]) for row in rows if row[-1] is None and row[0] not in gone]
    return Year(
        tuple(one.due for one in standing if one.entry.fact_id != 0),
        tuple(one for one in standing if one.entry.fact_id == 0 and one.due.day.year == year),
    )


def counted(tx: Tx, unit_id: int, year: int) -> tuple[Counted, ...]:
    """The items of a unit as they count in a year: sent on their day, used on the day of their first issue."""
    return (*_submitted(tx, unit_id, year), *_adopted(tx, unit_id, year))


def _submitted(tx: Tx, unit_id: int, year: int) -> list[Counted]:
    first, last = _span(year)
    rows = tx.all(
        "SELECT f.day, i.kind, i.form FROM item_unit u JOIN fact f ON f.item_id = u.item_id"
        " JOIN item i ON i.id = f.item_id"
        f" WHERE u.unit_id = ? AND f.kind = 'submission' AND f.day BETWEEN ? AND ? AND {_LIVE} ORDER BY f.id",
        unit_id, first.isoformat(), last.isoformat(),
    )  # fmt: skip
    return [Counted(date.fromisoformat(day), "submitted", kind, form) for day, kind, form in rows]


def _adopted(tx: Tx, unit_id: int, year: int) -> list[Counted]:
    """Adoptions up to the year's end of the items first used in it; further journals of the year are named too."""
    first, last = _span(year)
    rows = tx.all(
        "SELECT f.item_id, f.day, i.kind, f.form, f.journal, f.level FROM item_unit u"
        " JOIN fact f ON f.item_id = u.item_id JOIN item i ON i.id = f.item_id"
        f" WHERE u.unit_id = ? AND f.kind = 'adoption' AND f.day BETWEEN ? AND ? AND {_LIVE}"
        " AND NOT EXISTS (SELECT 1 FROM fact o WHERE o.item_id = f.item_id AND o.kind = 'adoption' AND o.day < ?"
        " AND NOT EXISTS (SELECT 1 FROM fact r WHERE r.revokes = o.id)) ORDER BY f.day, f.id",
        unit_id, first.isoformat(), last.isoformat(), first.isoformat(),
    )  # fmt: skip
    uses: dict[int, list[tuple[str, str, str, str, str]]] = {}
    for item_id, *use in rows:
        uses.setdefault(item_id, []).append((use[0], use[1], use[2], use[3], use[4]))
    return [_used(own) for own in uses.values()]


def _used(uses: list[tuple[str, str, str, str, str]]) -> Counted:
    day, kind, form = uses[0][:3]
    journals = tuple(dict.fromkeys(use[3] for use in uses if use[3]))
    levels = tuple(dict.fromkeys(use[4] for use in uses if use[4]))
    return Counted(date.fromisoformat(day), "adopted", kind, form, journals, levels)


def is_settled(tx: Tx, year: int) -> bool:
    """Whether anything was ever settled of a year or later."""
    return tx.one("SELECT 1 FROM entry WHERE fact_id = 0 AND ym >= ? LIMIT 1", year * 100 + 1) is not None


def names(tx: Tx, unit_id: int) -> tuple[str, ...]:
    """The name of a unit and its aliases."""
    rows = tx.all(
        "SELECT name FROM unit WHERE id = ? UNION SELECT alias FROM unit_alias WHERE unit_id = ?", unit_id, unit_id
    )  # fmt: skip
    return tuple(name for (name,) in rows)


def units(tx: Tx, year: int) -> list[int]:
    """The units assessed in a year, and those that have a settlement in it though they are not assessed any more."""
    rows = tx.all(
        "SELECT unit_id FROM unit_class WHERE year = ? AND class <> ''"
        " UNION SELECT unit_id FROM entry WHERE fact_id = 0 AND ym >= ? ORDER BY 1",
        year, year * 100 + 1,
    )  # fmt: skip
    return [unit_id for (unit_id,) in rows]


def _span(year: int) -> tuple[date, date]:
    """The days of a year, with those of its first week that lie before it."""
    new_year = date(year, 1, 1)
    return new_year - timedelta(days=new_year.weekday()), date(year, 12, 31)
