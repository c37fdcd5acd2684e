"""An item answers a commission by its mark, by what it replies to, or by its title; and that can be taken back."""

from __future__ import annotations

import pytest

from storage.commission import NewAssignment
from storage.engine import Tx
from tests.documents.samples import word_file
from tests.plugins.commission_stories import TOPIC, issue, pushed_id, share, stage_of
from tests.plugins.item_stories import body, item, send, told
from tests.support.stage import GROUP, Stage

BODY = "截至11月20日，全县冬小麦播种32万亩，田间管理全面展开，病虫害防治覆盖率达到95%。"
RECEIPT = "收到 2026-0001《云山县冬麦长势良好》 云山县 11-23 09:41\n已作为 约 2026-001《冬季农业生产情况》的报送。"


@pytest.mark.parametrize(
    "words",
    [
        f"/报送 #约1 云山县冬麦长势良好\n{BODY}",
        f"/报送 云山县冬麦长势良好 #约1\n{BODY}",
        f"/报送 云山县冬麦长势良好\n#约2026-1\n{BODY}",
        f"/报送 #约1\n云山县冬麦长势良好\n{BODY}",
        f"【信息报送】云山县冬麦长势良好\n约稿：约1\n{BODY}",
        f"#约1 云山县冬麦长势良好\n{BODY}",
        f"＃约1\n云山县冬麦长势良好\n{BODY}",
    ],
)
async def test_a_mark_links_it_and_is_not_part_of_the_title(stage: Stage, words: str) -> None:
    commission = await issue(stage)
    (heard,) = await stage.say("张三", words, GROUP)
    assert heard.text == RECEIPT
    assert await stage_of(stage, commission) == "已报送"
    assert (await item(stage, "2026-0001")).commissioned
    assert await body(stage, "2026-0001") == BODY


async def test_a_reply_that_quotes_the_push_is_an_item_for_it(stage: Stage) -> None:
    commission, _ = await issue(stage), await issue(stage, "秋粮收购进度")
    quoted = await pushed_id(stage, commission)
    (heard,) = await stage.say("张三", f"云山县冬麦长势良好\n{BODY}", GROUP, at_bot=True, quote=quoted)
    assert heard.text == RECEIPT


async def test_a_quoted_push_counts_also_for_a_command(stage: Stage) -> None:
    commission = await issue(stage)
    quoted = await pushed_id(stage, commission)
    (heard,) = await stage.say("张三", f"/报送 云山县冬麦长势良好\n{BODY}", GROUP, quote=quoted)
    assert heard.text == RECEIPT


async def test_a_question_in_a_reply_is_no_item(stage: Stage) -> None:
    quoted = await pushed_id(stage, await issue(stage))
    (heard,) = await stage.say("张三", "要写多少字？", GROUP, at_bot=True, quote=quoted)
    assert not heard.text.startswith("收到")
    assert await stage.say("张三", "收到\n明天报", GROUP, at_bot=True, quote=quoted) == []


async def test_a_title_with_the_topic_in_it_is_taken_for_the_answer_and_says_how_to_undo_that(stage: Stage) -> None:
    commission = await issue(stage)
    (heard,) = await stage.say("张三", f"/报送 云山县{TOPIC}\n{BODY}", GROUP)
    assert heard.text.endswith(
        "\n已作为 约 2026-001《冬季农业生产情况》的报送。不是的话请发“/撤销关联 2026-0001”。"
    )  # fmt: skip
    (heard,) = await stage.say("张三", "/撤销关联 1")
    assert heard.text == (
        "2026-0001《云山县冬季农业生产情况》不再作为 约 2026-001《冬季农业生产情况》云山县的报送。"
        "这件约稿还在您的任务里。"
    )
    assert await stage_of(stage, commission) == "已签收"
    assert not (await item(stage, "2026-0001")).commissioned
    (heard,) = await stage.say("张三", f"/报送 云山县{TOPIC}\n{BODY}新增1万亩。", GROUP)
    assert "已作为" not in heard.text  # once taken back it is not guessed again


@pytest.mark.parametrize(
    ("topics", "title"),
    [
        ((TOPIC, TOPIC + "和问题"), f"云山县{TOPIC}和问题"),
        (("冬季农业",), "云山县冬季农业稳步推进"),
        (("冬季农业生产情况一季度",), "冬季农业生产情况二季度"),
        ((TOPIC,), "云山县旅游市场回暖"),
    ],
)
async def test_it_is_not_guessed_if_it_is_not_plain(stage: Stage, topics: tuple[str, ...], title: str) -> None:
    given = [await issue(stage, topic) for topic in topics]
    (heard,) = await stage.say("张三", f"/报送 {title}\n{BODY}", GROUP)
    assert "已作为" not in heard.text
    assert {await stage_of(stage, one) for one in given} == {"待签收"}


