"""The office commissions: what it writes, what it reads before it confirms, what everybody then sees."""

from __future__ import annotations

import base64
import io
import json
from pathlib import Path

import pytest
from docx import Document

from bot.settings import Commissions, Settings
from domain.commission import Commission, Source, State, Way
from storage import audit, push
from storage import commission as commissions
from storage.engine import Tx
from tests.plugins.item_stories import told
from tests.support.stage import GROUP, OFFICE, Heard, Stage, staged

CLERK, CHIEF = "吴科员", "周科长"
GRAIN = """/约稿 全市夏粮收购情况
来源：省办  类别：专题  字数：1500  主题：乡村振兴
要求：进度、价格、问题和建议
时间：周五下班前
单位：全部县区"""
PARTS = """/课题分解 夏粮收购
上级：省办约2026-33 12月4日下班前
1. 发改委牵头、云山县参加：价格走势 800字 周四前
2. 清河区、文旅局：典型做法"""


async def say(stage: Stage, *texts: str, who: str = CLERK, group: str = OFFICE) -> str:
    """Say these things one after the other; the last answer."""
    last = ""
    for text in texts:
        last = told(await stage.say(who, text, group), group or who)
    return last


def to_units(heard: list[Heard]) -> dict[str, str]:
    return {one.to: one.text for one in heard if one.to not in (OFFICE, CLERK, CHIEF)}


async def issued(stage: Stage, number: str = "约 2026-001") -> Commission:
    found = await stage.store.read(commissions.by_number, number)
    assert found is not None
    return found


async def test_one_message_is_previewed_with_how_it_was_read_and_whom_it_reaches(stage: Stage) -> None:
    assert await say(stage, GRAIN) == (
        "请核对（草稿 1）：\n"
        "《全市夏粮收购情况》\n"
        "来源：省办　专题　1500字　主题：乡村振兴\n"
        "要求：进度、价格、问题和建议\n"
        "周五下班前 → 11月27日(周五) 17:30\n"
        "单位 2 个：云山县、清河区\n"
        "范围：全部县区（2个）\n"
        "推送：1 个群、2 人（信息员私聊）\n"
        "确认下达请发“确认”；要改请发“改 时间 周四前”“改 单位 …”；不发了请发“取消”。"
    )


async def test_a_confirmed_commission_is_numbered_and_reaches_group_and_reporters(stage: Stage) -> None:
    await say(stage, GRAIN)
    heard = await stage.say(CLERK, "确认", OFFICE)
    assert told(heard, OFFICE) == (
        "已下达 约 2026-001《全市夏粮收购情况》。\n推送 1 个群、2 人，正在发出。\n"
        "发“/约稿 约1”看推送情况，“/交办单 约1”要交办单。"
    )
    text = (
        "【约稿】约 2026-001《全市夏粮收购情况》\n要求：进度、价格、问题和建议\n类别：专题　字数：1500字\n{units}"
        "截止：11月27日(周五) 17:30\n请回复“收到”；报送时写上 #约1。"
    )
    alone = text.format(units="")
    assert to_units(heard) == {GROUP: text.format(units="单位：云山县、清河区\n"), "张三": alone, "王五": alone}
    one = await issued(stage)
    assert (one.source, one.theme, one.due_said, one.way) == (Source.PROVINCE, "乡村振兴", "周五下班前", Way.CHAT)


async def test_a_second_confirmation_issues_nothing(stage: Stage) -> None:
    await say(stage, GRAIN, "确认")
    answer = await say(stage, "/确认约稿 1")
    assert answer == "约 2026-001《全市夏粮收购情况》 11-23 09:41 已经下达过了，没有重复下达。"
    assert await stage.say(CLERK, "确认", OFFICE) == []
    (heard,) = await stage.say(CLERK, "确认")
    assert heard.text == "现在没有等您确认的内容；刚才确认过的已经办好，不会重复办理。"
    await say(stage, GRAIN)
    assert "约 2026-002" in await say(stage, "/确认约稿")
    assert await say(stage, "/确认约稿") == "没有等您确认的约稿。发“/约稿 标题”拟一件。"


