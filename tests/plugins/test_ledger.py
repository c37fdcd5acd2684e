"""`/台账`: what the office and a unit read of the ledger of commissions on a phone, and the workbook."""

from __future__ import annotations

import base64
import io
import json
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest
from python_calamine import CalamineWorkbook

from domain.commission import Assignment, Kind, Outcome, Source, Way
from domain.moment import to_ms
from storage.commission import NewCommission
from storage.engine import Tx
from tests.support import commissions as story
from tests.support.commissions import CLERK, HEAD, SUN, WANG, ZHANG, ZHAO, happened, issued
from tests.support.office import moment
from tests.support.stage import GROUP, OFFICE, Stage

SECRET = "某涉密事项"


def tell(tx: Tx) -> None:
    """Four commissions: one closed, one half answered and past its time, one by phone, one off the chat."""
    _, (yunshan, qinghe) = _issued(tx, "冬修水利", "11-02", "11-06T17:30", [2, 3], Source.PROVINCE)
    item = story.item(tx, "2026-0001", 2, ZHANG, moment("11-05"))
    story.adopted(tx, item, "2026-11-09", "city-daily")
    yunshan = happened(tx, yunshan, Kind.ANSWERED, moment("11-05"), ZHANG, item_id=item)
    happened(tx, yunshan, Kind.CLOSED, moment("11-10"), HEAD, outcome=Outcome.ADOPTED)
    happened(tx, qinghe, Kind.CLOSED, moment("11-10"), HEAD, outcome=Outcome.UNDONE, note="没有报")
    _, targets = _issued(tx, "小型水库管护经费保障情况和意见建议", "11-16", "11-20T17:30", [2, 3, 4, 5], Source.CITY)
    yunshan, qinghe, fagai, wenlv = targets
    item = story.item(tx, "2026-0002", 2, ZHANG, moment("11-19"))
    happened(tx, yunshan, Kind.ANSWERED, moment("11-19"), ZHANG, item_id=item)
    happened(tx, qinghe, Kind.RECEIVED, moment("11-16"), WANG)
    item = story.item(tx, "2026-0003", 4, ZHAO, moment("11-21"))
    happened(tx, fagai, Kind.ANSWERED, moment("11-21"), ZHAO, item_id=item)
    happened(tx, wenlv, Kind.CLOSED, moment("11-18"), HEAD, outcome=Outcome.EXEMPT, note="没有水库")
    _, (wenlv,) = _issued(tx, "冬季旅游开局", "11-23", "11-25T12:00", [5], Source.OFFICE, way=Way.PHONE)
    happened(tx, wenlv, Kind.RECEIVED, moment("11-23", "09:10"), SUN)
    _issued(tx, SECRET, "11-23", "11-27T17:30", [3, 4], Source.STATE, off_chat=True)


def _issued(
    tx: Tx,
    topic: str,
    day: str,
    due: str,
    units: list[int],
    source: Source,
    *,
    way: Way = Way.CHAT,
    off_chat: bool = False,
) -> tuple[object, list[Assignment]]:
    due_ms = to_ms(moment(due[:5], due[6:]))
    theme = "涉密主题" if off_chat else "水利" if "水" in topic else ""
    new = NewCommission(topic, due_ms, source, way, f"{topic}的要求", theme=theme, off_chat=off_chat)
    return issued(tx, new, units, moment(day))


@pytest.fixture
async def told(stage: Stage) -> Stage:
    await stage.store.run(tell)
    return stage


async def test_the_office_sees_counts_first_then_what_is_due_next(told: Stage) -> None:
    (heard,) = await told.say("吴科员", "/台账")
    assert heard.text == (
        "约稿台账 2026年（含往年未销号的）\n"
        "约稿4件，下达9家次（其中电话1件）\n"
        "签收5，报送3（按时2），采用1\n"
        "已销号3，未销号6，超期未报1，不计1\n"
        "完成率37.5%，按时率25.0%，采用率33.3%\n"
        "11-20 17:30 约2《小型水库管护经费保…》未销号3，超期1\n"
        "11-25 12:00 约3《冬季旅游开局》未销号1\n"
        "11-27 17:30 约4 未销号2\n"
        "发“/台账 表格”可得 Excel。"
    )


