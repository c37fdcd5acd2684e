"""Facts, points and totals.

Facts (`fact`) and entries (计分流水, `entry`) are appended and never changed: a correction is a second fact, a
reversal is a second entry. Totals (`score_period`) move in the same transaction as the entry that moves them, so a
ranking is one index range; a full recomputation must give the same figures.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from domain.roster import Unit
from domain.scoring import Entry, Fact
from storage.engine import Row, Tx


@dataclass(frozen=True, slots=True)
class NewFact:
    """A fact to append. `day` books the points; `revokes` names the fact that is taken back, if that is what it is."""

    kind: str
    item_id: int
    day: date
    person_id: int
    journal: str = ""
    level: str = ""
    form: str = ""
    issue: str = ""
    rank: str = ""
    commissioned: bool = False
    revokes: int | None = None
    reason: str = ""
    route: str = ""
    points: int | None = None
    share: int = 0
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Booked:
    """An entry as it stands in the ledger. `about` is the day it is about, where its month was frozen and it was booked
    in a later one; None is `entry.day` itself."""

    seq: int
    entry: Entry
    about: date | None = None

    @property
    def due(self) -> Entry:
        """The entry as the rules give it: on the day it is about, without the words that say it came late."""
        if self.about is None:
            return self.entry
        return replace(self.entry, day=self.about, reason=self.entry.reason.partition(LATE_MARK)[2])


LATE_MARK = "："
"""Ends what the reason of an entry says first when it was booked in another month than its own (补计4月：…)."""


@dataclass(frozen=True, slots=True)
class Totals:
    """What a unit has in a period. Points in hundredths."""

    unit_id: int
    class_name: str
    points: int
    submitted: int
    adopted: int


def append_fact(tx: Tx, fact: NewFact, now_ms: int) -> int:
    """Append a fact; returns its id."""
    row = tx.one(
        "INSERT INTO fact (kind, item_id, day, journal, level, form, issue, leader_rank, commissioned, revokes, reason,"
        " route, points, share, detail, at_ms, person_id)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id",
        fact.kind, fact.item_id, fact.day.isoformat(), fact.journal, fact.level, fact.form, fact.issue, fact.rank,
        int(fact.commissioned), fact.revokes, fact.reason, fact.route, fact.points, fact.share, fact.detail, now_ms,
        fact.person_id,
    )  # fmt: skip
    assert row is not None
    fact_id: int = row[0]
    return fact_id


def live_facts(tx: Tx, item_id: int, units: tuple[int, ...], author_id: int) -> list[Fact]:
    """The facts of an item that no later fact has taken back, oldest first."""
    rows = tx.all(
        "SELECT id, kind, day, journal, level, form, leader_rank, commissioned, issue, route, points, share, detail"
        " FROM fact f"
        " WHERE item_id = ? AND kind <> 'revocation'"
        " AND NOT EXISTS (SELECT 1 FROM fact r WHERE r.revokes = f.id) ORDER BY id",
        item_id,
    )  # fmt: skip
    return [
        Fact(
            id=id, kind=kind, item_id=item_id, day=date.fromisoformat(day), units=units, author_id=author_id,
            journal=journal or None, level=level or None, form=form or None, rank=rank or None,
            commissioned=bool(commissioned), issue=issue, route=route, points=points, share=share, detail=detail,
        )
        for id, kind, day, journal, level, form, rank, commissioned, issue, route, points, share, detail in rows
    ]  # fmt: skip


def items_since(tx: Tx, first: date) -> list[int]:
    """The items that have a fact on or after a day."""
    rows = tx.all("SELECT DISTINCT item_id FROM fact WHERE day >= ? ORDER BY item_id", first.isoformat())
    return [item_id for (item_id,) in rows]


def latest_issues(tx: Tx, since: date) -> dict[str, tuple[str, date]]:
    """The newest issue of each journal an adoption that stands names since a day, with the day it was booked on."""
    rows = tx.all(
        "SELECT journal, issue, MAX(day) FROM fact f WHERE kind = 'adoption' AND day >= ?"
        " AND NOT EXISTS (SELECT 1 FROM fact r WHERE r.revokes = f.id) GROUP BY journal, issue",
        since.isoformat(),
    )  # fmt: skip
    # The same day may have several issues; of two numbers the longer one is the higher.
    newest = sorted(rows, key=lambda row: (row[2], len(row[1]), row[1]))
    return {journal: (issue, date.fromisoformat(day)) for journal, issue, day in newest}


ENTRY = "fact_id, item_id, unit_id, author_id, day, code, article, reason, points, category, pending"
"""The columns of an Entry, for `entry_of`."""


def entry_of(row: Row) -> Entry:
    """An entry from its columns."""
    fact_id, item_id, unit_id, author_id, day, code, article, reason, points, category, pending = row
    return Entry(
        fact_id, item_id, unit_id, author_id, date.fromisoformat(day), code, article, reason, points, category,
        bool(pending),
    )  # fmt: skip


def booked_of(row: Row) -> Booked:
    """A booked entry from seq, due_day and the columns of an entry."""
    return Booked(row[0], entry_of(row[2:]), date.fromisoformat(row[1]) if row[1] else None)


def standing(tx: Tx, item_id: int) -> list[Booked]:
    """An item's entries that are not reversed, oldest first."""
    rows = tx.all(
        f"SELECT seq, due_day, {ENTRY} FROM entry e WHERE item_id = ? AND reverses IS NULL"
        " AND NOT EXISTS (SELECT 1 FROM entry r WHERE r.item_id = e.item_id AND r.reverses = e.seq) ORDER BY seq",
        item_id,
    )
    return [booked_of(row) for row in rows]


