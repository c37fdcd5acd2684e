"""Alive, ready, and how it is doing: what a supervisor and a Prometheus are told."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from bot import pages
from bot.metrics import METRICS
from storage import presence
from storage.engine import StoreFault
from tests.bot.harness import TOKEN, Served, onebot, served, until
from tests.support.city import SUBMIT_GROUP
from tests.support.stage import ACCOUNTS

GROUP, ZHANG = int(SUBMIT_GROUP), int(ACCOUNTS["张三"])


@pytest.fixture
async def bot(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Served]:
    async with served(tmp_path, monkeypatch, onebot=onebot()) as house:
        yield house


async def ask(bot: Served, path: str) -> httpx.Response:
    async with httpx.AsyncClient(trust_env=False) as client:
        return await client.get(f"{bot.url}{path}")


async def test_a_bot_that_runs_is_alive(bot: Served) -> None:
    answer = await ask(bot, "/healthz")
    assert (answer.status_code, answer.json()) == (200, {"ok": True})


async def test_ready_names_the_channels_and_a_channel_that_is_down_does_not_count_against_it(bot: Served) -> None:
    answer = await ask(bot, "/readyz")
    assert answer.status_code == 200
    told = answer.json()
    assert told["plugins"] > 3
    assert (told["ready"], told["reasons"], told["channels"]) == (True, [], {"onebot": "没有连接"})
    async with bot.peer():
        await until(lambda: bot.parts.channels["onebot"].up)
        assert (await ask(bot, "/readyz")).json()["channels"] == {"onebot": "up"}


async def test_a_store_that_cannot_be_written_is_not_ready_and_the_reason_is_told(
    bot: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise StoreFault("database or disk is full")

    monkeypatch.setattr(pages, "GOOD_FOR_SECONDS", 0)
    with monkeypatch.context() as broken:
        broken.setattr(presence, "probe", full)
        answer = await ask(bot, "/readyz")
        assert answer.status_code == 503
        assert answer.json()["reasons"] == ["the store cannot be written"]
    assert (await ask(bot, "/readyz")).status_code == 200


async def test_the_figures_follow_a_message_from_the_wire_to_its_answer(bot: Served) -> None:
    async with bot.peer() as peer:
        await peer.answer_to(await peer.say(ZHANG, "/报送 春耕备耕进展顺利\n正文。", GROUP))
        await peer.say(ZHANG, "今天开会吗？", GROUP)
        await until(lambda: bot.parts.gateway.seen["chatter"] == 1)
        await until(lambda: bot.parts.courier.settled["onebot sent"] == 1)
        page = (await ask(bot, "/metrics")).text
    for line in (
        'baosong_messages_total{verdict="text"} 1.0',
        'baosong_messages_total{verdict="chatter"} 1.0',
        'baosong_commands_total{command="submit",outcome="ok"} 1.0',
        'baosong_sends_total{channel="onebot",outcome="sent"} 1.0',
        'baosong_channel_up{channel="onebot"} 1.0',
        "baosong_in_hand 0.0",
        "baosong_outbox_oldest_seconds 0.0",
        "process_resident_memory_bytes",
    ):
        assert line in page
    assert float(re.findall(r"^baosong_commits_total (\S+)", page, re.MULTILINE)[0]) > 2


async def test_every_figure_is_one_of_those_that_are_listed(bot: Served) -> None:
    page = (await ask(bot, "/metrics")).text
    told = set(re.findall(r"^# TYPE (baosong_\w+) ", page, re.MULTILINE))
    assert told == set(METRICS)


async def test_no_secret_and_no_word_stands_in_the_pages(bot: Served) -> None:
    async with bot.peer() as peer:
        await peer.answer_to(await peer.say(ZHANG, "/报送 春耕备耕进展顺利\n正文。", GROUP))
    for path in ("/healthz", "/readyz", "/metrics"):
        text = (await ask(bot, path)).text
        assert TOKEN not in text
        assert "春耕" not in text
