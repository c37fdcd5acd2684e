"""Who stands where in a period: as it was frozen, if it was; else as it is counted now.

What is found after freezing is booked into a later month, but whatever is counted stays with its own day: without this
a frozen month would be read in the chat with other counts than in the bulletin.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from domain.measure import Measure
from domain.period import Period
from domain.roster import Unit
from domain.snapshot import ClassBoard, UnitRow
from services.board import Row, boards, class_board
from services.cycles import snapshot
from storage.engine import Tx


@dataclass(frozen=True, slots=True)
class Standings:
    """The boards by class; `frozen_ms` (UTC) is when they were frozen, 0 for what still moves."""

    classes: dict[str, list[Row]]
    frozen_ms: int = 0


def standings(tx: Tx, period: Period, names: Sequence[str], measures: Sequence[Measure]) -> Standings:
    """The boards of some classes; of all without `names`. Raises ValueError for a frozen board that was changed."""
    frozen = snapshot.frozen(tx, period.code)
    if frozen is not None:
        wanted = [board for board in frozen.classes if not names or board.name in names]
        return Standings({board.name: [_row(board, row) for row in board.rows] for board in wanted}, frozen.as_of_ms)
    if names:
        return Standings({name: class_board(tx, period, name, measures) for name in names})
    return Standings(boards(tx, period, measures))


def since_frozen(tx: Tx, period: Period, unit_id: int, submitted: int, adopted: int) -> tuple[int, int]:
    """How many more items of a unit count as (submitted, adopted) now than on the frozen board; (0, 0) if the period is
    not frozen. The points of what came late are booked into a later month, its count stays with its own day."""
    frozen = snapshot.frozen(tx, period.code)
    rows = (row for board in frozen.classes for row in board.rows) if frozen else ()
    own = next((row.period for row in rows if row.unit_id == unit_id), None)
    if own is None:
        return 0, 0
    return submitted - own.get("submitted", 0), adopted - own.get("adopted", 0)


def _row(board: ClassBoard, row: UnitRow) -> Row:
    unit = Unit(row.unit_id, row.name, "", board.name, None, "", 0, row.short)
    own = row.period
    return Row(
        row.rank, unit, own.get("points", 0), own.get("submitted", 0), own.get("adopted", 0), row.tied, row.note
    )  # fmt: skip
