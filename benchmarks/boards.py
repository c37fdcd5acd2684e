"""A frozen board to draw documents from, made of a seed: units with names of every length, journals, ten months."""

from __future__ import annotations

import random
from datetime import date

from benchmarks.corpus import SEED
from domain.snapshot import ClassBoard, JournalName, Month, Snapshot, UnitRow

_JOURNALS = (
    JournalName("MRYQ", "每日要情", "city"),
    JournalName("ZWXX", "云山政务信息", "city"),
    JournalName("SXX", "省政府政务信息", "province"),
)
_NAMES = ("发展和改革委员会", "财政局", "住房和城乡建设局", "数据局", "人力资源和社会保障局", "司法局")
_AS_OF_MS = 1_793_584_800_000


def board(rows: int) -> Snapshot:
    """One class of so many units, ranked 1 to the last."""
    draw = random.Random(SEED)
    units = tuple(_row(place, draw) for place in range(1, rows + 1))
    whole = {key: sum(row.period.get(key, 0) for row in units) for key in ("submitted", "adopted", "points")}
    trend = tuple(Month(f"{month}月", 40 * month, 15 * month, 10_000 * month) for month in range(1, 11))
    return Snapshot(
        "2026-10", "2026年10月", date(2026, 10, 1), date(2026, 10, 31), _AS_OF_MS, "云山市人民政府办公室",
        ("云山市政务信息工作考评办法",), _JOURNALS, ("报送分", "采用分"), (ClassBoard("市直部门", units),),
        {"period": whole, "year": {key: 10 * value for key, value in whole.items()}}, trend=trend,
    )  # fmt: skip


def _row(place: int, draw: random.Random) -> UnitRow:
    name = f"第{place}{_NAMES[place % len(_NAMES)]}"
    sent, points = draw.randint(3, 30), (200 - place) * 100
    period = {
        "submitted": sent, "adopted": sent // 3, "points": points, "adopted.journal.MRYQ": sent // 3,
        "adopted.level.city": sent // 3, "points.category.采用分": points,
    }  # fmt: skip
    year = {key: 10 * value for key, value in period.items()}
    return UnitRow(place, name, name[:6], place, False, period, year)
