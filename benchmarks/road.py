"""The whole road: the same load on product and anchors, interleaved, each phase on a fresh process."""

from __future__ import annotations

import asyncio
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks import load, product
from benchmarks.corpus import TextOf, chatter, message, messages, submission
from benchmarks.processes import (
    DELAY_VARIABLE,
    Launch,
    ProgramFailed,
    cpu_ms,
    free_port,
    last_words,
    module,
    peak_mb,
    resident_mb,
    running,
)

DELAY_MS = 5.0
_FIRST, _LAST = 1_000_000, 1_000_001
_START_LIMIT_S = 60.0

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Phase:
    """One kind of load: `count` messages at once, or `rate` a second; `limit_s` bounds the wait."""

    name: str
    count: int
    rate: float = 0.0
    talk: bool = False
    delay_ms: float = 0.0
    limit_s: float = 60.0


SMALL = Phase("burst 600", 600, limit_s=90.0)
LARGE = Phase("burst 3,000", 3_000)
PACED = Phase("paced 50/s", 500, rate=50.0)
TALK = Phase("chatter 3,000", 3_000, talk=True)
SLOW = Phase("burst 3,000, +5 ms per commit", 3_000, delay_ms=DELAY_MS)
PHASES = (SMALL, LARGE, PACED, TALK, SLOW)


@dataclass(frozen=True, slots=True)
class Program:
    """A program under test: `launch(folder, port, delay_ms)` prepares it, `text` writes its messages."""

    key: str
    title: str
    launch: Callable[[Path, int, float], Launch]
    phases: Sequence[Phase]
    text: TextOf = submission


@dataclass(frozen=True, slots=True)
class Sample:
    """One phase on one fresh process. CPU is milliseconds of the process tree per message; memory is MB."""

    program: str
    phase: str
    tally: load.Tally
    cpu: float
    peak: float
    idle: float
    start_s: float


@dataclass(slots=True)
class Result:
    """All samples of a run, and what kept a program from being measured."""

    samples: list[Sample] = field(default_factory=list)
    notes: dict[str, str] = field(default_factory=dict)


def _floor(folder: Path, port: int, delay_ms: float) -> Launch:
    argv = module("benchmarks.anchors.floor", "--port", str(port), "--database", str(folder / "floor.db"))
    return Launch(argv, {DELAY_VARIABLE: str(delay_ms)})


def _anchor(name: str) -> Callable[[Path, int, float], Launch]:
    return lambda folder, port, delay_ms: Launch(module(f"benchmarks.anchors.{name}", "--port", str(port)))


PROGRAMS = (
    Program("product", "Baosong", product.prepare, PHASES),
    Program("floor", "b′ raw durable floor", _floor, PHASES),
    Program("echo", "c NoneBot, one matcher", _anchor("nonebot_echo"), (SMALL, LARGE, PACED, TALK)),
    Program("commands", "d NoneBot, 20 commands", _anchor("nonebot_commands"), (SMALL,)),
)


async def measure(result: Result, rounds: int, deadline: float, say: Say) -> None:
    """Fill `result`, round by round; none begins that, as long as the last, would miss `deadline`."""
    length = 0.0
    for number in range(1, rounds + 1):
        start = time.monotonic()
        if start + length > deadline:
            say(f"road: time is up, {number - 1} of {rounds} rounds were run")
            return
        await _round(result, f"round {number}/{rounds}", say)
        length = time.monotonic() - start


async def _round(result: Result, label: str, say: Say) -> None:
    for phase in PHASES:
        for program in PROGRAMS:
            if phase not in program.phases or program.key in result.notes:
                continue
            try:
                sample = await run(program, phase)
            except (ProgramFailed, product.ProductMissing) as error:
                result.notes[program.key] = str(error)
                say(f"road: {program.title} is left out: {error}")
                continue
            result.samples.append(sample)
            say(f"road: {label}, {phase.name}, {program.title}: {_brief(sample)}")


def _brief(sample: Sample) -> str:
    speed = f"{sample.tally.throughput:,.0f} msg/s, " if sample.tally.throughput else ""
    return f"{speed}{sample.cpu:.3f} ms CPU, {sample.tally.answered} of {sample.tally.sent} answered"


async def run(program: Program, phase: Phase) -> Sample:
    """One phase on a fresh process; ProgramFailed if it does not start or answer the first message."""
    with tempfile.TemporaryDirectory(prefix="baosong-bench-") as name:
        folder, port = Path(name), free_port()
        launch = await asyncio.to_thread(program.launch, folder, port, phase.delay_ms)
        try:
            return await _measure(program, phase, launch, folder, port)
        except (load.NotListening, ProgramFailed) as error:
            raise ProgramFailed(f"{error}: {last_words(folder)}") from error


async def _measure(program: Program, phase: Phase, launch: Launch, folder: Path, port: int) -> Sample:
    start = time.perf_counter()
    async with (
        running(launch, folder) as process,
        load.connected(port, launch.token, _START_LIMIT_S) as endpoint,
    ):
        first = message(_FIRST, program.text)
        if (await load.burst(endpoint, [first], _START_LIMIT_S)).lost:
            raise ProgramFailed("no answer to the first message")
        start_s = endpoint.answers[0][0] - start
        before = await _rest(process.pid)
        idle = resident_mb(process.pid)
        tally = await _play(endpoint, phase, program.text)
        cpu = (await _rest(process.pid) - before) / phase.count
        return Sample(program.key, phase.name, tally, cpu, peak_mb(process.pid), idle, start_s)


async def _play(endpoint: load.Endpoint, phase: Phase, text: TextOf) -> load.Tally:
    if phase.talk:
        talk = messages(phase.count, chatter)
        return await load.chatter(endpoint, talk, message(_LAST, text), phase.limit_s)
    if phase.rate:
        return await load.paced(endpoint, messages(phase.count, text), phase.rate, phase.limit_s)
    return await load.burst(endpoint, messages(phase.count, text), phase.limit_s)


async def _rest(pid: int, limit_s: float = 5.0) -> float:
    """Wait until a tree uses under a tenth of a core (or `limit_s` is over); its CPU in ms by then."""
    deadline = time.monotonic() + limit_s
    used = cpu_ms(pid)
    while True:
        await asyncio.sleep(0.25)
        before, used = used, cpu_ms(pid)
        if used - before < 25 or time.monotonic() > deadline:
            return used