async def test_the_field_for_it_may_name_the_topic(stage: Stage) -> None:
    await issue(stage)
    (heard,) = await stage.say("张三", f"/报送 云山县冬麦长势良好\n约稿：冬季农业生产\n{BODY}", GROUP)
    assert "已作为 约 2026-001" in heard.text


async def test_a_joint_item_answers_for_all_its_units(stage: Stage) -> None:
    commission = await issue(stage)
    await stage.say("张三", f"/报送 #约1 冬麦长势良好\n联合报送：清河区、市文旅局\n{BODY}", GROUP)
    assert [await stage_of(stage, commission, unit) for unit in (2, 3, 4)] == ["已报送", "已报送", "待签收"]


async def test_a_second_item_is_linked_too(stage: Stage) -> None:
    commission = await issue(stage)
    await send(stage, "张三", "#约1 云山县冬麦长势良好")
    first = (await share(stage, commission)).now.answered_ms
    stage.clock.forward(hours=1)
    (heard,) = await stage.say("张三", f"/报送 #约1 云山县蔬菜供应充足\n{BODY}")
    assert "已作为 约 2026-001" in heard.text
    assert (await share(stage, commission)).now.answered_ms == first


async def test_a_corrected_version_is_not_linked_twice(stage: Stage) -> None:
    await issue(stage)
    number = await send(stage, "张三", "#约1 云山县冬麦长势良好")
    (heard,) = await stage.say("张三", f"/报送 {number} #约1\n{BODY}")
    assert "第2版" in heard.text
    assert "已作为" not in heard.text


async def test_a_corrected_version_answers_no_other_commission_by_its_title(stage: Stage) -> None:
    await issue(stage, "秋粮收购进度情况")
    number = await send(stage, "张三", "#约1 云山县冬季农业生产情况")
    other = await issue(stage)
    await stage.say("张三", f"/报送 {number} 云山县{TOPIC}\n{BODY}")
    assert await stage_of(stage, other) == "待签收"


async def test_whoever_may_not_send_items_is_not_taken_for_a_reporter(stage: Stage) -> None:
    await issue(stage)
    assert await stage.say("吴科员", "#约1 请大家抓紧\n周五以前要", GROUP) == []
    (heard,) = await stage.say("吴科员", "#约1 怎么样了")
    assert not heard.text.startswith("收到")


async def test_the_same_text_sent_again_with_the_mark_is_linked(stage: Stage) -> None:
    commission = await issue(stage)
    await send(stage, "张三", "云山县冬麦长势良好")
    (heard,) = await stage.say("张三", "/报送 云山县冬麦长势良好 #约1\n云山县冬麦长势良好的正文。")
    assert "没有重复登记。\n已作为 约 2026-001" in heard.text
    assert await stage_of(stage, commission) == "已报送"


async def test_a_number_that_is_wrong_does_not_lose_the_item(stage: Stage) -> None:
    await issue(stage)
    (heard,) = await stage.say("张三", f"/报送 #约9 云山县冬麦长势良好\n{BODY}")
    assert heard.text == (
        "收到 2026-0001《云山县冬麦长势良好》 云山县 11-23 09:41\n"
        "没有找到约稿 约 2026-009。编号可以写：约18、约 2026-018。这条没有关联约稿。"
    )
    (heard,) = await stage.say("孙七", f"/报送 #约1 文旅局冬季活动\n{BODY}")
    assert heard.text.endswith("\n约 2026-001 没有安排您单位，这条没有关联约稿。")


async def test_a_file_answers_by_the_mark_in_its_text(stage: Stage) -> None:
    commission = await issue(stage)
    data = word_file("#约1 云山县冬麦长势良好", BODY)
    (heard,) = await stage.drop_file("张三", "冬麦.docx", data, GROUP)
    assert "已作为 约 2026-001" in heard.text
    assert await stage_of(stage, commission) == "已报送"


async def test_a_file_answers_by_the_mark_in_its_name(stage: Stage) -> None:
    commission = await issue(stage)
    await stage.drop_file("张三", "#约1 冬麦.docx", word_file("云山县冬麦长势良好", BODY), GROUP)
    assert await stage_of(stage, commission) == "已报送"


async def test_a_file_answers_by_its_title(stage: Stage) -> None:
    commission = await issue(stage)
    await stage.drop_file("张三", "终稿.docx", word_file(f"云山县{TOPIC}", BODY), GROUP)
    assert await stage_of(stage, commission) == "已报送"


async def test_withdrawn_it_answers_no_more(stage: Stage) -> None:
    commission = await issue(stage)
    number = await send(stage, "张三", "#约1 云山县冬麦长势良好")
    await stage.say("张三", f"/撤回 {number}")
    assert await stage_of(stage, commission) == "已签收"


