"""The bulletin of a month: drafted by the clock, checked by the units, signed by the head, and who got it."""

from __future__ import annotations

import base64
import io
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from domain.speech import Incoming, Tap
from storage import bulletin as bulletins
from storage.engine import Tx
from tests.plugins.bulletin_stories import at, december, files_of, november, queued, texts_of
from tests.plugins.item_stories import told
from tests.support.stage import GROUP, OFFICE, Heard, Stage

WORKING = december(1)
FREE = december(4)


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Stage]:
    async with november(tmp_path) as set_up:
        yield set_up


async def signed(stage: Stage) -> list[Heard]:
    """November's bulletin is signed after the units had their time; what everybody then hears."""
    await at(stage, WORKING)
    await at(stage, FREE)
    return await stage.say("周科长", "/通报 签发")


async def test_on_the_first_working_day_the_office_reads_the_draft_with_its_files(stage: Stage) -> None:
    heard = await at(stage, WORKING)
    said = (
        "【通报草稿】2026年11月政务信息\n"
        "报送2条，采用1条，采用率50.0%\n"
        "未报送2个：市发改委、市文旅局\n"
        "文中数字与附表一致。\n"
        "各单位核对到12月3日(周四) 17:30，过后签发。\n"
        "Word 草稿和核对单随后发来。\n"
    )
    assert texts_of(heard, "周科长")[-1] == (
        f"{said}签发并印发请发“/通报 签发 11月”；改了数据，重出草稿请发“/通报 草稿 11月”。"
    )
    assert texts_of(heard, "吴科员")[-1] == f"{said}改了数据，重出草稿请发“/通报 草稿 11月”；签发由信息科长办理。"
    for who in ("周科长", "吴科员"):
        assert files_of(stage, who) == ["2026年11月政务信息通报（草稿）.docx", "2026年11月通报核对单（草稿）.docx"]
    assert "【得分核对】2026年11月政务信息" in told(heard, "张三")


async def test_the_draft_goes_out_once_over_ticks_and_restarts(stage: Stage) -> None:
    await at(stage, WORKING)
    assert await at(stage, december(1, "09:30")) == []


async def test_the_draft_says_what_keeps_it_from_being_signed(stage: Stage) -> None:
    await stage.say("王五", "/申诉 11月 2 省专报46期也采用了，没有计分")
    heard = await at(stage, WORKING)
    assert "申诉未答复1件，答复后才能签发：/申诉\n" in texts_of(heard, "周科长")[-1]


async def test_once_the_units_had_their_time_the_office_is_told_so_and_only_once(stage: Stage) -> None:
    await at(stage, WORKING)
    assert await at(stage, december(3, "17:29")) == []
    heard = await at(stage, FREE)
    assert texts_of(heard, "周科长") == [
        "【通报】2026年11月核对期已过，可以签发了。\n"
        "签发并印发请发“/通报 签发 11月”；改了数据，重出草稿请发“/通报 草稿 11月”。"
    ]
    assert await at(stage, december(4, "10:30")) == []


async def test_what_still_keeps_it_from_being_signed_is_told_one_by_one(stage: Stage) -> None:
    await at(stage, WORKING)
    await stage.say("王五", "/申诉 11月 2 省专报46期也采用了，没有计分")
    heard = await at(stage, FREE)
    assert texts_of(heard, "吴科员")[0].startswith(
        "【通报】2026年11月核对期已过，办完下面的就可以签发。\n"
        "申诉没有答复，1件：\n"
        "申诉1 清河区：省专报46期也采用了，没有计分\n"
    )


async def test_the_units_keep_the_time_they_were_promised(stage: Stage) -> None:
    await at(stage, WORKING)
    heard = await stage.say("周科长", "/通报 签发")
    assert told(heard, "周科长").startswith("没有办成：核对期到12月3日(周四) 17:30为止")


async def test_one_word_of_the_head_freezes_numbers_and_publishes(stage: Stage) -> None:
    heard = await signed(stage)
    assert texts_of(heard, "周科长")[-1] == (
        "2026年11月通报已签发：云政办通报〔2026〕1号\n"
        "发给：工作群1个、分管领导1人、信息科2人\n"
        "谁收到了：/通报 送达 11月"
    )
    assert texts_of(heard, GROUP) == [
        "云山市人民政府办公室关于2026年11月份政务信息报送及采用情况的通报\n"
        "云政办通报〔2026〕1号\n\n"
        "2026年11月，共收到各单位报送信息2条，采用1条，采用率50.0%。按刊物和批示统计，《省政府专报》采用1条。现予通报。\n\n"
        "县（市、区）：云山县采用1条。以上单位予以表扬。\n\n"
        "本月未报送信息的单位有2个：重点部门的市发改委；一般部门的市文旅局。\n\n"
        "本单位明细请私聊发送“/我的得分 11月”。"
    ]
    assert files_of(stage, GROUP) == [
        "2026年11月县（市、区）.png",
        "2026年11月重点部门.png",
        "2026年11月一般部门.png",
        "2026年11月走势.png",
    ]
    assert texts_of(heard, "李副")[0].endswith("全文见文件。")
    assert files_of(stage, "李副") == ["2026年11月政务信息通报.pdf"]
    assert not any(one.to in ("张三", "王五", "赵六", "孙七") for one in heard)
    assert "2026年11月考评：已通报" in told(await stage.say("吴科员", "/考评 11月", OFFICE), OFFICE)


