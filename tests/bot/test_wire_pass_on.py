"""An office may run another NoneBot plugin beside ours: it sees the events, if the setting lets it, and our road stays
the same."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import nonebot
import pytest
from nonebot.adapters.onebot.v11 import Bot, GroupMessageEvent, GroupUploadNoticeEvent, MessageEvent
from nonebot.matcher import Matcher

from tests.bot.harness import onebot, served, until
from tests.support.city import SUBMIT_GROUP
from tests.support.stage import ACCOUNTS

GROUP, ZHANG = int(SUBMIT_GROUP), int(ACCOUNTS["张三"])


class OtherPlugin:
    """What a plugin of somebody else would be: it notes what it sees and answers to one word."""

    def __init__(self) -> None:
        self.seen: list[str] = []

    async def on_message(self, bot: Bot, event: MessageEvent, matcher: Matcher) -> None:
        self.seen.append(event.get_plaintext())
        if event.get_plaintext() == "ping":
            assert isinstance(event, GroupMessageEvent)
            await bot.send_group_msg(group_id=event.group_id, message="pong")

    async def on_upload(self, event: GroupUploadNoticeEvent) -> None:
        self.seen.append(event.file.name)


@pytest.fixture
async def other() -> AsyncIterator[OtherPlugin]:
    plugin = OtherPlugin()
    matchers = [nonebot.on_message(), nonebot.on_notice()]
    matchers[0].append_handler(plugin.on_message)
    matchers[1].append_handler(plugin.on_upload)
    yield plugin
    for matcher in matchers:
        matcher.destroy()


async def test_a_second_plugin_sees_events_and_can_answer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, other: OtherPlugin, capfd: pytest.CaptureFixture[str]
) -> None:
    section = onebot(pass_on_events=True)
    async with served(tmp_path, monkeypatch, onebot=section) as bot, bot.peer() as peer:
        await peer.say(ZHANG, "ping", GROUP)
        await peer.group_hears(GROUP, "pong")
        said = await peer.say(ZHANG, "/报送 春耕备耕进展顺利\n正文。", GROUP)
        await peer.answer_to(said)
        await peer.drop_file(ZHANG, "照片.jpg", b"x", GROUP)
        await until(lambda: "照片.jpg" in other.seen)
        assert "/报送 春耕备耕进展顺利\n正文。" in other.seen
    assert "春耕" not in capfd.readouterr().out


async def test_without_the_setting_it_sees_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, other: OtherPlugin
) -> None:
    async with served(tmp_path, monkeypatch, onebot=onebot()) as bot, bot.peer() as peer:
        await peer.say(ZHANG, "ping", GROUP)
        await peer.answer_to(await peer.say(ZHANG, "/报送 春耕备耕进展顺利\n正文。", GROUP))
        await peer.silence(0.2)
        assert other.seen == []
