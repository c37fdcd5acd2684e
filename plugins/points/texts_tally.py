"""What is read about persons and sections."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from domain.moment import show_time, to_ms
from domain.ranking import format_points
from services.tallies import Row

SHOWN, AT_MOST = 10, 60
PERSONS, SECTIONS = "个人统计", "科室统计"
NOTHING = "没有报送、采用和得分。"


def tally(
    title: str, rows: Sequence[Row], again: str, now: datetime, *, everything: bool, one_unit: bool
) -> str:  # fmt: skip
    """Best first, with the sums of all; within one unit its name is not said again."""
    as_of = f"截至 {show_time(to_ms(now))}"
    if not rows:
        return "\n".join([title, NOTHING, as_of])
    shown = rows[: AT_MOST if everything else SHOWN]
    lines = [title, *(_row(at, row, one_unit=one_unit) for at, row in enumerate(shown, 1))]
    if len(rows) > len(shown):
        lines.append(f"还有{len(rows) - len(shown)}行，发“{again} 全部”，或加“导出”。")
    points = format_points(sum(row.points for row in rows))
    sent, used = sum(row.submitted for row in rows), sum(row.adopted for row in rows)
    return "\n".join([*lines, f"合计{points}分，报{sent} 采{used}", as_of])


def _row(at: int, row: Row, *, one_unit: bool) -> str:
    who = " ".join(filter(None, ("" if one_unit else row.unit, row.section, row.name)))
    return f"{at}. {who} {format_points(row.points)}分（报{row.submitted} 采{row.adopted}）"