async def test_a_draft_whose_time_is_over_meanwhile_is_not_issued_and_takes_no_number(stage: Stage) -> None:
    await say(stage, GRAIN.replace("周五下班前", "今天11点"))
    stage.clock.forward(hours=2)
    assert "截止时间已经过了，没有下达" in await say(stage, "确认")
    await say(stage, "改 时间 今天下班前")
    assert "已下达 约 2026-001" in told(await stage.say(CLERK, "确认", OFFICE), OFFICE)


async def test_the_form_asks_for_what_is_missing_step_by_step(stage: Stage) -> None:
    assert (await say(stage, "/约稿")).startswith("第1步/共5步：请发约稿标题。")
    assert (await say(stage, "夏粮收购")).startswith("第2步/共5步：标题是《夏粮收购》。请发报送时间")
    assert (await say(stage, "周五下班前")).startswith("第3步/共5步：周五下班前 → 11月27日(周五) 17:30。\n请发单位")
    assert (await say(stage, "文旅局")).startswith("第4步/共5步：单位 1 个：市文旅局。\n请发要求")
    preview = await say(stage, "写清进度\n要有数字")
    assert "要求：写清进度 要有数字" in preview
    await say(stage, "确认")
    assert (await issued(stage)).requirement == "写清进度\n要有数字"


async def test_a_title_alone_begins_with_the_due_time(stage: Stage) -> None:
    assert (await say(stage, "/约稿 夏粮收购")).startswith("第2步/共5步")
    assert "请核对" in await say(stage, "周五", "云山县", "跳过")


async def test_several_answers_at_once_save_steps(stage: Stage) -> None:
    assert "请核对" in await say(stage, "/约稿 夏粮收购", "时间：周五\n单位：云山县\n要求：无")
    assert "第3步" in await say(stage, "/约稿 夏粮收购\n时间：周五")
    assert "1. 典型做法（云山县牵头）" in await say(stage, "1. 云山县牵头：典型做法")


async def test_going_back_shows_what_was_written_and_keeps_it_if_skipped(stage: Stage) -> None:
    await say(stage, "/约稿 夏粮收购", "周五", "云山县")
    assert "现在写的是：云山县" in await say(stage, "返回")
    assert (await say(stage, "跳过")).startswith("第4步")
    assert "请核对" in await say(stage, "改 单位 文旅局", "跳过")
    await say(stage, "确认")
    assert len(await stage.store.read(commissions.assignments, (await issued(stage)).id)) == 1


async def test_the_preview_takes_changes_in_plain_words(stage: Stage) -> None:
    await say(stage, GRAIN)
    assert "周四前 → 11月26日(周四) 17:30" in await say(stage, "改 时间 周四前")
    assert "单位 1 个：市文旅局" in await say(stage, "改单位：文旅局")
    preview = await say(stage, "标题改成秋粮收购")
    assert "《秋粮收购》" in preview
    assert "11月26日" in preview
    assert "没有看懂" in await say(stage, "好像不对")
    assert "没有写时间改成什么" in await say(stage, "改 时间：")
    await say(stage, "确认")
    assert (await issued(stage)).topic == "秋粮收购"
    drafts = await stage.store.read(commissions.in_state, State.DROPPED, 10)
    assert len(drafts) == 3


@pytest.mark.parametrize("word", ["取消", "/取消"])
async def test_a_draft_that_is_given_up_is_not_issued_any_more(stage: Stage, word: str) -> None:
    await say(stage, GRAIN)
    assert await say(stage, word) == "已取消，没有下达。"
    assert "草稿 1 现在是“已放弃”，不能下达" in await say(stage, "/确认约稿 1")


async def test_a_form_survives_other_commands_and_says_where_it_stands(stage: Stage) -> None:
    await say(stage, "/约稿 夏粮收购", "/待办")
    assert (await say(stage, "/约稿")).startswith("表单还没有填完，接着填就可以（不要了请发“取消”）。\n第2步/共5步")
    stage.clock.forward(days=4)
    assert await say(stage, "周五") == "约稿表单超过3天没有填完，已经作废。要约稿请重新发“/约稿”。"


