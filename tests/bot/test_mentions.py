"""People who are called in a group: by a real @ where the platform has one, by name where it has none."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import pytest

from bot.channels.onebot.channel import _is_ours
from bot.channels.onebot.wire import write_segments
from domain.speech import Mention, Outgoing
from services.mail import tell_group
from storage import outbox
from storage.engine import Tx
from storage.outbox import Sending
from tests.bot.harness import Served, onebot, served
from tests.bot.workchat_town import GROUP, town
from tests.support.city import SUBMIT_GROUP
from tests.support.stage import ACCOUNTS

ZHANG, WANG = 5, 7
"""张三, who has an account on WeChat Work, and 王五, who has none there."""


async def call(house: Served, platform: str, group: str, text: str, mention: Sequence[int]) -> None:
    now = house.clock.now()

    def put(tx: Tx) -> bool:
        return tell_group(tx, platform, group, text, dedup=text, kind="test", now=now, mention=mention)

    assert await house.parts.store.run(put)


async def test_a_webhook_really_calls_whoever_has_an_account_and_names_the_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with town(tmp_path, monkeypatch) as city:
        await call(city.house, "wecom", GROUP, "请于今日报送", [ZHANG, WANG])
        heard = await city.service.group_hears(GROUP, "请于今日报送")
        assert (heard.via, heard.text, heard.mentions) == ("webhook", "@王五\n请于今日报送", ("zhangsan",))


async def test_of_a_long_text_only_the_first_part_calls(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with town(tmp_path, monkeypatch) as city:
        await call(city.house, "wecom", GROUP, "报" * 1500, [ZHANG])
        await city.service.group_hears(GROUP, "(3/3)")
        assert [heard.mentions for heard in city.service.heard_in(GROUP)] == [("zhangsan",), (), ()]


async def test_without_a_webhook_the_ai_bot_calls_by_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with town(tmp_path, monkeypatch, webhooks=None) as city:
        await city.answered(await city.service.say("zhangsan", "我的信息", GROUP))
        await call(city.house, "wecom", GROUP, "请于今日报送", [ZHANG])
        heard = await city.service.group_hears(GROUP, "请于今日报送")
        assert (heard.via, heard.text) == ("aibot", "@张三\n请于今日报送")


async def test_on_qq_they_are_called_by_their_numbers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with served(tmp_path, monkeypatch, onebot=onebot()) as house, house.peer() as peer:
        await call(house, "onebot", SUBMIT_GROUP, "请于今日报送", [ZHANG, 99])
        heard = await peer.group_hears(int(SUBMIT_GROUP), "请于今日报送")
        assert (heard.mentions, heard.quote_of) == ([ACCOUNTS["张三"]], None)


def test_onebot_names_whoever_has_no_account_there() -> None:
    segments = write_segments("请看", "", (Mention("", "李四"), Mention("10001", "张三")))
    assert segments == [
        {"type": "text", "data": {"text": "@李四 "}},
        {"type": "at", "data": {"qq": "10001"}},
        {"type": "text", "data": {"text": "\n请看"}},
    ]


@pytest.mark.parametrize("said", ["请看", "@张三 \n请看", "@张三 @李四 \n请看"])
def test_a_message_that_called_somebody_is_found_in_the_history(said: str) -> None:
    message = {"user_id": 1, "time": 100, "message": [{"type": "text", "data": {"text": said}}], "sender": {}}
    assert _is_ours(message, "1", "请看", 100_000)
    assert not _is_ours(message, "1", "请看看", 100_000)


async def test_a_message_that_calls_nobody_is_stored_as_before(served_store: Served) -> None:
    house = served_store

    def stored(tx: Tx) -> list[str]:
        return [str(row[0]) for row in tx.all("SELECT payload FROM outbox WHERE kind = 'test' ORDER BY id")]

    await call(house, "onebot", SUBMIT_GROUP, "没有人", [])
    await call(house, "onebot", SUBMIT_GROUP, "有人", [ZHANG])
    plain, calling = await house.parts.store.read(stored)
    assert json.loads(plain) == {"text": "没有人", "quote": ""}
    assert json.loads(calling)["mentions"] == [[ACCOUNTS["张三"], "张三"]]
    parcels = await house.parts.store.read(outbox.in_states, tuple(Sending), 10)
    assert [one.message for one in parcels if one.kind == "test"] == [
        Outgoing("有人", mentions=(Mention(ACCOUNTS["张三"], "张三"),)),
        Outgoing("没有人"),
    ]


@pytest.fixture
async def served_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Served]:
    """The house with nobody at the other end: what is queued stays queued."""
    async with served(tmp_path, monkeypatch, onebot=onebot()) as house:
        yield house
