"""The trend as a picture for the chat: twelve months of all units together, and the first units of a class."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from domain.ranking import format_points
from domain.snapshot import ClassBoard, Month, Snapshot, UnitRow
from reports.picture import Picture, as_of, drawn, ems, fingerprint

FIRST_UNITS = 10
"""Units shown with bars of their own; more would be a scoreboard."""

_NAME_AT_MOST = 11.0
_SIZE, _WIDTH, _MARGIN, _GAP = 15, 520, 16, 5
"""Points: the letters, the picture, its margins, the room between two months."""

_MONTH_AT_MOST = 80.0
_VALUE_AT_MOST = 0.66


def trend_png(snapshot: Snapshot, board: ClassBoard | None = None, folder: Path | None = None) -> Picture:
    """The months of `snapshot.trend`; with a class also its first units. Equal snapshots give equal bytes."""
    return drawn("trend", data_of(snapshot, board), folder)


def data_of(snapshot: Snapshot, board: ClassBoard | None) -> dict[str, object]:
    """What the template `trend` is told."""
    rows = [] if board is None else [row for row in board.rows if row.period.get("points", 0) > 0][:FIRST_UNITS]
    months = len(snapshot.trend)
    most = max((row.period["points"] for row in rows), default=1)
    units = [_unit(snapshot, row, most) for row in rows]
    return {
        "title": "政务信息报送采用走势",
        "span": f"至{snapshot.label}，共{months}个月" if months > 1 else snapshot.label,
        "as_of": as_of(snapshot),
        **_chart(snapshot.trend),
        "units_title": "" if board is None else f"{board.name} {snapshot.label}得分靠前的单位",
        "months_title": f"近{months}个月得分" if months > 1 else "",
        "units": units,
        "name_width": min(_NAME_AT_MOST, max((ems(row.short) for row in rows), default=0.0) + 0.3),
        "points_width": max((ems(str(unit["points"])) for unit in units), default=0.0) + 0.2,
        "foot": f"{snapshot.office}　校验码 {fingerprint(snapshot)}",
    }


def _chart(months: Sequence[Month]) -> dict[str, object]:
    """The two columns of each month, in percent of the highest of all, and letters small enough to stand above one."""
    counts = [count for month in months for count in (month.submitted, month.adopted)]
    most, longest = max(counts, default=0) or 1, max((ems(str(count)) for count in counts), default=1.0)
    room = _WIDTH - 2 * _MARGIN - _GAP * (len(months) - 1)
    width = min(_MONTH_AT_MOST, room / max(len(months), 1))
    return {
        "width": _WIDTH,
        "margin": _MARGIN,
        "size": _SIZE,
        "gap": _GAP,
        "month_width": width,
        "value_size": min(_VALUE_AT_MOST, width / 2 / _SIZE / longest),
        "months": [
            {
                "label": month.label,
                "submitted": str(month.submitted),
                "adopted": str(month.adopted),
                "sent": 100 * month.submitted / most,
                "used": 100 * month.adopted / most,
            }
            for month in months
        ],
    }


def _unit(snapshot: Snapshot, row: UnitRow, most: int) -> dict[str, object]:
    """A unit's bar in percent of the longest, its months in percent of its own best one."""
    points = row.period.get("points", 0)
    months = [max(0, one) for one in snapshot.trend_units.get(row.unit_id, ())]
    best = max(months, default=0) or 1
    return {
        "name": row.short,
        "points": format_points(points),
        "share": 100 * points / most,
        "months": [100 * one / best for one in months] or [0.0] * max(len(snapshot.trend), 1),
    }
