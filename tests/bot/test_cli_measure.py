"""`baosong measure` and `baosong whatif`: what an operator types, and what the terminal shows."""

from __future__ import annotations

import asyncio
import io
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from bot.cli.kit import Kit
from bot.cli.measure import LISTED
from bot.cli.tools import perform
from bot.control import Request, Response
from bot.measures import follow_measures
from bot.office import build_office
from bot.settings import Settings
from services import points
from services.measures import HOW_CORRECTED
from storage import measure as store_of
from storage.engine import Tx
from storage.ledger import NewFact
from storage.sqlite import SQLiteStore
from tests.services.test_points import TEXT
from tests.support import city
from tests.support.facts import an_item
from tests.support.office import moment
from tests.support.stage import HandClock

FULL = TEXT.replace('["县（市、区）"]', '["县（市、区）", "重点部门", "一般部门"]').replace('"办法"', '"云山办法"')
NEXT = FULL.replace('id = "m"', 'id = "m2"').replace("2026-01-01", "2027-01-01").replace("云山办法", "新办法")


@pytest.fixture
async def kit(tmp_path: Path) -> Kit:
    store = SQLiteStore(tmp_path / "office.db")
    await store.open()
    await store.run(city.settle)
    office = await follow_measures(Settings(), build_office(Settings()), store, moment("11-23"))
    return Kit(Settings(), store, HandClock(), office)


async def say(kit: Kit, *words: str, text: str | None = None) -> Response:
    """Type a command; the file it names, if any, has this text."""
    files = {"m.toml": {"m.toml": text.encode()}} if text is not None else {}
    return await perform(kit, Request(list(words), files))


def send(tx: Tx, kit: Kit) -> None:
    """云山县 sends an item today."""
    item, now = an_item(tx), kit.clock.now()
    points.record_first(tx, kit.office, item, NewFact("submission", item.id, now.date(), 5), now)


async def test_a_measure_is_checked_loaded_listed_and_written_out_again(kit: Kit) -> None:
    listed = await say(kit, "measure", "list")
    assert listed.text == "还没有加载过考评办法；现在用的是配置文件指定的，没有指定则是样例。"
    checked = await say(kit, "measure", "check", "m.toml", text=FULL)
    assert (checked.code, checked.text.splitlines()) == (
        0,
        [
            "《云山办法》 m",
            "没有发现问题。",
            "注意：2026-01-01 至 2026-10-31 没有登记过信息，办法管到这些日子，任务会按一条没报扣分。"
            "那时还没有启用的，把 effective_from 改为 2026-11-01。",
            "施行：2026-01-01 起，直到下一个办法施行。",
            "计分有变化的日期：2026-01-01起。",
            "那几天还没有计分，不影响已有的分。",
        ],
    )
    loaded = await say(kit, "measure", "load", "m.toml", text=FULL)
    assert loaded.text.splitlines()[:3] == [
        "《云山办法》 m",
        "已加载，不用重新启动。",
        "施行：2026-01-01 起，直到下一个办法施行。",
    ]
    assert (await say(kit, "measure", "load", "m.toml", text=FULL)).text.endswith("已经加载过，没有变化。")
    listed = await say(kit, "measure", "list")
    assert listed.text.startswith("  1  m  2026-01-01 起  现行文本  11-23 09:41 cli 加载  ")
    assert (await say(kit, "measure", "export", "m")).text == FULL.rstrip("\n")
    written = await say(kit, "measure", "export", "1", "out.toml")
    assert (written.files, written.text) == ({"out.toml": FULL.encode()}, "out.toml：m 第 1 版")
    await kit.store.close()


async def test_the_office_goes_by_a_loaded_measure_without_a_restart(kit: Kit) -> None:
    assert kit.office.measures[0].id == "yunshan-2026"
    await say(kit, "measure", "load", "m.toml", text=FULL)
    await kit.store.run(send, kit)
    await kit.store.read(lambda tx: None)
    booked = await kit.store.read(lambda tx: tx.all("SELECT article, points FROM entry"))
    assert booked == [("第五条", 100)]
    async with asyncio.timeout(5):
        while [one.id for one in kit.office.measures] != ["m"]:
            await asyncio.sleep(0.01)
    await kit.store.close()


async def test_the_next_years_measure_follows_the_open_one(kit: Kit) -> None:
    await say(kit, "measure", "load", "m.toml", text=FULL)
    await kit.store.run(send, kit)
    loaded = await say(kit, "measure", "load", "m.toml", text=NEXT)
    assert loaded.code == 0
    assert "《云山办法》到前一天为止。" in loaded.text
    assert "计分有变化的日期：2027-01-01起。" in loaded.text
    await kit.store.close()


async def test_a_measure_loaded_by_mistake_is_withdrawn(kit: Kit) -> None:
    await say(kit, "measure", "load", "m.toml", text=NEXT)
    withdrawn = await say(kit, "measure", "withdraw", "m2")
    assert (withdrawn.code, withdrawn.text) == (0, "《新办法》m2（2027-01-01 起）已撤回，文本还留着。")
    listed = (await say(kit, "measure", "list")).text.splitlines()
    assert ["不再施行" in listed[0], "撤回" in listed[1]] == [True, True]
    await kit.store.close()


