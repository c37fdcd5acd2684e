"""Commissions: the ledger of ten thousand assignments in the store, and one commission to three thousand units.

While the big commission is drafted and issued, people keep asking; their wait is counted, with the issue
and, before it, without.
"""

from __future__ import annotations

import asyncio
import tempfile
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from benchmarks import product_commissions as product
from benchmarks.figures import percentile

RUNS = 60
OVERVIEW, EVERY_LINE = product.OVERVIEW, product.EVERY_LINE
_ASK_EVERY_S = 0.02
_CALM_S = 2.0

T = TypeVar("T")
Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Size:
    """How big: assignments of the ledger as commissions times units each, and units of the one big commission."""

    commissions: int
    each: int
    units: int
    groups: int

    @property
    def assignments(self) -> int:
        return self.commissions * self.each


FULL = Size(250, 40, 3_000, 200)
QUICK = Size(50, 20, 300, 20)


@dataclass(frozen=True, slots=True)
class Reading:
    """How long one question to the ledger took, ms over `RUNS` runs, and the CPU of it, ms; `rows` of the last answer.

    CPU is what stays comparable on a machine that others use too.
    """

    assignments: int
    question: str
    rows: int
    p50: float
    p99: float
    cpu: float


@dataclass(frozen=True, slots=True)
class Push:
    """One commission to every unit: seconds to expand and keep the draft, to number and queue; how long questions
    waited meanwhile and while nothing else happened, ms."""

    units: int
    messages: int
    draft_s: float
    issue_s: float
    asked: int
    p50: float
    p99: float
    calm_p99: float


@dataclass(slots=True)
class Result:
    """What a run brought."""

    readings: list[Reading] = field(default_factory=list)
    pushes: list[Push] = field(default_factory=list)


def read(path: Path, size: Size) -> list[Reading]:
    """Time every question to a filled ledger."""
    questions = product.LedgerQuestions(path)
    try:
        return [_time(size, name, ask) for name, ask in questions.all.items()]
    finally:
        questions.close()


def _time(size: Size, question: str, ask: Callable[[], int]) -> Reading:
    waits: list[float] = []
    work: list[float] = []
    for _ in range(RUNS):
        start, busy = time.perf_counter(), time.thread_time()
        rows = ask()
        waits.append((time.perf_counter() - start) * 1000)
        work.append((time.thread_time() - busy) * 1000)
    p50, p99, cpu = percentile(waits, 0.5) or 0, percentile(waits, 0.99) or 0, percentile(work, 0.5) or 0
    return Reading(size.assignments, question, rows, p50, p99, cpu)


async def push(path: Path, size: Size) -> Push:
    """Issue one commission to every unit while people ask."""
    async with product.chat(path) as chat:
        await chat.ask()
        calm = await _ask_until(chat, asyncio.create_task(asyncio.sleep(_CALM_S)))
        drafting = asyncio.create_task(_timed(chat.draft()))
        waits = await _ask_until(chat, drafting)
        draft_id, draft_s = await drafting
        issuing = asyncio.create_task(_timed(chat.issue(draft_id)))
        waits += await _ask_until(chat, issuing)
        messages, issue_s = await issuing
    p50, p99, calm_p99 = percentile(waits, 0.5) or 0, percentile(waits, 0.99) or 0, percentile(calm, 0.99) or 0
    return Push(size.units, messages, draft_s, issue_s, len(waits), p50, p99, calm_p99)


async def _timed(work: Awaitable[int]) -> tuple[int, float]:
    """What came of it, and the seconds it took."""
    start = time.perf_counter()
    return await work, time.perf_counter() - start


async def _ask_until(chat: product.Chat, done: asyncio.Task[T]) -> list[float]:
    """Ask every so often until something is done; how long each question waited since it was due, ms."""
    waits: list[float] = []

    async def ask() -> None:
        due = time.perf_counter()
        await chat.ask()
        waits.append((time.perf_counter() - due) * 1000)

    asked: list[asyncio.Task[None]] = []
    while not done.done():
        asked.append(asyncio.create_task(ask()))
        await asyncio.wait({done}, timeout=_ASK_EVERY_S)
    await asyncio.gather(*asked)
    return waits


def measure(result: Result, quick: bool, say: Say) -> None:
    """Build the databases in a temporary folder, time them, throw them away."""
    size = QUICK if quick else FULL
    product.as_in_the_bot()
    with tempfile.TemporaryDirectory(prefix="baosong-bench-") as name:
        path = Path(name) / "ledger.db"
        product.write_city(path, 100, 0)
        product.write_ledger(path, size.commissions, size.each, 100)
        say(f"commissions: a ledger of {size.assignments:,} assignments")
        result.readings += read(path, size)
        city = Path(name) / "city.db"
        product.write_city(city, size.units, size.groups)
        result.pushes.append(asyncio.run(push(city, size)))
        say(f"commissions: issued to {size.units:,} units")