def booked(tx: Tx, item_id: int) -> list[tuple[int, Entry]]:
    """(seq, entry) of an item's entries that are not reversed, oldest first."""
    return [(one.seq, one.entry) for one in standing(tx, item_id)]


def append_entry(tx: Tx, entry: Entry, now_ms: int, *, about: date | None = None, reverses: int | None = None) -> None:
    """Append an entry, or the reversal of the entry `reverses` (its points are then taken with the other sign).
    `about` is the day it is about if that is not the day it is booked on."""
    points = -entry.points if reverses is not None else entry.points
    tx.run(
        f"INSERT INTO entry ({ENTRY}, due_day, ym, reverses, recorded_ms)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        entry.fact_id, entry.item_id, entry.unit_id, entry.author_id, entry.day.isoformat(), entry.code, entry.article,
        entry.reason, points, entry.category, int(entry.pending), about.isoformat() if about else "",
        entry.day.year * 100 + entry.day.month, reverses, now_ms,
    )  # fmt: skip


_CYCLE = "score cycle"
_FROZEN = frozenset({"frozen", "signed", "published"})
_COMPUTED = _FROZEN | {"computed", "shown"}


def frozen_through(tx: Tx) -> date | None:
    """The last day into which nothing is booked any more; looked up once in a transaction."""
    return _cycle(tx)[0]


def computed_through(tx: Tx) -> date | None:
    """The last day up to which spans were settled; looked up once in a transaction."""
    return _cycle(tx)[1]


def forget_cycle(tx: Tx) -> None:
    """For whoever moves a period on: what this transaction knew about frozen months is not true any more."""
    tx.memo.pop(_CYCLE, None)


def _cycle(tx: Tx) -> tuple[date | None, date | None]:
    if _CYCLE not in tx.memo:
        last: dict[str, str] = dict(tx.all("SELECT state, MAX(last_day) FROM score_cycle GROUP BY state"))
        tx.memo[_CYCLE] = _latest(last, _FROZEN), _latest(last, _COMPUTED)
    found: tuple[date | None, date | None] = tx.memo[_CYCLE]
    return found


def _latest(last: Mapping[str, str], states: frozenset[str]) -> date | None:
    days = [day for state, day in last.items() if state in states]
    return date.fromisoformat(max(days)) if days else None


