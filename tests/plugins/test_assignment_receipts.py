"""收到: said in a group it counts silently, in private it is confirmed, and only where something waits for it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from storage.engine import Tx
from tests.plugins.commission_stories import caught_up, issue, pushed_id, share, stage_of
from tests.plugins.item_stories import told
from tests.support.stage import GROUP, OFFICE, Heard, Stage


def rows(tx: Tx) -> int:
    found = tx.one("SELECT COUNT(*) FROM inbox")
    assert found is not None
    return int(found[0])


@pytest.mark.parametrize(
    "words", ["收到", "云山县收到，谢谢", "好的收到", "已收到。", "1", "👌", "OK", "明白", "知道了"]
)
async def test_in_the_group_it_counts_for_the_speakers_unit_and_nobody_is_answered(stage: Stage, words: str) -> None:
    commission = await issue(stage)
    assert await stage.say("张三", words, GROUP) == []
    assert [await stage_of(stage, commission, unit) for unit in (2, 3)] == ["已签收", "待签收"]


async def test_a_leader_and_a_deputy_speak_for_the_unit_too(stage: Stage) -> None:
    for who in ("李副", "钱八"):
        commission = await issue(stage)
        await stage.say(who, "收到", GROUP)
        assert await stage_of(stage, commission) == "已签收"


async def test_who_said_it_first_and_how_is_kept(stage: Stage) -> None:
    commission = await issue(stage)
    await stage.say("张三", "收到，马上办", GROUP)
    stage.clock.forward(minutes=5)
    await stage.say("钱八", "收到", GROUP)
    (heard,) = await stage.say("张三", "/任务 约1")
    assert heard.text.count("签收") == 2  # where it stands, and one event
    assert "11-23 09:41 张三 签收" in heard.text
    assert (await share(stage, commission)).now.received_ms


async def test_before_anything_was_pushed_and_after_all_have_it_the_word_leaves_no_trace(stage: Stage) -> None:
    before = await stage.store.read(rows)
    assert await stage.say("张三", "收到", GROUP) == []
    assert await stage.store.read(rows) == before
    await issue(stage, units=(2,))
    await stage.say("张三", "收到", GROUP)
    assert await stage.store.read(rows) == before + 1
    await caught_up(stage)
    await stage.say("张三", "收到", GROUP)
    assert await stage.store.read(rows) == before + 1


async def test_other_words_in_that_group_are_still_chatter(stage: Stage) -> None:
    commission = await issue(stage)
    before = await stage.store.read(rows)
    for words in ("收到了吗？", "还没收到", "收到请回复", "下午开会吗", "谢谢"):
        assert await stage.say("张三", words, GROUP) == []
    assert await stage.store.read(rows) == before
    assert await stage_of(stage, commission) == "待签收"


async def test_the_office_and_strangers_say_it_in_vain(stage: Stage) -> None:
    commission = await issue(stage)
    assert await stage.say("吴科员", "收到", GROUP) == []
    assert await stage.say("66666", "收到", GROUP) == []
    assert await stage_of(stage, commission) == "待签收"


async def test_it_counts_for_all_that_stands_in_that_chat_and_for_nothing_else(stage: Stage) -> None:
    here, also_here = await issue(stage), await issue(stage, "秋粮收购进度")
    elsewhere = await issue(stage, "冬春旅游", groups=(OFFICE,))
    await stage.say("张三", "收到", GROUP)
    assert [await stage_of(stage, one) for one in (here, also_here, elsewhere)] == ["已签收", "已签收", "待签收"]


async def test_a_quote_of_the_push_counts_for_that_one(stage: Stage) -> None:
    quoted, other = await issue(stage), await issue(stage, "秋粮收购进度")
    assert await stage.say("张三", "收到", GROUP, quote=await pushed_id(stage, quoted)) == []
    assert [await stage_of(stage, one) for one in (quoted, other)] == ["已签收", "待签收"]


async def test_a_platform_that_gives_no_id_of_the_quote_gives_the_number_in_it(stage: Stage) -> None:
    other, quoted = await issue(stage), await issue(stage, "秋粮收购进度")
    assert await stage.say("张三", "收到", GROUP, at_bot=True, quote="约 2026-002") == []
    assert [await stage_of(stage, one) for one in (other, quoted)] == ["待签收", "已签收"]


async def test_a_quote_of_what_somebody_else_said_is_about_that(stage: Stage) -> None:
    commission = await issue(stage)
    await stage.say("张三", "收到", GROUP, quote="424242")
    assert await stage_of(stage, commission) == "待签收"


async def test_a_number_says_which_one_wherever_it_is_said(stage: Stage) -> None:
    first, second = await issue(stage), await issue(stage, "秋粮收购进度", groups=(OFFICE,))
    assert await stage.say("张三", "收到约2", GROUP) == []
    assert [await stage_of(stage, one) for one in (first, second)] == ["待签收", "已签收"]


async def test_a_brief_word_counts_for_a_day_only(stage: Stage) -> None:
    commission = await issue(stage)
    stage.clock.forward(hours=25)
    await stage.say("张三", "1", GROUP)
    assert await stage_of(stage, commission) == "待签收"
    await stage.say("张三", "收到", GROUP)
    assert await stage_of(stage, commission) == "已签收"


async def test_in_private_it_is_confirmed_with_the_due_time_if_it_changed_something(stage: Stage) -> None:
    await issue(stage, people=("张三",))
    (heard,) = await stage.say("张三", "收到，谢谢")
    assert heard.text == (
        "已签收 约 2026-001《冬季农业生产情况》。截止11月27日(周五) 17:30，报送时写上 #约1。"
    )  # fmt: skip
    assert await stage.say("张三", "好的") == []


async def test_in_private_it_also_counts_for_what_was_pushed_to_the_group_or_to_a_colleague(stage: Stage) -> None:
    commission = await issue(stage, people=("张三",))
    assert await stage.say("钱八", "好的") == []
    assert await stage_of(stage, commission) == "待签收"
    (heard,) = await stage.say("钱八", "收到")
    assert heard.text.startswith("已签收 约 2026-001")
    assert await stage.say("钱八", "收到") == []


async def test_typed_as_a_command_it_is_answered_in_private_and_silent_in_the_group(stage: Stage) -> None:
    await issue(stage)
    assert await stage.say("张三", "/收到 约1", GROUP) == []
    (heard,) = await stage.say("张三", "/收到 约1")
    assert heard.text == "这件约稿您单位没有待签收的，不必再签收。发“/任务”看您单位的约稿。"
    (heard,) = await stage.say("王五", "/收到")
    assert heard.text.startswith("已签收 约 2026-001《冬季农业生产情况》。")
    (heard,) = await stage.say("王五", "/收到")
    assert heard.text == "您单位没有待签收的约稿。发“/任务”看没有办完的。"


async def test_a_number_nobody_knows_is_told_to_whoever_typed_it_alone(stage: Stage) -> None:
    await issue(stage)
    (heard,) = await stage.say("张三", "收到约99")
    assert heard.text == "没有找到约稿 约 2026-099。编号可以写：约18、约 2026-018。"
    assert await stage.say("张三", "收到约99", GROUP) == []
    heard_in_group = await stage.say("张三", "/收到 约99", GROUP)
    assert "没有找到" in told(heard_in_group, "张三")


async def test_mentioning_the_bot_with_it_is_not_answered_either(stage: Stage) -> None:
    commission = await issue(stage)
    assert await stage.say("张三", "收到", GROUP, at_bot=True) == []
    assert await stage_of(stage, commission) == "已签收"
    assert await stage.say("张三", "收到", GROUP, at_bot=True) == []


async def test_what_may_not_be_in_a_chat_is_received_by_its_number(stage: Stage) -> None:
    await issue(stage, people=("张三",), off_chat=True)
    (heard,) = await stage.say("张三", "收到")
    assert heard.text == "已签收 约 2026-001。截止11月27日(周五) 17:30，请从 OA 报送。"


@pytest.mark.parametrize("sign", ["[OK]", "[赞]", "[抱拳]", "👌", "👍"])
async def test_a_sign_put_on_the_push_counts_for_that_one_alone(stage: Stage, sign: str) -> None:
    signed, other = await issue(stage), await issue(stage, "秋粮收购进度")
    assert await put_on(stage, "张三", sign, await pushed_id(stage, signed)) == []
    assert [await stage_of(stage, one) for one in (signed, other)] == ["已签收", "待签收"]
    assert [await stage_of(stage, signed, unit) for unit in (3, 4)] == ["待签收", "待签收"]


async def test_a_sign_put_on_something_else_is_no_receipt_and_one_that_asks_leaves_no_trace(stage: Stage) -> None:
    commission = await issue(stage)
    assert await put_on(stage, "张三", "👌", "424242") == []
    before = await stage.store.read(rows)
    assert await put_on(stage, "张三", "❓", await pushed_id(stage, commission)) == []
    assert await put_on(stage, "66666", "👌", await pushed_id(stage, commission)) == []
    assert await stage.store.read(rows) == before
    assert await stage_of(stage, commission) == "待签收"


async def test_a_sign_is_no_answer_to_a_form_somebody_fills_in_there(stage: Stage) -> None:
    commission = await issue(stage)
    (asked,) = await stage.say("张三", "/报送", GROUP)
    assert "第1步" in asked.text
    assert await put_on(stage, "张三", "👌", await pushed_id(stage, commission)) == []
    assert await put_on(stage, "张三", "👍", "424242") == []
    assert await stage_of(stage, commission) == "已签收"
    (asked,) = await stage.say("张三", "云山县冬修水利提前开工", GROUP)
    assert "第2步" in asked.text


async def put_on(stage: Stage, who: str, sign: str, message_id: str) -> list[Heard]:
    """Somebody puts a sign on a message in the group."""
    said = stage.message(who, sign, GROUP, quote=message_id)
    return await stage.hear(replace(said, message_id="", sign=True))
