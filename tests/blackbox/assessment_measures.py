"""The measure of the city in these tests, and the same file with one fault each, as somebody would write it."""

from __future__ import annotations

from dataclasses import dataclass

MEASURE = """\
id = "yunshan-city-2026"
title = "云山市政务信息工作考评办法"
number = "云政办发〔2026〕1号"
effective_from = 2026-01-01
effective_to = 2026-12-31
classes = ["县（市、区）", "重点部门", "一般部门"]

[articles]
3 = "每报送一条计0.5分；每月至少报送一条，没有报送的扣2分。"
4 = "《每日要情》采用一条计3分，简讯1分；省级刊物采用的，按省里的得分计。"
5 = "上报省的，每条2分。"
6 = "市领导批示的，每条10分。"
7 = "参加培训的，每次2分。"

[[journal]]
code = "MRYQ"
name = "每日要情"
level = "city"

[[rule]]
kind = "submission"
article = 3
points = 0.5

[[rule]]
kind = "adoption"
journals = ["MRYQ"]
article = 4
points = 3

[[rule]]
kind = "adoption"
journals = ["MRYQ"]
forms = ["简讯"]
article = 4
points = 1

[[rule]]
kind = "external"
levels = ["province"]
article = 4
factor = 1

[[rule]]
kind = "upward"
levels = ["province"]
article = 5
points = 2

[[rule]]
kind = "instruction"
ranks = ["city"]
article = 6
points = 10

[[rule]]
kind = "event"
events = ["培训"]
article = 7
points = 2

[[quota]]
id = "monthly"
article = 3
what = "submitted"
per = "month"
least = 1

[[rule]]
kind = "quota_missed"
quota = "monthly"
article = 3
points = -2
lump = true
"""

MILDER = MEASURE.replace("points = 10", "points = 1")
"""A draft: a note of the city is worth a tenth."""


@dataclass(frozen=True, slots=True)
class Wrong:
    """A file with a fault: what stands on the line that is named, and words of what is said and of the mend."""

    name: str
    text: str
    line_of: str
    said: str
    mend: str

    @property
    def line(self) -> int:
        """The line that is named, from 1: where the words stand first."""
        return next(at for at, line in enumerate(self.text.splitlines(), 1) if self.line_of in line)


_BY_CLASS = "".join(
    f"""
[[rule]]
kind = "submission"
id = "submission-{place}"
classes = ["{name}"]
article = 3
points = {place}
"""
    for place, name in enumerate(("县（市、区）", "重点部门", "一般部门"), 1)
)

_ROLLUP = """
[[rollup]]
article = 4
classes = ["县（市、区）"]
share = 50
"""

WRONG = (
    Wrong(
        "重叠", MEASURE.replace("city-2026", "new-2026").replace("2026-01-01", "2026-07-01"),
        "effective_from", "重叠的日期", "把旧办法的 effective_to 改为 2026-06-30",
    ),
    Wrong(
        "刊物", MEASURE.replace("MRYQ", "MRYX"), 'code = "MRYX"', "刊物表里的代码：MRYQ", "先把它加进刊物表",
    ),
    Wrong(
        "轮不到", MEASURE + _BY_CLASS, "[[rule]]", "轮得到的规则", "删去这条规则",
    ),
    Wrong(
        "绕圈", MEASURE + _ROLLUP, 'classes = ["县（市、区）"]', "云山县人民政府→清河区人民政府→云山县人民政府",
        "在单位表里改正上级单位",
    ),
    Wrong(
        "没有单位", MEASURE.replace('"一般部门"]', '"一般部门", "直报点"]'), "直报点", "有单位的类别：",
        "先导入这一类的单位",
    ),
)  # fmt: skip
"""What an office may get wrong (issue: bad input), to be checked where `MEASURE` is loaded and two counties are above
each other."""