def add_to_totals(
    tx: Tx, unit_id: int, class_name: str, day: date, *, points: int = 0, submitted: int = 0, adopted: int = 0
) -> None:
    """Move a unit's totals of the month, quarter and year of a day, in one statement and always in this order (two
    writers never wait for each other crosswise)."""
    rest = (unit_id, class_name, points, submitted, adopted)
    month, quarter, year = period_codes(day)
    tx.run(
        "INSERT INTO score_period (period, unit_id, class, points, submitted, adopted)"
        " VALUES (?, ?, ?, ?, ?, ?), (?, ?, ?, ?, ?, ?), (?, ?, ?, ?, ?, ?)"
        " ON CONFLICT (period, unit_id) DO UPDATE SET points = score_period.points + excluded.points,"
        " submitted = score_period.submitted + excluded.submitted,"
        " adopted = score_period.adopted + excluded.adopted",
        month, *rest, quarter, *rest, year, *rest,
    )  # fmt: skip


def period_codes(day: date) -> tuple[str, str, str]:
    """The codes under which a day is summed: `2026-11`, `2026Q4`, `2026`."""
    return f"{day.year}-{day.month:02d}", f"{day.year}Q{(day.month + 2) // 3}", str(day.year)


def top(tx: Tx, period: str, class_name: str, limit: int) -> list[Totals]:
    """The best of a class in a stored period, in the order they are shown."""
    rows = tx.all(
        "SELECT unit_id, class, points, submitted, adopted FROM score_period WHERE period = ? AND class = ?"
        " ORDER BY points DESC, adopted DESC, submitted DESC, unit_id LIMIT ?",
        period, class_name, limit,
    )  # fmt: skip
    return [Totals(*row) for row in rows]


def totals(tx: Tx, codes: Iterable[str]) -> dict[int, Totals]:
    """The sums of every unit over some months (or one quarter, or one year)."""
    sums: dict[int, Totals] = {}
    for code in codes:
        for row in tx.all("SELECT unit_id, class, points, submitted, adopted FROM score_period WHERE period = ?", code):
            new = Totals(*row)
            old = sums.get(new.unit_id)
            sums[new.unit_id] = _sum(old, new) if old else new
    return sums


def _sum(one: Totals, other: Totals) -> Totals:
    return Totals(
        one.unit_id,
        other.class_name or one.class_name,
        one.points + other.points,
        one.submitted + other.submitted,
        one.adopted + other.adopted,
    )


_EVERYBODY = 1 << 31


def totals_in_class(tx: Tx, codes: Iterable[str], class_name: str) -> list[Totals]:
    """The sums of every unit of a class that has a row in one of these stored periods, in no order."""
    periods = list(codes)
    if len(periods) == 1:
        return top(tx, periods[0], class_name, limit=_EVERYBODY)  # one index range, no sums
    marks = ", ".join("?" * len(periods))
    rows = tx.all(
        "SELECT unit_id, class, CAST(SUM(points) AS BIGINT), CAST(SUM(submitted) AS BIGINT),"
        f" CAST(SUM(adopted) AS BIGINT) FROM score_period WHERE period IN ({marks}) AND class = ?"
        " GROUP BY unit_id, class",
        *periods, class_name,
    )  # fmt: skip
    return [Totals(*row) for row in rows]


def sums_of(tx: Tx, unit_id: int, codes: Iterable[str]) -> tuple[int, int, int]:
    """(points, submitted, adopted) of one unit over some months (or one quarter, or one year)."""
    points = submitted = adopted = 0
    for code in codes:
        row = tx.one(
            "SELECT points, submitted, adopted FROM score_period WHERE period = ? AND unit_id = ?", code, unit_id
        )
        if row:
            points, submitted, adopted = points + row[0], submitted + row[1], adopted + row[2]
    return points, submitted, adopted


def move_class(tx: Tx, unit_id: int, year: int, class_name: str) -> None:
    """The totals of a year follow a unit that is put into another class, so that it stands on one board only."""
    tx.run(
        "UPDATE score_period SET class = ? WHERE unit_id = ? AND period >= ? AND period < ?",
        class_name, unit_id, str(year), str(year + 1),
    )  # fmt: skip


_IN_CLASS = "c.year = ? AND c.class = ? AND u.valid_from <= ? AND (u.valid_to = '' OR u.valid_to >= ?)"
_CLASS_UNIT = (
    "SELECT u.id, u.name, u.kind, c.class, u.parent_id, u.direct_point, u.place,"
    " COALESCE((SELECT MIN(alias) FROM unit_alias a WHERE a.unit_id = u.id AND a.short = 1), '')"
    " FROM unit_class c JOIN unit u ON u.id = c.unit_id"
)


