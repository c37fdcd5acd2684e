"""Where the wire ends: once each, in order, bounded, and without a trace of what was refused."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import replace

import pytest

from bot import gateway
from bot.channels.base import FetchProblem
from bot.commands import VOCABULARY, Command
from bot.gateway import Gateway
from bot.router import announce_file
from domain.speech import FileRef, Incoming
from storage.engine import Tx
from tests.support.stage import GROUP, Stage

ITEM = "/报送 春耕备耕进展顺利\n截至3月10日，全县春耕面积过半。"
SECRET = "/报送 机密★五年 春耕方案\n这是不能留下的正文。"
TABLES = "SELECT name FROM sqlite_master WHERE type = 'table'"


async def test_a_message_delivered_twice_is_handled_once(stage: Stage) -> None:
    said = stage.message("张三", ITEM, GROUP)
    assert len(await stage.hear(said)) == 1
    assert await stage.hear(said) == []
    assert stage.gateway.handled == {"submit": 1, "": 1}


async def test_what_the_same_person_says_behind_a_file_waits_for_it(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    come = asyncio.Event()

    async def fetch(incoming: Incoming) -> bytes:
        await come.wait()
        return "云山县春耕备耕进展顺利\n截至3月10日，全县春耕面积过半。".encode()

    monkeypatch.setattr(stage.channel, "fetch", fetch)
    file = replace(stage.message("张三", "", GROUP), file=FileRef("春耕.txt", 0, "f1"))
    stage.gateway.accept(file)
    stage.gateway.accept(stage.message("张三", "/撤回 1", GROUP))
    stage.gateway.accept(stage.message("王五", ITEM, GROUP))
    for _ in range(200):
        await asyncio.sleep(0.005)
        if stage.channel.heard:
            break
    [receipt] = stage.channel.heard
    assert receipt.text.startswith("收到 2026-0001")
    come.set()
    await stage.quiet()
    assert "2026-0002" in stage.channel.heard[1].text
    assert len(stage.channel.heard) == 3


async def test_when_everybody_drops_a_file_only_a_few_are_in_memory_and_all_are_taken_in(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    come, here = asyncio.Event(), 0

    async def fetch(incoming: Incoming) -> bytes:
        nonlocal here
        here += 1
        await come.wait()
        return f"关于{incoming.name}{incoming.group}的情况\n全县春耕面积过半。".encode()

    monkeypatch.setattr(stage.channel, "fetch", fetch)
    for group in (GROUP, ""):
        for who in ("张三", "王五", "赵六", "孙七", "钱八"):
            said = stage.message(who, "", group)
            stage.gateway.accept(replace(said, file=FileRef(f"{who}{group}.txt", 0, said.message_id)))
    for _ in range(200):
        await asyncio.sleep(0.005)
        if here >= gateway.FILES_AT_ONCE:
            break
    await asyncio.sleep(0.02)
    assert here == gateway.FILES_AT_ONCE
    come.set()
    await stage.quiet()
    assert sorted(heard.text[:12] for heard in stage.channel.heard) == [f"收到 2026-{n:04}" for n in range(1, 11)]


async def test_a_file_that_cannot_be_had_is_told_and_lets_the_rest_pass(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fetch(incoming: Incoming) -> bytes:
        raise FetchProblem("文件没有取到。")

    monkeypatch.setattr(stage.channel, "fetch", fetch)
    file = replace(stage.message("张三", "", GROUP), file=FileRef("春耕.txt", 0, "f1"))
    assert [heard.text for heard in await stage.hear(file)] == ["文件没有取到。"]
    assert len(await stage.say("张三", ITEM, GROUP)) == 1


async def test_a_file_announced_before_a_restart_is_taken_in_after_it(stage: Stage) -> None:
    said = stage.message("张三", "", GROUP)
    file = replace(said, file=FileRef("云山县春耕备耕进展顺利.txt", 0, "f1"))
    house = stage.gateway._house
    await stage.store.run(announce_file, file, stage.clock.now())
    stage.channel.files["f1"] = "云山县春耕备耕进展顺利\n截至3月10日，全县春耕面积过半。".encode()
    successor = Gateway(house, lambda _: stage.channel)
    await successor.resume()
    await stage.quiet()
    assert "2026-0001" in stage.channel.heard[0].text


async def test_a_refused_text_leaves_no_trace_in_the_database_the_log_or_another_chat(
    stage: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        said = stage.message("张三", SECRET, GROUP)
        heard = await stage.hear(said)
        assert await stage.hear(said) == []
    assert [message.to for message in heard] == ["张三", "郑保密"]
    assert "没有收下" in heard[0].text
    assert "全市政务信息群有一条消息被拦下" in heard[1].text

    def everything(tx: Tx) -> str:
        tables = [row[0] for row in tx.all(TABLES)]
        return "\n".join(str(row) for table in tables for row in tx.all(f"SELECT * FROM {table}"))

    kept = await stage.store.read(everything)
    for trace in ("春耕方案", "不能留下", "五年"):
        assert trace not in kept
        assert trace not in caplog.text
        assert all(trace not in message.text for message in heard)
    hits = await stage.store.read(lambda tx: tx.all("SELECT platform, chat FROM secrecy_hit"))
    assert hits == [("onebot", GROUP)]


async def test_a_text_beyond_the_limit_is_told_once(stage: Stage, caplog: pytest.LogCaptureFixture) -> None:
    said = stage.message("张三", "/报送 " + "长" * 100_001, GROUP)
    assert len(await stage.hear(said)) == 1
    assert await stage.hear(said) == []
    assert not caplog.records


async def test_a_fault_of_ours_is_answered_with_a_number_and_counted(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(_: object) -> str:
        raise RuntimeError("broken")

    monkeypatch.setitem(VOCABULARY._by_name, "fail", Command("fail", (), None, "", "", "", "", fail))
    [heard] = await stage.say("张三", "/fail 机关文字", GROUP)
    number = heard.text.partition("编号 ")[2][:8]
    assert number in caplog.text
    assert "机关文字" not in caplog.text
    assert stage.gateway.handled == {"fault": 1}


async def test_the_wire_waits_while_too_much_is_in_hand(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gateway, "IN_HAND", 3)
    for number in range(3):
        stage.gateway.accept(stage.message("张三", f"/帮助 {number}", GROUP))
    waiting = asyncio.create_task(stage.gateway.room())
    await asyncio.sleep(0)
    assert not waiting.done()
    await asyncio.wait_for(waiting, 5)
    await stage.quiet()


async def test_after_the_close_nothing_is_taken(stage: Stage) -> None:
    await stage.gateway.close(1)
    assert await stage.say("张三", ITEM, GROUP) == []


async def test_half_of_a_surrogate_pair_and_nul_are_taken_out_and_the_rest_is_received(stage: Stage) -> None:
    heard = await stage.say("张三", "/报送 春耕\ud83c进展\n全县春耕\0过半。", GROUP)
    assert ["2026-0001《春耕" in one.text and "编号" not in one.text for one in heard] == [True]


async def test_a_file_with_half_a_surrogate_in_its_name_gets_an_answer(stage: Stage) -> None:
    heard = await stage.drop_file("张三", "材料\ud83c.txt", "春耕进展顺利\n全县春耕过半。".encode(), GROUP)
    assert ["《春耕进展顺利》" in one.text for one in heard] == [True]


async def test_a_fault_before_any_handler_is_answered_with_a_number(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("bot.router.understand", broken)
    heard = await stage.say("张三", "/报送 标题\n正文", GROUP)
    assert len(heard) == 1
    assert "没有办成，编号" in heard[0].text
    assert "正文" not in caplog.text


async def test_whoever_means_the_bot_in_a_group_for_notices_is_told_where_to_say_it(stage: Stage) -> None:
    await stage.store.run(lambda tx: tx.run("UPDATE chat_group SET purpose = '通知' WHERE group_no = ?", GROUP))
    await stage.store.read(stage.directory.fill, stage.clock.now().date())
    (told,) = await stage.say("张三", "/报送 标题\n正文", GROUP)
    assert (told.to, "没有收下" in told.text) == ("张三", True)
    assert await stage.say("张三", "收到", GROUP) == []
    assert await stage.say("99999", "/报送 标题", GROUP) == []


async def test_whoever_calls_the_bot_in_a_group_nobody_registered_learns_what_to_do_once_a_day(stage: Stage) -> None:
    assert await stage.say("99999", ITEM, "300001", at_bot=True) == []
    (told,) = await stage.say("张三", ITEM, "300001", at_bot=True)
    assert (told.to, "请信息科" in told.text, "没有收下" in told.text) == ("300001", True, True)
    assert await stage.say("周科长", "待办", "300001", at_bot=True) == []
    (other,) = await stage.say("周科长", "待办", "300002", at_bot=True)
    assert other.text.endswith("请发：@我 绑定本群")
    stage.clock.forward(days=1)
    assert len(await stage.say("张三", ITEM, "300001", at_bot=True)) == 1
