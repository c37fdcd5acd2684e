"""`baosong ledger`: the ledger of commissions printed, and as a workbook."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from bot.cli.kit import Kit
from bot.cli.tools import perform
from bot.control import Request
from bot.office import build_office
from bot.settings import Settings
from domain.commission import Kind, Outcome, Source, Way
from domain.moment import to_ms
from storage.commission import NewCommission
from storage.engine import Tx
from storage.sqlite import SQLiteStore
from tests.support import city
from tests.support.commissions import CLERK, WANG, ZHANG, adopted, happened, issued, item
from tests.support.office import moment
from tests.support.stage import HandClock


def tell(tx: Tx) -> None:
    """Two commissions: 云山县 was adopted by a journal, 清河区 came late; the other may not be in a chat."""
    due_ms = to_ms(moment("11-06", "17:30"))
    new = NewCommission("冬修水利", due_ms, Source.PROVINCE, Way.PHONE, theme="水利")
    _, (yunshan, qinghe) = issued(tx, new, [2, 3], moment("11-02"))
    item_id = item(tx, "2026-0001", 2, ZHANG, moment("11-05"))
    adopted(tx, item_id, "2026-11-09", "MRYQ")
    yunshan = happened(tx, yunshan, Kind.ANSWERED, moment("11-05"), ZHANG, item_id=item_id)
    happened(tx, yunshan, Kind.CLOSED, moment("11-10"), CLERK, outcome=Outcome.ADOPTED)
    happened(tx, qinghe, Kind.ANSWERED, moment("11-07"), WANG)
    secret = NewCommission("某涉密事项", to_ms(moment("11-27", "17:30")), Source.STATE, off_chat=True)
    issued(tx, secret, [3], moment("11-20"))


@pytest.fixture
async def kit(tmp_path: Path) -> Kit:
    store = SQLiteStore(tmp_path / "office.db")
    await store.open()
    await store.run(city.settle)
    await store.run(tell)
    return Kit(Settings(), store, HandClock(), build_office(Settings()))


async def test_the_ledger_is_printed_commission_by_commission(kit: Kit) -> None:
    response = await perform(kit, Request(["ledger"]))
    await kit.store.close()
    assert response.code == 0
    lines = response.text.splitlines()
    assert lines[0] == "约稿台账 2026年（含往年未销号的），截至 2026-11-23 09:41"
    assert lines[2:5] == [
        "约 2026-001《冬修水利》省办 电话 11-06 17:30 截止",
        "  云山县 张三 已采用 11-05 09:00 报送 2026-0001 《每日要情》第128期",
        "  清河区 王五 已报送 超期 11-07 09:00 报送",
    ]
    assert "约 2026-002《某涉密事项》国办 群内 11-27 17:30 截止" in lines
    assert "合计：下达3 报送2 按时1 采用1 未销号2 超期未报0 完成率66.7% 按时率33.3% 采用率50.0%" in lines
    assert lines[-1] == "清河区2026年未按时完成1次：约 2026-001"


async def test_a_part_of_it_goes_into_a_workbook(kit: Kit) -> None:
    asked = ["ledger", "--xlsx", "台账.xlsx", "--unit", "清河区", "--period", "11月", "--open"]
    response = await perform(kit, Request(asked))
    await kit.store.close()
    assert (response.code, response.text) == (0, "台账.xlsx：约稿2件，2行")
    book = CalamineWorkbook.from_filelike(io.BytesIO(response.files["台账.xlsx"]))
    assert book.sheet_names == ["总台账", "完成率", "约1 冬修水利", "约2 某涉密事项"]
    title = book.get_sheet_by_name("总台账").to_python()[0][0]
    assert title == "清河区 约稿台账 2026年11月 未销号（截至 2026-11-23 09:41）"


@pytest.mark.parametrize(
    ("argv", "words"),
    [
        (["--commission", "约77"], "没有找到约稿 约 2026-077"),
        (["--unit", "岚山钢铁厂"], "没有找到单位“岚山钢铁厂”"),
        (["--period", "13月"], "没有13月"),
        (["--period", "去年"], "台账里没有这样的约稿"),
    ],
)
async def test_what_is_not_there_is_said_and_nothing_is_written(kit: Kit, argv: list[str], words: str) -> None:
    response = await perform(kit, Request(["ledger", "--xlsx", "a.xlsx", *argv]))
    await kit.store.close()
    assert response.code == 1
    assert words in response.text
    assert not response.files
