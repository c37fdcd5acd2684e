"""The roster as an office keeps it in a workbook, taken in and given back."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.office import build_office
from bot.settings import Settings
from domain.errors import BadInput
from domain.moment import ZONE
from domain.roster import GROUP_PURPOSES, UNIT_KINDS, Role
from services import groups
from services.roster_import import apply_import, roster_tables, show_plan
from services.roster_import_plan import Plan, Verb, plan_import
from services.roster_sheet import COLUMNS, Table, read_sheets, write_workbook
from services.submission import Draft, submit
from storage import audit, recount, roster, roster_write
from storage.migrate import migrate
from storage.sqlite import SQLiteTx
from tests.support import city

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=ZONE)
OFFICE = build_office(Settings())

Rows = list[list[Any]]

UNITS: Rows = [
    ["市文化和旅游局", "市文旅局、文旅局", "部门", "一般部门", "", ""],
    ["云山县", "", "县区", "县（市、区）", "", "省级"],
]
PEOPLE: Rows = [["张　三", "云山县", "信息员、分管领导", 13800000001.0], ["李四", "市文旅局", "信息员 A角", ""]]
ACCOUNTS: Rows = [["张三", "云山县", "QQ", 20001.0], ["李四", "", "企业微信", "lisi"]]
GROUPS: Rows = [["QQ", 200001.0, "全市政务信息群", "报送"]]


def book(units: Rows = UNITS, people: Rows = PEOPLE, accounts: Rows = ACCOUNTS, groups: Rows = GROUPS) -> bytes:
    tables = zip(COLUMNS, (units, people, accounts, groups), strict=True)
    return write_workbook([Table(name, COLUMNS[name], [filled(name, row) for row in rows]) for name, rows in tables])


def filled(sheet: str, row: list[Any]) -> list[Any]:
    """The row with empty cells behind what was written."""
    return row + [""] * (len(COLUMNS[sheet]) - len(row))


@contextmanager
def database() -> Iterator[SQLiteTx]:
    raw = sqlite3.connect(":memory:", isolation_level=None)
    tx = SQLiteTx(raw)
    migrate(tx, "sqlite")
    try:
        yield tx
    finally:
        raw.close()


@pytest.fixture
def tx() -> Iterator[SQLiteTx]:
    with database() as opened:
        yield opened


def take_in(tx: SQLiteTx, data: bytes, now: datetime = NOW, *, full: bool = False) -> Plan:
    return apply_import(tx, OFFICE, read_sheets({"名册.xlsx": data}), now, full=full, actor="cli")


def trial(tx: SQLiteTx, data: bytes, *, full: bool = False) -> Plan:
    return plan_import(read_sheets({"名册.xlsx": data}), roster_write.snapshot(tx, NOW.year), full=full)


def faults(*, units: Rows = UNITS, people: Rows = PEOPLE, accounts: Rows = ACCOUNTS, groups: Rows = GROUPS) -> str:
    with database() as tx:
        return "\n".join(map(str, trial(tx, book(units, people, accounts, groups)).faults))


def test_a_first_import_says_row_by_row_what_is_new_and_then_does_it(tx: SQLiteTx) -> None:
    shown = show_plan(trial(tx, book()))
    assert "人员：新增 2，修改 0，停用 0，不变 0" in shown
    assert "第 2 行 新增 张三（云山县）：信息员、分管领导" in shown

    take_in(tx, book())

    zhang = roster.person_of_account(tx, "onebot", "20001", NOW.date())
    assert zhang is not None
    assert (zhang.name, zhang.phone, zhang.roles) == ("张三", "13800000001", frozenset({Role.REPORTER, Role.LEADER}))
    assert roster.person_of_account(tx, "wecom", "lisi", NOW.date()) is not None
    assert [(unit.label, unit.class_name) for unit in roster.units(tx, NOW.date())] == [
        ("市文旅局", "一般部门"),
        ("云山县", "县（市、区）"),
    ]
    assert tx.all("SELECT action FROM audit") == [("roster.import",)]
    assert audit.first_break(tx) is None
    assert ("roster",) in tx.touched


def test_the_same_file_again_changes_nothing(tx: SQLiteTx) -> None:
    take_in(tx, book())
    for full in (False, True):
        plan = trial(tx, book(), full=full)
        assert {change.verb for change in plan.changes} == {Verb.SAME}
        assert plan.steps == []


def test_what_the_file_does_not_name_stays_unless_it_is_the_whole_roster(tx: SQLiteTx) -> None:
    take_in(tx, book())
    shorter = book(people=PEOPLE[:1], accounts=ACCOUNTS[:1])
    assert {change.verb for change in trial(tx, shorter).changes} == {Verb.SAME}

    tomorrow = NOW + timedelta(days=1)
    plan = take_in(tx, shorter, tomorrow, full=True)

    assert [change.label for change in plan.changes if change.verb is Verb.CLOSE] == [
        "李四（市文化和旅游局）",
        "李四 企业微信 lisi",
    ]
    assert roster.person_of_account(tx, "wecom", "lisi", tomorrow.date()) is None
    assert tx.one("SELECT valid_from, valid_to FROM person WHERE name = '李四'") == ("2026-11-23", "2026-11-23")
    assert tx.one("SELECT valid_to FROM post WHERE role = '信息员' AND person_id = 2") == ("2026-11-23",)


def test_a_role_that_is_gone_from_the_cell_ends_and_its_history_stays(tx: SQLiteTx) -> None:
    take_in(tx, book())
    plan = take_in(tx, book(people=[["张三", "云山县", "分管领导", "13800000001"], PEOPLE[1]]), NOW + timedelta(days=5))
    assert "角色 信息员、分管领导 → 分管领导" in show_plan(plan)
    assert tx.all("SELECT role, valid_to FROM post WHERE person_id = 1 ORDER BY id") == [
        ("信息员", "2026-11-27"),
        ("分管领导", ""),
    ]


def test_a_reporter_who_moves_keeps_account_and_history_because_of_the_phone(tx: SQLiteTx) -> None:
    take_in(tx, book())
    take_in(
        tx,
        book(people=[["张三", "市文旅局", "信息员", "13800000001"], PEOPLE[1]],
             accounts=[["张三", "", "QQ", "20001"], ACCOUNTS[1]]),
        full=True,
    )  # fmt: skip
    zhang = roster.person_of_account(tx, "onebot", "20001", NOW.date())
    assert zhang is not None
    assert zhang.id == 1
    assert zhang.unit_ids == {1}


def test_two_people_of_one_name_in_two_units_are_two_people(tx: SQLiteTx) -> None:
    people = [["张三", "云山县", "信息员", ""], ["张三", "市文旅局", "信息员", ""]]
    take_in(tx, book(people=people, accounts=[["张三", "云山县", "QQ", "20001"]]))
    assert tx.one("SELECT COUNT(*) FROM person WHERE name = '张三'") == (2,)


def test_one_person_with_posts_in_two_units_is_one_person_because_of_the_phone(tx: SQLiteTx) -> None:
    people = [["张三", "云山县", "信息员", "13800000001"], ["张三", "市文旅局", "分管领导", "13800000001"]]
    take_in(tx, book(people=people, accounts=[["张三", "", "QQ", "20001"]]))
    assert tx.all("SELECT name FROM person") == [("张三",)]
    assert not trial(tx, book(people=people, accounts=[]), full=False).steps


def test_a_missing_column_leaves_what_is_stored(tx: SQLiteTx) -> None:
    take_in(tx, book())
    table = Table("人员", ("姓名", "单位", "角色"), [["张三", "云山县", "信息员、分管领导"]])
    plan = trial(tx, write_workbook([table]), full=False)
    assert [change.verb for change in plan.changes] == [Verb.SAME]


def sections(tx: SQLiteTx) -> list[Any]:
    return tx.all(
        "SELECT o.person_id, o.role, s.name FROM post o LEFT JOIN section s ON s.id = o.section_id"
        " WHERE o.valid_to = '' ORDER BY o.id"
    )


def owner(tx: SQLiteTx) -> int | None:
    (group,) = roster.groups(tx, NOW.date())
    return group.owner_id


def test_a_section_begins_with_the_first_person_in_it_and_is_there_once(tx: SQLiteTx) -> None:
    both = [[*PEOPLE[0], "办 公室"], ["李四", "云山县", "信息员B角", "", "办公室"]]
    assert "新增 张三（云山县）：信息员、分管领导，办公室" in show_plan(take_in(tx, book(people=both, accounts=[])))
    assert tx.all("SELECT unit_id, name, valid_from, valid_to FROM section") == [(2, "办公室", "2026-11-23", "")]
    assert sections(tx) == [(1, "信息员", "办公室"), (1, "分管领导", "办公室"), (2, "信息员B角", "办公室")]


def test_who_changes_section_is_told_so_and_the_old_section_stays(tx: SQLiteTx) -> None:
    take_in(tx, book(people=[[*PEOPLE[0], "办公室"], PEOPLE[1]]))
    moved = take_in(tx, book(people=[[*PEOPLE[0], "综合科"], PEOPLE[1]]))
    assert "修改 张三（云山县）：科室 办公室 → 综合科" in show_plan(moved)
    assert sections(tx) == [(1, "信息员", "综合科"), (1, "分管领导", "综合科"), (2, "信息员", None)]
    take_in(tx, book())
    assert {section for _, _, section in sections(tx)} == {None}
    assert tx.all("SELECT name, valid_to FROM section ORDER BY id") == [("办公室", ""), ("综合科", "")]


def test_a_new_role_is_held_in_the_section_the_person_works_in(tx: SQLiteTx) -> None:
    take_in(tx, book(people=[[*PEOPLE[0], "办公室"], PEOPLE[1]]))
    roster_write.add_post(tx, 1, 2, "保密员", NOW.date())
    assert sections(tx)[-1] == (1, "保密员", "办公室")
    roster_write.add_post(tx, 1, 1, "信息员", NOW.date())
    assert sections(tx)[-1] == (1, "信息员", None)


def test_a_group_has_an_owner_who_may_be_new_in_the_same_file(tx: SQLiteTx) -> None:
    plan = take_in(tx, book(groups=[[*GROUPS[0], "李　四"]]))
    assert "新增 全市政务信息群 QQ 200001：报送，李四" in show_plan(plan)
    assert owner(tx) == 2
    plan = take_in(tx, book(groups=[[*GROUPS[0], "张三"]]))
    assert "修改 全市政务信息群 QQ 200001：负责人 李四 → 张三" in show_plan(plan)
    assert owner(tx) == 1
    take_in(tx, book())
    assert owner(tx) is None


def test_an_owner_whose_name_two_people_have_is_written_with_the_unit(tx: SQLiteTx) -> None:
    people = [["张三", "云山县", "信息员"], ["张三", "市文旅局", "信息员"]]
    take_in(tx, book(people=people, accounts=[], groups=[[*GROUPS[0], "张三（云山县）"]]))
    assert owner(tx) == 1
    plan = take_in(tx, book(people=people, accounts=[], groups=[[*GROUPS[0], "张三（文旅局）"]]))
    assert "负责人换人" in show_plan(plan)
    assert owner(tx) == 2


def test_a_group_whose_owner_has_left_is_exported_without_one(tx: SQLiteTx) -> None:
    take_in(tx, book(groups=[[*GROUPS[0], "李四"]]))
    later = NOW + timedelta(days=1)
    without = book(people=PEOPLE[:1], accounts=ACCOUNTS[:1])
    take_in(tx, without, later, full=True)
    exported = write_workbook(roster_tables(roster_write.snapshot(tx, NOW.year)))
    assert trial(tx, exported, full=True).steps == []


def group_units(tx: SQLiteTx) -> list[str]:
    return [name for (name,) in tx.all("SELECT name FROM unit JOIN group_unit ON unit_id = id ORDER BY name")]


def test_a_group_may_be_for_some_units_only(tx: SQLiteTx) -> None:
    plan = take_in(tx, book(groups=[[*GROUPS[0], "", "云山县、文旅局"]]))
    assert "新增 全市政务信息群 QQ 200001：报送，云山县、市文化和旅游局" in show_plan(plan)
    assert group_units(tx) == ["云山县", "市文化和旅游局"]
    exported = write_workbook(roster_tables(roster_write.snapshot(tx, NOW.year)))
    assert trial(tx, exported, full=True).steps == []
    plan = take_in(tx, book(groups=[[*GROUPS[0], "", "文旅局"]]))
    assert "修改 全市政务信息群 QQ 200001：单位 市文化和旅游局、云山县 → 市文化和旅游局" in show_plan(plan)
    assert group_units(tx) == ["市文化和旅游局"]
    old = Table("工作群", COLUMNS["工作群"][:5], [["QQ", "200001", "全市政务信息群", "通知", ""]])
    take_in(tx, write_workbook([old]))
    assert group_units(tx) == ["市文化和旅游局"]
    take_in(tx, book())
    assert group_units(tx) == []


def test_a_group_for_a_unit_nobody_knows_is_a_fault_of_that_cell(tx: SQLiteTx) -> None:
    plan = trial(tx, book(groups=[[*GROUPS[0], "", "云山县、水立局"]]))
    assert [fault.place for fault in plan.faults] == ["工作群!F2"]
    assert "没有单位“水立局”" in str(plan.faults[0])


def test_a_workbook_from_before_sections_and_owners_leaves_both_as_they_are(tx: SQLiteTx) -> None:
    take_in(tx, book(people=[[*PEOPLE[0], "办公室"], PEOPLE[1]], groups=[[*GROUPS[0], "李四"]]))
    old = write_workbook([
        Table("人员", ("姓名", "单位", "角色", "手机"), [["张三", "云山县", "信息员、保密员", "13800000009"]]),
        Table("工作群", ("平台", "群号", "名称", "用途"), [["QQ", "200001", "信息群", "报送"]]),
    ])  # fmt: skip
    assert {change.verb for change in take_in(tx, old).changes} == {Verb.ALTER}
    assert sections(tx) == [(1, "信息员", "办公室"), (2, "信息员", None), (1, "保密员", "办公室")]
    assert owner(tx) == 2


def test_a_group_that_registers_itself_anew_keeps_its_owner(tx: SQLiteTx) -> None:
    take_in(tx, book(groups=[[*GROUPS[0], "李四"]]))
    zhang = roster.person(tx, 1, NOW.date())
    assert zhang is not None
    assert groups.register(tx, zhang, "onebot", "200001", ["通知"], NOW).owner_id == 2


def test_a_sheet_the_whole_roster_does_not_have_is_left_alone(tx: SQLiteTx) -> None:
    take_in(tx, book())
    plan = trial(tx, write_workbook([Table("单位", COLUMNS["单位"], UNITS)]), full=True)
    assert {change.verb for change in plan.changes} == {Verb.SAME}


def test_units_follow_the_order_of_a_whole_roster(tx: SQLiteTx) -> None:
    take_in(tx, book())
    take_in(tx, book(units=[UNITS[1], UNITS[0]]), full=True)
    assert [unit.name for unit in roster.units(tx, NOW.date())] == ["云山县", "市文化和旅游局"]


def test_a_unit_that_is_gone_takes_its_people_and_accounts_with_it(tx: SQLiteTx) -> None:
    take_in(tx, book())
    only_unit = write_workbook([Table("单位", COLUMNS["单位"], UNITS[1:])])
    take_in(tx, only_unit, NOW + timedelta(days=1), full=True)
    assert roster.person_of_account(tx, "wecom", "lisi", NOW.date()) is None
    assert [u.name for u in roster.units(tx, (NOW + timedelta(days=1)).date())] == ["云山县"]


def test_a_file_with_one_fault_writes_nothing_at_all(tx: SQLiteTx) -> None:
    with pytest.raises(BadInput, match="人员!C2"):
        take_in(tx, book(people=[["张三", "云山县", "信息圆", ""]], accounts=[]))
    assert tx.one("SELECT COUNT(*) FROM unit") == (0,)


FAULTS: list[tuple[dict[str, Rows], str]] = [
    ({"people": [["张三", "云山县", "信息圆", ""]], "accounts": []},
     "人员!C2：角色“信息圆”不认识，可以是信息员、信息员B角、分管领导、信息科、信息科长、保密员、系统管理员；您是想写“信息员”吗？"),
    ({"people": [["张三", "云上县", "信息员", ""]], "accounts": []}, "人员!B2：没有单位“云上县”；您是想写“云山县”吗？"),
    ({"people": [["张三", "", "信息员", ""]], "accounts": []}, "人员!B2：“单位”没有填"),
    ({"people": [["张三", "云山县", "信息员", "138"]], "accounts": []}, "人员!D2：“138”不是电话号码"),
    ({"people": [PEOPLE[0], PEOPLE[0]], "accounts": []}, "人员!A3：“张 三”与第 2 行重复"),
    ({"units": [*UNITS, ["市文化和旅游局", "", "部门", "", "", ""]]}, "单位!A4：“市文化和旅游局”与第 2 行重复"),
    ({"units": [*UNITS, ["市教育局", "", "局", "", "", ""]]}, "单位!C4：类型“局”不认识，可以是县区、部门、"),
    ({"units": [*UNITS, ["市教育局", "文旅局", "部门", "", "", ""]]},
     "单位!B4：简称“文旅局”已经是“市文化和旅游局”的名字"),
    ({"units": [*UNITS, ["市教育局", "", "部门", "", "市府", ""]]}, "单位!E4：没有单位“市府”"),
    ({"units": [*UNITS, ["市教育局", "", "部门", "", "市教育局", ""]]}, "单位!E4：“市教育局”不能是自己的上级"),
    ({"accounts": [["张三", "云山县", "QQ", "20001"], ["李四", "市文旅局", "QQ", "20001"]]},
     "账号!D3：账号 20001 写给了两个人（另见第 2 行）"),
    ({"accounts": [["张三", "云山县", "微博", "20001"]]}, "账号!C2：平台“微博”不认识，可以是QQ、QQ官方、企业微信"),
    ({"accounts": [["张三", "云山县", "QQ", "zhang"]]}, "账号!D2：“zhang”不是 QQ 号"),
    ({"accounts": [["王五", "", "QQ", "20009"]]}, "账号!A2：名册里没有王五，请先写进“人员”表"),
    ({"people": [["张三", "云山县", "信息员", ""], ["张三", "市文旅局", "信息员", ""]],
      "accounts": [["张三", "", "QQ", "20001"]]}, "账号!B2：有 2 位张三，请写明单位"),
    ({"groups": [["QQ", "1234567", "", "闲聊"]]}, "工作群!D2：用途“闲聊”不认识，可以是报送、办公、通知"),
    ({"groups": [["QQ", "群", "", "报送"]]}, "工作群!B2：“群”不是 QQ 群号"),
    ({"groups": [["QQ", "200001", "", "报送", "王五"]]}, "工作群!E2：名册里没有王五，请先写进“人员”表"),
    ({"people": [["张三", "云山县", "信息员"], ["张三", "市文旅局", "信息员"]], "accounts": [],
      "groups": [["QQ", "200001", "", "报送", "张三"]]},
     "工作群!E2：有 2 位张三，请在姓名后面写上单位，如“张三（单位）”"),
    ({"groups": [*GROUPS, *GROUPS]}, "工作群!B3：“200001”与第 2 行重复"),
]  # fmt: skip


@pytest.mark.parametrize(("sheets", "expected"), FAULTS, ids=[expected.split("：")[0] for _, expected in FAULTS])
def test_every_fault_is_told_with_its_cell(sheets: dict[str, Rows], expected: str) -> None:
    assert expected in faults(**sheets)


def test_a_row_with_several_faults_is_told_all_of_them() -> None:
    told = faults(
        units=[*UNITS, ["市教育局", "", "局", "", "市府", ""]],
        people=[*PEOPLE, ["", "云上县", "皇帝", "138"]],
        accounts=[["", "云上县", "微博", ""]],
        groups=[["QQ", "群", "", "闲聊"]],
    )
    places = [line.partition("：")[0] for line in told.splitlines()]
    assert set(places) >= {"单位!C4", "单位!E4", "人员!A4", "人员!B4", "人员!C4", "人员!D4", "账号!A2", "账号!B2"}
    assert set(places) >= {"账号!C2", "账号!D2", "工作群!B2", "工作群!D2"}
    assert len(places) == len(set(places))


def test_an_account_that_is_bound_to_somebody_else_is_not_moved_silently(tx: SQLiteTx) -> None:
    take_in(tx, book())
    plan = trial(tx, book(accounts=[["李四", "市文旅局", "QQ", "20001"]]))
    assert [str(fault) for fault in plan.faults] == ["账号!D2：账号 20001 现在绑定的是张三；要换人，请先发“/解绑 张三”"]


def test_two_phones_for_one_person_are_a_fault(tx: SQLiteTx) -> None:
    people = [["张三", "云山县", "信息员", "13800000001"], ["张三", "市文旅局", "分管领导", "13800000001"]]
    take_in(tx, book(people=people, accounts=[]))
    people[1][3] = "13800000002"
    plan = trial(tx, book(people=people, accounts=[]))
    assert [fault.place for fault in plan.faults] == ["人员!D3"]


def test_a_new_name_that_is_another_units_short_name_is_a_fault(tx: SQLiteTx) -> None:
    take_in(tx, book())
    plan = trial(tx, write_workbook([Table("单位", COLUMNS["单位"], [["市文旅局", "", "部门", "", "", ""]])]))
    assert [str(fault) for fault in plan.faults] == ["单位!A2：“市文旅局”已经是“市文化和旅游局”的名字"]


def test_a_change_of_class_holds_for_the_year_and_is_shown(tx: SQLiteTx) -> None:
    take_in(tx, book())
    tx.run("INSERT INTO score_period VALUES ('2026-10', 1, '一般部门', 500, 1, 1), ('2025', 1, '一般部门', 100, 1, 1)")
    units = [["市文化和旅游局", "市文旅局、文旅局", "部门", "重点部门", "", ""], UNITS[1]]
    assert "类别 一般部门 → 重点部门" in show_plan(take_in(tx, book(units=units)))
    assert tx.all("SELECT period, class FROM score_period ORDER BY period") == [
        ("2025", "一般部门"),
        ("2026-10", "重点部门"),
    ]


def test_the_small_city_comes_back_as_it_was_given(tx: SQLiteTx) -> None:
    city.settle(tx)
    data = write_workbook(roster_tables(roster_write.snapshot(tx, NOW.year)))
    assert trial(tx, data, full=True).steps == []


NAMES = st.text(alphabet="张王李赵𠮷𬭼龘·一二三", min_size=2, max_size=4)
ROLES = st.lists(st.sampled_from([role.value for role in Role]), min_size=1, max_size=3, unique=True)


@st.composite
def rosters(draw: st.DrawFn) -> bytes:
    units = draw(
        st.lists(st.text(alphabet="甲乙丙丁戊己庚辛", min_size=3, max_size=6), min_size=1, max_size=5, unique=True)
    )
    rows = [
        [name, f"简{n}、别{n}" if draw(st.booleans()) else "", draw(st.sampled_from(UNIT_KINDS)),
         draw(st.sampled_from(["", "重点部门", "县（市、区）"])), units[0] if n and draw(st.booleans()) else "",
         draw(st.sampled_from(["", "省级"]))]
        for n, name in enumerate(units)
    ]  # fmt: skip
    keys = draw(st.lists(st.tuples(NAMES, st.sampled_from(units)), max_size=8, unique=True))
    phone = st.sampled_from(["", "13800000001", "13800000002"])
    section = st.sampled_from(["", "综合科", "办公室"])
    people = [[name, unit, "、".join(draw(ROLES)), draw(phone), draw(section)] for name, unit in keys]
    accounts = [
        [name, unit, draw(st.sampled_from(["QQ", "QQ官方", "企业微信"])), f"{n}0001"]
        for n, (name, unit) in enumerate(keys, start=1)
        if draw(st.booleans())
    ]
    owner = st.sampled_from(["", *(f"{name}（{unit}）" for name, unit in keys)])
    chats = [
        ["QQ", f"20000{n}", f"群{n}", purpose, draw(owner)]
        for n, purpose in enumerate(draw(st.permutations(GROUP_PURPOSES)))
    ]
    return book(rows, people, accounts, chats)


@given(data=rosters())
def test_what_is_exported_can_be_imported_and_changes_nothing(data: bytes) -> None:
    with database() as tx:
        take_in(tx, data)
        before = roster_write.snapshot(tx, NOW.year)
        exported = write_workbook(roster_tables(before))
        for full in (False, True):
            plan = take_in(tx, exported, full=full)
            assert plan.steps == []
        assert roster_write.snapshot(tx, NOW.year) == before


def test_what_a_unit_has_earned_is_booked_anew_when_its_class_changes(tx: SQLiteTx) -> None:
    city.settle(tx)
    tx.run("UPDATE unit_class SET class = '直报点' WHERE unit_id = 5")
    sun = roster.person(tx, 9, NOW.date())
    assert sun is not None
    draft = Draft(title="市文旅局推出十条冬季线路", body="市文旅局围绕冬季旅游推出十条线路，接待能力有保障。")
    submit(tx, OFFICE, sun, draft, platform="onebot", chat="", event_key="k", now=NOW)
    before = tx.all("SELECT points FROM entry WHERE unit_id = 5")
    assert before

    take_in(tx, write_workbook([Table("单位", ("名称", "类型", "类别"), [["市文化和旅游局", "部门", "重点部门"]])]))

    reversed_and_new = tx.all("SELECT points, reverses IS NULL FROM entry WHERE unit_id = 5 ORDER BY seq")
    assert reversed_and_new[: len(before)] == [(points, 1) for (points,) in before]
    assert recount.differences(tx, NOW.year) == []
    assert tx.all("SELECT DISTINCT class FROM score_period WHERE unit_id = 5") == [("重点部门",)]