async def test_it_can_be_linked_afterwards_and_counts_from_when_it_came(stage: Stage) -> None:
    commission = await issue(stage)
    number = await send(stage, "张三", "云山县冬麦长势良好")
    sent = (await item(stage, number)).submitted_ms
    stage.clock.forward(days=5)
    (heard,) = await stage.say("吴科员", f"/关联 {number} 约1")
    assert heard.text == "2026-0001《云山县冬麦长势良好》已作为 约 2026-001《冬季农业生产情况》云山县的报送。"
    assert (await share(stage, commission)).now.answered_ms == sent
    (heard,) = await stage.say("张三", f"/关联 {number} 约1")
    assert heard.text == "2026-0001《云山县冬麦长势良好》已经是 约 2026-001 的报送。"


async def test_another_units_item_is_not_theirs_to_link(stage: Stage) -> None:
    await issue(stage)
    number = await send(stage, "王五", "清河区冬麦长势良好")
    (heard,) = await stage.say("张三", f"/关联 {number} 约1")
    assert "没有找到编号为 2026-0001 的信息" in heard.text


async def test_of_several_parts_the_one_the_title_names_is_answered(stage: Stage) -> None:
    parts = (NewAssignment(2, 1, True, "田间管理"), NewAssignment(2, 2, False, "农资供应和价格"))
    commission = await issue(stage, parts=parts)
    (heard,) = await stage.say("张三", f"/报送 #约1 云山县农资供应和价格平稳\n{BODY}")
    assert "已作为 约 2026-001《冬季农业生产情况》（农资供应和价格）的报送。" in heard.text
    assert [await stage_of(stage, commission, part=part) for part in (1, 2)] == ["待签收", "已报送"]
    await stage.say("张三", f"/报送 #约1 云山县冬管有序\n{BODY}")
    assert [await stage_of(stage, commission, part=part) for part in (1, 2)] == ["已报送", "已报送"]


def stored_items(tx: Tx) -> int:
    found = tx.one("SELECT COUNT(*) FROM item_version")
    assert found is not None
    return int(found[0])


async def test_what_may_not_be_in_a_chat_is_not_taken_here(stage: Stage) -> None:
    commission = await issue(stage, off_chat=True)
    referral = (
        "约 2026-001 的材料不能在这里报送，没有收下，也没有保存，请撤回刚才那条消息。"
        "请从 OA 报送，报送后发“/已报 约 2026-001”登记。"
    )  # fmt: skip
    (heard,) = await stage.say("张三", f"/报送 #约1 云山县冬麦长势良好\n{BODY}")
    assert heard.text == referral
    (heard,) = await stage.drop_file("张三", "冬麦.docx", word_file("#约1 云山县冬麦长势良好", BODY))
    assert heard.text == referral
    quoted = await pushed_id(stage, commission)
    (heard,) = await stage.say("张三", f"云山县冬麦长势良好\n{BODY}", GROUP, at_bot=True, quote=quoted)
    assert heard.text == referral
    assert await stage.store.read(stored_items) == 0
    (heard,) = await stage.say("张三", f"/报送 云山县{TOPIC}\n{BODY}")
    assert "已作为" not in heard.text


async def test_sent_through_oa_it_is_registered_and_may_be_taken_back(stage: Stage) -> None:
    commission = await issue(stage, off_chat=True)
    (heard,) = await stage.say("张三", "/已报 约1 OA 11月24日")
    assert heard.text == "已登记从其他渠道报送：约 2026-001云山县。登记错了请发“/撤销关联 约1”。"
    assert await stage_of(stage, commission) == "已报送"
    (heard,) = await stage.say("张三", "/已报 约1")
    assert "已经登记过" in heard.text
    (heard,) = await stage.say("张三", "/撤销关联 约1")
    assert heard.text == "已撤销登记：约 2026-001云山县，现在是“已签收”。"


async def test_the_office_registers_it_for_a_unit(stage: Stage) -> None:
    commission = await issue(stage)
    (heard,) = await stage.say("吴科员", "/已报 约1 清河区 邮箱")
    assert "可以销号：/销号 约1 清河区" in heard.text
    assert await stage_of(stage, commission, 3) == "已报送"


async def test_adopting_it_reminds_the_office_to_close(stage: Stage) -> None:
    await issue(stage)
    number = await send(stage, "张三", "#约1 云山县冬麦长势良好")
    heard = await stage.say("吴科员", f"/采用 {number} 每日要情 128")
    assert "这是约 2026-001《冬季农业生产情况》云山县的报送，可以销号：/销号 约1 云山县" in told(heard, "吴科员")
