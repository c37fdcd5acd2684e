"""Rosters as an office would write them: a workbook for `baosong import`, and the same people in the peer's world."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import xlsxwriter

from tests.peers.onebot import World
from tests.support import city

from .clock import TownClock

SUBMIT_GROUP, OFFICE_GROUP = int(city.SUBMIT_GROUP), int(city.OFFICE_GROUP)
STRANGER = 29999
"""In the groups, but in no roster."""

Row = tuple[str, ...]

HEADERS: dict[str, Row] = {
    "单位": ("名称", "简称", "类型", "类别", "上级", "直报点"),
    "人员": ("姓名", "单位", "角色", "手机"),
    "账号": ("姓名", "单位", "平台", "账号"),
    "工作群": ("平台", "群号", "名称", "用途", "单位"),
}


@dataclass(frozen=True, slots=True)
class Sheets:
    """The rows of a roster below their headers."""

    units: list[Row]
    people: list[Row]
    accounts: list[Row]
    groups: list[Row]

    def write(self, path: Path) -> None:
        """Write the workbook an office would import."""
        book = xlsxwriter.Workbook(path)
        tables = (self.units, self.people, self.accounts, self.groups)
        for (name, header), rows in zip(HEADERS.items(), tables, strict=True):
            sheet = book.add_worksheet(name)
            for number, row in enumerate([header, *rows]):
                sheet.write_row(number, 0, row)
        book.close()


def small(without_account: tuple[str, ...] = ()) -> Sheets:
    """The small city; those named have no account yet and must be bound with a code."""
    unit_of = {number: name for number, (name, *_) in city.UNITS.items()}
    return Sheets(
        [(name, short, kind, class_name, "", "") for name, short, kind, class_name in city.UNITS.values()],
        [(name, unit_of[unit], role, "") for name, (unit, role, _) in city.PEOPLE.items()],
        [
            (name, unit_of[unit], "onebot", account)
            for name, (unit, _, account) in city.PEOPLE.items()
            if name not in without_account
        ],
        [
            ("onebot", city.SUBMIT_GROUP, "全市政务信息群", "报送"),
            ("onebot", city.OFFICE_GROUP, "信息科工作群", "办公"),
        ],
    )


def account(name: str) -> int:
    """The QQ number of somebody of the small city."""
    return int(city.PEOPLE[name][2])


def small_world(clock: TownClock | None = None) -> World:
    """The endpoint's side of the small city: everybody and a stranger in the big group, the office in its own."""
    world = World(clock=(clock or TownClock()).now)
    for name in city.PEOPLE:
        world.add_person(account(name), name)
    world.add_person(STRANGER, "路过")
    everybody = {account(name): name for name in city.PEOPLE}
    office = {account(name): name for name, (unit, *_) in city.PEOPLE.items() if unit == 1}
    world.add_group(SUBMIT_GROUP, "全市政务信息群", everybody | {STRANGER: ""})
    world.add_group(OFFICE_GROUP, "信息科工作群", office)
    return world


def wide_world(groups: int, members_each: int) -> World:
    """Many groups of reporters, and 周科长 of the office, who is in none of them."""
    world = World.wide(groups=groups, members_each=members_each)
    world.add_person(account("周科长"), "周科长")
    return world


def wide(world: World) -> Sheets:
    """A unit, a group for reports and bound reporters for every group of a wide world; and the office."""
    head = str(account("周科长"))
    sheets = Sheets(
        [("市政府办公室", "市府办", "办公室", "", "", "")],
        [("周科长", "市政府办公室", "信息科长", "")],
        [("周科长", "市政府办公室", "onebot", head)],
        [],
    )
    for number, group in enumerate(world.groups.values(), start=1):
        unit = f"第{number}局"
        sheets.units.append((unit, "", "部门", "一般部门", "", ""))
        sheets.groups.append(("onebot", str(group.group_id), group.name, "报送"))
        for member in group.members:
            if member != world.self_id:
                name = world.nickname_of(member)
                sheets.people.append((name, unit, "信息员", ""))
                sheets.accounts.append((name, unit, "onebot", str(member)))
    return sheets
