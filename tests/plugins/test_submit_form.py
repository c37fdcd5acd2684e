"""The form, as it is filled in by one person among others."""

from __future__ import annotations

from pathlib import Path

import pytest

from domain.moment import ZONE
from storage.sqlite import SQLiteStore
from tests.plugins.item_stories import body, item, told
from tests.support.stage import GROUP, MONDAY, HandClock, Stage

TEXT = "截至3月10日，全县春耕面积过半。"


async def fill(stage: Stage, *answers: str, who: str = "张三", group: str = GROUP) -> str:
    """Say these things one after the other; the last answer."""
    last = ""
    for answer in answers:
        last = told(await stage.say(who, answer, group), group or who)
    return last


async def test_the_form_leads_from_the_title_to_the_receipt(stage: Stage) -> None:
    assert "第1步/共4步：请发标题" in await fill(stage, "/报送")
    assert "第2步/共4步：标题是《春耕备耕进展顺利》。请发正文" in await fill(stage, "春耕备耕进展顺利")
    assert "第3步/共4步：正文 17 字，记下了" in await fill(stage, TEXT)
    preview = await fill(stage, "张三 李局长 13800000000")
    assert preview == (
        f"第4步/共4步：请核对：\n标题：春耕备耕进展顺利\n正文（17 字）：\n{TEXT}\n"
        "撰稿：张三；签发：李局长；电话：13800000000\n没有问题请发“确认”；要改请发“返回”；不报了请发“取消”。"
    )
    assert await fill(stage, "确认") == "收到 2026-0001《春耕备耕进展顺利》 云山县 11-23 09:41"
    stored = await item(stage, "2026-0001")
    assert (stored.writer, stored.signer, stored.phone) == ("张三", "李局长", "13800000000")
    assert await stage.say("张三", "好了，报完了", GROUP) == []


async def test_who_talks_in_the_group_meanwhile_is_not_heard(stage: Stage) -> None:
    await fill(stage, "/报送")
    assert await stage.say("王五", "这个标题不好", GROUP) == []
    assert "标题是《春耕备耕》" in await fill(stage, "春耕备耕")


async def test_two_people_fill_in_forms_side_by_side(stage: Stage) -> None:
    await fill(stage, "/报送", "春耕备耕")
    await fill(stage, "/报送", "招商引资", who="王五")
    await fill(stage, "春耕的正文。", "跳过")
    await fill(stage, "招商的正文。", "跳过", who="王五")
    assert "《招商引资》 清河区" in await fill(stage, "确认", who="王五")
    assert "《春耕备耕》 云山县" in await fill(stage, "确认")


async def test_the_form_in_private_is_another_form(stage: Stage) -> None:
    await fill(stage, "/报送", "群里的标题")
    assert "第1步" in await fill(stage, "报送", group="")
    assert "标题是《私聊的标题》" in await fill(stage, "私聊的标题", group="")


@pytest.mark.parametrize("word", ["取消", "/取消", "／取消", "放弃", " 取消。"])
async def test_the_form_is_cancelled_at_any_step(stage: Stage, word: str) -> None:
    assert await fill(stage, "/报送", "春耕备耕", word) == "已取消，表单里的内容没有报送。"
    assert await stage.say("张三", "春耕", GROUP) == []


async def test_cancelling_without_a_form_says_that_there_is_none(stage: Stage) -> None:
    assert await fill(stage, "/取消") == "现在没有正在填写的表单。"


async def test_going_back_shows_what_was_written_and_lets_it_be_changed(stage: Stage) -> None:
    answer = await fill(stage, "/报送", "春耕备耕", TEXT, "返回")
    assert "第2步/共4步" in answer
    assert f"现在写的是：{TEXT}" in answer
    assert "第1步/共4步" in await fill(stage, "返回")
    assert "第1步/共4步" in await fill(stage, "返回")
    assert "标题：秋收" in await fill(stage, "秋收", "秋收的正文。", "跳过")


async def test_title_and_text_pasted_at_once_save_a_step(stage: Stage) -> None:
    assert "第3步/共4步：正文 17 字" in await fill(stage, "/报送", f"春耕备耕\n{TEXT}")