async def test_a_decomposed_topic_tells_each_unit_its_part_who_leads_and_when(stage: Stage) -> None:
    preview = await say(stage, PARTS)
    assert "上级要求：12月4日下班前 → 12月4日(周五) 17:30\n比上级要求提前 → 12月3日(周四) 17:30" in preview
    assert "1. 价格走势（市发改委牵头，云山县参加） 800字 11月26日(周四) 17:30" in preview
    assert "2. 典型做法（清河区、市文旅局） 12月3日(周四) 17:30" in preview
    heard = to_units(await stage.say(CLERK, "确认", OFFICE))
    assert heard["张三"] == heard["赵六"]
    assert heard["张三"] == (
        "【约稿】约 2026-001《夏粮收购》\n1. 价格走势（市发改委牵头，云山县参加） 800字\n"
        "截止：11月26日(周四) 17:30\n请回复“收到”；报送时写上 #约1。"
    )
    assert "1. 价格走势" in heard[GROUP]
    assert "2. 典型做法" in heard[GROUP]
    one = await issued(stage)
    assert (one.upper_number, one.source) == ("省办约2026-33", Source.PROVINCE)
    shares = await stage.store.read(commissions.assignments, one.id)
    assert [(each.unit_id, each.part, each.leads) for each in shares] == [
        (4, 1, True), (2, 1, False), (3, 2, False), (5, 2, False),
    ]  # fmt: skip


async def test_what_may_not_be_in_chat_is_a_number_and_a_clock(stage: Stage) -> None:
    preview = await say(stage, "/约稿 【OA】某项工作\n时间：周五\n单位：云山县\n要求：保密的话")
    assert "某项工作" not in preview
    assert "保密的话" not in preview
    assert "不在群内：题目和要求请写在 OA 里" in preview
    heard = await stage.say(CLERK, "确认", OFFICE)
    assert to_units(heard)["张三"] == (
        "您有一件约稿（约 2026-001），请到 OA 查收。\n截止：11月27日(周五) 17:30\n"
        "查收后请回复“收到”；材料从 OA 报送，请不要在这里发。"
    )
    assert not any("某项工作" in one.text for one in heard)
    assert "某项工作" not in await say(stage, "/约稿 约1")
    assert "不能从这里发" in await say(stage, "/交办单 约1")


async def test_what_is_not_urgent_waits_for_the_morning(stage: Stage) -> None:
    stage.clock.forward(hours=9)
    await say(stage, GRAIN)
    heard = await stage.say(CLERK, "确认", OFFICE)
    assert to_units(heard) == {}
    assert "现在不是发送时间，11-24 08:30 起发出" in told(heard, OFFICE)
    await say(stage, GRAIN.replace("全市夏粮", "【急】全市秋粮"))
    heard = await stage.say(CLERK, "确认", OFFICE)
    assert to_units(heard)["张三"].startswith("【急】【约稿】约 2026-002《全市秋粮收购情况》")


BAD = [
    (GRAIN.replace("周五下班前", "11月20日"), "已经过了"),
    (GRAIN.replace("全部县区", "云山线"), "您是不是想写：云山县"),
    (GRAIN.replace("全部县区", "全部县区，除云山县、清河区外"), "一个单位也不剩"),
    (GRAIN.replace("省办", "县里"), "来源“县里”看不懂，可以写：国办、省办、市领导、本办。"),
    (PARTS.replace("价格走势", ""), "请这样写：1. 发改局牵头"),
    (PARTS.replace("清河区、", "青河线、"), "没有找到单位“青河线”"),
    ("/约稿 " + "长" * 101, "标题有 101 个字"),
    ("/约稿 约9", "没有找到约稿 约 2026-009"),
    ("/约稿进度", "请写约稿编号"),
    ("/交办单 夏粮", "不是约稿编号"),
    ("/确认约稿 夏粮", "不是草稿号"),
    ("/确认约稿 9", "没有找到约稿草稿 9"),
    ("/约稿记录 微博 旱情 云山县 今天", "请这样写：/约稿记录 电话"),
    ("/约稿记录 电话 旱情", "请这样写：/约稿记录 电话"),
]