@pytest.mark.parametrize("words", ["约2", "#约2", "约2026-2", "约 2026-002", "2", "2026-002"])
async def test_a_commission_shows_who_is_missing_by_name(told: Stage, words: str) -> None:
    (heard,) = await told.say("吴科员", f"/台账 {words}")
    assert heard.text == (
        "约 2026-002《小型水库管护经费保障情况和意见建议》\n"
        "市领导，11-16 09:00 下达，11-20 17:30 截止\n"
        "下达4家\n"
        "签收3，报送2（按时1），采用0\n"
        "已销号1，未销号3，超期未报1，不计1\n"
        "完成率66.7%，按时率33.3%，采用率0.0%\n"
        "超期未报：清河区\n"
        "已报待销号：云山县、市发改委\n"
        f"发“/台账 {words} 表格”可得 Excel。"
    )


async def test_a_unit_sees_its_own_lines_and_how_often_it_was_late(told: Stage) -> None:
    (heard,) = await told.say("王五", "/ledger")
    assert heard.text == (
        "清河区 约稿台账 2026年（含往年未销号的）\n"
        "约稿3件\n"
        "签收1，报送0（按时0），采用0\n"
        "已销号1，未销号2，超期未报1\n"
        "完成率0.0%，按时率0.0%，采用率—\n"
        "2026年未按时完成1次：约1\n"
        "11-20 17:30 约2《小型水库管护经费保…》已签收，超期\n"
        "11-27 17:30 约4 待签收"
    )
    (as_office,) = await told.say("周科长", "/台账 清河区")
    assert as_office.text == heard.text


async def test_a_leader_sees_the_unit_and_of_one_commission_only_the_own_line(told: Stage) -> None:
    (heard,) = await told.say("李副", "/台账 约2")
    assert "下达1家\n签收1，报送1（按时1），采用0" in heard.text
    assert "清河区" not in heard.text
    assert "表格" not in heard.text


async def test_nobody_of_a_unit_sees_another_or_what_it_was_not_asked(told: Stage) -> None:
    (heard,) = await told.say("王五", "/台账 云山县")
    assert heard.text == "您只能看本单位的台账，不能看云山县的。"
    (unknown,) = await told.say("王五", "/台账 约3")
    (missing,) = await told.say("王五", "/台账 约77")
    assert unknown.text == missing.text.replace("077", "003")
    (heard,) = await told.say("王五", "/台账 表格")
    assert heard.text == "您没有“/台账 表格”的权限。如有需要，请联系信息科。"
    (heard,) = await told.say("郑保密", "/台账")
    assert heard.text == "您没有“/台账”的权限。如有需要，请联系信息科。"


async def test_overdue_is_a_list_of_units(told: Stage) -> None:
    (heard,) = await told.say("吴科员", "/台账 超期")
    assert heard.text == (
        "约稿台账 2026年（含往年未销号的） 超期未报 1家次\n11-20 17:30 清河区 约2《小型水库管护经费保…》"
    )
    (heard,) = await told.say("吴科员", "/台账 超期 云山县")
    assert heard.text == "没有超期未报的。"


async def test_a_month_counts_what_was_issued_in_it(told: Stage) -> None:
    told.clock.moment = moment("12-03")
    (heard,) = await told.say("吴科员", "/台账 本月")
    assert heard.text == "台账里没有这样的约稿。"
    (heard,) = await told.say("吴科员", "/台账 11月")
    assert heard.text.startswith("约稿台账 2026年11月\n约稿4件")
    told.clock.moment = moment("01-05", year=2027)
    (heard,) = await told.say("吴科员", "/台账")
    assert heard.text.startswith("约稿台账 2027年（含往年未销号的）\n约稿3件，下达6家次")


async def test_in_a_group_of_reporters_the_answer_comes_in_private(told: Stage) -> None:
    heard = await told.say("吴科员", "/台账 约2", GROUP)
    assert "清河区" in next(one.text for one in heard if one.to == "吴科员")
    assert all("清河区" not in one.text for one in heard if one.to == GROUP)


async def test_a_long_ledger_still_fits_a_phone(stage: Stage) -> None:
    def many(tx: Tx) -> None:
        for day in range(1, 21):
            _issued(tx, f"第{day}件", "11-01", f"11-{day + 9:02}T17:30", [2], Source.OFFICE)

    await stage.store.run(many)
    for words in ("/台账", "/台账 云山县", "/台账 超期"):
        (heard,) = await stage.say("吴科员", words)
        lines = heard.text.splitlines()
        assert len(lines) == 12
        assert any(line.startswith("还有") and line.endswith("件，没有列出。") for line in lines)


