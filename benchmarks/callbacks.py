"""Callbacks of WeChat Work: delivered, stored and answered, beside two handlers that only decrypt and answer.

This process plays the service: it delivers encrypted messages of an app over real HTTP and counts what comes back to
its API. A delivery counts as answered with its empty 200, which the product gives after the commit. Every message is a
submission, so behind each answer stand an item, its facts and totals, and a receipt that is sent through the API.
"""

from __future__ import annotations

import asyncio
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks import product
from benchmarks.corpus import message, submission
from benchmarks.figures import percentile
from benchmarks.http_wire import Api, Line, connect
from benchmarks.processes import Launch, ProgramFailed, cpu_ms, free_port, last_words, module, running
from benchmarks.sealing import crypt, delivery, xml
from bot.channels.wecom.parse import xml_payload

Say = Callable[[str], None]

_START_S = 60.0
_LIMIT_S = 60.0
_REPEATS = 400


@dataclass(frozen=True, slots=True)
class Load:
    """`count` callbacks over `lines` connections, each of which waits for its answer before the next."""

    name: str
    count: int
    lines: int


STEADY = Load("16 at a time", 1_600, 16)
CROWD = Load("60 at once", 600, 60)
LOADS = (STEADY, CROWD)


@dataclass(frozen=True, slots=True)
class Program:
    """A program under test: `launch(folder, port, api_port)`; `replies` tells whether it answers through the API."""

    key: str
    title: str
    launch: Callable[[Path, int, int], Launch]
    replies: bool = False


def _bare(name: str) -> Callable[[Path, int, int], Launch]:
    return lambda folder, port, api: Launch(module(f"benchmarks.anchors.{name}", "--port", str(port)))


PROGRAMS = (
    Program("product", "Baosong", product.prepare_callbacks, replies=True),
    Program("fastapi", "e bare FastAPI", _bare("callback_fastapi")),
    Program("aiohttp", "f bare aiohttp", _bare("callback_aiohttp")),
)


@dataclass(frozen=True, slots=True)
class Served:
    """One load on one fresh process. Milliseconds per callback; `refused` were not answered 200."""

    program: str
    load: str
    per_second: float
    p50: float | None
    p99: float | None
    cpu: float
    refused: int
    unanswered: int


@dataclass(slots=True)
class Result:
    """All of a run. `parse_us`: microseconds to open a message and read it, by what is done."""

    served: list[Served] = field(default_factory=list)
    parse_us: dict[str, float] = field(default_factory=dict)
    notes: dict[str, str] = field(default_factory=dict)


async def measure(result: Result, rounds: int, say: Say) -> None:
    """Fill `result`: programs interleaved, each load on a fresh process."""
    result.parse_us = parse_times()
    for number in range(1, rounds + 1):
        for load in LOADS:
            for program in PROGRAMS:
                if program.key in result.notes:
                    continue
                try:
                    served = await run(program, load)
                except (ProgramFailed, product.ProductMissing) as error:
                    result.notes[program.key] = str(error)
                    say(f"callbacks: {program.title} is left out: {error}")
                    continue
                result.served.append(served)
                say(f"callbacks: round {number}/{rounds}, {load.name}, {program.title}: {_brief(served)}")


def _brief(served: Served) -> str:
    waits = f"p50 {served.p50:.1f} ms, p99 {served.p99:.1f} ms" if served.p50 and served.p99 else "nothing answered"
    return f"{served.per_second:,.0f}/s, {waits}, {served.refused} refused, {served.unanswered} without a receipt"


async def run(program: Program, load: Load) -> Served:
    """One load on a fresh process; ProgramFailed if it does not start or take the first callback."""
    with tempfile.TemporaryDirectory(prefix="baosong-bench-") as name:
        folder, port = Path(name), free_port()
        async with Api.open() as api:
            launch = await asyncio.to_thread(program.launch, folder, port, api.port)
            async with running(launch, folder) as process:
                try:
                    return await _measure(program, load, port, api, process.pid)
                except (OSError, TimeoutError, EOFError) as error:
                    raise ProgramFailed(f"{type(error).__name__}: {last_words(folder)}") from error


async def _measure(program: Program, load: Load, port: int, api: Api, pid: int) -> Served:
    lines = [await connect(port, _START_S) for _ in range(load.lines)]
    if await lines[0].post(delivery(_text(load.count))) != 200:
        raise ProgramFailed("the first callback was refused")
    # Sealed beforehand: the signature's time may be five minutes old, and sealing costs the caller as much as opening.
    work = [delivery(_text(index)) for index in range(load.count)]
    waits: list[float] = []
    before, begin = cpu_ms(pid), time.perf_counter()
    async with asyncio.timeout(_LIMIT_S):
        refused = sum(await asyncio.gather(*(_deliver(line, work, waits) for line in lines)))
    length = time.perf_counter() - begin
    missing = 0
    if program.replies:
        missing = load.count + 1 - await api.replies(load.count + 1, _LIMIT_S)
    cpu = (cpu_ms(pid) - before) / load.count
    for line in lines:
        line.close()
    return Served(
        program.key,
        load.name,
        load.count / length,
        percentile(waits, 0.5),
        percentile(waits, 0.99),
        cpu,
        refused,
        missing,
    )


async def _deliver(line: Line, work: list[bytes], waits: list[float]) -> int:
    """Deliver one after another until nothing is left; returns how many were refused."""
    refused = 0
    while work:
        raw = work.pop()
        begin = time.perf_counter()
        refused += await line.post(raw) != 200
        waits.append((time.perf_counter() - begin) * 1000)
    return refused


def _text(index: int) -> str:
    asked = message(index, submission)
    return xml(str(asked.user_id), asked.text, index)


def parse_times() -> dict[str, float]:
    """Microseconds per message in this process: opening it, and opening it and reading its XML."""
    texts = [_text(index) for index in range(_REPEATS)]
    sealed = [crypt().seal(text, int(time.time()), "n") for text in texts]
    own = crypt()

    def opened() -> None:
        for each in sealed:
            own.open(each.signature, str(each.timestamp), each.nonce, each.encrypt)

    def read() -> None:
        for each in sealed:
            xml_payload(own.open(each.signature, str(each.timestamp), each.nonce, each.encrypt))

    return {"decrypt": _time_us(opened), "decrypt and parse": _time_us(read)}


def _time_us(work: Callable[[], None], times: int = 5) -> float:
    waits = []
    for _ in range(times):
        begin = time.perf_counter()
        work()
        waits.append((time.perf_counter() - begin) / _REPEATS * 1e6)
    return min(waits)


def of(served: Sequence[Served], program: str, load: str) -> list[Served]:
    """Every round of a program under a load."""
    return [each for each in served if (each.program, each.load) == (program, load)]