@pytest.mark.parametrize(("text", "answer"), BAD, ids=[answer for _, answer in BAD])
async def test_bad_input_is_answered_and_nothing_is_kept(stage: Stage, text: str, answer: str) -> None:
    assert answer in await say(stage, text)
    assert await stage.store.read(commissions.in_state, State.DRAFT, 1) == []


async def test_two_units_with_one_nickname_are_asked_about(stage: Stage) -> None:
    def nickname(tx: Tx) -> None:
        tx.many("INSERT INTO unit_alias (alias, unit_id, short) VALUES ('发文局', ?, 0)", [(4,), (5,)])
        tx.touch("roster")

    await stage.store.run(nickname)
    answer = await say(stage, GRAIN.replace("全部县区", "发文局"))
    assert "市发改委" in answer
    assert "市文旅局" in answer


async def test_a_mistake_in_a_step_is_answered_and_the_step_stays(stage: Stage) -> None:
    assert "看不懂" in await say(stage, "/约稿 夏粮", "有空的时候")
    assert "没有找到单位" in await say(stage, "周五", "水立局")
    assert (await say(stage, "云山县")).startswith("第4步")


async def test_what_is_odd_is_said_before_it_is_confirmed(stage: Stage) -> None:
    def holes(tx: Tx) -> None:
        tx.run("UPDATE account SET valid_to_ms = 1 WHERE person_id IN (5, 10)")
        tx.run("UPDATE post SET valid_to = '2026-11-01' WHERE unit_id = 3")
        tx.run("INSERT INTO group_unit (group_id, unit_id) SELECT id, 2 FROM chat_group WHERE purpose = '报送'")
        tx.touch("roster")

    await say(stage, GRAIN, "确认")
    await stage.store.run(holes)
    preview = await say(
        stage,
        GRAIN.replace("周五下班前", "11月28日"),
    )
    assert "注意：推送不到 清河区：不在任何群里，也没有能私聊的信息员" in preview
    assert "注意：云山县信息员没有绑定账号，只在群里看得到" in preview
    assert "注意：可能重复：约 2026-001《全市夏粮收购情况》 11-23 09:41 刚下达过" in preview
    assert "周六" in preview
    assert "推送：1 个群、0 人" in preview
    await say(stage, "确认")
    assert "还没有送达：清河区（没有信息员）" in await say(stage, "/约稿 约2")


async def test_the_desk_sees_whom_a_commission_did_not_reach(stage: Stage) -> None:
    await say(stage, GRAIN)
    await stage.say(CLERK, "确认", OFFICE)
    one = await issued(stage)
    await stage.store.run(
        lambda tx: tx.run(
            "UPDATE outbox SET state = 6, error = 'blocked' WHERE target = 'p:20003' AND kind = 'commission'"
        )
    )
    assert await say(stage, "/约稿进度 约1") == (
        "约 2026-001《全市夏粮收购情况》 11-23 09:41 下达（吴科员）\n"
        "截止 11月27日(周五) 17:30\n"
        "送达 2/2 个单位；消息：已发 2，平台拒收 1\n"
        "王五：平台拒收（blocked）\n"
        "待签收 2"
    )
    states = [each.state.name for each in await stage.store.read(push.of_commission, one.id)]
    assert states == ["SENT", "SENT", "REFUSED"]


async def test_a_phone_commission_is_logged_in_one_line_and_pushed_to_nobody(stage: Stage) -> None:
    heard = await stage.say(CLERK, "/约稿记录 电话 旱情 云山县、清河区 今天9点", OFFICE)
    assert told(heard, OFFICE) == (
        "已补记 约 2026-001《旱情》（电话约稿）：云山县、清河区，截止 11月23日(周一) 09:00。没有推送。"
    )
    assert to_units(heard) == {}
    assert (await issued(stage)).way is Way.PHONE
    assert "电话约稿，没有推送。" in await say(stage, "/约稿 约1")
    await say(stage, "/约稿记录 短信 《防汛 抢险》 文旅局 明天下班前")
    second = await issued(stage, "约 2026-002")
    assert (second.topic, second.way) == ("防汛 抢险", Way.SMS)


