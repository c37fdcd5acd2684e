"""A small measure with everything the desk can register, and a stage on which it is in force."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from pathlib import Path

from bot.settings import Settings
from tests.support.stage import Stage, staged

MEASURE = """
id = "yunshan-full"
title = "云山市政务信息考评办法"
effective_from = 2026-01-01
classes = ["县（市、区）", "重点部门", "一般部门"]

[articles]
1 = "报送符合要求的信息每条0.5分；符合要求但未采用的每条0.2分。"
2 = "市级刊物采用每条3分；省政府办公厅采用的，直报的按省计分，经市转报的按省计分乘2。"
3 = "选报省政府办公厅的每条1分。"
4 = "领导批示加分：市级10分，省级30分，市政府办公室负责人5分；非主要领导减半。"
5 = "紧急信息迟报一次扣5分，漏报一次扣10分，瞒报一次扣20分。"
6 = "参加业务培训一次加2分；取材较多、效果突出的可以酌情加1至5分。"
7 = "每月报送8条、全年采用率不低于20%。"
8 = "全年得分按本类最高分折算为10分。"
9 = "每类评先进单位1个，全年优秀信息员每类1名。"
10 = "瞒报的，取消全年评先资格。"

[[journal]]
code = "MRYQ"
name = "每日要情"
level = "city"
forms = ["单条", "简讯"]

[[journal]]
code = "SYQ"
name = "省政府每日要情"
level = "province"

[ranks]
city_office_head = "市政府办公室负责人"

[[rule]]
kind = "submission"
article = 1
points = 0.5

[[rule]]
kind = "acceptable"
article = 1
points = 0.2

[[rule]]
kind = "adoption"
article = 2
levels = ["city"]
points = 3

[[rule]]
kind = "external"
article = 2
levels = ["province"]
routes = ["direct"]
factor = 1

[[rule]]
kind = "external"
article = 2
levels = ["province"]
routes = ["forwarded"]
factor = 2

[[rule]]
kind = "upward"
article = 3
levels = ["province"]
points = 1

[[rule]]
kind = "instruction"
article = 4
by_rank = { city = 10, province = 30, city_office_head = 5 }
deputy_percent = 50

[[rule]]
kind = "event"
article = 5
events = ["urgent.late"]
points = -5

[[rule]]
kind = "event"
article = 5
events = ["urgent.missed"]
points = -10

[[rule]]
kind = "event"
article = 5
events = ["urgent.concealed"]
points = -20

[[rule]]
kind = "event"
article = 6
events = ["培训"]
points = 2

[[rule]]
kind = "discretion"
article = 6
events = ["取材较多"]
lowest = 1
highest = 5

[[quota]]
id = "每月报送"
article = 7
what = "submitted"
per = "month"
least = 8

[[quota]]
id = "采用率"
article = 7
what = "rate"
per = "year"
least = 20

[convert]
article = 8
mode = "class_best"
full = 10

[[award]]
article = 9
name = "先进单位"
whom = "unit"
places = 1

[[award]]
article = 9
name = "优秀信息员"
whom = "person"
places = 1

[[veto]]
article = 10
events = ["urgent.concealed"]
"""


@contextlib.asynccontextmanager
async def with_measure(folder: Path, text: str = MEASURE) -> AsyncIterator[Stage]:
    """A stage whose office has this measure."""
    file = folder / "measure.toml"
    file.write_text(text, "utf-8")
    async with staged(folder, settings=Settings.model_validate({"office": {"measures": [str(file)]}})) as stage:
        yield stage
