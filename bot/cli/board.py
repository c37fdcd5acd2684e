"""`baosong board`: the boards of any span of days, as they stand or as they stood at the end of a past day."""

from __future__ import annotations

import argparse
import asyncio
from collections.abc import Iterator
from datetime import datetime, time

from bot.cli.columns import columns
from bot.cli.kit import Kit, OutFile, Tool
from domain.errors import BadInput, BaosongError
from domain.moment import ZONE
from domain.period import Period, parse_day, parse_period
from domain.ranking import adoption_rate, format_points, format_rate
from services.board import Boards, Row, boards_as_of
from services.measures import in_force
from services.office import Office
from services.roster_sheet import Table, write_workbook
from storage.engine import Tx

COLUMNS = ("名次", "单位", "得分", "报送", "采用", "采用率", "备注")
_WIDTHS = (6, 24, 10, 6, 6, 8, 8)
NOBODY = "{period}没有参加考评的单位。"
AHEAD = "{day}还没有到。"
TIED = "并列"


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--period", default="本月", help="of which days, e.g. 7月1日至10月9日 (default: 本月)")
    parser.add_argument("--asof", default="", metavar="DAY", help="by what was registered by the end of a past day")
    parser.add_argument("--xlsx", type=OutFile, metavar="OUT.xlsx", help="write a workbook instead of printing")


async def _run(kit: Kit, arguments: argparse.Namespace) -> tuple[int, str]:
    now = kit.clock.now()
    try:
        moment, period = _moment(arguments.asof, now), parse_period(arguments.period, now.date())
    except BaosongError as error:
        return 1, str(error)
    found = await kit.store.read(_look, kit.office, period, moment)
    if not any(found.classes.values()):
        return 1, NOBODY.format(period=period.label)
    if arguments.xlsx is None:
        return 0, "\n".join(_text(found))
    arguments.xlsx.content = await asyncio.to_thread(write_workbook, _tables(found))
    return 0, f"{arguments.xlsx.written}：{_head(found)}"


def _moment(said: str, now: datetime) -> datetime:
    """The end of the day meant, or now. Raises BadInput for a day to come."""
    if not said:
        return now
    day = parse_day(said, now.date())
    if day > now.date():
        raise BadInput(reason=AHEAD.format(day=day))
    return min(now, datetime.combine(day, time.max, ZONE))


def _look(tx: Tx, office: Office, period: Period, moment: datetime) -> Boards:
    return boards_as_of(tx, period, in_force(tx, office), moment)


def _head(found: Boards) -> str:
    return f"{found.period.label}报送采用情况，截至 {found.as_of:%Y-%m-%d %H:%M}"


def _text(found: Boards) -> Iterator[str]:
    yield _head(found)
    for name, rows in found.classes.items():
        yield f"\n【{name}】"
        yield columns(COLUMNS, _WIDTHS)
        yield from (columns(_cells(row), _WIDTHS) for row in rows)


def _cells(row: Row) -> tuple[str, ...]:
    rank, said = _said(row)
    rate = format_rate(adoption_rate(row.submitted, row.adopted))
    return (rank, row.unit.label, format_points(row.points), str(row.submitted), str(row.adopted), rate, said)


def _said(row: Row) -> tuple[str, str]:
    """The rank and the remark as they are printed."""
    return ("" if row.rank is None else str(row.rank)), row.note or (TIED if row.tied else "")


def _tables(found: Boards) -> Iterator[Table]:
    """A sheet per class; a sheet's name has room for 31 letters and no brackets."""
    for at, (name, rows) in enumerate(found.classes.items(), 1):
        sheet = f"{at}.{''.join(letter for letter in name if letter not in '[]:*?/')}"[:31]
        cells = [
            (row.rank or "", row.unit.name, row.points / 100, row.submitted, row.adopted, _cells(row)[5], _said(row)[1])
            for row in rows
        ]
        yield Table(sheet, COLUMNS, cells)


TOOLS = [Tool("board", "the boards of any days, as they stand or stood", _arguments, _run)]