@dataclass(frozen=True)
class SentFile:
    """A file in the outbox, and to whom it goes."""

    target: str
    name: str
    data: bytes


async def files(stage: Stage) -> list[SentFile]:
    rows = await stage.store.read(lambda tx: tx.all("SELECT target, payload FROM outbox WHERE kind = 'ledger'"))
    payloads = [(target, json.loads(payload)) for target, payload in rows]
    return [SentFile(to, p["file_name"], base64.b64decode(p["file_base64"])) for to, p in payloads]


async def test_the_office_gets_a_workbook_without_what_may_not_be_in_a_chat(told: Stage) -> None:
    first, second = await told.say("吴科员", "/台账 表格", OFFICE)
    name = "约稿台账-2026年（含往年未销号的）-20261123.xlsx"
    assert f"已发《{name}》，共9行。" in {first.text, second.text}
    (sent,) = await files(told)
    assert (sent.target, sent.name) == (f"g:{OFFICE}", name)
    book = CalamineWorkbook.from_filelike(io.BytesIO(sent.data))
    assert book.sheet_names[:2] == ["总台账", "完成率"]
    assert book.sheet_names[2:4] == ["约1 冬修水利", "约2 小型水库管护经费保障情况和意见建议"]
    assert book.sheet_names[4:] == ["约3 冬季旅游开局", "约4 不在群内"]
    everything = str([book.get_sheet_by_name(sheet).to_python() for sheet in book.sheet_names])
    assert "小型水库管护" in everything
    assert "涉密" not in everything
    assert "2026-004" in everything


async def test_one_commission_as_a_workbook_in_private_from_any_group(told: Stage) -> None:
    await told.say("周科长", "/台账 约2 表格", GROUP)
    (sent,) = await files(told)
    assert (sent.target, sent.name) == ("p:10001", "约稿台账-约-2026-002-20261123.xlsx")


async def test_where_a_bot_cannot_send_files_the_office_is_told_another_way(told: Stage) -> None:
    def move(tx: Tx) -> None:
        tx.run("UPDATE account SET platform = 'qq' WHERE account = '10002'")
        tx.touch("roster")

    await told.store.run(move)
    await told.hear(replace(told.message("吴科员", "/台账 表格"), platform="qq"))
    rows = await told.store.read(lambda tx: tx.all("SELECT payload FROM outbox WHERE platform = 'qq'"))
    assert ["这里不能发文件" in payload for (payload,) in rows] == [True]


async def test_too_many_rows_are_for_the_command_line(told: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("plugins.ledger.ROWS_AT_MOST", 5)
    (heard,) = await told.say("吴科员", "/台账 表格")
    assert heard.text.startswith("这部分台账有9行，聊天里一次最多5行。请缩小范围")
    _, heard = await told.say("吴科员", "/台账 约2 表格")
    assert heard.text.endswith("共4行。")


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        ("约999", "没有找到约稿 约 2026-999。"),
        ("岚山钢铁厂", "没有找到单位“岚山钢铁厂”。"),
        ("13月", "没有13月，请检查。"),
        ("0", "“0”不是约稿编号。"),
    ],
)
async def test_what_is_mistyped_is_answered_with_a_hint(told: Stage, words: str, answer: str) -> None:
    (heard,) = await told.say("吴科员", f"/台账 {words}")
    assert heard.text.startswith(answer)


async def test_a_second_miss_in_a_year_is_said_aloud(told: Stage) -> None:
    def late(tx: Tx) -> None:
        _, (qinghe,) = _issued(tx, "又一件", "11-10", "11-12T17:30", [3], Source.OFFICE)
        happened(tx, qinghe, Kind.ANSWERED, moment("11-12") + timedelta(days=1), WANG)
        happened(tx, qinghe, Kind.CLOSED, moment("11-20"), CLERK, outcome=Outcome.SENT)

    await told.store.run(late)
    (heard,) = await told.say("王五", "/台账")
    assert "2026年未按时完成2次，已达2次以上：约1、约5" in heard.text
