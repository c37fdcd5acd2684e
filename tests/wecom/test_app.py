"""An app: what it sends, on both drivers."""

from __future__ import annotations

import asyncio

import pytest

from bot.channels.wecom import (
    ActionFailed,
    ApiNotAvailable,
    Button,
    CardError,
    Kind,
    MediaError,
    Message,
    MessageSegment,
    Target,
    button_card,
)
from tests.wecom.desk import APP, desk
from tests.wecom.fake import AGENT, FakeService, error

PERSON = Target.user("zhangsan")


async def test_a_person_gets_a_text_in_raw_characters(service: FakeService, driver: str) -> None:
    async with desk(service, APP, driver=driver) as it:
        (sent,) = await it.app.send_to(PERSON, "编号 20260001：防汛情况")
    (call,) = service.of("message/send")
    assert call.body == {
        "touser": "zhangsan",
        "agentid": AGENT,
        "msgtype": "text",
        "text": {"content": "编号 20260001：防汛情况"},
    }
    assert b"\\u" not in call.raw
    assert sent.msgid


async def test_a_file_keeps_its_chinese_name_and_quotes_cannot_break_the_header(
    service: FakeService, driver: str
) -> None:
    async with desk(service, APP, driver=driver) as it:
        await it.app.send_to(PERSON, MessageSegment.file(b"0123456789", name='月报 11"a\\b\r\n.docx'))
    (call,) = service.of("media/upload")
    assert call.file == ("月报 11_a_b__.docx", b"0123456789")
    assert service.of("message/send")[0].body["file"] == {"media_id": "MEDIA0"}


async def test_many_messages_share_a_connection(service: FakeService, driver: str) -> None:
    async with desk(service, APP, driver=driver) as it:
        for number in range(10):
            await it.app.send_to(PERSON, f"提醒 {number}")
    assert len({call.port for call in service.calls}) == 1


async def test_a_long_text_is_cut_by_bytes_between_characters_and_numbered(service: FakeService) -> None:
    async with desk(service, APP) as it:
        await it.app.send_to(PERSON, "报" * 1500)
    texts = [call.body["text"]["content"] for call in service.of("message/send")]
    assert [text[:6] for text in texts] == ["(1/3) ", "(2/3) ", "(3/3) "]
    assert all(len(text.encode()) <= 2048 for text in texts)
    assert "".join(text[6:] for text in texts) == "报" * 1500


async def test_receivers_that_were_not_reached_are_named(service: FakeService) -> None:
    service.invalid_users = {"Nobody"}
    async with desk(service, APP) as it:
        (sent,) = await it.app.send_to(Target.user("zhangsan", "Nobody"), "通知")
        with pytest.raises(ActionFailed) as failed:
            await it.app.send_to(Target.user("Nobody"), "通知")
    assert sent.invalid_users == ("nobody",)
    assert failed.value.errcode == 81013
    assert failed.value.kind is Kind.RECIPIENT


async def test_departments_and_tags_are_never_taken_for_people(service: FakeService) -> None:
    async with desk(service, APP) as it:
        await it.app.send_to(Target.party("2", "3"), "通知")
        await it.app.send_to(Target.tag("7"), "通知")
        await it.app.send_to(Target.user("10086"), "通知")
        with pytest.raises(ValueError, match="holds"):
            await it.app.send_to(Target.user("a|b"), "通知")
    bodies = [call.body for call in service.of("message/send")]
    assert [(body.get("toparty"), body.get("totag"), body.get("touser")) for body in bodies] == [
        ("2|3", None, None),
        (None, "7", None),
        (None, None, "10086"),
    ]


async def test_a_card_with_buttons_can_be_updated_once_it_was_tapped(service: FakeService) -> None:
    card = button_card("待审：防汛", [Button("采用", "adopt:42"), Button("退回", "return:42", 3)], "item-42-r3")
    async with desk(service, APP) as it:
        (sent,) = await it.app.send_to(PERSON, MessageSegment.template_card(card))
        result = await it.app.update_card(sent.response_code, ["zhangsan"], button="已采用")
    assert service.of("message/send")[0].body["template_card"] == card
    assert service.of("message/update_template_card")[0].body == {
        "agentid": AGENT,
        "response_code": sent.response_code,
        "userids": ["zhangsan"],
        "button": {"replace_name": "已采用"},
    }
    assert result.invalid_users == ("x",)
    assert sent.response_code not in repr(sent)


async def test_a_card_that_would_be_refused_is_not_sent(service: FakeService) -> None:
    card = button_card("题" * 37, [Button("采用" * 6, "k")], "no blanks allowed")
    async with desk(service, APP) as it:
        with pytest.raises(CardError) as refused:
            await it.app.send_to(PERSON, MessageSegment.template_card(card))
    assert len(refused.value.faults) == 3
    assert not service.calls


