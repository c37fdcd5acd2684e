"""The coverage sheet, read back as a clerk opens it."""

from __future__ import annotations

import io
from datetime import date

from python_calamine import CalamineWorkbook

from domain.keypoint import Point, PointList, Touch, cover
from domain.moment import to_ms
from domain.period import Period
from reports.keypoints import write_coverage
from tests.support.office import moment

NOW = to_ms(moment("12-20", "09:41"))
LIST = PointList(
    1, Period(date(2026, 12, 1), date(2026, 12, 31), "2026年12月"), 1, 0, (Point(11, 1, "=防火"), Point(12, 2, "工资"))
)  # fmt: skip
UNITS = [(2, "云山县"), (3, "清河区")]
COVERAGE = cover(LIST.points, [2, 3], [Touch(11, 2, 100), Touch(11, 2, 101), Touch(11, 3, 101)])


def test_units_stand_in_rows_and_what_nobody_touched_is_empty() -> None:
    data = write_coverage(LIST, UNITS, COVERAGE, NOW)
    rows = CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_name("覆盖情况").to_python()
    assert rows[0][0] == "2026年12月报送要点覆盖情况（截至 12-20 09:41）"
    assert [row[:6] for row in rows[1:]] == [
        ["序号", "单位", "1. =防火", "2. 工资", "涉及要点", "信息条次"],
        [1, "云山县", 2, "", 1, 2],
        [2, "清河区", 1, "", 1, 1],
        ["", "单位数", 2, 0, "", ""],
        ["", "信息条数", 2, 0, "", ""],
    ]


def test_the_same_coverage_gives_the_same_bytes_and_no_unit_is_no_fault() -> None:
    assert write_coverage(LIST, UNITS, COVERAGE, NOW) == write_coverage(LIST, UNITS, COVERAGE, NOW)
    assert write_coverage(LIST, [], cover(LIST.points, [], []), NOW)