async def test_the_slip_comes_as_a_word_file(stage: Stage) -> None:
    await say(stage, PARTS, "确认")
    heard = await stage.say(CLERK, "/交办单 约1", OFFICE)
    assert heard[-1].text == "约 2026-001 的交办单已发出（交办单 约1.docx）。"
    (payload,) = await stage.store.read(lambda tx: tx.all("SELECT payload FROM outbox WHERE kind = 'slip'"))
    document = Document(io.BytesIO(base64.b64decode(json.loads(payload[0])["file_base64"])))
    cells = [cell.text for row in document.tables[0].rows for cell in row.cells]
    assert {"约 2026-001", "夏粮收购", "省办", "吴科员 13800000002", "市发改委、云山县、清河区、市文旅局"} <= set(cells)


async def test_in_a_group_of_reporters_the_form_goes_on_in_private(stage: Stage) -> None:
    heard = await stage.say(CLERK, "/约稿 夏粮收购", GROUP)
    assert "第2步" in told(heard, CLERK)
    assert await stage.say(CLERK, "周五", GROUP) == []
    assert "第3步" in await say(stage, "周五", group="")


async def test_reporters_cannot_commission(stage: Stage) -> None:
    assert "没有“/约稿”的权限" in told(await stage.say("张三", GRAIN), "张三")


@pytest.fixture
async def strict(tmp_path: Path):  # type: ignore[no-untyped-def]  # an async generator of the stage
    async with staged(tmp_path, settings=Settings(commissions=Commissions(approval=True))) as stage:
        yield stage


async def test_where_the_settings_ask_for_it_a_chief_approves(strict: Stage) -> None:
    assert "确认后报信息科长批准" in await say(strict, GRAIN)
    heard = await strict.say(CLERK, "确认", OFFICE)
    assert told(heard, OFFICE) == "草稿 1 已经报信息科长批准，批准后自动下达。"
    assert told(heard, CHIEF).startswith("吴科员拟了一件约稿等您批准，草稿 1：《全市夏粮收购情况》。")
    assert "没有重复报" in await say(strict, "/确认约稿 1")
    assert "没有“/批准约稿”的权限" in await say(strict, "/批准约稿 1")
    assert "等候批准（草稿 1，吴科员拟）：\n《全市夏粮收购情况》" in await say(strict, "/批准约稿", who=CHIEF)
    heard = await strict.say(CHIEF, "/批准约稿 1", OFFICE)
    assert told(heard, CLERK) == "您拟的约稿（草稿 1）已经批准下达，编号 约 2026-001。"
    assert set(to_units(heard)) == {GROUP, "张三", "王五"}
    one = await issued(strict)
    assert (one.drafted_by, one.issued_by, one.approved_by) == (2, 2, 1)
    lines = await strict.store.read(audit.latest, f"commission:{one.id}", 5)
    assert [(line.actor, line.action) for line in reversed(lines)] == [
        ("person:2", "commission propose"), ("person:1", "commission issue"),
    ]  # fmt: skip


async def test_a_chief_sends_a_draft_back_with_the_reason(strict: Stage) -> None:
    await say(strict, GRAIN, "确认", GRAIN, "确认")
    assert "等候批准的约稿 2 件" in await say(strict, "/批准约稿", who=CHIEF)
    assert "草稿 2" in await say(strict, "/批准约稿 2 看", who=CHIEF)
    assert "请写明原因" in await say(strict, "/退回约稿 1", who=CHIEF)
    heard = await strict.say(CHIEF, "/退回约稿 1 范围再小一些", OFFICE)
    assert told(heard, CLERK) == "您拟的约稿（草稿 1）没有批准。\n原因：范围再小一些"
    assert "现在是“已放弃”，不能下达" in await say(strict, "/批准约稿 1", who=CHIEF)
    assert "已下达 约 2026-001" in told(await strict.say(CHIEF, "/批准约稿 2", OFFICE), OFFICE)


async def test_a_chief_needs_nobodys_approval(strict: Stage) -> None:
    await strict.say(CHIEF, GRAIN, OFFICE)
    assert "已下达" in told(await strict.say(CHIEF, "确认", OFFICE), OFFICE)