async def test_what_would_change_booked_points_is_not_loaded_but_points_to_the_correction(kit: Kit) -> None:
    await say(kit, "measure", "load", "m.toml", text=FULL)
    await kit.store.run(send, kit)
    better = FULL.replace("points = 3", "points = 4")
    checked = await say(kit, "measure", "check", "m.toml", text=better)
    assert (checked.code, checked.text.splitlines()[-1]) == (0, f"那里已有 1 条计分流水，不能直接加载。{HOW_CORRECTED}")
    refused = await say(kit, "measure", "load", "m.toml", text=better)
    assert (refused.code, "没有加载" in refused.text, "baosong measure correct" in refused.text) == (1, True, True)
    listed = await say(kit, "measure", "correct", "m.toml", text=better)
    assert (listed.code, listed.text.splitlines()[-1]) == (0, LISTED.format(number=1))
    assert await kit.store.read(lambda tx: len(store_of.versions(tx))) == 1
    await kit.store.close()


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("points = 3", "pionts = 3", "m.toml：第"),
        ('"MRYQ"', '"XX"', "有 1 处要改：\n  第"),
        ('"一般部门"', '"乡镇"', "改法："),
        ("effective_from = 2026-01-01", "effective_from = 2026-13-01", "m.toml：第3行"),
    ],
)
async def test_a_fault_names_the_line_and_the_mend(kit: Kit, old: str, new: str, told: str) -> None:
    for action in ("check", "load"):
        refused = await say(kit, "measure", action, "m.toml", text=FULL.replace(old, new))
        assert refused.code == 1
        assert told in refused.text
    assert (await say(kit, "measure", "list")).text.startswith("还没有加载过")
    await kit.store.close()


async def test_overlapping_dates_are_refused(kit: Kit) -> None:
    await say(kit, "measure", "load", "m.toml", text=FULL)
    same_day = FULL.replace('id = "m"', 'id = "m2"')
    refused = await say(kit, "measure", "load", "m.toml", text=same_day)
    assert (refused.code, "重叠" in refused.text) == (1, True)
    await kit.store.close()


@pytest.mark.parametrize("words", [("measure", "burn"), ("measure", "check"), ("measure", "export")])
async def test_wrong_words_are_answered_with_the_form(kit: Kit, words: tuple[str, ...]) -> None:
    answer = await say(kit, *words)
    assert answer.code == 2
    assert "baosong measure check 文件.toml" in answer.text
    await kit.store.close()


async def test_a_file_that_is_no_text_is_refused(kit: Kit) -> None:
    answer = await perform(kit, Request(["measure", "check", "m.toml"], {"m.toml": {"m.toml": b"\xff\xfe\x00"}}))
    assert (answer.code, answer.text) == (1, "m.toml：不是 UTF-8 的文本文件。")
    await kit.store.close()


async def test_a_draft_is_tried_on_a_month_and_shown_as_a_table(kit: Kit) -> None:
    await kit.store.run(send, kit)
    answer = await say(kit, "whatif", "m.toml", "--period", "本月", text=FULL)
    assert answer.code == 0
    lines = answer.text.splitlines()
    assert lines[0] == "《云山办法》试算：2026年11月，截至 2026-11-23 09:41。只是试算，什么都没有改。"
    assert lines[2] == "【县（市、区）】2 个单位，得分有变化的 1 个；名次上升 0 个，下降 0 个"
    assert lines[3].split() == ["试算名次", "现名次", "升降", "单位", "试算得分", "现得分", "增减"]
    assert lines[4].split() == ["1", "1", "—", "云山县", "1", "0.5", "+0.5"]
    assert lines[5].split() == ["2", "2", "—", "清河区", "0", "0", "—"]
    await kit.store.close()


async def test_a_trial_goes_into_a_workbook(kit: Kit) -> None:
    await kit.store.run(send, kit)
    answer = await say(kit, "whatif", "m.toml", "--period", "本月", "--xlsx", "试算.xlsx", text=FULL)
    assert (answer.code, answer.text) == (0, "试算.xlsx：3 类，4 个单位")
    book = CalamineWorkbook.from_filelike(io.BytesIO(answer.files["试算.xlsx"]))
    assert book.sheet_names == ["1.县（市、区）", "2.重点部门", "3.一般部门"]
    assert book.get_sheet_by_index(0).to_python()[1] == ["1", "1", 0, "云山县人民政府", 1, 0.5, 0.5]
    await kit.store.close()


@pytest.mark.parametrize(
    ("period", "text", "told"),
    [("明年", FULL, "看不懂期间"), ("本月", "id = 1", "m.toml：第"), ("本月", "[", "m.toml：第1行")],
)
async def test_a_trial_that_cannot_be_says_why(kit: Kit, period: str, text: str, told: str) -> None:
    answer = await say(kit, "whatif", "m.toml", "--period", period, text=text)
    assert answer.code == 1
    assert told in answer.text
    await kit.store.close()


async def test_what_the_settings_name_is_loaded_at_start_and_kept_when_the_file_changes(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    file = tmp_path / "m.toml"
    file.write_text(FULL, "utf-8")
    settings = Settings.model_validate({"office": {"measures": [str(file)]}})
    store = SQLiteStore(tmp_path / "office.db")
    await store.open()
    await store.run(city.settle)
    office = await follow_measures(settings, build_office(settings), store, moment("11-23"))
    kit = Kit(settings, store, HandClock(), office)
    await store.run(send, kit)
    file.write_text(FULL.replace("points = 1\n", "points = 2\n"), "utf-8")
    office = await follow_measures(settings, build_office(settings), store, moment("11-24"))
    assert "没有加载" in caplog.text
    await store.run(send, Kit(settings, store, HandClock(), office))
    booked = await store.read(lambda tx: tx.all("SELECT points FROM entry"))
    assert booked == [(100,), (100,)]
    await store.close()
