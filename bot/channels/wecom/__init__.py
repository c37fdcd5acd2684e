"""A NoneBot adapter for WeChat Work (企业微信): apps, AI bots and group webhooks, alone and together.

It imports nothing of the program it lies in. `Adapter` documents what a host can plug in; `Config` the settings.
"""

from __future__ import annotations

from .adapter import Adapter
from .aibot import AIBot, card_update, text_answer, welcome_answer
from .app import AppBot
from .bot import Bot
from .card import DONE, Button, Selection, button_card, check_card, done_card, notice_card, replaced_card
from .config import AIBotInfo, AppInfo, Config, WebhookInfo
from .convert import to_event
from .errcode import Kind, explain
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
    SubscribeEvent,
    TemplateCardEvent,
)
from .exception import (
    AckUnknown,
    ActionFailed,
    ApiNotAvailable,
    CallbackRefused,
    CardError,
    MediaError,
    NetworkError,
    TokenRefused,
    WeComAdapterException,
)
from .media import Media
from .message import Message, MessageSegment
from .permission import GROUP, PRIVATE
from .tap import RawCallback, Tap
from .target import Sent, Target
from .token import MemoryTokenStore, TokenRecord, TokenStore
from .utils import split_text, strip_mention
from .webhook import WebhookBot
from .ws import State

__all__ = [
    "DONE",
    "GROUP",
    "PRIVATE",
    "AIBot",
    "AIBotInfo",
    "AckUnknown",
    "ActionFailed",
    "Adapter",
    "ApiNotAvailable",
    "AppBot",
    "AppInfo",
    "Bot",
    "Button",
    "CallbackRefused",
    "CardError",
    "Config",
    "ContactChangeEvent",
    "EnterEvent",
    "Event",
    "FeedbackEvent",
    "GroupMessageEvent",
    "Kind",
    "Media",
    "MediaError",
    "MemoryTokenStore",
    "MenuEvent",
    "Message",
    "MessageEvent",
    "MessageSegment",
    "NetworkError",
    "NoticeEvent",
    "PrivateMessageEvent",
    "RawCallback",
    "Reply",
    "Selection",
    "Sent",
    "State",
    "SubscribeEvent",
    "Tap",
    "Target",
    "TemplateCardEvent",
    "TokenRecord",
    "TokenRefused",
    "TokenStore",
    "WeComAdapterException",
    "WebhookBot",
    "WebhookInfo",
    "button_card",
    "card_update",
    "check_card",
    "done_card",
    "explain",
    "notice_card",
    "replaced_card",
    "split_text",
    "strip_mention",
    "text_answer",
    "to_event",
    "welcome_answer",
]