def units_in_class(tx: Tx, class_name: str, first: date, last: date) -> list[Unit]:
    """The units assessed in a class in the year of a period that existed in it, in the office's order."""
    rows = tx.all(
        f"{_CLASS_UNIT} WHERE {_IN_CLASS} ORDER BY u.place, u.id",
        last.year, class_name, last.isoformat(), first.isoformat(),
    )  # fmt: skip
    return [Unit(*row) for row in rows]


def unit_ids_in_class(tx: Tx, class_name: str, first: date, last: date) -> set[int]:
    """The same units, by their ids alone."""
    rows = tx.all(
        f"SELECT u.id FROM unit_class c JOIN unit u ON u.id = c.unit_id WHERE {_IN_CLASS}",
        last.year, class_name, last.isoformat(), first.isoformat(),
    )  # fmt: skip
    return {row[0] for row in rows}


def class_names(tx: Tx, year: int) -> list[str]:
    """The classes of a year, in the order of their first units."""
    rows = tx.all(
        "SELECT c.class FROM unit_class c JOIN unit u ON u.id = c.unit_id WHERE c.year = ? AND c.class <> ''"
        " GROUP BY c.class ORDER BY MIN(u.place), c.class",
        year,
    )
    return [row[0] for row in rows]


def rank_of(tx: Tx, period: str, unit_id: int) -> tuple[Totals, int] | None:
    """A unit's totals in a stored period and its rank in its class (equal points, equal rank: 1, 2, 2, 4)."""
    row = tx.one(
        "SELECT unit_id, class, points, submitted, adopted FROM score_period WHERE period = ? AND unit_id = ?",
        period, unit_id,
    )  # fmt: skip
    if row is None:
        return None
    own = Totals(*row)
    better = tx.one(
        "SELECT COUNT(*) FROM score_period WHERE period = ? AND class = ? AND points > ?",
        period, own.class_name, own.points,
    )  # fmt: skip
    return own, (better[0] if better else 0) + 1


def person_counts(tx: Tx, person_id: int, first: date, last: date) -> tuple[int, int]:
    """(submitted, adopted) items of a reporter: by day of submission, by day of the first live adoption."""
    live = "NOT EXISTS (SELECT 1 FROM fact r WHERE r.revokes = f.id)"
    row = tx.one(
        "SELECT COUNT(CASE WHEN submitted BETWEEN ? AND ? THEN 1 END),"
        " COUNT(CASE WHEN adopted BETWEEN ? AND ? THEN 1 END)"
        " FROM (SELECT MIN(CASE WHEN f.kind = 'submission' THEN f.day END) AS submitted,"
        " MIN(CASE WHEN f.kind = 'adoption' THEN f.day END) AS adopted"
        f" FROM item i JOIN fact f ON f.item_id = i.id WHERE i.author_id = ? AND {live} GROUP BY i.id) AS own",
        first.isoformat(), last.isoformat(), first.isoformat(), last.isoformat(), person_id,
    )  # fmt: skip
    return (row[0], row[1]) if row else (0, 0)


def last_seq(tx: Tx) -> int:
    row = tx.one("SELECT COALESCE(MAX(seq), 0) FROM entry")
    return row[0] if row else 0


def publish(
    tx: Tx, period: str, kind: str, as_of_ms: int, hash: str, rows: Mapping[str, list[tuple[int, Totals]]]
) -> int:
    """Keep a board as it was published: class → (rank, totals) in the order shown. Never changed afterwards."""
    row = tx.one(
        "INSERT INTO board (period, kind, as_of_ms, upto_seq, hash) VALUES (?, ?, ?, ?, ?) RETURNING id",
        period, kind, as_of_ms, last_seq(tx), hash,
    )  # fmt: skip
    assert row is not None
    board_id: int = row[0]
    for class_name, ranked in rows.items():
        tx.many(
            "INSERT INTO board_row (board_id, class, place, rank, unit_id, points, submitted, adopted)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            [
                (board_id, class_name, place, rank, t.unit_id, t.points, t.submitted, t.adopted)
                for place, (rank, t) in enumerate(ranked)
            ],
        )
    return board_id
