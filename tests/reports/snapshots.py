"""Frozen boards to draw documents from: `city()` small enough to count by hand, `crowd()` as large as a province."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta

from domain.bulletin_parts import Brief
from domain.snapshot import Adjustment, AdoptedItem, ClassBoard, Figures, JournalName, Month, Snapshot, UnitRow

JOURNALS = (
    JournalName("MRYQ", "每日要情", "city"),
    JournalName("ZWXX", "云山政务信息", "city"),
    JournalName("SXX", "省政府政务信息", "province"),
    JournalName("GBXX", "国办信息", "state"),
)
POINTS = {"MRYQ": 300, "ZWXX": 500, "SXX": 1000, "GBXX": 2000}
NOTED = {"city": 500, "province": 1000}

OCTOBER = (date(2026, 10, 1), date(2026, 10, 31))
AS_OF_MS = 1_793_584_800_000  # 2026-11-02 02:00 UTC
SENT = 200
"""Hundredths for an item sent, so that no unit that sends stays at 0 points."""


BRIEF = Brief(
    day=date(2026, 11, 3),
    number="云政办字〔2026〕105号",
    addressees="各县（市、区）人民政府，市政府各部门、各直属机构",
    contact="信息科，0000-8120001",
    demands=("（一）请未报送信息的单位查明原因。", "（二）请将此件送本单位主管领导阅。"),
    tasks={"县（市、区）": 10, "重点部门": 5},
    copies="市委办公室，市人大常委会办公室，市政协办公室。",
)


def unit(unit_id: int, name: str, submitted: int, *, noted: int = 0, short: str = "", **adopted: int) -> UnitRow:
    """A unit that sent so many items, of which so many were used by journal code (`MRYQ=2`) and `noted` of them were
    commented on by a leader of the city. Its year so far is ten times its month."""
    figures = Counter({"submitted": submitted, "adopted": sum(adopted.values())})
    figures["points.category.报送分"] = submitted * SENT
    for journal in JOURNALS:
        count = adopted.get(journal.code, 0)
        figures[f"adopted.journal.{journal.code}"] = count
        figures[f"adopted.level.{journal.level}"] += count
        figures["points.category.采用分"] += count * POINTS[journal.code]
    figures["instruction.level.city"] = noted
    figures["points.category.批示分"] = noted * NOTED["city"]
    figures["points"] = sum(count for key, count in figures.items() if key.startswith("points."))
    period = {key: count for key, count in figures.items() if count}
    months = {
        f"{key}.month.{at}": period.get(key, 0) for key in ("submitted", "adopted", "points") for at in range(1, 11)
    }
    year = {key: 10 * count for key, count in period.items()} | months
    return UnitRow(unit_id, name, short or name, None, False, period, year)


def ranked(rows: Sequence[UnitRow]) -> tuple[UnitRow, ...]:
    """The rows by points, equal ones sharing a rank (1、2、2、4); who has a note is not ranked and comes last."""
    counting = sorted((row for row in rows if not row.note), key=lambda row: -row.period.get("points", 0))
    points = [row.period.get("points", 0) for row in counting]
    placed = [
        replace(row, rank=points.index(mine) + 1, tied=points.count(mine) > 1)
        for row, mine in zip(counting, points, strict=True)
    ]
    return (*placed, *(row for row in rows if row.note))


def snapshot(
    classes: Mapping[str, Sequence[UnitRow]],
    *,
    whole: Mapping[str, Figures] | None = None,
    adjustments: Sequence[Adjustment] = (),
    label: str = "2026年10月",
) -> Snapshot:
    """A board of October; `whole` adds the spans to compare with (`previous`, `last_year`)."""
    boards = tuple(ClassBoard(name, ranked(rows)) for name, rows in classes.items())
    rows = [row for board in boards for row in board.rows]
    period, year = (_sum([getattr(row, span) for row in rows]) for span in ("period", "year"))
    return Snapshot(
        code="2026-10",
        label=label,
        first=OCTOBER[0],
        last=OCTOBER[1],
        as_of_ms=AS_OF_MS,
        office="云山市人民政府办公室",
        measures=("云山市政务信息工作考评办法（云政办发〔2026〕1号）",),
        journals=JOURNALS,
        categories=("报送分", "采用分", "批示分"),
        classes=boards,
        whole={"period": period, "year": year, **(whole or {})},
        adopted=tuple(item for row in rows for item in _items(row)),
        adjustments=tuple(adjustments),
        trend=_trend(period),
        trend_units={row.unit_id: _months(row.period.get("points", 0), row.unit_id) for row in rows},
    )


def city() -> Snapshot:
    """Seven units in two classes: two equal ones, two that sent nothing, one exempt; one adjustment of September.

    Together 46 items, 20 of them used; September 42 and 22, October of the year before 50 and 18.
    """
    exempt = replace(unit(7, "市档案馆", 2), note="免考评")
    return snapshot(
        {
            "县（市、区）": [
                unit(1, "云山县人民政府", 16, short="云山县", MRYQ=4, ZWXX=3, SXX=1, noted=1),
                unit(2, "清河区人民政府", 9, short="清河区", MRYQ=2, ZWXX=2),
                unit(3, "临江市人民政府", 9, short="临江市", MRYQ=2, ZWXX=2),
                unit(4, "石桥县人民政府", 0, short="石桥县"),
            ],
            "重点部门": [
                unit(5, "市发展和改革委员会", 10, short="市发改委", MRYQ=3, GBXX=1),
                unit(6, "市文化和旅游局", 0, short="市文旅局"),
                exempt,
            ],
        },
        whole={"previous": {"submitted": 42, "adopted": 22}, "last_year": {"submitted": 50, "adopted": 18}},
        adjustments=[Adjustment("云山县", 300, "补计9月：《每日要情》第188期采用", "第六条", date(2026, 10, 12))],
    )


def crowd(count: int = 100, classes: int = 4) -> Snapshot:
    """So many units; every seventh sends nothing, some bear names that no column is wide enough for."""
    names = ("人民政府", "住房和城乡建设局", "经济技术开发区管理委员会", "退役军人事务和社会保障综合服务与监督管理局")
    rows = [
        unit(at, f"第{at:03d}{names[at % 4]}", 0 if at % 7 == 0 else at % 13 + 5, short=f"第{at:03d}号",
             MRYQ=0 if at % 7 == 0 else at % 4, ZWXX=0 if at % 7 == 0 else at % 2)
        for at in range(1, count + 1)
    ]  # fmt: skip
    return snapshot({f"第{part + 1}类": rows[part::classes] for part in range(classes)})


def _sum(figures: Sequence[Figures]) -> Figures:
    total: Counter[str] = Counter()
    for one in figures:
        total.update(one)
    return dict(total)


def _items(row: UnitRow) -> list[AdoptedItem]:
    found = []
    for journal in JOURNALS:
        for at in range(row.period.get(f"adopted.journal.{journal.code}", 0)):
            day = OCTOBER[0] + timedelta(days=(3 * at + row.unit_id) % 31)
            number = f"2026-{row.unit_id:03d}{at:02d}{journal.code[0]}"
            noted = ("city",) if at < row.period.get("instruction.level.city", 0) and journal.code == "MRYQ" else ()
            title = f"{row.short}多措并举推进第{at + 1}批重点项目建设取得成效"
            found.append(
                AdoptedItem(
                    number, title, (row.short,), day, journal.code, journal.level, "单条", f"第{200 + at}期", noted
                )
            )
    return found


def _trend(period: Figures) -> tuple[Month, ...]:
    sent, used, points = (period.get(key, 0) for key in ("submitted", "adopted", "points"))
    share = (60, 45, 70, 80, 75, 90, 85, 95, 92, 100)
    return tuple(
        Month(f"{month}月", sent * part // 100, used * part // 100, points * part // 100)
        for month, part in enumerate(share, start=1)
    )


def _months(points: int, seed: int) -> tuple[int, ...]:
    return (*(points * (60 + (seed + month) * 7 % 50) // 100 for month in range(9)), points)
