"""The roster is written the same way on both engines."""

from __future__ import annotations

from datetime import datetime

from domain.moment import ZONE, to_ms
from domain.period import month_of
from services import export
from services.roster_import import apply_import, roster_tables, try_import
from services.roster_sheet import COLUMNS, Sheets, Table, read_sheets, write_workbook
from storage import binding, roster, roster_write
from storage.engine import Store
from tests.support.office import sample_office

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=ZONE)
OFFICE = sample_office()


def sheets(people: list[list[str]]) -> Sheets:
    tables = [
        Table(
            "单位",
            COLUMNS["单位"],
            [["云山县", "云山、云", "县区", "", "", "省级"], ["云山镇", "", "乡镇", "", "云山", ""]],
        ),
        Table("人员", COLUMNS["人员"], people),
        Table("账号", COLUMNS["账号"], [["张三", "", "QQ", "20001"]]),
        Table("工作群", COLUMNS["工作群"], [["QQ", "200001", "信息群", "报送", "张三", "云山县"]]),
    ]
    return read_sheets({"a.xlsx": write_workbook(tables)})


ZHANG, LI = ["张三", "云山县", "信息员", "13800000001", "办公室"], ["李四", "云山镇", "信息员、分管领导", "", ""]


async def test_a_roster_is_taken_in_given_back_and_ended(store: Store) -> None:
    await store.run(apply_import, OFFICE, sheets([ZHANG, LI]), NOW, actor="cli")
    snapshot = await store.read(roster_write.snapshot, 2026)
    again = read_sheets({"a.xlsx": write_workbook(roster_tables(snapshot))})
    assert (await store.read(try_import, again, NOW, full=True)).steps == []
    assert [(post.role, post.section) for post in snapshot.posts][:1] == [("信息员", "办公室")]
    assert await store.read(roster.section_of, 1, 1, NOW.date()) == "办公室"
    assert [group.owner_id for group in snapshot.groups] == [1]

    await store.run(apply_import, OFFICE, sheets([ZHANG]), NOW, full=True, actor="cli")
    assert [person.name for person in (await store.read(roster_write.snapshot, 2026)).people] == ["张三"]
    assert await store.read(lambda tx: tx.one("SELECT COUNT(*) FROM person")) == (2,)


async def test_a_code_binds_once_and_wrong_tries_are_counted(store: Store) -> None:
    now_ms = to_ms(NOW)
    await store.run(apply_import, OFFICE, sheets([ZHANG, LI]), NOW, actor="cli")
    await store.run(binding.issue, "hash 1", 2, 1, now_ms, now_ms + 10)
    await store.run(binding.issue, "hash 2", 2, 1, now_ms + 1, now_ms + 10)
    first = await store.read(binding.find_code, "hash 1")
    assert first is not None
    assert first.expires_ms == now_ms + 1
    await store.run(binding.note_wrong_try, "onebot", "29999", "k1", now_ms)
    assert await store.run(binding.wrong_tries, "onebot", "29999", now_ms) == 1
    assert await store.run(binding.wrong_tries, "onebot", "29999", now_ms + 1) == 0
    assert await store.run(binding.end_accounts, 1, "left", now_ms) == [("onebot", "20001")]
    assert await store.read(roster.person_of_account, "onebot", "20001", NOW.date()) is None
    assert await store.read(binding.members, 1, NOW.date()) == [1]


async def test_the_tables_of_items_and_points_can_be_asked_for(store: Store) -> None:
    period = month_of(NOW.date())
    for table in (export.items_table, export.ledger_table):
        assert (await store.read(table, OFFICE, period)).rows == []
