"""What two hundred groups and their reporters saw of a commission, against what the ledger says they saw."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from python_calamine import CalamineWorkbook

from storage.outbox import Sending

from .commission_city import TwoWorlds

Where = tuple[str, str]
"""(platform, target), as the outbox names a chat."""

MARK = "【约稿】"
"""What every push begins with and nothing else does."""

OPEN = frozenset({Sending.PENDING, Sending.SENDING})

_PUSHES = (
    "SELECT p.platform, p.target, o.state, o.error, o.platform_id FROM push p"
    " LEFT JOIN outbox o ON o.dedup = p.dedup WHERE p.target <> '' ORDER BY p.id"
)

MOST_SEEN = {Sending.SENT: (1,), Sending.UNKNOWN: (0, 1), Sending.REFUSED: (0,), Sending.DEAD: (0,)}
"""How often people may have seen a message that ended so."""


@dataclass(frozen=True, slots=True)
class Push:
    """One row of the ledger of messages."""

    where: Where
    state: Sending
    error: str
    platform_id: str


def pushes(city: TwoWorlds) -> list[Push]:
    """Every push; one whose message is not in the outbox would be lost, and fails here."""
    rows = city.town.evidence().rows(_PUSHES)
    return [Push((row[0], row[1]), Sending(row[2]), row[3], row[4]) for row in rows]


def seen(city: TwoWorlds) -> Counter[Where]:
    """How often the push was seen in each chat of both platforms. A card below a text is not the text."""
    return Counter((*_seen_on_qq(city), *_seen_on_work(city)))


def _seen_on_qq(city: TwoWorlds) -> Iterator[Where]:
    for heard in city.qq.heard:
        if heard.text.startswith(MARK):
            yield "onebot", f"{heard.chat[0]}:{heard.target}"


def _seen_on_work(city: TwoWorlds) -> Iterator[Where]:
    for heard in city.work.heard:
        if heard.text.startswith(MARK) and heard.msgtype != "template_card":
            yield "wecom", f"{heard.chat[0][0]}:{heard.chat[1]}"


def nothing_waits(city: TwoWorlds) -> bool:
    return not city.town.evidence().outbox().keys() & OPEN


def check_pushes(city: TwoWorlds) -> Counter[Sending]:
    """The ledger of messages says of each chat what was seen there; returns how many ended how."""
    rows, there = pushes(city), seen(city)
    wheres = [push.where for push in rows]
    assert len(set(wheres)) == len(wheres), "a chat was told twice"
    assert there.keys() <= set(wheres), "somebody saw what nobody knows of"
    wrong = [(push, there[push.where]) for push in rows if there[push.where] not in MOST_SEEN.get(push.state, ())]
    assert not wrong, wrong[:5]
    return Counter(push.state for push in rows)


@dataclass(frozen=True, slots=True)
class Line:
    """A unit's line in the office's workbook; '' or None is an empty cell."""

    unit: str
    received: Any
    answered: Any
    numbers: str
    stage: str
    due: Any
    reason: str


async def workbook(city: TwoWorlds, folder: Path) -> dict[str, Line]:
    """`baosong ledger --xlsx`, read back: the whole ledger by unit."""
    path = folder / "台账.xlsx"
    printed = await city.town.cli("ledger", "--xlsx", str(path))
    assert printed.status == 0, printed.out + printed.err
    [_, header, *rows] = CalamineWorkbook.from_path(path).get_sheet_by_name("总台账").to_python(skip_empty_area=False)
    columns = [header.index(word) for word in _COLUMNS]
    cells: list[list[Any]] = [[row[place] for place in columns] for row in rows if row[0]]
    lines = [Line(*row) for row in cells]
    assert len({line.unit for line in lines}) == len(lines)
    return {line.unit: line for line in lines}


_COLUMNS = ("责任单位", "签收时间", "报送时间", "信息编号", "状态", "截止时间", "销号原因")
