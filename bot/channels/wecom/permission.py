"""Permissions. WeChat Work tells nobody's role in a group, so there are only these two."""

from __future__ import annotations

from nonebot.permission import Permission

from .event import GroupMessageEvent, PrivateMessageEvent


async def _private(event: PrivateMessageEvent) -> bool:
    return True


async def _group(event: GroupMessageEvent) -> bool:
    return True


PRIVATE: Permission = Permission(_private)
"""A message in a conversation of two."""

GROUP: Permission = Permission(_group)
"""A message in a group."""
