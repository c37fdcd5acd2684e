"""What the three identities have in common."""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING, Any

from nonebot.adapters import Bot as BaseBot
from nonebot.adapters import Message as BaseMessage
from nonebot.adapters import MessageSegment as BaseMessageSegment
from nonebot.message import handle_event

from .event import Event
from .exception import ApiNotAvailable

if TYPE_CHECKING:
    from .adapter import Adapter


class Bot(BaseBot):
    """A bot of any identity. Interfaces are called by their path: `bot.call_api("user/get", userid="zhangsan")`."""

    adapter: Adapter

    def __init__(self, adapter: Adapter, self_id: str) -> None:
        super().__init__(adapter, self_id)

    async def handle_event(self, event: Event) -> None:
        """Give an event to NoneBot."""
        await handle_event(self, event)

    @abstractmethod
    async def perform(self, api: str, data: dict[str, Any]) -> Any:
        """Carry out an interface call, after NoneBot's hooks."""


def refuse(kind: str, identity: str) -> ApiNotAvailable:
    """The error for a segment this identity cannot carry."""
    return ApiNotAvailable(f"{identity} cannot send {kind}")


Sendable = str | BaseMessage[Any] | BaseMessageSegment[Any]
