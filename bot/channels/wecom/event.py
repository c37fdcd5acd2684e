"""The events NoneBot sees. Their names are `<type>.<identity>.<what>`, such as `message.app.text`.

WeChat Work delivers only what is meant for the bot, so every event is to me. Descriptions, which NoneBot logs, say who
and what kind, never what was written.
"""

from __future__ import annotations

from copy import deepcopy
from typing import Any, Literal

from nonebot.adapters import Event as BaseEvent
from nonebot.utils import escape_tag
from pydantic import BaseModel, ConfigDict, Field
from typing_extensions import override

from .message import Message
from .passive import Passive


class Event(BaseEvent):
    """What all have in common. `time` is Unix seconds; `raw` the decrypted payload."""

    identity: Literal["app", "aibot"]
    self_id: str
    time: int = 0
    user_id: str = ""
    chat_id: str = ""
    what: str = ""
    key: str = ""
    req_id: str = ""
    response_url: str = Field(default="", repr=False)
    raw: dict[str, Any] = Field(default_factory=dict, repr=False)
    passive: Passive | None = Field(default=None, repr=False, exclude=True)

    model_config = ConfigDict(extra="allow", arbitrary_types_allowed=True)

    @override
    def get_type(self) -> str:
        return "notice"

    @override
    def get_event_name(self) -> str:
        return f"{self.get_type()}.{self.identity}.{self.what or 'unknown'}"

    @override
    def get_event_description(self) -> str:
        place = f" in {self.chat_id}" if self.chat_id else ""
        return escape_tag(f"{self.what or 'unknown'} from {self.user_id or '-'}{place}")

    @override
    def get_message(self) -> Message:
        raise ValueError("this event has no message")

    @override
    def get_user_id(self) -> str:
        return self.user_id

    @override
    def get_session_id(self) -> str:
        """With the bot in it: the same person may talk to the app and to the AI bot at once."""
        parts = (self.self_id, self.chat_id, self.user_id)
        return "_".join(part for part in parts if part)

    @override
    def is_tome(self) -> bool:
        return True


class Reply(BaseModel):
    """What a message quotes (引用). `kind` is the quoted message's type; its files are in `message`."""

    kind: str
    message: Message

    model_config = ConfigDict(arbitrary_types_allowed=True)


class MessageEvent(Event):
    """Somebody wrote to the bot. `message` is without the leading @ of a group; `original_message` is with it."""

    message_id: str = ""
    message: Message = Field(default_factory=Message)
    original_message: Message = Field(default_factory=Message)
    reply: Reply | None = None
    agent_id: int = 0

    @override
    def get_type(self) -> str:
        return "message"

    @override
    def get_message(self) -> Message:
        return self.message

    def keep_original(self) -> None:
        """Remember the message as it came."""
        self.original_message = deepcopy(self.message)


class PrivateMessageEvent(MessageEvent):
    """In a conversation of two."""


class GroupMessageEvent(MessageEvent):
    """In a group, with the bot mentioned; only AI bots hear groups."""


class NoticeEvent(Event):
    """Anything that is no message; also types this adapter does not know."""


class EnterEvent(NoticeEvent):
    """Somebody opened the app (`enter_agent`) or, for the first time today, the chat with the bot (`enter_chat`)."""


class MenuEvent(NoticeEvent):
    """`click` or `view` in an app's menu; `event_key` is the item's key or address."""

    event_key: str = ""


class SubscribeEvent(NoticeEvent):
    """`subscribe` or `unsubscribe`: a member came into or left the app's visible range."""


class SelectedItem(BaseModel):
    """What was chosen for one question of a card."""

    question_key: str
    option_ids: list[str]


class TemplateCardEvent(NoticeEvent):
    """A button or vote on a card. An app updates the card with `response_code` (72 h, once), an AI bot within 5 s."""

    event_key: str = ""
    task_id: str = ""
    card_type: str = ""
    response_code: str = Field(default="", repr=False)
    selected: list[SelectedItem] = Field(default_factory=list)


class ContactChangeEvent(NoticeEvent):
    """The directory changed (`change_contact`). `user_id` is the member, '' for departments and tags."""

    change_type: str = ""
    new_user_id: str = ""
    changed: dict[str, str] = Field(default_factory=dict)


class FeedbackEvent(NoticeEvent):
    """An answer of the AI bot was rated: 1 accurate, 2 inaccurate, 3 withdrawn."""

    feedback_id: str = ""
    rating: int = 0
    content: str = Field(default="", repr=False)
    reasons: list[int] = Field(default_factory=list)
