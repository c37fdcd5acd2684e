"""Callbacks: verified addresses, three deliveries, app XML, and the AI bot by URL with its streams."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import json
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import pytest

from .wecom import AiBot, App, Clock, WeComService, World, open_media
from .wecom.crypto import key_of
from .wecom.plain_bot import PlainCaller, PlainDesk

MORNING = datetime(2026, 11, 23, 9, 41, tzinfo=ZoneInfo("Asia/Shanghai"))
PNG = b"\x89PNG\r\n\x1a\n" + b"picture"
GROUP = "wrReporters"
URL = "https://example.org"


@pytest.fixture
async def service() -> AsyncIterator[WeComService]:
    clock = Clock(MORNING)
    async with WeComService(World.small(), clock=clock, callback_cut=0.1, poll_every=0.01) as service:
        yield service


@pytest.fixture
async def open_desk() -> AsyncIterator[Callable[[App | AiBot], Any]]:
    """Opens a callback address for an identity."""
    async with AsyncExitStack() as stack:

        async def opened(identity: App | AiBot) -> PlainDesk:
            desk = PlainDesk(identity.seal)
            identity.callback_url = await stack.enter_async_context(desk.open())
            return desk

        yield opened


@pytest.fixture
async def app_desk(service: WeComService, open_desk: Callable[[App | AiBot], Any]) -> PlainDesk:
    desk: PlainDesk = await open_desk(service.world.app)
    return desk


@pytest.fixture
async def bot_desk(service: WeComService, open_desk: Callable[[App | AiBot], Any]) -> PlainDesk:
    desk: PlainDesk = await open_desk(service.world.bot)
    return desk


def stream(text: str, *, finish: bool = True, **more: Any) -> str:
    return json.dumps({"msgtype": "stream", "stream": {"id": "s1", "finish": finish, "content": text} | more})


async def test_an_address_is_verified_with_the_right_key_only(
    service: WeComService, app_desk: PlainDesk, bot_desk: PlainDesk
) -> None:
    assert (await service.verify(service.world.app)).ok
    assert (await service.verify(service.world.bot)).ok
    wrong = service.world.add_app(1000009, service.world.app.callback_url)
    refused = await service.verify(wrong)
    assert (refused.ok, refused.status) == (False, 403)
    wrong.callback_url = "http://127.0.0.1:9/"
    assert (await service.verify(wrong)).status is None
    assert app_desk.came == []


async def test_a_message_to_the_app_arrives_once_when_it_is_taken(service: WeComService, app_desk: PlainDesk) -> None:
    app = service.world.app
    spoken = await service.say("zhangsan", "报送 ]]> & 关于防汛", to=app)
    assert [delivery.status for delivery in spoken.deliveries] == [200]
    fields = app_desk.xmls()[0]
    assert fields["Content"] == "报送 ]]> & 关于防汛"
    assert (fields["MsgType"], fields["MsgId"]) == ("text", spoken.message_id)
    assert (fields["ToUserName"], fields["AgentID"]) == (app.seal.receive_id, "1000002")


async def test_an_unanswered_callback_comes_three_times_with_one_id(service: WeComService, app_desk: PlainDesk) -> None:
    app_desk.waits = [0.3, 0.3]
    spoken = await service.say("zhangsan", "慢", to=service.world.app)
    assert [delivery.status for delivery in spoken.deliveries] == [None, None, 200]
    assert {fields["MsgId"] for fields in app_desk.xmls()} == {spoken.message_id}
    assert len({delivery.params["nonce"] for delivery in spoken.deliveries}) == 3
    app_desk.statuses = [500, 500, 500, 200]
    lost = await service.say("zhangsan", "坏", to=service.world.app)
    assert (lost.reached, len(lost.deliveries)) == (False, 3)


async def test_an_acknowledgement_can_get_lost_and_a_delivery_be_replayed(
    service: WeComService, app_desk: PlainDesk
) -> None:
    service.faults.duplicate = 1
    spoken = await service.say("zhangsan", "两次", to=service.world.app)
    again = await service.replay(spoken.deliveries[0])
    assert (len(spoken.deliveries), again.taken) == (2, True)
    assert again.body == spoken.deliveries[0].body
    repeated = await service.repeat(spoken)
    assert len({fields["MsgId"] for fields in app_desk.xmls()}) == 1
    assert (repeated.message_id, len(app_desk.came)) == (spoken.message_id, 4)


async def test_the_app_is_told_of_pictures_voices_files_places_and_links(
    service: WeComService, app_desk: PlainDesk
) -> None:
    app = service.world.app
    await service.send_image("lisi", PNG, to=app)
    await service.send_voice("lisi", "今日情况", to=app)
    await service.send_video("lisi", b"a video", to=app)
    await service.send_file("lisi", "月报.docx", b"content", to=app)
    await service.send_location("lisi", "云山县政府", 23.1, 113.3)
    await service.send_link("lisi", "报道", URL)
    image, voice, video, file, place, link = app_desk.xmls()
    assert [one["MsgType"] for one in app_desk.xmls()] == [
        "image",
        "voice",
        "video",
        "file",
        "location",
        "link",
    ]
    assert (voice["Format"], file["FileName"], file["FileSize"]) == ("amr", "月报.docx", "7")
    assert (place["Label"], link["Url"], bool(video["ThumbMediaId"])) == ("云山县政府", URL, True)
    async with PlainCaller.of(service) as caller:
        token = await caller.token()
        fetched = await caller.fetch("media/get", access_token=token, media_id=image["MediaId"])
        assert fetched.content == PNG


async def test_the_app_is_told_of_entries_clicks_and_changes_in_the_address_book(
    service: WeComService, app_desk: PlainDesk
) -> None:
    await service.enter("lisi", to=service.world.app)
    await service.click_menu("lisi", "MY_SCORE")
    await service.change_contact("create_user", {"UserID": "sunliu", "Name": "孙六", "Department": "1,2"})
    entered, clicked, changed = app_desk.xmls()
    assert (entered["Event"], entered["AgentID"]) == ("enter_agent", "1000002")
    assert (clicked["Event"], clicked["EventKey"]) == ("click", "MY_SCORE")
    assert (changed["FromUserName"], changed["ChangeType"], changed["UserID"]) == (
        "sys",
        "create_user",
        "sunliu",
    )
    assert "AgentID" not in changed


async def test_a_tap_on_a_card_of_the_app_carries_a_fresh_code_and_the_choices(
    service: WeComService, app_desk: PlainDesk
) -> None:
    buttons = [{"text": "收到", "key": "ack"}]
    card = {"card_type": "button_interaction", "main_title": {"title": "约稿"}, "button_list": buttons}
    body = {"touser": "lisi|wangwu", "agentid": 1000002, "msgtype": "template_card"}
    async with PlainCaller.of(service) as caller:
        await caller.ask("message/send", body | {"template_card": card | {"task_id": "c-7"}})
        await service.tap_card("lisi", "ack", selected={"q1": ["o1", "o2"]})
        fields = app_desk.xmls()[0]
        assert (fields["EventKey"], fields["TaskId"], fields["CardType"]) == (
            "ack",
            "c-7",
            "button_interaction",
        )
        assert "<OptionId><![CDATA[o1]]></OptionId><OptionId><![CDATA[o2]]></OptionId>" in app_desk.came[0]
        change = {"agentid": 1000002, "response_code": fields["ResponseCode"], "atall": 1}
        done = await caller.ask("message/update_template_card", change | {"button": {"replace_name": "已收到"}})
    assert done["errcode"] == 0
    assert "已收到" in service.card_of("wangwu").text_for("wangwu")


async def test_a_passive_answer_reaches_the_sender_alone(service: WeComService, app_desk: PlainDesk) -> None:
    app_desk.answer = lambda plain: "<xml><MsgType>text</MsgType><Content>收到</Content></xml>"
    await service.say("lisi", "在吗", to=service.world.app)
    assert [heard.text for heard in service.heard_by("lisi")] == ["收到"]
    assert service.heard_by("zhangsan") == []


async def test_a_passive_card_update_changes_the_card_of_the_one_who_tapped(
    service: WeComService, app_desk: PlainDesk
) -> None:
    buttons = [{"text": "收到", "key": "ack"}]
    card = {"card_type": "button_interaction", "main_title": {"title": "约稿"}, "button_list": buttons}
    body = {"touser": "lisi|wangwu", "agentid": 1000002, "msgtype": "template_card"}
    async with PlainCaller.of(service) as caller:
        await caller.ask("message/send", body | {"template_card": card | {"task_id": "c-7"}})
    button = "<Button><ReplaceName>已收到</ReplaceName></Button>"
    app_desk.answer = lambda plain: f"<xml><MsgType>update_button</MsgType>{button}</xml>"
    await service.tap_card("lisi", "ack")
    assert service.card_of("lisi").buttons_for("lisi") == {}
    assert service.card_of("wangwu").buttons_for("wangwu") == {"ack": "收到"}


async def test_the_ai_bot_by_url_answers_in_its_response(service: WeComService, bot_desk: PlainDesk) -> None:
    bot_desk.answer = lambda plain: stream("已收到")
    spoken = await service.say("zhangsan", "报送", GROUP)
    asked = bot_desk.jsons()[0]
    assert asked["text"]["content"] == "@信息报送 报送"
    assert asked["response_url"].startswith(service.api_base)
    assert (await service.answer_to(spoken)).text == "已收到"
    assert service.violations == []


async def test_an_unfinished_stream_is_polled_until_it_ends(service: WeComService, bot_desk: PlainDesk) -> None:
    picture = {"base64": base64.b64encode(PNG).decode(), "md5": hashlib.md5(PNG).hexdigest()}
    replies = iter(
        [
            stream("正在查", finish=False),
            stream("正在查：1 件", finish=False),
            stream("共 3 件", msg_item=[{"msgtype": "image", "image": picture}]),
        ]
    )
    bot_desk.answer = lambda plain: next(replies)
    spoken = await service.say("lisi", "查询")
    heard = await service.answer_to(spoken)
    assert (heard.text, heard.images, len(service.heard)) == ("共 3 件", (PNG,), 1)
    message, *polls = bot_desk.jsons()
    assert [poll["stream"] for poll in polls] == [{"id": "s1"}] * 2
    assert message["msgtype"] == "text"


async def test_polling_ends_six_minutes_after_the_message(service: WeComService, bot_desk: PlainDesk) -> None:
    bot_desk.answer = lambda plain: stream("还在查", finish=False)
    await service.say("lisi", "查询")
    service.clock.advance(361)
    await asyncio.sleep(0.1)
    polls = len(bot_desk.came)
    await asyncio.sleep(0.05)
    assert len(bot_desk.came) == polls <= 3
    assert not service.heard[0].finished


async def test_a_late_answer_goes_to_the_response_url_once_within_an_hour(
    service: WeComService, bot_desk: PlainDesk
) -> None:
    spoken = await service.say("lisi", "查询", GROUP)
    await service.say("lisi", "又问", GROUP)
    urls = [asked["response_url"] for asked in bot_desk.jsons()]
    body = json.dumps({"msgtype": "markdown", "markdown": {"content": "查到了"}}, ensure_ascii=False).encode()
    async with httpx.AsyncClient(trust_env=False, verify=False) as http:
        sealed = json.dumps({"encrypt": service.world.bot.seal.close(body)}).encode()
        assert (await http.post(urls[0], content=sealed)).json()["errcode"] == 40008
        assert (await http.post(urls[0], content=body)).json()["errcode"] == 0
        assert (await http.post(urls[0], content=body)).json()["errcode"] == 60140
        service.clock.advance(3601)
        assert (await http.post(urls[1], content=body)).json()["errcode"] == 60140
    assert (await service.answer_to(spoken)).text == "查到了"


async def test_a_file_by_url_is_sealed_with_the_key_of_the_bot(service: WeComService, bot_desk: PlainDesk) -> None:
    posted = await service.send_file("zhangsan", "情况.docx", b"content", GROUP)
    await service.quote_file("zhangsan", posted, "报送", GROUP)
    file = bot_desk.jsons()[0]["quote"]["file"]
    assert "aeskey" not in file
    async with httpx.AsyncClient(trust_env=False, verify=False) as http:
        sealed = (await http.get(file["url"])).content
    assert open_media(key_of(service.world.bot.seal.encoding_aes_key), sealed) == b"content"


async def test_a_tap_and_an_entry_by_url_take_their_own_replies(service: WeComService, bot_desk: PlainDesk) -> None:
    title = {"title": "约稿"}
    card: dict[str, Any] = {"card_type": "button_interaction", "main_title": title, "task_id": "t-1"}
    card["button_list"] = [{"text": "收到", "key": "ack"}]
    bot_desk.answer = lambda plain: json.dumps({"msgtype": "text", "text": {"content": "欢迎"}})
    await service.enter("lisi")
    bot_desk.answer = lambda plain: json.dumps({"msgtype": "template_card", "template_card": card})
    await service.say("lisi", "约稿")
    done = {**card, "button_list": [{"text": "已收到", "key": "none"}]}
    update = {"response_type": "update_template_card", "template_card": done}
    bot_desk.answer = lambda plain: json.dumps(update)
    await service.tap_card("lisi", "ack")
    assert [heard.text for heard in service.heard] == ["欢迎", "约稿\n[收到]"]
    assert service.card_of("lisi").buttons_for("lisi") == {"none": "已收到"}
    bot_desk.statuses = [500]
    assert len((await service.tap_card("lisi", "none")).deliveries) == 1


@pytest.mark.parametrize("reply", ["{", json.dumps({"msgtype": "text", "text": {"content": "x"}}), json.dumps([1])])
async def test_a_bad_reply_is_seen_by_nobody_and_noted(service: WeComService, bot_desk: PlainDesk, reply: str) -> None:
    bot_desk.answer = lambda plain: reply
    assert (await service.say("lisi", "查询")).reached
    assert service.heard == []
    assert len(service.violations) == 1


async def test_an_app_never_hears_a_group(service: WeComService) -> None:
    with pytest.raises(ValueError, match="never hears a group"):
        await service.say("lisi", "有人吗", GROUP, to=service.world.app)
    with pytest.raises(ValueError, match="is not in"):
        await service.say("zhangsan", "我不在里面", "wrOffice")
