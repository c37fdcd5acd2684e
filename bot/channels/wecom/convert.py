"""From a callback's payload to an event. Pure; the payload may hold anything.

Documents 90239 (an app's messages), 90240 (its events), 100719 (an AI bot's messages), 101027 (its events). Types
nobody knows become a NoticeEvent with the payload in `raw`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from .event import (
    ContactChangeEvent,
    EnterEvent,
    Event,
    FeedbackEvent,
    GroupMessageEvent,
    MenuEvent,
    MessageEvent,
    NoticeEvent,
    PrivateMessageEvent,
    Reply,
    SelectedItem,
    SubscribeEvent,
    TemplateCardEvent,
)
from .message import MEDIA, Message, MessageSegment
from .parse import child, event_type, many, number_of, text_of
from .tap import RawCallback
from .utils import strip_mention

Fields = Mapping[str, Any]


def to_event(callback: RawCallback, bot_name: str = "") -> Event:
    """The event of a callback. `bot_name` is what stands behind the @ in groups."""
    if callback.identity == "app":
        return _app(callback)
    return _aibot(callback, bot_name)


def _app(callback: RawCallback) -> Event:
    fields = callback.payload
    common = {
        "identity": "app",
        "self_id": callback.self_id,
        "time": number_of(fields, "CreateTime"),
        "user_id": text_of(fields, "FromUserName"),
        "key": callback.key,
        "raw": fields,
    }
    kind = text_of(fields, "MsgType").lower()
    if kind == "event":
        what = text_of(fields, "Event").lower()
        return _APP_EVENTS.get(what, _plain_notice)(fields, {**common, "what": what})
    segment = _app_segment(kind, fields)
    if segment is None:
        return NoticeEvent(**common, what=kind)
    event = PrivateMessageEvent(
        **common,
        what=kind,
        message_id=text_of(fields, "MsgId"),
        message=Message(segment),
        agent_id=number_of(fields, "AgentID"),
    )
    event.keep_original()
    return event


def _app_segment(kind: str, fields: Fields) -> MessageSegment | None:
    if kind == "text":
        return MessageSegment.text(text_of(fields, "Content"))
    if kind in ("image", "voice", "video", "file"):
        names = {
            "media_id": "MediaId",
            "pic_url": "PicUrl",
            "format": "Format",
            "thumb_media_id": "ThumbMediaId",
            "name": "FileName",
            "size": "FileSize",
        }
        return _segment(kind, fields, names)
    if kind == "location":
        names = {"latitude": "Location_X", "longitude": "Location_Y", "scale": "Scale", "label": "Label"}
        return _segment(kind, fields, names)
    if kind == "link":
        names = {"title": "Title", "description": "Description", "url": "Url", "pic_url": "PicUrl"}
        return _segment(kind, fields, names)
    return None


def _segment(kind: str, fields: Fields, names: Mapping[str, str]) -> MessageSegment:
    found = {ours: text_of(fields, theirs) for ours, theirs in names.items()}
    return MessageSegment(kind, {name: value for name, value in found.items() if value})


def _plain_notice(fields: Fields, common: dict[str, Any]) -> Event:
    return NoticeEvent(**common)


def _enter(fields: Fields, common: dict[str, Any]) -> Event:
    return EnterEvent(**common)


def _menu(fields: Fields, common: dict[str, Any]) -> Event:
    return MenuEvent(**common, event_key=text_of(fields, "EventKey"))


def _subscribe(fields: Fields, common: dict[str, Any]) -> Event:
    return SubscribeEvent(**common)


def _app_card(fields: Fields, common: dict[str, Any]) -> Event:
    items = many(child(fields, "SelectedItems").get("SelectedItem"))
    return TemplateCardEvent(
        **common,
        event_key=text_of(fields, "EventKey"),
        task_id=text_of(fields, "TaskId"),
        card_type=text_of(fields, "CardType"),
        response_code=text_of(fields, "ResponseCode"),
        selected=[_selected(item, "QuestionKey", "OptionIds", "OptionId") for item in items if isinstance(item, dict)],
    )


def _selected(item: Fields, question: str, options: str, option: str) -> SelectedItem:
    chosen = many(child(item, options).get(option))
    return SelectedItem(
        question_key=text_of(item, question), option_ids=[one for one in chosen if isinstance(one, str)]
    )


def _contact(fields: Fields, common: dict[str, Any]) -> Event:
    """The sender is `sys`; the member is in UserID."""
    common["user_id"] = text_of(fields, "UserID")
    return ContactChangeEvent(
        **common,
        change_type=text_of(fields, "ChangeType").lower(),
        new_user_id=text_of(fields, "NewUserID"),
        changed={name: value for name, value in fields.items() if isinstance(value, str)},
    )


_APP_EVENTS: dict[str, Callable[[Fields, dict[str, Any]], Event]] = {
    "enter_agent": _enter,
    "click": _menu,
    "view": _menu,
    "subscribe": _subscribe,
    "unsubscribe": _subscribe,
    "template_card_event": _app_card,
    "template_card_menu_event": _app_card,
    "change_contact": _contact,
}


def _aibot(callback: RawCallback, bot_name: str) -> Event:
    payload = callback.payload
    common = {
        "identity": "aibot",
        "self_id": callback.self_id,
        "time": number_of(payload, "create_time"),
        "user_id": text_of(child(payload, "from"), "userid"),
        "chat_id": text_of(payload, "chatid") if payload.get("chattype") == "group" else "",
        "key": callback.key,
        "req_id": callback.req_id,
        "response_url": callback.response_url,
        "raw": payload,
    }
    kind = text_of(payload, "msgtype")
    if kind == "event":
        return _aibot_event(payload, {**common, "what": event_type(payload)})
    message = _aibot_message(kind, payload)
    if message is None:
        return NoticeEvent(**common, what=kind)
    model: type[MessageEvent] = GroupMessageEvent if common["chat_id"] else PrivateMessageEvent
    event = model(**common, what=kind, message_id=text_of(payload, "msgid"), message=message, reply=_quote(payload))
    event.keep_original()
    if event.chat_id:
        _take_off_mention(event.message, bot_name)
    return event


def _aibot_message(kind: str, inner: Fields) -> Message | None:
    """The segments of a message, a quote or an item of a mixed one."""
    body = child(inner, kind)
    if kind == "text":
        return Message(MessageSegment.text(text_of(body, "content")))
    if kind == "mixed":
        parts = [_aibot_message(text_of(item, "msgtype"), item) for item in _items(body)]
        return Message([segment for part in parts if part is not None for segment in part])
    if kind == "voice" and "content" in body:
        # The service has turned it into text already.
        return Message(MessageSegment.text(text_of(body, "content")))
    if kind in MEDIA:
        found = {name: text_of(body, name) for name in ("url", "aeskey")}
        return Message(MessageSegment(kind, {name: value for name, value in found.items() if value}))
    return None


def _items(body: Fields) -> list[Fields]:
    return [item for item in many(body.get("msg_item")) if isinstance(item, dict)]


def _quote(payload: Fields) -> Reply | None:
    quote = child(payload, "quote")
    kind = text_of(quote, "msgtype")
    message = _aibot_message(kind, quote) if kind else None
    return None if message is None else Reply(kind=kind, message=message)


def _take_off_mention(message: Message, bot_name: str) -> None:
    if message and message[0].type == "text":
        message[0].data["text"] = strip_mention(message[0].data["text"], bot_name)


def _aibot_event(payload: Fields, common: dict[str, Any]) -> Event:
    event = child(payload, "event")
    what = common["what"]
    inner = child(event, what)
    if what == "enter_chat":
        return EnterEvent(**common)
    if what == "template_card_event":
        items = many(child(inner, "selected_items").get("selected_item"))
        return TemplateCardEvent(
            **common,
            event_key=text_of(inner, "event_key"),
            task_id=text_of(inner, "task_id"),
            card_type=text_of(inner, "card_type"),
            selected=[
                _selected(item, "question_key", "option_ids", "option_id") for item in items if isinstance(item, dict)
            ],
        )
    if what == "feedback_event":
        reasons = many(inner.get("inaccurate_reason_list"))
        return FeedbackEvent(
            **common,
            feedback_id=text_of(inner, "id"),
            rating=number_of(inner, "type"),
            content=text_of(inner, "content"),
            reasons=[reason for reason in reasons if isinstance(reason, int)],
        )
    return NoticeEvent(**common)
