"""`baosong board`: any days, and as of a past day."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from bot.cli.kit import Kit
from bot.cli.tools import perform
from bot.control import Request, Response
from bot.office import build_office
from bot.settings import Settings
from domain.moment import to_ms
from storage import ledger
from storage.engine import Tx
from storage.sqlite import SQLiteStore
from tests.support import city
from tests.support.facts import an_entry, an_item, happened
from tests.support.office import moment
from tests.support.stage import HandClock


def fill(tx: Tx) -> None:
    """云山县 sent two items, the office registered the adoption of one ten days later."""
    for day in ("10-08", "10-20"):
        item = an_item(tx)
        happened(tx, item, "submission", day, at_ms=to_ms(moment(day)))
        ledger.append_entry(tx, an_entry(day, 50, item_id=item.id), to_ms(moment(day)))
    happened(tx, item, "adoption", "10-20", journal="MRYQ", at_ms=to_ms(moment("10-30")))
    ledger.append_entry(tx, an_entry("10-20", 300, item_id=item.id), to_ms(moment("10-30")))


@pytest.fixture
async def kit(tmp_path: Path) -> Kit:
    store = SQLiteStore(tmp_path / "office.db")
    await store.open()
    await store.run(city.settle)
    await store.run(fill)
    return Kit(Settings(), store, HandClock(), build_office(Settings()))


async def say(kit: Kit, *words: str) -> Response:
    answer = await perform(kit, Request(["board", *words]))
    await kit.store.close()
    return answer


async def test_a_board_of_free_days_is_printed_with_its_as_of(kit: Kit) -> None:
    answer = await say(kit, "--period", "10月9日至11月9日")
    lines = answer.text.splitlines()
    assert lines[0] == "2026年10月9日至11月9日报送采用情况，截至 2026-11-23 09:41"
    assert lines[2] == "【县（市、区）】"
    assert [line.split() for line in lines[3:6]] == [
        ["名次", "单位", "得分", "报送", "采用", "采用率", "备注"],
        ["1", "云山县", "3.5", "1", "1", "100.0%"],
        ["2", "清河区", "0", "0", "0", "—"],
    ]


async def test_as_of_a_past_day_what_was_registered_later_is_not_there(kit: Kit) -> None:
    answer = await say(kit, "--period", "10月", "--asof", "10月25日")
    lines = answer.text.splitlines()
    assert lines[0] == "2026年10月报送采用情况，截至 2026-10-25 23:59"
    assert lines[4].split() == ["1", "云山县", "1", "2", "0", "0.0%"]


async def test_a_board_goes_into_a_workbook(kit: Kit) -> None:
    answer = await say(kit, "--period", "10月", "--xlsx", "排名.xlsx")
    assert answer.text == "排名.xlsx：2026年10月报送采用情况，截至 2026-11-23 09:41"
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(answer.files["排名.xlsx"])).get_sheet_by_index(0)
    assert sheet.to_python()[1][:5] == [1, "云山县人民政府", 4, 2, 1]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--asof", "12月1日"), "2026-12-01还没有到。"),
        (("--period", "随便"), "看不懂期间"),
        (("--period", "2024年"), "2024年没有参加考评的单位。"),
    ],
)
async def test_what_cannot_be_is_said(kit: Kit, words: tuple[str, ...], told: str) -> None:
    answer = await say(kit, *words)
    assert answer.code == 1
    assert told in answer.text