async def test_what_the_text_says_about_people_is_not_asked_again(stage: Stage) -> None:
    assert "正文里已写明：撰稿：张三；电话：13800000000" in await fill(
        stage, "/报送", "春耕备耕", f"{TEXT}\n（张三 13800000000）"
    )
    await fill(stage, "签发：李局长", "确认")
    stored = await item(stage, "2026-0001")
    assert (stored.writer, stored.signer, stored.phone) == ("张三", "李局长", "13800000000")
    assert await body(stage, "2026-0001") == TEXT


async def test_a_mistake_is_answered_and_the_step_stays(stage: Stage) -> None:
    assert "太长了" in await fill(stage, "/报送", "长" * 101)
    assert "标题是《春耕备耕》" in await fill(stage, "春耕备耕")
    assert "还没有正文" in await fill(stage, "撰稿：张三")
    assert "不认识类型“闲谈”" in await fill(stage, f"类型：闲谈\n{TEXT}")
    assert "请依次写撰稿人" in await fill(stage, TEXT, "张三 李四 王五 赵六")
    assert "没有看懂。没有问题请发“确认”" in await fill(stage, "跳过", "可以吧")
    assert "收到 2026-0001" in await fill(stage, "确认")


async def test_a_mistyped_command_does_not_become_the_text(stage: Stage) -> None:
    assert "没有填进表单" in await fill(stage, "/报送", "春耕备耕", "/确人")
    assert "正文 17 字" in await fill(stage, TEXT)


async def test_another_command_is_answered_and_the_form_waits(stage: Stage) -> None:
    await fill(stage, "/报送", "春耕备耕", group="")
    assert "还没有报送过信息" in told(await stage.say("张三", "/我的信息"), "张三")
    assert "第2步/共4步" in await fill(stage, "/报送", group="")
    assert "正文 17 字" in await fill(stage, TEXT, group="")


async def test_a_file_dropped_meanwhile_is_a_submission_of_its_own(stage: Stage) -> None:
    await fill(stage, "/报送", "春耕备耕")
    text = "招商引资实现开门红\n一季度，全县新签约项目二十个，总投资五十亿元，开工十二个。"
    heard = await stage.drop_file("张三", "招商引资实现开门红.txt", text.encode(), GROUP)
    assert told(heard, GROUP).startswith("收到 2026-0001《招商引资实现开门红》")
    assert "正文 17 字" in await fill(stage, TEXT)


async def test_a_form_left_for_three_days_is_gone(stage: Stage) -> None:
    await fill(stage, "/报送", "春耕备耕")
    stage.clock.forward(days=3, minutes=1)
    assert "已经作废" in await fill(stage, "今天天气不错")
    assert await stage.say("张三", "今天天气不错", GROUP) == []


async def test_a_form_left_for_three_days_is_begun_anew(stage: Stage) -> None:
    await fill(stage, "/报送", "春耕备耕")
    stage.clock.forward(days=3, minutes=1)
    assert await fill(stage, "/报送") == (
        "第1步/共4步：请发标题（不超过 100 字）。可以随时发“返回”改上一步、“取消”放弃，3天内有效。\n"
        "填完或取消之前，您在这里说的话都会填进表单；也可以私聊我填写。"
    )


async def test_a_secret_is_stopped_at_the_door_of_the_form_too(stage: Stage) -> None:
    await fill(stage, "/报送", "春耕备耕")
    heard = await stage.say("张三", "机密★10年 截至3月10日", GROUP)
    assert [one.to for one in heard] == ["张三", "郑保密"]
    assert "第3步" in await fill(stage, TEXT)


async def test_the_form_goes_on_after_a_restart(stage: Stage, tmp_path: Path) -> None:
    await fill(stage, "/报送", "春耕备耕", TEXT)
    await stage.close()
    await stage.store.close()
    store = SQLiteStore(tmp_path / "stage.db")
    await store.open()
    again = Stage(store, HandClock(MONDAY.astimezone(ZONE)), stage.settings)
    await again.open()
    assert "第4步/共4步" in told(await again.say("张三", "跳过", GROUP, message_id="9001"), GROUP)
    assert "收到 2026-0001《春耕备耕》" in told(await again.say("张三", "确认", GROUP, message_id="9002"), GROUP)
    await again.close()
    await store.close()
    await stage.store.open()