async def test_the_pictures_show_themselves_in_the_chat_and_documents_are_files(stage: Stage) -> None:
    await signed(stage)
    shown = {message.file_name: message.picture for _, message in stage.channel.sent if message.file_name}
    assert shown["2026年11月走势.png"]
    assert not shown["2026年11月政务信息通报.pdf"]


async def test_whoever_is_not_the_head_may_not_sign(stage: Stage) -> None:
    await at(stage, WORKING)
    await at(stage, FREE)
    assert told(await stage.say("吴科员", "/通报 签发"), "吴科员") == (
        "您没有“/通报 签发”的权限。如有需要，请联系信息科。"
    )
    assert "通报：核对中" in told(await stage.say("吴科员", "/通报"), "吴科员")


async def test_a_unit_has_no_business_with_the_command(stage: Stage) -> None:
    assert "权限" in told(await stage.say("张三", "/通报"), "张三")


async def test_signed_twice_it_goes_out_once(stage: Stage) -> None:
    await signed(stage)
    heard = await stage.say("周科长", "/通报 签发 11月")
    assert [one.text for one in heard] == [
        "2026年11月通报现在是“12-04 09:10 周科长已签发”，不能再签发。谁收到了，请发“/通报 送达 11月”。"
    ]


async def test_the_number_may_be_typed_and_the_next_follows_it(stage: Stage) -> None:
    await at(stage, WORKING)
    await at(stage, FREE)
    heard = await stage.say("周科长", "/通报 签发 11月 云政办通报〔2026〕9号")
    assert "已签发：云政办通报〔2026〕9号" in texts_of(heard, "周科长")[-1]
    assert await stage.store.read(bulletins.last_serial, 2026) == 9


async def test_before_the_units_were_asked_it_cannot_be_signed(stage: Stage) -> None:
    stage.clock.moment = WORKING
    assert told(await stage.say("周科长", "/通报 签发 11月"), "周科长") == (
        "2026年11月考评现在是“登记中”，不能签发通报。下一步：/考评 截止 11月。"
    )


async def test_without_words_the_office_reads_where_it_stands(stage: Stage) -> None:
    stage.clock.moment = WORKING
    assert told(await stage.say("吴科员", "/通报"), "吴科员") == (
        "2026年11月通报：未开始\n还没有草稿\n下一步：/考评 截止 11月"
    )
    await signed(stage)
    assert told(await stage.say("吴科员", "/通报"), "吴科员") == (
        "2026年11月通报：已签发\n云政办通报〔2026〕1号\n12-04 09:10 周科长签发\n已送达4\n看名单：/通报 送达 11月"
    )


async def test_a_draft_is_drawn_anew_for_whoever_asks(stage: Stage) -> None:
    await at(stage, WORKING)
    before = len(stage.channel.sent)
    stage.clock.forward(minutes=5)
    await stage.say("吴科员", "/采用 2 省专报 46 单篇 11-25")
    heard = await stage.say("吴科员", "/通报 草稿", OFFICE)
    assert texts_of(heard, OFFICE) == [
        "2026年11月通报草稿（数据截至 12-01 09:15）：Word、PDF、Excel、核对单，共4个文件。"
    ]
    assert [message.file_name for to, message in stage.channel.sent[before:] if message.file_name] == [
        "2026年11月政务信息通报（草稿）.docx",
        "2026年11月政务信息通报（草稿）.pdf",
        "2026年11月政务信息通报（草稿）.xlsx",
        "2026年11月通报核对单（草稿）.docx",
    ]


async def test_what_was_signed_is_drawn_again_byte_for_byte_whatever_came_after(stage: Stage) -> None:
    await signed(stage)
    before = {m.file_name: m.file_base64 for to, m in stage.channel.sent if to == "周科长" and m.file_name}
    stage.clock.forward(days=3)
    await stage.say("吴科员", "/采用 2 省专报 46 单篇 11-25")
    sent = len(stage.channel.sent)
    heard = await stage.say("周科长", "/通报 草稿 11月")
    assert texts_of(heard, "周科长") == [
        "2026年11月通报（云政办通报〔2026〕1号）：Word、PDF、Excel、核对单，共4个文件。"
    ]
    after = {m.file_name: m.file_base64 for _, m in stage.channel.sent[sent:] if m.file_name}
    for ending in ("docx", "pdf", "xlsx"):
        name = f"2026年11月政务信息通报.{ending}"
        assert before[name] == after[name]


