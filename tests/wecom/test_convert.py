"""From payloads of the documents to events."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.wecom import (
    CallbackRefused,
    ContactChangeEvent,
    EnterEvent,
    FeedbackEvent,
    GroupMessageEvent,
    MenuEvent,
    NoticeEvent,
    PrivateMessageEvent,
    RawCallback,
    SubscribeEvent,
    TemplateCardEvent,
)
from bot.channels.wecom.convert import to_event
from bot.channels.wecom.parse import aibot_key, app_key, json_payload, xml_payload
from tests.wecom.fake import message


def _xml(inner: str, kind: str = "event", sender: str = "zhangsan") -> str:
    return (
        f"<xml><ToUserName>ww1</ToUserName><FromUserName><![CDATA[{sender}]]></FromUserName>"
        f"<CreateTime>1348831860</CreateTime><MsgType><![CDATA[{kind}]]></MsgType>{inner}</xml>"
    )


def _app(inner: str, kind: str = "event", sender: str = "zhangsan") -> Any:
    payload = xml_payload(_xml(inner, kind, sender))
    return to_event(RawCallback("app", "ww1-1", "callback", app_key(payload), payload))


def _aibot(payload: dict[str, Any]) -> Any:
    callback = RawCallback("aibot", "aib", "websocket", aibot_key(payload), payload, "REQ")
    return to_event(callback, "信息 报送")


MESSAGES = {
    "text": ("<Content>报送</Content>", {"text": "报送"}),
    "image": ("<PicUrl>http://p</PicUrl><MediaId>M</MediaId>", {"pic_url": "http://p", "media_id": "M"}),
    "voice": ("<MediaId>M</MediaId><Format>amr</Format>", {"media_id": "M", "format": "amr"}),
    "video": ("<MediaId>M</MediaId><ThumbMediaId>T</ThumbMediaId>", {"media_id": "M", "thumb_media_id": "T"}),
    "file": ("<MediaId>M</MediaId><FileName>月报.docx</FileName>", {"media_id": "M", "name": "月报.docx"}),
    "location": (
        "<Location_X>23.1</Location_X><Location_Y>113.3</Location_Y><Label>某地</Label>",
        {"latitude": "23.1", "longitude": "113.3", "label": "某地"},
    ),
    "link": ("<Title>题</Title><Url>https://u</Url>", {"title": "题", "url": "https://u"}),
}


@pytest.mark.parametrize("kind", MESSAGES)
def test_an_apps_message_becomes_one_segment(kind: str) -> None:
    inner, data = MESSAGES[kind]
    event = _app(inner + "<MsgId>77</MsgId><AgentID>1000002</AgentID>", kind)
    assert isinstance(event, PrivateMessageEvent)
    assert (event.message[0].type, event.message[0].data) == (kind, data)
    assert (event.key, event.message_id, event.agent_id) == ("m:77", "77", 1000002)
    assert event.get_event_name() == f"message.app.{kind}"
    assert event.get_session_id() == "ww1-1_zhangsan"
    assert event.is_tome()


def test_what_was_written_is_not_in_what_nonebot_logs() -> None:
    event = _app("<Content>机密内容</Content><MsgId>1</MsgId>", "text")
    assert event.get_plaintext() == "机密内容"
    assert "机密" not in event.get_log_string()


@pytest.mark.parametrize(
    ("inner", "model", "name"),
    [
        ("<Event>enter_agent</Event><EventKey></EventKey>", EnterEvent, "notice.app.enter_agent"),
        ("<Event>CLICK</Event><EventKey>MENU</EventKey>", MenuEvent, "notice.app.click"),
        ("<Event>view</Event><EventKey>https://u</EventKey>", MenuEvent, "notice.app.view"),
        ("<Event>subscribe</Event>", SubscribeEvent, "notice.app.subscribe"),
        ("<Event>LOCATION</Event><Latitude>1</Latitude>", NoticeEvent, "notice.app.location"),
        ("<Event>inactive_alert</Event>", NoticeEvent, "notice.app.inactive_alert"),
        ("<Event>from_the_future</Event>", NoticeEvent, "notice.app.from_the_future"),
        (
            "<Event>batch_job_result</Event><BatchJob><JobId>1</JobId></BatchJob>",
            NoticeEvent,
            "notice.app.batch_job_result",
        ),
    ],
)
def test_an_apps_events_have_their_kind(inner: str, model: type[NoticeEvent], name: str) -> None:
    event = _app(inner)
    assert type(event) is model
    assert event.get_event_name() == name


def test_a_tapped_card_says_what_was_chosen_one_or_many() -> None:
    item = (
        "<SelectedItem><QuestionKey>{0}</QuestionKey><OptionIds><OptionId>o1</OptionId>{1}</OptionIds></SelectedItem>"
    )
    two = item.format("q1", "<OptionId>o2</OptionId>") + item.format("q2", "")
    inner = (
        "<Event>template_card_event</Event><EventKey>accept:42</EventKey><TaskId>t-42</TaskId>"
        "<CardType>vote_interaction</CardType><ResponseCode>RC</ResponseCode><SelectedItems>{}</SelectedItems>"
    )
    event = _app(inner.format(two))
    assert isinstance(event, TemplateCardEvent)
    assert (event.event_key, event.task_id, event.response_code) == ("accept:42", "t-42", "RC")
    assert [one.model_dump() for one in event.selected] == [
        {"question_key": "q1", "option_ids": ["o1", "o2"]},
        {"question_key": "q2", "option_ids": ["o1"]},
    ]
    assert len(_app(inner.format(item.format("q2", ""))).selected) == 1
    assert "RC" not in repr(event.model_copy(update={"raw": {}}))


def test_a_change_of_the_directory_names_the_member() -> None:
    event = _app(
        "<Event>change_contact</Event><ChangeType>update_user</ChangeType><UserID>zhangsan</UserID>"
        "<NewUserID>zhangsan2</NewUserID><Name>张三</Name>",
        sender="sys",
    )
    assert isinstance(event, ContactChangeEvent)
    assert (event.change_type, event.user_id, event.new_user_id) == ("update_user", "zhangsan", "zhangsan2")
    assert event.changed["Name"] == "张三"


def test_events_without_an_id_are_told_apart_by_who_when_and_what() -> None:
    keys = {
        app_key(xml_payload(_xml(f"<Event>click</Event><EventKey>{key}</EventKey>", sender=sender)))
        for key in ("a", "b")
        for sender in ("zhangsan", "lisi")
    }
    assert len(keys) == 4
    assert len(app_key(xml_payload(_xml(f"<Event>view</Event><EventKey>{'k' * 999}</EventKey>")))) <= 200


def test_a_group_message_loses_the_bots_name_even_with_a_blank_in_it() -> None:
    event = _aibot(message("@信息 报送  报送 关于防汛", group="wrG1"))
    assert isinstance(event, GroupMessageEvent)
    assert event.get_plaintext() == "报送 关于防汛"
    assert event.original_message.extract_plain_text() == "@信息 报送  报送 关于防汛"
    assert event.get_session_id() == "aib_wrG1_zhangsan"
    assert _aibot(message("@Robot  hello", group="g")).get_plaintext() == "hello"
    assert _aibot(message("@Robot", group="g")).get_plaintext() == ""
    assert _aibot(message("@信息 报送")).get_plaintext() == "@信息 报送"


def test_text_and_pictures_come_as_one_message() -> None:
    items = [
        {"msgtype": "text", "text": {"content": "@信息 报送 报送 见图"}},
        {"msgtype": "image", "image": {"url": "https://u", "aeskey": "K"}},
    ]
    event = _aibot(message("", group="g") | {"msgtype": "mixed", "mixed": {"msg_item": items}})
    assert [segment.type for segment in event.message] == ["text", "image"]
    assert event.get_plaintext() == "报送 见图"
    assert "https://u" not in repr(event.message)


def test_a_quoted_file_is_in_the_reply() -> None:
    quote = {"msgtype": "file", "file": {"url": "https://u", "aeskey": "K"}}
    event = _aibot(message("@信息 报送 报送", group="g", quote=quote))
    assert event.reply.kind == "file"
    assert event.reply.message[0].data == {"url": "https://u", "aeskey": "K"}


@pytest.mark.parametrize(
    ("kind", "inner", "segment"),
    [
        ("voice", {"content": "转好的文字"}, "text"),
        ("image", {"url": "https://u"}, "image"),
        ("file", {"url": "https://u"}, "file"),
        ("video", {"url": "https://u"}, "video"),
    ],
)
def test_an_ai_bots_files_come_in_private(kind: str, inner: dict[str, str], segment: str) -> None:
    event = _aibot(message("") | {"msgtype": kind, kind: inner})
    assert [one.type for one in event.message] == [segment]


def _event(what: str, **inner: Any) -> dict[str, Any]:
    return message("") | {"msgtype": "event", "event": {"eventtype": what, **inner}}


def test_an_ai_bots_events_have_their_kind() -> None:
    tap = {
        "card_type": "vote_interaction",
        "event_key": "k",
        "task_id": "t-1",
        "selected_items": {"selected_item": [{"question_key": "q", "option_ids": {"option_id": ["o1", "o2"]}}]},
    }
    card = _aibot(_event("template_card_event", template_card_event=tap))
    assert isinstance(card, TemplateCardEvent)
    assert (card.event_key, card.task_id, card.selected[0].option_ids) == ("k", "t-1", ["o1", "o2"])
    assert isinstance(_aibot(_event("enter_chat")), EnterEvent)
    rated = _aibot(_event("feedback_event", feedback_event={"id": "F", "type": 2, "inaccurate_reason_list": [2, 4]}))
    assert isinstance(rated, FeedbackEvent)
    assert (rated.rating, rated.reasons) == (2, [2, 4])
    assert _aibot(_event("auth_change_event")).get_event_name() == "notice.aibot.auth_change_event"


def test_control_characters_and_halves_of_emoji_are_forgiven() -> None:
    payload = json_payload('{"msgtype": "text", "text": {"content": "a\x01b\n\\ud83d"}}')
    assert payload["text"]["content"] == "ab\n?"


@pytest.mark.parametrize("text", ["", "[]", "{", "null", "[" * 100_000, '{"a": NaN', "12"])
def test_what_is_no_object_is_refused(text: str) -> None:
    with pytest.raises(CallbackRefused):
        json_payload(text)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
)
FIELDS = st.sampled_from(
    ["msgtype", "event", "text", "mixed", "quote", "from", "chattype", "chatid", "msgid", "MsgType", "Event", "MsgId"]
)
KINDS = st.sampled_from(["text", "mixed", "event", "image", "voice", "template_card_event"])


@given(st.dictionaries(FIELDS, JSON | KINDS), st.sampled_from(["app", "aibot"]))
def test_whatever_a_payload_holds_becomes_an_event(payload: dict[str, Any], identity: Any) -> None:
    payload = json.loads(json.dumps(payload))
    key = app_key(payload) if identity == "app" else aibot_key(payload)
    event = to_event(RawCallback(identity, "b", "callback", key, payload), "机器人")
    assert event.get_event_name()
    assert len(key) <= 200


@given(st.text(max_size=300))
def test_whatever_text_is_decrypted_is_read_or_refused(text: str) -> None:
    for read in (xml_payload, json_payload):
        for wrapped in (text, f"<xml>{text}</xml>", _xml(text)):
            try:
                read(wrapped)
            except CallbackRefused:
                continue
