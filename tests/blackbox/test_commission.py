"""One commission to two hundred groups on two platforms, with faults on both wires and SIGKILL in the middle: the
ledger at the end equals what the peers saw, and everything that was said is in it."""

from __future__ import annotations

import asyncio
import os
import random
import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import TypeVar

import pytest

from storage.outbox import LABELS, Sending
from tests.peers import onebot as on_qq
from tests.peers import wecom as on_work

from .commission_city import CITY, HEAD_ON_QQ, TwoWorlds, Unit, two_worlds
from .commission_evidence import Line, check_pushes, nothing_waits, pushes, seen, workbook
from .commission_voices import Voices
from .evidence import until

pytestmark = [pytest.mark.blackbox, pytest.mark.slow]

TOPIC = "全市夏粮收购情况"
COMMISSION = f"/约稿 {TOPIC}\n来源：省办　字数：1500\n要求：进度、价格、问题和建议\n时间：周五下班前\n单位：全部"
FRIDAY, NEXT_MONDAY = datetime(2026, 11, 27, 17, 30), datetime(2026, 11, 30, 17, 30)  # noqa: DTZ001
"""As a workbook has them: the wall's time of the office."""

KILLS = 3
A_MINUTE_OVER = timedelta(minutes=3)
"""What was too fast for WeChat Work waits a minute; the last start comes later than that."""

Script = TypeVar("Script", on_qq.Script, on_work.Script)


@pytest.fixture
def chance(capsys: pytest.CaptureFixture[str]) -> random.Random:
    """The run's randomness; COMMISSION_SEED repeats a run."""
    seed = int(os.environ.get("COMMISSION_SEED") or random.SystemRandom().randrange(1_000_000))
    with capsys.disabled():
        print(f" COMMISSION_SEED={seed}", end=" ")
    return random.Random(seed)


async def test_the_ledger_of_a_commission_to_two_hundred_groups_is_what_people_saw(
    tmp_path: Path, chance: random.Random
) -> None:
    async with two_worlds(tmp_path) as city:
        await the_office_looks_it_over(city)
        things_go_wrong(city, chance)
        await the_office_confirms_twice(city)
        await it_is_killed_again_and_again(city, chance)
        await until(lambda: nothing_waits(city), seconds=30)
        check_pushes(city)
        voices = Voices(city)
        await voices.receipts()
        await voices.answers()
        later, exempt = await voices.asks_for_more_time(), await voices.declines()
        adopted = await the_office_closes(city, voices)
        await the_office_reads_what_people_saw(city)
        ledger = await workbook(city, tmp_path)
        assert await city.town.bot.terminate() == 0
    city.town.evidence().check_laws()
    assert city.town.evidence().rows("SELECT number, state FROM commission") == [("约 2026-001", "issued")]
    what_was_said_is_in_the_ledger(ledger, voices)
    what_the_office_decided_is_in_the_ledger(ledger, voices, exempt, adopted)
    assert {line.due for line in ledger.values() if line.unit != later.name} == {FRIDAY}
    assert ledger[later.name].due == NEXT_MONDAY


async def the_office_looks_it_over(city: TwoWorlds) -> None:
    preview = await city.head_says(COMMISSION)
    assert "单位 200 个" in preview
    assert "周五下班前 → 11月27日(周五) 17:30" in preview
    assert "推送：200 个群、198 人" in preview
    assert "第22局、第152局信息员没有绑定账号" in preview
    assert not pushes(city)


def things_go_wrong(city: TwoWorlds, chance: random.Random) -> None:
    """Some of the next sends end badly, in every way a platform knows: it is never said, or not known, or refused."""
    refused, broken = on_qq.Script(carried_out=False, retcode=1404), on_qq.Script(reset=True)
    bad = [on_qq.ANSWER_LOST, on_qq.CALL_LOST, on_qq.SENT_BUT_1200, on_qq.FAILED, refused, broken]
    for one in _among(on_qq.Script(), bad * 5, 200, chance):
        city.qq.faults.next("send", one)
    worse = [on_work.ANSWER_LOST, on_work.CALL_LOST, on_work.BUSY]
    for other in _among(on_work.Script(), [*worse * 5, *[on_work.RATE_LIMITED] * 2], 100, chance):
        city.work.faults.next("send", other)