async def test_who_got_it_is_told_by_name_and_as_a_workbook(stage: Stage) -> None:
    await stage.say("吴科员", "/解绑 李副 云山县")
    heard = await signed(stage)
    assert "没有账号、请另送：云山县 李副" in texts_of(heard, "周科长")[-1]
    assert told(await stage.say("吴科员", "/通报 送达", OFFICE), OFFICE) == (
        "2026年11月通报送达（云政办通报〔2026〕1号）\n"
        "工作群1个：已送达1\n"
        "分管领导1人：没有送达1\n"
        "信息科2人：已送达2\n"
        "没有送达：云山县 李副（没有绑定账号）\n"
        "再发一次：/通报 重发 单位或姓名；全部名单：/通报 送达 表格"
    )
    await stage.say("吴科员", "/通报 送达 表格", OFFICE)
    (content,) = [m.file_base64 for _, m in stage.channel.sent if m.file_name == "2026年11月通报送达情况.xlsx"]
    rows = CalamineWorkbook.from_filelike(io.BytesIO(base64.b64decode(content))).get_sheet_by_index(0).to_python()
    assert [row[1:5] for row in rows[2:8]] == [
        ["工作群", "全市政务信息群", "文字", "已送达"],
        ["工作群", "全市政务信息群", "排名图1", "已送达"],
        ["工作群", "全市政务信息群", "排名图2", "已送达"],
        ["工作群", "全市政务信息群", "排名图3", "已送达"],
        ["工作群", "全市政务信息群", "走势图", "已送达"],
        ["分管领导", "云山县 李副", "文字", "没有送达"],
    ]


async def test_it_is_sent_again_to_a_unit_a_person_or_a_group(stage: Stage) -> None:
    await signed(stage)
    heard = await stage.say("吴科员", "/通报 重发 云山县", OFFICE)
    assert texts_of(heard, OFFICE) == ["发给：分管领导1人\n谁收到了：/通报 送达 11月"]
    assert len(texts_of(heard, "李副")) == 1
    assert len(texts_of(await stage.say("吴科员", "/通报 重发 周科长", OFFICE), "周科长")) == 1
    assert len(texts_of(await stage.say("吴科员", "/通报 重发 全市政务信息群", OFFICE), GROUP)) == 1
    assert told(await stage.say("吴科员", "/通报 重发 某县", OFFICE), OFFICE) == (
        "没有找到要送的“某县”。发“/通报 送达 11月”看送给了谁。"
    )


async def test_words_nobody_understands_are_answered_with_the_forms(stage: Stage) -> None:
    assert told(await stage.say("吴科员", "/通报 发出去", OFFICE), OFFICE).startswith(
        "看不懂“发出去”。可以写：草稿、签发"
    )
    assert told(await stage.say("吴科员", "/通报 送达", OFFICE), OFFICE) == (
        "还没有签发过通报。发“/通报”看办到哪一步。"
    )


async def test_outside_speaking_hours_it_waits_for_the_morning(stage: Stage) -> None:
    await at(stage, WORKING)
    stage.clock.moment = december(4, "20:00")
    heard = await stage.say("周科长", "/通报 签发")
    assert [one.to for one in heard] == ["周科长"]
    assert "信息科2人，12-07 08:30 起发出" in heard[0].text


def on_wecom(tx: Tx) -> None:
    """周科长 and 吴科员 are on WeChat Work, where there are cards."""
    tx.run("UPDATE account SET platform = 'wecom' WHERE account IN ('10001', '10002')")
    tx.touch("roster")


async def test_the_head_signs_by_a_tap_and_the_other_card_shows_it(stage: Stage) -> None:
    await stage.store.run(on_wecom)
    await at(stage, WORKING)
    await at(stage, FREE)
    cards = {
        target: message.card
        for target, message in await stage.store.read(queued, "wecom")
        if message.card is not None and message.text.startswith("【通报草稿】")
    }
    assert [button.text for button in cards["p:10001"].buttons] == ["签发并印发", "看草稿"]
    assert [button.text for button in cards["p:10002"].buttons] == ["看草稿"]
    await stage.hear(tap("10002", "周科长的卡片", cards["p:10001"].key, "/通报 签发 2026-11"))
    await stage.hear(tap("10001", "k1", cards["p:10001"].key, cards["p:10001"].buttons[0].says))
    await stage.hear(tap("10001", "k2", cards["p:10001"].key, cards["p:10001"].buttons[0].says))
    answers = [m.text for target, m in await stage.store.read(queued, "wecom") if "签发" in m.text and not m.card]
    assert answers[0] == "您没有“/通报 签发”的权限。如有需要，请联系信息科。"
    assert any(text.startswith("2026年11月通报已签发：云政办通报〔2026〕1号") for text in answers)
    assert any(text.startswith("2026年11月通报已经有结果了：已签发（您 12-04 09:10）") for text in answers)


def tap(account: str, key: str, card: str, says: str) -> Incoming:
    return Incoming(
        platform="wecom", bot_id="1", key=key, group="", account=account, name="", message_id=key, at_ms=0, text=says,
        tap=Tap(card),
    )  # fmt: skip
