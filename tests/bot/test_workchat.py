"""WeChat Work, seen by people: what they say in private and in groups, over either transport, and what comes back."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from bot.channels.wecom import Config
from bot.channels.workchat import identities
from domain.moment import to_ms
from domain.speech import Outgoing
from storage import outbox
from storage.engine import Tx
from storage.outbox import Sending
from tests.bot.workchat_town import GROUP, OFFICE, Town, Transport, town
from tests.documents.samples import word_file
from tests.peers.wecom import ANSWER_LOST, HANGING, Script, refusing

# NoneBot's httpx driver hands cookies over in a way httpx means to give up.
pytestmark = pytest.mark.filterwarnings("ignore:Setting per-request cookies:DeprecationWarning")

ITEM = "报送 云山县春耕备耕进展顺利\n截至3月10日，全县已备足化肥农药，完成春耕整地八成。"


@pytest.fixture(params=["websocket", "callback"])
async def city(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Town]:
    """All three identities, the AI bot over one transport and then over the other."""
    transport: Transport = request.param
    async with town(tmp_path, monkeypatch, transport) as played:
        yield played


async def test_what_is_reported_to_the_app_in_private_is_receipted_there(city: Town) -> None:
    await city.service.say("zhangsan", ITEM, to=city.service.world.app)
    receipt = await city.told("zhangsan", "收到 2026-0001《云山县春耕备耕进展顺利》")
    assert receipt.via == "app"


async def test_what_is_reported_in_a_group_is_answered_by_the_ai_bot_there(city: Town) -> None:
    spoken = await city.service.say("zhangsan", ITEM, GROUP)
    heard = await city.service.answer_to(spoken)
    assert heard.chat == ("group", GROUP)
    assert "收到 2026-0001《云山县春耕备耕进展顺利》" in heard.text


async def test_a_file_that_is_quoted_to_the_bot_is_taken_in_under_its_own_name(city: Town) -> None:
    file = await city.service.send_file(
        "zhangsan", "情况.docx", word_file("云山县防汛情况", "全县水库水位正常。"), GROUP, to=city.service.world.bot
    )
    spoken = await city.service.quote_file("zhangsan", file, "报送", GROUP)
    assert "收到 2026-0001《云山县防汛情况》" in await city.answered(spoken)


async def test_files_are_taken_in_in_private_by_the_app_and_by_the_ai_bot(city: Town) -> None:
    world = city.service.world
    await city.service.send_file("zhangsan", "一.docx", word_file("云山县春耕情况", "进展顺利。"), to=world.app)
    assert (await city.told("zhangsan", "《云山县春耕情况》")).via == "app"
    for title in ("云山县夏粮收购情况", "云山县秋季招生情况"):
        await city.service.send_file("zhangsan", "件.docx", word_file(title, f"{title}良好。"), to=world.bot)
    assert (await city.told("zhangsan", "《云山县夏粮收购情况》")).via == "aibot"
    assert (await city.told("zhangsan", "《云山县秋季招生情况》")).via == "aibot"
    assert await city.count("item") == 3


async def test_a_question_quoting_a_file_is_a_question(city: Town) -> None:
    file = await city.service.send_file("zhangsan", "一.docx", word_file("标题", "正文。"), GROUP)
    spoken = await city.service.quote_file("zhangsan", file, "排名", GROUP)
    assert "收到" not in await city.answered(spoken)
    assert await city.count("item") == 0


async def test_three_deliveries_of_one_message_make_one_item_and_one_answer(city: Town) -> None:
    app = city.service.world.app
    spoken = await city.service.say("zhangsan", ITEM, to=app)
    await city.service.repeat(spoken)
    await city.service.repeat(spoken)
    await city.told("zhangsan", "收到 2026-0001")
    in_group = await city.service.say("zhangsan", "我的信息", GROUP)
    await city.service.repeat(in_group)
    await city.answered(in_group)
    await city.told("zhangsan", "共 1 条")
    await city.service.silence()
    assert await city.count("item") == 1
    assert len([heard for heard in city.service.heard if "收到 2026" in heard.text]) == 1


async def test_a_bare_report_in_a_group_is_answered_with_the_ways(city: Town) -> None:
    answer = await city.answered(await city.service.say("zhangsan", "报送", GROUP))
    assert "引用" in answer
    assert "私聊" in answer
    again = await city.answered(await city.service.say("zhangsan", "你好", GROUP))
    assert "没看懂" in again


async def test_whoever_opens_the_chat_with_the_ai_bot_is_greeted(city: Town) -> None:
    await city.service.enter("zhangsan")
    assert "/报送" in (await city.told("zhangsan", "您好")).text


async def test_a_callback_is_answered_when_its_message_is_stored(city: Town) -> None:
    spoken = await city.service.say("zhangsan", ITEM, to=city.service.world.app)
    assert await city.count("inbox") == 1
    assert [delivery.taken for delivery in spoken.deliveries] == [True]


async def test_what_the_database_cannot_keep_is_brought_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with town(tmp_path, monkeypatch, "callback") as city:
        await city.house.parts.store.close()
        spoken = await city.service.say("zhangsan", ITEM, to=city.service.world.app)
        assert [delivery.status for delivery in spoken.deliveries] == [500, 500, 500]
        await city.house.parts.store.open()
        await city.service.repeat(spoken)
        await city.told("zhangsan", "收到 2026-0001")


async def test_encrypted_userids_become_the_people_the_app_knows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with town(tmp_path, monkeypatch) as city:
        city.service.world.bot.encrypts_userids = True
        assert "收到 2026-0001" in await city.answered(await city.service.say("zhangsan", ITEM, GROUP))
        await city.answered(await city.service.say("zhangsan", "我的信息", GROUP))
        assert len(city.service.calls_of("batch/openuserid_to_userid")) == 1


async def send(city: Town, target: str, text: str, **more: Any) -> None:
    """The house says something nobody asked for."""
    now_ms = to_ms(city.house.clock.now())

    def put(tx: Tx) -> bool:
        return outbox.put(tx, "wecom", target, Outgoing(text, **more), dedup=text, kind="test", now_ms=now_ms)

    await city.house.parts.store.run(put)


async def test_people_are_written_to_by_the_app_and_groups_by_their_webhook(city: Town) -> None:
    await send(city, "p:zhangsan", "您的信息被采用了")
    assert (await city.told("zhangsan", "采用")).via == "app"
    await send(city, f"g:{GROUP}", "上月排名")
    assert (await city.service.group_hears(GROUP, "上月排名")).via == "webhook"


async def test_a_webhook_that_was_removed_gives_way_to_the_ai_bot_and_the_office_can_see_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with town(tmp_path, monkeypatch) as city:
        await city.answered(await city.service.say("zhangsan", "我的信息", GROUP))
        city.service.faults.next("webhook/send", refusing(93000))
        await send(city, f"g:{GROUP}", "上月排名")
        assert (await city.service.group_hears(GROUP, "上月排名")).via == "aibot"
        sent = await city.parcel(Sending.SENT)
        assert sent.error.startswith("改由智能机器人发出（群机器人：群机器人的密钥无效")


async def test_an_answer_that_came_too_late_for_the_bot_goes_the_next_way(city: Town) -> None:
    name = "aibot_respond_msg" if city.service.world.bot.callback_url is None else "aibot/response"
    city.service.faults.next(name, refusing(846605 if name == "aibot_respond_msg" else 60140))
    await city.service.say("zhangsan", ITEM, GROUP)
    heard = await city.service.group_hears(GROUP, "收到 2026-0001")
    assert heard.via == ("aibot" if name == "aibot_respond_msg" else "webhook")


async def test_a_lost_answer_of_the_service_leaves_the_message_unknown_and_it_goes_no_other_way(city: Town) -> None:
    city.service.faults.next("message/send", ANSWER_LOST)
    await send(city, "p:zhangsan", "只说一次")
    assert "没有回音" in (await city.parcel(Sending.UNKNOWN)).error
    assert [heard.via for heard in city.service.heard_by("zhangsan")] == ["app"]


async def test_an_ack_of_the_long_connection_that_never_comes_leaves_the_answer_unknown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(identities, "Config", partial(Config, wecom_ack_seconds=0.2))
    async with town(tmp_path, monkeypatch) as city:
        city.service.faults.next("aibot_respond_msg", HANGING)
        await city.service.say("zhangsan", ITEM, GROUP)
        await city.service.group_hears(GROUP, "收到 2026-0001")
        async with asyncio.timeout(5):
            while not (unknown := await city.parcels(Sending.UNKNOWN)):
                await asyncio.sleep(0.02)
        assert "没有回音" in unknown[0].error
        assert len(city.service.heard_in(GROUP)) == 1


async def test_what_the_company_did_not_sign_leaves_no_trace(city: Town) -> None:
    world = city.service.world
    spoken = await city.service.say("zhangsan", "我的信息", to=world.app)
    await city.told("zhangsan", "您还没有报送过")
    [taken] = spoken.deliveries
    before = (await city.count("inbox"), city.service.mark())
    other = taken.body.replace(b"<Encrypt><![CDATA[", b"<Encrypt><![CDATA[A", 1)
    for params, body, status in (
        (taken.params | {"msg_signature": "0" * 40}, taken.body, 403),
        (taken.params | {"nonce": "other"}, taken.body, 403),
        (taken.params, other, 403),
        (taken.params, taken.body[:40], 400),
        (taken.params, b"", 400),
        (taken.params, b"x" * 10_000_000, 413),
        ({}, taken.body, 403),
    ):
        delivery = await city.service.callbacks.post(taken.url, params, body)
        assert delivery.status == status, (params, body[:60])
    assert (await city.service.replay(taken)).status == 200
    await city.service.silence()
    assert (await city.count("inbox"), city.service.mark()) == before


@pytest.mark.parametrize(
    ("code", "says"), [(60020, "企业可信IP"), (40013, "wecom.corp_id"), (81013, "可见范围"), (60011, "权限")]
)
async def test_a_refusal_tells_the_office_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int, says: str
) -> None:
    async with town(tmp_path, monkeypatch, aibot=None) as city:
        city.service.faults.next("message/send", refusing(code))
        await send(city, "p:zhangsan", "说不出去")
        assert says in (await city.parcel(Sending.REFUSED)).error


async def test_too_fast_means_later_not_elsewhere(city: Town) -> None:
    city.service.faults.next("webhook/send", refusing(45009))
    await send(city, f"g:{GROUP}", "上月排名")
    async with asyncio.timeout(5):
        while not (await city.parcel(Sending.PENDING)).error:
            await asyncio.sleep(0.02)
    assert "太快" in (await city.parcel(Sending.PENDING)).error
    assert city.service.heard_in(GROUP) == []
    city.house.clock.forward(seconds=61)
    assert (await city.service.group_hears(GROUP, "上月排名")).via == "webhook"


async def test_a_person_is_sent_no_more_than_the_service_shows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with town(tmp_path, monkeypatch, aibot=None) as city:
        for number in range(32):
            await send(city, "p:zhangsan", f"第{number}条")
        await city.told("zhangsan", "第29条")
        await city.parcel(Sending.PENDING)
        assert len(city.service.heard_by("zhangsan")) == 30
        assert city.service.dropped == []


async def test_a_long_text_goes_out_in_numbered_parts_cut_between_characters(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with town(tmp_path, monkeypatch, aibot=None) as city:
        await send(city, "p:zhangsan", "报" * 1500)
        await city.told("zhangsan", "(3/3)")
        parts = [heard.text for heard in city.service.heard_by("zhangsan")]
        assert [part[:5] for part in parts] == ["(1/3)", "(2/3)", "(3/3)"]
        assert "".join(part.removeprefix(part[:6]) for part in parts) == "报" * 1500


async def test_a_long_text_that_breaks_off_is_unknown_and_does_not_begin_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with town(tmp_path, monkeypatch, aibot=None) as city:
        city.service.faults.next("message/send", Script())
        city.service.faults.next("message/send", refusing(60020))
        await send(city, "p:zhangsan", "报" * 1500)
        assert "共 3 段，只发出前 1 段" in (await city.parcel(Sending.UNKNOWN)).error


async def test_a_group_without_a_webhook_and_without_a_push_is_refused_with_what_is_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with town(tmp_path, monkeypatch, "callback", webhooks=None) as city:
        await send(city, f"g:{GROUP}", "上月排名")
        assert "没有群机器人密钥" in (await city.parcel(Sending.REFUSED)).error


async def test_the_office_registers_a_group_by_saying_so_in_it(city: Town) -> None:
    world = city.service.world
    unheard = await city.service.say("zhaozhuren", "待办", OFFICE)
    answer = await city.answered(await city.service.say("zhaozhuren", "绑定本群 办公 信息科", OFFICE))
    assert "本群是“办公”群，名称“信息科”" in answer
    await city.known_as(OFFICE, "办公")
    assert await city.answered(await city.service.say("zhaozhuren", "待办", OFFICE))
    assert (await city.answered(unheard)).endswith("要在这里用，请发：@我 绑定本群")
    await city.service.say("zhaozhuren", "绑定本群", to=world.app)
    await city.told("zhaozhuren", "请在要登记的群里发")


async def test_only_the_office_registers_a_group(city: Town) -> None:
    world = city.service.world
    world.groups[OFFICE].members.append("zhangsan")
    answer = await city.answered(await city.service.say("zhangsan", "绑定本群", OFFICE))
    assert answer == "您没有“/绑定本群”的权限。如有需要，请联系信息科。"
    told = await city.answered(await city.service.say("zhangsan", "我的得分", OFFICE))
    assert "请信息科的人在群里发“@我 绑定本群”" in told
    await city.service.say("zhangsan", "我的得分", OFFICE)
    await city.service.silence()


async def test_a_group_for_notices_can_become_one_for_reports(city: Town) -> None:
    await city.answered(await city.service.say("zhaozhuren", "绑定本群 通知", GROUP))
    await city.known_as(GROUP, "通知")
    await city.service.say("zhangsan", ITEM, GROUP)
    assert (await city.told("zhangsan", "只用来发通知")).via == "app"
    answer = await city.answered(await city.service.say("zhaozhuren", "绑定本群 报送", GROUP))
    assert "名称“信息报送群”" in answer
    await city.known_as(GROUP, "报送")
    assert "收到" in await city.answered(await city.service.say("zhangsan", ITEM, GROUP))


async def test_the_office_attaches_a_webhook_in_private_and_takes_it_away_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with town(tmp_path, monkeypatch, "callback", webhooks=None) as city:
        world = city.service.world
        address = f"{city.service.api_base}/webhook/send?key={world.webhook.key}"

        async def says(text: str, answer: str) -> None:
            since = city.service.mark()
            await city.service.say("zhaozhuren", text, to=world.app)
            await city.service.private_to("zhaozhuren", answer, since=since)

        await says("/群机器人", "信息报送群：没有群机器人")
        await says("/群机器人 信息报送群 随便写的", "不像群机器人的密钥")
        await says(f"/群机器人 不认识的群 {address}", "信息报送群")
        await says(f"/群机器人 信息报送群 {address}", "信息报送群配好了群机器人")
        await says("/群机器人", "信息报送群：有群机器人")
        await send(city, f"g:{GROUP}", "上月排名")
        assert (await city.service.group_hears(GROUP, "上月排名")).via == "webhook"
        rows = await city.house.parts.store.read(
            lambda tx: tx.all("SELECT * FROM audit") + tx.all("SELECT * FROM inbox")
        )
        assert world.webhook.key not in str(rows)
        await says("/群机器人 信息报送群 删除", "解除了")
        await send(city, f"g:{GROUP}", "本月排名")
        assert "没有群机器人密钥" in (await city.parcel(Sending.REFUSED)).error
        in_group = await city.answered(await city.service.say("zhaozhuren", f"/群机器人 信息报送群 {address}", GROUP))
        assert "不能发在群里" in in_group
