"""`baosong whatif`: a draft measure tried on a period that was: who would gain, who would lose. Changes nothing."""

from __future__ import annotations

import argparse
import asyncio
from collections.abc import Iterator

from bot.cli.columns import columns
from bot.cli.kit import InFile, Kit, OutFile, Tool
from bot.cli.measure import text_of
from domain.errors import BaosongError
from domain.measure import parse_measure
from domain.period import parse_period
from domain.ranking import format_points
from domain.tables import TableFault
from services.roster_sheet import Table, write_workbook
from services.whatif import Change, Trial, try_out

COLUMNS = ("试算名次", "现名次", "升降", "单位", "试算得分", "现得分", "增减")
_WIDTHS = (8, 8, 6, 24, 10, 10, 8)
NOBODY = "{period}没有参加考评的单位。"


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=InFile, metavar="FILE.toml", help="the draft of a measure")
    parser.add_argument("--period", default="上月", help="the period to try it on, e.g. 2026-10 (default: 上月)")
    parser.add_argument("--xlsx", type=OutFile, metavar="OUT.xlsx", help="write a workbook instead of printing")


async def _run(kit: Kit, arguments: argparse.Namespace) -> tuple[int, str]:
    now = kit.clock.now()
    try:
        draft = parse_measure(text_of(arguments.file))
        period = parse_period(arguments.period, now.date())
    except (BaosongError, TableFault) as fault:
        return 1, f"{arguments.file.written}：{fault}"
    trial = await kit.store.read(try_out, kit.office, draft, period, now)
    if not trial.classes:
        return 1, NOBODY.format(period=period.label)
    if arguments.xlsx is None:
        return 0, "\n".join(_text(trial))
    arguments.xlsx.content = await asyncio.to_thread(write_workbook, _tables(trial))
    return 0, f"{arguments.xlsx.written}：{len(trial.classes)} 类，{sum(map(len, trial.classes.values()))} 个单位"


def _text(trial: Trial) -> Iterator[str]:
    yield f"《{trial.title}》试算：{trial.period.label}，截至 {trial.as_of:%Y-%m-%d %H:%M}。只是试算，什么都没有改。"
    for name, changes in trial.classes.items():
        moved = [change for change in changes if change.gained or change.climbed]
        up = sum(change.climbed > 0 for change in changes)
        down = sum(change.climbed < 0 for change in changes)
        yield f"\n【{name}】{len(changes)} 个单位，得分有变化的 {len(moved)} 个；名次上升 {up} 个，下降 {down} 个"
        yield columns(COLUMNS, _WIDTHS)
        yield from (columns(_cells(change), _WIDTHS) for change in changes)


def _cells(change: Change) -> tuple[str, ...]:
    arrow = f"{'↑' if change.climbed > 0 else '↓'}{abs(change.climbed)}" if change.climbed else "—"
    gained = f"{'+' if change.gained > 0 else ''}{format_points(change.gained)}" if change.gained else "—"
    return (
        _rank(change.trial_rank), _rank(change.rank), arrow, change.unit.label, format_points(change.trial_points),
        format_points(change.points), gained,
    )  # fmt: skip


def _rank(rank: int | None) -> str:
    return str(rank) if rank is not None else "免"


def _tables(trial: Trial) -> Iterator[Table]:
    """A sheet per class; a sheet's name has room for 31 letters and no brackets."""
    for at, (name, changes) in enumerate(trial.classes.items(), 1):
        sheet = f"{at}.{''.join(letter for letter in name if letter not in '[]:*?/')}"[:31]
        rows = [
            (_rank(one.trial_rank), _rank(one.rank), one.climbed, one.unit.name, one.trial_points / 100,
             one.points / 100, one.gained / 100)
            for one in changes
        ]  # fmt: skip
        yield Table(sheet, COLUMNS, rows)


TOOLS = [Tool("whatif", "try a draft measure on a period: who would gain, who would lose", _arguments, _run)]
