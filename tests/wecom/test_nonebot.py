"""Through NoneBot's own dispatch: matchers, permissions, hooks."""

from __future__ import annotations

import pkgutil
from collections.abc import Generator
from typing import Any

import pytest
from nonebot import on_message, on_notice
from nonebot.adapters import Bot as BaseBot
from nonebot.message import handle_event
from starlette.responses import Response

import bot.channels.wecom as wecom
from bot.channels.wecom import (
    GROUP,
    PRIVATE,
    AckUnknown,
    Bot,
    EnterEvent,
    Event,
    MessageEvent,
    NetworkError,
    Target,
)
from tests.wecom.desk import APP, LINE_BOT, desk
from tests.wecom.fake import BOT_ID, FakeService, until
from tests.wecom.test_callback import TEXT


async def _dispatch(bot: Bot, event: Event) -> None:
    await handle_event(bot, event)


@pytest.fixture
def heard() -> Generator[list[str], None, None]:
    """What three plugins heard: one of private messages, one of groups, one of people who enter."""
    lines: list[str] = []

    async def private(bot: Bot, event: MessageEvent) -> None:
        lines.append(f"private {event.get_plaintext()}")
        await bot.send(event, "私聊收到")

    async def group(bot: Bot, event: MessageEvent) -> None:
        lines.append(f"group {event.get_plaintext()}")
        await bot.send(event, "群里收到")

    async def enter(event: EnterEvent) -> None:
        lines.append(f"enter {event.get_user_id()}")

    matchers = [
        on_message(permission=PRIVATE, handlers=[private]),
        on_message(permission=GROUP, handlers=[group]),
        on_notice(handlers=[enter]),
    ]
    yield lines
    for matcher in matchers:
        matcher.destroy()


async def test_plugins_hear_by_permission_and_answer_where_they_were_asked(
    service: FakeService, heard: list[str]
) -> None:
    async with desk(service, APP, LINE_BOT, then=_dispatch) as it:
        await until(lambda: BOT_ID in it.adapter.bots)
        await it.xml(TEXT)
        entered = TEXT.replace("<![CDATA[text]]>", "event").replace("<MsgId>", "<Event>enter_agent</Event><MsgId>")
        await it.xml(entered)
        await service.say("@信息 报送 报送 一", group="wrG1")
        await until(lambda: len(heard) == 3 and bool(service.of("message/send")))
        await until(lambda: bool(service.commands("aibot_respond_msg")))
    assert sorted(heard) == ["enter zhangsan", "group 报送 一", "private 报送 <!DOCTYPE 关于>…"]
    assert service.of("message/send")[0].body["text"] == {"content": "私聊收到"}


async def test_hooks_see_every_call(service: FakeService) -> None:
    seen: list[str] = []

    async def watch(bot: BaseBot, api: str, data: dict[str, Any]) -> None:
        seen.append(api)

    BaseBot.on_calling_api(watch)
    try:
        async with desk(service, APP) as it:
            await it.app.send_to(Target.user("zhangsan"), "通知")
    finally:
        BaseBot._calling_api_hook.remove(watch)
    assert seen == ["message/send"]


async def test_an_answer_that_got_lost_is_unknown_when_sending_and_harmless_when_asking(service: FakeService) -> None:
    async with desk(service, APP) as it:
        service.script("message/send", Response("gateway", status_code=502))
        with pytest.raises(AckUnknown):
            await it.app.send_to(Target.user("zhangsan"), "通知")
        service.script("user/get", Response("gateway", status_code=502))
        with pytest.raises(NetworkError) as failed:
            await it.app.user("zhangsan")
    assert not isinstance(failed.value, AckUnknown)
    assert len(service.of("message/send")) == 1


def test_the_files_a_nonebot_adapter_has_are_there_under_its_name() -> None:
    files = {module.name for module in pkgutil.iter_modules(wecom.__path__)}
    assert {"adapter", "bot", "config", "event", "exception", "message", "permission", "utils"} <= files
    assert wecom.Adapter.get_name() == "WeCom"