def _among(good: Script, bad: Sequence[Script], count: int, chance: random.Random) -> list[Script]:
    scripts = list(bad) + [good] * (count - len(bad))
    chance.shuffle(scripts)
    return scripts


async def the_office_confirms_twice(city: TwoWorlds) -> None:
    """A double tap: what is said of it may be lost on the way, the commission is not issued again."""
    for _ in range(2):
        await city.qq.say(HEAD_ON_QQ, "确认")
    await until(lambda: len(pushes(city)) == 398)


async def it_is_killed_again_and_again(city: TwoWorlds, chance: random.Random) -> None:
    """At instants nobody chose, and once while it is being born. The last bot comes when all waits are over."""
    for instant in sorted(chance.sample(range(10, 300), KILLS)):
        await so_many_saw_it(city, instant)
        await asyncio.sleep(chance.uniform(0, 0.05))
        await city.town.bot.kill()
        await city.town.bot.launch()
        await asyncio.sleep(chance.uniform(0, 0.5))
        await city.town.bot.kill()
        await city.comes_back()
    await so_many_saw_it(city, 330)
    await city.town.bot.kill()
    await city.comes_back(A_MINUTE_OVER)


async def so_many_saw_it(city: TwoWorlds, count: int) -> None:
    await until(lambda: sum(seen(city).values()) >= count, seconds=30)


async def the_office_closes(city: TwoWorlds, voices: Voices) -> Unit:
    """One answer is adopted; then everything that was answered is closed in one go. Returns whose was adopted."""
    adopted, title = next(iter(voices.answered.items()))
    number = city.town.evidence().one("SELECT number FROM item WHERE title = ?", title)
    assert f"/销号 约1 {adopted.name}" in await city.head_says(f"/采用 {number} 每日要情 128 单条")
    closed = await city.head_says("/销号 约1 全部")
    assert f"已销号 {len(voices.answered)} 家" in closed
    assert f"还有 {len(CITY) - len(voices.answered) - 1} 家没有销号，发“/任务 约1”看是哪些" in closed
    assert f"签收{len(voices.received)}，报送{len(voices.answered)}" in await city.head_says("/台账 约1")
    return adopted


async def the_office_reads_what_people_saw(city: TwoWorlds) -> None:
    """What the chat says of the messages is how they ended; a history that still proves one may come between."""
    while True:
        ended = check_pushes(city)
        shown = await city.head_says("/约稿 约1")
        if check_pushes(city) == ended:
            break
    told = {word: int(count) for word, count in re.findall(r"(已发|不明|平台拒收) (\d+)", shown)}
    assert told == {LABELS[state]: count for state, count in ended.items()}
    assert ended[Sending.SENT] > 300
    assert {Sending.UNKNOWN, Sending.REFUSED} <= ended.keys(), "nothing went wrong"


def what_was_said_is_in_the_ledger(ledger: dict[str, Line], voices: Voices) -> None:
    """Of all two hundred: who received, who answered, and nobody else."""
    assert ledger.keys() == {unit.name for unit in CITY.values()}
    assert {name for name, line in ledger.items() if line.received} == {unit.name for unit in voices.received}
    assert {name for name, line in ledger.items() if line.answered} == {unit.name for unit in voices.answered}
    assert {name for name, line in ledger.items() if line.numbers} == {unit.name for unit in voices.answered}


def what_the_office_decided_is_in_the_ledger(
    ledger: dict[str, Line], voices: Voices, exempt: Unit, adopted: Unit
) -> None:
    closed = {unit.name: "已报未采用" for unit in voices.answered}
    closed |= {adopted.name: "已采用", exempt.name: "免除：没有这项工作"}
    assert {name: line.reason for name, line in ledger.items() if line.stage == "已销号"} == closed
    received = {unit.name for unit in voices.received} - closed.keys()
    assert {name for name, line in ledger.items() if line.stage == "已签收"} == received
    assert {name for name, line in ledger.items() if line.stage == "待签收"} == ledger.keys() - closed.keys() - received