async def test_every_kind_of_message_goes_out(service: FakeService) -> None:
    message = Message(
        [
            MessageSegment.text("一"),
            MessageSegment.at("lisi"),
            MessageSegment.markdown("**二**"),
            MessageSegment.textcard("三", "说明", "https://a.example/3", "看看"),
            MessageSegment.news([{"title": "四", "url": "https://a.example/4"}]),
            MessageSegment.image(media_id="M1"),
            MessageSegment.voice(media_id="M2"),
            MessageSegment.video(media_id="M3", title="片"),
        ]
    )
    async with desk(service, APP) as it:
        await it.app.send_to(PERSON, message, safe=1, once_within=99_999, translate_ids=True)
        with pytest.raises(ApiNotAvailable):
            await it.app.send_to(PERSON, MessageSegment.markdown("表", v2=True))
        with pytest.raises(MediaError):
            await it.app.send_to(PERSON, MessageSegment.file(b"tiny"))
    bodies = [call.body for call in service.of("message/send")]
    assert [body["msgtype"] for body in bodies] == [
        "text",
        "markdown",
        "textcard",
        "news",
        "image",
        "voice",
        "video",
    ]
    assert bodies[0]["text"] == {"content": "一@lisi"}
    assert bodies[2]["textcard"] == {
        "title": "三",
        "description": "说明",
        "url": "https://a.example/3",
        "btntxt": "看看",
    }
    assert bodies[6]["video"] == {"media_id": "M3", "title": "片"}
    assert (bodies[0]["safe"], bodies[0]["enable_duplicate_check"]) == (1, 1)
    assert (bodies[0]["duplicate_check_interval"], bodies[0]["enable_id_trans"]) == (14_400, 1)


async def test_a_group_of_the_app_is_created_written_to_and_cannot_have_cards(service: FakeService) -> None:
    async with desk(service, APP) as it:
        chat = await it.app.create_chat("值班", "zhangsan", ["zhangsan", "lisi"])
        await it.app.update_chat(chat, add=["wangwu"])
        await it.app.send_to(Target.chat(chat), Message([MessageSegment.at("lisi"), MessageSegment.text(" 请看")]))
        assert (await it.app.get_chat(chat))["userlist"] == ["a", "b"]
        card = button_card("题", [Button("好", "k")], "t1")
        with pytest.raises(ApiNotAvailable):
            await it.app.send_to(Target.chat(chat), MessageSegment.template_card(card))
    body = service.of("appchat/send")[0].body
    assert body["text"] == {"content": "@lisi 请看", "mentioned_list": ["lisi"]}
    assert "agentid" not in body
    assert service.of("appchat/update")[0].body == {"chatid": "CHAT1", "add_user_list": ["wangwu"]}


async def test_media_come_down_as_bytes_or_as_an_error(service: FakeService, driver: str) -> None:
    service.files["M9"] = ("防汛 情况.docx", b'{"looks": "like json"}')
    async with desk(service, APP, driver=driver) as it:
        media = await it.app.download("M9")
        with pytest.raises(ActionFailed) as failed:
            await it.app.download("gone")
    assert (media.name, media.data) == ("防汛 情况.docx", b'{"looks": "like json"}')
    assert failed.value.kind is Kind.MEDIA


async def test_people_and_departments_are_read(service: FakeService) -> None:
    async with desk(service, APP) as it:
        assert [one["name"] for one in await it.app.departments()] == ["办公室"]
        assert [one["userid"] for one in await it.app.users(2)] == ["zhangsan"]
        assert (await it.app.user("zhangsan"))["userid"] == "zhangsan"
        assert [one["userid"] for one in await it.app.user_ids()] == ["u", "umore"]
        assert await it.app.to_user_ids(["wozhangsan"]) == {"wozhangsan": "zhangsan"}
        await it.app.recall("MSG1")
    assert service.of("user/simplelist")[0].query["department_id"] == "2"
    assert service.of("message/recall")[0].body == {"msgid": "MSG1"}


async def test_a_dead_token_is_renewed_once_for_twenty_senders(service: FakeService) -> None:
    async with desk(service, APP) as it:
        await it.app.send_to(PERSON, "第一条")
        service.valid.clear()
        await asyncio.gather(*(it.app.send_to(PERSON, f"通知 {number}") for number in range(20)))
    assert len(service.of("gettoken")) == 2


async def test_a_token_that_stays_invalid_ends_after_one_renewal(service: FakeService) -> None:
    async with desk(service, APP) as it:
        service.script("message/send", error(40014), error(40014), error(40014))
        with pytest.raises(ActionFailed) as failed:
            await it.app.send_to(PERSON, "通知")
    assert failed.value.errcode == 40014
    assert len(service.of("message/send")) == 2


async def test_only_a_busy_system_is_asked_again(service: FakeService) -> None:
    async with desk(service, APP) as it:
        service.script("message/send", error(-1), error(-1))
        await it.app.send_to(PERSON, "通知")
        assert len(service.of("message/send")) == 3
        service.script("message/send", error(45009))
        with pytest.raises(ActionFailed) as failed:
            await it.app.send_to(PERSON, "通知")
    assert failed.value.kind is Kind.RATE
    assert len(service.of("message/send")) == 4
