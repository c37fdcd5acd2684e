"""The proof of a bulletin (核对): every figure of the text held against the tables as they are printed.

The text is counted from the frozen board; here the printed cells are added up again, so that a fault in either way of
counting shows.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from domain.board_layout import Figure as Measured
from domain.board_layout import Term
from domain.board_table import Table
from domain.bulletin import Bulletin
from domain.bulletin_parts import Figure
from domain.ranking import adoption_rate, format_points
from domain.snapshot import Snapshot, UnitRow

_ADDED = ("count", "points")
"""Columns whose cells are added up; a rate is not."""

_SUM, _NAMES = re.compile(r"\d+(?:＋\d+)*"), "、"
_DIFFERENCE, _SHARE = re.compile(r"(\d+)－(\d+)"), re.compile(r"(\d+)÷(\d+)")


@dataclass(frozen=True, slots=True)
class Checked:
    """A figure of the text, where it was found again and what is there; `again` None if nothing of the kind was."""

    figure: Figure
    source: str
    again: int | None

    @property
    def agrees(self) -> bool:
        return self.again == self.figure.value


@dataclass(frozen=True, slots=True)
class ColumnSum:
    """A column of a table: its cells added up, and what its line of sums says, None if there is no such line."""

    table: str
    column: str
    added: int
    printed: int | None
    points: bool

    @property
    def agrees(self) -> bool:
        return self.printed in (None, self.added)


@dataclass(frozen=True, slots=True)
class Tie:
    """Units of a class that share a rank; points in hundredths."""

    class_name: str
    rank: int
    points: int
    units: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Proof:
    """All that is to be looked at before a bulletin is signed."""

    figures: tuple[Checked, ...]
    columns: tuple[ColumnSum, ...]
    ties: tuple[Tie, ...]

    @property
    def faults(self) -> int:
        """How many figures and sums do not agree."""
        return sum(not one.agrees for one in self.figures) + sum(not one.agrees for one in self.columns)


def prove(snapshot: Snapshot, bulletin: Bulletin) -> Proof:
    """The proof of a bulletin written from this snapshot."""
    classes = [board.name for board in snapshot.classes if board.rows]
    tables = dict(zip(classes, bulletin.tables, strict=True))
    return Proof(
        tuple(_checked(figure, snapshot, tables) for figure in bulletin.figures),
        tuple(found for at, table in enumerate(bulletin.tables, 1) for found in _column_sums(f"附件{at}", table)),
        tuple(tie for board in snapshot.classes for tie in _ties(board.name, board.rows)),
    )


def _checked(figure: Figure, snapshot: Snapshot, tables: dict[str, Table]) -> Checked:
    if figure.units:
        return Checked(figure, f"{figure.scope}各行", _of_each(figure, snapshot))
    if figure.key:
        return _from_tables(figure, snapshot, tables)
    return Checked(figure, figure.how, _calculated(figure.how))


def _of_each(figure: Figure, snapshot: Snapshot) -> int | None:
    """What each of the figure's units has, None if they differ."""
    rows = [row for board in snapshot.classes if board.name == figure.scope for row in board.rows]
    values = {row.period.get(figure.key, 0) for row in rows if row.short in figure.units}
    return values.pop() if len(values) == 1 else None


def _from_tables(figure: Figure, snapshot: Snapshot, tables: dict[str, Table]) -> Checked:
    """The printed cells of the column added up, class by class; where no table has the column, the snapshot's rows."""
    scopes = [name for name in tables if figure.scope in ("", name)]
    columns = {name: _place_of(tables[name], figure.key) for name in scopes}
    sums = [_added(tables[name], place) for name, place in columns.items() if place is not None]
    if len(sums) < len(scopes):
        rows = [row for board in snapshot.classes if figure.scope in ("", board.name) for row in board.rows]
        return Checked(figure, "附表没有这一列，按快照合计", sum(row.period.get(figure.key, 0) for row in rows))
    return Checked(figure, "附表合计：" + "＋".join(map(str, sums)), sum(sums))


def _place_of(table: Table, key: str) -> int | None:
    wanted = Measured((Term(key, "period"),))
    return next(
        (
            at
            for at, column in enumerate(table.columns)
            if column.figure == wanted and column.kind in ("count", "points")
        ),
        None,
    )


def _added(table: Table, place: int) -> int:
    return sum(row[place].value or 0 for row in table.rows)


def _calculated(how: str) -> int | None:
    """What a figure's own account of itself comes to."""
    if match := _DIFFERENCE.fullmatch(how):
        return abs(int(match[1]) - int(match[2]))
    if match := _SHARE.fullmatch(how):
        return adoption_rate(int(match[2]), int(match[1]))
    if _SUM.fullmatch(how):
        return sum(map(int, how.split("＋")))
    return len(how.split(_NAMES)) if how else None


def _column_sums(name: str, table: Table) -> list[ColumnSum]:
    return [
        ColumnSum(
            name,
            "·".join(column.heading),
            _added(table, at),
            table.sums[at].value if table.sums else None,
            column.kind == "points",
        )
        for at, column in enumerate(table.columns)
        if column.kind in _ADDED
    ]


def _ties(name: str, rows: Sequence[UnitRow]) -> list[Tie]:
    tied = sorted((row for row in rows if row.tied and row.rank is not None), key=lambda row: row.rank or 0)
    return [
        Tie(name, rank or 0, equal[0].period.get("points", 0), tuple(row.short for row in equal))
        for rank, equal in ((rank, list(group)) for rank, group in groupby(tied, key=lambda row: row.rank))
    ]


def shown(value: int, *, points: bool) -> str:
    """A sum as the tables print it."""
    return format_points(value) if points else str(value)
