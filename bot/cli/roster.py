"""`baosong import` and `baosong export`: the office's tables in and out."""

from __future__ import annotations

import argparse
import asyncio
from datetime import datetime

from bot.cli.kit import InFile, Kit, OutFile, Tool
from domain.period import parse_period
from services import export
from services.binding import VALID, issue_code
from services.people import find_person
from services.roster_import import apply_import, roster_tables, show_plan, try_import
from services.roster_sheet import Table, read_sheets, write_workbook
from storage import roster_write
from storage.engine import Tx

TRIAL = "以上是试算，什么都没有写入。确认无误后，加上 --apply 再执行一次。"
NOTHING = "没有要改的。"
DONE = "已写入。"


def _import_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=InFile, metavar="FILE.xlsx|FOLDER", help="the roster: a workbook, or CSV files")
    parser.add_argument("--apply", action="store_true", help="write it; without this, only show what would change")
    parser.add_argument("--full", action="store_true", help="it is the whole roster: end what it does not name")


async def _import(kit: Kit, arguments: argparse.Namespace) -> tuple[int, str]:
    sheets = await asyncio.to_thread(read_sheets, arguments.file.parts)
    now, full = kit.clock.now(), arguments.full
    if not arguments.apply:
        plan = await kit.store.read(try_import, sheets, now, full=full)
        if plan.faults:
            return 1, show_plan(plan)
        return 0, f"{show_plan(plan)}\n{TRIAL if plan.steps else NOTHING}"
    plan = await kit.store.run(apply_import, kit.office, sheets, now, full=full, actor="cli")
    return 0, f"{show_plan(plan)}\n{DONE}"


def _export_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("what", choices=["roster", "items", "ledger"], help="the roster, the items, or the points")
    parser.add_argument("file", type=OutFile, metavar="FILE.xlsx", help="the workbook to write")
    parser.add_argument("--period", default="本月", help="of items and ledger, e.g. 上月 (default: 本月)")


async def _export(kit: Kit, arguments: argparse.Namespace) -> tuple[int, str]:
    today = kit.clock.now().date()
    if arguments.what == "roster":
        tables = roster_tables(await kit.store.read(roster_write.snapshot, today.year))
    else:
        query = {"items": export.items_table, "ledger": export.ledger_table}[arguments.what]
        period = parse_period(arguments.period, today)
        tables = [await kit.store.read(query, kit.office, period)]
    arguments.file.content = await asyncio.to_thread(write_workbook, tables)
    return 0, f"{arguments.file.written}：{_counted(tables)}"


def _counted(tables: list[Table]) -> str:
    return "，".join(f"{table.name} {len(table.rows)} 行" for table in tables)


def _code_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("name", metavar="姓名", help="the person, as in the roster")
    parser.add_argument("unit", metavar="单位", nargs="?", default="", help="if several have the name")


async def _code(kit: Kit, arguments: argparse.Namespace) -> tuple[int, str]:
    return 0, await kit.store.run(_issue, arguments.name, arguments.unit, kit.clock.now())


def _issue(tx: Tx, name: str, unit: str, now: datetime) -> str:
    person = find_person(tx, name, unit, now)
    code = issue_code(tx, None, person, now)
    return f"{person.name}的绑定码：{code}（{VALID.days}天内有效，用一次）。请本人私聊机器人发：/绑定 {code}"


TOOLS = [
    Tool("code", "issue a one-time code that binds an account to a person", _code_arguments, _code),
    Tool("import", "take in the roster from a workbook (a trial, until --apply)", _import_arguments, _import),
    Tool("export", "write the roster, the items or the points to a workbook", _export_arguments, _export),
]
